"""Bytes of a stream that lie in several pieces of a file, as one stream; and a part of them.

Source: none.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from actionday.mime.compound import Run
from actionday.model import Stream


class Runs:
    """The pieces one behind the other; ``-1`` for one that reads as zeros."""

    def __init__(self, stream: Stream, runs: Sequence[Run]) -> None:
        self._stream, self._runs = stream, runs
        self._ends = list(accumulate(length for _, length in runs))
        self.size, self._at = self._ends[-1] if runs else 0, 0

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move, return the new position."""
        self._at = max(0, offset + (0, self._at, self.size)[whence])
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def read(self, length: int = -1, /) -> bytes:
        """Return up to ``length`` bytes, fewer only at the end. A search among the pieces, then a step a piece."""
        left = self.size - self._at if length < 0 else min(length, self.size - self._at)
        pieces, number = list[bytes](), bisect_right(self._ends, self._at)
        while left > 0:
            start, size = self._runs[number]
            within = self._at - (self._ends[number] - size)
            take = min(left, size - within)
            if start < 0:
                pieces.append(bytes(take))
            else:
                self._stream.seek(start + within)
                pieces.append(self._stream.read(take))
            left, number, self._at = left - take, number + 1, self._at + take
        return b"".join(pieces)


def part(runs: Sequence[Run], begin: int, end: int) -> tuple[Run, ...]:
    """Return the pieces of the bytes from ``begin`` to ``end`` of what ``runs`` make up."""
    found, at = list[Run](), 0
    for start, length in runs:
        low, high = max(begin, at), min(end, at + length)
        if low < high:
            found.append((start + low - at if start >= 0 else -1, high - low))
        at += length
    return tuple(found)
