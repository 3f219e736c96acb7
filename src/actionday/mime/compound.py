"""A compound file (OLE2): its tables, its directory, and where in the file the bytes of its streams lie.

Source: [MS-CFB] 2.2 (header), 2.3 (FAT), 2.4 (mini FAT), 2.5 (DIFAT), 2.6 (directory).

For the parsers (which read a document's streams), the sources (which yield all others) and the detector, so that they
cannot disagree about which streams there are.
"""

import sys
from array import array
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from struct import unpack_from

from actionday.mime.compound_tree import ENTRY, MOST_ENTRIES, STORAGE, Entry, Tree, arranged, entry
from actionday.model import Damaged, Run

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER = 512
LAST = 0xFFFFFFFA
"""Sector numbers from here on are marks, not sectors."""
FREE = 0xFFFFFFFF
MINI = 64


class Compound:
    """Tables and directory; ``read(offset, length)`` gives fewer bytes only at the end. Raises Damaged.

    ``is_cut`` says that the directory goes on behind ``MOST_ENTRIES``.
    The tables cost one step a sector (a 32-bit number each); no chain is followed for more bytes than the file has.
    """

    def __init__(self, read: Callable[[int, int], bytes], size: int) -> None:
        self._header = header = read(0, HEADER)
        if header[:8] != MAGIC or len(header) < HEADER or header[30] not in (9, 12):
            raise Damaged("OLE2: not a compound file")
        self._read, self._size = read, size
        self.sector, self.is_cut = 1 << header[30], False
        start, self._cutoff, mini = unpack_from("<I4xII", header, 48)
        self._tables: list[int] = []
        self._fat = self._table()
        self.tree: Tree = arranged(dict(self._entries(start)))
        self._mini_fat = _longs(self._bytes(self._chain(mini, size)))

    def runs(self, each: Entry, limit: int | None = None) -> tuple[Run, ...]:
        """Return where the first ``limit`` bytes of a stream lie (``-1`` for a hole: behind the file's end).

        They are shorter than the stream where its chain ends before its size. A step a sector.
        """
        size = each.size if limit is None else min(each.size, limit)
        if each.size < self._cutoff:
            return _joined(self._minis(each.start, size))
        return self._chain(each.start, size)

    def content(self, each: Entry, limit: int | None = None) -> bytes:
        """Return the first ``limit`` bytes of a stream; fewer where its chain ends early."""
        return self._bytes(self.runs(each, limit))

    @property
    def end(self) -> int:
        """Return the byte behind the last sector's first that its tables place: a sound file is longer."""
        return (self._last + 1) * self.sector + 1

    @property
    def over(self) -> int:
        """Return the byte behind the last sector that its tables place."""
        return (self._last + 2) * self.sector

    @cached_property
    def _last(self) -> int:
        used = [number for number in unpack_from("<109I", self._header, 76) if number < LAST]
        used += islice((at for at in reversed(range(len(self._fat))) if self._fat[at] != FREE), 1)
        return max(used, default=-1)

    def strays(self) -> tuple[Run, ...]:
        """Return the sectors that the table calls used and that belong to no stream and no table: a step a sector."""
        seen = bytearray(len(self._fat))
        for number in self._tables:
            if number < len(seen):
                seen[number] = 1
        start, mini = unpack_from("<I8xI", self._header, 48)
        for first, size in ((start, self._size), (mini, self._size), *self._large()):
            number = first
            for _ in range(-(-min(size, self._size) // self.sector)):
                if number >= len(seen) or seen[number]:
                    break
                seen[number], number = 1, self._fat[number]
        return _joined(
            ((at + 1) * self.sector, min(self.sector, self._size - (at + 1) * self.sector))
            for at, taken in enumerate(seen)
            if not taken and self._fat[at] != FREE and (at + 1) * self.sector < self._size
        )

    def _large(self) -> Iterator[tuple[int, int]]:
        """Yield first sector and size of the mini stream and of each stream outside it."""
        root = self.tree.root
        for each in self.tree.entries.values():
            if each is root or (each.kind != STORAGE and each.size >= self._cutoff):
                yield each.start, each.size

    def _table(self) -> "array[int]":
        numbers = array("I", unpack_from("<109I", self._header, 76))
        more, per = unpack_from("<I", self._header, 68)[0], self.sector // 4
        sectors = self._size // self.sector
        for _ in range(sectors // per):  # no loop can be longer than the file
            block = _longs(self._at(more)) if more < LAST else array("I")
            if len(block) < per:
                break
            self._tables.append(more)
            numbers += block[:-1]
            more = block[-1]
        self._tables += numbers
        return _longs(b"".join(self._at(number) for number in numbers[:sectors] if number < LAST))

    def _entries(self, start: int) -> Iterator[tuple[int, Entry]]:
        block = self._bytes(self._chain(start, (MOST_ENTRIES + 1) * ENTRY))
        self.is_cut = len(block) > MOST_ENTRIES * ENTRY
        for number in range(min(len(block) // ENTRY, MOST_ENTRIES)):
            each = entry(block[number * ENTRY : (number + 1) * ENTRY], number, long=self.sector > HEADER)
            if each:
                yield number, each

    def _at(self, number: int) -> bytes:
        return self._read((number + 1) * self.sector, self.sector)

    def _bytes(self, runs: tuple[Run, ...]) -> bytes:
        return b"".join(bytes(length) if at < 0 else self._read(at, length) for at, length in runs)

    def _numbers(self, number: int, limit: int) -> Iterator[int]:
        """Follow a chain for at most ``limit`` bytes, and no more than the file has: no loop can be longer."""
        for _ in range(-(-min(limit, self._size) // self.sector)):
            if number >= LAST:
                return
            yield number
            number = self._fat[number] if number < len(self._fat) else LAST

    def _chain(self, number: int, limit: int) -> tuple[Run, ...]:
        return _joined(self._places(number, limit))

    def _places(self, number: int, limit: int) -> Iterator[Run]:
        for each in self._numbers(number, limit):
            begin, length = (each + 1) * self.sector, min(self.sector, limit)
            there = max(0, min(length, self._size - begin))
            if there:
                yield begin, there
            if there < length:
                yield -1, length - there
            limit -= length

    @cached_property
    def _ministream(self) -> "array[int]":
        root = self.tree.root
        return array("I", self._numbers(root.start, root.size) if root else ())

    def _minis(self, number: int, limit: int) -> Iterator[Run]:
        while limit > 0 and number < LAST:
            at = number * MINI
            if at // self.sector >= len(self._ministream):
                return
            begin = (self._ministream[at // self.sector] + 1) * self.sector + at % self.sector
            length = min(MINI, limit)
            if begin + length > self._size:
                return
            yield begin, length
            limit -= length
            number = self._mini_fat[number] if number < len(self._mini_fat) else LAST


def _joined(places: Iterator[Run]) -> tuple[Run, ...]:
    """Return places with what lies one behind the other as one, and no hole at the end."""
    runs: list[Run] = []
    for at, length in places:
        if runs and (runs[-1][0] + runs[-1][1] == at if at >= 0 else runs[-1][0] < 0):
            runs[-1] = (runs[-1][0], runs[-1][1] + length)
        else:
            runs.append((at, length))
    if runs and runs[-1][0] < 0:
        runs.pop()
    return tuple(runs)


def _longs(block: bytes) -> "array[int]":
    found = array("I", block[: len(block) // 4 * 4])
    if sys.byteorder == "big":
        found.byteswap()
    return found
