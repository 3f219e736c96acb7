"""What plug-ins may look at before a stream is opened."""

from bisect import bisect_right
from mmap import mmap

from actionday.model import Damaged, Kind, Stream
from actionday.model.foreign import plainly
from actionday.model.plugin import HEAD_BYTES, TAIL_BYTES

SECTOR = 512


class BytesPeek:
    """A content held in memory, or the beginning and the end of one that is too large for that."""

    __slots__ = ("head", "held", "kind", "name", "size", "tail")

    def __init__(self, name: str, kind: Kind, data: bytes | mmap, size: int, tail: bytes) -> None:
        self.name, self.kind, self.size, self.tail = name, kind, size, tail
        self.held = data
        """All that is in memory of it, for who has to look into the middle."""
        self.head = data if isinstance(data, bytes) and len(data) <= HEAD_BYTES else data[:HEAD_BYTES]


class StreamPeek:
    """A stream; the tail is read only when a plug-in asks.

    What cannot be read shows as zeros and is told in ``gaps``: a damaged end is no reason to leave the rest. ``untold``
    are those of them that are not wholly within ranges which the image has told already.
    """

    def __init__(self, name: str, kind: Kind, stream: Stream) -> None:
        self.name, self.kind, self.size, self.stream = name, kind, stream.size, stream
        self.gaps: list[str] = []
        self.untold: list[str] = []
        self.head = self._read(0, min(HEAD_BYTES, self.size))
        self._tail: bytes | None = None

    @property
    def tail(self) -> bytes:
        """Last bytes, up to ``TAIL_BYTES``."""
        if self._tail is None:
            length = min(TAIL_BYTES, self.size)
            self._tail = self._read(self.size - length, length)
        return self._tail

    def _read(self, at: int, length: int) -> bytes:
        try:
            return self._exactly(at, length)
        except (Damaged, OSError) as error:
            why = plainly(error)
        places = range(at, at + length, SECTOR)
        sectors = [self._sector(place, min(SECTOR, at + length - place)) for place in places]
        gap = f"{_lost(min(length, SECTOR * sectors.count(None)), length, at)}: {why}"
        self.gaps.append(gap)
        if any(
            sector is None and not self._told(place) for place, sector in zip(places, sectors, strict=True)
        ):
            self.untold.append(gap)
        return b"".join(sector or bytes(SECTOR) for sector in sectors)[:length]

    def _told(self, at: int) -> bool:
        """Say whether the image has told that what lies at byte ``at`` is missing."""
        ranges: tuple[tuple[int, int], ...] = getattr(self.stream, "missing", ())
        number = bisect_right(ranges, (at, self.size)) - 1
        return number >= 0 and ranges[number][0] <= at < ranges[number][1]

    def _exactly(self, at: int, length: int) -> bytes:
        self.stream.seek(at)
        return self.stream.read(length)

    def _sector(self, at: int, length: int) -> bytes | None:
        """Return one sector, None where it cannot be read."""
        try:
            return self._exactly(at, length)
        except (Damaged, OSError):
            return None


def _lost(lost: int, length: int, at: int) -> str:
    """Say how much of what was looked at cannot be read; sectors are tried one by one."""
    if lost == length:
        return f"the {length} bytes at byte {at} cannot be read"
    return f"about {lost} of the {length} bytes from byte {at} on cannot be read"
