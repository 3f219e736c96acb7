"""Which files of a disc were listed: what a further tree over the same bytes adds to them.

Source: none; trees tell the same file by the same extent, each under a name of its own kind (``My plan.text`` is
``MY_PLAN.TEX`` elsewhere), and writers let several names share one extent.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

Held = TypeVar("Held")
Extent = tuple[int, int]
"""The first byte of a content and its bytes; all empty ones are alike."""
OTHER = re.compile(r"[^A-Z0-9]")
COVERED = 2048
"""Extents are counted in sectors of this many bytes."""


def short(path: str) -> str:
    """Return the last part of a path as the plainest kind of tree would write it, near enough to be compared."""
    base, _, ending = path.rpartition("/")[2].upper().rpartition(".")
    base, ending = (base, ending) if base else (ending, "")
    return f"{OTHER.sub('_', base)[:8]}.{OTHER.sub('_', ending)[:3]}"


class Told:
    """The extents listed so far, the names they were listed under, and the bytes they cover."""

    def __init__(self) -> None:
        self._names: dict[Extent, str | tuple[str, ...]] = {}
        self._covered: list[Extent] = []

    def add(self, extent: Extent, path: str) -> None:
        """Put down a name of an extent."""
        key = extent if extent[1] else (0, 0)
        known = self._names.get(key)
        name = short(path)
        if known is None:
            self._names[key] = name
        else:
            self._names[key] = (*((known,) if isinstance(known, str) else known), name)

    def names(self, extent: Extent) -> tuple[str, ...]:
        """Return the names an extent was listed under."""
        known = self._names.get(extent if extent[1] else (0, 0), ())
        return (known,) if isinstance(known, str) else known

    def cover(self, start: int, length: int) -> None:
        """Put down bytes that belong to what was listed."""
        end = -(-(start + length) // COVERED) * COVERED
        if self._covered and self._covered[-1][1] == start:
            self._covered[-1] = self._covered[-1][0], end
        elif length:
            self._covered.append((start, end))

    def gaps(self, size: int) -> Iterator[Extent]:
        """Yield the ranges (start, end) up to ``size`` that nothing covers."""
        at = 0
        for start, end in sorted(self._covered):
            if start > at:
                yield at, min(start, size)
            at = max(at, end)
        if at < size:
            yield at, size

    def end(self) -> int:
        """Return the byte behind the last one that belongs to what was listed."""
        return max((end for _, end in self._covered), default=0)


class Further(Generic[Held]):
    """One further tree held against what was told before it; ``strict``: another name is another file."""

    def __init__(self, told: Told, *, strict: bool) -> None:
        self._told, self._strict = told, strict
        self._taken: Counter[tuple[Extent, str]] = Counter()
        self._count: Counter[Extent] = Counter()
        self._held: list[tuple[Extent, str, Held]] = []

    def is_new(self, extent: Extent, path: str, held: Held) -> bool:
        """Say whether a file was not listed; one whose extent was, under another name, is kept for ``left``."""
        key = extent if extent[1] else (0, 0)
        known, name = self._told.names(key), short(path)
        if known.count(name) > self._taken[key, name]:
            self._taken[key, name] += 1
            self._count[key] += 1
            return False
        if not known or self._strict:
            return True
        self._held.append((key, path, held))
        return False

    def left(self) -> Iterable[tuple[Extent, str, Held]]:
        """Yield the kept ones that are more than the names their extents were listed under."""
        known = {key: len(self._told.names(key)) for key, _, _ in self._held}
        for key, path, held in self._held:
            if self._count[key] < known[key]:
                self._count[key] += 1
            else:
                yield key, path, held
