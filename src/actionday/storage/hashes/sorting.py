"""Any number of digests brought into order in little memory: sorted runs on the disk, then one merge of all.

A record is a digest and, in a set with labels, two bytes of its label's number (big-endian, so that the order of
records is that of their bytes). Memory is that of one run, whatever is sorted; each record is written twice.

Source: Knuth, The Art of Computer Programming, vol. 3, section 5.4 (external sorting).
"""

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Records = NDArray[np.uint8]
"""One record a row."""
MERGED_BYTES = 64 << 20
"""Of all runs together that are held while they are merged."""
LEAST_BLOCK = 64
"""Rows of a run that are read at once, however many runs there are."""
KEY = 8
"""Leading bytes by which records are ordered first: nearly always enough."""


def ordered(records: Records) -> Records:
    """Return the records in the order of their bytes, each once."""
    if len(records) < 2:
        return records
    key = np.ascontiguousarray(records[:, :KEY]).view(">u8").ravel().astype(np.uint64)
    order = np.argsort(key)
    records, key = records[order], key[order]
    same = key[1:] == key[:-1]
    if not same.any():
        return records
    tied = np.zeros(len(records), bool)
    tied[1:] |= same
    tied[:-1] |= same
    ties = _by_all(records[tied])
    records[tied] = ties
    keep = np.ones(len(records), bool)
    repeated = np.flatnonzero(same) + 1
    keep[repeated] = (records[repeated] != records[repeated - 1]).any(axis=1)
    return records[keep]


def _by_all(records: Records) -> Records:
    """Return records in the order of all their bytes."""
    width = -(-records.shape[1] // KEY) * KEY
    padded = np.zeros((len(records), width), np.uint8)
    padded[:, : records.shape[1]] = records
    words = padded.view(">u8")
    return records[np.lexsort([words[:, at] for at in range(words.shape[1] - 1, -1, -1)])]


def write_run(path: Path, records: Records) -> int:
    """Write records as a sorted run that survives a power cut; return how many there are, each once."""
    found = ordered(records)
    with path.open("wb") as file:
        file.write(np.ascontiguousarray(found).data)
        file.flush()
        os.fsync(file.fileno())
    return len(found)


class _Run:
    """A sorted run that is read block by block."""

    def __init__(self, path: Path, width: int, block: int) -> None:
        self._path, self._width, self._block = path, width, block
        self._rows, self._next = path.stat().st_size // width, 0
        self.held: Records = np.empty((0, width), np.uint8)
        self.fill()

    @property
    def last(self) -> bytes | None:
        """The greatest record held, where more come behind it."""
        return self.held[-1].tobytes() if self._next < self._rows else None

    def fill(self) -> None:
        """Read the next block once all before it is given."""
        if len(self.held) or self._next >= self._rows:
            return
        count = min(self._block, self._rows - self._next)
        self.held = np.fromfile(
            self._path, np.uint8, count * self._width, offset=self._next * self._width
        ).reshape(-1, self._width)
        self._next += count

    def upto(self, bound: bytes | None) -> Records:
        """Give what is held up to ``bound``, all where there is none."""
        count = len(self.held)
        if bound is not None:
            count = bisect_right(range(count), bound, key=lambda row: self.held[row].tobytes())
        given, self.held = self.held[:count], self.held[count:]
        self.fill()
        return given


def merged(paths: Sequence[Path], width: int, held: int = MERGED_BYTES) -> Iterator[Records]:
    """Yield the records of sorted runs of ``width`` bytes a record, in order, each once, some thousands at a time.

    At each step at least one run gives all that is held of it, so the steps are as many as blocks, whatever the bytes.
    """
    block = max(LEAST_BLOCK, held // (width * max(1, len(paths))))
    runs = [_Run(path, width, block) for path in paths]
    while runs:
        bound = min((each.last for each in runs if each.last is not None), default=None)
        given = [each.upto(bound) for each in runs]
        runs = [each for each in runs if len(each.held)]
        found = ordered(np.concatenate(given))
        if len(found):
            yield found
