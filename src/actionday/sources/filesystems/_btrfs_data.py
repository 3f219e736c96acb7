"""The data of Btrfs, held against its checksums: of several copies the one that has them is told.

Source: Btrfs documentation, "Checksumming"; Linux kernel, ``fs/btrfs/file-item.c`` (``btrfs_search_csums``).
"""

from collections.abc import Iterator

from actionday.sources.filesystems._btrfs_nodes import HEADER, MOST, Trees
from actionday.sources.filesystems._btrfs_sums import SIZES, sums_of
from actionday.sources.filesystems._btrfs_super import Root
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap, Run, Runs

OBJECT, SUMS = MOST - 9, 128
PIECE = 1 << 20
TIMES, ALWAYS = 2, 64 << 20
"""Bytes held against checksums at the most: of extents that overlap the same ones would be, again and again."""
KEPT = 1 << 18
"""Extents whose result is kept: snapshots lead to the same ones again and again."""


class Data:
    """The data of one file system."""

    def __init__(self, trees: Trees, sums: Root | None) -> None:
        self._trees, self._root, self._sector = trees, sums, trees.volume.sector
        self._kind, self._size = trees.volume.sums, SIZES[trees.volume.sums]
        self.mended = 0
        """Bytes that were taken from a further copy."""
        self.unlooked = 0
        """Bytes that were not held against their checksums: none is kept, or more was read than a device holds."""
        self._left = TIMES * trees.space.reader.size + ALWAYS
        self._kept: dict[tuple[int, int], tuple[tuple[Run, ...], str]] = {}

    def plain(self, logical: int, length: int) -> tuple[tuple[Run, ...], str]:
        """Return where bytes lie, unchecked. Raises BadMap."""
        return tuple(self._trees.space.runs(logical, length)), ""

    def checked(self, logical: int, length: int) -> tuple[tuple[Run, ...], str]:
        """Return where whole blocks lie that have their checksums, and what is wrong where not all have.

        Reads them: once, and once more for each copy of those that differ. Raises BadMap where no chunk has them.
        """
        found = self._kept.get((logical, length))
        if found is None:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            found = self._kept[logical, length] = self._checked(logical, length)
        return found

    def _checked(self, logical: int, length: int) -> tuple[tuple[Run, ...], str]:
        made, wrong, first = Runs(), 0, -1
        whole = self._trees.space.runs(logical, length)
        for at, size, sums in self._told(logical, length):
            if not sums or size > self._left:
                self.unlooked, sums = self.unlooked + size, b""
            self._left -= size if sums else 0
            for place, part, good in self._pieces(at, size, sums):
                made.add(made.end, place, part)
                if not good:
                    wrong, first = wrong + part, at if first < 0 else first
        if made.end != length:
            return tuple(whole), ""
        why = (
            f"the checksum of {wrong} bytes of its data differs, the first near address {first}"
            if wrong
            else ""
        )
        return tuple(made.list), why

    def _told(self, logical: int, length: int) -> Iterator[tuple[int, int, bytes]]:
        """Yield pieces of a range with their checksums; without any where none are kept."""
        at, end = logical, logical + length
        if self._root is None:
            yield at, length, b""
            return
        reach = self._trees.volume.node // self._size * self._sector
        low, high = (OBJECT, SUMS, max(0, at - reach)), (OBJECT, SUMS, end - 1)
        for item in self._trees.items(self._root, low, high, bad=[]):
            start = item.key[2]
            stop = min(end, start + item.size // self._size * self._sector)
            if stop <= at:
                continue
            if start > at:
                yield at, start - at, b""
                at = start
            sums = item.data
            while at < stop:
                size = min(PIECE, stop - at)
                first = (at - start) // self._sector * self._size
                yield at, size, sums[first : first + size // self._sector * self._size]
                at += size
        if at < end:
            yield at, end - at, b""

    def _pieces(self, at: int, size: int, sums: bytes) -> Iterator[tuple[int, int, bool]]:
        """Yield place, length and whether the checksums hold, of a piece: as a whole where some copy has them all."""
        space, copies = self._trees.space, self._trees.space.copies(at)
        if not sums:
            yield from ((place, part, True) for place, part in space.runs(at, size))
            return
        for copy in range(copies):
            if self._read(at, size, copy, sums):
                self.mended += size if copy else 0
                yield from ((place, part, True) for place, part in space.runs(at, size, copy))
                return
        if size > self._sector:
            for step in range(0, size, self._sector):
                own = sums[step // self._sector * self._size :][: self._size]
                yield from self._pieces(at + step, self._sector, own)
            return
        readable = [copy for copy in range(copies) if self._read(at, size, copy, sums) is not None]
        yield from (
            (place, part, not readable)
            for place, part in space.runs(at, size, readable[0] if readable else 0)
        )

    def _read(self, at: int, size: int, copy: int, sums: bytes) -> bool | None:
        """Say whether a copy has its checksums, None where it cannot be had: whoever reads it is told so."""
        try:
            data = self._trees.space.read(at, size, copy)
        except (BadMap, Missing):
            return None
        return sums_of(self._kind, data, self._sector) == sums


def in_block(trees: Trees, logical: int, copy: int, at: int, length: int) -> list[Run]:
    """Return where bytes of a tree block lie. Raises BadMap."""
    if at < HEADER or at + length > trees.volume.node:
        raise BadMap("bytes beyond a tree block")
    return trees.space.runs(logical + at, length, copy)
