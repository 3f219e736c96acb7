"""The stored bytes of items, and pictures of them: only ever out of a sandboxed worker."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
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
VECTOR = "image/svg+xml"
"""A drawing is a program: it is shown as text, never drawn."""


class Dump(NamedTuple):
    """A stretch of bytes; ``problem`` says why they cannot be had."""

    data: bytes
    offset: int
    size: int
    problem: str = ""

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
            return Dump(self._read(item, start, HEX_BYTES), start, size)
        except (ActiondayError, OSError) as error:
            return Dump(b"", start, size, str(error))

    def whole(self, item: Item) -> Iterator[bytes]:
        """Yield an item's bytes in pieces. Raises ActiondayError or OSError where they cannot be read."""
        at, size = 0, item.size or 0
        while at < size:
            piece = self._read(item, at, min(CHUNK_BYTES, size - at))
            if not piece:
                raise OSError(f"{item.path}: ends at byte {at} of {size}")
            yield piece
            at += len(piece)

    def picture(self, item: Item, *, clear: bool) -> bytes:
        """Return a PNG: 96 pixels, grey and blurred, or ``clear``. Raises ActiondayError or OSError."""
        with self._lock, _rows_read():
            return self._ready().preview(bytes.fromhex(item.id), clear=clear)

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
