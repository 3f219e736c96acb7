"""Tables of SquashFS: metadata in blocks of 8 KiB, each packed by itself, and lists that lead to such blocks.

Source: SquashFS 4.0 binary format, "Packing metadata", "Storing lookup tables".
"""

from collections import OrderedDict

from actionday.sources.filesystems._squash_packing import unpack
from actionday.sources.filesystems._squash_super import NONE, Super
from actionday.sources.filesystems._tsk_bytes import Reader, u16, u64, whole
from actionday.sources.filesystems._tsk_runs import BadMap

HOLDS = 8192
PLAIN = 0x8000
KEPT = 128
"""Blocks of metadata that are kept unpacked: a MiB."""


class Blocks:
    """The metadata of one file system."""

    def __init__(self, reader: Reader, block: Super) -> None:
        self.reader, self.block = reader, block
        self._kept: OrderedDict[int, tuple[bytes, int]] = OrderedDict()

    def at(self, place: int) -> tuple[bytes, int]:
        """Return what the block at a byte holds, and where the next begins. Raises BadMap or Missing."""
        found = self._kept.get(place)
        if found is None:
            found = self._kept[place] = self._read(place)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(place)
        return found

    def _read(self, place: int) -> tuple[bytes, int]:
        head = u16(whole(self.reader, place, 2), 0)
        size = head & ~PLAIN
        if not size or size > HOLDS or place + 2 + size > self.block.used:
            raise BadMap(f"the block of metadata at byte {place} cannot be {size} bytes long")
        data = whole(self.reader, place + 2, size)
        try:
            return data if head & PLAIN else unpack(self.block.compression, data, HOLDS), place + 2 + size
        except BadMap as error:
            raise BadMap(f"the block of metadata at byte {place} {error}") from error

    def entry(self, table: int, number: int, size: int, count: int) -> bytes:
        """Return entry ``number`` of a list of ``count`` whose blocks ``table`` names. Raises BadMap or Missing."""
        if table == NONE or not 0 <= number < count:
            raise BadMap(f"entry {number} of a list of {count}")
        each = HOLDS // size
        place = u64(whole(self.reader, table + number // each * 8, 8), 0)
        data, _ = self.at(place)
        at = number % each * size
        if at + size > len(data):
            raise BadMap(f"the block of metadata at byte {place} ends before entry {number}")
        return data[at : at + size]


class Cursor:
    """A place in metadata, from which bytes are taken one after the other, across its blocks."""

    def __init__(self, blocks: Blocks, place: int, offset: int, end: int) -> None:
        """``place``: where a block begins; ``offset``: the byte in what it holds; ``end``: where its table ends."""
        self._blocks, self.place, self.offset, self._end = blocks, place, offset, end

    def take(self, length: int) -> bytes:
        """Return the next ``length`` bytes. Raises BadMap or Missing where they are not there."""
        pieces, left = list[bytes](), length
        while left:
            data, following = self._block()
            piece = data[self.offset : self.offset + left]
            pieces.append(piece)
            left -= len(piece)
            self.offset += len(piece)
            if left:
                self.place, self.offset = following, 0
        return b"".join(pieces)

    def skip(self, length: int) -> None:
        """Go over ``length`` bytes. Raises BadMap or Missing."""
        while length:
            data, following = self._block()
            step = min(length, len(data) - self.offset)
            length -= step
            self.offset += step
            if length:
                self.place, self.offset = following, 0

    def copy(self) -> "Cursor":
        """Return another one at the same place."""
        return Cursor(self._blocks, self.place, self.offset, self._end)

    def settled(self) -> "Cursor":
        """Return this one, in the next block where it stands at the end of one. Raises BadMap or Missing."""
        data, following = self._block()
        if self.offset == len(data):
            self.place, self.offset = following, 0
        return self

    @property
    def at_end(self) -> bool:
        """Whether its table ends here. Raises BadMap or Missing."""
        return self.place >= self._end

    def _block(self) -> tuple[bytes, int]:
        if self.place >= self._end:
            raise BadMap(f"the table that ends at byte {self._end} is too short")
        data, following = self._blocks.at(self.place)
        if self.offset > len(data) or not data:
            raise BadMap(f"byte {self.offset} of {len(data)} of the block of metadata at byte {self.place}")
        return data, following
