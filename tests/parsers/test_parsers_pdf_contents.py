"""One byte of a dictionary costs a page its words: that is said, and codes of glyphs are no text."""

import re
import zlib
from pathlib import Path

import pytest

from actionday.model import Limits, Parsed
from actionday.model.loss import is_loss
from actionday.parsers.pdf import PARSER

CODES = re.compile(r"[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f]")


def read(data: bytes) -> Parsed:
    return PARSER.parse(memoryview(data), "application/pdf", Limits())


def written(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return made + end % (len(places) + 1, table, len(places) + 1, len(made))


def packed(content: bytes, more: bytes = b"/Filter/FlateDecode") -> bytes:
    stored = zlib.compress(content)
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (more, len(stored), stored)


MAP = b"/CIDInit /ProcSet findresource begin begincmap 1 beginbfrange <01> <08> <0061> endbfrange endcmap end"
GLYPHS = b"BT /F 12 Tf 9 99 Td <0102030405060708> Tj ET"


def pages(*contents: bytes, page: bytes = b"/Contents %d 0 R", fonts: bytes = b"/Font<</F 4 0 R>>") -> bytes:
    """A PDF of a page a content, in a font whose letters only its map tells."""
    first = 6 + len(contents)
    kids = b" ".join(b"%d 0 R" % (first + at) for at in range(len(contents)))
    resources = b"/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<<%s>>" % fonts
    return written(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(contents), kids),
        packed(MAP),
        b"<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Any/FirstChar 1/LastChar 8/Widths[500 500 500 500 500 500 500 500]"
        b"/ToUnicode 3 0 R/FontDescriptor 5 0 R>>",
        b"<</Type/FontDescriptor/FontName/ABCDEF+Any/Flags 4/FontBBox[0 0 500 500]>>",
        *contents,
        *(b"<</Type/Page%s%s>>" % (resources, page % (6 + at)) for at in range(len(contents))),
    )


WHOLE = packed(GLYPHS)
TORN = {
    "no name": pages(WHOLE, WHOLE).replace(b"/Contents 7 0 R", b"/Con\xafents 7 0 R"),
    "no reference": pages(WHOLE, WHOLE).replace(b"/Contents 7 0 R", b"/Contents 7 0 Q"),
    "no filter": pages(WHOLE, packed(GLYPHS, b"/Fi\xecter/FlateDecode")),
    "another filter": pages(WHOLE, packed(GLYPHS, b"/Filter/Fl\xe1teDecode")),
    "no end": pages(WHOLE, WHOLE.replace(b">>\nstream", b">\xf8\nstream")),
    "another object": pages(WHOLE, WHOLE).replace(b"/Contents 7 0 R", b"/Contents 5 0 R"),
    "no object": pages(WHOLE, WHOLE).replace(b"/Contents 7 0 R", b"/Contents 99 0 R"),
}  # fmt: skip


def test_a_sound_one_is_read_without_a_line() -> None:
    parsed = read(pages(WHOLE, WHOLE))
    assert ("".join(parsed.text).split(), parsed.notes, parsed.reason) == (["abcdefgh", "abcdefgh"], (), "")


@pytest.mark.parametrize("data", TORN.values(), ids=TORN)
def test_a_page_whose_content_is_not_led_to_is_said(data: bytes) -> None:
    parsed = read(data)
    assert "".join(parsed.text).split()[:1] == ["abcdefgh"]
    assert any(is_loss(note.code) for note in parsed.notes), parsed.notes


def test_words_of_a_content_that_no_page_names_are_read() -> None:
    plain = packed(b"BT /F 12 Tf 9 99 Td (the kestrel waits by the mill) Tj ET")
    data = pages(WHOLE, plain).replace(b"/Contents 7 0 R", b"/Con\xafents 7 0 R")
    parsed = read(data)
    assert "kestrel waits" in "".join(parsed.text)
    assert [note.code for note in parsed.notes] == ["unlinked_part"]


@pytest.mark.parametrize("content", [b"q Q", b"BT /F 12 Tf <01> Tj ET", b"BT /F 12 Tf () Tj ET", b""])
def test_a_blank_page_is_no_loss(content: bytes) -> None:
    assert not read(pages(WHOLE, packed(content))).notes


def test_a_page_that_shows_text_and_gives_none_is_said() -> None:
    parsed = read(pages(WHOLE, packed(GLYPHS.replace(b"/F 12 Tf", b"/F 12 Tx"))))
    assert [note.reason for note in parsed.notes] == [
        "PDF: 1 page shows text of which not one character can be read, the first is page 2"
    ]


