"""What a data stream of APFS holds: runs where it lies as it is, a reader where it is encrypted.

Source: Apple, "Apple File System Reference" (2020-06-22), "Data Streams" (``j_file_extent_val_t``, ``crypto_id``).
"""

from bisect import bisect_right
from io import BytesIO, RawIOBase
from typing import BinaryIO, NamedTuple, cast

from actionday.model import Damaged
from actionday.model.streams import Piecewise
from actionday.sources.filesystems._apfs_object import SECTOR, Blocks
from actionday.sources.filesystems._apfs_records import Extent, Stream, Xattr, extents
from actionday.sources.filesystems._apfs_volume import State
from actionday.sources.filesystems._tsk_bytes import Missing, whole
from actionday.sources.filesystems._tsk_runs import MOST, BadMap, Runs
from actionday.sources.volumes._sectors import Deciphered

PIECE = 256 << 10
FOREIGN = "its content is encrypted with a key of its own, which lies in the device it was written by"
DIFFERS = "the checksum of a node with its extents differs"


class Content(NamedTuple):
    """Where a stream lies. ``runs``: as it is stored; ``parts``: its extents, where some are encrypted."""

    runs: Runs
    parts: list[Extent]
    why: str
    """What is wrong with it."""
    foreign: bool
    """Whether it is encrypted by what no secret of a case opens."""


def content_of(state: State, stream: Stream) -> Content:
    """Return where a stream lies. Raises BadMap or Missing."""
    blocks, runs, parts, why = state.blocks, Runs(), list[Extent](), ""
    coded = foreign = False
    for each in extents(state, stream):
        if each.at % blocks.size or each.length % blocks.size:
            raise BadMap(f"an extent at byte {each.at} of the file that is no whole block")
        if each.block and each.block + each.length // blocks.size > blocks.count:
            raise BadMap(f"an extent at byte {each.at} of the file that lies beyond the container")
        runs.add(each.at, each.block * blocks.size if each.block else -1, each.length)
        if len(parts) >= MOST:
            raise BadMap(f"more than {MOST} pieces")
        parts.append(each)
        if not each.trusted:
            why = DIFFERS
        coded = coded or bool(each.block and each.crypto and state.volume.encrypted)
        foreign = foreign or bool(each.crypto and state.cipher is None and state.volume.encrypted)
    return Content(runs, parts if coded and not foreign else [], why, foreign)


class Extents(Piecewise, RawIOBase):
    """The bytes of a stream, from anywhere on, deciphered where they are encrypted."""

    def __init__(self, blocks: Blocks, parts: list[Extent], size: int, cipher: Deciphered | None) -> None:
        super().__init__(size)
        self._blocks, self._parts, self._cipher = blocks, parts, cipher
        self._starts = [each.at for each in parts]

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def lost_until(self, at: int) -> int:
        """Return the end of the block that cannot be had."""
        return min(self.size, at - at % self._blocks.size + self._blocks.size)

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one extent. Raises Damaged."""
        try:
            return self._piece(offset, min(length, PIECE))
        except (BadMap, Missing) as error:
            raise Damaged(f"apfs: byte {offset} of the file: {error}") from error

    def _piece(self, offset: int, length: int) -> bytes:
        number = bisect_right(self._starts, offset) - 1
        each = self._parts[number] if number >= 0 else None
        if each is None or offset >= each.at + each.length:
            following = self._starts[number + 1] if number + 1 < len(self._starts) else self.size
            return bytes(min(length, following - offset))
        within = offset - each.at
        length = min(length, each.length - within)
        if not each.block:
            return bytes(length)
        place = each.block * self._blocks.size
        if self._cipher is None or not each.crypto:
            return whole(self._blocks.reader, place + within, length)
        skip = within % SECTOR
        size = -(-(skip + length) // SECTOR) * SECTOR
        raw = whole(self._blocks.reader, place + within - skip, size)
        first = (each.crypto * self._blocks.size + within) // SECTOR
        return self._cipher.plain(first, raw)[skip : skip + length]


class Reading:
    """Opens an encrypted stream, as often as it is asked."""

    anywhere = True

    def __init__(self, state: State, content: Content, size: int) -> None:
        self._of = state.blocks, content.parts, size, state.cipher

    def __call__(self) -> BinaryIO:
        return cast("BinaryIO", Extents(*self._of))


class Memory(Piecewise):
    """Bytes that were read."""

    def __init__(self, data: bytes) -> None:
        super().__init__(len(data))
        self._data = data

    def piece(self, offset: int, length: int) -> bytes:
        """Return them."""
        return self._data[offset : offset + length]


class Held:
    """Opens bytes that were read: an attribute in an encrypted node."""

    anywhere = True

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __call__(self) -> BinaryIO:
        return BytesIO(self._data)


def opened(state: State, stream: Stream) -> Extents:
    """Return a stream to be read here. Raises BadMap or Missing."""
    content = content_of(state, stream)
    if content.foreign:
        raise BadMap(FOREIGN)
    return Extents(state.blocks, list(extents(state, stream)), stream.size, state.cipher)


def value_of(state: State, each: Xattr, most: int) -> bytes:
    """Return the value of an attribute. Raises BadMap for more than ``most`` bytes, Damaged or Missing."""
    if each.size > most:
        raise BadMap(f"an attribute of {each.size} bytes")
    if each.stream is None:
        return each.item.node.raw[each.at : each.at + each.size]
    return opened(state, each.stream).read()
