"""Visio and HWPX packages, and Word 6: their text is read, and what cannot be told is said by name."""

import io
import struct
import zipfile

import pytest
from test_parsers_office import compound

from actionday.detectors.filetype import identify_type
from actionday.model import Encrypted, Limits, Loss, Parsed
from actionday.parsers import Parsers

ARABIC = "السلام عليكم من محطة العوسق"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
VISIO = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" '
    'Type="http://schemas.microsoft.com/visio/2010/relationships/document" Target="visio/document.xml"/></Relationships>',
    "visio/document.xml": "<VisioDocument><DocumentSettings/></VisioDocument>",
    "visio/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" '
    'Type="http://schemas.microsoft.com/visio/2010/relationships/pages" Target="pages/pages.xml"/></Relationships>',
    "visio/pages/pages.xml": '<Pages><Page ID="0" Name="Marrowby"/></Pages>',
    "visio/pages/_rels/pages.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" '
    'Type="http://schemas.microsoft.com/visio/2010/relationships/page" Target="page1.xml"/></Relationships>',
    "visio/pages/page1.xml": f"<PageContents><Shapes><Shape><Text><cp IX='0'/>Transmitter &amp; mast</Text><Section N='Property'>"
    "<Row N='a'><Cell N='Label' V='Owner'/><Cell N='Value' V='Vale' U='STR'/></Row></Section><Cell N='PinX' V='4.1'/></Shape>"
    f"<Shape><Text>{ARABIC}</Text></Shape></Shapes></PageContents>",
    "docProps/core.xml": '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>Masts</dc:title></cp:coreProperties>',
}  # fmt: skip
HWPX = {
    "mimetype": "application/hwp+zip",
    "Contents/section0.xml": f'<hs:sec xmlns:hs="s" xmlns:hp="p"><hp:p><hp:run><hp:t>{ARABIC}</hp:t></hp:run></hp:p></hs:sec>',
    "Contents/header.xml": '<hh:head xmlns:hh="h"/>',
}


def package(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def read(parsers: Parsers, content: bytes) -> Parsed:
    parsed = parsers.parse(identify_type(content, content[-65536:], len(content)), content, Limits())
    assert parsed is not None
    return parsed


def test_a_visio_drawing(parsers: Parsers) -> None:
    parsed = read(parsers, package(VISIO))
    lines = [line for line in "".join(parsed.text).splitlines() if line]
    assert lines == ["Transmitter & mast", ARABIC, "— — —", "Marrowby", "Owner", "Vale"]
    assert (parsed.meta["title"], parsed.reason) == ("Masts", "")


def test_an_hwpx_document(parsers: Parsers) -> None:
    parsed = read(parsers, package(HWPX))
    assert (ARABIC in "".join(parsed.text), parsed.reason) == (True, "")


def word6(text: bytes, flags: int = 0, end: int | None = None) -> bytes:
    head = struct.pack("<HHHHHH", 0xA5DC, 104, 0, 0x409, 0, flags) + bytes(12)
    places = struct.pack("<II", 0x300, 0x300 + len(text) if end is None else end)
    stream = (head + places).ljust(0x300, b"\0") + text
    return compound({"WordDocument": stream + bytes(64)})


def test_a_document_of_word_6(parsers: Parsers) -> None:
    text = b"Meet at the mill\r\x13 PAGE \x14\x151\x15caf\xe9 & <mast>\x07cell\x07\r"
    parsed = read(parsers, word6(text))
    lines = [" ".join(line.split()) for line in "".join(parsed.text).splitlines()]
    assert lines == ["Meet at the mill", "PAGE 1 café & <mast> cell"]
    assert parsed.reason == ""


@pytest.mark.parametrize(
    ("flags", "end", "code"),
    [(4, None, Loss.NOT_WHOLE), (0, 1 << 30, Loss.BROKEN_OFF), (0, 3, Loss.BROKEN_OFF)],
)
def test_what_cannot_be_told_of_word_6_is_said(
    flags: int, end: int | None, code: str, parsers: Parsers
) -> None:
    parsed = read(parsers, word6(b"Meet at the mill\r", flags, end))
    assert "Meet at the mill" in "".join(parsed.text)
    assert [note.code for note in parsed.notes] == [code]
    assert parsed.reason.startswith("Word 6/95: ")


def test_word_6_with_a_password(parsers: Parsers) -> None:
    with pytest.raises(Encrypted):
        read(parsers, word6(b"Meet", 0x100))
