"""Charsets: every label of the field has a codec, wrong labels lose nothing, a guess says that it is one."""

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, sampled_from, text

from actionday.mime.charset import decode
from actionday.mime.labels import codec_of

ARABIC = "أعلن نادي العوسق عن اجتماع يوم الخميس في القاعة الكبيرة قرب الميناء القديم"
RUSSIAN = "Клуб Пустельга объявляет собрание в четверг в большом зале у старого порта"


@pytest.mark.parametrize(
    ("label", "sample"),
    [
        ("windows-874", "สโมสรเหยี่ยว"), ("iso-8859-8-i", "מועדון הבז"), ("x-mac-arabic", "نادي العوسق"),
        ("iso-8859-8-e", "מועדון"), ("ks_c_5601-1987", "황조롱이 클럽"), ("gb2312", "红隼俱乐部"),
        ("x-sjis", "ハヤブサ"),
        ("x-mac-cyrillic", "Клуб"), ("koi8-r", "Клуб"), ("windows-1256", "نادي"), ("cp-850", "café"),
        ("ISO_8859-1", "café"), ("'utf-8'", "café"), ("big5", "紅隼"), ("tis-620", "สโมสร"), ("utf8", "ж"),
        ("dos-862", "מועדון"), ("iso-2022-kr", "클럽"), ("hz-gb-2312", "红隼"), ("unicode-1-1-utf-7", "ж"),
    ],
)  # fmt: skip
def test_labels_of_the_field_are_known(label: str, sample: str) -> None:
    codec = codec_of(label)
    assert codec, label
    read = decode(sample.encode(codec), label)
    assert (read.text, read.reason) == (sample, "")


@pytest.mark.parametrize(
    "label",
    ["base64", "rot13", "zlib", "punycode", "idna", "undefined", "unicode_escape", "x" * 999, "\0", ""],
)
def test_python_codecs_that_are_no_charsets_are_refused(label: str) -> None:
    assert codec_of(label) == ""


@pytest.mark.parametrize(
    ("label", "real"), [("nosuch", "cp1256"), ("us-ascii", "cp1256"), ("", "cp1251"), ("x-unknown", "koi8-r")]
)
def test_an_unknown_or_wrong_label_is_guessed_with_the_reason(label: str, real: str) -> None:
    sample = ARABIC if real == "cp1256" else RUSSIAN
    read = decode((sample * 4).encode(real), label)
    assert read.text == sample * 4
    assert "guess" in read.reason or "read as" in read.reason


def test_utf8_labelled_western_is_read_as_utf8() -> None:
    read = decode(RUSSIAN.encode(), "iso-8859-1")
    assert (read.text, read.codec) == (RUSSIAN, "utf-8")
    assert read.reason == "the text is not iso-8859-1: read as utf-8"


def test_western_text_is_not_taken_for_utf8() -> None:
    assert decode("café für Bücher".encode("latin-1"), "iso-8859-1").text == "café für Bücher"


def test_one_bad_byte_costs_one_character() -> None:
    read = decode(RUSSIAN.encode()[:-1], "utf-8")
    assert read.text == RUSSIAN[:-1] + "\ufffd"
    assert read.reason


@given(text(max_size=60), sampled_from(["utf-8", "utf-16", "gb18030", "utf-7"]))
@settings(max_examples=150)
def test_what_is_encoded_is_read_back(value: str, label: str) -> None:
    try:
        raw = value.encode(label)
    except UnicodeEncodeError:
        return  # lone surrogates have no encoding
    assert decode(raw, label).text == value


@given(
    binary(max_size=120),
    sampled_from(["utf-8", "nosuch", "iso-2022-jp", "utf-7", "hz", "utf-16", "x-mac-arabic", ""]),
)
@settings(max_examples=200)
def test_any_bytes_give_text(raw: bytes, label: str) -> None:
    assert isinstance(decode(raw, label).text, str)
