"""Where records are read from: a plain file, or one of gzip members, with a place for each position.

Source: ISO 28500:2017, annex D (record-at-time compression); RFC 1952, section 2.2 (members).
"""

import zlib
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from actionday.model import Damaged, Stream
from actionday.sources.archives._deflate import Counted
from actionday.sources.archives._gzip import MAGIC, beside, header, member
from actionday.sources.archives._streams import BLOCK, Window
from actionday.sources.archives._tape import Disk
from actionday.sources.web._beginnings import LINE, Starts, first_bytes

_SMALL = 8192
HEAD = 256 * 1024
"""Bytes in which a header of a gzip member is whole, with its texts."""

FLAGS = 4
"""Bytes of a member's header up to those flags that tell of names and comments."""
MOST_ASIDE = 1000
"""Comments, names and extra fields of gzip members that are held at a time."""


class Aside(NamedTuple):
    """What a gzip member's header says besides its content: in which member, what it is, and where it lies."""

    member: int
    name: str
    start: int
    size: int


class Tape(Protocol):
    """Bytes in order, passed once."""

    failure: str
    """Why no more can be read from here, "" while it can or at a clean end."""

    @property
    def at(self) -> int:
        """Position of the next byte in the unpacked content."""

    def peek(self, length: int) -> bytes:
        """Return the next ``length`` bytes without moving, fewer at the end or before a failure."""

    def skip(self, length: int) -> int:
        """Pass over ``length`` bytes, return how many there were."""

    lost: int
    """What headers of gzip members say that is not held, for there is too much of it within one record."""

    def asides(self, upto: int) -> list[Aside]:
        """Return, once, what headers of gzip members say besides their contents, of those up to byte ``upto``."""

    def addressed(self) -> int | None:
        """Return the size of the stream when contents may be told as runs, else None."""

    def place(self) -> str:
        """Return the place of the next byte: of the file, plus ``+`` and the distance inside a gzip member."""

    def border(self, length: int, starts: Starts) -> int:
        """Return how many of the next ``length`` bytes come before a gzip member that begins a record."""

    def recover(self, starts: Starts) -> bool:
        """Go to the next gzip member that begins a record; False where there is none. Clears the failure."""

    def again(self) -> Callable[[], Iterator[bytes]]:
        """Return a call that yields the content from this position on, read anew."""


class Plain(Disk):
    """A file that is not compressed."""

    failure = ""
    lost = 0

    def __init__(self, stream: Stream, at: int = 0) -> None:
        super().__init__(stream, at, ahead=BLOCK)
        self._whole = stream

    def look(self, at: int, length: int) -> bytes:
        """Return up to ``length`` bytes from byte ``at`` of the file, without moving."""
        return Window(self._whole, at, max(0, self._whole.size - at)).read(length)

    def asides(self, _upto: int) -> list[Aside]:
        """Return nothing: there are no members."""
        return []

    def place(self) -> str:
        """Return the byte."""
        return str(self.at)

    def border(self, length: int, _starts: Starts) -> int:
        """Return ``length``: there are no members."""
        return length

    def recover(self, _starts: Starts) -> bool:
        """Return False: a plain file never fails, it only ends."""
        return False

    def again(self) -> Callable[[], Iterator[bytes]]:
        """Return a call that yields the file from this byte on."""
        start = self.at

        def chunks() -> Iterator[bytes]:
            window = Window(self._whole, start, self._whole.size - start)
            return iter(lambda: window.read(BLOCK), b"")

        return chunks


