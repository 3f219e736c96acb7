"""A stream some bytes of which are told from elsewhere: a file system's first sectors from their copy."""

from collections.abc import Mapping

from actionday.model import Damaged, Stream
from actionday.model.streams import Positioned


class Mended(Positioned):
    """``stream`` with the bytes of ``told`` (by offset) in place of its own."""

    def __init__(self, stream: Stream, told: Mapping[int, bytes]) -> None:
        super().__init__(stream.size)
        self._stream, self._told = stream, dict(told)

    def read(self, length: int = -1, /) -> bytes:
        """Return up to ``length`` bytes; fewer only at the end. Raises Damaged or OSError."""
        length = self.left(length)
        at, end = self._position, self._position + length
        self._position = end
        for start, data in self._told.items():
            if start <= at and end <= start + len(data):  # its own bytes may not even be readable
                return data[at - start : end - start]
        self._stream.seek(at)
        found = bytearray(self._stream.read(length))
        for start, data in self._told.items():
            low, high = max(start, at), min(start + len(data), end)
            if low < high:
                found[low - at : high - at] = data[low - start : high - start]
        return bytes(found)


def seen(stream: Stream, at: int, length: int) -> bytes:
    """Return up to ``length`` bytes at ``at``, none where they cannot be read."""
    try:
        stream.seek(max(0, at))
        return stream.read(length)
    except (Damaged, OSError):
        return b""
