"""The stored bytes of items, and pictures of them: only ever out of a sandboxed worker.

An exhibit stays outside the case and can be altered after the intake: what is shown or handed out is held against the
SHA-256 that it was taken in with.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from actionday.access.items import Item
from actionday.model import ActiondayError, Damaged
from actionday.storage.case import Case

if TYPE_CHECKING:
    from actionday.pipeline.fetch import Fetcher

HEX_BYTES = 1024
"""Bytes of a page of hex: 64 lines of 16."""
CHUNK_BYTES = 4 << 20
"""A download is read in pieces, so that an item of any size costs little memory."""
HELD_BYTES = 64 << 20
"""Contents up to this size are read through and held against their hash before a page shows any of them."""
VECTOR = "image/svg+xml"
"""A drawing is a program: it is shown as text, never drawn."""


class Altered(Damaged):
    """The bytes at an item's place are not those that were taken in; ``found`` is their SHA-256 in hex."""

    def __init__(self, item: Item, found: str) -> None:
        super().__init__(f"{item.exhibit}/{item.path}: has the SHA-256 {found}, it was {item.sha256}")
        self.found = found


class Dump(NamedTuple):
    """A stretch of bytes; ``problem`` says why they cannot be had.

    ``altered``: the SHA-256 in hex of what lies there now, where it is not what was taken in; then there is no data.
    ``held``: whether the content was read through and has the SHA-256 that is stored.
    """

    data: bytes
    offset: int
    size: int
    problem: str = ""
    altered: str = ""
    held: bool = False

    @property
    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Sixteen bytes a line, each with its offset."""
        return ((self.offset + at, self.data[at : at + 16]) for at in range(0, len(self.data), 16))


def has_picture(item: Item) -> bool:
    """Say whether a shielded picture of the item can be made."""
    return bool(item.mime and item.mime.startswith("image/") and item.mime != VECTOR and item.sha256)


@contextmanager
def _rows_read() -> Iterator[None]:
    """Say of rows that somebody has torn what they are: damage of the case, no fault of the reader."""
    try:
        yield
    except msgspec.MsgspecError as error:
        raise Damaged(f"the rows that tell where the bytes are cannot be read: {error}") from error


class Bytes:
    """Reads the bytes of one case's items; keeps its worker between requests. Safe from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._fetcher: Fetcher | None = None
        self._case: Case | None = None

    def dump(self, item: Item, offset: int) -> Dump:
        """Return a page of an item's bytes; what cannot be read is said, never raised."""
        size = item.size or 0
        start = max(0, min(offset, max(0, size - 1))) // 16 * 16
        try:
            if size > HELD_BYTES:
                return Dump(self._read(item, start, HEX_BYTES), start, size)
            return Dump(self._window(item, start), start, size, held=True)
        except Altered as error:
            return Dump(b"", start, size, altered=error.found)
        except (ActiondayError, OSError) as error:
            return Dump(b"", start, size, str(error))

    def whole(self, item: Item) -> Iterator[bytes]:
        """Yield an item's bytes in pieces, the last one only where all have the SHA-256 that is stored.

        Raises Altered where they have another, other ActiondayErrors or OSError where they cannot be read.
        """
        at, size, found, last = 0, item.size or 0, sha256(), b""
        while at < size:
            if last:
                yield last
            last = self._read(item, at, min(CHUNK_BYTES, size - at))
            if not last:
                raise Damaged(f"it ends at byte {at} of {size}")
            found.update(last)
            at += len(last)
        if found.hexdigest() != item.sha256:
            raise Altered(item, found.hexdigest())
        if last:
            yield last

    def hold(self, item: Item) -> None:
        """Read an item's bytes through and keep none of them. Raises as ``whole``."""
        for _ in self.whole(item):
            pass

    def altered(self, item: Item) -> str:
        """Return the SHA-256 in hex of what lies at the place of a picture where it is another one, else "".

        What cannot be read has none, and of what is too large no picture is made.
        """
        try:
            if (item.size or 0) <= HELD_BYTES:
                self.hold(item)
        except Altered as error:
            return error.found
        except (ActiondayError, OSError):
            return ""
        return ""

    def picture(self, item: Item, *, clear: bool) -> bytes:
        """Return a PNG: 96 pixels, grey and blurred, or ``clear``. Raises Altered, ActiondayError or OSError."""
        if (item.size or 0) <= HELD_BYTES:  # of a larger one nobody makes a picture: that is said below
            self.hold(item)
        with self._lock, _rows_read():
            return self._ready().preview(bytes.fromhex(item.id), clear=clear)

    def _window(self, item: Item, start: int) -> bytes:
        """Return a page of hex out of the very bytes that have the stored SHA-256."""
        at, window = 0, bytearray()
        for piece in self.whole(item):
            window += piece[max(0, start - at) : max(0, start + HEX_BYTES - at)]
            at += len(piece)
        return bytes(window)

    def _read(self, item: Item, offset: int, length: int) -> bytes:
        with self._lock, _rows_read():
            return self._ready().read(bytes.fromhex(item.id), offset, length)

    def _ready(self) -> "Fetcher":
        from actionday.pipeline.fetch import Fetcher

        if self._fetcher is None:
            self._case = Case.open(self._folder)
            self._fetcher = Fetcher(self._case)
        return self._fetcher

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            if self._fetcher is not None:
                self._fetcher.close()
            if self._case is not None:
                self._case.close()
            self._fetcher, self._case = None, None
