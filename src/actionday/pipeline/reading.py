"""Reading a content once: bytes, three hashes, and how it ended."""

import hashlib
import mmap
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple, cast

from actionday.model import Damaged, ItemError, Limits, OverLimit, Stream
from actionday.model.foreign import plainly
from actionday.model.plugin import TAIL_BYTES
from actionday.pipeline.budget import Budget
from actionday.pipeline.gaps import reached
from actionday.pipeline.messages import Frame
from actionday.pipeline.streams import Seekable
from actionday.storage.objects import FRAME_BYTES
from actionday.storage.objects.frames import Compressor

PIECE_BYTES = 1 << 20


class Digests:
    """SHA-256, MD5 and SHA-1 of the same bytes (the last two for exchange with hash sets)."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self.size = 0
        self.zeros = True
        """Whether all of it so far is zeros."""

    def update(self, data: bytes) -> None:
        """Add the next bytes."""
        self._sha256.update(data)
        self._md5.update(data)
        self._sha1.update(data)
        self.size += len(data)
        self.zeros = self.zeros and not data.strip(b"\0")

    def digests(self) -> tuple[bytes, bytes, bytes]:
        """Return ``(sha256, md5, sha1)``."""
        return self._sha256.digest(), self._md5.digest(), self._sha1.digest()


def digests_of(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Return what ``Digests`` gives for a content that is at hand: for a small one half of that is its calls."""
    return (
        hashlib.sha256(data).digest(),
        hashlib.md5(data, usedforsecurity=False).digest(),
        hashlib.sha1(data, usedforsecurity=False).digest(),
    )


def small_hash(stream: Stream, most: int) -> tuple[bytes, ...]:
    """Return the SHA-256 of a stream of at most ``most`` bytes, nothing of a larger one."""
    if stream.size > most:
        return ()
    stream.seek(0)
    return (hashlib.sha256(stream.read()).digest(),)


class Body(NamedTuple):
    """A content as read. ``data`` is all of it up to ``limits.mapped``, of a larger one its first ``limits.held``.

    ``whole``: it is small enough to be held as it is. ``error`` says why the reader stopped before the end; what was
    read until then is kept.
    """

    data: bytes | mmap.mmap
    size: int
    sha256: bytes
    md5: bytes
    sha1: bytes
    whole: bool
    error: ItemError | None
    end: bytes = b""
    """The last ``TAIL_BYTES`` of one that is not whole."""
    gaps: str = ""
    """What is said of the ranges that cannot be had, where it was looked behind the first."""
    disk: int = 0
    """Bytes of the stream, gaps and all, where it is a disk: it is opened as it is, not up to the first of them."""

    zeroed: bool = False
    """Of one that is not whole: nothing but zeros was read."""

    @property
    def zeros(self) -> bool:
        """Say whether it is nothing but zeros."""
        return self.size > 0 and (not bytes(self.data).strip(b"\0") if self.whole else self.zeroed)

    @property
    def reach(self) -> int:
        """Bytes of the stream that is gone through where it is opened."""
        return self.disk or self.size

    @property
    def tail(self) -> bytes:
        """Its last bytes, up to ``TAIL_BYTES``, also where ``data`` does not reach so far."""
        return self.data[-TAIL_BYTES:] if self.whole else self.end


def pieces(
    reader: Callable[[], BinaryIO | Stream], beat: Callable[[], None], budget: Budget | None = None
) -> Iterator[bytes]:
    """Yield the pieces of what ``reader`` opens; whatever a library raises on hostile bytes becomes Damaged.

    ``beat`` is called before each piece: the deadline is for a piece, whatever the size of the whole.
    Of what can be read anywhere all comes up to the first byte that cannot be had.
    """
    opened: BinaryIO | Stream | None = None
    at = 0
    try:
        beat()
        opened = reader()
        while piece := opened.read(PIECE_BYTES):
            beat()
            if budget is not None:
                budget.spend(len(piece))
            at += len(piece)
            yield piece
    except Exception as error:
        told = _told(error)
        yield from _up_to(opened, at, told)
        if told is error:
            raise
        raise told from error


def _up_to(opened: object, at: int, error: ItemError) -> Iterator[bytes]:
    """Yield what can be had from byte ``at`` on of a stream that raised ``error`` there."""
    if isinstance(error, Damaged) and (isinstance(opened, Seekable) or hasattr(opened, "lost_until")):
        yield from reached(cast("Stream", opened), at)


