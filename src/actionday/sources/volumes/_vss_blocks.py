"""Which blocks a store of an NTFS shadow copy keeps: those that were overwritten between it and the next.

Source: J. Metz, "Volume Shadow Snapshot (VSS) format" (libvshadow), "Store block list", "Successive block
descriptors", "Store bitmap".
"""

from typing import NamedTuple

import numpy as np

from actionday.model import Damaged, Stream, Unsupported
from actionday.sources.volumes._vss_header import BITMAP, BLOCK, HEAD, LIST, Entry, chained

FORWARDER, OVERLAY, UNUSED = 1, 2, 4
SECTOR = 512
LARGEST = 16 << 20
"""Blocks of one store that are held: 256 MiB, of 256 GiB that were overwritten."""
MOST_ODD = 1 << 20
"""Blocks of a store with forwarders or overlays, each of which may change what stands before it: held one by one."""
EACH = np.dtype([("of", "<u8"), ("near", "<u8"), ("at", "<u8"), ("flags", "<u4"), ("bits", "<u4")])
Numbers = np.ndarray[tuple[int], np.dtype[np.uint64]]


class Overlay(NamedTuple):
    """Sectors of a block that are kept, by bit, and where they lie."""

    at: int
    bits: int


class Blocks(NamedTuple):
    """What a store keeps, by the number of a block; ``places`` are bytes, with 1 added where it is a forwarder."""

    numbers: Numbers
    places: Numbers
    touched: Numbers
    """The numbers of all blocks that it keeps, or a part of."""
    overlays: dict[int, Overlay]
    moved: frozenset[int]
    """Blocks to which what was elsewhere has moved: they hold what they held."""
    unused: bytes
    """Of the newest store, a bit for each block that nobody used then."""

    def of(self, number: int) -> int | None:
        """Return the place of a block, None where the store does not keep it."""
        where = int(np.searchsorted(self.numbers, np.uint64(number)))
        if where < len(self.numbers) and int(self.numbers[where]) == number:
            return int(self.places[where])
        return None

    def any_unused(self, first: int, last: int) -> bool:
        """Say whether it may not know one of the blocks from ``first`` to ``last``."""
        return bool(self.unused[first >> 3 : (last >> 3) + 1].strip(b"\0"))

    def is_unused(self, number: int) -> bool:
        """Say whether a block was in nobody's use; what it held then is not kept."""
        if number >> 3 >= len(self.unused) or not self.unused[number >> 3] >> (number & 7) & 1:
            return False
        return number not in self.moved


def blocks_of(stream: Stream, entry: Entry, *, newest: bool) -> Blocks:
    """Return what the store keeps. Raises Damaged where its list breaks off, Unsupported where it is too long."""
    most = min(LARGEST * EACH.itemsize // (BLOCK - HEAD), stream.size // BLOCK + 1)
    whole = b"".join(raw[HEAD:] for raw in chained(stream, entry.blocks, LIST, most))
    listed = np.frombuffer(whole, EACH, len(whole) // EACH.itemsize)
    empty = (listed["of"] | listed["near"] | listed["at"]) == 0
    listed = listed[~empty & (listed["flags"] & UNUSED == 0)]
    unused = _unused(stream, entry) if newest else b""
    numbers, order = np.unique(listed["of"] // BLOCK, return_index=True)
    if len(numbers) == len(listed) and not (listed["flags"] & (FORWARDER | OVERLAY)).any():
        return Blocks(numbers, _sound(listed["at"][order]), numbers, {}, frozenset(), unused)
    if len(listed) > MOST_ODD:
        raise Unsupported(
            f"its store has {len(listed)} blocks with forwarders or overlays: more than are held"
        )
    return _odd(listed, unused)


class _Kept:
    """Blocks as they are told one after another: a later one may move, replace or be laid over one before it."""

    def __init__(self) -> None:
        self.places: dict[int, int] = {}
        self.overlays: dict[int, Overlay] = {}
        self.moved: dict[int, int] = {}
        """By the block to which one has moved: which one."""

    def take(self, of: int, near: int, at: int, flags: int, bits: int) -> None:
        """Take the next."""
        number = of // BLOCK
        if flags & OVERLAY:
            before = self.overlays.get(number)
            self.overlays[number] = Overlay(before.at, before.bits | bits) if before else Overlay(at, bits)
            return
        number = self.moved.pop(number, number)
        if not flags & FORWARDER:
            self.places[number] = at
        elif near // BLOCK != number:
            self.places[number] = near // BLOCK * BLOCK | 1
            self.moved[near // BLOCK] = number


def _odd(listed: np.ndarray[tuple[int], np.dtype[np.void]], unused: bytes) -> Blocks:
    kept = _Kept()
    for each in listed.tolist():
        kept.take(*each)
    numbers = np.array(sorted(kept.places), "<u8")
    places = np.array([kept.places[each] for each in numbers.tolist()], "<u8")
    touched = np.array(sorted(kept.places.keys() | kept.overlays.keys()), "<u8")
    _sound(np.array([each.at for each in kept.overlays.values()], "<u8"))
    _sound(places & ~np.uint64(1))
    return Blocks(numbers, places, touched, kept.overlays, frozenset(kept.moved), unused)


def _sound(places: Numbers) -> Numbers:
    """Return ``places``. Raises Damaged where one cannot be that of a block."""
    if (places % SECTOR).any():
        raise Damaged("its list of blocks names a place within a sector")
    return places


def _unused(stream: Stream, entry: Entry) -> bytes:
    """Return which blocks nobody used then: by the bitmap of the store, and of the one before it where there is one.

    Raises Damaged or OSError.
    """
    maps = [_bitmap(stream, at) for at in (entry.bitmap, entry.before) if at]
    if not entry.bitmap:
        return b""
    if len(maps) == 1:
        return maps[0]
    length = min(map(len, maps))
    own, before = (np.frombuffer(each, np.uint8, length) for each in maps)
    return (own & before).tobytes()


def _bitmap(stream: Stream, at: int) -> bytes:
    most = stream.size // BLOCK // 8 // (BLOCK - HEAD) + 2
    whole = b"".join(raw[HEAD:] for raw in chained(stream, at, BITMAP, most))
    if len(whole) * 8 * BLOCK < stream.size - BLOCK:
        raise Damaged("its bitmap of unused blocks does not reach the end of the volume")
    return whole