class Gzipped:
    """A file of gzip members, read as one content; a record may span members, a member may hold many records."""

    def __init__(self, stream: Stream, at: int = 0) -> None:
        self._stream = stream
        self._asides: deque[Aside] = deque()
        self.lost = 0
        self._open(at)

    def _open(self, at: int) -> None:
        self.failure = ""
        window = Window(self._stream, at, max(0, self._stream.size - at))
        self._given, self._offset = Counted(window), at
        self._data, self._next = self._given.more(), 0
        self._chunks: Iterator[bytes] | None = None
        self._held, self._used, self._base = b"", 0, 0
        self._borders: deque[tuple[int, int]] = deque()  # unpacked position, byte of the file

    @property
    def at(self) -> int:
        """Position of the next byte in what was unpacked since the last opening."""
        return self._base + self._used

    def peek(self, length: int) -> bytes:
        """Return the next ``length`` bytes without moving, fewer at the end or before a failure."""
        while len(self._held) - self._used < length and self._fill():
            pass
        return self._held[self._used : self._used + length]

    def skip(self, length: int) -> int:
        """Pass over ``length`` bytes, return how many there were."""
        left = length
        while left:
            if self._used == len(self._held) and not self._fill():
                break
            step = min(left, len(self._held) - self._used)
            self._used, left = self._used + step, left - step
        while len(self._borders) > 1 and self._borders[1][0] <= self.at:
            self._borders.popleft()
        return length - left

    def asides(self, upto: int) -> list[Aside]:
        """Return, once, what the headers of members up to a byte say besides their contents."""
        found = []
        while self._asides and self._asides[0].member <= upto:
            found.append(self._asides.popleft())
        return found

    def addressed(self) -> None:
        """Return None: nothing can be addressed."""

    def place(self) -> str:
        """Return the byte at which the member begins, and how far inside it the position is."""
        self.peek(1)
        at = self._base + self._used
        for unpacked, byte in reversed(self._borders):
            if unpacked <= at:
                return str(byte) if unpacked == at else f"{byte}+{at - unpacked}"
        return str(self._offset)

    def border(self, length: int, starts: Starts) -> int:
        """Return how many of the next ``length`` bytes come before a member that begins a record."""
        self.peek(min(length, BLOCK) + LINE)
        at = self._base + self._used
        for unpacked, _ in self._borders:
            distance = unpacked - at
            if 0 < distance <= length and starts(self._held[self._used + distance :][:LINE]):
                return distance
        return length

    def recover(self, starts: Starts) -> bool:
        """Go to the next member that begins a record."""
        at = self._offset + (self._borders[-1][1] - self._offset if self._borders else 0) + 1
        while (at := self._next_magic(at)) >= 0:
            if starts(first_bytes(self._look(at))):  # before all is set up for what may be no member
                self._open(at)
                return True
            at += 1
        self._open(self._stream.size)
        return False

    def _look(self, at: int) -> bytes:
        self._stream.seek(at)
        return self._stream.read(LINE)

    def again(self) -> Callable[[], Iterator[bytes]]:
        """Return a call that unpacks anew from the member this position is in."""
        byte, _, inside = self.place().partition("+")
        return lambda: self._from(int(byte), int(inside or 0))

    def _from(self, byte: int, inside: int) -> Iterator[bytes]:
        anew = Gzipped(self._stream, byte)
        anew.skip(inside)
        while data := anew.peek(BLOCK):
            anew.skip(len(data))
            yield data
        if anew.failure:
            raise Damaged(anew.failure)

    def _next_magic(self, at: int) -> int:
        while at < self._stream.size:
            self._stream.seek(at)
            block = self._stream.read(BLOCK)
            hit = block.find(MAGIC + b"\x08")
            if hit >= 0:
                return at + hit
            if len(block) < 3:
                break
            at += len(block) - 2
        return -1

    def _fill(self) -> bool:
        """Unpack one more chunk; False at the end or at a failure."""
        while not self.failure:
            if self._chunks is None and not self._begin():
                return False
            try:
                chunk = self._small() if self._chunks is None else next(self._chunks)
            except StopIteration as end:
                self._chunks, self._data, self._next = None, end.value, 0
                continue
            except Damaged as error:
                self.failure = str(error)
                return False
            self._base += self._used
            self._held, self._used = self._held[self._used :] + chunk, 0
            return True
        return False

    def _begin(self) -> bool:
        """Go to the next member; False at the end."""
        while len(self._data) - self._next < FLAGS and (more := self._given.more()):
            self._data, self._next = self._data[self._next :] + more, 0
        if self._next == len(self._data):
            return False
        start = self._offset + self._given.count - len(self._data) + self._next
        if not MAGIC.startswith(self._data[self._next : self._next + 2]):
            if any(self._data[self._next :]):
                self.failure = f"gzip: no member at byte {start}"
            return False
        self._borders.append((self._base + len(self._held), start))
        if self._data[self._next + 3 : self._next + 4].strip(b"\0"):  # hardly a crawler's member has flags
            self._beside(start)
        return True

    def _beside(self, start: int) -> None:
        head = self._data[self._next : self._next + LINE]
        if header(head) is None:
            self._stream.seek(start)
            head = self._stream.read(HEAD)
        told = header(head)
        if told is not None:
            for name, at, size in beside(head, told):
                if len(self._asides) < MOST_ASIDE:
                    self._asides.append(Aside(start, name, start + at, size))
                else:
                    self.lost += 1

    def _small(self) -> bytes:
        """Return the content of a member that is small, as most are; else begin to unpack it in chunks.

        What zlib gives back as unused is a copy: of 8 KiB here, not of all that was read.
        """
        piece, decoder = self._data[self._next : self._next + _SMALL], zlib.decompressobj(31)
        try:
            chunk = decoder.decompress(piece, BLOCK)
        except zlib.error:
            chunk = b""
        if decoder.eof:
            self._next += len(piece) - len(decoder.unused_data)
            return chunk
        self._chunks = member(self._given, self._data[self._next :])
        return next(self._chunks)
