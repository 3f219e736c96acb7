"""Tables: spreadsheets and comma-separated values.

Source: ECMA-376, part 1, section 18.3 (worksheets; inline strings 18.18.11); RFC 4180.
"""

import csv
from io import StringIO
from xml.sax.saxutils import escape

from samples.documents.zipped import zipped
from samples.made import Made, made

Rows = list[tuple[str, ...]]

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def as_xlsx(rows: Rows, sheet: str) -> Made:
    """Return a workbook of one sheet; every cell is text."""
    cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    members = [
        ("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
         '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
         f'ContentType="{_SHEET}.sheet.main+xml"/><Override PartName="/xl/sheet1.xml" '
         f'ContentType="{_SHEET}.worksheet+xml"/></Types>'),
        ("_rels/.rels", _relation("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
         f'<sheet name="{escape(sheet)}" sheetId="1" r:id="r1"/></sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", _relation("worksheet", "sheet1.xml")),
        ("xl/sheet1.xml", f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>'),
    ]  # fmt: skip
    return made(zipped([(name, (_HEAD + text).encode()) for name, text in members]), MIME, text=_text(rows))


def _relation(kind: str, target: str) -> str:
    relation = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{relation}</Relationships>'


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def as_csv(rows: Rows) -> Made:
    """Return comma-separated values with a byte-order mark, as spreadsheets write them."""
    out = StringIO()
    csv.writer(out).writerows(rows)
    return made(out.getvalue().encode("utf-8-sig"), "text/csv", text=_text(rows))


def _text(rows: Rows) -> str:
    return "\n".join("  ".join(row) for row in rows)
