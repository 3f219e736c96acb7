"""Blocks of a directory that cannot be had: those behind them are read, and how many are missing is told once.

Source: none. An image gives a chunk or does not; names in ext, XFS, NTFS and ISO 9660 do not cross blocks. Standard
library only: the companion asks too.
"""

from collections.abc import Iterator

from actionday.sources.filesystems._tsk_bytes import Missing, Reader, whole
from actionday.sources.filesystems._tsk_runs import BadMap

MOST = 1 << 16
"""Such blocks of one directory; behind more than that no further one is tried, which is said."""


class NamesLost:
    """Those of one directory."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._count = self._bytes = 0
        self._first = ""
        self._damaged = 0
        self._first_damaged = ""

    def read(self, length: int, *places: int) -> bytes:
        """Return a block whose parts of ``length`` bytes lie at ``places``, nothing where not all of it can be had.

        Raises Missing behind the last that is tried.
        """
        try:
            return b"".join(whole(self._reader, at, length) for at in places)
        except Missing as error:
            self._count, self._bytes = self._count + 1, self._bytes + length * len(places)
            self._first = self._first or f"{error}"
            if self._count >= MOST:
                raise Missing(self._said()) from error
            return b""

    def damaged(self, why: str) -> None:
        """Take down that something is no name, though its bytes are there."""
        self._damaged += 1
        self._first_damaged = self._first_damaged or why

    def told(self) -> Iterator[BadMap]:
        """Yield what is missing, then what is damaged; nothing where nothing is."""
        if self._count:
            yield BadMap(self._said())
        if self._damaged:
            more = f" (and {self._damaged - 1} more)" if self._damaged > 1 else ""
            yield BadMap(f"{self._first_damaged}{more}")

    def _said(self) -> str:
        blocks = "1 block" if self._count == 1 else f"{self._count} blocks"
        return f"{blocks} of its names cannot be had ({self._bytes} bytes): {self._first}"
