"""Several devices of one Btrfs as one stream: a head that tells where, then every chunk, one copy behind the other.

Source: Linux kernel, ``fs/btrfs/volumes.c`` (``btrfs_map_block``, ``map_blocks_raid56_read``).

The stream begins as a device does, with the super block in its place. Before it stands MARK with the number of ranges,
behind it each range: logical address, length, place of the first copy in the stream, number of copies; all of them
little-endian numbers of 64 bits. The copies of a range stand one behind the other, each in one piece.
"""

import struct
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from actionday.model import Damaged, Stream
from actionday.model.streams import Seekable
from actionday.sources.filesystems._btrfs_chunks import MIRRORED, PARITY, RAID6, RAID10, STRIPE, Chunk, Mapped
from actionday.sources.filesystems._btrfs_super import AT, SIZE, Super
from actionday.sources.filesystems._tsk_bytes import Reader, u64, whole
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.volumes import _md_array as md
from actionday.sources.volumes import _md_map as maps

MARK = b"Btrfs put together\0\0"
TABLE, RANGE = AT + SIZE, struct.Struct("<QQQQ")
ALIGNED = 1 << 20
MOST_RANGES = 1 << 20


class Single:
    """A chunk with one stripe."""

    def __init__(self, size: int) -> None:
        self.size = size

    def at(self, offset: int) -> maps.Chunk:
        """Return where a byte lies."""
        return maps.Chunk(self.size - offset, ((0, offset),))


class Turning:
    """A chunk with parity: in each row of stripes everything is one device further."""

    def __init__(self, size: int, count: int, parities: int) -> None:
        self.size, self._count, self._parts, self._six = size, count, count - parities, parities == 2

    def at(self, offset: int) -> maps.Chunk:
        """Return where a byte lies, and the stripes of its row."""
        number, within = divmod(offset, STRIPE)
        row, own = divmod(number, self._parts)
        order = tuple((row + each) % self._count for each in range(self._count))
        p, q = order[self._parts], order[self._parts + 1] if self._six else -1
        return maps.Chunk(STRIPE - within, ((order[own], row * STRIPE + within),), order, (p, q))


class Device(NamedTuple):
    """A device that is there; ``stale``: the others went on without it for a while."""

    stream: Stream
    path: str
    stale: bool


class Copies(md.Array):
    """A chunk out of its stripes: each of its copies, or what else it can be computed from."""

    def __init__(self, chunk: Chunk, devices: Mapping[int, Device]) -> None:
        size = chunk.length // chunk.parts
        there = {
            place: md.Disk(devices[each.device].stream, each.at, size)
            for place, each in enumerate(chunk.stripes)
            if each.device in devices
        }
        super().__init__(_geometry(chunk), there, {})
        self._chunk = chunk
        self._stale = {
            number
            for number, each in enumerate(chunk.stripes)
            if each.device in devices and devices[each.device].stale
        }
        self._copy, self._without = 0, -1

    @property
    def count(self) -> int:
        """How many ways there are to have its bytes."""
        return ways(self._chunk)

    def copy(self, number: int, offset: int, length: int) -> bytes:
        """Return bytes by one of the ways; where that fails by another. Raises Damaged."""
        self._copy = number
        return self._at(offset, length)

    def _piece(self, chunk: maps.Chunk, size: int, offset: int) -> bytes:
        self._without = -1
        try:
            if chunk.stripe and self._copy:
                return self._by_parity(chunk, size)
        except md.Lost:
            self._without = -1
        first = sorted(range(len(chunk.copies)), key=lambda each: chunk.copies[each][0] in self._stale)
        turn = self._copy % len(first)
        copies = tuple(chunk.copies[each] for each in first[turn:] + first[:turn])
        try:
            return super()._piece(chunk._replace(copies=copies), size, offset)
        except Damaged as error:
            at = self._chunk.logical + offset
            why = str(error).rpartition("cannot be had: ")[2]
            raise Damaged(f"btrfs: the bytes at address {at} cannot be had: {why}") from error

    def _by_parity(self, chunk: maps.Chunk, size: int) -> bytes:
        """Return what the others of its row make it, one of them left out from the third way on. Raises Lost."""
        others = [each for each in chunk.stripe if each != chunk.copies[0][0]]
        if self._copy > 1:
            self._without = others[(self._copy - 2) % len(others)]
        return self._computed(chunk, size)

    def _read(self, disk: int, place: int, size: int) -> bytes:
        number = self._chunk.stripes[disk].device
        if disk == self._without:
            raise md.Lost(f"device {number} is left out")
        there = self._disks.get(disk)
        if there is None:
            raise md.Lost(f"device {number} is missing")
        try:
            return there.read(place, size)
        except md.Lost as error:
            raise md.Lost(f"device {number} {error}") from error


