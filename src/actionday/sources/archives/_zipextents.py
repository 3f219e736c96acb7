"""Which bytes of a zip belong to members that its directory names: what overlaps, and what lies between.

Source: PKWARE APPNOTE.TXT 6.3.10, section 4.3.6 (order of headers and contents).
"""

from collections.abc import Iterator


class Extents:
    """Ranges of bytes; neighbours are merged, so that an ordinary archive of any size is one range."""

    def __init__(self) -> None:
        self._ranges: list[tuple[int, int]] = []
        self.highest = 0
        """The end of the member that reaches farthest."""

    def add(self, start: int, end: int) -> None:
        """Take in a member from its local header to the end of its content or descriptor. 0 <= start <= end."""
        self.highest = max(self.highest, end)
        if self._ranges and start == self._ranges[-1][1]:
            self._ranges[-1] = self._ranges[-1][0], end
        else:
            self._ranges.append((start, end))

    def overlaps(self) -> list[int]:
        """Return where the members begin that begin within another."""
        found, highest = [], 0
        for start, end in sorted(self._ranges):
            if start < highest:
                found.append(start)
            highest = max(highest, end)
        return found

    def gaps(self, end: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges up to ``end`` that no member covers."""
        at = 0
        for start, over in sorted(self._ranges):
            if start > at:
                yield at, min(start, end)
            at = max(at, over)
        if end > at:
            yield at, end
