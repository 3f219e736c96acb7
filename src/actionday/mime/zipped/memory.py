"""Bytes in memory as the stream that readers of directories take.

Source: none.
"""

from actionday.model.streams import Positioned


class Memory(Positioned):
    """A seekable reader over bytes that are not copied but where they are read."""

    def __init__(self, data: memoryview) -> None:
        super().__init__(len(data))
        self._data = data

    def read(self, length: int = -1, /) -> bytes:
        """Return up to ``length`` bytes, fewer only at the end."""
        end = self.size if length < 0 else min(self._position + length, self.size)
        found = bytes(self._data[self._position : end])
        self._position += len(found)
        return found
