"""What a zip file is, by the names it lists: documents of three office families, books, programs.

Source: APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end record);
ECMA-376 part 2 (``[Content_Types].xml``); OpenDocument 1.3 part 2, section 3.3 (``mimetype`` first and stored).
"""

import re
from struct import unpack_from

from actionday.mime.packages import AT_ROOT

OOXML = (
    (b"xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.12"),
    (b"word/vbaProject.bin", "application/vnd.ms-word.document.macroEnabled.12"),
    (b"xl/vbaProject.bin", "application/vnd.ms-excel.sheet.macroEnabled.12"),
    (b"ppt/vbaProject.bin", "application/vnd.ms-powerpoint.presentation.macroEnabled.12"),
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"visio/", "application/vnd.ms-visio.drawing"),
    (b"FixedDocSeq.fdseq", "application/vnd.ms-xpsdocument"),
    (b"FixedDocumentSequence.fdseq", "application/vnd.ms-xpsdocument"),
)
OTHERS = (
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
    (b"Index/CalculationEngine", "application/x-iwork"),
    (b"Index/Document.iwa", "application/x-iwork"),
    (b"doc.kml", "application/vnd.google-earth.kmz"),
    (b"word/document.xml", OOXML[4][1]),  # some writers leave [Content_Types].xml out
    (b"xl/workbook.xml", OOXML[5][1]),
    (b"ppt/presentation.xml", OOXML[6][1]),
)
LONGEST_MIME = 128
"""Characters; RFC 6838 allows 127 a part, no registered document type comes near."""


def zip_type(head: bytes, tail: bytes, size: int) -> str:
    """Return the type of the document inside, else ``application/zip``."""
    return _declared(head) or _by_names(_names(head, tail or head, size)) or "application/zip"


def _declared(head: bytes) -> str | None:
    if head[30:38] != b"mimetype" or len(head) < 38:
        return None
    method, length = unpack_from("<H", head, 8)[0], unpack_from("<I", head, 18)[0]
    at = 38 + unpack_from("<H", head, 28)[0]
    if not length or length > LONGEST_MIME:  # sizes may follow the data: then the next header ends it
        length = max(head.find(b"PK", at, at + LONGEST_MIME) - at, 0)
    value = head[at : at + length].strip()
    plain = method == 0 and b"/" in value and value.isascii() and b" " not in value
    return value.decode("ascii").lower() if plain and value.decode("ascii").isprintable() else None


def _names(head: bytes, tail: bytes, size: int) -> bytes:
    """Return the bytes in which the names stand: the central directory if the tail has it, and the head."""
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 20:
        return head
    length, start = unpack_from("<II", tail, end + 12)
    at = start - (size - len(tail))
    return tail[at:end] if 0 <= at < end else tail[max(0, end - length) : end] + head


def _by_names(names: bytes) -> str | None:
    if b"[Content_Types].xml" in names or b"word/document.xml" in names:
        for name, mime in OOXML:
            if re.search(AT_ROOT + re.escape(name), names):
                return mime
    for name, mime in OTHERS:
        if name in names:
            return mime
    return None
