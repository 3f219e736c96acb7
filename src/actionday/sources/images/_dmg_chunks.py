"""The chunks of a disk out of its block tables: where each part of it lies in the file, and how it is packed.

Source: libmodi, "Mac OS disk image types" (block table). 36 bytes a chunk: a disk of a TB has a million.
"""

import struct
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from actionday.sources.images._dmg_packing import COMMENT, END
from actionday.sources.images._dmg_trailer import FURTHEST, Resource, checksum

HEAD, CHUNK = 204, struct.Struct(">IIQQQQ")
MAGIC, SECTOR = b"mish", 512


class Chunk(NamedTuple):
    """A part of the disk, in bytes: where it begins, how long it is, what it is, and where it lies in the file."""

    start: int
    size: int
    kind: int
    at: int
    stored: int


class Table(NamedTuple):
    """One block table: the name of its part of the disk, where that begins, its sectors, the checksum of its bytes."""

    name: str
    first: int
    sectors: int
    sum: int | None


class Chunks:
    """All of them, in the order of the disk."""

    def __init__(self, resources: Sequence[Resource], bad: list[str]) -> None:
        """Keep in ``bad`` what is wrong with tables: what they hold of the disk is then in no chunk."""
        self._rows = [array("Q") for _ in range(4)]
        self._kinds = array("I")
        self.tables = [table for each in resources if (table := self._table(each, bad)) is not None]
        starts = self._rows[0]
        order = sorted(range(len(starts)), key=starts.__getitem__)
        if order != list(range(len(order))):
            self._rows = [array("Q", (row[each] for each in order)) for row in self._rows]
            self._kinds = array("I", (self._kinds[each] for each in order))
        self._overlaps(bad)

    def __len__(self) -> int:
        return len(self._kinds)

    def __getitem__(self, number: int) -> Chunk:
        starts, sizes, places, stored = self._rows
        return Chunk(starts[number], sizes[number], self._kinds[number], places[number], stored[number])

    def __iter__(self) -> Iterator[Chunk]:
        return (self[number] for number in range(len(self)))

    def at(self, offset: int) -> Chunk | None:
        """Return the chunk that byte ``offset`` of the disk lies in, None where it lies in none."""
        number = bisect_right(self._rows[0], offset) - 1
        if number < 0 or offset >= self._rows[0][number] + self._rows[1][number]:
            return None
        return self[number]

    def behind(self, offset: int) -> int:
        """Return where the first chunk behind byte ``offset`` begins, -1 where none does."""
        number = bisect_right(self._rows[0], offset)
        return self._rows[0][number] if number < len(self) else -1

    def of(self, table: Table) -> Iterator[Chunk]:
        """Yield the chunks of a table, in the order of the disk."""
        starts, begin = self._rows[0], table.first * SECTOR
        last = bisect_left(starts, begin + table.sectors * SECTOR)
        return (self[number] for number in range(bisect_left(starts, begin), last))

    def _table(self, each: Resource, bad: list[str]) -> Table | None:
        raw, what = each.data, f"the block table {each.name!r}"
        if raw[:4] != MAGIC or len(raw) < HEAD:
            bad.append(f"{what} is none")
            return None
        first, sectors, base = struct.unpack_from(">QQQ", raw, 8)
        (count,) = struct.unpack_from(">I", raw, HEAD - 4)
        there = (len(raw) - HEAD) // CHUNK.size
        if count > there:
            bad.append(f"{what} has {there} of {count} chunks")
        for number in range(min(count, there)):
            kind, _, start, length, at, stored = CHUNK.unpack_from(raw, HEAD + CHUNK.size * number)
            if kind == END:
                break
            if kind == COMMENT or not length:
                continue
            if max(first + start + length, at + base, stored) > FURTHEST:
                bad.append(f"{what} has a chunk of {length} sectors at sector {first + start}")
                continue
            self._put((first + start) * SECTOR, length * SECTOR, at + base, stored, kind)
        return Table(each.name, first, sectors, checksum(raw, 64))

    def _put(self, start: int, size: int, at: int, stored: int, kind: int) -> None:
        for row, value in zip(self._rows, (start, size, at, stored), strict=True):
            row.append(value)
        self._kinds.append(kind)

    def _overlaps(self, bad: list[str]) -> None:
        """Say where a chunk begins within another one: which of them is right is known to nobody."""
        twice, first, end = 0, -1, 0
        for start, size in zip(*self._rows[:2], strict=True):
            if start < end:
                twice, first = twice + 1, start if first < 0 else first
            end = max(end, start + size)
        if twice:
            bad.append(f"{twice} chunks begin within another, the first at byte {first} of the disk")
