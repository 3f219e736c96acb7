"""UTF-16 and UTF-32 without a mark: the right order in every script, and nothing made of other bytes."""

import os
import struct

import pytest
from hypothesis import example, given, settings
from hypothesis.strategies import integers, sampled_from, text

from actionday.detectors.filetype import identify_type
from actionday.mime.guess import ebcdic, escaped
from actionday.mime.labels import codec_of, document_codec
from actionday.mime.wide import wide
from actionday.parsers._decode import decode

TEXTS = {
    "Japanese": "今夜は古い橋で会い、ラジオ番組の予定表を渡します。お金はいつもの場所にあります。一人で来てください。",
    "Chinese": "听众可以通过信件或电子邮件寄来收听报告。本台每天晚上七点到午夜播出，活动免费参加。",
    "Chinese, traditional": "聽眾可以通過信件或電子郵件寄來收聽報告。本臺每天晚上七點到午夜播出。",
    "Korean": "자원봉사자들이 새벽부터 언덕에서 새의 수를 셀 예정입니다. 동호회는 매달 모입니다.",
    "Russian": "Автобус отходит от рыночной площади ровно в восемь часов.",
    "Arabic": "انتخب الاجتماع السنوي أمينة صندوق جديدة وشكر سلفها.",
    "Hebrew": "המצלמה מראה את הקן ביום ובלילה בלי להפריע לציפורים.",
    "Greek": "Η κεραία επισκευάστηκε μόλις δύο ημέρες μετά την καταιγίδα.",
    "Thai": "เย็นนี้เราจะพบกันที่สะพานเก่า",
    "Bengali": "তিনটি ছানাই সুস্থ আছে, মঙ্গলবার তাদের পায়ে আংটি পরানো হয়েছে।",
    "Turkish": "Bize yazan herkese, her mevsim başka bir kuşun yer aldığı kart.",
    "English": "The kestrel hovers against the wind, watching the meadow.",
}
CODES = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


def kind(data: bytes) -> str:
    return identify_type(data[: 128 * 1024], data[-64 * 1024 :], len(data))


@pytest.mark.parametrize("ends", ["", "\r\n"], ids=["without lines", "with lines"])
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("words", TEXTS.values(), ids=TEXTS)
def test_the_order_is_told_in_every_script(words: str, code: str, ends: str) -> None:
    content = ((words + ends) * 6).encode(code)
    assert wide(content) == code
    assert kind(content) == "text/plain"
    decoded = decode(memoryview(content))
    assert ("".join(decoded.pieces), decoded.encoding) == ((words + ends) * 6, code)


@pytest.mark.parametrize("code", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("words", TEXTS.values(), ids=TEXTS)
def test_a_sentence_is_enough(words: str, code: str) -> None:
    assert wide(words.encode(code)) == code


LEGACY = {
    "Japanese": ("cp932", "euc_jp"), "Chinese": ("gb18030",), "Chinese, traditional": ("cp950",), "Korean": ("cp949",),
    "Russian": ("cp1251", "koi8-r", "cp866"), "Arabic": ("cp1256",), "Thai": ("cp874",), "Greek": ("cp1253",),
}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("L'étude a révélé que la dépression, la p", "cp850"),
        ("Tento problém se zmenšuje, neboť výrobci", "cp1250"),
        ("Größe über Äpfel und Öl für alle Straßen\r\n", "mac_roman"),
        ("הרדיו משדר בכל ערב מהשעה שש עד שמונה", "cp862"),
        ("Bugün akşam saat sekizde yayın başlıyor, dinleyin", "cp857"),
        ("Útsendingin hefst í kvöld klukkan átta og stendur", "cp861"),
    ],
)
def test_a_short_text_with_blanks_is_no_wide_code(words: str, code: str) -> None:
    for cut in range(12, len(words)):
        assert wide(words[:cut].encode(code)) is None, words[:cut]
        assert not decode(memoryview(words[:cut].encode(code))).encoding.startswith("utf-16")


def test_a_label_that_could_be_read_keeps_the_guess_of_wide_codes_out() -> None:
    raw = "מערכתהשידורים".encode("cp862") * 3
    assert "".join(decode(memoryview(raw), "cp862").pieces) == raw.decode("cp862")


