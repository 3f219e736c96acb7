"""Office documents: the parts people forget, sheets of any size, bombs, and properties as stored."""

import io
import zipfile
from struct import pack

import pytest

from actionday.model import Damaged, Encrypted, Limits, OverLimit, Parsed
from actionday.parsers import Parsers
from actionday.parsers._loop import Loop
from actionday.parsers._ole import Ole, summary

LIMITS = Limits()
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT, ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
P = "http://schemas.openxmlformats.org/package/2006"


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def read(mime: str, content: bytes) -> Parsed:
    parsed = Parsers.load().parse(mime, content, LIMITS)
    assert parsed is not None
    return parsed


def text_of(mime: str, content: bytes) -> str:
    return "".join(read(mime, content).text)


def p(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


BODY = f"""<w:document {W} xmlns:mc="urn:mc"><w:body>{p("body")}
<w:p><w:ins w:author="Ada"><w:r><w:t>put in</w:t></w:r></w:ins><w:del w:author="Ben"><w:r><w:delText>taken out</w:delText></w:r></w:del></w:p>
<w:p><mc:AlternateContent><mc:Choice><w:txbxContent>{p("in a box")}</w:txbxContent></mc:Choice>
<mc:Fallback><w:txbxContent>{p("in a box")}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:p>
<w:p><w:r><w:instrText>HYPERLINK "https://kestrel.example/field"</w:instrText></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>
<w:p><w:r><w:t>spl</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>it</w:t><w:tab/><w:t>tabbed</w:t><w:br/><w:t>broken</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc>{p("cell one")}</w:tc><w:tc>{p("cell two")}</w:tc></w:tr></w:tbl></w:body></w:document>"""
WORD_PARTS: dict[str, str | bytes] = {
    "[Content_Types].xml": "<Types/>",
    "word/document.xml": BODY,
    "word/header1.xml": f"<w:hdr {W}>{p('running head')}</w:hdr>",
    "word/footer1.xml": f"<w:ftr {W}>{p('running foot')}</w:ftr>",
    "word/footnotes.xml": f"<w:footnotes {W}>{p('foot note')}</w:footnotes>",
    "word/endnotes.xml": f"<w:endnotes {W}>{p('end note')}</w:endnotes>",
    "word/comments.xml": f'<w:comments {W}><w:comment w:author="Cid">{p("a remark")}</w:comment></w:comments>',
    "word/_rels/document.xml.rels": f'<Relationships xmlns="{P}/relationships"><Relationship Id="r" Type="{R}/hyperlink" '
    'Target="https://kestrel.example/?a=1&amp;b=2" TargetMode="External"/></Relationships>',
}


def test_all_parts_of_a_word_document_are_read_once() -> None:
    parsed = read(DOCX, packed(WORD_PARTS))
    text = "".join(parsed.text)
    once = (
        "body",
        "put in",
        "taken out",
        "in a box",
        "split",
        "tabbed",
        "broken",
        "cell one",
        "cell two",
        "running head",
        "running foot",
        "foot note",
        "end note",
        "a remark",
        "kestrel.example/field",
        "https://kestrel.example/?a=1&b=2",
    )
    assert {each: text.count(each) for each in once} == dict.fromkeys(once, 1)
    assert "PAGE" not in text
    assert parsed.meta["contributors"] == ["Ada", "Ben", "Cid"]


def test_slides_come_in_their_order_with_their_notes() -> None:
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    slides: dict[str, str | bytes] = {
        f"ppt/slides/slide{n}.xml": f"<s {a}><a:p><a:t>slide {n}.</a:t></a:p></s>" for n in (10, 2, 1)
    }
    slides["ppt/notesSlides/notesSlide1.xml"] = f"<n {a}><a:p><a:t>say this</a:t></a:p></n>"
    slides["ppt/slideLayouts/slideLayout1.xml"] = f"<l {a}><a:p><a:t>Click to edit</a:t></a:p></l>"
    assert text_of(PPTX, packed(slides)).split("\n") == [
        "slide 1.",
        "",
        "slide 2.",
        "",
        "slide 10.",
        "",
        "say this",
        "",
        "",
    ]


def workbook(rows: str, **more: str) -> bytes:
    return packed({
        "[Content_Types].xml": f'<Types xmlns="{P}/content-types"><Default Extension="rels" ContentType="application/vnd.openxml'
        'formats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/'
        f'workbook.xml" ContentType="{XLSX}.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{P}/relationships"><Relationship Id="a" Type="{R}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets><sheet name="accounts" sheetId="1" state="hidden" '
        'r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{P}/relationships"><Relationship Id="a" Type="{R}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData></worksheet>',
        **more,
    })  # fmt: skip


def cell(row: int, text: str) -> str:
    return f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{text}</t></is></c><c r="B{row}"><v>{row}.5</v></c></row>'


def test_hidden_sheets_remarks_and_boxes_of_a_workbook_are_read() -> None:
    comments = f'<comments xmlns="{S}"><commentList><comment ref="A1"><text><r><t>a remark</t></r></text></comment></commentList></comments>'
    drawing = '<xdr xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:t>in a box</a:t></a:p></xdr>'
    content = workbook(
        cell(1, "Marrowby &amp; Co"), **{"xl/comments1.xml": comments, "xl/drawings/drawing1.xml": drawing}
    )
    text = text_of(XLSX, content)
    assert [
        each for each in ("accounts", "Marrowby & Co", "1.5", "a remark", "in a box") if each not in text
    ] == []


def test_a_sheet_of_120000_cells_is_read_to_its_end() -> None:
    words = text_of(XLSX, workbook("".join(cell(row, f"name{row}") for row in range(1, 60_001)))).split()
    assert (words[-2:], len([word for word in words if word.startswith("name")])) == (
        ["name60000", "60000.5"],
        60_000,
    )


SHARED = f'<sst xmlns="{S}"><si><t>shared &amp; kept</t></si><si><r><t>ri</t></r><r><t>ch</t></r><rPh><t>no</t></rPh></si></sst>'
STORED = f"""<worksheet xmlns="{S}"><sheetData><row><c t="s"><v>0</v></c><c><v>7.5</v></c></row>
<row><c t="s"><v>1</v></c><c t="inlineStr"><is><t>inline</t></is></c><c t="s"><v>99</v></c></row></sheetData></worksheet>"""


def test_a_workbook_whose_list_of_sheets_is_broken_is_read_by_its_parts() -> None:
    parts = {"xl/sharedStrings.xml": SHARED, "xl/workbook.xml": "<broken", "xl/worksheets/sheet1.xml": STORED}
    parsed = read(XLSX, packed(dict(parts)))
    assert "".join(parsed.text) == "shared & kept\t7.5\nrich\tinline\t99\n"
    assert [note.code for note in parsed.notes] == ["part_damaged", "part_damaged"]
    assert parsed.reason.startswith("xl/workbook.xml: names of sheets may be missing")
    assert (
        parsed.notes[1].reason == "xl/worksheets/sheet1.xml: 1 cell names a shared string that is not there"
    )


def test_half_a_million_cells_are_read() -> None:
    rows = "".join(f'<row r="{row}">' + f"<c><v>{row}</v></c>" * 10 + "</row>" for row in range(1, 51_001))
    parsed = read(XLSX, workbook(rows))
    assert sum(len(piece.split()) for piece in parsed.text) == 1 + 510_000
    assert parsed.notes == ()


BOMBS = pytest.mark.parametrize(
    ("mime", "name"), [(DOCX, "word/document.xml"), (ODT, "content.xml"), (XLSX, "xl/worksheets/sheet1.xml")]
)


@BOMBS
def test_a_bomb_is_read_up_to_the_limit(mime: str, name: str) -> None:
    """100 MiB out of 100 KiB: a document of a gigabyte stops at the same place."""
    shown = "<w:p><w:t>stash</w:t></w:p>"
    if mime == XLSX:
        shown = '<sheetData><row><c t="inlineStr"><is><t>stash</t></is></c></row></sheetData>'
    content = packed(
        {
            "[Content_Types].xml": "<Types/>",
            name: f"<w:document {W}>{shown}" + p("A" * (1 << 20)) * 100 + "</w:document>",
        }
    )
    parsed = read(mime, content)
    assert "".join(parsed.text).split()[0] == "stash"
    assert sum(map(len, parsed.text)) <= 64 << 20
    assert [note.code for note in parsed.notes if "200 times" in note.reason] == ["part_damaged"]


@BOMBS
def test_a_bomb_of_nothing_else_is_refused(mime: str, name: str) -> None:
    """100 MiB out of 100 KiB: a document of a gigabyte stops at the same place."""
    content = packed(
        {
            "[Content_Types].xml": "<Types/>",
            name: f"<w:document {W}>" + " " * (100 << 20) + "</w:document>",
        }
    )
    assert len(content) < 1 << 17
    with pytest.raises(OverLimit, match="200 times"):
        read(mime, content)


def test_entities_are_not_expanded_and_that_is_said() -> None:
    bomb = f'<!DOCTYPE w [<!ENTITY a "{"A" * 1000}">]><w:document {W}><w:p><w:t>{"&a;" * 1000}</w:t></w:p></w:document>'
    parsed = read(DOCX, packed({"word/document.xml": bomb}))
    assert "".join(parsed.text).strip() == bomb
    assert ["document type" in note.reason for note in parsed.notes if note.code == "part_damaged"] == [True]


def test_a_damaged_part_costs_itself_and_is_named() -> None:
    parts = WORD_PARTS | {"word/header1.xml": "<w:hdr><w:p><w:t>cut"}
    parsed = read(DOCX, packed(parts))
    assert "body" in "".join(parsed.text)
    assert parsed.reason.startswith("word/header1.xml: XML not well-formed")
    assert [note.reason[:17] for note in parsed.notes] == ["word/header1.xml:"]


def test_a_part_with_a_password_is_encrypted() -> None:
    content = bytearray(packed({"word/document.xml": BODY}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    start = 30 + len("word/document.xml")
    content[start : start + 40] = bytes(each ^ 0x5A for each in content[start : start + 40])  # no plain bytes
    with pytest.raises(Encrypted, match=r"word/document\.xml needs a password"):
        read(DOCX, bytes(content))


def test_odf_notes_changes_and_page_margins_are_read_and_placeholders_are_not() -> None:
    content = (
        '<d xmlns:text="t" xmlns:office="o" xmlns:dc="c"><office:body><text:tracked-changes><text:p>taken out</text:p></text:tracked-changes>'
        "<text:p>word<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>foot note</text:p></text:note-body>"
        "</text:note> goes on</text:p><text:p>a<text:s/>b<text:tab/>c</text:p>"
        "<office:annotation><dc:creator>Ada</dc:creator><text:p>a remark</text:p></office:annotation></office:body></d>"
    )
    styles = (
        '<s xmlns:style="s" xmlns:text="t" xmlns:draw="d" xmlns:presentation="p"><style:master-page><style:header><text:p>running head</text:p></style:header>'
        '<draw:frame presentation:class="title" presentation:placeholder="true"><text:p>Click to edit</text:p></draw:frame>'
        "<draw:frame><text:p>on every slide</text:p></draw:frame></style:master-page></s>"
    )
    text = text_of(ODT, packed({"content.xml": content, "styles.xml": styles}))
    for wanted in (
        "taken out",
        "word\nfoot note",
        " goes on",
        "a b\tc",
        "Ada",
        "a remark",
        "running head",
        "on every slide",
    ):
        assert wanted in text
    assert "Click" not in text
    assert "word1" not in text


def test_an_encrypted_opendocument_says_so_without_opening_a_part() -> None:
    manifest = '<m><f manifest:full-path="content.xml"><manifest:encryption-data/></f></m>'
    with pytest.raises(Encrypted):
        read(ODS, packed({"META-INF/manifest.xml": manifest, "content.xml": b"\x8f\x01"}))


@pytest.mark.parametrize(
    ("manifest", "notes"),
    [
        ('<m><f full-path="content.xml"/><!-- encryption-data --></m>', []),
        ('<m><f full-path="content.xml"><k:encryption-data/></f></m>', ["local_differs"]),
        ('<m><f full-path="content.xml"/><f full-path="Pictures/1.png"><k:encryption-data/></f></m>', []),
    ],
    ids=["comment", "lie", "another part"],
)
def test_a_readable_opendocument_is_read_whatever_its_manifest_says(manifest: str, notes: list[str]) -> None:
    content = "<o><text:p>the tide is out</text:p></o>"
    made = read(ODT, packed({"META-INF/manifest.xml": manifest, "content.xml": content.encode()}))
    assert "the tide is out" in "".join(made.text)
    assert [note.code for note in made.notes] == notes


def test_a_document_in_one_sealed_part_is_encrypted() -> None:
    manifest = '<m><f full-path="encrypted-package"><encryption-data/></f></m>'
    with pytest.raises(Encrypted):
        read(ODS, packed({"META-INF/manifest.xml": manifest, "encrypted-package": b"\x8f\x01"}))


def test_an_encrypted_ooxml_package_is_named() -> None:
    with pytest.raises(Encrypted, match="MS-OFFCRYPTO"):
        read("application/x-ooxml-encrypted", b"\xd0\xcf\x11\xe0")


def compound(streams: dict[str, bytes]) -> bytes:
    """A small OLE2 file: one FAT sector, directory in sector 1, mini stream from sector 3 on (mini FAT in 2)."""
    mini, chains, entries = b"", [], []
    for name, content in streams.items():
        start, count = len(mini) // 64, -(-len(content) // 64)
        chains += [*range(start + 1, start + count), 0xFFFFFFFE]
        mini += content.ljust(count * 64, b"\0")
        entries.append((name, 2, start, len(content)))
    sectors = -(-len(mini) // 512)
    entries.insert(0, ("Root Entry", 5, 3, len(mini)))
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + pack("<HB", 2 * len(name) + 2, kind)
        + bytes(49)
        + pack("<III", start, size, 0)
        for name, kind, start, size in entries
    ).ljust(512, b"\0")
    fat = [0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE, *range(4, 3 + sectors), 0xFFFFFFFE]
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    )
    header += pack("<IIIIIIIII", 1, 1, 0, 4096, 2, 1, 0xFFFFFFFE, 0, 0) + b"\xff" * 432
    table = b"".join(pack("<I", each) for each in fat).ljust(512, b"\xff")
    return (
        header[:512]
        + table
        + directory
        + b"".join(pack("<I", each) for each in chains).ljust(512, b"\xff")
        + mini.ljust(512 * sectors, b"\0")
    )


def property_set(values: dict[int, bytes]) -> bytes:
    table, body, at = b"", b"", 8 + 8 * len(values)
    for number, value in values.items():
        table += pack("<II", number, at + len(body))
        body += value.ljust(-(-len(value) // 4) * 4, b"\0")
    section = pack("<II", 8 + len(table) + len(body), len(values)) + table + body
    return b"\xfe\xff" + bytes(22) + pack("<I", 1) + bytes(16) + pack("<I", 48) + section


def test_properties_of_old_documents_with_their_code_page_and_times() -> None:
    title = "نشرة".encode("cp1256") + b"\0"
    filetime = (1_780_395_072 + 11_644_473_600) * 10_000_000
    info = property_set({
        1: pack("<IH", 2, 1256), 2: pack("<II", 0x1E, len(title)) + title, 4: pack("<II", 0x1F, 5) + "Mira\0".encode("utf-16-le"),
        12: pack("<IQ", 0x40, filetime), 13: pack("<IQ", 0x40, 0),
    })  # fmt: skip
    company = property_set({15: pack("<II", 0x1E, 10) + b"Kestrel\0\0\0"})
    ole = Ole(
        memoryview(compound({"\x05SummaryInformation": info, "\x05DocumentSummaryInformation": company}))
    )
    assert summary(ole) == {
        "title": "نشرة",
        "author": "Mira",
        "created": "2026-06-02T10:11:12Z",
        "company": "Kestrel",
    }


def test_a_chain_that_bites_its_tail_ends() -> None:
    content = bytearray(compound({"WordDocument": b"x" * 100}))
    content[512 + 4 : 512 + 8] = pack("<I", 1)  # the directory's next sector is itself
    assert "WordDocument" in Ole(memoryview(bytes(content))).names()


def biff(*records: tuple[int, bytes]) -> bytes:
    stream = b"".join(pack("<HH", kind, len(body)) + body for kind, body in records)
    return compound({"Workbook": stream})


@pytest.mark.parametrize(
    ("record", "error"),
    [
        ((0x0200, pack("<IIHHH", 0, 0x28282828, 0x2828, 0x2828, 0)), Damaged),
        ((0x0200, pack("<IIHHH", 0, 65536, 0, 256, 0)), OverLimit),
        ((0x0203, pack("<HHH", 9, 300, 0) + bytes(8)), Damaged),
        ((0x00FD, pack("<HHHI", 65535, 255, 0, 0)), OverLimit),
    ],
    ids=["declared beyond the format", "declared whole", "a cell in column 300", "a cell in the last corner"],
)
def test_a_workbook_whose_cells_lie_too_far_apart_never_reaches_the_library(
    record: tuple[int, bytes], error: type
) -> None:
    with pytest.raises(error, match=r"xls: .* rows and .* columns"):
        read(
            "application/vnd.ms-excel", biff((0x0809, bytes(16)), (0x00FD, pack("<HHHI", 0, 0, 0, 0)), record)
        )


def test_the_event_loop_needs_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(socket, "socketpair", lambda *_: pytest.fail("a socket was asked for"))
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("a socket was asked for"))

    async def answer() -> int:
        import asyncio

        return await asyncio.get_running_loop().run_in_executor(None, lambda: 42)

    loop = Loop()
    assert [loop.result(answer()) for _ in range(3)] == [42, 42, 42]
    loop.close()
