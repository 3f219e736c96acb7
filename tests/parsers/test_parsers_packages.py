"""Office packages: the document is what the relationships say; all other text in the package is read too."""

import io
import re
import zipfile
from collections.abc import Mapping

import pytest

from actionday.model import Damaged, Encrypted, Limits, Parsed
from actionday.parsers import Parsers
from actionday.parsers._opc import relations, resolved
from actionday.parsers._package import Closed, Package

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT, EPUB = "application/vnd.oasis.opendocument.text", "application/epub+zip"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARSERS = Parsers.load()


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def read(mime: str, parts: dict[str, str]) -> Parsed:
    parsed = PARSERS.parse(mime, packed(parts), Limits())
    assert parsed is not None
    return parsed


def words(mime: str, parts: dict[str, str]) -> list[str]:
    return "".join(read(mime, parts).text).split()


def rels(**targets: str) -> str:
    each = "".join(
        f'<Relationship Id="{n}" Type="{R}/{kind.strip("_0123456789")}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>'


def document(text: str) -> str:
    return f"<w:document {W}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"


def sheet(text: str) -> str:
    return (
        f'<worksheet xmlns="{S}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'
        "</sheetData></worksheet>"
    )


def workbook(name: str) -> str:
    return f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets><sheet name="{name}" sheetId="1" r:id="0"/></sheets></workbook>'


TYPES = {"[Content_Types].xml": "<Types/>"}
DECOY = TYPES | {
    "_rels/.rels": rels(officeDocument="word/other.xml"),
    "word/other.xml": document("shown"),
    "word/document.xml": document("decoy"),
}


def test_a01_the_document_is_the_part_the_relationship_names() -> None:
    parsed = read(DOCX, DECOY)
    assert "".join(parsed.text).split() == ["shown", "decoy"]
    assert parsed.reason == "parts that no relationship leads to: word/document.xml; their text is read too"
    assert [note.code for note in parsed.notes] == ["unlinked_part"]


@pytest.mark.parametrize(
    "target", ["/word/other.xml", "Word/OTHER.xml", "word/x/../other.xml", "word/othe%72.xml"]
)
def test_a_target_is_resolved_as_programs_resolve_it(target: str) -> None:
    parts = DECOY | {"_rels/.rels": rels(officeDocument=target)}
    assert words(DOCX, parts) == ["shown", "decoy"]


def test_a_main_document_outside_the_usual_folder_is_read_with_its_headers() -> None:
    parts = TYPES | {
        "_rels/.rels": rels(officeDocument="x/main.xml"),
        "x/main.xml": document("shown"),
        "x/_rels/main.xml.rels": rels(header="top.xml", footnotes="../y/below.xml"),
        "x/top.xml": f"<w:hdr {W}><w:p><w:t>top</w:t></w:p></w:hdr>",
        "y/below.xml": f"<w:footnotes {W}><w:p><w:t>below</w:t></w:p></w:footnotes>",
        "word/document.xml": document("decoy"),
    }
    parsed = read(DOCX, parts)
    assert sorted("".join(parsed.text).split()) == ["below", "decoy", "shown", "top"]
    assert "word/document.xml" in parsed.reason
    assert "x/top.xml" not in parsed.reason


def test_without_relationships_the_usual_names_are_read_and_nothing_is_complained_of() -> None:
    parsed = read(DOCX, TYPES | {"word/document.xml": document("plain")})
    assert ("".join(parsed.text).split(), parsed.reason) == (["plain"], "")


def test_broken_relationships_are_said_and_the_usual_names_read() -> None:
    parsed = read(
        DOCX, TYPES | {"_rels/.rels": "<Relationships><Rel", "word/document.xml": document("plain")}
    )
    assert "".join(parsed.text).split() == ["plain", "<Rel"]
    assert {note.code for note in parsed.notes} == {"part_damaged", "relationships_damaged"}


LINKED = TYPES | {
    "_rels/.rels": rels(officeDocument="word/document.xml"),
    "word/document.xml": document("shown"),
}


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("customXml/item1.xml", "<data><v>kept</v></data>", ["kept"]),
        ("docProps/custom.xml", "<p><v>kept</v></p>", ["kept"]),
        ("word/styles.xml", f"<s>short<x>{'long prose ' * 10}</x></s>", ["long", "prose"] * 10),
        (
            "word/drawing.vml",
            "<x><t>in a box</t><ClientData><Row>7</Row></ClientData></x>",
            ["in", "a", "box"],
        ),
        ("stash/note.xml", "<a/>\nbehind the root", ["behind", "the", "root"]),
        ("word/theme/theme1.xml", f"<!--{'said in a remark ' * 8}--><t/>", ["said", "in", "a", "remark"] * 8),
    ],
    ids=["custom part", "custom property", "style sheet", "drawing", "behind the markup", "comment"],
)
def test_text_in_any_other_part_is_read_too(name: str, content: str, expected: list[str]) -> None:
    assert words(DOCX, LINKED | {name: content}) == ["shown", *expected]


