"""OpenDocument text.

Source: OASIS OpenDocument 1.3, part 2 (packages), part 3 sections 3, 5 and 9 (text, tables).
"""

from xml.sax.saxutils import escape

from samples.documents.writing import Document
from samples.documents.zipped import zipped
from samples.made import Made, made

MIME = "application/vnd.oasis.opendocument.text"
_NS = "urn:oasis:names:tc:opendocument:xmlns"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="{_NS}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def as_odt(document: Document) -> Made:
    """Return the document as ODT; ``mimetype`` comes first and is stored, as the standard asks."""
    body = f"<text:h>{escape(document.title)}</text:h>"
    body += "".join(f"<text:p>{escape(text)}</text:p>" for text in document.paragraphs) + _table(document)
    content = (
        f'{_HEAD}<office:document-content xmlns:office="{_NS}:office:1.0" xmlns:text="{_NS}:text:1.0" '
        f'xmlns:table="{_NS}:table:1.0" office:version="1.3"><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>"
    )
    members = [("mimetype", MIME), ("content.xml", content), ("META-INF/manifest.xml", _MANIFEST)]
    data = zipped([(name, text.encode()) for name, text in members])
    return made(data, MIME, language=document.language.code, text=document.text)


def _table(document: Document) -> str:
    if not document.rows:
        return ""
    rows = (
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in document.rows
    )
    return (
        f'<table:table table:name="t"><table:table-column/><table:table-column/>{"".join(rows)}</table:table>'
    )
