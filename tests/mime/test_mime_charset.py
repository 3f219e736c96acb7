"""Charsets: every label of the field has a codec, wrong labels lose nothing, a guess says that it is one."""

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, sampled_from, text

from actionday.mime.charset import Text, decode
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


CHINESE = "会议在上海仓库，带现金来"
JAPANESE = "東京都の会議は明日の午後三時からです"


SHORT = (RUSSIAN[:24], ARABIC[:20], CHINESE, CHINESE[:4], "สโมสร")
SHORTEST = ("é", "Möwen und Häfen")
"""A letter or two, which prove something only where UTF-8 is said."""


@pytest.mark.parametrize(("text", "label"), [
    *((text, label) for text in SHORT for label in ("utf-8", "", "us-ascii", "iso-8859-1", "nosuch")),
    *((text, "utf-8") for text in SHORTEST),
])  # fmt: skip
@pytest.mark.parametrize("damage", [b"\xd0", b"\xe4\xb8", b"\xff"])
def test_one_bad_place_makes_no_other_charset_of_a_short_text(text: str, label: str, damage: bytes) -> None:
    read = decode(text.encode() + damage, label)
    assert (read.text, read.codec) == (text + "\ufffd", "utf-8")
    assert "U+FFFD" in read.reason


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (RUSSIAN, "koi8-r"), (RUSSIAN, "cp1251"), (RUSSIAN, "cp866"), (ARABIC, "cp1256"), (CHINESE * 4, "gb18030"),
        (CHINESE[:5] * 8, "big5"), (JAPANESE * 4, "shift_jis"), (JAPANESE * 4, "euc-jp"), ("황조롱이 클럽 모임 " * 6, "cp949"),
        ("Möwen, Häfen, Küste", "cp1252"),
    ],
)  # fmt: skip
def test_another_charset_that_is_labelled_utf8_is_not_taken_for_damaged_utf8(text: str, code: str) -> None:
    raw = text.encode(code, "ignore")
    assert decode(raw, "utf-8").codec != "utf-8"
    assert decode(raw, "").codec != "utf-8"


@pytest.mark.parametrize("label", ["gb2312", "shift_jis", "euc-kr", "big5", "euc-jp"])
def test_a_character_cut_at_the_end_leaves_the_charset_that_is_named(label: str) -> None:
    text = {"euc-kr": "황조롱이 클럽", "big5": "紅隼俱樂部"}.get(label, "会議")
    read = decode(text.encode(codec_of(label)) + b"\xb0", label)
    assert read.text.startswith(text[:-1])
    assert read.codec == codec_of(label)


@pytest.mark.parametrize("label", ["iso-2022-jp", "", "us-ascii", "utf-8"])
def test_signs_of_windows_are_read_in_iso_2022_jp(label: str) -> None:
    raw = b"\x1b$B-!\x1b(B " + (JAPANESE * 20).encode("iso2022_jp") + b" \x1b$B|q\x1b(B\nplain\n"
    assert decode(raw, label).text == "① " + JAPANESE * 20 + " ⅰ\nplain\n"
    read = decode(raw + b"\x1b$B/!\x1b(B", label)
    assert read.text.endswith("plain\n\ufffd")


@given(binary(max_size=60))
@settings(max_examples=200)
def test_any_bytes_between_the_escapes_give_text(raw: bytes) -> None:
    assert isinstance(decode(b"\x1b$B" + raw + b"\x1b(B", "iso-2022-jp").text, str)


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("label", ["", "us-ascii", "utf-8", "iso-8859-1", "utf-7"])
def test_lines_of_utf_16_within_a_body_are_read_whatever_its_label(order: str, label: str) -> None:
    line = "the kestrel flies at ten\r\n"
    raw = b"INFO start\r\n" * 3 + line.encode(order) * 2 + b"INFO end\r\n"
    assert decode(raw, label).text.split() == f"{'INFO start ' * 3}{line * 2}INFO end".split()


@pytest.mark.parametrize("text", ["ab\0\n", "x y\0\n", "the first of many\nab\0\n", "0\0"])
def test_a_nul_that_ends_a_short_string_makes_no_character_of_utf_16_of_it(text: str) -> None:
    assert decode(text.encode()).text == text


SAID = {
    "ar": ARABIC, "ru": RUSSIAN, "fr": "Réunion cette nuit au port à l'été prochain", "zh": "今晚在港口开会，请准时到达",
    "el": "Συνάντηση απόψε στο λιμάνι", "he": "פגישה הלילה בנמל", "ja": "今夜港で会いましょう", "ko": "오늘 밤 항구에서 만나자",
    "th": "พบกันคืนนี้ที่ท่าเรือ",
}  # fmt: skip
LABELS = (
    "koi8-r", "koi8-u", "gb18030", "gbk", "gb2312", "windows-1250", "windows-1251", "windows-1253", "windows-1255",
    "windows-1256", "windows-1257", "windows-874", "ibm037", "ibm500", "ibm866", "cp850", "cp437", "iso-8859-2",
    "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8", "iso-8859-15", "macintosh", "x-mac-cyrillic", "big5",
    "shift_jis", "euc-jp", "euc-kr", "utf-16", "utf-16le", "utf-32", "windows-1252", "tis-620", "iso-2022-jp", "utf-7",
)  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("language", SAID)
def test_a_text_that_is_utf8_is_read_so_whatever_its_label_says(label: str, language: str) -> None:
    for said in (SAID[language], SAID[language] * 6):
        read = decode(said.encode(), label)
        assert read.text == said
        assert read.reason == f"the text is not {label}: read as utf-8"


@pytest.mark.parametrize(
    ("language", "codec"),
    [("ar", "cp1256"), ("ar", "iso8859-6"), ("ru", "cp1251"), ("ru", "koi8-r"), ("ru", "cp866"), ("ru", "mac-cyrillic"),
     ("fr", "mac-roman"), ("zh", "gbk"), ("zh", "gb18030"), ("el", "cp1253"), ("he", "cp1255"), ("ja", "cp932"),
     ("ja", "euc-jp"), ("ko", "cp949"), ("th", "cp874")],
)  # fmt: skip
def test_a_text_that_is_what_its_label_says_is_read_by_it(language: str, codec: str) -> None:
    words = SAID[language].replace("，", " ").split()
    for said in (*words, SAID[language], SAID[language] * 6):
        assert decode(said.encode(codec), codec) == Text(said, codec_of(codec))


@pytest.mark.parametrize("label", ["windows-1252", "iso-8859-1"])
@pytest.mark.parametrize(
    ("language", "codec"),
    [("ar", "cp1256"), ("ru", "cp1251"), ("ru", "koi8-r"), ("el", "cp1253"), ("he", "cp1255"), ("zh", "gbk"),
     ("ko", "cp949")],
)  # fmt: skip
def test_a_western_label_on_another_alphabet_is_not_believed_and_that_is_said(
    label: str, language: str, codec: str
) -> None:
    read = decode((SAID[language] * 2).encode(codec), label)
    assert read.text == SAID[language] * 2
    assert read.reason.startswith(f"the text is not {label}: read as ")


@pytest.mark.parametrize(
    "said",
    ["Café\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0 für 10\xa0€ – « là »", "ÄÖÜ äöü ß", "¡¡¡¡¡¡¡ qué !", "»»»»»»»» mot",
     "l'été où naïf Œuvre ÉÈÀ", "År, øl, æble, Ærø", "não, São João, coração, à"],
)  # fmt: skip
def test_western_text_with_a_western_label_is_read_by_it(said: str) -> None:
    assert decode(said.encode("cp1252"), "windows-1252") == Text(said, "cp1252")
