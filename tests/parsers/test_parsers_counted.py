"""What is beyond a bound of a parser is counted and said as a loss; where there is no need of a bound there is none."""

import json
import struct
from base64 import b64encode

import pytest
from PIL import Image
from test_parsers_pdf_beside import read, stream, written

from actionday.mime.otherwise.layer import beside
from actionday.model import Limits, Loss, Parsed
from actionday.parsers import _pdf_beside, _pdf_objects, _pdf_properties, _pdf_unlisted, _properties
from actionday.parsers._ole import _Block, _own
from actionday.parsers._rtf_info import changes
from actionday.parsers.cards import PARSER as CARDS
from actionday.parsers.notebook import DEEPEST
from actionday.parsers.notebook import PARSER as NOTEBOOK
from actionday.parsers.office import PARSER as OFFICE
from actionday.parsers.picture import PARSER as PICTURE

FORM = "/Type/XObject/Subtype/Form/BBox[0 0 300 300]/Resources<</Font<</F 5 0 R>>>>"


def drawn(number: int) -> bytes:
    return stream(FORM, b"BT /F 12 Tf 10 10 Td (form number %d sits) Tj ET" % number)


def pdf(*more: str | bytes, page: str = "", info: str = "") -> bytes:
    return written(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[4 0 R]/Count 1>>",
            f"<<{info}>>",
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 6 0 R/Resources<</Font<</F 5 0 R>>>>{page}>>",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            stream("", b"BT /F 12 Tf 10 10 Td (page) Tj ET"),
            *more,
        ]
    )


def codes(parsed: Parsed) -> list[tuple[str, str]]:
    return [(note.code, note.reason) for note in parsed.notes]


def test_forms_that_no_page_shows_are_read_and_those_beyond_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    content = pdf(*map(drawn, range(2500)))
    parsed = read(content)
    assert ("".join(parsed.text).count("form number"), codes(parsed)) == (2500, [])
    monkeypatch.setattr(_pdf_unlisted, "MOST_DRAWN", 2499)
    parsed = read(content)
    assert "".join(parsed.text).count("form number") == 2499
    assert [code for code, _ in codes(parsed)] == [Loss.PARTS_LIMIT]
    assert "1 form or pattern beyond" in parsed.notes[0].reason


def test_annotations_beyond_those_of_a_page_that_are_looked_at_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stamps = [
        f"<</Type/Annot/Subtype/Stamp/F 2/Rect[0 0 300 300]/AP<</N {8 + 2 * at} 0 R>>>>" for at in range(3)
    ]
    objects = [each for at, stamp in enumerate(stamps) for each in (stamp, drawn(at))]
    content = pdf(*objects, page="/Annots[7 0 R 9 0 R 11 0 R]")
    assert codes(read(content)) == []
    monkeypatch.setattr(_pdf_beside, "MOST_ANNOTATIONS", 2)
    (found,) = codes(read(content))
    assert (found[0], found[1].split(",")[0]) == (Loss.PARTS_LIMIT, "PDF: 1 annotation is not looked at")


def test_properties_of_a_pdf_are_whole_and_what_is_beyond_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "x" * 70_000 + " behind"
    parsed = read(pdf(info=f"/Producer({long})/CreationDate(no date {long})"))
    assert [str(parsed.meta[key])[-7:] for key in ("producer", "created")] == [" behind"] * 2
    for module in (_properties, _pdf_properties):
        monkeypatch.setattr(module, "ALTOGETHER", 1000)
    parsed = read(pdf(info=f"/Producer({'x' * 900})/Creator({'y' * 900})"))
    assert [code for code, _ in codes(parsed)] == [Loss.TEXT_CUT]
    assert "900 characters of properties are not kept" in parsed.reason


