"""The disk in an encrypted volume: segments of a file, each deciphered as it is read or lying open.

Source: Linux kernel, ``Documentation/admin-guide/device-mapper/dm-crypt.rst``.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from actionday.model import Damaged, Stream
from actionday.model.streams import lost_until
from actionday.sources.images._disk import Disk, exactly, zeros
from actionday.sources.images._rest import Span
from actionday.sources.volumes._sectors import Deciphered


class Part(NamedTuple):
    """``size`` bytes of the disk that lie at ``at`` of the file; ``first``: number of the first sector there.

    ``at`` below zero: they are zeros.
    """

    at: int
    size: int
    first: int
    cipher: Deciphered | None
    """None: they lie open."""
    why: str = ""
    """Why nothing of it can be had."""
    instead: bytes = b""
    """What the first of them are, whatever lies there."""


class Enciphered(Disk):
    """A disk of parts, side by side."""

    def __init__(self, stream: Stream, name: str, parts: Sequence[Part], what: str) -> None:
        super().__init__(sum(each.size for each in parts), name)
        self._stream, self._parts, self._what = stream, parts, what
        self._ends = list(accumulate(each.size for each in parts))

    def piece(self, offset: int, length: int) -> bytes:
        """Return deciphered bytes up to the end of a part. Raises Damaged."""
        part, within = self._place(offset)
        length = min(length, part.size - within)
        if part.why:
            raise Damaged(f"{self._what}: {part.why}")
        if within < len(part.instead):
            return part.instead[within : within + length]
        if part.at < 0:
            return zeros(length)
        if part.cipher is None:
            return exactly(self._stream, part.at + within, min(length, 1 << 20), self._what)
        unit = part.cipher.unit
        skip = within % unit
        begin = within - skip
        size = min(part.cipher.piece, -(-(skip + length) // unit) * unit, part.size - begin)
        raw = exactly(self._stream, part.at + begin, size, self._what)
        return part.cipher.plain(part.first + begin // 512, raw)[skip : skip + length]

    def lost_until(self, at: int) -> int:
        """Return the end of the sector that cannot be had, or of what lacks below it."""
        part, within = self._place(at)
        if part.why:
            return at - within + part.size
        unit = 512 if part.cipher is None else part.cipher.unit
        below = lost_until(self._stream, part.at + within) - part.at
        return at - within + min(part.size, -(-max(below, within + 1) // unit) * unit)

    def rest(self, *, parents: bool) -> Iterator[Span]:
        """Yield what lies behind the last part in the file."""
        del parents
        end = max(each.at + each.size for each in self._parts)
        if end < self._stream.size:
            yield Span(self._stream, end, self._stream.size, "behind the volume", "behind")

    def _place(self, offset: int) -> tuple[Part, int]:
        number = bisect_right(self._ends, offset)
        part = self._parts[number]
        return part, offset - (self._ends[number] - part.size)
