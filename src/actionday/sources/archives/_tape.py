"""What the tar and cpio walkers read from: a stream that can be addressed, or a content being unpacked."""

from collections.abc import Callable, Iterator
from typing import Protocol

from actionday.model import Damaged, Found, Run, Stream
from actionday.model.counted import counted
from actionday.sources.archives._streams import BLOCK, Body

_AHEAD = 16 * 1024  # headers of small members come out of one read


class Tape(Protocol):
    """Bytes in order, passed once."""

    @property
    def at(self) -> int:
        """Position of the next byte."""

    def read(self, length: int) -> bytes:
        """Return ``length`` bytes, fewer at the end."""

    def peek(self, length: int) -> bytes:
        """Return the next ``length`` bytes without moving, fewer at the end."""

    def skip(self, length: int) -> int:
        """Pass over ``length`` bytes, return how many there were."""

    def addressed(self) -> int | None:
        """Return the size of the stream when members may be told as runs, None when they must be read."""


class Disk:
    """A tape over a seekable stream: content is skipped without being read."""

    def __init__(self, stream: Stream, at: int = 0, ahead: int = _AHEAD) -> None:
        self._stream, self._ahead, self._from, self._at = stream, b"", 0, at
        self._least = ahead

    @property
    def at(self) -> int:
        """Position of the next byte in the stream."""
        return self._at

    def read(self, length: int) -> bytes:
        """Return ``length`` bytes, fewer at the end."""
        data = self.peek(length)
        self._at += len(data)
        return data

    def peek(self, length: int) -> bytes:
        """Return the next ``length`` bytes without moving, fewer at the end."""
        start = self._at - self._from
        if not 0 <= start <= len(self._ahead) - length:
            self._stream.seek(self._at)
            self._ahead, self._from, start = _whole(self._stream, max(length, self._least)), self._at, 0
        return self._ahead[start : start + length]

    def skip(self, length: int) -> int:
        """Pass over ``length`` bytes, return how many there were."""
        passed = max(0, min(length, self._stream.size - self._at))
        self._at += passed
        return passed

    def addressed(self) -> int:
        """Return the stream's size."""
        return self._stream.size


class Unpacked:
    """A tape over a content being unpacked: forward only."""

    def __init__(self, content: Body) -> None:
        self._content = content

    @property
    def at(self) -> int:
        """Position of the next byte in the unpacked content."""
        return self._content.tell()

    def read(self, length: int) -> bytes:
        """Return ``length`` bytes, fewer at the end."""
        return self._content.read(length)

    def peek(self, length: int) -> bytes:
        """Return the next ``length`` bytes without moving, fewer at the end."""
        return self._content.peek(length)

    def skip(self, length: int) -> int:
        """Pass over ``length`` bytes, return how many there were."""
        return self._content.skip(length)

    def addressed(self) -> None:
        """Return None: nothing can be addressed."""


def _whole(stream: Stream, length: int) -> bytes:
    parts, got = [], 0
    while got < length and (part := stream.read(length - got)):
        parts.append(part)
        got += len(part)
    return b"".join(parts) if len(parts) != 1 else parts[0]


def content(tape: Tape, pieces: tuple[Run, ...], what: str) -> Iterator[bytes]:
    """Yield the bytes of ``pieces`` (ascending, from ``tape.at`` on, holes as zeros).

    Raises Damaged when the tape ends before; to be used up, or not at all, before the tape moves on.
    """
    for offset, length in pieces:
        left = length
        while left:
            part = bytes(min(left, BLOCK)) if offset < 0 else tape.read(min(left, BLOCK))
            if not part:
                raise Damaged(
                    f"{what}: ends at byte {tape.at}, {counted(left, 'byte')} before the member does"
                )
            left -= len(part)
            yield part


def behind(after: str | None, members: Callable[[int], Iterator[Found]]) -> Iterator[Found]:
    """Yield the members behind the one stored last: ``after`` is its place, the byte at which ``members`` begin."""
    known = after is not None and after.isdecimal() and len(after) < 20
    found = members(int(after) if after is not None and known else 0)
    if known:
        next(found, None)  # the one already stored
    yield from found
