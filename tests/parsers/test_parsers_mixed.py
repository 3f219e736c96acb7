"""Texts that were joined of several: each line is read in its own code."""

import random
import time

import pytest

from actionday.mime.guess import legacy
from actionday.parsers import _mixed
from actionday.parsers._decode import decode

RUSSIAN = "Клуб объявляет собрание в четверг в большом зале.\n"
ARABIC = "أعلن نادي العوسق عن اجتماع يوم الخميس في القاعة الكبيرة\n"
GREEK = "Η λέσχη του κιρκινεζιού ανακοινώνει συνάντηση\n"
GERMAN = "Die Grüße aus München kommen später, für alle Brüder.\n"
POLISH = "Zażółć gęślą jaźń, proszę przynieść śpiewniki.\n"
BOTH = "Клуб в UTF-8: العوسق собрание\n"
LOG = "GET /index.html HTTP/1.1 200\n"
Line = tuple[str, str]

MIXED: dict[str, list[Line]] = {
    "one text, then another": [*[(RUSSIAN, "cp1251")] * 5, (LOG, "ascii"), *[(ARABIC, "cp1256")] * 5],
    "line by line": [(RUSSIAN, "cp1251"), (ARABIC, "cp1256")] * 10,
    "with UTF-8": [(BOTH, "utf-8"), (RUSSIAN, "cp1251"), (ARABIC, "cp1256")] * 5,
    "UTF-8 far behind": [*[(RUSSIAN, "cp1251")] * 2000, (BOTH, "utf-8")],
    "another far behind": [*[(RUSSIAN, "cp1251")] * 2000, *[(ARABIC, "cp1256")] * 3],
    "three alphabets": [(GREEK, "cp1253"), (ARABIC, "cp1256"), (RUSSIAN, "cp1251")] * 3,
    "two codes of one": [(RUSSIAN, "cp1251"), (RUSSIAN, "cp866"), (RUSSIAN, "koi8-r")] * 4,
    "accents in Cyrillic": [*[(RUSSIAN, "cp1251")] * 20, (GERMAN, "cp1252"), (POLISH, "cp1250")],
    "Cyrillic among accents": [*[(GERMAN, "cp1252")] * 20, (RUSSIAN, "cp1251")],
    "single lines of a log": [
        *[(LOG, "ascii")] * 50,
        (RUSSIAN, "cp1251"),
        (LOG, "ascii"),
        (ARABIC, "cp1256"),
    ],
}


@pytest.mark.parametrize("lines", MIXED.values(), ids=MIXED)
def test_each_line_is_read_in_its_own_code(lines: list[Line]) -> None:
    decoded = decode(memoryview(b"".join(text.encode(code) for text, code in lines)))
    assert "".join(decoded.pieces) == "".join(text for text, _ in lines)
    assert decoded.meta()["encoding_some_lines"]
    assert decoded.replaced == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (ARABIC, "cp1256"), (GREEK, "cp1253"), (GERMAN, "cp1252")],
)
def test_a_text_in_one_code_stays_one_titles_in_capitals_too(text: str, code: str) -> None:
    whole = text * 20 + text.title() + text.upper().replace("ß", "ss") + "\n«" + text
    decoded = decode(memoryview(whole.encode(code, "ignore")))
    assert "".join(decoded.pieces) == whole.encode(code, "ignore").decode(code)
    assert decoded.lines_in == ""


