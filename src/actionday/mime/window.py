"""A forward window over bytes that are too many to hold: search and short looks, one block in memory."""

from collections.abc import Callable
from re import Pattern

from actionday.model import Stream

BLOCK = 1 << 20
"""Bytes a read: beyond it the speed no longer grows, below it the calls show."""


class Window:
    """Positions are absolute; reading goes forward, a small look elsewhere is a read of its own."""

    __slots__ = ("_base", "_block", "_buffer", "_ended", "_read")

    def __init__(self, read: Callable[[int, int], bytes], block: int = BLOCK) -> None:
        """``read(offset, length)`` returns fewer bytes only at the end."""
        self._read, self._block = read, block
        self._buffer, self._base, self._ended = b"", 0, False

    @classmethod
    def over(cls, data: bytes) -> "Window":
        """Return a window over bytes that are in memory already: nothing is copied."""

        def read(offset: int, length: int) -> bytes:
            return data[offset : offset + length]

        window = cls(read)
        window._buffer, window._ended = data, True
        return window

    @classmethod
    def on(cls, stream: Stream) -> "Window":
        """Return a window on a stream that others may move meanwhile: each read seeks first."""

        def read(offset: int, length: int) -> bytes:
            stream.seek(offset)
            return stream.read(length)

        return cls(read)

    def find(self, needle: bytes, at: int) -> int:
        """Return the first position >= ``at`` of ``needle``, or -1; what lies before it is let go."""
        self._hold(at)
        while True:
            found = self._buffer.find(needle, at - self._base)
            if found >= 0:
                return self._base + found
            at = max(at, self._base + len(self._buffer) - len(needle) + 1)
            if not self._more(at):
                return -1

    def line(self, at: int, limit: int) -> bytes:
        """Return the line that begins at ``at`` with its line feed; shorter at the end or at ``limit`` bytes."""
        self._hold(at)
        while True:
            start = at - self._base
            end = self._buffer.find(b"\n", start, start + limit)
            if end >= 0:
                return self._buffer[start : end + 1]
            if len(self._buffer) - start >= limit or not self._more(at):
                return self._buffer[start : start + limit]

    def match(self, pattern: Pattern[bytes], at: int, limit: int) -> bytes:
        """Return what ``pattern``, which consumes whole lines, matches at ``at`` within ``limit`` bytes."""
        self._hold(at)
        while True:
            start = at - self._base
            found = pattern.match(self._buffer, start, start + limit)
            end = found.end() if found else start
            unfinished = self._buffer.find(b"\n", end) < 0 and len(self._buffer) - start < limit
            if not (unfinished and self._more(at)):
                return self._buffer[start:end]

    def look(self, at: int, length: int) -> bytes:
        """Return ``length`` bytes at ``at`` (fewer at the end) without moving the window."""
        start = at - self._base
        if start >= 0 and (start + length <= len(self._buffer) or self._ended):
            return self._buffer[start : start + length]
        return self._read(at, length)

    @property
    def end(self) -> int:
        """Where what was read so far ends: the end of the bytes once ``find`` said -1."""
        return self._base + len(self._buffer)

    def _hold(self, at: int) -> None:
        if not self._base <= at <= self._base + len(self._buffer):
            self._buffer, self._base, self._ended = b"", at, False

    def _more(self, keep: int) -> bool:
        """Read one more block, letting go what lies before ``keep``; false at the end."""
        if self._ended:
            return False
        end = self._base + len(self._buffer)
        block = self._read(end, self._block)
        self._ended = not block
        self._buffer = self._buffer[keep - self._base :] + block
        self._base = keep
        return bool(block)
