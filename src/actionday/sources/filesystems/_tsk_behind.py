"""Bytes a file system keeps for a file behind its size: of no use to any system, and so a place to hide in.

Source: none; the sizes and maps are those each file system tells. Standard library only.
"""

from collections.abc import Sequence

from actionday.sources.filesystems._tsk_bytes import Missing, Reader
from actionday.sources.filesystems._tsk_runs import Run

PIECE = 1 << 20
MOST_LOOKED = 1 << 30
"""Bytes of one file system looked through for zeros; what comes behind is an item without having been looked at."""
LEAST = 4
"""Bytes; fewer hold no word."""
CODE = "unclaimed"
NAME = " behind the end"


class Behind:
    """Tells bytes worth an item from zeros."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._left = MOST_LOOKED

    def holds(self, runs: Sequence[Run]) -> bool:
        """Say whether anything in ``runs`` is not zero; what cannot be read, or is too much, may be."""
        return any(self._holds(at, length) for at, length in runs)

    def _holds(self, at: int, length: int) -> bool:
        for start in range(at, at + length, PIECE):
            size = min(PIECE, at + length - start)
            if self._left < size:
                return True
            self._left -= size
            try:
                if self._reader.at(start, size).strip(b"\0"):
                    return True
            except Missing:
                return True
        return False


def said(size: int, runs: Sequence[Run]) -> str:
    """Return what the issue log says of ``runs`` that lie behind the ``size`` of a file."""
    length = sum(count for _, count in runs)
    return (
        f"{length} bytes from byte {size} of the file on, the first at byte {runs[0][0]}, lie behind its size"
    )


def marked(runs: Sequence[Run]) -> str:
    """Return what the issue log says of ``runs`` that are marked as bad and hold data."""
    length = sum(count for _, count in runs)
    return f"{length} bytes, the first at byte {runs[0][0]}, are marked as bad and hold data: not read"
