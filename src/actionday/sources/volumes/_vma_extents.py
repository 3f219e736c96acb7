"""The extents of a Proxmox backup: where each block of each device lies.

Source: pve-qemu, ``vma_spec.txt`` ("VMA Extent Header"), ``vma-reader.c`` (restore_extent).
"""

import hashlib
import struct
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from uuid import UUID

from actionday.model import Run, Stream
from actionday.model.counted import counted
from actionday.sources.images._disk import exactly

MAGIC = b"VMAE"
HEADER, SLOTS = 512, 59
CLUSTER, BLOCK, BLOCKS = 1 << 16, 1 << 12, 16
WHOLE = 0xFFFF
MD5 = 24
STEP = 1 << 20
MOST_TOLD = 20
"""Damaged extents that have a line each in the issue log; the others are counted."""

Say = Callable[[str], None]
Cluster = tuple[int, int, int, int]
"""Device, number of the cluster, mask of the blocks that are stored, byte at which they lie."""


class Extents:
    """Goes through the extents once; what is wrong with one is told, and the next looked for."""

    def __init__(self, stream: Stream, uuid: UUID, say: Say) -> None:
        self._stream, self._uuid, self._say = stream, uuid.bytes, say
        self.broken = ""
        """Why the last extents could not be read to the end of the file."""
        self.doubtful = 0

    def clusters(self, at: int) -> Iterator[Cluster]:
        """Yield the clusters of all extents from byte ``at`` on, in the order of the file."""
        size = self._stream.size
        while at < size:
            if size - at < HEADER:
                self.broken = f"ends at byte {size} inside the header of an extent"
                return
            raw = exactly(self._stream, at, HEADER, "vma: an extent")
            if raw[:4] != MAGIC or raw[8:24] != self._uuid:
                found = self._next(at + 1)
                where = f"the next one is at byte {found}" if found else "there is none behind it"
                self.broken = self.broken or f"no extent at byte {at}; {where}"
                if found is None:
                    return
                at = found
                continue
            if (
                hashlib.md5(raw[:MD5] + bytes(16) + raw[MD5 + 16 :], usedforsecurity=False).digest()
                != raw[MD5 : MD5 + 16]
            ):
                self.doubtful += 1
                if self.doubtful <= MOST_TOLD:
                    self._say(f"the extent at byte {at} has another checksum in its header")
            place = at + HEADER
            for info in struct.unpack_from(f">{SLOTS}Q", raw, 40):
                device, mask = info >> 32 & 0xFF, info >> 48
                if device:
                    yield device, info & 0xFFFFFFFF, mask, place
                    place += mask.bit_count() * BLOCK
            if place > size:
                lost = counted(place - size, "byte")
                self.broken = self.broken or f"ends {lost} before the extent at byte {at} does"
            at = place

    def _next(self, at: int) -> int | None:
        """Return the byte at which the next extent of this backup begins."""
        while at < self._stream.size:
            self._stream.seek(at)
            piece = self._stream.read(STEP + 24)
            found = piece.find(MAGIC)
            while found >= 0:
                if piece[found + 8 : found + 24] == self._uuid:
                    return at + found
                found = piece.find(MAGIC, found + 1)
            at += STEP
        return None


def sound(raw: bytes, at: int) -> bool:
    """Say whether the MD5 at byte ``at`` is that of ``raw`` with zeros in its place."""
    told = hashlib.md5(raw[:at] + bytes(16) + raw[at + 16 :], usedforsecurity=False).digest()
    return told == raw[at : at + 16]


def runs_of(
    numbers: Sequence[int], masks: Sequence[int], places: Sequence[int], size: int
) -> tuple[tuple[Run, ...], int, int]:
    """Return the ranges of a device of ``size`` bytes from its clusters, and how many of those lack and come twice.

    Blocks that are not stored are zeros; so is what lacks, which is for the caller to say.
    """
    runs: list[Run] = []
    position = lacking = twice = 0
    before = -1
    order = (
        range(len(numbers)) if _ascending(numbers) else sorted(range(len(numbers)), key=numbers.__getitem__)
    )
    for index in order:
        number, mask, place = numbers[index], masks[index], places[index]
        start = number * CLUSTER
        if number == before or start >= size:
            twice += 1
            continue
        if start > position:
            lacking += (start - position) // CLUSTER
            _add(runs, -1, start - position)
        before, position = number, min(size, start + CLUSTER)
        if mask in (0, WHOLE):
            _add(runs, place if mask else -1, position - start)
            continue
        for block in range(BLOCKS):
            length = min(BLOCK, size - start - block * BLOCK)
            if length <= 0:
                break
            if mask >> block & 1:
                _add(runs, place, length)
                place += BLOCK
            else:
                _add(runs, -1, length)
    if position < size:
        lacking += -(-(size - position) // CLUSTER)
        _add(runs, -1, size - position)
    return tuple(runs), lacking, twice


def _ascending(numbers: Sequence[int]) -> bool:
    return all(before < after for before, after in pairwise(numbers))


def _add(runs: list[Run], place: int, length: int) -> None:
    if runs:
        last, before = runs[-1]
        if (place < 0 and last < 0) or (place >= 0 and last >= 0 and last + before == place):
            runs[-1] = (last, before + length)
            return
    runs.append((place, length))