def test_short_values_of_programs_stay_out_of_the_text() -> None:
    parts = {
        "word/settings.xml": "<s>0</s>",
        "docProps/app.xml": "<a><T>Normal.dotm</T></a>",
        "word/theme/theme1.xml": "",
    }
    parsed = read(DOCX, LINKED | parts)
    assert ("".join(parsed.text).split(), parsed.notes) == (["shown"], ())


def test_slides_are_followed_under_any_name() -> None:
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    parts = TYPES | {
        "_rels/.rels": rels(officeDocument="p/show.xml"),
        "p/show.xml": "<p/>",
        "p/_rels/show.xml.rels": rels(slide_1="one.xml", slide_2="two.xml"),
        "p/one.xml": f"<s {a}><a:p><a:t>first</a:t></a:p></s>",
        "p/two.xml": f"<s {a}><a:p><a:t>second</a:t></a:p></s>",
        "ppt/slides/slide1.xml": f"<s {a}><a:p><a:t>decoy</a:t></a:p></s>",
    }
    parsed = read(PPTX, parts)
    assert sorted("".join(parsed.text).split()) == ["decoy", "first", "second"]
    assert "ppt/slides/slide1.xml" in parsed.reason


BOOKS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
    'Extension="xml" ContentType="application/xml"/></Types>',
    "xl/workbook.xml": workbook("accounts"),
    "xl/_rels/workbook.xml.rels": rels(worksheet="worksheets/sheet1.xml"),
    "xl/worksheets/sheet1.xml": sheet("first"),
}


def test_a_decoy_workbook_does_not_hide_the_one_that_programs_open() -> None:
    parts = BOOKS | {
        "_rels/.rels": rels(officeDocument="xl/real.xml"),
        "xl/real.xml": workbook("real"),
        "xl/_rels/real.xml.rels": rels(worksheet="worksheets/sheet9.xml"),
        "xl/worksheets/sheet9.xml": sheet("shown"),
    }
    parsed = read(XLSX, parts)
    assert "".join(parsed.text).split() == ["real", "shown", "accounts", "first"]
    assert {note.code for note in parsed.notes} == {"unlinked_part"}


def test_prose_in_a_second_workbook_is_read_whatever_the_case_of_its_name() -> None:
    linked = BOOKS | {
        "_rels/.rels": rels(officeDocument="xl/workbook.xml"),
        "XL/WORKBOOK.XML": document("beneath"),
    }
    parsed = read(XLSX, linked)
    assert "".join(parsed.text).split() == ["accounts", "first", "beneath"]
    assert [note.code for note in parsed.notes] == ["unlinked_part"]


