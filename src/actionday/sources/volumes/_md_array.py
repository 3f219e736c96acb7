"""An array out of those of its disks that there are; what one lacks is computed from the others where it can be.

Source: Linux kernel, ``drivers/md/raid5.c``, ``lib/raid6/recov.c``; H. Peter Anvin, "The mathematics of RAID-6".
"""

from collections.abc import Mapping, Sequence
from functools import cache, reduce
from typing import Any

import numpy as np

from actionday.model import Damaged, Stream
from actionday.model.streams import Seekable, read_at
from actionday.sources.volumes._md_map import Chunk, Geometry

POLYNOMIAL = 0x11D
"""Of the field that level 6 computes in."""
Vector = np.ndarray[Any, np.dtype[np.uint8]]


class Lost(Damaged):
    """A disk does not give a range."""


class Disk:
    """One disk: its data within the stream, and up to where they are in step with the array."""

    def __init__(self, stream: Stream, start: int, size: int, good: int | None = None) -> None:
        self._stream, self._start, self._size = stream, start, size
        self._good = size if good is None else good

    def read(self, at: int, length: int) -> bytes:
        """Return bytes of the array's part of it. Raises Lost."""
        if at + length > self._good:
            raise Lost("not in step with the array")
        try:
            data = read_at(self._stream, self._start + at, length)
        except (Damaged, OSError) as error:
            raise Lost(str(error)) from error
        if len(data) != length:
            raise Lost(f"ends at byte {self._stream.size}")
        return data


class Array(Seekable):
    """The disk that the array is."""

    volumes = None

    def __init__(self, geometry: Geometry, disks: Mapping[int, Disk], named: Mapping[int, str]) -> None:
        """``disks`` by their place in the array; ``named``: how each place that lacks is told."""
        super().__init__(geometry.size)
        self._geometry, self._disks, self._named = geometry, disks, named

    def volume(self, place: str) -> Stream:
        """Return nothing: an array has no volumes of its own. Raises Damaged."""
        raise Damaged(f"no volume {place!r} in an array")

    def lost_until(self, at: int) -> int:
        """Return the end of the chunk that cannot be had."""
        return min(self.size, at + self._geometry.at(at).length)

    def _at(self, offset: int, length: int) -> bytes:
        pieces = []
        while length > 0:
            chunk = self._geometry.at(offset)
            size = min(length, chunk.length)
            pieces.append(self._piece(chunk, size, offset))
            offset, length = offset + size, length - size
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _piece(self, chunk: Chunk, size: int, offset: int) -> bytes:
        why: list[str] = []
        for disk, place in chunk.copies:
            try:
                return self._read(disk, place, size)
            except Lost as error:
                why.append(str(error))
        if chunk.stripe:
            try:
                return self._computed(chunk, size)
            except Lost as error:
                why.append(str(error))
        told = "; ".join(dict.fromkeys(why))
        raise Damaged(f"bytes {offset} to {offset + size - 1} of the array cannot be had: {told}")

    def _read(self, disk: int, place: int, size: int) -> bytes:
        if (there := self._disks.get(disk)) is None:
            raise Lost(f"disk {disk} is missing")
        try:
            return there.read(place, size)
        except Lost as error:
            raise Lost(f"disk {disk} {error}") from error

    def _computed(self, chunk: Chunk, size: int) -> bytes:
        """Return the data of a disk from the others of its stripe. Raises Lost."""
        (own, place), (p, q) = chunk.copies[0], chunk.parities
        order, found, lost = syndrome_order(chunk), dict[int, Vector](), list[str]()
        for disk in (*order, p, *((q,) if q >= 0 else ())):
            if disk == own:
                continue
            try:
                found[disk] = np.frombuffer(self._read(disk, place, size), np.uint8)
            except Lost as error:
                lost.append(str(error))
                if len(lost) > (1 if q >= 0 else 0):
                    raise Lost("; ".join(lost)) from error
            if q >= 0 and disk == p and not lost:  # P alone suffices
                break
        return recovered(order, own, (p, q), found).tobytes()


def syndrome_order(chunk: Chunk) -> list[int]:
    """Return the disks with data of a stripe as level 6 numbers them: behind Q, then from the first."""
    p, q = chunk.parities
    data = sorted(disk for disk in chunk.stripe if disk not in (p, q))
    return [*(disk for disk in data if disk > q), *(disk for disk in data if disk < q)] if q >= 0 else data


def recovered(
    order: Sequence[int], own: int, parities: tuple[int, int], found: Mapping[int, Vector]
) -> Vector:
    """Return the data of disk ``own`` from what was ``found`` of its stripe: all but it and at most one more."""
    p, q = parities
    others = [disk for disk in order if disk != own]
    away = [disk for disk in others if disk not in found]
    if not away and p in found:
        return _sum([found[p], *(found[disk] for disk in others)])
    index = {disk: number for number, disk in enumerate(order)}
    rest = [times(found[disk], power(index[disk])) for disk in others if disk in found]
    by_q = _sum([found[q], *rest])
    if not away:
        return times(by_q, inverse(power(index[own])))
    by_p = _sum([found[p], *(found[disk] for disk in others if disk in found)])
    one, other = power(index[own]), power(index[away[0]])
    return times(_sum([by_q, times(by_p, other)]), inverse(one ^ other))


def _sum(parts: Sequence[Vector]) -> Vector:
    return reduce(np.bitwise_xor, parts)


@cache
def _powers() -> tuple[tuple[int, ...], dict[int, int]]:
    """Return the powers of 2 in the field, and their logarithms."""
    powers, value = [], 1
    for _ in range(255):
        powers.append(value)
        value = value << 1 ^ (POLYNOMIAL if value & 0x80 else 0)
    return tuple(powers), {each: number for number, each in enumerate(powers)}


def power(number: int) -> int:
    """Return 2 to the ``number``."""
    return _powers()[0][number % 255]


def inverse(value: int) -> int:
    """Return what ``value`` > 0 times gives 1."""
    powers, logarithms = _powers()
    return powers[-logarithms[value] % 255]


@cache
def _table(factor: int) -> Vector:
    powers, logarithms = _powers()
    added = [0, *((logarithms[each] + logarithms[factor]) % 255 for each in range(1, 256))]
    return np.array([0, *(powers[each] for each in added[1:])], np.uint8)


def times(data: Vector, factor: int) -> Vector:
    """Return each byte times ``factor``."""
    product: Vector = _table(factor)[data]
    return product