def test_properties_of_a_compound_file_are_whole_however_many() -> None:
    value, names = b"v" * 5000 + b" behind\0", [f"Name {number}".encode() + b"\0" for number in range(400)]
    entries = b"".join(struct.pack("<II", 2 + at, len(name)) + name for at, name in enumerate(names))
    listing = struct.pack("<I", len(names)) + entries
    typed = struct.pack("<II", 0x1E, len(value)) + value
    count = len(names) + 2
    begin = 8 + 8 * count
    page, where = begin, begin + 8
    at = where + len(listing)
    rows = struct.pack("<IIII", 1, page, 0, where) + b"".join(
        struct.pack("<II", 2 + each, at) for each in range(len(names))
    )
    second = struct.pack("<II", 0, count) + rows + struct.pack("<II", 2, 1252) + listing + typed
    block = b"\xfe\xff\0\0\1\0\2\0" + bytes(16) + b"\2\0\0\0" + bytes(36) + struct.pack("<I", 68) + second
    found = _own(_Block(block[:44] + struct.pack("<I", 68) + block[48:]))
    assert str(found["custom_name_399"]).endswith("v behind")
    assert len(list(found)) == len(names) + 1


def test_all_who_may_have_changed_a_rich_text_are_in_its_text() -> None:
    names = b"".join(b"{Person%d;}" % number for number in range(1500))
    raw = b"{\\rtf1\\ansi{\\*\\revtbl{Unknown;}%s}\\pard\\revised\\revauth1\\revdttm1 word\\par}" % names
    parsed = OFFICE.parse(memoryview(raw), "application/rtf", Limits())
    said = "".join(parsed.text) + str(changes(memoryview(raw)))
    assert [number for number in range(1500) if f"Person{number}" not in said] == []


def test_a_dump_of_many_passages_is_read_to_its_end() -> None:
    raw = b"".join(b"words of passage %d\0\0\0\1\2\3" % number for number in range(1500))
    rows = (raw[at : at + 16] for at in range(0, len(raw), 16))
    text = "".join(f"{16 * at:08x}: {row.hex(' ', 2)}  .\n" for at, row in enumerate(rows))
    said = "\n".join(beside([text]).lines)
    assert "words of passage 1499" in said


def test_every_text_within_a_card_is_read() -> None:
    data = b64encode("ein Wörterbuch der Grüße".encode()).decode()
    lines = "".join(f"X-NOTE:data:text/plain;charset=utf-8;base64,{data}\r\n" for _ in range(1200))
    last = b64encode(b"the last words of it").decode()
    text = (
        f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A\r\n{lines}X-NOTE:data:text/plain;base64,{last}\r\nEND:VCARD\r\n"
    )
    parsed = CARDS.parse(memoryview(text.encode()), "text/vcard", Limits())
    assert "the last words of it" in "".join(parsed.text)


def test_values_of_a_notebook_that_lie_too_deep_are_a_loss() -> None:
    def nested(depth: int) -> Parsed:
        value: object = "words in the depth"
        for _ in range(depth):
            value = [value]
        book = {"cells": [], "metadata": {"note": value}, "nbformat": 4, "nbformat_minor": 5}
        return NOTEBOOK.parse(memoryview(json.dumps(book).encode()), "application/x-ipynb+json", Limits())

    assert "words in the depth" in "".join(nested(100).text)
    deep = nested(DEEPEST)
    assert [note.code for note in deep.notes] == [Loss.UNREAD_WORDS]
    assert deep.reason


def test_what_a_heic_says_behind_its_picture_is_read_whole() -> None:
    words = "w" * 100_000 + " behind"
    given = Image.Exif()
    given[0x010E] = words
    box = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x14ispe\0\0\0\0" + struct.pack(">II", 640, 480)
    content = box + struct.pack(">I", 8 + (2 << 20)) + b"mdat" + bytes(2 << 20) + given.tobytes()
    meta = PICTURE.parse(memoryview(content), "image/heic", Limits()).meta
    assert (meta["width"], str(meta["description"])[-7:]) == (640, " behind")


def test_a_stream_of_text_that_is_not_read_whole_is_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    script = b'app.alert("said by a script");' + b"x" * 1000
    objects = [
        "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS 5 0 R>>/Metadata 6 0 R>>",
        "<</Type/Pages/Kids[4 0 R]/Count 1>>",
        "<<>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        stream("", script, packed=True),
        stream("/Type/Metadata/Subtype/XML", b"<x>in the metadata" + b" " * 1000 + b"</x>"),
    ]
    assert codes(read(written(objects))) == []
    monkeypatch.setattr(_pdf_objects, "MOST", 500)
    parsed = read(written(objects))
    assert "said by a script" in "".join(parsed.text)
    assert [code for code, reason in codes(parsed) if "2 streams of text" in reason] == [Loss.TEXT_CUT]
