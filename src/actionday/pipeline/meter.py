"""A few shared bytes in which a worker says how far it is, so that a figure moves while no message comes.

What it sends comes in pieces of some MiB; an archive of 1 MB holds less and may take a minute. Figures alone depend
on this: a worker that was taken over can make them wrong, and nothing else.
"""

import mmap
import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from actionday.model import Stream
from actionday.model.streams import Seekable, data_from, origin

LAYOUT = struct.Struct("<QQQQQ")
FIGURE = struct.Struct("<Q")
MOST = 1 << 44
"""Bytes that any of the figures may name: 16 TiB, as in ``conduct``."""


class Metered(NamedTuple):
    """How far a worker is."""

    read: int
    """Bytes of content read since it last sent results."""
    job: int
    """The container it goes through, or the file it hashes, by its order; 0: none."""
    size: int
    """Bytes of the stream that this order is about."""
    walked: int
    """Bytes of that stream it has read so far."""
    given: int
    """Bytes of content that came out of it, unpacked."""


NOTHING = Metered(0, 0, 0, 0, 0)


class Meter:
    """The bytes at ``offset`` of ``shared``, from either side."""

    def __init__(self, shared: mmap.mmap, offset: int) -> None:
        self._shared, self._offset = shared, offset
        self._read_at, self._walked_at, self._given_at = offset, offset + 24, offset + 32
        self._read = self._walked = self._given = 0

    def begin(self, job: int, size: int) -> None:
        """Say which order is begun, about a stream of how many bytes."""
        self._walked = self._given = 0
        LAYOUT.pack_into(self._shared, self._offset, self._read, job, min(size, MOST), 0, 0)

    def walked(self, count: int) -> None:
        """Count bytes of that stream that were read."""
        self._walked += count
        FIGURE.pack_into(self._shared, self._walked_at, self._walked)

    def given(self, count: int) -> None:
        """Count bytes that came out of that stream."""
        if count:
            self._given += count
            FIGURE.pack_into(self._shared, self._given_at, self._given)

    def read(self, count: int) -> None:
        """Count bytes of content that were read."""
        self._read += count
        FIGURE.pack_into(self._shared, self._read_at, self._read)

    def counted(self, content: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the pieces of a content, counting them as read."""
        for piece in content:
            self.read(len(piece))
            yield piece

    def sent(self) -> None:
        """Begin to count anew: what was read is in results that are sent."""
        self._read = 0
        FIGURE.pack_into(self._shared, self._read_at, 0)

    def get(self) -> Metered:
        """Return what was said last; of what cannot be nothing is believed."""
        found = Metered._make(LAYOUT.unpack_from(self._shared, self._offset))
        return found if max(found.read, found.size, found.walked, found.given) <= MOST else NOTHING


FURTHER = 64 << 20
"""Bytes of a stream's stretches: one read for the first time is progress, of however few items."""


class Walked(Seekable):
    """A stream of which the meter counts what is read.

    ``further`` is called for each stretch of FURTHER bytes that is reached first: a gap of a disk takes as long as it
    is. That the end was looked at before (copies of boot sectors lie there) makes the way to it no shorter.
    """

    def __init__(self, base: Stream, meter: Meter, further: Callable[[], None] = lambda: None) -> None:
        super().__init__(base.size)
        self._base, self._meter, self._further = base, meter, further
        self._reached = {0}

    def descriptor(self) -> tuple[int, int] | None:
        """Return descriptor and offset where the stream below has one."""
        found: tuple[int, int] | None = getattr(self._base, "descriptor", lambda: None)()
        return found

    def data_from(self, at: int, end: int) -> int | None:
        """Return what ``data_from`` does."""
        return data_from(self._base, at, end)

    def origin(self, at: int) -> int:
        """Return what ``origin`` does."""
        return origin(self._base, at)

    def _at(self, offset: int, length: int) -> bytes:
        self._base.seek(offset)
        data = self._base.read(length)
        self._meter.walked(len(data))
        if data and (stretch := (offset + len(data)) // FURTHER) not in self._reached:
            self._reached.add(stretch)
            self._further()
        return data