@pytest.mark.parametrize("strings", [
    document("beneath the weir at dusk"),
    f'<sst xmlns="{S}"><t>beneath the weir</t><si><t>used</t></si><t>at dusk</t></sst>',
    f'<sst xmlns="{S}">beneath the weir <si>at dusk<t>used</t></si></sst>',
])  # fmt: skip
def test_words_in_the_list_of_strings_that_are_no_string_are_read(strings: str) -> None:
    found = words(XLSX, BOOKS | {"xl/sharedStrings.xml": strings})
    assert {"beneath", "weir", "dusk"} <= {*found}
    assert found.count("used") == strings.count("used")


def test_a_sheet_that_no_workbook_lists_is_read_and_named() -> None:
    parts = BOOKS | {
        "_rels/.rels": rels(officeDocument="xl/workbook.xml"),
        "xl/worksheets/old.xml": sheet("removed"),
    }
    parsed = read(XLSX, parts)
    text = "".join(parsed.text)
    assert "first" in text and "removed" in text
    assert parsed.reason.startswith("parts that no relationship leads to: xl/worksheets/old.xml")


def test_cached_values_of_a_pivot_table_are_read() -> None:
    cache = f'<pivotCacheDefinition xmlns="{S}"><sharedItems><s v="Marrowby"/></sharedItems></pivotCacheDefinition>'
    parts = BOOKS | {
        "_rels/.rels": rels(officeDocument="xl/workbook.xml"),
        "xl/pivotCache/pivotCacheDefinition1.xml": cache,
    }
    assert "Marrowby" in "".join(read(XLSX, parts).text)


OD = 'xmlns:office="o" xmlns:text="t"'
ODF = {
    "mimetype": ODT,
    "content.xml": f"<d {OD}><office:body><text:p>shown</text:p></office:body></d>",
    "META-INF/manifest.xml": '<m:manifest xmlns:m="m"><m:file-entry m:full-path="content.xml"/>'
    '<m:file-entry m:full-path="Object 1/content.xml"/></m:manifest>',
}


def test_opendocument_objects_are_read_and_unlisted_parts_named() -> None:
    parts = ODF | {
        "Object 1/content.xml": f"<d {OD}><text:p>chart</text:p></d>",
        "stash.xml": "<a>beside</a>",
        "settings.xml": "<s><i>true</i></s>",
        "Configurations2/current.xml": "",
    }
    parsed = read(ODT, parts)
    assert "".join(parsed.text).split() == ["shown", "chart", "beside"]
    assert parsed.reason == "parts that the manifest does not list: stash.xml; their text is read too"


def page(text: str) -> str:
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{text}</p></body></html>'


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile '
    'full-path="b/c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
OPF = (
    '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest><item id="a" href="a.xhtml" '
    'media-type="application/xhtml+xml"/><item href="n%20v.xhtml" id="n" properties="nav" media-type="application/xhtml+xml"/>'
    '</manifest><spine><itemref idref="a"/></spine></package>'
)


def test_pages_of_a_book_outside_its_reading_order_are_read_once() -> None:
    parts = {"mimetype": EPUB, "META-INF/container.xml": CONTAINER, "b/c.opf": OPF, "b/a.xhtml": page("chapter"),
             "b/n v.xhtml": page("chapter") + page("contents"), "b/stash.xhtml": page("stashed words")}  # fmt: skip
    parsed = read(EPUB, parts)
    assert sorted("".join(parsed.text).split()) == ["chapter", "contents", "stashed", "words"]
    assert parsed.reason == "pages that the book does not list: b/stash.xhtml; their text is read too"


@pytest.mark.parametrize(
    ("folder", "target", "part"),
    [
        ("word", "media/a.png", "word/media/a.png"),
        ("word", "/xl/a.xml", "xl/a.xml"),
        ("word", "../../../a.xml", "a.xml"),
        ("", "a%20b.xml#x", "a b.xml"),
        ("word", "..\\a.xml", "a.xml"),
    ],
)
def test_targets(folder: str, target: str, part: str) -> None:
    assert resolved(folder, target) == part


