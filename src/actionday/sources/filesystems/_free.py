"""Ranges of a file system that belong to no file, put together out of its own lists of what is free.

Source: none; each file system's own is named where its list is read.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from actionday.model import Context, Run
from actionday.model.counted import counted
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap

PIECE = 1 << 20
"""Bytes of a list of bits that are looked at together: they tell of 8 million units."""
MOST_SAID = 20
"""Groups of blocks that are named one by one."""
CODE = "unallocated"
"""A remark: of a part of a file system it cannot be told what is free in it, so nothing of it is looked through."""


def clear_bits(bits: bytes, count: int, *, first_is_high: bool = False) -> Iterator[tuple[int, int]]:
    """Yield where bits are 0 among the first ``count``: first bit and length, in order. 1 ns a bit."""
    order = "big" if first_is_high else "little"
    marks = np.unpackbits(np.frombuffer(bits, np.uint8), bitorder=order)[:count]  # type: ignore[call-overload]
    yield from clear_marks(marks)


def clear_marks(marks: "np.ndarray[tuple[int], np.dtype[np.generic]]") -> Iterator[tuple[int, int]]:
    """Yield where ``marks`` are 0: first and length, in order."""
    free = np.zeros(len(marks) + 2, np.int8)
    free[1:-1] = marks == 0
    edges = np.flatnonzero(np.diff(free))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield start, end - start


def without(runs: Iterable[Run], taken: Sequence[Run]) -> Iterator[Run]:
    """Yield ``runs`` without what lies in ``taken``; both ascending and each without overlaps."""
    number = 0
    for start, length in runs:
        at, end = start, start + length
        while number and sum(taken[number - 1]) > at:
            number -= 1
        while number < len(taken) and taken[number][0] < end:
            low, high = taken[number][0], sum(taken[number])
            if high > at:
                if low > at:
                    yield at, low - at
                at = high
            number += 1
        if at < end:
            yield at, end - at


def merged(ranges: Iterable[Run]) -> list[Run]:
    """Return ranges in order, those that touch or overlap as one."""
    found: list[Run] = []
    for start, length in sorted(ranges):
        if found and start <= sum(found[-1]):
            first = found[-1][0]
            found[-1] = first, max(sum(found[-1]), start + length) - first
        elif length > 0:
            found.append((start, length))
    return found


def tell_free(runs: Iterator[Run], kind: str, unit: int, around: Context, first: int = 0) -> None:
    """Tell the pipeline which bytes are free; where the list breaks off, note it. Never raises for a damaged list."""
    around.unallocated(_as_far(runs, kind, around), unit, first)


def _as_far(runs: Iterator[Run], kind: str, around: Context) -> Iterator[Run]:
    end = 0
    try:
        for run in runs:
            end = sum(run)
            yield run
    except (BadMap, Missing, OSError, ValueError) as error:
        where = f"from byte {end} on" if end else "anywhere"
        around.note(CODE, f"{kind}: what is free {where} cannot be told, and is not looked through: {error}")


class Untold:
    """Groups of blocks of which nobody can tell what is free: the first are noted one by one."""

    def __init__(self, kind: str, around: Context) -> None:
        self._kind, self._around = kind, around
        self._groups = self._bytes = 0

    def add(self, group: int, size: int, error: Exception) -> None:
        """Take a group of ``size`` bytes and why its list cannot be read."""
        self._groups, self._bytes = self._groups + 1, self._bytes + size
        if self._groups <= MOST_SAID:
            what = f"which of the {counted(size, 'byte')} of group {group} are free cannot be told"
            self._around.note(CODE, f"{self._kind}: {what}: none is looked through: {error}")

    def end(self) -> None:
        """Note how many there are in all, where not all were."""
        if self._groups > MOST_SAID:
            of = f"{counted(self._groups, 'group')} with {counted(self._bytes, 'byte')} in all"
            self._around.note(
                CODE, f"{self._kind}: what is free in {of} cannot be told: none is looked through"
            )
