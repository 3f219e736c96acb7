"""Which parts of a BitLocker volume are not enciphered yet, where bitmaps tell it: each bit is of a chunk.

Newer Windows enciphers what is written and keeps what was free as it is. The structures are of no published standard.

Source: dissect.fve, ``bde/c_bde.py`` (names of the structures, after fvevol.sys).
"""

from typing import NamedTuple

import numpy as np

from actionday.model import Damaged, Stream
from actionday.model.streams import read_at
from actionday.sources.volumes._bitlocker_block import Places
from actionday.sources.volumes._signs import u16, u32, u64

INFORMATION, BITMAP, RECORD = b"FVE-EOW\0", b"FVE-EOWBM\0", b"FVE-EOWBR\0"
HEAD = 56
SMALLEST_CHUNK = 512
MOST_REGIONS, MOST_BYTES, MOST_RANGES = 4096, 64 << 20, 1 << 20
"""Bitmaps of one volume, bytes of all of them, and stretches that lie open."""


class Open(NamedTuple):
    """Bytes ``begin`` to ``end`` that lie open."""

    begin: int
    end: int


def open_ranges(stream: Stream, places: Places) -> list[Open]:
    """Return what lies open, in order; nothing where no bitmap is kept. Raises Damaged."""
    if not places.bitmaps:
        return []
    head, why = b"", ""
    for at in places.bitmaps:
        head = read_at(stream, at, HEAD + 8 * MOST_REGIONS)
        if head[:8] == INFORMATION and len(head) >= HEAD:
            break
        why = f"none at byte {at}"
    else:
        raise Damaged(f"bitlocker: the bitmaps of what is encrypted cannot be found: {why}")
    chunk, length = u32(head, 20), min(u16(head, 10), len(head))
    if chunk < SMALLEST_CHUNK or chunk % SMALLEST_CHUNK:
        raise Damaged(f"bitlocker: bitmaps of chunks of {chunk} bytes")
    found, left = list[Open](), MOST_BYTES
    for at in range(u16(head, 8), length - 7, 8):
        region = u64(head, at)
        if region:
            left = _region(stream, region, chunk, found, left)
    found.sort()
    return found


def _region(stream: Stream, at: int, chunk: int, found: list[Open], left: int) -> int:
    """Add what lies open in one region; return how many bytes of bitmaps may follow. Raises Damaged."""
    head = read_at(stream, at, 60)
    if len(head) < 60 or head[:10] != BITMAP:
        raise Damaged(f"bitlocker: no bitmap at byte {at}")
    begin, size = u64(head, 20), u64(head, 28)
    newest, bits = -1, b""
    for place in (u32(head, 44), u32(head, 48)):
        record = read_at(stream, at + place, 36)
        if len(record) == 36 and record[:10] == RECORD and u64(record, 20) > newest:
            count = u32(record, 16)
            length = -(-count // 8)
            if (left := left - length) < 0:
                raise Damaged(f"bitlocker: more than {MOST_BYTES} bytes of bitmaps")
            bits, newest = read_at(stream, at + place + u16(record, 10), length), u64(record, 20)
            if len(bits) < length:
                raise Damaged(f"bitlocker: the bitmap at byte {at} breaks off")
    if newest < 0:
        raise Damaged(f"bitlocker: the bitmap at byte {at} has no record")
    clear = np.unpackbits(np.frombuffer(bits, dtype=np.uint8), bitorder="little")[: -(-size // chunk)] == 0
    edges = np.flatnonzero(np.diff(np.concatenate(([False], clear, [False])).astype(np.int8)))
    if len(found) + len(edges) // 2 > MOST_RANGES:
        raise Damaged(f"bitlocker: more than {MOST_RANGES} stretches that are not encrypted")
    for first, behind in edges.reshape(-1, 2).tolist():
        found.append(Open(begin + first * chunk, min(begin + behind * chunk, begin + size)))
    return left
