"""Documents that are a zip of parts: which parts the parsers read as the document; the sources open all others.

Source: ECMA-376 part 2 (OPC), 6.2 and 6.5 (parts, relationships); OpenDocument 1.3 part 2; EPUB OCF 3.3.
"""

import re
from struct import unpack_from

from actionday.mime.zipped.records import end

AT_ROOT = rb"(?<![\w./ -])"
"""What stands before a name that begins here: within a directory or a header, a byte that is none of a name."""
OFFICE = re.compile(AT_ROOT + rb"(?:word|xl|ppt|visio)/")
"""The folder of a package that an office parser reads, among the bytes in which its names stand."""
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


def declared(head: bytes) -> str:
    """Return the type that the first member of a zip says, stored and called ``mimetype``; "" where it says none."""
    if head[30:38] != TYPE.encode() or len(head) < 38:
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
