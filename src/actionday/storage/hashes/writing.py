"""A file of known hashes is written, once and in order, and hashed while it is.

Source: ``docs/case-format.md``, "hashes/".
"""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from actionday.storage.hashes.layout import (
    END,
    MAGIC,
    TAIL,
    WIDTHS,
    Head,
    Section,
    bits_of,
)
from actionday.storage.hashes.sorting import Records


class Written(NamedTuple):
    """What was written: SHA-256 in hex and bytes of the file, rows by algorithm, each digest with each label once."""

    sha256: str
    size: int
    rows: dict[str, int]


class _File:
    """Bytes one behind the other, hashed as they go."""

    def __init__(self, path: Path) -> None:
        self._file, self._digest, self.at = path.open("wb"), hashlib.sha256(), 0

    def write(self, data: bytes | memoryview) -> None:
        self._file.write(data)
        self._digest.update(data)
        self.at += memoryview(data).nbytes

    def close(self) -> tuple[str, int]:
        """Return SHA-256 and size, once all of it is on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._digest.hexdigest(), self.at


def write(
    path: Path, labels: Sequence[str], sorted_by: Mapping[str, tuple[int, Iterable[Records]]]
) -> Written:
    """Write ``path`` out of the records of each algorithm, which come in order and once, with a bound of their number.

    The bytes are a function of labels and records alone.
    """
    file = _File(path)
    file.write(MAGIC)
    sections = [
        _section(file, name, most, records, labelled=bool(labels))
        for name in WIDTHS
        if name in sorted_by
        for most, records in [sorted_by[name]]
    ]
    head = msgspec.json.encode(Head(tuple(labels), tuple(sections)))
    file.write(head)
    file.write(TAIL.pack(len(head), END))
    sha256, size = file.close()
    return Written(sha256, size, {each.algorithm: each.rows for each in sections})


def _section(file: _File, name: str, most: int, records: Iterable[Records], *, labelled: bool) -> Section:
    width, start, rows = WIDTHS[name], file.at, 0
    finest = bits_of(most)
    counts = np.zeros(1 << finest, np.uint32)
    labels = bytearray()
    for each in records:
        digests = np.ascontiguousarray(each[:, :width])
        file.write(digests.data)
        first = np.ascontiguousarray(digests[:, :4]).view(">u4").ravel() >> (32 - finest)
        low = int(first[0])  # they come in order: what is counted is a stretch of the table
        counted = np.bincount(first - low)
        counts[low : low + len(counted)] += counted.astype(np.uint32)
        if labelled:
            labels += np.ascontiguousarray(each[:, width:]).view(">u2").astype("<u2").tobytes()
        rows += len(each)
    table, bits = file.at, bits_of(rows)
    places = np.zeros((1 << finest) + 1, np.uint32)
    np.cumsum(counts, out=places[1:], dtype=np.uint32)
    file.write(np.ascontiguousarray(places[:: 1 << (finest - bits)]).astype("<u4").data)
    at = file.at if labelled else 0
    file.write(bytes(labels))
    return Section(name, rows, start, bits, table, at)