@pytest.mark.parametrize(
    ("language", "code"), [(name, code) for name, codes in LEGACY.items() for code in codes]
)
@pytest.mark.parametrize("times", [1, 6])
def test_a_legacy_text_is_not_taken_for_utf16(language: str, code: str, times: int) -> None:
    words = TEXTS[language] * times
    decoded = decode(memoryview(words.encode(code)))
    assert "".join(decoded.pieces) == words


@pytest.mark.parametrize(
    "data",
    [
        os.urandom(8192),
        bytes(4096),
        struct.pack("<900I", *range(300, 1200)),
        struct.pack("<2000h", *(round(((n * 37) % 200 - 100) * 250) for n in range(2000))),
        b"Bush hid the facts\0" + b"this app can break\n" * 20,
        b"one NUL among words " * 40 + b"\0" + b"and on it goes",
        b"\x7fELF" + os.urandom(4000),
    ],
    ids=["random", "zeros", "numbers", "sound", "facts", "one NUL", "program"],
)
def test_what_is_no_wide_text_is_not_made_one(data: bytes) -> None:
    assert wide(data) is None


@settings(max_examples=80)
@given(sampled_from(list(TEXTS.values())), sampled_from(["utf-16-le", "utf-16-be"]), integers(20, 200))
def test_any_cut_of_a_wide_text_is_told(words: str, code: str, length: int) -> None:
    assert wide((words * 4).encode(code)[: length * 2 + 1]) == code


@settings(max_examples=80)
@given(text(max_size=60))
@example("\x80À\x07000𓇀")
def test_any_utf8_is_itself(words: str) -> None:
    assert (
        "".join(decode(memoryview(words.encode("utf-8", "replace"))).pieces).replace("\n", "")
        == words.encode("utf-8", "replace")
        .decode()
        .replace("\0", "")
        .replace("\n", "")
        .removeprefix("\ufeff")
        or "\0" in words
        or "\x1b" in words
        or "~{" in words
    )


def test_hz_is_read_and_named() -> None:
    content = (TEXTS["Chinese"] * 3).encode("hz")
    decoded = decode(memoryview(content))
    assert ("".join(decoded.pieces), decoded.encoding) == (TEXTS["Chinese"] * 3, "hz")


@pytest.mark.parametrize("code", [b'(format t "~{~A~^, ~}" list)', b"a~{b~}c", b"$~{1}~ and ~{x y}~"])
def test_braces_of_programs_are_not_hz(code: bytes) -> None:
    assert escaped(code) is None


def test_a_mainframes_text_is_read_with_a_note() -> None:
    words = "The meeting is tonight at the old bridge, bring the schedule. " * 5
    decoded = decode(memoryview(words.encode("cp037")))
    assert "".join(decoded.pieces) == words
    assert [note.code for note in decoded.notes()] == ["encoding_unsure"]


@pytest.mark.parametrize("words", ["a@b.example c@d.example " * 9, "1;2;3;4\n" * 30, TEXTS["Russian"] * 3])
def test_other_texts_are_no_mainframes(words: str) -> None:
    assert not ebcdic(words.encode("cp1251"))


def test_an_encoding_nobody_is_sure_of_is_said() -> None:
    noise = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D, 0xA0]) * 40
    decoded = decode(memoryview(b"words \xe9\xe8 " + noise))
    assert decoded.confidence < 0.1
    assert [note.code for note in decoded.notes()] == ["not_text"], (
        "what is no writing is in no encoding at all"
    )


@pytest.mark.parametrize(
    "label", ["utf-16", "UTF-16LE", "unicode", "ucs-2", "utf-32", "utf-7", "unicode-1-1-utf-7"]
)
def test_a_label_that_was_read_in_ascii_means_no_wide_code(label: str) -> None:
    assert codec_of(label)
    assert document_codec(label) == ""


def test_a_page_that_calls_itself_utf16_and_is_not_keeps_its_letters() -> None:
    decoded = decode(memoryview("<p>Das Café an der Brücke".encode("cp1252")), "utf-16")
    assert "".join(decoded.pieces) == "<p>Das Café an der Brücke"
