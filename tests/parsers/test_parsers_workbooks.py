"""Workbooks: one bad cell, one broken sheet, one missing part costs itself and no more; what is stored is read."""

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from test_parsers_office import LIMITS, XLSX, P, R, S, cell, packed, read, text_of, workbook

from actionday.model import Limits
from actionday.parsers import Parsers

GOOD = "".join(cell(row, f"payment {row}") for row in range(1, 40))
SHARED = {
    "xl/sharedStrings.xml": f'<sst xmlns="{S}"><si><t>shared words</t></si><si><t>what a cell once said</t></si></sst>'
}
BAD = {
    "index": '<c r="A50" t="s"><v>99</v></c>',
    "type": '<c r="A50" t="zz"><v>1</v></c>',
    "place": '<c r="50A"><v>1</v></c>',
    "far place": '<c r="ZZZZ50"><v>1</v></c>',
    "error": '<c r="A50" t="e"><v>#FOO!</v></c>',
    "number": '<c r="A50"><v>twelve and a half</v></c>',
    "boolean": '<c r="A50" t="b"><v>perhaps</v></c>',
    "date": '<c r="A50" t="d"><v>garbage</v></c>',
    "empty": '<c r="A50" t="s"><v></v></c>',
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_one_bad_cell_costs_no_other(bad: str) -> None:
    text = text_of(XLSX, workbook(f'{GOOD}<row r="50">{bad}</row>', **SHARED))
    assert [row for row in range(1, 40) if f"payment {row}\t{row}.5\n" not in text] == []
    assert "".join(re.findall(r"<v>(.*)</v>", bad)) in text


@pytest.mark.parametrize("error", ["#SPILL!", "#CALC!", "#ERROR!", "#CONNECT!", "#GETTING_DATA", "#VALUE!"])
def test_an_error_of_any_kind_costs_no_sheet(error: str) -> None:
    row = f'<row r="1"><c r="A1" t="e"><v>{error}</v></c><c r="B1" t="inlineStr"><is><t>beside it</t></is></c></row>'
    assert text_of(XLSX, workbook(row)) == f"accounts\n{error}\tbeside it\n"


def test_character_data_sections_are_characters() -> None:
    rows = (
        '<row><c t="s"><v><![CDATA[0]]></v></c><c><v><![CDATA[4711]]></v></c><c t="str"><v><![CDATA[of a formula]]></v></c>'
        '<c t="inlineStr"><is><t><![CDATA[in <line>]]></t></is></c><c><f><![CDATA["quoted in it"&A1]]></f><v>0</v></c></row>'
    )
    text = text_of(XLSX, workbook(rows, **SHARED))
    assert text.startswith("accounts\nshared words\t4711\tof a formula\tin <line>\t0\n")
    assert "quoted in it" in text


def test_strings_that_no_cell_shows_stand_at_the_end() -> None:
    text = text_of(XLSX, workbook('<row><c t="s"><v>0</v></c></row>', **SHARED))
    assert text == "accounts\nshared words\n\n— — —\nwhat a cell once said\n"


def test_cells_and_rows_at_one_place_are_all_read() -> None:
    twice = cell(1, "first") + cell(1, "second").replace('r="B1"', 'r="A1"')
    assert text_of(XLSX, workbook(twice)) == "accounts\nfirst\t1.5\nsecond\t1.5\n"


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_sheets_in_any_spelling_are_read_with_what_stands_around_the_cells(
    prefix: str, encoding: str
) -> None:
    sheet = (
        f'<?xml version="1.0" encoding="{encoding}"?><{prefix}worksheet xmlns{":x" if prefix else ""}="{S}"><{prefix}sheetData>'
        f'<{prefix}row><{prefix}c t="str"><{prefix}v>in a cell</{prefix}v></{prefix}c></{prefix}row></{prefix}sheetData>'
        f"<{prefix}headerFooter><{prefix}oddHeader>printed above</{prefix}oddHeader></{prefix}headerFooter></{prefix}worksheet>"
    )
    content = packed({**_parts(workbook("")), "xl/worksheets/sheet1.xml": sheet.encode(encoding)})
    assert text_of(XLSX, content).split("\n")[:2] == ["accounts", "in a cell"]
    assert "printed above" in text_of(XLSX, content)


def test_a_string_that_a_million_cells_share_stops_at_the_limit_and_that_is_said() -> None:
    shared = {"xl/sharedStrings.xml": f'<sst xmlns="{S}"><si><t>{"much " * 2000}</t></si></sst>'}
    content = workbook('<row><c t="s"><v>0</v></c></row>' * 1000, **shared)
    parsed = Parsers.load().parse(XLSX, content, Limits(text=100_000))
    assert parsed is not None
    assert sum(map(len, parsed.text[1:])) == 100_000
    assert parsed.reason == "more than 100000 characters of cells: the rest is left out"
    assert parsed.notes[0].code == "text_cut"


@pytest.mark.parametrize(
    ("style", "value", "shown"),
    [("14", "46095", "2026-03-14"), ("22", "46095.5730324074", "2026-03-14 13:45:10"), ("21", "0.5729166667", "13:45:00"),
     ("14", "1", "1900-01-01"), ("14", "61", "1900-03-01"), ("46", "1.5", "36:00:00"), ("14", "9999999", "9999999"),
     ("0", "46095", "46095"), ("0", "1.5E+6", "1500000"), ("0", "1E-5", "0.00001"), ("0", "1E+900", "1E+900"),
     ("164", "46095", "2026-03-14"), ("165", "46095", "46095"), ("166", "0.25", "0.25"), ("14", "soon", "soon")],
)  # fmt: skip
def test_numbers_are_shown_as_their_style_says(style: str, value: str, shown: str) -> None:
    styles = (
        f'<styleSheet xmlns="{S}"><numFmts><numFmt numFmtId="164" formatCode="[$-407]dd\\.mm\\.yyyy;@"/><numFmt numFmtId="165" '
        'formatCode="&quot;days&quot; [Red]0.00"/><numFmt numFmtId="166" formatCode="General"/></numFmts>'
        f'<cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="{style}"/></cellXfs></styleSheet>'
    )
    content = workbook(f'<row><c s="1"><v>{value}</v></c></row>', **{"xl/styles.xml": styles})
    assert text_of(XLSX, content).split("\n")[1] == shown


def test_dates_are_counted_from_1904_where_the_workbook_says_so() -> None:
    parts = _parts(workbook('<row><c s="0"><v>0</v></c><c s="0"><v>44633</v></c></row>'))
    parts["xl/styles.xml"] = (
        f'<styleSheet xmlns="{S}"><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'.encode()
    )
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"<sheets>", b'<workbookPr date1904="1"/><sheets>'
    )
    assert text_of(XLSX, packed(dict(parts))).split("\n")[1] == "1904-01-01\t2026-03-14"


