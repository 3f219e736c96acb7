"""Where each byte of the volume within a BitLocker volume lies, and whether it is enciphered there.

Windows answers reads of its own metadata with zeros, and keeps the first sectors elsewhere: the boot sector is its own.

Source: Joachim Metz, "BitLocker Drive Encryption (BDE) format specification", volume header and FVE
metadata block header.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from actionday.model import Damaged, Stream
from actionday.sources.volumes._bitlocker_bitmaps import Open, open_ranges
from actionday.sources.volumes._bitlocker_block import Block, Places
from actionday.sources.volumes._enciphered import Part
from actionday.sources.volumes._sectors import Deciphered

DECRYPTED, DIRTY, ENCRYPTED = 1, 2, 4
"""States of a volume; in DIRTY what is being written just then lies in a log."""
OLD_FRONT = 0x2000
"""Bytes of a volume of version 1 (Vista) that lie open at its front."""
RESERVED = 64 << 10
OLD_RESERVED = 16 << 10
"""Bytes of each copy of the metadata."""

Range = tuple[int, int]


class Layout:
    """Puts the parts of one volume together."""

    def __init__(
        self, stream: Stream, boot: bytes, places: Places, block: Block, cipher: Deciphered | None
    ) -> None:
        self._stream, self._boot, self._places, self._block, self._cipher = (
            stream,
            boot,
            places,
            block,
            cipher,
        )
        self._size = stream.size // places.sector * places.sector
        self._open: Sequence[Open] = open_ranges(stream, places)

    def parts(self) -> list[Part]:
        """Return the parts of the volume, in order. Raises Damaged."""
        front = self._front()
        begin = sum(each.size for each in front)
        return [*front, *self._behind(min(begin, self._size))]

    def _front(self) -> list[Part]:
        block = self._block
        if block.version == 1:
            own = bytearray(self._boot)
            own[3:11] = b"NTFS    "
            own[0x38:0x40] = struct.pack("<Q", block.elsewhere)
            return [Part(0, min(OLD_FRONT, self._size), 0, None, instead=bytes(own))]
        moved = block.sectors * self._places.sector
        if not moved:
            return []
        if not 0 < moved <= self._size or not 0 < block.elsewhere <= self._size - moved:
            raise Damaged("bitlocker: its first sectors are said to lie outside of it")
        return list(self._lying(block.elsewhere, block.elsewhere + moved))

    def _behind(self, begin: int) -> Iterator[Part]:
        at = begin
        for start, end in sorted(self._reserved()):
            start, end = max(at, start), min(end, self._size)
            if start >= end:
                continue
            yield from self._lying(at, start)
            yield Part(-1, end - start, 0, None)
            at = end
        yield from self._lying(at, self._size)

    def _reserved(self) -> Iterator[Range]:
        block, sector, cluster = self._block, self._places.sector, max(1, self._places.cluster)
        old = -(-OLD_RESERVED // cluster) * cluster
        length = old if block.version == 1 else max(RESERVED, sector)
        yield from ((at, at + length) for at in block.places if at)
        if block.version > 1:
            yield block.elsewhere, block.elsewhere + max(1, block.sectors) * sector
        if block.state == DIRTY and block.state_size and not self._places.bitmaps:
            yield block.reach, block.reach + block.state_size

    def _lying(self, start: int, end: int) -> Iterator[Part]:
        """Yield the parts that bytes of the file are: enciphered or not, as the state or the bitmaps say."""
        edges = [start, *sorted(self._edges(start, end)), end]
        for begin, behind in pairwise(edges):
            if begin < behind:
                cipher = None if self._is_open(begin) else self._cipher
                yield Part(begin, behind - begin, begin // 512, cipher)

    def _edges(self, start: int, end: int) -> list[int]:
        if not self._places.bitmaps:
            return [self._block.reach] if start < self._block.reach < end else []
        first = max(0, bisect_right(self._open, (start,)) - 1)
        last = bisect_right(self._open, (end,))
        return [at for each in self._open[first:last] for at in each if start < at < end]

    def _is_open(self, at: int) -> bool:
        if self._places.bitmaps:
            number = bisect_right(self._open, (at, self._size)) - 1
            return number >= 0 and at < self._open[number].end
        return bool(self._block.reach) and at >= self._block.reach
