"""PDF pages in a standard font: for the languages that Windows-1252 can write.

Source: ISO 32000-2, sections 7.5 (file structure), 9.6.2 (standard fonts) and D.2 (WinAnsi).
"""

from textwrap import wrap

from samples.documents.writing import Document
from samples.made import Made, made

WRITABLE = frozenset({"eng", "spa", "deu", "fra", "ind"})
_COLUMNS, _LINES = 88, 52  # what fits an A4 page at 10 points


def as_pdf(document: Document) -> Made:
    """Return the document as PDF.

    Raises ``UnicodeEncodeError`` for a language that is not in ``WRITABLE``.
    """
    lines = [
        line for text in document.text.split("\n") for line in wrap(text, _COLUMNS, break_on_hyphens=False)
    ]
    pages = [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, page in enumerate(pages):
        objects += [_page(5 + 2 * number), _stream(page)]
    return made(_file(objects), "application/pdf", language=document.language.code, text=document.text)


def _page(content: int) -> bytes:
    return (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
        % content
    )


def _stream(lines: list[str]) -> bytes:
    shown = b"".join(b"(%s) Tj T*\n" % _escaped(line) for line in lines)
    body = b"BT /F1 10 Tf 14 TL 50 790 Td\n" + shown + b"ET\n"
    return b"<</Length %d>>stream\n%sendstream" % (len(body), body)


def _escaped(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def _file(objects: list[bytes]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, count = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % count + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    return bytes(out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, start))
