"""Btrfs chunks: ranges of logical addresses, and the stripes on devices in which they lie.

Source: Linux kernel, ``include/uapi/linux/btrfs_tree.h`` (``btrfs_chunk``, ``btrfs_stripe``, block group flags).
"""

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from actionday.sources.filesystems._tsk_bytes import Reader, whole
from actionday.sources.filesystems._tsk_runs import BadMap, Run

DATA, SYSTEM, METADATA = 1, 2, 4
RAID0, RAID1, DUP, RAID10, RAID5, RAID6, RAID1C3, RAID1C4 = 8, 16, 32, 64, 128, 256, 512, 1024
MIRRORED = RAID1 | DUP | RAID1C3 | RAID1C4
PARITY = RAID5 | RAID6
PROFILES = {0: "single", RAID0: "RAID 0", RAID1: "RAID 1", DUP: "dup", RAID10: "RAID 10", RAID5: "RAID 5",
            RAID6: "RAID 6", RAID1C3: "RAID 1 with three copies", RAID1C4: "RAID 1 with four copies"}  # fmt: skip
STRIPE = 65536
"""Bytes of a device in a row, of every chunk that is striped: the kernel knows no other number."""
HEADER = struct.Struct("<QQQQ12xHH")
STRIPES = struct.Struct("<QQ16s")
CHUNK_ITEM, KEY = 228, 17
LARGEST = 1 << 62


class Stripe(NamedTuple):
    """Where a part of a chunk lies: a device and a byte of it."""

    device: int
    at: int
    uuid: bytes


class Chunk(NamedTuple):
    """One chunk."""

    logical: int
    length: int
    kind: int
    stripes: tuple[Stripe, ...]
    sub: int

    @property
    def profile(self) -> int:
        """The flags that say how it lies on its devices."""
        return self.kind & (MIRRORED | PARITY | RAID0 | RAID10)

    @property
    def striped(self) -> bool:
        """Whether it lies in turns on several devices."""
        return bool(self.profile & (RAID0 | RAID10 | PARITY)) and len(self.stripes) > 1

    @property
    def parts(self) -> int:
        """Parts of different data that a row of its stripes has."""
        count = len(self.stripes)
        if self.profile & MIRRORED:
            return 1
        if self.profile & RAID10:
            return count // self.sub
        return count - (2 if self.profile & RAID6 else 1 if self.profile & RAID5 else 0)


def chunk_of(logical: int, raw: bytes) -> tuple[Chunk, int]:
    """Return a chunk by its item, and how many bytes the item has. Raises BadMap."""
    if len(raw) < 48:
        raise BadMap("the item of a chunk is cut")
    length, _, stripe, kind, count, sub = HEADER.unpack_from(raw)
    end = 48 + 32 * count
    if not count or len(raw) < end or not 0 < length <= LARGEST or logical > LARGEST or length % 512:
        raise BadMap(f"the chunk at {logical} has {count} stripes and {length} bytes")
    stripes = tuple(Stripe(*STRIPES.unpack_from(raw, at)) for at in range(48, end, 32))
    chunk = Chunk(logical, length, kind, stripes, max(1, sub))
    if chunk.profile not in PROFILES or (chunk.profile & RAID10 and count % chunk.sub) or chunk.parts < 1:
        raise BadMap(
            f"the chunk at {logical} lies in {count} stripes in a way that is not known (0x{kind:x})"
        )
    if chunk.striped and (stripe != STRIPE or length % (STRIPE * chunk.parts)):
        raise BadMap(f"the chunk at {logical} has stripes of {stripe} bytes")
    return chunk, end


def system_chunks(raw: bytes) -> Iterator[Chunk]:
    """Yield the chunks that a super block names itself. Raises BadMap."""
    at = 0
    while at + KEY < len(raw):
        _, kind, logical = struct.unpack_from("<QBQ", raw, at)
        if kind != CHUNK_ITEM:
            raise BadMap("the super block names no chunks of the system")
        chunk, size = chunk_of(logical, raw[at + KEY :])
        yield chunk
        at += KEY + size


class Mapped(NamedTuple):
    """A range of logical addresses, and where each copy of it begins in the stream; a copy lies in one piece."""

    logical: int
    length: int
    places: tuple[int, ...]


class Space:
    """Logical addresses as bytes of a stream."""

    def __init__(self, reader: Reader, ranges: Iterable[Mapped]) -> None:
        self.reader = reader
        self.ranges: list[Mapped] = []
        for each in sorted(ranges):
            if self.ranges and self.ranges[-1].logical + self.ranges[-1].length > each.logical:
                continue  # told twice; those of the system are in the super block too
            self.ranges.append(each)
        self._starts = [each.logical for each in self.ranges]

    def copies(self, logical: int) -> int:
        """Return how many copies there are of a byte. Raises BadMap where no chunk has it."""
        return len(self._range(logical).places)

    def runs(self, logical: int, length: int, copy: int = 0) -> list[Run]:
        """Return where a copy of bytes lies; the last copy where there are less. Raises BadMap."""
        found = []
        while length > 0:
            here = self._range(logical)
            within = logical - here.logical
            size = min(length, here.length - within)
            found.append((here.places[min(copy, len(here.places) - 1)] + within, size))
            logical, length = logical + size, length - size
        return found

    def read(self, logical: int, length: int, copy: int = 0) -> bytes:
        """Return bytes of a copy. Raises BadMap or Missing."""
        runs = self.runs(logical, length, copy)
        return b"".join([whole(self.reader, at, size) for at, size in runs])

    def _range(self, logical: int) -> Mapped:
        number = bisect_right(self._starts, logical) - 1
        if number < 0 or logical >= self._starts[number] + self.ranges[number].length:
            raise BadMap(f"no chunk has the address {logical}")
        return self.ranges[number]


def direct(chunks: Sequence[Chunk], device: int) -> Iterator[Mapped]:
    """Yield where chunks lie on the only device of a file system; what lies on others lacks."""
    for chunk in chunks:
        places = tuple(each.at for each in chunk.stripes if each.device == device)
        if places and not chunk.striped and (chunk.profile & MIRRORED or len(places) == 1):
            yield Mapped(chunk.logical, chunk.length, places)
