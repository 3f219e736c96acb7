"""What a file of SquashFS holds: runs where all of it lies unpacked, else a reader that unpacks block by block.

Source: SquashFS 4.0 binary format, "Data and fragment blocks"; Linux kernel, ``fs/squashfs/file.c``.
"""

from array import array
from collections import OrderedDict
from io import RawIOBase
from typing import BinaryIO, NamedTuple, cast

from actionday.model import Damaged
from actionday.model.streams import Piecewise
from actionday.sources.filesystems._squash_inode import NOTHING, Inode
from actionday.sources.filesystems._squash_packing import unpack
from actionday.sources.filesystems._squash_tables import Blocks
from actionday.sources.filesystems._tsk_bytes import Missing, u32, u64, whole
from actionday.sources.filesystems._tsk_runs import BadMap, Run, Runs

PLAIN, LENGTH = 1 << 24, (1 << 24) - 1
FRAGMENT = 16
"""Bytes of an entry in the table of fragments."""
MOST_BLOCKS = 1 << 22
"""Blocks of one file: 512 GiB at the size that is usual; their sizes and places take 48 MiB while it is read."""
SOON = 1 << 16
"""Blocks whose sizes are looked at while a file is listed: of a longer one it is not told where it lies in place."""
PIECE = 1 << 20
KEPT = 32 << 20
"""Bytes of fragments kept unpacked, 256 of them at the usual size: files are stored in another order than listed."""


class Piece(NamedTuple):
    """A block as it is stored: its place, bytes, and whether these are those of the file."""

    at: int
    stored: int
    plain: bool


class Fragments:
    """Blocks that hold the ends of files, several of them each."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._held = 0

    def piece(self, number: int) -> Piece:
        """Return where a fragment lies. Raises BadMap or Missing."""
        block = self._blocks.block
        raw = self._blocks.entry(block.fragment_table, number, FRAGMENT, block.fragments)
        size = u32(raw, 8)
        return Piece(u64(raw, 0), size & LENGTH, bool(size & PLAIN))

    def unpacked(self, number: int) -> bytes:
        """Return what a fragment holds. Raises BadMap or Missing."""
        found = self._kept.get(number)
        if found is None:
            found = self._kept[number] = unpacked(self._blocks, self.piece(number))
            self._held += len(found)
            while self._held > KEPT and len(self._kept) > 1:
                self._held -= len(self._kept.popitem(last=False)[1])
        else:
            self._kept.move_to_end(number)
        return found


class Content:
    """What one file holds."""

    def __init__(self, blocks: Blocks, fragments: Fragments, inode: Inode) -> None:
        """Raise BadMap where it is longer than any that is read."""
        self.blocks, self.fragments, self.inode = blocks, fragments, inode
        self.size, self.each = inode.size, blocks.block.block
        self.count = inode.blocks(self.each)
        if self.count > MOST_BLOCKS:
            raise BadMap(f"a file of {self.size} bytes, {self.count} blocks")

    def sizes(self) -> "array[int]":
        """Return the sizes of the blocks as they are kept. Raises BadMap or Missing."""
        told = array("I")
        told.frombytes(self.inode.rest.copy().take(4 * self.count))
        return told

    def runs(self) -> list[Run] | None:
        """Return where it lies, None where something of it is packed. Raises BadMap or Missing."""
        if self.count > SOON:
            return None
        runs, at = Runs(), self.inode.start
        sizes = self.sizes()
        if any(size and not size & PLAIN for size in sizes):
            return None
        for number, size in enumerate(sizes):
            length, due = size & LENGTH, self.length(number)
            if size and length != due:
                raise BadMap(f"block {number} of {due} bytes is kept in {length}")
            runs.add(runs.end, at if size else -1, due)
            at += length
        if self.inode.fragment != NOTHING and runs.end < self.size:
            piece, left = self.fragments.piece(self.inode.fragment), self.size - runs.end
            if not piece.plain:
                return None
            if self.inode.offset + left > piece.stored:
                raise BadMap(f"its end lies behind its fragment of {piece.stored} bytes")
            runs.add(runs.end, piece.at + self.inode.offset, left)
        return runs.cut(self.size)

    def length(self, number: int) -> int:
        """Return how many bytes of the file a block holds."""
        return min(self.each, self.size - number * self.each)


class Reading:
    """Opens a file, as often as it is asked."""

    anywhere = True

    def __init__(self, content: Content) -> None:
        self._content = content

    def __call__(self) -> BinaryIO:
        return cast("BinaryIO", _Unpacked(self._content))


class _Unpacked(Piecewise, RawIOBase):
    """The content of a file, from anywhere on."""

    def __init__(self, content: Content) -> None:
        super().__init__(content.size)
        self._of = content
        self._sizes: array[int] | None = None
        self._places = array("Q")
        self._why = ""
        self._last = -1, b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def lost_until(self, at: int) -> int:
        """Return the end of the block that cannot be unpacked; of the file where it is not known where they lie."""
        return self.size if self._why else min(self.size, at - at % self._of.each + self._of.each)

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one block. Raises Damaged."""
        try:
            return self._piece(offset, length)
        except (BadMap, Missing) as error:
            raise Damaged(f"squashfs: byte {offset} of the file: {error}") from error

    def _piece(self, offset: int, length: int) -> bytes:
        number, within = divmod(offset, self._of.each)
        if number >= self._of.count:
            return self._end(offset - self._of.count * self._of.each, length)
        sizes = self._laid()
        due, size = self._of.length(number), sizes[number]
        if not size:
            return bytes(min(length, due - within, PIECE))
        if self._last[0] != number:
            piece = Piece(self._places[number], size & LENGTH, bool(size & PLAIN))
            data = unpacked(self._of.blocks, piece)
            if len(data) != due:
                raise BadMap(f"a block of {due} bytes holds {len(data)}")
            self._last = number, data
        return self._last[1][within : within + length]

    def _end(self, within: int, length: int) -> bytes:
        """Return bytes of the fragment that holds the end of the file."""
        inode, left = self._of.inode, self.size - self._of.count * self._of.each
        data = self._of.fragments.unpacked(inode.fragment)
        if inode.offset + left > len(data):
            raise BadMap(f"its end lies behind its fragment of {len(data)} bytes")
        start = inode.offset + within
        return data[start : start + min(length, left - within)]

    def _laid(self) -> "array[int]":
        """Return the sizes of the blocks, whose places are then known. Raises BadMap or Missing."""
        if self._sizes is None:
            try:
                sizes = self._of.sizes()
            except (BadMap, Missing) as error:
                self._why = f"{error}"
                raise
            at = self._of.inode.start
            for size in sizes:
                self._places.append(at)
                at += size & LENGTH
            self._sizes = sizes
        return self._sizes


def unpacked(blocks: Blocks, piece: Piece) -> bytes:
    """Return what a block of data holds. Raises BadMap or Missing."""
    most = blocks.block.block
    if piece.stored > most:
        raise BadMap(f"the block at byte {piece.at} cannot be {piece.stored} bytes long")
    data = whole(blocks.reader, piece.at, piece.stored)
    try:
        return data if piece.plain else unpack(blocks.block.compression, data, most)
    except BadMap as error:
        raise BadMap(f"the block at byte {piece.at} {error}") from error
