"""Whether a content of boxes is whole: MP4, QuickTime, 3GPP, HEIF, AVIF, JPEG 2000, JPEG XL.

Source: ISO/IEC 14496-12, 4.2 (boxes), 8.2.1 (``moov``), 8.8.4 (``moof``); QuickTime File Format, "Atoms";
ISO/IEC 15444-1, A.4 (SOT, EOC) and I.4 (JP2).
"""

import re

from actionday.detectors.whole._content import MOST_STEPS, Content, endless
from actionday.mime.boxes import BOXES
from actionday.model import Note

KIND = re.compile(rb"[\x20-\x7e\xa9]{4}")
EVERYTHING = frozenset({b"moov", b"moof"})
"""One of these says what the sound and the pictures of a film are and where they lie."""
CODESTREAM = b"jp2c"


def film(content: Content) -> Note | None:
    """Go through the boxes at the top; a film also needs ``moov`` (or a fragment's ``moof``)."""
    kinds, found = _walk(content, "MP4")
    if found or kinds is None:
        return found
    return None if kinds.keys() & EVERYTHING else endless("MP4", "the box that says what it holds (moov)")


def still(content: Content) -> Note | None:
    """Go through the boxes at the top; a picture also needs ``meta``, one that moves ``moov``."""
    kinds, found = _walk(content, "HEIF")
    if found or kinds is None:
        return found
    return (
        None
        if kinds.keys() & {b"meta", *EVERYTHING}
        else endless("HEIF", "the box that says what it holds (meta)")
    )


def xl(content: Content) -> Note | None:
    """Go through the boxes of JPEG XL; one without boxes does not tell where it ends."""
    return _walk(content, "JPEG XL")[1] if content.data[:2] == b"\0\0" else None


def wavelet(content: Content) -> Note | None:
    """Go through the boxes of JPEG 2000 and the parts of its codestream."""
    if content.data[:2] == b"\xff\x4f":
        return codestream(content, 0)
    kinds, found = _walk(content, "JPEG 2000")
    if found or kinds is None:
        return found
    if CODESTREAM not in kinds:
        return endless("JPEG 2000", "its codestream")
    return codestream(content, kinds[CODESTREAM])


def _walk(content: Content, name: str) -> tuple[dict[bytes, int] | None, Note | None]:
    """Return what the boxes at the top are and where each begins, None where not all are held, and what is missing."""
    at, kinds = 0, dict[bytes, int]()
    for _ in range(MOST_STEPS):
        head = content.at(at, 16)
        if head is None:
            return None, None
        if len(head) < 8:
            return kinds, (content.short(name, at + 8) if head.strip(b"\0") else None)
        kind, size, length = head[4:8], int.from_bytes(head[:4], "big"), 8
        if not KIND.fullmatch(kind):
            return kinds, None  # appended
        if size == 1:
            size, length = int.from_bytes(head[8:16], "big"), 16
        kinds.setdefault(kind, at + length)
        if size < length or (at + size > content.size and kind not in BOXES):
            return kinds, None  # the box that goes on to the end; words that were appended
        at += size
        if at > content.size:
            return kinds, content.short(name, at)
    return None, None


def codestream(content: Content, at: int) -> Note | None:
    """Go through the main header and the tile parts, which tell their lengths, up to the end marker."""
    at += 2
    for _ in range(MOST_STEPS):
        head = content.at(at, 12)
        if head is None:
            return None
        if head[:2] == b"\xff\xd9":
            return None
        if len(head) < 4 or head[:1] != b"\xff":
            return endless("JPEG 2000", "its end marker")
        if head[1] == 0x90:
            length = int.from_bytes(head[6:10], "big") if len(head) >= 10 else 12
            if length == 0:  # up to the end marker, wherever that is
                end = content.at(max(0, content.size - 2), 2)
                return None if end in (None, b"\xff\xd9") else endless("JPEG 2000", "its end marker")
            at += length
        else:
            at += 2 + int.from_bytes(head[2:4], "big")
        if at > content.size:
            return content.short("JPEG 2000", at)
    return None
