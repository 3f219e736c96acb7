"""Is a hash in a set? One look-up is a place in a table, which is mapped, and some neighbours, which are read.

Cost: 2 µs where the pages are in memory, whatever the size of the set. The digests are not mapped: the kernel maps
64 KiB around each place that is touched, and a worker would soon seem to hold all of a set in its memory. Nothing here
loads numpy, so that a worker does not either.

Source: ``docs/case-format.md``, "hashes/".
"""

import mmap
import os
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from actionday.model import Damaged
from actionday.storage.hashes.layout import (
    CALLED,
    LABEL,
    MAGIC,
    MOST_HEAD,
    PLACE,
    TAIL,
    WIDTHS,
    Head,
    Section,
    head_of,
)

LINEAR = 64
"""Rows of one prefix that are looked through one by one: more of them are nobody's chance, and are halved."""


class Named(msgspec.Struct, frozen=True):
    """What is said of a set wherever it matters: ``kind`` is good or bad."""

    number: int
    name: str
    kind: str
    version: str
    sha256: str
    """Of its file, in hex."""

    @property
    def called(self) -> str:
        """Its name and version, as a sentence has them."""
        return f"{self.name} {self.version}".strip()


class Match(NamedTuple):
    """A hash was found: in which set, by which algorithm, under which labels (categories), if any."""

    named: Named
    algorithm: str
    labels: tuple[str, ...]

    @property
    def by(self) -> str:
        """The algorithm as people write it."""
        return CALLED[self.algorithm]


class _Rows:
    """The digests of one algorithm. ``find`` returns the first row that is a digest, -1 where none is."""

    def __init__(self, mapped: mmap.mmap, descriptor: int, section: Section, labels: Sequence[str]) -> None:
        self.algorithm, self._map, self._labels = section.algorithm, mapped, labels
        self._descriptor = descriptor
        self._width = WIDTHS[section.algorithm]
        self._start, self._rows = section.start, section.rows
        self._at_labels = section.labels
        self.labelled = bool(labels)
        self.find = self._finder(section)

    def _finder(self, section: Section) -> Callable[[bytes], int]:
        """Return ``find``; as a closure, for half of what it costs would be attributes."""
        width, start, table, shift = self._width, section.start, section.table, 32 - section.bits
        mapped, places, number = self._map, PLACE.unpack_from, int.from_bytes
        descriptor, read = self._descriptor, os.pread

        def find(digest: bytes) -> int:
            low, high = places(mapped, table + 4 * (number(digest[:4], "big") >> shift))
            if low >= high:
                return -1
            if high - low > LINEAR:
                return self._halved(digest, low, high)
            data = read(descriptor, (high - low) * width, start + low * width)
            at = data.find(digest)
            while at >= 0 and at % width:  # across two digests: chance, and no match
                at = data.find(digest, at + 1)
            return low + at // width if at >= 0 else -1

        return find

    def _halved(self, digest: bytes, low: int, high: int) -> int:
        high = min(high, self._rows)
        at = bisect_left(range(high), digest, min(low, high), high, key=self._digest)
        return at if at < high and self._digest(at) == digest else -1

    def _digest(self, row: int) -> bytes:
        return os.pread(self._descriptor, self._width, self._start + row * self._width)

    def labels_of(self, row: int) -> tuple[str, ...]:
        """Return the labels of the digest at ``row`` and of those that are the same behind it."""
        if not self._labels:
            return ()
        digest, found = self._digest(row), list[str]()
        while row < self._rows and self._digest(row) == digest:
            label = os.pread(self._descriptor, LABEL.size, self._at_labels + LABEL.size * row)
            found.append(self._labels[int.from_bytes(label, "little")])
            row += 1
        return tuple(sorted({each for each in found if each}))


class HashFile:
    """One set, open. Raises Damaged where the file is none; the descriptor may be closed afterwards."""

    def __init__(self, descriptor: int, named: Named) -> None:
        self.named = named
        size = os.fstat(descriptor).st_size
        if size < len(MAGIC) + TAIL.size:
            raise Damaged("is no file of known hashes: it is too short")
        self._map = mmap.mmap(descriptor, size, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ)
        if self._map[: len(MAGIC)] != MAGIC:
            raise Damaged("is no file of known hashes")
        length, _ = TAIL.unpack(self._map[-TAIL.size :])
        self.head: Head = head_of(self._map[max(0, size - TAIL.size - min(length, MOST_HEAD)) :], size)
        self._descriptor = os.dup(descriptor)
        self.sections = [
            _Rows(self._map, self._descriptor, each, self.head.labels)
            for each in self.head.sections
            if each.rows
        ]

    def match(self, digests: Mapping[str, bytes]) -> Match | None:
        """Return the match of a content by one of its hashes, the strongest first, None where there is none."""
        return next(iter(Known([self]).matches(digests["sha256"], digests["md5"], digests["sha1"])), None)

    def close(self) -> None:
        """Close it."""
        self._map.close()
        os.close(self._descriptor)


class Known:
    """All sets of a run."""

    def __init__(self, files: Sequence[HashFile]) -> None:
        self._files = files
        order = list(WIDTHS)
        self._asked = [
            (order.index(rows.algorithm), rows.find, rows, Match(each.named, rows.algorithm, ()))
            for each in files
            for rows in each.sections
        ]

    def __bool__(self) -> bool:
        return bool(self._files)

    def matches(self, sha256: bytes, md5: bytes, sha1: bytes) -> list[Match]:
        """Return what the sets say of a content, in the order of their import; of each set by its strongest hash."""
        digests = sha256, sha1, md5
        found: list[Match] = []
        for at, find, rows, plain in self._asked:
            if (row := find(digests[at])) >= 0 and not (found and found[-1].named is plain.named):
                found.append(plain._replace(labels=rows.labels_of(row)) if rows.labelled else plain)
        return found

    def close(self) -> None:
        """Unmap all of them."""
        for each in self._files:
            each.close()
