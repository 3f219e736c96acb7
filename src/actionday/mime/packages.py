"""Documents that are a zip of parts: which parts the parsers read as the document; the sources open all others.

Source: ECMA-376 part 2 (OPC), 6.2 and 6.5 (parts, relationships); OpenDocument 1.3 part 2; EPUB OCF 3.3.
"""

import re
from struct import unpack_from

from actionday.mime.zipped.records import LOCAL, end

AT_ROOT = rb"(?<![\w./ -])"
"""What stands before a name that begins here: within a directory or a header, a byte that is none of a name."""
OFFICE = (
    (b"xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.12"),
    (b"word/vbaProject.bin", "application/vnd.ms-word.document.macroEnabled.12"),
    (b"xl/vbaProject.bin", "application/vnd.ms-excel.sheet.macroEnabled.12"),
    (b"ppt/vbaProject.bin", "application/vnd.ms-powerpoint.presentation.macroEnabled.12"),
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"visio/", "application/vnd.ms-visio.drawing"),
)
"""What an office parser reads, by the beginning of a name among the bytes in which the names stand."""
DECLARED = re.compile(
    r"application/(?:epub\+zip|hwp\+zip"
    r"|vnd\.sun\.xml\.(?:writer(?:\.global|\.web)?|calc|impress|draw)(?:\.template)?"
    r"|vnd\.oasis\.opendocument\.(?:text(?:-master|-web)?|spreadsheet|presentation|graphics|chart|formula)"
    r"(?:-template)?)"
)
"""What ``mimetype`` says of documents that a parser reads; a data base is opened as the archive that it is."""
LONGEST = 128
"""Characters of a type; RFC 6838 allows 127 a part, no registered document type comes near."""
READ = (".xml", ".rels", ".vml", ".rdf")
"""Markup of office packages: their parsers read every text in it, wherever it lies."""
BOOK = (".xhtml", ".html", ".htm", ".xml", ".opf", ".ncx")
"""Markup of books."""
TYPE = "mimetype"
"""The part that only repeats the type of the package."""


def is_read(name: str, *, book: bool) -> bool:
    """Say whether a package's parser reads the part of this name itself."""
    return name.lower().endswith(BOOK if book else READ)


def package_type(head: bytes, tail: bytes, size: int) -> str:
    """Return the type of a document of which a parser reads the markup; "" for any other zip, which is an archive.

    Detector and source both ask this: what is left to a parser comes to the one that reads it.
    """
    if kind := declared(head):
        return kind if DECLARED.fullmatch(kind) else ""
    listed = names(head, tail, size)
    return by_folders(listed) if b"[Content_Types].xml" in listed else ""


def by_folders(listed: bytes) -> str:
    """Return the type that the folders of an office package say; "" where there are none."""
    return next((kind for name, kind in OFFICE if re.search(AT_ROOT + re.escape(name), listed)), "")


def declared(head: bytes) -> str:
    """Return the type that the first member of a zip says, stored and called ``mimetype``; "" where it says none."""
    if not head.startswith(LOCAL) or head[30:38] != TYPE.encode():
        return ""
    method, length = unpack_from("<H", head, 8)[0], unpack_from("<I", head, 18)[0]
    at = 38 + unpack_from("<H", head, 28)[0]
    if not length or length > LONGEST:  # sizes may follow the data: then the next header ends it
        length = max(head.find(b"PK", at, at + LONGEST) - at, 0)
    value = head[at : at + length].strip()
    plain = method == 0 and b"/" in value and value.isascii() and b" " not in value
    return value.decode("ascii").lower() if plain and value.decode("ascii").isprintable() else ""


def names(head: bytes, tail: bytes, size: int) -> bytes:
    """Return the bytes in which the members' names stand: the directory where it is seen whole, else all there is.

    What is stored in a member may be a document itself, and is not what the archive is.
    """
    found, before = end(tail, size), size - len(tail)
    at = -1 if found is None or not found.size else found.at - found.size - before
    return head + tail if found is None or at < 0 else tail[at : found.at - before]