def test_relationships_in_a_circle_end() -> None:
    parts = LINKED | {"word/_rels/document.xml.rels": rels(header="document.xml", footer="a.xml"),
                      "word/_rels/a.xml.rels": rels(header="a.xml", x="document.xml"), "word/a.xml": document("a")}  # fmt: skip
    found = relations(Package(memoryview(packed(parts))))
    assert (found.main, list(found.reached)) == ("word/document.xml", ["word/document.xml", "word/a.xml"])


def test_a_part_whose_sum_differs_is_read_and_named() -> None:
    content = bytearray(packed(LINKED))
    for mark, at in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        content[content.rindex(mark) + at] ^= 1  # the CRC of the last part, in both its headers
    parsed = PARSERS.parse(DOCX, bytes(content), Limits())
    assert parsed is not None
    assert "".join(parsed.text).split() == ["shown"]
    assert parsed.reason == "word/document.xml: document package: part word/document.xml: its CRC-32 differs"
    assert [note.code for note in parsed.notes] == ["part_damaged"]


def test_a_part_that_is_broken_twice_costs_itself_alone() -> None:
    content = bytearray(packed(LINKED | {"stash/note.xml": "<a/>\nbehind the root"}))
    for mark, at in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        content[content.rindex(mark) + at] ^= 1
    parsed = PARSERS.parse(DOCX, bytes(content), Limits())
    assert parsed is not None
    assert "shown" in "".join(parsed.text)
    assert any("stash/note.xml" in note.reason for note in parsed.notes)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_part_that_is_only_said_to_be_encrypted_is_read(method: int) -> None:
    """The flag is a bit anybody can set; the CRC says that the bytes are as they were written."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as writer:
        writer.writestr("word/document.xml", "<w:document>the Kestrel club</w:document>" * 9)
    data = bytearray(made.getvalue())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    package = Package(memoryview(bytes(data)))
    assert b"".join(package.chunks("word/document.xml")).startswith(b"<w:document>the Kestrel")
    data[data.index(b"PK\x01\x02") + 16] ^= 1  # another CRC: it may well be encrypted
    with pytest.raises(Closed, match="password"):
        list(Package(memoryview(bytes(data))).chunks("word/document.xml"))
    with pytest.raises(Encrypted, match="password"):
        PARSERS.parse(DOCX, bytes(data), Limits())


@pytest.mark.parametrize(
    "label", ["UT8-8", "hex", "shift_jis", "unicode_escape", "x-unknown", "undefined", "idna"]
)
def test_a_part_whose_declared_encoding_nobody_knows_is_read_as_utf_8(label: str) -> None:
    """One flipped bit in a declaration."""
    head = f'<?xml version="1.0" encoding="{label}"?>'
    parts = {
        "[Content_Types].xml": f"{head}<Types/>",
        "_rels/.rels": f'{head}<r><Relationship Target="word/document.xml" Type="http://x/officeDocument"/></r>',
        "word/document.xml": f"{head}<w:document xmlns:w='w'><w:p><w:r><w:t>the tide — مد</w:t></w:r></w:p></w:document>",
        "word/other.xml": f"{head}<a><b>and the ebb — جزر, which nobody would look for here</b></a>",
        "docProps/core.xml": f"{head}<c><dc:title xmlns:dc='d'>Tides</dc:title></c>",
    }
    found = read("application/vnd.openxmlformats-officedocument.wordprocessingml.document", parts)
    text = "".join(found.text)
    assert "the tide — مد" in text and "the ebb — جزر" in text
    assert found.meta["title"] == "Tides"


TYPED = '<?xml version="1.0"?>\n<!DOCTYPE {0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "office.dtd">\n'
OLD = 'xmlns:office="http://openoffice.org/2000/office" xmlns:text="http://openoffice.org/2000/text"'
OLD_META = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:office="http://openoffice.org/2000/office"'
OLD_PARTS = {
    "content.xml": TYPED.format("office:document-content")
    + f"<office:document-content {OLD}><office:body><text:p>Meet at the mill</text:p></office:body></office:document-content>",
    "meta.xml": TYPED.format("office:document-meta")
    + f"<office:document-meta {OLD_META}><office:meta><dc:title>Kestrel</dc:title></office:meta></office:document-meta>",
    "META-INF/manifest.xml": TYPED.format("manifest:manifest")
    + '<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">'
    '<manifest:file-entry manifest:full-path="content.xml"/></manifest:manifest>',
}


def test_a_document_type_without_entities_is_no_damage() -> None:
    """OpenOffice.org 1 puts one before every part, and templates keep it in their manifest."""
    parsed = read("application/vnd.sun.xml.writer", OLD_PARTS)
    assert "Meet at the mill" in "".join(parsed.text)
    assert parsed.meta["title"] == "Kestrel"
    assert not parsed.notes


@pytest.mark.parametrize("part", sorted(OLD_PARTS))
def test_entities_are_expanded_in_no_part_and_their_words_are_read(part: str) -> None:
    hostile = OLD_PARTS[part].replace('"office.dtd">', '"office.dtd" [<!ENTITY a "unseen words">]>', 1)
    hostile = hostile.replace("Meet", "&a;").replace("Kestrel", "&a;")
    parsed = read("application/vnd.sun.xml.writer", {**OLD_PARTS, part: hostile})
    assert "".join(parsed.text).count("unseen words") == 1 and "unseen words" not in str(parsed.meta)
    assert any("declares entities" in note.reason for note in parsed.notes)


def test_a_template_of_styles_alone_is_no_damaged_document() -> None:
    listed = OLD_PARTS["META-INF/manifest.xml"]
    styles = f"<office:document-styles {OLD}><office:styles/></office:document-styles>"
    alone = {"styles.xml": styles, "META-INF/manifest.xml": listed.replace("content.xml", "styles.xml")}
    assert not read("application/vnd.oasis.opendocument.text-template", alone).notes
    lacking = {"styles.xml": styles + " ", "META-INF/manifest.xml": listed}
    with pytest.raises(Damaged, match="is not in the package"):
        read("application/vnd.oasis.opendocument.text-template", lacking)


def test_where_a_document_has_its_words_from_is_read() -> None:
    """Letters of a mailing, a text that is another file's, custom elements: one word each, which is no prose."""
    settings = (
        f'<w:settings {W}><w:mailMerge><w:connectString w:val="Source=mailings.mdb"/>'
        '<w:query w:val="SELECT members"/><w:mailSubject w:val="invitation"/></w:mailMerge></w:settings>'
    )
    body = (
        "<w:p><w:r><w:instrText> INCLUDETEXT C:\\\\ledgers\\\\march.docx </w:instrText></w:r>"
        "<w:r><w:instrText> PAGE </w:instrText></w:r>"
        '<w:customXml><w:customXmlPr><w:attr w:name="k" w:val="ferryman"/></w:customXmlPr></w:customXml></w:p>'
    )
    parts = {
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/settings.xml": settings,
    }
    text = "".join(read(DOCX, parts).text)
    for word in ("mailings.mdb", "members", "invitation", "ledgers", "ferryman"):
        assert word in text, word
    assert "PAGE" not in text


