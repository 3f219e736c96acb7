"""Clusters in use that no name leads to, in FAT and exFAT: chains and runs without a directory entry.

Source: Microsoft, "FAT: General Overview of On-Disk Format", version 1.03 (2000): BPB, FAT data structure; "exFAT
file system specification" (2019), 3.1, 4.1, 7.1 (allocation bitmap). Standard library only.
"""

from array import array
from collections.abc import Iterator

from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u16, u32, u64, whole
from actionday.sources.filesystems._tsk_runs import Run, Runs

PAUSE = 100_000
"""Clusters looked at between two signs of life."""
MOST_CLUSTERS = 1 << 24
"""Clusters looked at: 64 GiB at 4 KiB; the table of a larger volume is looked at so far."""
MOST_LOST = 100_000
"""Chains listed."""
BITMAP = 0x81
OWN, ABOVE = b".".ljust(11), b"..".ljust(11)
"""The names a directory of FAT begins with."""
Chain = tuple[int, list[Run]]
"""The first cluster, and where the chain lies."""


class Clusters:
    """Which clusters are in use, by the file system's own list, and which of them names account for."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.named = reader, Marks()
        self.bad: list[Run] = []
        """Where the clusters lie that the table marks as bad, known once ``lost`` was gone through."""
        self._table: array[int] | None = None
        self._bits: bytes | None = None
        boot = whole(reader, 0, 512)
        if boot[3:11] == b"EXFAT   ":
            self._exfat(boot)
        else:
            self._fat(boot)

    def _fat(self, boot: bytes) -> None:
        sector = u16(boot, 11)
        size = u16(boot, 22) or u32(boot, 36)
        self.table, self.size = u16(boot, 14) * sector, sector * boot[13]
        self.start = self.table + boot[16] * size * sector + u16(boot, 17) * 32
        self.count = ((u16(boot, 19) or u32(boot, 32)) * sector - self.start) // max(1, self.size)
        self.bits = 12 if self.count < 4085 else 16 if self.count < 65525 else 32
        self.root = u32(boot, 44) if self.bits == 32 else 0
        self.bitmap: tuple[int, int] = (0, 0)

    def _exfat(self, boot: bytes) -> None:
        sector = 1 << min(boot[108], 12)
        self.table, self.size = u32(boot, 80) * sector, sector << min(boot[109], 25)
        self.start, self.count, self.bits = u32(boot, 88) * sector, u32(boot, 92), 32
        self.root = u32(boot, 96)
        self.bitmap = self._bitmap()

    def _bitmap(self) -> tuple[int, int]:
        """Return (offset, bytes) of the allocation bitmap: an entry of the root names it, near its start."""
        raw = self.reader.at(self.place(self.root), min(self.size, 4096))
        entry = next((at for at in range(0, len(raw), 32) if raw[at] == BITMAP), None)
        if entry is None:
            raise Missing("the root names no allocation bitmap")
        return self.place(u32(raw, entry + 20)), u64(raw, entry + 24)

    def place(self, cluster: int) -> int:
        """Return the byte at which ``cluster`` lies."""
        return self.start + (cluster - 2) * self.size

    def take(self, runs: list[Run]) -> None:
        """Note that a name accounts for the clusters of ``runs``."""
        for at, length in runs:
            if at >= self.start:
                first = (at - self.start) // self.size
                for cluster in range(first, min(self.count, first + -(-length // self.size))):
                    self.named.add(cluster + 2)

    def tail(self, byte: int) -> list[Run]:
        """Return where the clusters lie that the table says follow the one at ``byte`` and no name accounts for.

        Nothing where the table cannot be read: that is told by ``lost``.
        """
        try:
            entries = self.entries()
        except Missing:
            return []
        cluster = (byte - self.start) // self.size + 2
        return self._chain(entries, entries[cluster]) if 2 <= cluster < len(entries) else []

    def in_use(self, offset: int, length: int) -> int:
        """Return how many bytes of a range lie in clusters in use. Raises Missing."""
        used, at, end = 0, max(offset, self.start), offset + length
        while at < end:
            cluster = (at - self.start) // self.size + 2
            behind = min(end, self.place(cluster + 1))
            used += behind - at if self._used(cluster) else 0
            at = behind
        return used

    def _used(self, cluster: int) -> bool:
        if not self.bitmap[1]:
            entries = self.entries()
            return cluster < len(entries) and entries[cluster] != 0
        at = (cluster - 2) // 8
        if self._bits is None:
            self._bits = self.reader.at(self.bitmap[0], min(self.bitmap[1], MOST_CLUSTERS // 8))
        return at < len(self._bits) and bool(self._bits[at] >> (cluster - 2) % 8 & 1)

    def chain(self, first: int, size: int) -> list[Run]:
        """Return where ``size`` bytes lie by the chain that begins at ``first``, nothing where it breaks off before.

        Raises Missing.
        """
        if size > self.count * self.size:
            return []
        entries, runs, cluster = self.entries(), Runs(), first
        while runs.end < size:
            if not 2 <= cluster < len(entries):
                return []
            runs.add(runs.end, self.place(cluster), self.size)
            cluster = entries[cluster]
        return runs.cut(size)

    def lost(self) -> Iterator[Chain | None]:
        """Yield chains (of exFAT: runs) in use that no name accounts for; None now and then. Raises Missing."""
        self._take_root()
        return self._runs() if self.bitmap[1] else self._chains()

    def _take_root(self) -> None:
        cluster, seen = self.root, 0
        entries = self.entries() if self.root else array("I")
        while 2 <= cluster < len(entries) and seen <= len(entries) and self.named.add(cluster):
            cluster, seen = entries[cluster], seen + 1

    def _runs(self) -> Iterator[Chain | None]:
        raw = self.reader.at(self.bitmap[0], min(self.bitmap[1], MOST_CLUSTERS // 8))
        own = range(self.bitmap[0], self.bitmap[0] + self.bitmap[1], self.size)
        first = 0
        for cluster in range(2, min(self.count, 8 * len(raw)) + 2):
            used = raw[(cluster - 2) // 8] >> (cluster - 2) % 8 & 1
            lost = used and cluster not in self.named and self.place(cluster) not in own
            if lost and not first:
                first = cluster
            elif first and not lost:
                yield first, [(self.place(first), (cluster - first) * self.size)]
                first = 0
            if cluster % PAUSE == 0:
                yield None
        if first:
            yield first, [(self.place(first), (self.count + 2 - first) * self.size)]

    def _chains(self) -> Iterator[Chain | None]:
        entries, lost, led, marked = self.entries(), list[int](), Marks(), Runs()
        bad = (1 << min(self.bits, 28)) - 9
        for cluster in range(2, len(entries)):
            following = entries[cluster]
            if following == bad and cluster not in self.named:
                marked.add(marked.end, self.place(cluster), self.size)
            elif following and cluster not in self.named:
                led.add(following)
                lost.append(cluster)
            if cluster % PAUSE == 0:
                yield None
        self.bad = marked.list
        heads = [cluster for cluster in lost if cluster not in led]
        more = len(heads) - MOST_LOST
        del heads[MOST_LOST:]
        known = set(heads)
        above = {head: self.above(head) for head in heads}
        for head in sorted(heads, key=lambda each: (above[each] is None, above[each] in known)):
            if runs := self._chain(entries, head):  # none: a directory before it led there
                yield head, runs
        if more > 0:
            raise Missing(f"chains of clusters in use beyond the first {MOST_LOST}: {more}")

    def above(self, cluster: int) -> int | None:
        """Return the cluster of the directory that holds the one in ``cluster``, None where that is no directory."""
        raw = self.reader.at(self.place(cluster), 64)
        if self.bitmap[1] or raw[:11] != OWN or raw[32:43] != ABOVE:
            return None
        return u16(raw, 58) | u16(raw, 52) << 16

    def _chain(self, entries: "array[int]", head: int) -> list[Run]:
        runs, cluster = Runs(), head
        while 2 <= cluster < len(entries) and cluster not in self.named:
            self.named.add(cluster)
            runs.add(runs.end, self.place(cluster), self.size)
            cluster = entries[cluster]
        return runs.cut(runs.end)

    def entries(self) -> "array[int]":
        """Return the table: what follows each cluster, 0 where it is free. Raises Missing."""
        if self._table is None:
            self._table = self._read()
        return self._table

    def _read(self) -> "array[int]":
        count = min(self.count + 2, MOST_CLUSTERS)
        raw = self.reader.at(self.table, (count * self.bits + 7) // 8)
        if self.bits == 12:
            pairs = (int.from_bytes(raw[at : at + 3], "little") for at in range(0, len(raw) - 2, 3))
            return array("I", (half for pair in pairs for half in (pair & 0xFFF, pair >> 12)))[:count]
        width = self.bits // 8
        wide = array("H" if width == 2 else "I", raw[: len(raw) // width * width])
        return array("I", (each & 0x0FFFFFFF for each in wide))
