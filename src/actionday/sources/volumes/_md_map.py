"""Where each chunk of an array lies on its disks, level by level.

Source: Linux kernel, ``drivers/md/raid0.c`` (``find_zone``, ``map_sector``), ``raid5.c`` (``raid5_compute_sector``,
``raid6_idx_to_slot``), ``raid10.c`` (``__raid10_find_phys``, ``calc_sectors``).
"""

from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple, Protocol

ROTATING, SYMMETRIC = 4, 2
"""Layouts of parity below the first rotate over the disks; of these, from the second on data follows the parity."""
ORIGINAL = 1
"""Layout of a RAID 0 with disks of several sizes as kernels before 3.14 wrote it, and later ones write it again."""


class Chunk(NamedTuple):
    """A range of the array within one chunk: where its copies lie, or what it can be computed from.

    ``copies``: disk and byte of its data. ``stripe``: of levels with parity the disks in the order of their data, P and
    Q behind them (Q -1 where there is none); all of them have their part at the byte of the first copy.
    """

    length: int
    copies: tuple[tuple[int, int], ...]
    stripe: tuple[int, ...] = ()
    parities: tuple[int, int] = (-1, -1)


class Geometry(Protocol):
    """Tells where bytes of an array lie."""

    size: int
    """Bytes of the array."""

    def at(self, offset: int) -> Chunk:
        """Return where the byte at ``offset`` < size lies, and how many bytes follow it there."""


class Linear:
    """One disk behind another."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self._sizes, self.size = sizes, sum(sizes)

    def at(self, offset: int) -> Chunk:
        """Return where a byte lies."""
        disk = 0
        while offset >= self._sizes[disk]:
            offset -= self._sizes[disk]
            disk += 1
        return Chunk(self._sizes[disk] - offset, ((disk, offset),))


class Mirror:
    """The same on every disk."""

    def __init__(self, disks: int, size: int) -> None:
        self._disks, self.size = disks, size

    def at(self, offset: int) -> Chunk:
        """Return where a byte lies."""
        return Chunk(self.size - offset, tuple((disk, offset) for disk in range(self._disks)))


class Striped:
    """Chunks in turn; where disks differ in size, the larger ones go on alone."""

    def __init__(self, sizes: Sequence[int], chunk: int, layout: int) -> None:
        """``chunk`` > 0; ``sizes`` in the order of the roles."""
        self._chunk, self._original = chunk, layout == ORIGINAL
        whole = [size // chunk * chunk for size in sizes]
        self._zones: list[tuple[int, int, list[int]]] = []
        end = begun = 0
        for size in sorted(set(whole)):
            disks = [number for number, each in enumerate(whole) if each > begun]
            if size > begun:
                end += (size - begun) * len(disks)
                self._zones.append((end, begun, disks))
                begun = size
        self.size = end

    def at(self, offset: int) -> Chunk:
        """Return where a byte lies."""
        number = bisect_right(self._zones, offset, key=itemgetter(0))
        start = self._zones[number - 1][0] if number else 0
        _, begun, disks = self._zones[number]
        row, within = (offset - start) // self._chunk, offset % self._chunk
        turn = offset // self._chunk if self._original else row
        place = begun + row // len(disks) * self._chunk + within
        return Chunk(self._chunk - within, ((disks[turn % len(disks)], place),))


class Parity:
    """Levels 4, 5 and 6."""

    def __init__(self, level: int, disks: int, size: int, chunk: int, layout: int) -> None:
        """``size``: bytes of each disk. Raises ValueError for a layout that is none of the kernel's usual ones."""
        self._parities = 2 if level == 6 else 1
        self._disks, self._data, self._chunk = disks, disks - self._parities, chunk
        self._layout = 5 if level == 4 else layout
        if not 0 <= self._layout <= 5 or self._data < 1:
            raise ValueError(f"layout {layout}")
        self.size = size // chunk * chunk * self._data

    def at(self, offset: int) -> Chunk:
        """Return where a byte lies, and the disks of its stripe."""
        number, within = divmod(offset, self._chunk)
        stripe, own = divmod(number, self._data)
        order, p, q = self._order(stripe)
        place = stripe * self._chunk + within
        return Chunk(self._chunk - within, ((order[own], place),), (*order, p, q), (p, q))

    def _order(self, stripe: int) -> tuple[list[int], int, int]:
        """Return the disks with data of a stripe, in the order of the data, and those with P and Q."""
        disks, turn, six = self._disks, stripe % self._disks, self._parities - 1
        if self._layout >= ROTATING:
            p = 0 if self._layout == ROTATING else self._data
        else:
            p = turn if self._layout % 2 else disks - 1 - turn
        q = (p + 1) % disks if six else -1
        if self._layout in (2, 3):
            first = p + self._parities
            return [(first + number) % disks for number in range(self._data)], p, q
        return [disk for disk in range(disks) if disk not in (p, q)], p, q


class Copies:
    """Level 10: near copies in the same stripe, far ones elsewhere on other disks."""

    def __init__(self, disks: int, size: int, chunk: int, layout: int) -> None:
        """``size``: bytes of each disk. Raises ValueError for a layout that is none."""
        self._disks, self._chunk = disks, chunk
        self._near, self._far, self._offset = layout & 255, layout >> 8 & 255, bool(layout >> 16 & 1)
        sets = layout >> 17
        if not (
            1 <= self._near <= disks and self._far >= 1 and self._near * self._far <= disks and sets <= 2
        ):
            raise ValueError(f"layout {layout:#x}")
        self._set = (disks, disks // self._far, self._far * self._near)[sets]
        self._last = (disks // self._set - 1) * self._set
        chunks = size // chunk // self._far * disks // self._near
        self.size = chunks * chunk
        per_disk = -(-chunks * self._near * self._far // disks)
        self._stride = chunk if self._offset else per_disk // self._far * chunk

    def at(self, offset: int) -> Chunk:
        """Return where a byte lies."""
        number, within = divmod(offset, self._chunk)
        stripe, disk = divmod(number * self._near, self._disks)
        place = stripe * (self._far if self._offset else 1) * self._chunk + within
        copies = []
        for _ in range(self._near):
            copies.append((disk, place))
            there, at = disk, place
            for _ in range(1, self._far):
                there, at = self._next(there), at + self._stride
                copies.append((there, at))
            disk += 1
            if disk >= self._disks:
                disk, place = 0, place + self._chunk
        return Chunk(self._chunk - within, tuple(copies))

    def _next(self, disk: int) -> int:
        own = disk // self._set
        disk += self._near
        if self._disks % self._set and disk > self._last:
            return self._last + (disk - self._last) % (self._disks - self._last)
        return disk % self._set + self._set * own