OF_A_BOOK = {
    "xl/workbook.xml": '<fileSharing userName="Ferry"/>',
    "xl/pivotCache/pivotCacheDefinition1.xml": '<pivotCacheDefinition refreshedBy="Otter"><cacheSource><worksheetSource '
    'sheet="Debts"/></cacheSource><cacheFields><cacheField name="Debtor"/></cacheFields></pivotCacheDefinition>',
    "xl/connections.xml": '<connections><connection name="Harbour" description="Tolls"><webPr url="https://kestrel.example/tolls"/>'
    "</connection></connections>",
    "xl/externalLinks/externalLink1.xml": '<externalLink><definedName name="Berths" refersTo="=Quay!A1"/><ddeLink ddeService="'
    'Signal" ddeTopic="Lamp"><ddeItem name="Lens"/></ddeLink></externalLink>',
    "xl/tables/table1.xml": '<table name="Crews" comment="Pilots"><tableColumn name="Wages" totalsRowLabel="Sum"/></table>',
    "xl/ctrlProps/ctrlProp1.xml": '<formControlPr><itemLst><item val="Smuggler"/></itemLst></formControlPr>',
    "xl/worksheets/sheet1.xml": '<autoFilter><filterColumn><filters><filter val="Heron"/></filters></filterColumn></autoFilter>'
    '<oleObjects><oleObject link="[1]Map"/></oleObjects>',
}


