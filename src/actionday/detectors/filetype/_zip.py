"""What a zip file is, by the names it lists: documents of three office families, books, programs.

Source: APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end record);
ECMA-376 part 2 (``[Content_Types].xml``); OpenDocument 1.3 part 2, section 3.3 (``mimetype`` first and stored).
"""

import re

from actionday.mime.packages import AT_ROOT, by_folders, declared, names, package_type

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
FIXED = re.compile(AT_ROOT + rb"FixedDoc(?:ument)?Seq(?:uence)?\.fdseq")
OTHERS = (
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
    (b"Index/CalculationEngine", "application/x-iwork"),
    (b"Index/Document.iwa", "application/x-iwork"),
    (b"doc.kml", "application/vnd.google-earth.kmz"),
    (b"word/document.xml", WORD),  # some writers leave [Content_Types].xml out
    (b"xl/workbook.xml", SHEET),
    (b"ppt/presentation.xml", SLIDES),
)


def zip_type(head: bytes, tail: bytes, size: int) -> str:
    """Return the type of the document inside, else ``application/zip``."""
    kind = package_type(head, tail or head, size) or declared(head)
    return kind or _by_names(names(head, tail or head, size)) or "application/zip"


def _by_names(listed: bytes) -> str | None:
    if b"[Content_Types].xml" in listed or b"word/document.xml" in listed:
        if kind := by_folders(listed):
            return kind
        if FIXED.search(listed):
            return "application/vnd.ms-xpsdocument"
    for name, mime in OTHERS:
        if name in listed:
            return mime
    return None
