"""Streams over other streams: position and size, and byte ranges of one put together. They open nothing themselves.

For ``pipeline``, ``storage`` and ``sources`` alike: a file in pieces is read by one piece of code, whoever reads it.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from actionday.model.errors import Damaged
from actionday.model.item import Run
from actionday.model.plugin import Stream

SECTOR = 512


class Positioned:
    """What ``size`` bytes have of a stream besides ``read``: where the next read begins."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._position = 0

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move, return the new position: never before the start; one past the end is allowed and reads nothing."""
        self._position = max(0, offset + (0, self._position, self.size)[whence])
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def left(self, length: int) -> int:
        """Return how many bytes a read of ``length`` gives at the most: all that follow where that is negative."""
        left = max(0, self.size - self._position)
        return left if length < 0 else min(left, length)


class Piecewise(Positioned, ABC):
    """A stream that gives a piece at a time: ``piece(offset, length)`` does the reading."""

    def read(self, length: int = -1, /) -> bytes:
        """Return up to ``length`` bytes; fewer only at the end. Raises what ``piece`` does."""
        left, pieces = self.left(length), list[bytes]()
        while left > 0 and (piece := self.piece(self._position, left)):
            pieces.append(piece)
            self._position += len(piece)
            left -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    @abstractmethod
    def piece(self, offset: int, length: int) -> bytes:
        """Return 1 to ``length`` bytes at ``offset``; 0 <= offset < offset + length <= size.

        Raises Damaged where they cannot be had; none where the stream ends before its size.
        """


class Seekable(Positioned, ABC):
    """A stream that can be read from anywhere: ``_at(offset, length)`` does the reading."""

    def read(self, length: int = -1, /) -> bytes:
        """Return up to ``length`` bytes, fewer only at the end. Raises Damaged or OSError."""
        length = self.left(length)
        if length == 0:  # a position that a damaged table names may be larger than any the system takes
            return b""
        data = self._at(self._position, length)
        self._position += len(data)
        return data

    @abstractmethod
    def _at(self, offset: int, length: int) -> bytes:
        """Return the bytes at ``offset``, fewer only at the end."""


class RunStream(Seekable):
    """Byte ranges of another stream, one after another; offset -1 reads as zeros. Raises Damaged where that ends."""

    def __init__(self, base: Stream, runs: Sequence[Run], size: int | None = None) -> None:
        """``size``: bytes that are read of them, all where it is not given."""
        self._base, self._runs, self._ends = base, runs, ends_of(runs)
        super().__init__((self._ends[-1] if runs else 0) if size is None else size)

    def descriptor(self) -> tuple[int, int] | None:
        """Return descriptor and offset where this is one range of an open file."""
        below = getattr(self._base, "descriptor", lambda: None)()
        if below is None or len(self._runs) != 1 or self._runs[0][0] < 0:
            return None
        return below[0], below[1] + self._runs[0][0]

    def data_from(self, at: int, end: int) -> int | None:
        """Return what ``data_from`` does, where this is one range."""
        if len(self._runs) != 1 or (start := self._runs[0][0]) < 0:
            return None
        found = data_from(self._base, start + at, start + min(end, self._ends[0]))
        return None if found is None else found - start

    def lost_until(self, at: int) -> int:
        """Return what ``lost_until`` does: never more than the rest of one range."""
        number = bisect_right(self._ends, at)
        if number >= len(self._runs):
            return self.size
        end, (start, size) = self._ends[number], self._runs[number]
        place = start + at - (end - size)
        if place >= self._base.size:
            return end
        return min(end, at + lost_until(self._base, place) - place)

    def origin(self, at: int) -> int:
        """Return what ``origin`` does; -1 in a hole and behind the last range."""
        number = bisect_right(self._ends, at)
        if number >= len(self._runs) or self._runs[number][0] < 0:
            return -1
        start, size = self._runs[number]
        return origin(self._base, start + at - (self._ends[number] - size))

    def _at(self, offset: int, length: int) -> bytes:
        if len(self._runs) == 1 and self._runs[0][0] >= 0:
            return self._read(self._runs[0][0] + offset, min(length, self._ends[0] - offset))
        pieces = part(self._runs, self._ends, offset, offset + length)
        return b"".join(bytes(size) if start < 0 else self._read(start, size) for start, size in pieces)

    def _read(self, start: int, length: int) -> bytes:
        if length <= 0:
            return b""
        self._base.seek(start)
        data = self._base.read(length)
        if len(data) != length:
            raise Damaged(f"the container ends at byte {self._base.size}, {length} bytes at {start} were due")
        return data


def ends_of(runs: Sequence[Run]) -> list[int]:
    """Return where each run ends in what they make up."""
    return [runs[0][1]] if len(runs) == 1 else list(accumulate(length for _, length in runs))


def part(runs: Sequence[Run], ends: Sequence[int], begin: int, end: int) -> tuple[Run, ...]:
    """Return the runs that bytes ``begin`` to ``end`` of what ``runs`` make up lie in; ``ends`` are ``ends_of`` them.

    A search among the runs, then a step a run.
    """
    found, number = list[Run](), bisect_right(ends, begin)
    while number < len(runs) and begin < end:
        start, length = runs[number]
        within = begin - (ends[number] - length)
        size = min(end, ends[number]) - begin
        if size > 0:
            found.append((start + within if start >= 0 else start, size))
            begin += size
        number += 1
    return tuple(found)


def origin(base: Stream, at: int) -> int:
    """Return the byte of the disk at which byte ``at`` of ``base`` lies: through ranges of it, not through packing."""
    asked: Callable[[int], int] | None = getattr(base, "origin", None)
    return at if asked is None else asked(at)


def read_at(stream: Stream, at: int, length: int) -> bytes:
    """Return up to ``length`` bytes at ``at``; none where a hostile place or length lies outside.

    Raises Damaged or OSError.
    """
    if not 0 <= at < stream.size or length <= 0:
        return b""
    stream.seek(at)
    return stream.read(length)


def data_from(base: Stream, at: int, end: int) -> int | None:
    """Return a byte of ``base`` up to which the image below says nothing is from ``at`` on; None where none says."""
    asked: Callable[[int, int], int | None] = getattr(base, "data_from", lambda *_: None)
    return asked(at, end)


def lost_until(base: Stream, at: int) -> int:
    """Return the byte behind what cannot be had where byte ``at`` cannot: as ``base`` tells, else of that sector."""
    asked: Callable[[int], int] | None = getattr(base, "lost_until", None)
    return at - at % SECTOR + SECTOR if asked is None else max(at + 1, asked(at))
