"""Which parts of a range hold data: read through once, piece by piece; holes of a sparse file are passed unread.

Source: lseek(2), SEEK_DATA.
"""

import os
from collections.abc import Callable, Iterator
from errno import ENXIO
from typing import NamedTuple

from actionday.model import Damaged, Stream
from actionday.model.counted import counted

PIECE = 1 << 20
BLOCK = 512
"""Bytes told apart as holding data or nothing but zeros."""
RETRY = 64 << 10
"""Bytes read at once where a whole piece cannot be."""
ZEROS = bytes(PIECE)
MOST_RUNS = 1 << 16
"""Runs of blocks kept apart; what follows counts to the last one."""


class Piece(NamedTuple):
    """Bytes that are not all zeros, or (``data`` empty) that cannot be read."""

    at: int
    length: int
    data: bytes


class Holding(NamedTuple):
    """What a range holds: from where to where (behind the last) in blocks that hold data or cannot be read."""

    first: int
    end: int
    data: int
    """Bytes of blocks with data."""
    unread: int
    """Bytes that cannot be read: whether they hold any is not known."""

    def __bool__(self) -> bool:
        return self.first < self.end

    def saying(self, where: str, of: str) -> str:
        """Return a sentence of it: ``where`` follows the place, ``of`` what it is that no one has of the data."""
        place, lost = f"bytes {self.first} to {self.end - 1}{where}", counted(self.unread, "byte")
        if not self.data:
            return f"{place}: {lost} cannot be read, and what they hold is not known"
        more = f"; {lost} there cannot be read" if self.unread else ""
        return f"{place} hold {counted(self.data, 'byte')} of data{of}{more}"


def next_data(stream: Stream, at: int, end: int) -> int:
    """Return a byte at or behind ``at`` before which all is a hole, ``end`` where none but holes is left.

    Holes are those of the file below, or what the tables of an image say holds nothing (``Disk.data_from``).
    """
    asked: Callable[[int, int], int | None] = getattr(stream, "data_from", lambda *_: None)
    if (known := asked(at, end)) is not None:
        return min(max(at, known), end)
    found: tuple[int, int] | None = getattr(stream, "descriptor", lambda: None)()
    if found is None or at >= end:
        return min(at, end)
    descriptor, offset = found
    try:
        before = os.lseek(descriptor, 0, os.SEEK_CUR)
    except OSError:
        return at
    try:
        there = os.lseek(descriptor, offset + at, os.SEEK_DATA) - offset
    except OSError as error:  # ENXIO: nothing but a hole up to the end; anything else: not a file that tells
        there = end if error.errno == ENXIO else at
    finally:
        os.lseek(descriptor, before, os.SEEK_SET)
    return min(max(at, there), end)


def pieces(stream: Stream, at: int, stop: int) -> Iterator[Piece]:
    """Yield what is between two bytes, in as many pieces as can be read; nothing where it is zeros."""
    try:
        stream.seek(at)
        data = stream.read(stop - at)
    except (Damaged, OSError):
        if stop - at <= RETRY:
            yield Piece(at, stop - at, b"")
            return
        for part in range(at, stop, RETRY):
            yield from pieces(stream, part, min(stop, part + RETRY))
        return
    if data and data != (ZEROS if len(data) == PIECE else bytes(len(data))):
        yield Piece(at, len(data), data)


def through(stream: Stream, start: int, end: int) -> Iterator[Piece]:
    """Yield all pieces of a range that hold data or cannot be read, in order."""
    at = start
    while (at := next_data(stream, at, end)) < end:
        stop = min(end, (at // PIECE + 1) * PIECE)
        yield from pieces(stream, at, stop)
        at = stop


def holds_data(stream: Stream, start: int, end: int) -> bool:
    """Say whether anything in a range is not zero; what cannot be read may be."""
    return next(through(stream, start, end), None) is not None


def holding(stream: Stream, start: int, end: int) -> Holding:
    """Return what a range holds, all of it read."""
    held = Held()
    for piece in through(stream, start, end):
        held.add(piece)
    return held.within(start, end)


class Held:
    """The runs of blocks with data, and of bytes that cannot be read, in the pieces that were added, in order."""

    def __init__(self) -> None:
        self._data: list[tuple[int, int]] = []
        self._unread: list[tuple[int, int]] = []

    def add(self, piece: Piece) -> None:
        """Take in a piece."""
        if not piece.data or ZEROS[:BLOCK] not in piece.data:
            _add(self._data if piece.data else self._unread, piece.at, piece.at + piece.length)
            return
        for at in range(0, len(piece.data), BLOCK):
            block = piece.data[at : at + BLOCK]
            if block != ZEROS[: len(block)]:
                _add(self._data, piece.at + at, piece.at + at + len(block))

    def within(self, start: int, end: int) -> Holding:
        """Return what a part of the range holds."""
        data, unread = (_within(runs, start, end) for runs in (self._data, self._unread))
        both = [*data, *unread]
        if not both:
            return Holding(start, start, 0, 0)
        first, last = min(run[0] for run in both), max(run[1] for run in both)
        return Holding(first, last, *(sum(behind - at for at, behind in runs) for runs in (data, unread)))


def _within(runs: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    cut = ((max(start, first), min(end, last)) for first, last in runs)
    return [(first, last) for first, last in cut if first < last]


def _add(runs: list[tuple[int, int]], start: int, end: int) -> None:
    if runs and (runs[-1][1] == start or len(runs) >= MOST_RUNS):
        runs[-1] = (runs[-1][0], end)
    else:
        runs.append((start, end))
