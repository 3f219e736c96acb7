"""PDF: what viewers show besides the pages is text: bookmarks, forms, stamps, remarks, scripts, properties, file names."""

import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from actionday.model import Damaged, Limits, Parsed
from actionday.parsers._pdf_objects import decoded, dictionaries
from actionday.parsers.pdf import PARSER

XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" '
    b'xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmpMM:DocumentID="uuid:0f" dc:source="by attribute"><dc:description>in the '
    b"metadata</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
)
XFA = (
    b'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/">'
    b"<xfa:data><a>in the form data</a></xfa:data></xfa:datasets></xdp:xdp>"
)


def stream(entries: str, content: bytes, *, packed: bool = False) -> bytes:
    stored = zlib.compress(content) if packed else content
    filtered = "/Filter/FlateDecode" if packed else ""
    return f"<<{entries}{filtered}/Length {len(stored)}>>\nstream\n".encode() + stored + b"\nendstream"


def utf16(text: str) -> str:
    return f"<{(chr(0xFEFF) + text).encode('utf-16-be').hex()}>"


OBJECTS: list[str | bytes] = [
    "<</Type/Catalog/Pages 2 0 R/Outlines 8 0 R/Metadata 10 0 R/OpenAction 11 0 R/AcroForm<</Fields[12 0 R 16 0 R]/XFA 13 0 R>>"
    "/Names<</EmbeddedFiles<</Names[(1)14 0 R]>>>>/OCProperties<</OCGs[17 0 R]>>/PageLabels<</Nums[0<</P(Annex )>>]>>>>",
    "<</Type/Pages/Kids[4 0 R]/Count 1>>",
    "<</Title(of the document)/Custom(a property of its own)/Producer(Some Writer)/CreationDate(D:20260101)>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 5 0 R/Resources<</Font<</F 6 0 R>>>>"
    "/Annots[12 0 R 16 0 R 18 0 R 19 0 R 20 0 R 24 0 R]>>",
    stream("", b"BT /F 12 Tf 10 250 Td (on the page) Tj ET", packed=True),
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    r"(a title \(as an object\) of its own)",
    "<</Type/Outlines/First 9 0 R/Last 23 0 R/Count 2>>",
    f"<</Title{utf16('الفصل الأول')}/Parent 8 0 R/Next 23 0 R/Dest[4 0 R/Fit]>>",
    stream("/Type/Metadata/Subtype/XML", XMP),
    "<</S/JavaScript/JS 25 0 R>>",
    "<</Type/Annot/Subtype/Widget/FT/Tx/T(form1.field2)/TU(what to put here)/V(filled in)/DV(as it was)/Rect[10 10 90 30]>>",
    stream("", XFA, packed=True),
    "<</Type/Filespec/F(plan.txt)/UF(plan of June.txt)/Desc(a description)/EF<</F 15 0 R>>>>",
    stream("/Type/EmbeddedFile", b"within the file", packed=True),
    "<</Type/Annot/Subtype/Widget/FT/Ch/T(choice)/Opt[(first option)[(x)(second option)]]/V(first option)/Rect[10 40 90 60]>>",
    "<</Type/OCG/Name(a layer)>>",
    "<</Type/Annot/Subtype/Text/Contents(a remark)/T(Mira)/Subj(its subject)/RC(<p>in <b>rich</b> text</p>)/Rect[10 60 20 70]/F 2>>",
    "<</Type/Annot/Subtype/FileAttachment/FS 21 0 R/Contents(pinned to the page)/Rect[10 80 20 90]>>",
    "<</Type/Annot/Subtype/Stamp/AP<</N 22 0 R>>/Rect[10 100 90 120]>>",
    "<</Type/Filespec/F(pinned.zip)/EF<</F 15 0 R>>>>",
    stream("/Type/XObject/Subtype/Form/BBox[0 0 80 20]/Resources<</Font<</F 6 0 R>>>>", b"BT /F 12 Tf 1 1 Td (stamped on it) Tj ET"),
    "<</Title 7 0 R/Parent 8 0 R/Prev 9 0 R/Dest[4 0 R/Fit]>>",
    "<</Type/Annot/Subtype/Stamp/F 2/AP<</N 26 0 R>>/Rect[100 100 190 120]>>",
    stream("", b'app.alert("said by a script")', packed=True),
    stream("/Type/XObject/Subtype/Form/BBox[0 0 80 20]/Resources<</Font<</F 6 0 R>>>>", b"BT /F 12 Tf 1 1 Td (hidden stamp) Tj ET"),
]  # fmt: skip
SHOWN = (
    "on the page", "of the document", "a property of its own", "a title (as an object) of its own", "الفصل الأول",
    "by attribute", "in the metadata", "said by a script", "what to put here", "filled in", "as it was", "in the form data",
    "plan of June.txt", "a description", "first option", "second option", "a layer", "a remark", "Mira", "its subject",
    "in rich text", "pinned to the page", "pinned.zip", "stamped on it", "hidden stamp", "Annex",
)  # fmt: skip


