"""Which blocks of an XFS file system are free, by the B+tree of each group that is in the order of blocks.

Source: "XFS Filesystem Structure" (xfsprogs documentation, 3rd edition): AG Free Space Management, its B+trees.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator

from actionday.model import Context, Run
from actionday.sources.filesystems import _free
from actionday.sources.filesystems._tsk_bytes import Missing, whole
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems._xfs_inode import DEEPEST, Super

HEADERS = {b"ABTB": 16, b"AB3B": 56}
MOST = 1 << 24
"""Free ranges of one group that are kept, 128 MiB of them."""


class Free:
    """The free ranges of each group, read when it is first asked about."""

    def __init__(self, volume: Super) -> None:
        self._volume = volume
        self._groups: dict[int, tuple[array[int], array[int]]] = {}

    def in_use(self, offset: int, length: int) -> int:
        """Return how many bytes of a range within one group are not free. Raises BadMap or Missing."""
        block = self._volume.block
        group, first = divmod(offset // block, self._volume.group_blocks)
        starts, counts = self._of(group)
        last = first + -(-length // block)
        at, free = max(0, bisect_right(starts, first) - 1), 0
        while at < len(starts) and starts[at] < last:
            free += max(0, min(last, starts[at] + counts[at]) - max(first, starts[at]))
            at += 1
        return max(0, length - free * block)

    def runs(self, around: Context) -> Iterator[Run]:
        """Yield the free ranges of all groups, in order; of a group whose tree cannot be read it is noted."""
        volume = self._volume
        untold, size = _free.Untold("xfs", around), volume.group_blocks * volume.block
        for group in range(min(volume.groups, -(-volume.reader.size // size))):
            start = group * volume.group_blocks
            try:
                starts, counts = self._of(group)
            except (BadMap, Missing) as error:
                untold.add(group, size, error)
                continue
            for first, count in zip(starts, counts, strict=True):
                yield (start + first) * volume.block, count * volume.block
        untold.end()

    def _of(self, group: int) -> tuple["array[int]", "array[int]"]:
        if group not in self._groups:
            starts, counts = array("I"), array("I")
            for start, count in self._ranges(group):
                if len(starts) >= MOST or (starts and start < starts[-1] + counts[-1]):
                    raise BadMap(f"the tree of free blocks of group {group} is out of order")
                starts.append(start)
                counts.append(count)
            self._groups[group] = starts, counts
        return self._groups[group]

    def _ranges(self, group: int) -> Iterator[tuple[int, int]]:
        volume = self._volume
        raw = whole(volume.reader, group * volume.group_blocks * volume.block + volume.sector, volume.sector)
        if raw[:4] != b"XAGF" or _u32(raw, 8) != group:
            raise BadMap(f"the header of free blocks of group {group} is damaged")
        if not volume.fits(raw, 216):
            volume.differ[f"the header of free blocks of group {group}"] = None
        return self._records(group, _u32(raw, 16), _u32(raw, 28) - 1, set())

    def _records(self, group: int, block: int, level: int, seen: set[int]) -> Iterator[tuple[int, int]]:
        volume = self._volume
        node = whole(volume.reader, volume.place(group << volume.group_log | block), volume.block)
        start, count = HEADERS.get(node[:4], 0), int.from_bytes(node[6:8], "big")
        most = (len(node) - start) // (12 if level else 8)
        told = int.from_bytes(node[4:6], "big")
        if not start or block in seen or not 0 <= level < DEEPEST or told != level or count > most:
            raise BadMap(f"block {block} of group {group} is no node of a tree of free blocks")
        seen.add(block)
        if not volume.fits(node, 52):
            volume.differ[f"block {block} of the tree of free blocks of group {group}"] = None
        for index in range(count):
            if level:
                below = _u32(node, start + 8 * most + 4 * index)
                yield from self._records(group, below, level - 1, seen)
            else:
                yield _u32(node, start + 8 * index), _u32(node, start + 8 * index + 4)


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "big")
