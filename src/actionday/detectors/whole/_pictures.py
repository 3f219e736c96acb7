"""Whether a picture made of chunks, segments or blocks is whole: PNG and MNG with their checksums, JPEG, GIF.

Source: PNG (third edition), 5.3 (chunks), 5.5 (CRC); MNG 1.0, 3 (MEND); ITU-T T.81, B.1.1 (markers); GIF89a, 12 to 27.
"""

import re
import zlib
from mmap import mmap

from actionday.detectors.whole._content import Content, broken, endless
from actionday.detectors.whole._walk import walk
from actionday.model import Loss, Note

LETTERS = re.compile(rb"[A-Za-z]{4}")
MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""In a JPEG's entropy-coded data: a byte 0xFF that is neither stuffed (00) nor a restart (D0-D7) nor fill (FF)."""
ALONE = frozenset({1, *range(0xD0, 0xD9)})
"""Markers without a length."""


def png(content: Content) -> Note | None:
    """Go through the chunks and their checksums (1 GB/s): the last is IEND, in an animation MEND."""
    name, last = ("MNG", b"MEND") if content.data[:1] == b"\x8a" else ("PNG", b"IEND")
    view, wrong = memoryview(content.data), -1

    def chunk(at: int, head: bytes) -> int | Note | None:
        nonlocal wrong
        if len(head) < 8:
            return endless(name, f"its last chunk ({last.decode()})")
        if not LETTERS.fullmatch(head[4:]):
            why = f"{name}: what stands at byte {at} is no chunk: nothing behind it is read"
            return Note(Loss.DAMAGED, why)
        end = at + 12 + int.from_bytes(head[:4], "big")
        if end <= len(view) and wrong < 0:
            wrong = at if zlib.crc32(view[at + 4 : end - 4]) != content.number(end - 4, 4, "big") else -1
        return end if head[4:] != last or end > content.size else _differs(name, wrong)

    return walk(content, name, 8, 8, chunk)


def _differs(name: str, wrong: int) -> Note | None:
    """Return what is said where the checksum of the chunk at byte ``wrong`` >= 0 differs."""
    if wrong < 0:
        return None
    return Note(Loss.CHECKSUM, f"{name}: the checksum of the chunk at byte {wrong} differs: its bytes are not those"
                               " that were written")  # fmt: skip


def jpeg(content: Content) -> Note | None:
    """Go through the segments and the coded data between them up to the end marker (2 GB/s)."""
    data, scans, coded = content.data, 0, False

    def segment(at: int, head: bytes) -> int | Note | None:
        nonlocal scans, coded
        if not content.held and at + 4 > len(data):
            return None
        if len(head) < 2:
            return endless("JPEG", "its end marker")
        if coded or head[0] != 0xFF:
            coded = False
            return _marker(data, at)
        marker = head[1]
        if marker == 0xD9:
            return None if scans else broken("JPEG", "no picture stands before its end marker")
        if marker == 0xFF or marker in ALONE:
            return at + (1 if marker == 0xFF else 2)
        if marker == 0xDA:
            scans, coded = scans + 1, True
        return at + 2 + int.from_bytes(head[2:4], "big")

    return walk(content, "JPEG", 2, 4, segment)


def _marker(data: bytes | mmap, at: int) -> int:
    found = MARKER.search(data, at)
    return found.start() if found else len(data)


def gif(content: Content) -> Note | None:
    """Go through the blocks and their sub-blocks of up to 255 bytes, up to the trailer (100 MB/s)."""
    data, limit = content.data, len(content.data)
    if limit < 13:
        return endless("GIF", "its header")

    def block(at: int, head: bytes) -> int | Note | None:
        if at >= limit:
            return endless("GIF", "its trailer") if content.held else None
        kind = head[0]
        if kind == 0x3B:
            return None
        if kind == 0x21:
            return min(_blocks(data, at + 2, limit), limit)
        if kind == 0x2C:
            begin = at + 11 + _colours(data[at + 9] if at + 9 < limit else 0)
            return min(_blocks(data, begin, limit), limit)
        if kind == 0:  # some writers end a row of blocks twice
            return at + 1
        return Note(Loss.DAMAGED, f"GIF: what stands at byte {at} is no block: nothing behind it is read")

    return walk(content, "GIF", min(13 + _colours(data[10]), limit), 1, block)


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(data: bytes | mmap, at: int, limit: int) -> int:
    while at < limit and data[at]:
        at += 1 + data[at]
    return at + 1
