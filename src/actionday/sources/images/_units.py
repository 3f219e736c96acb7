"""Which of the equal parts of a file are in use: clusters, blocks. What none is used of is part of nothing.

Source: none. A byte a part: 16 MiB for a terabyte in clusters of 64 KiB.
"""

from collections.abc import Iterator

from actionday.model import Stream
from actionday.sources.images._rest import Span


class Units:
    """Parts of ``unit`` bytes from byte ``base`` of a file on; of one that is used in part, up to where."""

    def __init__(self, stream: Stream, unit: int, base: int = 0) -> None:
        self.unit, self.base = unit, base
        self.whole = bytearray(max(0, -(-(stream.size - base) // unit)))
        """1 for each part that is used to its end."""
        self._stream = stream
        self._ends: dict[int, int] = {}

    def use(self, start: int, length: int) -> None:
        """Take a range into use, from the beginning of the part on in which it begins."""
        if length <= 0 or start < self.base:
            return
        first = (start - self.base) // self.unit
        last, within = divmod(start + length - self.base, self.unit)
        last, count = min(last, len(self.whole)), len(self.whole)
        self.whole[first:last] = b"\1" * max(0, last - first)
        if within and last < count:
            self._ends[last] = max(within, self._ends.get(last, 0))

    def unused(self, file: str = "") -> Iterator[Span]:
        """Yield what is in no use, in order."""
        parts = sorted((number, end) for number, end in self._ends.items() if not self.whole[number])
        parts.reverse()
        behind = 0
        while (number := self.whole.find(0, behind)) >= 0:
            behind = self.whole.find(1, number)
            behind = len(self.whole) if behind < 0 else behind
            start = self.base + number * self.unit
            while parts and parts[-1][0] < behind:
                part, end = parts.pop()
                at = self.base + part * self.unit
                if start < at:
                    yield Span(self._stream, start, at, file)
                start = at + end
            if start < (end := min(self.base + behind * self.unit, self._stream.size)):
                yield Span(self._stream, start, end, file)