SOURCE = """<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet>%s
</office:spreadsheet></office:body></office:document>"""
TABLE = """<table:table table:name="{0} sheet"><table:table-row><table:table-cell office:value-type="string">
<text:p>{0} payments</text:p></table:table-cell><table:table-cell table:formula="of:=FOO(1)"/></table:table-row></table:table>"""


@pytest.fixture(scope="session")
def three_sheets(made: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The parts of a workbook of three sheets that LibreOffice wrote; ``made`` skips where it is not installed."""
    assert made.is_dir()
    folder = tmp_path_factory.mktemp("sheets")
    tables = "".join(TABLE.format(name) for name in ("First", "Second", "Third"))
    (folder / "three.fods").write_text(SOURCE % tables, encoding="utf-8")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx",
                    "--outdir", str(folder), str(folder / "three.fods")],
                   check=True, capture_output=True, timeout=120)  # fmt: skip
    return _parts((folder / "three.xlsx").read_bytes())


@pytest.mark.tools
def test_an_office_workbook_is_read_sheet_by_sheet(three_sheets: dict[str, bytes]) -> None:
    parsed = read(XLSX, packed(dict(three_sheets)))
    lines = [" ".join(line.split()) for line in "".join(parsed.text).split("\n")]
    assert lines[:6] == ["First sheet", "First payments #NAME?", "Second sheet", "Second payments #NAME?",
                         "Third sheet", "Third payments #NAME?"]  # fmt: skip
    assert parsed.notes == ()


@pytest.mark.tools
@pytest.mark.parametrize("how", ["cut", "ampersand", "absent", "sum", "error code"])
def test_a_broken_sheet_costs_no_other_and_is_said(how: str, three_sheets: dict[str, bytes]) -> None:
    parts: dict[str, str | bytes] = dict(three_sheets)
    name = "xl/worksheets/sheet2.xml"
    sheet = three_sheets[name]
    if how == "cut":
        parts[name] = sheet[: sheet.index(b"</sheetData>") - 3]
    elif how == "ampersand":
        parts[name] = sheet.replace(b"foo(1)", b"foo&1")
    elif how == "absent":
        del parts[name]
    elif how == "error code":
        parts[name] = sheet.replace(b"#NAME?", b"#SPILL!")
    content = packed(parts)
    if how == "sum":
        raw = bytearray(content)
        at = raw.rindex(b"PK\x01\x02", 0, raw.rindex(name.encode()))
        raw[at + 16] ^= 1
        content = bytes(raw)
    parsed = read(XLSX, content)
    text = " ".join("".join(parsed.text).split())
    for wanted in (
        "First sheet First payments",
        "Second sheet",
        "Second payments",
        "Third sheet Third payments",
    ):
        assert wanted in text
    codes = {str(note.code) for note in parsed.notes}
    assert codes == (set() if how == "error code" else {"part_damaged"})
    assert how == "error code" or name in parsed.reason


def test_a_header_that_a_document_names_and_lacks_is_said() -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def rels(kind: str, target: str) -> str:
        return (
            f'<Relationships xmlns="{P}/relationships"><Relationship Id="a" Type="{R}/{kind}" Target="{target}"/>'
            "</Relationships>"
        )

    parts: dict[str, str | bytes] = {
        "_rels/.rels": rels("officeDocument", "word/document.xml"),
        "word/document.xml": f'<w:document xmlns:w="{w}"><w:p><w:r><w:t>body</w:t></w:r></w:p></w:document>',
        "word/_rels/document.xml.rels": rels("header", "header1.xml"),
    }
    parsed = Parsers.load().parse(docx, packed(parts), LIMITS)
    assert parsed is not None
    assert [str(note.code) for note in parsed.notes] == ["part_damaged"]
    assert parsed.reason.startswith("word/header1.xml: the document names this part")


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}