ASCII = "INFO start of the job\r\n"
WIDE = {
    "Latin": "meet at the harbour at ten\r\n",
    "short": "ok\r\n",
    "Russian": "Клуб объявляет собрание, завтра\r\n",
    "Arabic": "أعلن نادي العوسق عن اجتماع\r\n",
    "Chinese": "秘密会议将在港口举行上午\r\n",
    "Japanese, Unix": "秘密の会議は港で、上で行われます\n",
}
"""上 has the byte of a line feed in UTF-16."""
ORDERS = ("utf-16-le", "utf-16-be")
JOINED: dict[str, tuple[str, ...]] = {
    "appended": (ASCII, "wide", "wide"),
    "amid": (ASCII, ASCII, "wide", ASCII),
    "many": (*[ASCII] * 40, *["wide"] * 6, *[ASCII] * 40),
    "first": ("wide", "wide", "wide", ASCII),
    "line by line": (ASCII, "wide") * 10,
    "at odd places": ("an odd one.\n", "wide", "odd\n", "wide", "wide"),
    "behind a mark": (ASCII, "mark", "wide", ASCII),
    "all marked, then ASCII, then wide": ("mark", "wide", ASCII, "wide", "odd\n", "wide"),
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("parts", JOINED.values(), ids=JOINED)
@pytest.mark.parametrize("line", WIDE.values(), ids=WIDE)
def test_lines_of_utf_16_in_a_text_of_another_code_are_read(
    line: str, parts: tuple[str, ...], order: str
) -> None:
    lines = {"wide": line, "mark": f"\ufeff{line}"}
    raw = b"".join(lines[part].encode(order) if part in lines else part.encode() for part in parts)
    text = "".join(decode(memoryview(raw)).pieces)
    expected = "".join(lines.get(part, part) for part in parts)
    assert text.replace("\ufeff", "").split() == expected.replace("\ufeff", "").split()


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_feeds_that_text_mode_put_a_byte_before_do_not_shift_the_lines(order: str, mark: str) -> None:
    lines = [f"line {number} of the plan" for number in range(30)]
    raw = (mark + "\n".join(lines)).encode(order).replace(b"\n", b"\r\n")
    assert "".join(decode(memoryview(raw)).pieces).split() == " ".join(lines).split()


def test_letters_with_nul_bytes_between_them_are_a_word() -> None:
    raw = ASCII.encode() + b"meet \0" + "harbour".encode("utf-16-le") + b" now\n" + ASCII.encode()
    assert "harbour" in "".join(decode(memoryview(raw)).pieces).split()


@pytest.mark.parametrize(
    "text",
    [
        "GET /index\0\nPOST /form\0\n" * 50,
        "HOME=/root\0PATH=/bin\0" * 20,
        ASCII * 9 + "\0" * 4096 + ASCII,
        "okay\n\0" * 9,
    ],
)
def test_nul_bytes_of_records_and_padding_make_no_utf_16(text: str) -> None:
    decoded = decode(memoryview(text.encode()))
    assert "".join(decoded.pieces).split() == text.replace("\0", "\n").split()
    assert decoded.lines_in == ""


@pytest.mark.parametrize("text", ["ਗੁਪਤ ਮੀਟਿੰਗ ਕੱਲ੍ਹ ਹੋਵੇਗੀ\r\n", "ഊണിന് ശേഷം യോഗം\r\n", "愀愊会议上午举行\r\n"])
@pytest.mark.parametrize("order", ORDERS)
def test_letters_that_look_like_other_orders_line_ends_stay_letters(text: str, order: str) -> None:
    decoded = decode(memoryview((text * 20).encode(order)))
    assert "".join(decoded.pieces) == text * 20
    assert decoded.encoding == order


@pytest.mark.parametrize("order", ORDERS)
def test_a_last_line_that_is_one_word_is_of_the_code_before_it(order: str) -> None:
    raw = ASCII.encode() + "Клуб объявляет\r\nсобрание".encode(order)
    assert "".join(decode(memoryview(raw)).pieces) == f"{ASCII}Клуб объявляет\r\nсобрание"


def test_many_lines_of_latin_script_in_cyrillic_are_read_without_a_guess_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = [(RUSSIAN, "cp1251")] * 2000 + [
        (f"{number} {GERMAN.strip()} {GERMAN}", "cp1252") for number in range(2000)
    ]
    guessed: list[bytes] = []
    monkeypatch.setattr(_mixed, "legacy", lambda line: (guessed.append(line), legacy(line))[1])
    decoded = decode(memoryview(b"".join(text.encode(code) for text, code in lines)))
    assert 0 < len(guessed) <= 50
    assert "".join(decoded.pieces) == "".join(text for text, _ in lines)


@pytest.mark.parametrize("mark", [b"", b"\xff\xfe"])
def test_bytes_without_lines_are_looked_through_once_for_lines_of_utf16(mark: bytes) -> None:
    wide = "Клуб объявляет собрание\n".encode("utf-16-le")
    data = mark + random.Random(1).randbytes(1_000_000) + b"\n" + wide * 3
    begun = time.process_time()
    decoded = decode(memoryview(data))
    assert time.process_time() - begun < 3
    assert "Клуб объявляет собрание" in "".join(decoded.pieces)