def written(objects: list[str | bytes]) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body.encode("latin-1") if isinstance(body, str) else body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R/Info 3 0 R>>\nstartxref\n%d\n%%%%EOF"
    return out + end % (len(places) + 1, table, len(places) + 1, len(out))


def read(content: bytes) -> Parsed:
    return PARSER.parse(memoryview(content), "application/pdf", Limits())


def check(parsed: Parsed) -> None:
    text = "".join(parsed.text)
    squeezed = " ".join(text.split())
    assert [each for each in SHOWN if each not in squeezed] == []
    assert text.count("first option") == 1
    for unwanted in ("form1", "Some Writer", "uuid", "D:2026", "ns.adobe", "<b>"):
        assert unwanted not in text
    assert parsed.meta["embedded_files"] == 2
    assert not parsed.notes  # the files themselves are items: see test_archive_attached
    assert parsed.reason == ""


def test_what_viewers_show_besides_the_pages_is_read() -> None:
    parsed = read(written(OBJECTS))
    assert parsed.text[0] == "on the page\nfilled in\nfirst option\na remark\npinned to the page\n"
    check(parsed)


@pytest.mark.tools
@pytest.mark.parametrize(
    "how",
    [["--object-streams=generate"], ["--linearize"], ["--encrypt", "", "owner", "256", "--"],
     ["--encrypt", "", "owner", "128", "--use-aes=y", "--"]],
    ids=["object streams", "linearized", "AES-256", "AES-128"],
)  # fmt: skip
def test_however_it_is_packed(how: list[str], tmp_path: Path) -> None:
    if not shutil.which("qpdf"):
        pytest.skip("packs its document with qpdf: not installed here")
    (tmp_path / "in.pdf").write_bytes(written(OBJECTS))
    subprocess.run(
        ["qpdf", *how, str(tmp_path / "in.pdf"), str(tmp_path / "out.pdf")], check=True, timeout=60
    )
    check(read((tmp_path / "out.pdf").read_bytes()))


def test_blank_pages_with_a_bookmark_are_no_empty_document() -> None:
    objects = [*OBJECTS]
    objects[4] = stream("", b"")
    objects[3] = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 5 0 R>>"
    parsed = read(written(objects))
    assert "الفصل الأول" in "".join(parsed.text)
    assert parsed.reason == ""


def test_a_page_of_damage_does_not_take_the_bookmarks_with_it() -> None:
    content = written(OBJECTS)
    at = content.index(b"stream\n", content.index(b"5 0 obj")) + 20
    parsed = read(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
    assert "الفصل الأول" in "".join(parsed.text)
    assert "page_damaged" in {note.code for note in parsed.notes}


@pytest.mark.tools
def test_the_title_that_an_office_wrote_is_found(made: Path) -> None:
    text = "".join(read((made / "writer.pdf").read_bytes()).text)
    assert [text.count(each) for each in ("Kestrel handbook", "Mira Vale", "LibreOffice")] == [1, 1, 0]


@pytest.mark.parametrize(
    ("raw", "text"),
    [(b"\xfe\xff\x06\x27", "ا"), (b"\xff\xfe\x27\x06", "ا"), (b"\xef\xbb\xbf\xd8\xa7", "ا"), (b"caf\xe9 \x80 \xa0", "café • €"),
     (b"\xfe\xff\x00\x1b\x00e\x00n\x00\x1b\x00A", "A")],
)  # fmt: skip
def test_strings_in_every_coding(raw: bytes, text: str) -> None:
    assert decoded(raw) == text


@pytest.mark.parametrize(
    "content",
    [b"1 0 obj << /T (never closed", b"1 0 obj " + b"<<" * 5000, b"1 0 obj " + b"[" * 5000 + b"(a)", b"1 0 obj <</T <4>>> stream\n",
     b"(((((" * 2000, b"1 0 obj <</A [ (x) >> endobj", b">> ] ) R obj endobj stream\n"],
)  # fmt: skip
def test_objects_that_are_none_end(content: bytes) -> None:
    assert isinstance([each.strings for each in dictionaries(content, frozenset({""}))], list)


def test_no_single_byte_makes_the_reader_raise() -> None:
    content = written(OBJECTS)
    for at in range(0, len(content), 37):
        try:
            read(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
        except Damaged:
            continue
