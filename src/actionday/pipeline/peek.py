"""What plug-ins may look at before a stream is opened."""

from mmap import mmap

from actionday.model import Damaged, Kind, Stream
from actionday.model.plugin import HEAD_BYTES, TAIL_BYTES

SECTOR = 512


class BytesPeek:
    """A content held in memory, or the beginning and the end of one that is too large for that."""

    __slots__ = ("head", "kind", "name", "size", "tail")

    def __init__(self, name: str, kind: Kind, data: bytes | mmap, size: int, tail: bytes) -> None:
        self.name, self.kind, self.size, self.tail = name, kind, size, tail
        self.head = data if isinstance(data, bytes) and len(data) <= HEAD_BYTES else data[:HEAD_BYTES]


class StreamPeek:
    """A stream; the tail is read only when a plug-in asks.

    What cannot be read shows as zeros and is told in ``gaps``: a damaged end is no reason to leave the rest.
    """

    def __init__(self, name: str, kind: Kind, stream: Stream) -> None:
        self.name, self.kind, self.size, self.stream = name, kind, stream.size, stream
        self.gaps: list[str] = []
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
            why = str(error) or type(error).__name__
        sectors = [
            self._sector(place, min(SECTOR, at + length - place)) for place in range(at, at + length, SECTOR)
        ]
        lost = SECTOR * sectors.count(None)
        self.gaps.append(f"about {lost} of the {length} bytes at byte {at} cannot be read: {why}")
        return b"".join(sector or bytes(SECTOR) for sector in sectors)[:length]

    def _exactly(self, at: int, length: int) -> bytes:
        self.stream.seek(at)
        return self.stream.read(length)

    def _sector(self, at: int, length: int) -> bytes | None:
        """Return one sector, None where it cannot be read."""
        try:
            return self._exactly(at, length)
        except (Damaged, OSError):
            return None
