"""A disk in parts, one behind the other; each lies where the sizes of those before it put it."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from actionday.model import Damaged, NotThere, Stream
from actionday.sources.images._disk import Disk, exactly
from actionday.sources.images._missing import Range
from actionday.sources.images._rest import Span

Part = tuple[str, Stream | None, int]
"""Name, bytes (None: missing) and size in the disk, which may be another than that of its file."""


class Split(Disk):
    """Parts in a row; what one lacks (None: all) raises Damaged for its range."""

    def __init__(self, name: str, parts: list[Part], sure: int | None = None) -> None:
        """``sure``: of how many parts it is known where they lie; the bytes of the others are those of no place."""
        self._parts, self._sure = parts, len(parts) if sure is None else sure
        self._ends = list(accumulate(size for _, _, size in parts))
        super().__init__(self._ends[-1], name)
        self.strangers: tuple[str, ...] = ()
        """Files called as parts of it that are none."""

    def absent(self) -> Iterator[Range]:
        """Yield the range of each part that is missing or cannot be placed, or of what it lacks."""
        for number, ((_, stream, size), end) in enumerate(zip(self._parts, self._ends, strict=True)):
            there = stream.size if stream and number < self._sure else 0
            yield end - max(0, size - there), end

    def rest(self, *, parents: bool) -> Iterator[Span]:
        """Yield what parts hold beyond the size of all, and whole those that cannot be placed."""
        del parents
        for number, (name, stream, size) in enumerate(self._parts):
            if stream is not None and number >= self._sure:
                yield Span(stream, 0, stream.size, name, known=name)
            elif stream is not None and stream.size > size:
                yield Span(stream, size, stream.size, name)

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one part. Raises Damaged where it is missing or shorter than it was."""
        number = bisect_right(self._ends, offset)
        name, stream, size = self._parts[number]
        within = offset - (self._ends[number] - size)
        if stream is None:
            raise NotThere(f"{name} is missing: byte {offset} of the disk lies in it")
        if number >= self._sure:
            raise Damaged(
                f"where {name} lies on the disk is not known: how long a part before it was cannot be told"
            )
        return exactly(stream, within, min(length, size - within), name)
