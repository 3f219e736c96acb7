"""Which clusters of a QCOW2 file its tables name, those of snapshots and bitmaps too; the others are part of nothing.

Source: QEMU, ``docs/interop/qcow2.txt``, "Host cluster management", "Cluster mapping", "Snapshots", "Bitmaps".
"""

import zlib
from array import array
from collections.abc import Sequence
from sys import byteorder

import zstandard

from actionday.model import Damaged, OverLimit, Stream
from actionday.model.foreign import plainly
from actionday.sources.images._disk import exactly
from actionday.sources.images._qcow2_header import Header, Snapshot
from actionday.sources.images._units import Units

OFFSET, COMPRESSED = 0x00FFFFFFFFFFFE00, 1 << 62
"""Of an entry of a table: where a cluster or another table lies, and the flag of a compressed one."""
BITMAPS_MOST = 65535
"""As many as QEMU allows."""
MOST_ENTRIES = 1 << 24
"""Entries gone through of tables that lead to others, those of all snapshots and bitmaps together: 128 MiB of them."""
MOST_UNITS = 1 << 28
"""Clusters of a file, where they have parts those, a byte each: 16 TiB of usual ones."""
SECTOR = 512
PARTS_BITS, ALL_PARTS = 5, (1 << 32) - 1
ALL_ZERO, ZERO_SINCE = 1, 3
"""The flag of a cluster that reads as zeros, and the version that brought it."""


