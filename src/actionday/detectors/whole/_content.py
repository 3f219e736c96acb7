"""A content whose end is looked for: its bytes, as many as a worker holds of them, and how many there are.

Source: none.
"""

from collections.abc import Callable
from mmap import mmap

from actionday.model import Loss, Note


class Content:
    """The first bytes of a content, its last ones and its size: what lies between is not held of a large one."""

    def __init__(self, data: bytes | mmap, tail: bytes, size: int) -> None:
        self.data, self.size = data, size
        self._tail, self._behind = tail, size - len(tail)

    @property
    def held(self) -> bool:
        """Whether every byte is there."""
        return len(self.data) >= self.size

    def at(self, start: int, length: int) -> bytes | None:
        """Return ``length`` bytes from ``start`` >= 0, fewer at the end of the content, None where none are held."""
        stop = min(start + length, self.size)
        if stop <= len(self.data):
            return self.data[start:stop]
        if start >= self._behind:
            return self._tail[start - self._behind : stop - self._behind]
        return None

    def number(self, start: int, length: int, order: str = "little") -> int:
        """Return the number of ``length`` bytes at ``start``; -1 where they are not all there."""
        found = self.at(start, length)
        if found is None or len(found) < length:
            return -1
        return int.from_bytes(found, "big" if order == "big" else "little")

    def short(self, name: str, end: int) -> Note | None:
        """Return what is said where the structure of a content reaches to ``end`` and there is less of it."""
        if end <= self.size:
            return None
        return broken(name, f"by its own structure it has {end} bytes or more, and {self.size} are there")


Look = Callable[[Content], Note | None]
"""Returns what is said of a content that is not whole, None for one that is, or of which that cannot be told."""


def broken(name: str, why: str) -> Note:
    """Return what is said of a content that ends before its own structure does."""
    return Note(Loss.BROKEN_OFF, f"{name}: it breaks off: {why}")


def endless(name: str, mark: str) -> Note:
    """Return what is said of a content that lacks the mark of its end."""
    return broken(name, f"{mark} is not there")
