"""Documents that are a zip of parts: which parts the parsers read as the document; the sources open all others.

Source: ECMA-376 part 2 (OPC), 6.2 and 6.5 (parts, relationships); OpenDocument 1.3 part 2; EPUB OCF 3.3.
"""

import re

AT_ROOT = rb"(?<![\w./ -])"
"""What stands before a name that begins here: within a directory or a header, a byte that is none of a name."""
OFFICE = re.compile(AT_ROOT + rb"(?:word|xl|ppt|visio)/")
"""The folder of a package that an office parser reads, among the bytes in which its names stand."""
DECLARED = re.compile(
    rb"application/(?:epub\+zip|hwp\+zip|vnd\.sun\.xml\.(?:writer|calc|impress|draw)"
    rb"|vnd\.oasis\.opendocument\.(?:text|spreadsheet|presentation|graphics|chart|formula))",
    re.IGNORECASE,
)
"""What ``mimetype`` says of documents that a parser reads; a data base is opened as the archive that it is."""
READ = (".xml", ".rels", ".vml", ".rdf")
"""Markup of office packages: their parsers read every text in it, wherever it lies."""
BOOK = (".xhtml", ".html", ".htm", ".xml", ".opf", ".ncx")
"""Markup of books."""
TYPE = "mimetype"
"""The part that only repeats the type of the package."""


def is_read(name: str, *, book: bool) -> bool:
    """Say whether a package's parser reads the part of this name itself."""
    lower = name.lower()
    return lower == TYPE or lower.endswith(BOOK if book else READ)
