"""Streams the pipeline stacks: a descriptor, ranges of another stream, a cache of blocks over a slow one."""

import io
import os
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import accumulate

from actionday.model import Damaged, Run, Stream

HOLE = -1
BLOCK_BYTES = 1 << 20
"""Image readers reach their speed in reads of 1 MiB and more (docs/benchmarks.md)."""
BLOCKS_KEPT = 8
SECTOR = 512
BAD_KEPT = 1 << 16
"""Blocks of which is remembered that they cannot be had whole: else each small read in one tries all of it again."""


class Seekable(ABC):
    """Position and size; ``_at(offset, length)`` does the reading."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._position = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move; a position past the end is allowed and reads nothing."""
        self._position = max(0, offset + (0, self._position, self.size)[whence])
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def read(self, length: int = -1) -> bytes:
        """Return up to ``length`` bytes, fewer only at the end. Raises Damaged or OSError."""
        left = max(0, self.size - self._position)
        if left == 0:  # a position that a damaged table names may be larger than any the system takes
            return b""
        data = self._at(self._position, left if length < 0 else min(left, length))
        self._position += len(data)
        return data

    @abstractmethod
    def _at(self, offset: int, length: int) -> bytes:
        """Return the bytes at ``offset``, fewer only at the end."""


def data_from(base: Stream, at: int, end: int) -> int | None:
    """Return a byte of ``base`` up to which the image below says nothing is from ``at`` on; None where none says."""
    asked: Callable[[int, int], int | None] = getattr(base, "data_from", lambda *_: None)
    return asked(at, end)


def lost_until(base: Stream, at: int) -> int:
    """Return the byte behind what cannot be had where byte ``at`` cannot: as ``base`` tells, else of that sector."""
    asked: Callable[[int], int] | None = getattr(base, "lost_until", None)
    return at - at % SECTOR + SECTOR if asked is None else max(at + 1, asked(at))


class Held(io.BytesIO):
    """Bytes in memory as a stream with a size."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.size = len(data)


class DescriptorStream(Seekable):
    """An open file; the descriptor is closed when nobody holds the stream any more."""

    def __init__(self, descriptor: int, size: int) -> None:
        super().__init__(size)
        self._file = os.fdopen(descriptor, "rb", buffering=0)
        self._descriptor = descriptor

    def descriptor(self) -> tuple[int, int]:
        """Return the descriptor and the offset of our first byte in it, for readers that take one."""
        return self._descriptor, 0

    def _at(self, offset: int, length: int) -> bytes:
        data = os.pread(self._descriptor, length, offset)
        if len(data) == length or not data:
            return data
        pieces = [data]
        at = offset + len(data)
        while at < offset + length and (data := os.pread(self._descriptor, offset + length - at, at)):
            pieces.append(data)
            at += len(data)
        return b"".join(pieces)


class RunStream(Seekable):
    """Byte ranges of another stream, one after another; offset -1 reads as zeros."""

    def __init__(self, base: Stream, runs: Sequence[Run], size: int) -> None:
        super().__init__(size)
        self._base, self._runs = base, runs
        self._ends = [runs[0][1]] if len(runs) == 1 else list(accumulate(length for _, length in runs))

    def descriptor(self) -> tuple[int, int] | None:
        """Return descriptor and offset where this is one range of an open file."""
        below = getattr(self._base, "descriptor", lambda: None)()
        if below is None or len(self._runs) != 1 or self._runs[0][0] < 0:
            return None
        return below[0], below[1] + self._runs[0][0]

    def data_from(self, at: int, end: int) -> int | None:
        """Return what ``data_from`` does, where this is one range."""
        if len(self._runs) != 1 or (start := self._runs[0][0]) < 0:
            return None
        found = data_from(self._base, start + at, start + min(end, self._ends[0]))
        return None if found is None else found - start

    def lost_until(self, at: int) -> int:
        """Return what ``lost_until`` does: never more than the rest of one range."""
        number = bisect_right(self._ends, at)
        if number >= len(self._runs):
            return self.size
        end, (start, size) = self._ends[number], self._runs[number]
        place = start + at - (end - size)
        if place >= self._base.size:
            return end
        return min(end, at + lost_until(self._base, place) - place)

    def _at(self, offset: int, length: int) -> bytes:
        if len(self._runs) == 1 and self._runs[0][0] >= 0:
            return self._read(self._runs[0][0] + offset, min(length, self._ends[0] - offset))
        pieces, number = [], bisect_right(self._ends, offset)
        while length > 0 and number < len(self._runs):
            start, size = self._runs[number]
            within = offset - (self._ends[number] - size)
            take = min(length, size - within)
            pieces.append(bytes(take) if start < 0 else self._read(start + within, take))
            offset, length, number = offset + take, length - take, number + 1
        return b"".join(pieces)

    def _read(self, start: int, length: int) -> bytes:
        if length <= 0:
            return b""
        self._base.seek(start)
        data = self._base.read(length)
        if len(data) != length:
            raise Damaged(f"the container ends at byte {self._base.size}, {length} bytes at {start} were due")
        return data


class BlockStream(Seekable):
    """Keeps the last blocks of a stream that is slow in small reads: small files share a block."""

    def __init__(self, base: Stream) -> None:
        super().__init__(base.size)
        self._base = base
        self.missing: tuple[tuple[int, int], ...] = getattr(base, "missing", ())
        """Ranges of which whoever opened it has said that they cannot be had."""
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._bad: set[int] = set()

    def data_from(self, at: int, end: int) -> int | None:
        """Return what ``data_from`` does."""
        return data_from(self._base, at, end)

    def lost_until(self, at: int) -> int:
        """Return what ``lost_until`` does; of a range that was told its end."""
        number = bisect_right(self.missing, (at, self.size)) - 1
        if number >= 0 and self.missing[number][0] <= at < self.missing[number][1]:
            return self.missing[number][1]
        return lost_until(self._base, at)

    def _at(self, offset: int, length: int) -> bytes:
        if length > 2 * BLOCK_BYTES:
            return self._exactly(offset, length)
        pieces = []
        while length > 0:
            number, within = divmod(offset, BLOCK_BYTES)
            try:
                piece = self._block(number)[within : within + length]
            except Damaged:  # somewhere in the block, maybe not where we read: ask for no more than we need
                piece = self._exactly(offset, min(length, BLOCK_BYTES - within))
            if not piece:
                break
            pieces.append(piece)
            offset, length = offset + len(piece), length - len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _exactly(self, offset: int, length: int) -> bytes:
        self._base.seek(offset)
        return self._base.read(length)

    def _block(self, number: int) -> bytes:
        block = self._blocks.get(number)
        if block is not None:
            self._blocks.move_to_end(number)
            return block
        if number in self._bad:
            raise Damaged("a part of it cannot be had")
        try:
            self._base.seek(number * BLOCK_BYTES)
            block = self._base.read(min(BLOCK_BYTES, self.size - number * BLOCK_BYTES))
        except Damaged:
            if len(self._bad) < BAD_KEPT:
                self._bad.add(number)
            raise
        self._blocks[number] = block
        if len(self._blocks) > BLOCKS_KEPT:
            self._blocks.popitem(last=False)
        return block