def test_people_sources_and_names_of_a_workbook_are_read() -> None:
    parts = dict(OF_A_BOOK)
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{S}" xmlns:r="{R}">{parts["xl/workbook.xml"]}<sheets><sheet name="s" r:id="r1"/></sheets></workbook>'
    )
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{S}"><sheetData/>{parts["xl/worksheets/sheet1.xml"]}</worksheet>'
    )
    link = f'<Relationship Id="r1" Type="{R}/worksheet" Target="worksheets/sheet1.xml"/>'
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{link}</Relationships>'
    )
    text = "".join(read(XLSX, parts).text)
    people = ("Ferry", "Otter", "Debts", "Debtor", "Crews", "Pilots", "Wages", "Sum", "Smuggler", "Heron")
    for word in (
        *people,
        "Harbour",
        "Tolls",
        "kestrel.example",
        "Berths",
        "Quay",
        "Signal",
        "Lamp",
        "Lens",
        "Map",
    ):
        assert word in text, word


XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"


@pytest.mark.parametrize(
    ("mime", "parts"),
    [
        (DOCX, TYPES | {"word/": "", "letters/a.xml": "<a>stash</a>"}),
        (PPTX, TYPES | {"ppt/x.xml": "<a>stash</a>"}),
        (XLSX, TYPES | {"xl/x.xml": "<a>stash</a>"}),
        (ODT, {"mimetype": ODT, "a.xml": "<a>stash</a>"}),
        (XLSB, LINKED | {"word/document.xml": document("stash"), "xl/workbook.bin": "no cells"}),
    ],
    ids=["docx", "pptx", "xlsx", "odt", "xlsb"],
)
def test_markup_of_what_is_no_document_after_all_is_read(mime: str, parts: dict[str, str]) -> None:
    parsed = read(mime, parts)
    assert "stash" in "".join(parsed.text)
    assert parsed.notes


BLANKS = f"<a>behind{' ' * (100 << 20)}</a>"
"""A hundred MiB out of a hundred KiB."""
SPINE = {
    "mimetype": EPUB,
    "META-INF/container.xml": '<container><rootfiles><rootfile full-path="p.opf"/></rootfiles></container>',
    "p.opf": "<package><manifest><item id='a' href='a.xhtml'/></manifest><spine><itemref idref='a'/></spine></package>",
    "a.xhtml": "<html><body><p>stash</p></body></html>",
}


@pytest.mark.parametrize(
    ("mime", "parts"),
    [
        (DOCX, {"a.xml": BLANKS, "b.xml": BLANKS} | TYPES | {"word/document.xml": document("stash")}),
        (
            DOCX,
            TYPES
            | {
                "word/document.xml": f"<w:document {W}>{' ' * (100 << 20)}</w:document>",
                "z.xml": "<a>stash</a>",
            },
        ),
        (XLSX, {"a.xml": BLANKS} | TYPES | {"xl/worksheets/sheet1.xml": sheet("stash")}),
        (
            ODT,
            {"mimetype": ODT, "a.xml": BLANKS, "content.xml": "<a><text:p xmlns:text='t'>stash</text:p></a>"},
        ),
        (ODT, {"mimetype": ODT, "content.xml": BLANKS, "z.xml": "<a>stash</a>"}),
        (EPUB, SPINE | {"b.xhtml": BLANKS}),
    ],
    ids=["docx", "docx-main", "xlsx", "odt", "odt-main", "epub"],
)
def test_a_bomb_costs_itself_and_is_named(mime: str, parts: dict[str, str]) -> None:
    parsed = read(mime, parts)
    assert "stash" in "".join(parsed.text)
    bombs = {name for name, text in parts.items() if len(text) > 1 << 20}
    said = [note.reason for note in parsed.notes if note.code == "part_damaged"]
    assert {name for name in bombs if any(reason.startswith(f"{name}:") for reason in said)} == bombs


