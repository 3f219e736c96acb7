"""The grains of a stream-optimised VMDK whose footer is lost: found by their markers, one behind the other.

Source: VMware, "Virtual Disk Format 5.0", section "Stream-Optimized Compressed Sparse Extents": the marker of a grain
names its sector, grains are written in the order of the disk, and the directory stands before the footer.
"""

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Damaged, Stream
from actionday.model.streams import Positioned
from actionday.sources.images._disk import exactly
from actionday.sources.images._vmdk_stream import CUT, MOST_MARKERS, SECTOR, markers

DIRECTORY = 2
HEAD = 12
"""Bytes of the marker of a grain before its data."""


class Refound(NamedTuple):
    """``stream`` with a directory at ``directory``, for the first ``size`` bytes of the disk; ``why`` says so."""

    stream: Stream
    directory: int
    size: int
    why: str


class Extended(Positioned):
    """A file with bytes behind its end that it does not have."""

    def __init__(self, base: Stream, at: int, behind: bytes) -> None:
        super().__init__(at + len(behind))
        self._base, self._start, self._behind = base, at, behind

    def read(self, length: int = -1, /) -> bytes:
        """Return up to ``length`` bytes; zeros between the end of the file and what is behind it."""
        at = self._position
        end = at + self.left(length)
        self._position = end
        found = b""
        if at < min(end, self._base.size):
            found = exactly(self._base, at, min(end, self._base.size) - at, "vmdk: the file")
        found += bytes(max(0, min(end, self._start) - at - len(found)))
        return found + self._behind[max(0, at - self._start) : max(0, end - self._start)]


def refound(stream: Stream, first: int, size: int, grain: int, per_table: int) -> Refound:
    """Return what is had of a disk of ``size`` bytes in grains. Raises Damaged where no grain is found.

    Behind the last grain that is there nobody knows whether the file held more: grains that are not there before it
    are none. Goes through all markers, 3 µs each.
    """
    if not size or not grain or not per_table:
        raise Damaged(CUT)
    places: dict[int, int] = {}
    for at, value, length, kind in markers(stream, first):
        if (
            not length
            and kind == DIRECTORY
            and at + SECTOR + _directory(size, grain, per_table) <= stream.size
        ):
            return Refound(stream, at + SECTOR, size, f"{CUT}; the directory before it is read")
        if length and (
            value % (grain // SECTOR) or at + HEAD + length > stream.size or value * SECTOR >= size
        ):
            break
        if length and places and value * SECTOR // grain <= next(reversed(places)):
            raise Damaged(f"{CUT}, and its grains are not in the order of the disk")
        if length:
            places[value * SECTOR // grain] = at // SECTOR
    if not places or len(places) >= MOST_MARKERS:
        raise Damaged(CUT)
    start = -(-stream.size // SECTOR) * SECTOR
    reach = min(size, (next(reversed(places)) + 1) * grain)
    behind = b"".join(_tables(places, start, size, grain, per_table))
    why = f"{CUT}; its {len(places)} grains were found one after the other, the last ends at byte {reach} of the disk"
    return Refound(Extended(stream, start, behind), start, reach, why)


def _directory(size: int, grain: int, per_table: int) -> int:
    return -(-size // (grain * per_table)) * 4


def _tables(places: dict[int, int], start: int, size: int, grain: int, per_table: int) -> Iterator[bytes]:
    """Yield a directory and its tables, each from the beginning of a sector on."""
    used = dict.fromkeys(number // per_table for number in places)
    length = -(-per_table * 4 // SECTOR)
    room = -(-_directory(size, grain, per_table) // SECTOR)
    directory = array("I", bytes(room * SECTOR))
    tables = {}
    for index, number in enumerate(used):
        directory[number] = start // SECTOR + room + index * length
        tables[number] = array("I", bytes(length * SECTOR))
    for number, at in places.items():
        tables[number // per_table][number % per_table] = at
    yield directory.tobytes()
    yield from (table.tobytes() for table in tables.values())