def _told(error: Exception) -> ItemError:
    """Return what is said of an item whose reader raised ``error``."""
    if isinstance(error, ItemError):
        return error
    if isinstance(error, MemoryError):
        return OverLimit("needs more memory than a worker may use")
    return Damaged(plainly(error))


def small_body(reader: Callable[[], BinaryIO | Stream], beat: Callable[[], None]) -> Body | None:
    """Return a content of a stream of at most ``PIECE_BYTES`` as ``body_of(pieces(…))`` does, None for any other."""
    data, error = b"", None
    opened: BinaryIO | Stream | None = None
    try:
        beat()
        opened = reader()
        size = getattr(opened, "size", PIECE_BYTES + 1)
        if size > PIECE_BYTES:
            return None
        data = opened.read(PIECE_BYTES)
        while len(data) < size and (more := opened.read(PIECE_BYTES)):
            data += more
    except Exception as caught:
        error = _told(caught)
        data += b"".join(_up_to(opened, len(data), error))
    return Body(data, len(data), *digests_of(data), True, error)


class _Mapped:
    """Memory for a content of a known size beyond what is held: filled while it is read, given back with it."""

    def __init__(self, size: int) -> None:
        # private, as the limit of memory counts it
        self._pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._size, self._filled = size, 0

    def add(self, piece: bytes) -> bool:
        """Take the next piece; return whether it fits."""
        if self._filled + len(piece) > self._size:
            return False
        self._pages[self._filled : self._filled + len(piece)] = piece
        self._filled += len(piece)
        return True

    def taken(self) -> bytes | mmap.mmap:
        """Return what was read, which a damaged content has less of than it says."""
        return self._pages if self._filled == self._size else self._pages[: self._filled]


def body_of(
    content: Iterator[bytes],
    limits: Limits,
    overflow: "Frames | None" = None,
    declared: int | None = None,
) -> Body:
    """Read ``content``, of ``declared`` bytes, to the end and return them with their hashes.

    What of one that is larger than ``limits.held`` is not in its ``data`` is hashed and, if given, handed to
    ``overflow`` (all of it, from the beginning), else forgotten.
    """
    if overflow is None and declared is not None and limits.held < declared <= limits.mapped:
        return _mapped_body(content, _Mapped(declared))
    digests, whole = Digests(), True
    held: list[bytes] = []
    end = b""
    error: ItemError | None = None
    try:
        for piece in content:
            before = digests.size
            digests.update(piece)
            if digests.size <= limits.held:
                held.append(piece)
                continue
            if whole:  # as much as may be held, however the reader cuts its pieces
                data = b"".join(held)
                if overflow is not None:
                    overflow.add(data)
                held, end, whole = [data, piece[: limits.held - before]], data[-TAIL_BYTES:], False
            end = (end + piece)[-TAIL_BYTES:]
            if overflow is not None:
                overflow.add(piece)
    except ItemError as caught:
        error = caught
    data = held[0] if len(held) == 1 else b"".join(held)
    return Body(data, digests.size, *digests.digests(), whole, error, end, zeroed=digests.zeros)


def _mapped_body(content: Iterator[bytes], mapped: _Mapped) -> Body:
    digests, end, fits = Digests(), b"", True
    error: ItemError | None = None
    try:
        for piece in content:
            digests.update(piece)
            fits = fits and mapped.add(piece)
            end = (end + piece)[-TAIL_BYTES:]
    except ItemError as caught:
        error = caught
    return Body(mapped.taken(), digests.size, *digests.digests(), False, error, end, zeroed=digests.zeros)


def complete(body: Body, declared: int | None) -> Body:
    """Return ``body``, with an error when it ended before the declared size."""
    if body.error is None and declared is not None and body.size < declared:
        return body._replace(error=Damaged("ends before its declared size"))
    return body


class Frames:
    """Sends a content too large to be held to the main process, in frames of an object."""

    def __init__(self, send: Callable[[object], None], job: int) -> None:
        self._send, self._job = send, job
        self._compressor = Compressor()
        self._waiting = bytearray()
        self.used = False

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        self.used = True
        self._waiting += piece
        while len(self._waiting) >= FRAME_BYTES:
            self._out(bytes(self._waiting[:FRAME_BYTES]))
            del self._waiting[:FRAME_BYTES]

    def end(self) -> None:
        """Send what is left."""
        if self._waiting:
            self._out(bytes(self._waiting))
            self._waiting.clear()

    def _out(self, data: bytes) -> None:
        self._send(Frame(self._job, self._compressor.frames(data)[0]))
