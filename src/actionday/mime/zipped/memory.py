"""Bytes in memory as the stream that readers of directories take.

Source: none.
"""


class Memory:
    """A seekable reader over bytes that are not copied but where they are read."""

    def __init__(self, data: memoryview) -> None:
        self._data, self.size, self._at = data, len(data), 0

    def read(self, length: int = -1, /) -> bytes:
        """Return up to ``length`` bytes, fewer only at the end."""
        end = self.size if length < 0 else min(self._at + length, self.size)
        found = bytes(self._data[self._at : end])
        self._at += len(found)
        return found

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move, return the new position."""
        self._at = max(0, offset + (0, self._at, self.size)[whence])
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at
