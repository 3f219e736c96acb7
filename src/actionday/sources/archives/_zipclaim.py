"""Which zips are archives, and which are documents that a parser reads whole.

Source: ECMA-376 part 2 (OPC: ``[Content_Types].xml``); OpenDocument 1.3 part 2, section 3.3 and EPUB OCF 3.3,
section 4.3 (``mimetype`` first and stored); PKWARE APPNOTE.TXT 6.3.10, section 4.3.1.
"""

from actionday.mime.packages import DECLARED, OFFICE, declared, names
from actionday.mime.zipped.records import END, LOCAL, end
from actionday.model import Claim, Peek

_ITS_OWN = (LOCAL, END, b"PK00" + LOCAL, b"PK\x07\x08" + LOCAL)
_RUNNABLE = (b"MZ", b"\x7fELF", b"#!")  # self-extracting, or a zip behind a start script
BEGINNINGS = (*_ITS_OWN, *_RUNNABLE)


def claim(peek: Peek) -> Claim:
    """Return STRUCTURE for a zip with its end record, MAGIC for its first mark alone, NO for a document."""
    sure = _sure(peek)  # first: it costs most contents one look at their first bytes
    return Claim.NO if sure is Claim.NO or is_document(peek) else sure


def claim_package(peek: Peek) -> Claim:
    """Return the same for documents alone."""
    return _sure(peek) if peek.head.startswith(LOCAL) and is_document(peek) else Claim.NO


def _sure(peek: Peek) -> Claim:
    head = peek.head
    begins = head.startswith(_ITS_OWN)
    if not begins and not head.startswith(_RUNNABLE):
        return Claim.NO
    tail = peek.tail
    ends = end(tail, peek.size) is not None
    if not (begins or (ends and (LOCAL in tail or LOCAL in head))):
        return Claim.NO
    return Claim.STRUCTURE if ends else Claim.MAGIC


def is_document(peek: Peek) -> bool:
    """Return whether the parsers read it: office and OpenDocument files, books; not jar, apk, nupkg, vsdx, odb.

    It is told as the type of a content is (``detectors.filetype``): what is left to a parser comes to it.
    """
    if peek.head[:4] == LOCAL and (kind := declared(peek.head)):
        return DECLARED.fullmatch(kind) is not None
    listed = names(peek.head, peek.tail, peek.size)
    return b"[Content_Types].xml" in listed and OFFICE.search(listed) is not None