def ways(chunk: Chunk) -> int:
    """Return how many ways there are to have the bytes of a chunk."""
    if chunk.profile & PARITY:
        return 1 + (len(chunk.stripes) if chunk.profile & RAID6 else 1)
    if chunk.profile & RAID10:
        return chunk.sub
    return len(chunk.stripes) if chunk.profile & MIRRORED else 1


def _geometry(chunk: Chunk) -> maps.Geometry:
    count, size = len(chunk.stripes), chunk.length // chunk.parts
    if chunk.profile & MIRRORED:
        return maps.Mirror(count, chunk.length)
    if count == 1:
        return Single(chunk.length)
    if chunk.profile & RAID10:
        return maps.Copies(count, size, STRIPE, chunk.sub | 1 << 8)
    if chunk.profile & PARITY:
        return Turning(chunk.length, count, 2 if chunk.profile & RAID6 else 1)
    return maps.Striped([size] * count, STRIPE, 0)


class Joined(Seekable):
    """All devices of a file system as one stream."""

    volumes = None

    def __init__(self, block: Super, chunks: Sequence[Chunk], devices: Mapping[int, Device]) -> None:
        by_address = {each.logical: each for each in chunks}
        self._chunks = [Copies(by_address[logical], devices) for logical in sorted(by_address)]
        start = TABLE + RANGE.size * len(by_address)
        begin = start + -start % ALIGNED
        self.starts, table = list[int](), list[bytes]()
        for logical, each in zip(sorted(by_address), self._chunks, strict=True):
            self.starts.append(begin)
            table.append(RANGE.pack(logical, each.size, begin, each.count))
            begin += each.size * each.count
        head = MARK + struct.pack("<Q", len(table))
        self._head = head.ljust(AT, b"\0") + block.raw[:SIZE] + b"".join(table)
        super().__init__(begin)

    def volume(self, place: str) -> Stream:
        """Return nothing: a file system has no volumes of its own. Raises Damaged."""
        raise Damaged(f"no volume {place!r} in a file system")

    def lost_until(self, at: int) -> int:
        """Return the end of the stripe that cannot be had."""
        return min(self.size, at - at % STRIPE + STRIPE)

    def _at(self, offset: int, length: int) -> bytes:
        pieces = []
        while length > 0:
            piece = self._piece(offset, length)
            pieces.append(piece)
            offset, length = offset + len(piece), length - len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _piece(self, offset: int, length: int) -> bytes:
        number = bisect_right(self.starts, offset) - 1
        if number < 0:
            end = self.starts[0] if self.starts else self.size
            length = min(length, end - offset)
            return self._head[offset : offset + length].ljust(length, b"\0")
        chunk = self._chunks[number]
        copy, within = divmod(offset - self.starts[number], chunk.size)
        return chunk.copy(copy, within, min(length, chunk.size - within))


def is_joined(reader: Reader) -> bool:
    """Say whether a stream is one of several devices put together. Raises Missing."""
    return reader.at(0, len(MARK)) == MARK


def told(reader: Reader) -> list[Mapped] | None:
    """Return the ranges that the head of a joined stream tells, None for any other. Raises BadMap or Missing."""
    if not is_joined(reader):
        return None
    count = u64(whole(reader, len(MARK), 8), 0)
    if count > MOST_RANGES:
        raise BadMap(f"{count} ranges of several devices")
    found = []
    for logical, length, at, copies in RANGE.iter_unpack(whole(reader, TABLE, count * RANGE.size)):
        if not length or not 0 < copies <= 256 or at + length * copies > reader.size:
            raise BadMap(f"a range of {length} bytes at {at}")
        found.append(Mapped(logical, length, tuple(at + length * each for each in range(copies))))
    return found
