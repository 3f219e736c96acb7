"""What a file of Btrfs holds: runs where it lies as it is, a reader where some of it is compressed.

Source: Linux kernel, ``fs/btrfs/compression.c``, ``fs/btrfs/inode.c``; Btrfs documentation, "Compression".
"""

import zlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from io import RawIOBase
from typing import BinaryIO, NamedTuple, cast

from zstandard import ZstdDecompressor, ZstdError

from actionday.model import Damaged
from actionday.model.streams import Piecewise
from actionday.sources.filesystems._btrfs_data import Data, in_block
from actionday.sources.filesystems._btrfs_inode import COMPRESSIONS, NO_SUMS, Extent, Inode, extents
from actionday.sources.filesystems._btrfs_lzo import unlzo
from actionday.sources.filesystems._btrfs_nodes import Trees
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, whole
from actionday.sources.filesystems._tsk_runs import MOST, BadMap, Run, Runs

LARGEST = 1 << 20
"""Bytes of a compressed extent; the kernel makes none above 128 KiB."""


class Packed(NamedTuple):
    """A compressed part of a file: where it lies, and which of its bytes are the file's."""

    at: int
    length: int
    runs: tuple[Run, ...]
    offset: int
    whole: int
    compression: int


class Content(NamedTuple):
    """The content of a file. ``runs``: what lies as it is, with holes in place of what is ``packed``."""

    runs: Runs
    packed: list[Packed]
    why: tuple[str, ...]
    """What is wrong with its bytes."""
    coded: bool
    """Whether some of it is encrypted."""


def content_of(trees: Trees, data: Data, inode: Inode) -> Content:
    """Return where the content of a file lies. Raises BadMap or Missing."""
    return laid_out(trees, inode, ((each, data) for each in extents(trees, inode)))


def laid_out(trees: Trees, inode: Inode, told: Iterable[tuple[Extent, Data]]) -> Content:
    """Return where the content of a file lies by its extents, each with what its checksums are in.

    Raises BadMap or Missing.
    """
    runs, packed, why, coded = Runs(), list[Packed](), dict[str, None](), False
    for each, data in told:
        coded = coded or each.coded
        if not each.item.node.trusted:
            why[f"the checksum of the tree block at {each.item.node.logical} differs"] = None
        if each.logical == 0 or each.preallocated:
            runs.add(each.at, -1, each.length)
            continue
        places, wrong = _places(trees, data, each, sums=not inode.flags & NO_SUMS)
        if wrong:
            why[wrong] = None
        if not each.compression:
            for place, length in places:
                runs.add(max(each.at, runs.end), place, length)
            continue
        if each.whole > LARGEST or len(packed) >= MOST:
            raise BadMap(f"a compressed extent of {each.whole} bytes")
        runs.add(each.at, -1, each.length)
        packed.append(Packed(each.at, each.length, places, each.offset if each.logical > 0 else 0, each.whole,
                             each.compression))  # fmt: skip
    return Content(runs, packed, tuple(why), coded)


def _places(trees: Trees, data: Data, each: Extent, *, sums: bool) -> tuple[tuple[Run, ...], str]:
    """Return where an extent lies, as it is stored, and what is wrong with it. Raises BadMap."""
    if each.logical < 0:
        node = each.item.node
        return tuple(in_block(trees, node.logical, node.copy, each.offset, each.stored)), ""
    start, length = (
        (each.logical, each.stored) if each.compression else (each.logical + each.offset, each.length)
    )
    if sums and not (start | length) % trees.volume.sector:
        return data.checked(start, length)
    return data.plain(start, length)


class Reading:
    """Opens a file with compressed parts, as often as it is asked."""

    anywhere = True

    def __init__(self, reader: Reader, content: Content, size: int, sector: int) -> None:
        self._of = reader, content, size, sector

    def __call__(self) -> BinaryIO:
        return cast("BinaryIO", _Unpacked(*self._of))


class _Unpacked(Piecewise, RawIOBase):
    """The content of a file, from anywhere on."""

    def __init__(self, reader: Reader, content: Content, size: int, sector: int) -> None:
        super().__init__(size)
        self._reader, self._sector = reader, sector
        self._plain, self._packed = content.runs.cut(size), content.packed
        self._starts = [each.at for each in content.packed]
        self._ends = _ends(self._plain)
        self._last: tuple[tuple[Run, ...], bytes] = ((), b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def lost_until(self, at: int) -> int:
        """Return the end of the extent that cannot be unpacked, else of the block."""
        number = bisect_right(self._starts, at) - 1
        if number >= 0 and at < self._packed[number].at + self._packed[number].length:
            return min(self.size, self._packed[number].at + self._packed[number].length)
        return min(self.size, at - at % self._sector + self._sector)

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one extent. Raises Damaged."""
        try:
            return self._piece(offset, length)
        except (BadMap, Missing) as error:
            raise Damaged(f"btrfs: byte {offset} of the file: {error}") from error

    def _piece(self, offset: int, length: int) -> bytes:
        number = bisect_right(self._starts, offset) - 1
        if number >= 0 and offset < self._starts[number] + self._packed[number].length:
            return self._unpacked(self._packed[number], offset, length)
        if number + 1 < len(self._starts):
            length = min(length, self._starts[number + 1] - offset)
        run = bisect_right(self._ends, offset)
        place, size = self._plain[run]
        within = offset - (self._ends[run] - size)
        length = min(length, size - within, LARGEST)
        return bytes(length) if place < 0 else whole(self._reader, place + within, length)

    def _unpacked(self, each: Packed, offset: int, length: int) -> bytes:
        if self._last[0] != each.runs:
            stored = b"".join([whole(self._reader, at, size) for at, size in each.runs])
            self._last = each.runs, _unpack(each.compression, stored, each.whole, self._sector)
        start = each.offset + offset - each.at
        length = min(length, each.length - (offset - each.at))
        data = self._last[1][start : start + length]
        if not data:
            raise BadMap(f"its compressed extent ends after {len(self._last[1])} of {each.whole} bytes")
        return data


def _unpack(compression: int, data: bytes, size: int, sector: int) -> bytes:
    """Return what a compressed extent holds, ``size`` bytes at the most. Raises BadMap."""
    try:
        if COMPRESSIONS[compression] == "zlib":
            return zlib.decompressobj().decompress(data, size)
        if COMPRESSIONS[compression] == "zstd":
            return bytes(ZstdDecompressor(max_window_size=LARGEST).stream_reader(data).read(size))
    except (zlib.error, ZstdError) as error:
        raise BadMap(f"cannot be unpacked ({COMPRESSIONS[compression]}: {error})") from error
    return unlzo(data, size, sector)


def _ends(runs: Sequence[Run]) -> list[int]:
    ends, end = [], 0
    for _, length in runs:
        end += length
        ends.append(end)
    return ends
