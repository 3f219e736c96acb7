"""Streams the pipeline stacks besides the ranges of another (``model.streams``): bytes in memory, a descriptor, a
cache of blocks over a slow one."""

import io
import os
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence

from actionday.model import Damaged, Run, Stream
from actionday.model.streams import Seekable, data_from, lost_until, origin

HOLE = -1
BLOCK_BYTES = 1 << 20
"""Image readers reach their speed in reads of 1 MiB and more (docs/benchmarks.md)."""
BLOCKS_KEPT = 8
BAD_KEPT = 1 << 16
"""Blocks of which is remembered that they cannot be had whole: else each small read in one tries all of it again."""


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

    def origin(self, at: int) -> int:
        """Return what ``origin`` does."""
        return origin(self._base, at)

    def as_now(self, runs: Sequence[Run]) -> bool:
        """Say whether it is an earlier state of another stream, and ``runs`` are for sure what they are there now."""
        asked: Callable[[Sequence[Run]], bool] = getattr(self._base, "as_now", lambda _: False)
        return asked(runs)

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
