"""Word processing documents.

Source: ECMA-376, part 1, sections 17.2-17.4 (document, paragraph, table); part 2 (packaging).
"""

from xml.sax.saxutils import escape

from samples.documents.writing import Document
from samples.documents.zipped import zipped
from samples.made import Made, made

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = f"""{_HEAD}<Types xmlns="{_PACKAGE}/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/word/document.xml" ContentType="{MIME}.main+xml"/>\
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>\
</Types>"""
_RELATIONS = f"""{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>\
<Relationship Id="r2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>\
</Relationships>"""


def as_docx(document: Document, author: str = "") -> Made:
    """Return the document as DOCX, with its author in the core properties."""
    body = "".join(_paragraph(text, document) for text in (document.title, *document.paragraphs)) + _table(
        document
    )
    page = f'{_HEAD}<w:document xmlns:w="{_MAIN}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    members = [("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", page),
               ("docProps/core.xml", _core(document, author))]  # fmt: skip
    data = zipped([(name, text.encode()) for name, text in members])
    return made(data, MIME, language=document.language.code, text=document.text)


def _paragraph(text: str, document: Document) -> str:
    direction = "<w:pPr><w:bidi/></w:pPr>" if document.language.right_to_left else ""
    mark = "<w:rPr><w:rtl/></w:rPr>" if document.language.right_to_left else ""
    return f'<w:p>{direction}<w:r>{mark}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _table(document: Document) -> str:
    if not document.rows:
        return ""
    rows = (
        "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{_paragraph(cell, document)}</w:tc>" for cell in row) + "</w:tr>"
        for row in document.rows
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>{''.join(rows)}</w:tbl>"


def _core(document: Document, author: str) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(document.title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">2026-03-01T08:00:00Z</dcterms:created></cp:coreProperties>'
    )
