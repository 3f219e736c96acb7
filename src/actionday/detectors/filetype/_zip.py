"""What a zip file is, by the names it lists: documents of three office families, books, programs.

Source: APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end record);
ECMA-376 part 2 (``[Content_Types].xml``); OpenDocument 1.3 part 2, section 3.3 (``mimetype`` first and stored).
"""

import re

from actionday.mime.packages import AT_ROOT, declared, names

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


def zip_type(head: bytes, tail: bytes, size: int) -> str:
    """Return the type of the document inside, else ``application/zip``."""
    return declared(head) or _by_names(names(head, tail or head, size)) or "application/zip"


def _by_names(listed: bytes) -> str | None:
    if b"[Content_Types].xml" in listed or b"word/document.xml" in listed:
        for name, mime in OOXML:
            if re.search(AT_ROOT + re.escape(name), listed):
                return mime
    for name, mime in OTHERS:
        if name in listed:
            return mime
    return None