@pytest.mark.parametrize(
    "data",
    [pages(WHOLE, fonts=b"/Fo\xaet<</F 4 0 R>>"), pages(WHOLE).replace(b"/ToUnicode", b"/ToUn\xe9code", 1)],
    ids=["no fonts", "no map"],
)
def test_codes_of_glyphs_are_no_text_and_wait(data: bytes) -> None:
    parsed = read(data)
    assert ("".join(parsed.text), parsed.meta["needs"]) == ("", "ocr")
    assert "waits for OCR" in parsed.reason


def test_a_map_that_cannot_be_unpacked_is_said() -> None:
    data = pages(WHOLE).replace(b"<</Filter/FlateDecode/Length %d" % len(zlib.compress(MAP)),
                                b"<</F\x80lter/FlateDecode/Length %d" % len(zlib.compress(MAP)))  # fmt: skip
    parsed = read(data)
    assert any("map" in note.reason and is_loss(note.code) for note in parsed.notes)
    assert not CODES.search("".join(parsed.text))


def test_one_byte_of_a_dictionary_of_a_real_writer_is_said(made: Path) -> None:
    data = (made / "writer.pdf").read_bytes()
    sound = read(data)
    assert not sound.notes
    content = data.index(b"/Filter/FlateDecode")
    for at, byte in ((data.index(b"/Contents") + 4, 0xAF), (content + 3, 0xA8), (content + 12, 0xD0),
                     (data.index(b">>", content), 0xF8)):  # fmt: skip
        torn = data[:at] + bytes([byte]) + data[at + 1 :]
        parsed = read(torn)
        assert len("".join(parsed.text)) < len("".join(sound.text))
        assert any(is_loss(note.code) for note in parsed.notes), (at, parsed.notes)


TEXT = b"the kestrel meets the harrier by the mill tonight"
HIDING = {
    "a key nobody knows": b"<<%s",
    "an image": b"<</Type/XObject/Subtype/Image/Width 7/Height 7/BitsPerComponent 8/ColorSpace/DeviceGray%s",
    "a sound": b"<</Type/Sound/R 8000%s",
    "a profile": b"<</N 3/Alternate/DeviceRGB%s",
}


@pytest.mark.parametrize("head", HIDING.values(), ids=HIDING)
@pytest.mark.parametrize("more", [b"", b"/Filter/FlateDecode"], ids=["plain", "packed"])
def test_a_stream_of_text_is_read_whatever_refers_to_it(head: bytes, more: bytes) -> None:
    stored = zlib.compress(TEXT) if more else TEXT
    stream = head % more + b"/Length %d>>\nstream\n%s\nendstream" % (len(stored), stored)
    data = pages(WHOLE, stream).replace(b"/Type/Page/Parent 2 0 R", b"/Type/Page/KW 7 0 R/Parent 2 0 R")
    data = data.replace(b"/Contents 7 0 R", b"/Conten/s 7 0 R")
    parsed = read(data)
    assert TEXT.decode() in "".join(parsed.text)
    assert [note.code for note in parsed.notes] == ["unlinked_part"]


def test_a_profile_of_colours_is_no_text() -> None:
    profile = b"\0\0\2\x0clcms\2\x10\0\0mntrRGB XYZ \7\xdc\0\1\0\x19Copyright of the makers of it" + bytes(9)
    stream = b"<</N 3/Length %d>>\nstream\n%s\nendstream" % (len(profile), profile)
    assert not read(pages(WHOLE, stream).replace(b"/Contents 7 0 R", b"/K 7 0 R/Contents 6 0 R")).notes


def test_an_empty_stream_that_is_called_packed_is_not_damaged() -> None:
    empty = b"<</Length 0/Filter/FlateDecode>>\nstream\n\nendstream"  # as qpdf and pikepdf write it
    assert not read(pages(WHOLE, empty)).notes


def test_a_remark_in_hexadecimal_is_no_content() -> None:
    note = b"/Annots[<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents<6d696c6c>/P 5 0 R>>]"
    assert not read(pages(WHOLE, WHOLE, page=b"/Contents %d 0 R" + note)).notes


def test_all_comments_are_read() -> None:
    data = pages(WHOLE).replace(b"endobj\n2 0 obj", b"endobj\n" + b"".join(
        b"%% remark kw%dx of the harrier\n" % number for number in range(5000)) + b"2 0 obj")  # fmt: skip
    assert "kw4999x" in "".join(read(data).text)
