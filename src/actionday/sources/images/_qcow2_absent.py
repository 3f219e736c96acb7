"""What of a QCOW2 disk cannot be had since its file, or that of its clusters, ends before.

All tables of a large disk are many: they are gone through only where the reference counts tell of clusters behind
the end, which a program that was killed leaves as well. 100 ns for a cluster then (512 GiB cut in half: 0.8 s).

Source: QEMU, ``docs/interop/qcow2.txt``, "Reference counts", "Cluster mapping", "Extended L2 Entries".
"""

from collections.abc import Callable, Iterator, Sequence

from actionday.model import Damaged, Stream
from actionday.sources.images._beyond import Beyond
from actionday.sources.images._disk import exactly
from actionday.sources.images._missing import Range
from actionday.sources.images._qcow2_header import Header
from actionday.sources.images._qcow2_used import COMPRESSED, OFFSET, numbers, packed

ALL_ZERO, ZERO_SINCE = 1, 3
SECTOR = 512
PARTS = 32
MOST_ASKED = 4096
"""Second-level tables: 2 TiB in usual clusters."""
MOST_TRIED = 16
"""Compressed clusters that may end with the file: of a file that no one altered it is one."""


class Absent:
    """``whole`` says of a compressed cluster, by its entry, whether it can be unpacked."""

    def __init__(
        self,
        stream: Stream,
        data: Stream,
        head: Header,
        first: Sequence[int],
        whole: Callable[[int], bool],
    ) -> None:
        self.beyond = Beyond(data)
        self._stream, self._head, self._first, self._whole = stream, head, first, whole
        self._cluster = 1 << head.cluster_bits
        self._zero = 0 if head.subclusters or head.version < ZERO_SINCE else ALL_ZERO
        self._tried = 0

    def ranges(self) -> Iterator[Range]:
        """Yield the ranges in order, none where nothing tells that the file is not whole."""
        if self._suspected():
            yield from self._ranges()

    def _ranges(self) -> Iterator[Range]:
        entry, seen = 16 if self._head.subclusters else 8, set[int]()
        span = self._cluster // entry * self._cluster
        for index, each in enumerate(self._first):
            at, start = each & OFFSET, index * span
            end = min(start + span, self._head.size)
            if not at:
                continue
            if at + self._cluster > self._stream.size:
                yield from self.beyond.table(start, end, at + self._cluster)
            elif at % self._cluster or at in seen:  # no writer does that, and there may be one at each sector
                self.beyond.least = True
            else:
                seen.add(at)
                yield from self._of(at, start)

    def _of(self, at: int, start: int) -> Iterator[Range]:
        """Yield what lacks of the disk from ``start`` on, of which the table at byte ``at`` tells."""
        entries = numbers(exactly(self._stream, at, self._cluster, "qcow2: a second-level table"))
        maps = entries[1::2] if self._head.subclusters else None
        entries = entries[::2] if maps is not None else entries
        last, bits = self.beyond.end - self._cluster, self._head.cluster_bits
        for number in [n for n, each in enumerate(entries) if each & OFFSET > last or each & COMPRESSED]:
            each, first = entries[number], start + (number << bits)
            length = min(self._cluster, self._head.size - first)
            if length <= 0:
                return
            if not each & OFFSET and not (each and self._head.external):
                continue
            if each & COMPRESSED:
                yield from self._packed(each, first, length)
            elif maps is not None:
                yield from self._parts(each & OFFSET, maps[number], first, length)
            elif not each & self._zero:
                yield from self.beyond.block(first, length, each & OFFSET)

    def _packed(self, entry: int, first: int, length: int) -> Iterator[Range]:
        at, least = packed(entry, self._head.cluster_bits)
        least -= SECTOR - 1  # its last byte is in its last sector, nobody tells where
        if at + least <= self.beyond.end < at + least + SECTOR - 1 and self._tried < MOST_TRIED:
            self._tried += 1
            least += 0 if self._whole(entry) else SECTOR
        if at + least > self.beyond.end:
            self.beyond.needed = max(self.beyond.needed, at + least)
            self.beyond.placed = self.beyond.roughly = True
            yield first, first + length

    def _parts(self, at: int, told: int, first: int, length: int) -> Iterator[Range]:
        """Yield those parts of a cluster that are allocated, are not zero and lie behind the end."""
        size = self._cluster // PARTS
        for number in range(-(-length // size)):
            if told >> number & 1 and not told >> (PARTS + number) & 1:
                within = number * size
                yield from self.beyond.block(first + within, min(size, length - within), at + within)

    def _suspected(self) -> bool:
        """Say whether a cluster that is counted begins behind the end, or the counts lie there themselves.

        No counts tell of an external data file: of a disk with more than MOST_ASKED tables they are not gone through.
        """
        if self._head.external:
            return sum(1 for each in self._first if each & OFFSET) <= MOST_ASKED
        try:
            head = exactly(self._stream, 0, 104, "qcow2: the header")
            at, length = self._head.counts
            bits = 1 << int.from_bytes(head[96:100], "big") if self._head.version >= ZERO_SINCE else 16
            blocks = numbers(exactly(self._stream, at, min(length, 8 << 20), "qcow2: the table of counts"))
            last = max((number for number, each in enumerate(blocks) if each & OFFSET), default=-1)
            if last < 0:
                return False
            counts = exactly(self._stream, blocks[last] & OFFSET, self._cluster, "qcow2: counts").rstrip(
                b"\0"
            )
        except Damaged:
            return True
        number = last * self._cluster * 8 // bits + max(0, len(counts) * 8 - 1) // bits
        return (number + 1) * self._cluster > self._stream.size
