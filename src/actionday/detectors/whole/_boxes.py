"""Whether a content of boxes is whole: MP4, QuickTime, 3GPP, HEIF, AVIF, JPEG 2000, JPEG XL.

Source: ISO/IEC 14496-12, 4.2 (boxes), 8.2.1 (``moov``), 8.8.4 (``moof``); QuickTime File Format, "Atoms";
ISO/IEC 15444-1, A.4 (SOT, EOC) and I.4 (JP2).
"""

import re
from collections.abc import Callable, Mapping

from actionday.detectors.whole._content import Content, endless
from actionday.detectors.whole._walk import walk
from actionday.mime.boxes import BOXES
from actionday.model import Note

KIND = re.compile(rb"[\x20-\x7e\xa9]{4}")
EVERYTHING = frozenset({b"moov", b"moof"})
"""One of these says what the sound and the pictures of a film are and where they lie."""
CODESTREAM = b"jp2c"


def film(content: Content) -> Note | None:
    """Go through the boxes at the top; a film also needs ``moov`` (or a fragment's ``moof``)."""
    lacking = endless("MP4", "the box that says what it holds (moov)")
    return _boxes(content, "MP4", lambda kinds: None if kinds.keys() & EVERYTHING else lacking)


def still(content: Content) -> Note | None:
    """Go through the boxes at the top; a picture also needs ``meta``, one that moves ``moov``."""
    lacking = endless("HEIF", "the box that says what it holds (meta)")
    return _boxes(content, "HEIF", lambda kinds: None if kinds.keys() & {b"meta", *EVERYTHING} else lacking)


def xl(content: Content) -> Note | None:
    """Go through the boxes of JPEG XL; one without boxes does not tell where it ends."""
    return _boxes(content, "JPEG XL", lambda _: None) if content.data[:2] == b"\0\0" else None


def wavelet(content: Content) -> Note | None:
    """Go through the boxes of JPEG 2000 and the parts of its codestream."""
    if content.data[:2] == b"\xff\x4f":
        return codestream(content, 0)
    lacking = endless("JPEG 2000", "its codestream")
    return _boxes(
        content,
        "JPEG 2000",
        lambda kinds: codestream(content, kinds[CODESTREAM]) if CODESTREAM in kinds else lacking,
    )


def _boxes(content: Content, name: str, judged: Callable[[Mapping[bytes, int]], Note | None]) -> Note | None:
    """Go through the boxes at the top; ``judged`` says what is to be said of their kinds and where each begins."""
    kinds = dict[bytes, int]()

    def box(at: int, head: bytes) -> int | Note | None:
        if len(head) < 8:
            return at + 8 if head.strip(b"\0") else judged(kinds)
        kind, size, length = head[4:8], int.from_bytes(head[:4], "big"), 8
        if not KIND.fullmatch(kind):
            return judged(kinds)  # appended
        if size == 1:
            size, length = int.from_bytes(head[8:16], "big"), 16
        kinds.setdefault(kind, at + length)
        if size < length or (at + size > content.size and kind not in BOXES):
            return judged(kinds)  # the box that goes on to the end; words that were appended
        return at + size

    return walk(content, name, 0, 16, box)


def codestream(content: Content, at: int) -> Note | None:
    """Go through the main header and the tile parts, which tell their lengths, up to the end marker."""
    lacking = endless("JPEG 2000", "its end marker")

    def segment(at: int, head: bytes) -> int | Note | None:
        if head[:2] == b"\xff\xd9":
            return None
        if len(head) < 4 or head[:1] != b"\xff":
            return lacking
        if head[1] != 0x90:
            return at + 2 + int.from_bytes(head[2:4], "big")
        length = int.from_bytes(head[6:10], "big") if len(head) >= 10 else 12
        if length:
            return at + length
        end = content.at(max(0, content.size - 2), 2)  # up to the end marker, wherever that is
        return None if end in (None, b"\xff\xd9") else lacking

    return walk(content, "JPEG 2000", at + 2, 12, segment)
