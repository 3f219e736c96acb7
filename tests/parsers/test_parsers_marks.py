"""Two bytes in front, one escape, one bit: none of them makes a text unreadable without a word."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, sampled_from
from test_parsers_packages import EPUB, R

from actionday.mime.guess import escaped
from actionday.mime.wide import misread, single_bytes
from actionday.model import ItemError, Limits
from actionday.model.loss import is_loss
from actionday.parsers import Parsers
from actionday.parsers._decode import decode
from actionday.parsers._legible import legible

ENGLISH = "the plan is to meet at the harbour on saturday, and to bring all the files\n" * 20
RUSSIAN = "Секретное слово передачи сегодня вечером у моста\n" * 20
CHINESE = "会议将于星期四在旧港口举行请准时参加，所有文件都要带来。" * 20
JAPANESE = "木曜日の夕方に古い橋で会いましょう\n" * 20


def text_of(data: bytes) -> tuple[str, list[str]]:
    decoded = decode(memoryview(data))
    return "".join(decoded.pieces), [note.code for note in decoded.notes()]


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
@pytest.mark.parametrize(
    ("text", "code"), [(ENGLISH, "ascii"), (RUSSIAN, "cp1251"), (RUSSIAN, "utf-8"), (RUSSIAN, "koi8-r")]
)
def test_f17_a_mark_before_a_text_of_one_byte_a_letter_hides_nothing(
    mark: bytes, text: str, code: str
) -> None:
    found, codes = text_of(mark + text.encode(code))
    assert text.splitlines()[3] in found
    assert "false_mark" in codes


@pytest.mark.parametrize(
    "text", [ENGLISH, RUSSIAN, CHINESE, JAPANESE], ids=["English", "Russian", "Chinese", "Japanese"]
)
@pytest.mark.parametrize("code", ["utf-16-le", "utf-16-be"])
def test_f17_a_true_mark_is_followed(text: str, code: str) -> None:
    mark = "\ufeff".encode(code)
    assert text_of(mark + text.encode(code)) == (text, [])
    assert not misread(text.encode(code))


def test_f26_ascii_behind_a_text_in_utf16_is_read_as_such() -> None:
    found, codes = text_of(b"\xff\xfe" + "in pairs until here ".encode("utf-16-le") + ENGLISH.encode())
    assert "in pairs until here the plan is to meet" in found
    assert "mixed_units" in codes


@settings(max_examples=60)
@given(sampled_from([CHINESE, JAPANESE, RUSSIAN, ENGLISH]), integers(0, 400), integers(1, 400))
def test_f26_a_text_in_utf16_is_never_taken_apart(text: str, start: int, length: int) -> None:
    part = text[start : start + length]
    for code in ("utf-16-le", "utf-16-be"):
        assert single_bytes(part, code) == (part, 0)


@pytest.mark.parametrize("escape", [b"\x1b$B", b"\x1b$@"])
def test_f26_one_escape_of_japan_in_a_log_costs_no_line(escape: bytes) -> None:
    lines = b"a clean line of the log\n" * 20
    found, _ = text_of(lines + b"then " + escape + b" follows\n" + lines)
    assert found.count("a clean line of the log") == 40
    assert text_of(escape + ENGLISH.encode())[0].endswith(ENGLISH)


def test_f26_japanese_behind_escapes_is_read_as_before() -> None:
    for text in (JAPANESE, "会議 and ASCII\n" * 3, "橋"):
        assert escaped(text.encode("iso2022_jp")) == "iso2022_jp_ext"
        assert text_of(text.encode("iso2022_jp"))[0] == text


@pytest.mark.parametrize(
    "front", [b"LUKS\xba\xbe\0\1aes" + bytes(30), b"RIFF\x80\x10\0\0WAVEfmt " + b"\x80" * 2001]
)
def test_f16_text_behind_foreign_bytes_is_no_chinese(front: bytes) -> None:
    found = legible(memoryview(front + ENGLISH.encode()))
    assert found is None or "bring all the files" in "".join(found.text)
    assert "bring all the files" in text_of(front + ENGLISH.encode())[0]


def book(damaged: bytes = b"") -> bytes:
    out = io.BytesIO()
    page = "<html><body><p>the kestrel hovers over the meadow</p></body></html>"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        file.writestr("mimetype", EPUB)
        file.writestr("META-INF/container.xml", f'<container xmlns="{R}"><rootfiles><rootfile full-path="b.opf" '
                      'media-type="application/oebps-package+xml"/></rootfiles></container>')  # fmt: skip
        file.writestr("b.opf", '<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
                      '</manifest><spine><itemref idref="a"/></spine></package>')  # fmt: skip
        file.writestr("a.xhtml", page)
    return out.getvalue().replace(b"hovers", damaged) if damaged else out.getvalue()


def test_f19_a_chapter_whose_sum_differs_is_read_and_named() -> None:
    parsed = Parsers.load().parse(EPUB, book(b"hoverz"), Limits())
    assert parsed is not None
    assert "the kestrel hoverz over the meadow" in "".join(parsed.text)
    assert any(is_loss(note.code) and "a.xhtml" in note.reason for note in parsed.notes)
    whole = Parsers.load().parse(EPUB, book(), Limits())
    assert whole is not None
    assert ("".join(whole.text).count("hovers"), whole.notes) == (1, ())


@pytest.mark.tools
def test_f19_no_single_bit_of_a_word_file_costs_its_words_in_silence(made: Path) -> None:
    whole = (made / "writer.doc").read_bytes()
    parsers, wanted = Parsers.load(), ("Kestrel", "friends", "quoted", "paragraph", "handbook", "Marrowby")
    for at in range(0x200, len(whole), 23):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        try:
            parsed = parsers.parse("application/msword", bytes(damaged), Limits())
        except ItemError:
            continue
        assert parsed is not None
        text = "".join(parsed.text)
        assert sum(word not in text for word in wanted) <= 2 or parsed.notes, hex(at)
