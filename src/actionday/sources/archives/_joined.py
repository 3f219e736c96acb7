"""Parts of one file, one behind the other; what lacks of them raises NotThere."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from actionday.model import Damaged, NotThere, Stream
from actionday.sources.images._disk import Disk, exactly
from actionday.sources.images._missing import touching


class Placed(NamedTuple):
    """A part: its number, its name, its bytes (None: missing), and how many they are (or are taken to be)."""

    number: int
    name: str
    stream: Stream | None
    size: int


class Joined(Disk):
    """The parts in a row, with ``ending`` in the place of what stands from byte ``ends`` on."""

    volumes = None

    def __init__(self, parts: Sequence[Placed], ends: int | None = None, ending: bytes = b"") -> None:
        self._parts, self._over = parts, list(accumulate(each.size for each in parts))
        self._ends = self._over[-1] if ends is None else ends
        self._ending = ending
        super().__init__(self._ends + len(ending), parts[0].name)
        lacking = (
            (over - each.size, over) for each, over in zip(parts, self._over, strict=True) if not each.stream
        )
        self.missing = tuple(touching(lacking))

    def volume(self, place: str) -> Stream:
        """Return nothing: an archive has no volumes. Raises Damaged."""
        raise Damaged(f"no volume {place!r} in an archive")

    def lost_until(self, at: int) -> int:
        """Return where the part ends that lacks at a byte."""
        return min(self._over[bisect_right(self._over, at)], self.size) if at < self._ends else at + 1

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one part. Raises NotThere where it is missing."""
        if offset >= self._ends:
            begin = offset - self._ends
            return self._ending[begin : begin + length]
        number = bisect_right(self._over, offset)
        part, over = self._parts[number], self._over[number]
        if part.stream is None:
            raise NotThere(f"{part.name} is missing: byte {offset} of the archive lies in it")
        length = min(length, over - offset, self._ends - offset)
        return exactly(part.stream, offset - over + part.size, length, part.name)
