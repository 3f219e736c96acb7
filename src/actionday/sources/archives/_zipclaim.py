"""Which zips are archives, and which are documents that a parser reads whole.

Source: ECMA-376 part 2 (OPC: ``[Content_Types].xml``); OpenDocument 1.3 part 2, section 3.3 and EPUB OCF 3.3,
section 4.3 (``mimetype`` first and stored); PKWARE APPNOTE.TXT 6.3.10, section 4.3.1.
"""

from actionday.mime.packages import package_type
from actionday.mime.zipped.records import END, LOCAL, end
from actionday.model import Claim, Kind, Peek

_ITS_OWN = (LOCAL, END, b"PK00" + LOCAL, b"PK\x07\x08" + LOCAL)
_RUNNABLE = (b"MZ", b"\x7fELF", b"#!")  # self-extracting, or a zip behind a start script
BEGINNINGS = (*_ITS_OWN, *_RUNNABLE)


def claim(peek: Peek) -> Claim:
    """Return STRUCTURE for a zip with its end record, MAGIC for its first mark alone, NO for a document.

    A document behind a marker or a program is one as well: ``appended`` finds it and gives it as an item.
    """
    sure = _sure(peek)  # first: it costs most contents one look at their first bytes
    return Claim.NO if sure is Claim.NO or is_document(peek) else sure


def claim_package(peek: Peek) -> Claim:
    """Return the same for documents alone."""
    return _sure(peek) if peek.head.startswith(LOCAL) and is_document(peek) else Claim.NO


def _sure(peek: Peek) -> Claim:
    head = peek.head
    begins = head.startswith(_ITS_OWN)
    if not begins and not head.startswith(_RUNNABLE):
        return _without_begin(peek)
    tail = peek.tail
    last = end(tail, peek.size)
    ends = last is not None and not 0 < last.disk < 0xFFFF  # the last of several parts is no whole
    if not (begins or (ends and (LOCAL in tail or LOCAL in head))):
        return Claim.NO
    return Claim.STRUCTURE if ends else Claim.MAGIC


def _without_begin(peek: Peek) -> Claim:
    """Return STRUCTURE for several parts put together of which the first lacks, by the directory in the last."""
    if peek.kind is not Kind.VOLUME or peek.head[:512].strip(b"\0"):
        return Claim.NO
    last = end(peek.tail, peek.size)
    whole = (
        last is not None and not last.disk and 0 < last.size <= last.at and last.offset + last.size == last.at
    )
    return Claim.STRUCTURE if whole else Claim.NO


def is_document(peek: Peek) -> bool:
    """Return whether the parsers read it: office and OpenDocument files, books; not jar, apk, nupkg, vsdx, odb.

    It is told as the type of a content is (``detectors.filetype``): what is left to a parser comes to it.
    """
    return bool(package_type(peek.head, peek.tail, peek.size))
