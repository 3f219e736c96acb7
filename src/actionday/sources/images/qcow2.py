"""QCOW2, versions 2 and 3, with backing files, compressed clusters and subclusters.

Source: QEMU, ``docs/interop/qcow2.txt``.
"""

import re
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import zstandard

from actionday.model import Claim, Context, Damaged, Encrypted, Loss, NotThere, OverLimit, Peek, Stream
from actionday.model.counted import counted
from actionday.model.foreign import plainly
from actionday.sources.images._below import Holds, Overlay, known
from actionday.sources.images._beyond import tell_beyond
from actionday.sources.images._disk import exactly, zeros
from actionday.sources.images._missing import or_nothing
from actionday.sources.images._parents import last_part, parent
from actionday.sources.images._parts import joined
from actionday.sources.images._qcow2_absent import Absent
from actionday.sources.images._qcow2_facts import facts_of
from actionday.sources.images._qcow2_header import Header, Snapshot, header, listed, snapshots
from actionday.sources.images._qcow2_used import COMPRESSED, MOST_ENTRIES, OFFSET, Used, numbers, packed
from actionday.sources.images._rest import Span

MAGIC = b"QFI\xfb"
ALL_ZERO = 1
TABLES, CLUSTERS = 8 << 20, 16
"""Bytes of mapping tables and number of unpacked clusters kept."""
NAMED = re.compile(rb"[^\0]")


class Where(NamedTuple):
    """What holds for a stretch of the disk: ``kind`` is one of "below", "zero", "data", "packed"."""

    kind: str
    at: int
    length: int


