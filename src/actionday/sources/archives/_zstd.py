"""Zstandard: unpacked by the library, while its frames are walked so that every cut is seen.

Source: RFC 8878, sections 3.1.1 (frames, blocks) and 3.1.2 (skippable frames).
"""

from collections.abc import Iterator
from typing import BinaryIO, cast

from zstandard import ZstdDecompressor, ZstdError

from actionday.model import ItemError, OverLimit, Unsupported
from actionday.model.counted import counted
from actionday.model.foreign import plainly
from actionday.sources.archives._careful import Course
from actionday.sources.archives._resumed import Torn
from actionday.sources.archives._streams import BLOCK, Aside, Behind, Notes, Readable, Window
from actionday.sources.archives._zstdframes import frames

MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"  # after a first byte of 0x50 to 0x5F
BEGINNINGS = (MAGIC, *(bytes([first]) + _SKIPPABLE for first in range(0x50, 0x60)))
SKIPPED = "skippable frame"
_SIZE = 4
"""Bytes of the frame in which pzstd tells the size of the next."""
_WINDOW = 128 << 20  # what zstd --long=27 writes and the zstd tool itself accepts unasked


def is_zstd(head: bytes) -> bool:
    """Return whether ``head`` begins with a frame, skippable ones included."""
    return head.startswith(BEGINNINGS)


def _may_begin(head: bytes, *, last: bool) -> bool:
    """Say whether a frame begins with ``head``, or may do so once more is read; ``last``: there is no more.

    Of a last byte or two or three, those of a content are a frame broken off, those of a skippable one are letters.
    """
    if len(head) >= len(MAGIC):
        return is_zstd(head)
    return any(each.startswith(head) for each in BEGINNINGS[: 1 if last else None])


def unzstd(
    source: Readable, note: Notes, behind: Behind | None = None, aside: Aside | None = None
) -> Iterator[bytes]:
    """Yield the content of all frames.

    Of bytes behind them ``behind`` is told the first one's place and how many they are; else they are noted.
    ``aside`` is told the frames that are to be skipped, but for those that pzstd keeps sizes in.
    Raises Damaged with the byte at which a frame breaks off or contradicts its checksum, OverLimit for a
    window above 128 MiB, Unsupported when it was written with a dictionary.
    """
    frames = _Frames(source, behind or _noting(note), aside)
    unpacking = ZstdDecompressor(max_window_size=_WINDOW)
    reader = unpacking.stream_reader(cast("BinaryIO", frames), read_across_frames=True)
    try:
        while chunk := reader.read(BLOCK):
            yield chunk
    except ZstdError as error:
        raise frames.failure or _reason(error, frames.at, frames.window) from error
    if frames.failure:
        raise frames.failure


def units(stream: Window, course: Course) -> Iterator[bytes]:
    """Yield what the frames of a damaged stream hold."""
    return frames(stream, course, _WINDOW)


def _reason(error: ZstdError, at: int, window: int) -> ItemError:
    text = str(error)
    if "ictionary mismatch" in text:
        return Unsupported("zstd: needs the dictionary that it was made with")
    if "too much memory" in text:
        return OverLimit(f"zstd: wants a window of {window >> 20} MiB, {_WINDOW >> 20} MiB are allowed")
    return Torn(f"zstd: {plainly(error)} (before byte {at})", 0)


def _window(descriptor: int) -> int:
    base = 1 << 10 + (descriptor >> 3)
    return base + (base >> 3) * (descriptor & 7)