def test_a_part_with_a_password_costs_itself_and_is_named() -> None:
    made = bytearray(
        packed(TYPES | {"word/document.xml": document("stash"), "word/header1.xml": document("shut")})
    )
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = made.rindex(mark)
        made[at + flags] |= 1
    made[made.rindex(b"PK\1\2") + 16] ^= 1  # its bytes as they are have not its CRC
    parsed = PARSERS.parse(DOCX, bytes(made), Limits())
    assert parsed is not None
    assert "".join(parsed.text).split() == ["stash"]
    assert [note.reason for note in parsed.notes] == [
        "word/header1.xml: document package: part word/header1.xml needs a password"
    ]


DECLARING = '<!DOCTYPE a [<!ENTITY e "kwdeclared by the mill">]><a><b>&e; kwbody</b></a>'
BREAKING = "<a><b>first</a> kwthird & kwfourth</b>"


@pytest.mark.parametrize("markup", [DECLARING, BREAKING], ids=["declares", "breaks"])
@pytest.mark.parametrize(
    ("mime", "part", "parts"),
    [
        (DOCX, "word/document.xml", TYPES),
        (DOCX, "word/x.xml", TYPES | {"word/document.xml": document("stash")}),
        (PPTX, "ppt/slides/slide1.xml", TYPES),
        (XLSX, "xl/worksheets/sheet1.xml", TYPES),
        (XLSX, "xl/sharedStrings.xml", TYPES | {"xl/worksheets/sheet1.xml": sheet("stash")}),
        (ODT, "content.xml", {"mimetype": ODT}),
        (ODT, "styles.xml", {"mimetype": ODT, "content.xml": "<a/>"}),
        (EPUB, "b.xml", SPINE),
    ],
    ids=["docx", "docx-other", "pptx", "xlsx", "strings", "odt", "styles", "epub"],
)
def test_words_of_markup_that_is_not_read_to_its_end_are_read_as_plain_text(
    mime: str, part: str, parts: dict[str, str], markup: str
) -> None:
    parsed = read(mime, parts | {part: markup})
    text = "".join(parsed.text)
    for word in re.findall(r"kw[a-z]+", markup):
        assert word in text, word
    said = [note.reason for note in parsed.notes if note.code == "part_damaged"]
    assert [reason for reason in said if reason.startswith(f"{part}:") and "plain text" in reason]


@pytest.mark.parametrize("code", ["utf-16", "utf-16-le", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(
    ("mime", "part", "others"),
    [(DOCX, "word/document.xml", DECOY), (DOCX, "word/v.xml", DECOY), (ODT, "content.xml", {"mimetype": ODT}),
     (ODT, "v.xml", {"mimetype": ODT, "content.xml": "<a/>"}), (EPUB, "b.xml", SPINE), (EPUB, "b.xhtml", SPINE), (XLSX, "xl/worksheets/sheet1.xml", BOOKS),
     (XLSX, "xl/sharedStrings.xml", BOOKS)],
)  # fmt: skip
def test_a_part_is_read_in_the_code_that_its_mark_tells(
    code: str, mime: str, part: str, others: dict[str, str]
) -> None:
    marked = ("" if code in ("utf-16", "utf-32") else "\ufeff") + document("Gruß über den Wehren").replace(
        "\n", " "
    )
    with_part = {name: content.encode() for name, content in others.items()} | {part: marked.encode(code)}
    parsed = PARSERS.parse(mime, packed(with_part), Limits())
    assert parsed is not None
    assert "Gruß über den Wehren" in "".join(parsed.text)