class Qcow2Disk(Overlay):
    """Clusters by two levels of tables."""

    def __init__(
        self,
        stream: Stream,
        name: str,
        head: Header,
        data: Stream,
        below: Stream | None,
        kept: Sequence[Snapshot] = (),
    ) -> None:
        super().__init__(head.size, name, below)
        self._stream, self._data, self._head = stream, data, head
        self._cluster = 1 << head.cluster_bits
        self._entry = 16 if head.subclusters else 8
        self._per_table = self._cluster // self._entry
        needed = -(-head.size // (self._cluster * self._per_table))
        raw = exactly(stream, head.l1_offset, min(needed, head.l1_size) * 8, "qcow2: the first-level table")
        self.l1 = numbers(raw)
        self._snapshots = kept
        self.states = [(f"snapshot {each.name}", each.size) for each in self._snapshots]
        self._tables: OrderedDict[int, bytes] = OrderedDict()
        self._unpacked: OrderedDict[int, bytes] = OrderedDict()

    def absent(self) -> Absent:
        """Return what goes through what of the disk cannot be had."""
        return Absent(self._stream, self._data, self._head, self.l1, self._unpacks)

    def _unpacks(self, entry: int) -> bool:
        try:
            return bool(self._packed(entry))
        except Damaged:
            return False

    def state(self, number: int) -> "Qcow2Disk":
        """Return the disk as it was when the snapshot was taken. Raises Damaged."""
        each = self._snapshots[number]
        disk = self._as(each.table, each.size, self.below)
        disk.due = min(self.due, disk.size)
        return disk

    def _as(self, table: tuple[int, int], size: int, below: Stream | None) -> "Qcow2Disk":
        start, length = table
        head = self._head._replace(size=size, l1_offset=start, l1_size=length // 8, snapshot_count=0)
        return Qcow2Disk(self._stream, self.name, head, self._data, below)

    def mapped(self) -> int:
        """Return the byte of the disk behind the last cluster that its tables name."""
        first = next((at for at in range(len(self.l1) - 1, -1, -1) if self.l1[at] & OFFSET), -1)
        if first < 0:
            return 0
        raw = self._table(self.l1[first] & OFFSET).rstrip(b"\0")
        return (first * self._per_table + -(-len(raw) // self._entry)) * self._cluster

    def _memory(self) -> Iterator[Span]:
        """Yield the memory of the machine: its tables place it behind the disk (``qcow2_vm_state_offset``)."""
        reach, left, ends = self._cluster * self._per_table, MOST_ENTRIES, dict[tuple[int, int], int]()
        own = Snapshot("", (self._head.l1_offset, self._head.l1_size * 8), 0, self.size, 0)
        for number, each in enumerate((own, *self._snapshots)):
            start, end = -(-each.size // reach) * reach, each.table[1] // 8 * reach
            if start >= min(end, ends.get(each.table, end)):
                continue
            if (left := left - each.table[1] // 8) < 0:
                raise OverLimit(f"qcow2: more than {MOST_ENTRIES} entries in tables of memory of a machine")
            whole = self._as(each.table, end, None)
            ends[each.table] = whole.mapped()
            end = min(start + each.memory if each.memory else end, ends[each.table])
            if start < end:
                name = f"snapshot {each.name} memory" if number else "behind the disk"
                yield Span(whole, start, end, name, f"memory{number}")

    def own_rest(self) -> Iterator[Span]:
        """Yield the memory of the machine, clusters that no table names, and those of an external data file."""
        told = ""
        try:
            yield from self._memory()
        except OverLimit as error:
            told = str(error)
        used = Used(self._stream, self._head, self._data, self._snapshots)
        yield from used.own.unused()
        if self._head.external:
            yield from used.data.unused(last_part(self._head.data_file))
        if told:
            raise OverLimit(told)

    def lost_until(self, at: int) -> int:
        """Return the end of a compressed cluster, of which all is had or nothing, else of a sector."""
        try:
            whole = self._where(at, 1).kind == "packed"
        except Damaged:  # the table that would tell is gone, and with it all that it places
            return at - at % self._cluster + self._cluster
        unit = self._cluster if whole else 512
        return at - at % unit + unit

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of clusters of one kind that lie side by side. Raises Damaged."""
        where = self._where(offset, length)
        at, total = where.at, where.length
        while total < length and where.kind in ("data", "zero", "below"):
            following = self._where(offset + total, length - total)
            if following.kind != where.kind or (where.kind == "data" and following.at != at + total):
                break
            total += following.length
            if total >= 4 << 20:
                break
        if where.kind == "below":
            return self.under(offset, total)
        if where.kind == "zero":
            return zeros(total)
        if where.kind == "packed":
            within = offset % self._cluster
            return self._packed(where.at)[within : within + where.length]
        return exactly(self._data, at, total, "qcow2: a cluster")

    def holds(self, offset: int, length: int) -> tuple[Holds, int]:
        """Return that of a cluster or its part, or of as many as one table names none of. Raises Damaged."""
        first, second = divmod(offset // self._cluster, self._per_table)
        if first >= len(self.l1):
            return Holds.BELOW, length
        behind = self._per_table
        if table := self.l1[first] & OFFSET:
            named = NAMED.search(self._table(table), second * self._entry)
            behind = named.start() // self._entry if named else behind
        if behind > second:
            return Holds.BELOW, min(length, (first * self._per_table + behind) * self._cluster - offset)
        where = self._where(offset, length)
        return {"zero": Holds.ZERO, "below": Holds.BELOW}.get(where.kind, Holds.OWN), where.length

    def _where(self, offset: int, length: int) -> Where:
        number, within = divmod(offset, self._cluster)
        first, second = divmod(number, self._per_table)
        length = min(length, self._cluster - within)
        table = self.l1[first] & OFFSET if first < len(self.l1) else 0
        if not table:
            return Where("below", 0, length)
        raw = self._table(table)[second * self._entry : (second + 1) * self._entry]
        entry = int.from_bytes(raw[:8], "big")
        if entry & COMPRESSED:
            return Where("packed", entry, length)
        if self._head.subclusters:
            return self._part(entry, int.from_bytes(raw[8:], "big"), within, length)
        if entry & ALL_ZERO and self._head.version >= 3:
            return Where("zero", 0, length)
        host = entry & OFFSET
        if not host and not (self._head.external and entry):
            return Where("below", 0, length)
        return Where("data", host + within, length)

    def _part(self, entry: int, bits: int, within: int, length: int) -> Where:
        size = self._cluster // 32
        number = within // size
        length = min(length, (number + 1) * size - within)
        if bits >> (32 + number) & 1:
            return Where("zero", 0, length)
        if bits >> number & 1:
            return Where("data", (entry & OFFSET) + within, length)
        return Where("below", 0, length)

    def _table(self, at: int) -> bytes:
        kept = self._tables.get(at)
        if kept is None:
            kept = exactly(self._stream, at, self._cluster, "qcow2: a second-level table")
            self._tables[at] = kept
            if len(self._tables) > max(1, TABLES // self._cluster):
                self._tables.popitem(last=False)
        self._tables.move_to_end(at)
        return kept

    def _packed(self, entry: int) -> bytes:
        kept = self._unpacked.get(entry)
        if kept is None:
            kept = self._unpack(entry)
            self._unpacked[entry] = kept
            if len(self._unpacked) > CLUSTERS:
                self._unpacked.popitem(last=False)
        return kept

    def _unpack(self, entry: int) -> bytes:
        at, length = packed(entry, self._head.cluster_bits)
        self._stream.seek(at)
        raw = self._stream.read(length)
        try:
            if self._head.zstd:
                data = zstandard.ZstdDecompressor().decompressobj().decompress(raw)
            else:
                data = zlib.decompressobj(-15).decompress(raw, self._cluster)
        except (zlib.error, zstandard.ZstdError) as error:
            raise Damaged(f"qcow2: the compressed cluster at byte {at}: {plainly(error)}") from error
        if len(data) < self._cluster:
            raise Damaged(f"qcow2: the compressed cluster at byte {at} gives {len(data)} bytes")
        return data[: self._cluster]


class Qcow2:
    """QEMU copy-on-write images."""

    name, sample = "qcow2", "ext4.qcow2"
    binary = True
    marks = ((0, MAGIC),)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for the signature with a version that exists."""
        if peek.head[:4] != MAGIC:
            return Claim.NO
        known = int.from_bytes(peek.head[4:8], "big") in (1, 2, 3)
        return joined(peek, Claim.STRUCTURE if known else Claim.MAGIC)

    def open(self, stream: Stream, around: Context) -> Stream:
        """Return the active disk. Raises Damaged (a missing backing file too), Encrypted or Unsupported."""
        head = header(stream)
        if head.notes:
            around.note("feature", f"qcow2: {', '.join(head.notes)}")
        kept = snapshots(stream, head)
        names = [each.name for each in kept]
        if names:
            around.note("snapshot", f"qcow2: each a disk of its own: {listed(names)}")
        if len(kept) < head.snapshot_count:
            lost = counted(head.snapshot_count - len(kept), "snapshot")
            around.note(Loss.DAMAGED, f"qcow2: {lost} of {head.snapshot_count} cannot be told")
        around.acquired({"qcow2": facts_of(stream, head, names, around)})
        if head.crypt:
            with known(Qcow2Disk(stream, around.name, head, stream, None, kept)):
                raise Encrypted(f"qcow2: encrypted with {'LUKS' if head.crypt == 2 else 'AES'}")
        with or_nothing(head.size, around):
            data = self._data(stream, head, around)
            disk = Qcow2Disk(stream, around.name, head, data, None, kept)
            if head.backing:
                with known(disk):
                    disk.stand(*parent(head.backing, around, head.backing_format), around)
        where = f"qcow2: {last_part(head.data_file)}" if head.external else "qcow2"
        absent = disk.absent()
        around.acquired(tell_beyond(disk, absent.beyond, absent.ranges(), where, around))
        return disk

    def _data(self, stream: Stream, head: Header, around: Context) -> Stream:
        if not head.external:
            return stream
        name = last_part(head.data_file)
        data = around.sibling(name) if name else None
        if data is None:
            raise NotThere(f"qcow2: needs data file {name or '(unnamed)'}, which is not beside it")
        return data


IMAGE = Qcow2()