class _Frames:
    """Hands on the frames of a source and knows at its end whether the last one is whole.

    ``failure`` is set, and the end is told, where the source breaks off or goes on as no frame; the library
    takes a cut for an end.
    """

    def __init__(self, source: Readable, told: Behind, aside: Aside | None) -> None:
        self._source, self._told, self._aside = source, told, aside
        self._rest, self._ended = b"", False
        self._left = 0  # bytes before the next header
        self._blocks = self._checksum = False  # whether that is a block's, and what comes after the last
        self._promise: tuple[int, int] | None = None  # where a frame of four bytes ends, and what they say
        self.at = 0
        """Bytes read."""
        self.window = 0
        """Bytes of the largest window that a frame asks for."""
        self.failure: ItemError | None = None

    def read(self, _length: int = -1) -> bytes:
        """Return the next bytes of the frames, as many as came, b"" at their end."""
        while not self._ended:
            more = self._source.read(BLOCK)
            self.at += len(more)
            data = self._rest + more
            passed = self._walk(data, last=not more)
            self._rest = data[passed:]
            self._ended = self._ended or not more
            if passed:
                return data[:passed]
        return b""

    def _walk(self, data: bytes, *, last: bool) -> int:
        """Return how many bytes of ``data`` belong to frames; those behind it are a header to be completed."""
        at = 0
        while not self._ended:
            step = min(self._left, len(data) - at)
            at, self._left = at + step, self._left - step
            if self._left or at == len(data):
                break
            taken = self._block(data, at) if self._blocks else self._frame(data, at, last=last)
            if not taken:
                break
            at += taken
        if last and not self._ended and (self._left or self._blocks or at < len(data)):
            self._fail(f"zstd: ends at byte {self.at} inside a frame")
        if last:
            self._kept(self.at)
        return at

    def _fail(self, reason: str) -> int:
        self._ended, self.failure = True, Torn(reason, 0)
        return 0

    def _block(self, data: bytes, at: int) -> int:
        """Take in a block header at ``at``, return its length; 0 when it is not whole or none."""
        if at + 3 > len(data):
            return 0
        word = int.from_bytes(data[at : at + 3], "little")
        kind, size = word >> 1 & 3, word >> 3
        if kind == 3 or size > 128 * 1024:
            return self._fail(f"zstd: no block at byte {self.at - len(data) + at}")
        self._left = 1 if kind == 1 else size
        if word & 1:
            self._left += 4 if self._checksum else 0
            self._blocks = False
        return 3

    def _frame(self, data: bytes, at: int, *, last: bool) -> int:
        """Take in a frame header at ``at``, return its length; 0 when it is not whole or none."""
        head, start = data[at : at + 18], self.at - len(data) + at
        if not _may_begin(head, last=last):
            self._kept(start)
            self._behind(data, at)
            return 0
        if len(head) < 8 or (len(head) < 8 + _SIZE and not last):
            return 0
        self._kept(start)
        if not head.startswith(MAGIC):
            self._left = int.from_bytes(head[4:8], "little")
            if self._left == _SIZE:
                self._broken()
                self._promise = start + 8 + _SIZE, int.from_bytes(head[8 : 8 + _SIZE], "little")
            elif self._aside is not None and self._left:
                self._aside(SKIPPED, start + 8, self._left)
            return 8
        flags = head[4]
        single, known = flags >> 5 & 1, flags >> 6
        length = 5 + (not single) + (0, 1, 2, 4)[flags & 3] + (single, 2, 4, 8)[known]
        if len(head) < length:
            return 0
        content = int.from_bytes(head[length - (single, 2, 4, 8)[known] : length], "little")
        self.window = max(self.window, content if single else _window(head[5]))
        self._blocks, self._checksum = True, bool(flags & 4)
        return length

    def _kept(self, at: int) -> None:
        """Tell of a frame of four bytes unless they say how long the one behind it is, which ends at byte ``at``."""
        if self._promise is None or at == self._promise[0] < self.at:
            return
        if at - self._promise[0] != self._promise[1]:
            self._broken()
        self._promise = None

    def _broken(self) -> None:
        if self._promise is not None and self._aside is not None:
            self._aside(SKIPPED, self._promise[0] - _SIZE, _SIZE)

    def _behind(self, data: bytes, at: int) -> None:
        self._ended, start = True, self.at - len(data) + at
        while more := self._source.read(BLOCK):
            self.at += len(more)
        self._told(start, self.at - start)


def _noting(note: Notes) -> Behind:
    return lambda start, length: note(
        "trailing", f"zstd: {counted(length, 'byte')} from byte {start} on, behind the last frame"
    )
