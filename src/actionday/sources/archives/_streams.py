"""Readers over streams: a window, a forward-only body made of chunks, and the names and limits all share."""

from collections.abc import Callable, Iterator
from io import RawIOBase
from typing import BinaryIO, Protocol, cast

from actionday.model import ItemError, Stream
from actionday.model.streams import Positioned

BLOCK = 256 * 1024
"""Bytes read or produced at a time: large enough for 1 GB/s, small enough to hold many."""

LEAST_BLOCK = 16 * 1024
STEPS = 128
"""A small packed stream is read in about so many steps: whoever watches sees that it is being gone through."""

Notes = Callable[[str, str], None]
"""Takes a code and a reason: ``Context.note`` without the path."""
Behind = Callable[[int, int], object]
"""Is told the byte at which a packed content ends, and how many bytes follow that belong to nothing."""

Aside = Callable[[str, int, int], object]
"""Is told what stands beside a packed content (a comment, a frame to be skipped): name, first byte, bytes."""


def block_of(size: int | None) -> int:
    """Return how many bytes of a packed stream of ``size`` bytes are read at a time."""
    return BLOCK if size is None else max(LEAST_BLOCK, min(BLOCK, size // STEPS))


class Window(Positioned):
    """The ``size`` bytes of ``stream`` from ``start``; keeps its own position. 0 <= start, 0 <= size."""

    def __init__(self, stream: Stream, start: int, size: int) -> None:
        super().__init__(size)
        self._stream, self._start = stream, start

    def read(self, length: int = -1, /) -> bytes:
        """Return up to ``length`` bytes, fewer only at the end."""
        wanted = self.left(length)
        if wanted == 0:
            return b""
        self._stream.seek(self._start + self._position)
        data = self._stream.read(wanted)
        self._position += len(data)
        return data


class Readable(Protocol):
    """The least that a decoder reads from."""

    def read(self, length: int = -1, /) -> bytes:
        """Return up to ``length`` bytes, b"" at the end."""


class Body(RawIOBase):
    """A forward-only reader over chunks of bytes.

    ``read(n)`` gives exactly ``n`` bytes unless the end or a damage comes first: what lies before a damage
    is given, and the next call raises it.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks, self._chunk, self._used, self._at = chunks, b"", 0, 0
        self._failed: Exception | None = None

    def readable(self) -> bool:
        """Return True: it can be read, and only once."""
        return True

    def tell(self) -> int:
        """Return how many bytes were given."""
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        """Return ``size`` bytes, all for a negative ``size``; fewer at the end or before a damage."""
        wanted = 1 << 62 if size is None or size < 0 else size
        first = self._take(wanted)
        if len(first) == wanted or not first:
            return first
        parts, got = [first], len(first)
        while got < wanted and (part := self._after_the_first(wanted - got)):
            parts.append(part)
            got += len(part)
        return first if len(parts) == 1 else b"".join(parts)

    def readall(self) -> bytes:
        """Return what is left."""
        return self.read(-1)

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill ``buffer``, return how many bytes that were."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def peek(self, length: int) -> bytes:
        """Return the next ``length`` bytes without moving; fewer at the end or before a damage."""
        while len(self._chunk) - self._used < length and not self._failed:
            try:
                more = self._next()
            except (ItemError, OSError, EOFError):
                break  # raised again by the read that comes to it
            if not more:
                break
            self._chunk, self._used = self._chunk[self._used :] + more, 0
        return self._chunk[self._used : self._used + length]

    def skip(self, length: int) -> int:
        """Pass over ``length`` bytes, return how many there were."""
        left = length
        while left and (part := self._take(min(left, BLOCK))):
            left -= len(part)
        return length - left

    def _after_the_first(self, wanted: int) -> bytes:
        try:
            return self._take(wanted)
        except (ItemError, OSError, EOFError):
            return b""  # what came before is given first: the next call raises it again

    def _take(self, wanted: int) -> bytes:
        if self._used == len(self._chunk):
            if self._failed:
                raise self._failed
            self._chunk, self._used = self._next(), 0
        whole = not self._used and wanted >= len(self._chunk)
        taken = self._chunk if whole else self._chunk[self._used : self._used + wanted]
        self._used += len(taken)
        self._at += len(taken)
        return taken

    def _next(self) -> bytes:
        try:
            return next(self._chunks, b"")
        except (ItemError, OSError, EOFError) as error:
            self._failed = error
            raise


def body(chunks: Iterator[bytes]) -> BinaryIO:
    """Return a reader over ``chunks``, which must not be empty ones."""
    return cast("BinaryIO", Body(chunks))