class Used:
    """Goes through all tables of a file. ``own`` has its clusters, ``data`` those of an external data file."""

    def __init__(self, stream: Stream, head: Header, data: Stream, kept: Sequence[Snapshot]) -> None:
        self._stream, self._head, self._cluster = stream, head, 1 << head.cluster_bits
        self._shift = head.cluster_bits - (PARTS_BITS if head.subclusters else 0)
        self.own = self._units(stream)
        self.data = self._units(data) if head.external else self.own
        self._reached: dict[int, int] = {}
        self._entries, self._packed = 0, (0, 0)
        self.own.use(0, head.end)
        self.own.use(*head.keys)
        self._listed(*head.counts, "the table of counts")
        self._bitmaps()
        firsts = {((head.l1_offset, head.l1_size * 8), head.size, -1): None}
        for each in kept:
            self.own.use(head.snapshot_offset, each.end - head.snapshot_offset)
            firsts[each.table, each.size, each.memory] = None
        for table, size, memory in firsts:
            self._first(*table, size, memory)
        for at, length in self._reached.items():
            self.own.use(at, self._cluster)
            self._second(at, length)
        self._last_packed()

    def _units(self, stream: Stream) -> Units:
        if stream.size >> self._shift > MOST_UNITS:
            raise OverLimit(f"qcow2: more than {MOST_UNITS} clusters, or parts of some, in a file")
        return Units(stream, 1 << self._shift)

    def _listed(self, start: int, length: int, what: str) -> None:
        """Take a table into use, and the clusters it names."""
        self._count(length)
        self.own.use(start, length)
        for each in numbers(exactly(self._stream, start, length, f"qcow2: {what}")):
            if each & OFFSET:
                self.own.use(each & OFFSET, self._cluster)

    def _bitmaps(self) -> None:
        """Take the directory of bitmaps into use, their tables and the clusters these name."""
        raw = self._head.bitmaps
        at, size = int.from_bytes(raw[16:24], "big"), int.from_bytes(raw[8:16], "big")
        if not size:
            return
        told = exactly(self._stream, at, min(size, 64 << 20), "qcow2: the directory of bitmaps")
        self.own.use(at, size)
        at = 0
        for _ in range(min(int.from_bytes(raw[:4], "big"), BITMAPS_MOST)):
            entry = told[at : at + 24]
            table, count = int.from_bytes(entry[:8], "big") & OFFSET, int.from_bytes(entry[8:12], "big")
            self._listed(table, count * 8, "the table of a bitmap")
            named, extra = int.from_bytes(entry[18:20], "big"), int.from_bytes(entry[20:24], "big")
            at += (24 + extra + named + 7) // 8 * 8

    def _first(self, start: int, length: int, size: int, memory: int) -> None:
        """Take a first-level table into use, and keep how far into each that it names a disk of ``size`` reaches.

        Behind the disk, from the next second-level table on, the ``memory`` of a machine is kept (0: to the end of the
        table, -1: none). What is named behind either is in no item of theirs, and part of nothing.
        """
        self._count(length)
        self.own.use(start, length)
        first = numbers(exactly(self._stream, start, length, "qcow2: a first-level table"))
        whole = self._cluster // (16 if self._head.subclusters else 8) * self._cluster
        behind = -(-size // whole)
        stop = behind * whole + memory if memory else len(first) * whole
        for index, each in enumerate(first):
            at = each & OFFSET
            if at and at % self._cluster == 0:
                length = min(whole, max(0, (stop if index >= behind else size) - index * whole))
                if length >= self._reached.get(at, 0):
                    self._reached[at] = length

    def _count(self, length: int) -> None:
        self._entries += length // 8
        if self._entries > MOST_ENTRIES:
            raise OverLimit(
                f"qcow2: more than {MOST_ENTRIES} entries in the tables of its disk and snapshots"
            )

    def _second(self, at: int, length: int) -> None:
        """Take what a second-level table names into use for the first ``length`` bytes that it is about."""
        entries = numbers(exactly(self._stream, at, self._cluster, "qcow2: a second-level table"))
        maps = entries[1::2] if self._head.subclusters else None
        entries = entries[::2] if maps is not None else entries
        zero = 0 if maps is not None or self._head.version < ZERO_SINCE else ALL_ZERO
        bits, whole, count = self._head.cluster_bits, self.data.whole, len(self.data.whole)
        last, within = divmod(length, self._cluster)
        if last < len(entries):
            end = entries[last]
            entries = entries[: last + 1] if within and end & COMPRESSED else entries[:last]
            if within and not end & (COMPRESSED | zero) and end & OFFSET:
                self._parts(end, maps[last] if maps is not None else ALL_PARTS, within)
        for index, each in enumerate(entries):
            if each & COMPRESSED:
                self._pack(each)
            elif each & zero:  # it reads as zeros: what is stored in its place is given by no table
                continue
            elif maps is not None:
                self._parts(each, maps[index], self._cluster)
            elif (number := (each & OFFSET) >> bits) < count and (number or (each and self._head.external)):
                whole[number] = 1

    def _parts(self, entry: int, told: int, within: int) -> None:
        """Take of a cluster up to byte ``within`` the parts into use that are allocated and do not read as zeros."""
        at, used = entry & OFFSET, told & ~(told >> 32) & ALL_PARTS
        if used == ALL_PARTS:
            self.data.use(at, within)
            return
        size = self._cluster // 32
        for number in range(-(-within // size) if used else 0):
            if used >> number & 1:
                self.data.use(at + number * size, min(size, within - number * size))

    def _pack(self, entry: int) -> None:
        start, length = packed(entry, self._head.cluster_bits)
        end, bits = start + length, self._shift
        for number in range(start >> bits, min(end >> bits, len(self.own.whole))):
            self.own.whole[number] = 1
        last, begin = self._packed
        if end > last:
            self._packed = end, start
            if start >> bits <= last >> bits:
                return  # it goes on in the cluster in which the last one ends
        else:
            last, begin = end, start
        if last and not self.own.whole[min(last >> bits, len(self.own.whole) - 1)]:
            self.own.use(begin, last - begin)

    def _last_packed(self) -> None:
        """Take the last compressed cluster into use, to its last byte: what is appended may begin in its sector."""
        end, start = self._packed
        if not end:
            return
        raw = exactly(self._stream, start, min(end, self._stream.size) - start, "qcow2: a compressed cluster")
        try:
            behind = self._zstd(raw) if self._head.zstd else self._deflated(raw)
        except (zlib.error, zstandard.ZstdError) as error:
            raise Damaged(f"qcow2: the compressed cluster at byte {start}: {plainly(error)}") from error
        self.own.use(start, len(raw) - behind)

    def _deflated(self, raw: bytes) -> int:
        """Return how many bytes follow the end of a deflated cluster."""
        unpack = zlib.decompressobj(-15)
        unpack.decompress(raw, self._cluster)
        if not unpack.eof:
            unpack.decompress(unpack.unconsumed_tail, 1)
        return len(unpack.unused_data)

    def _zstd(self, raw: bytes) -> int:
        unpack = zstandard.ZstdDecompressor().decompressobj()
        unpack.decompress(raw)
        return len(unpack.unused_data)


def packed(entry: int, cluster_bits: int) -> tuple[int, int]:
    """Return where a compressed cluster lies, and in how many bytes up to the end of its last sector."""
    shift = 62 - (cluster_bits - 8)
    at = entry & ((1 << shift) - 1)
    sectors = (entry >> shift & ((1 << (cluster_bits - 8)) - 1)) + 1
    return at, sectors * SECTOR - at % SECTOR


def numbers(raw: bytes) -> "array[int]":
    """Return big-endian numbers of 64 bits; of a last one that is not whole, nothing."""
    found = array("Q", raw[: len(raw) // 8 * 8])
    if byteorder == "little":
        found.byteswap()
    return found
