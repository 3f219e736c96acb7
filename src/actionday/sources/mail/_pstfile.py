"""The lowest layer of a PST or OST: its header, its two trees of pages, its blocks. Every damage is named.

Source: [MS-PST] 2.2.2.6 (header), 2.2.2.7.7 (trees), 2.2.2.8 (blocks), 5.3 (CRC); libpff's description of the format
for the pages of 4 KiB that OST files have from Outlook 2013 on.
"""

import zlib
from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from actionday.model import Damaged, OverLimit, Stream, Unsupported
from actionday.model.streams import read_at
from actionday.sources.mail._pstcode import CYCLIC, plain

MAGIC = b"!BDN"
MOST_PAGES = 4_000_000
"""Pages of one tree: a store of 50 GB has some 400,000."""
DEEPEST = 16
"""Levels of a tree of pages, or of blocks: real ones have up to five."""
NODES, BLOCKS = 0x81, 0x80


class Node(NamedTuple):
    """A node: where its data and its subnodes begin (0: none), and the node it hangs on."""

    data: int
    within: int
    parent: int


class Block(NamedTuple):
    """A block: where it lies, and how long its bytes are as stored."""

    at: int
    size: int


class Layout(NamedTuple):
    """What differs between the kinds of file."""

    page: int
    entries: int
    """Bytes of a page that hold entries; behind them stand their number, size and level."""
    trailer: int
    """Where the trailer of a page begins."""
    counts: Struct
    node: Struct
    block: Struct
    branch: Struct
    sub: Struct
    branch_in: Struct
    align: int
    tail: int
    """Bytes of the trailer of a block."""
    wide: bool


_ANSI = Layout(512, 496, 500, Struct("<BBBB"), Struct("<IIII"), Struct("<IIH2x"), Struct("<III"), Struct("<III"),
               Struct("<II"), 64, 12, False)  # fmt: skip
_UNICODE = Layout(512, 488, 496, Struct("<BBBB"), Struct("<QQQI4x"), Struct("<QQH6x"), Struct("<QQQ"), Struct("<QQQ"),
                  Struct("<QQ"), 64, 16, True)  # fmt: skip
_LARGE = _UNICODE._replace(page=4096, entries=4056, trailer=4072, counts=Struct("<HHBB"), align=512, tail=24)


class Store:
    """Header and trees of one file. Raises Damaged or Unsupported where there is nothing to begin with.

    ``wrong`` are sentences on what of the trees could not be read: the rest of them is there.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        head = read_at(stream, 0, min(stream.size, 564))
        if head[:4] != MAGIC or len(head) < 564:
            raise Damaged("PST: its header breaks off")
        self.version = int.from_bytes(head[10:12], "little")
        if self.version in (14, 15):
            self.layout, self.coding = _ANSI, head[461]
            self.end, nodes, blocks = Struct("<I16xI4xI").unpack_from(head, 168)
        elif self.version >= 23 or self.version == 21:
            self.layout, self.coding = _LARGE if self.version >= 36 else _UNICODE, head[513]
            self.end, nodes, blocks = Struct("<Q32xQ8xQ").unpack_from(head, 184)
        else:
            raise Unsupported(f"PST: version {self.version} of the format")
        if self.coding > CYCLIC:
            raise Unsupported(
                f"PST: its blocks are encrypted by way {self.coding:#x} (Windows Information Protection)"
            )
        self.client = head[8:10].decode("latin-1")
        self.wrong: list[str] = []
        self.doubts: list[str] = []
        """Blocks that were used though their checksum differs, until somebody takes them."""
        self.pages = set[int]()
        """Where the pages of both trees lie."""
        self.blocks: dict[int, Block] = {}
        for raw in self._leaves(blocks, BLOCKS, self.layout.block):
            number, at, size = self.layout.block.unpack(raw)
            self.blocks.setdefault(number & ~1, Block(at, size))
        self.nodes: dict[int, Node] = {}
        for raw in self._leaves(nodes, NODES, self.layout.node):
            number, data, within, parent = self.layout.node.unpack(raw)
            self.nodes.setdefault(number & 0xFFFFFFFF, Node(data, within, parent))

    def _leaves(self, root: int, kind: int, entry: Struct) -> Iterator[bytes]:
        """Yield the entries of a tree in order, each page once; a page that is damaged costs what hangs on it."""
        name = "nodes" if kind == NODES else "blocks"
        pages, seen = [(root, DEEPEST)], set[int]()
        while pages:
            at, above = pages.pop()
            if at in seen or len(seen) >= MOST_PAGES:
                self.wrong.append(f"PST: the page at byte {at} stands twice in the tree of {name}")
                continue
            seen.add(at)
            self.pages.add(at)
            try:
                page, level, count, size = self._page(at, kind, above)
            except Damaged as why:
                self.wrong.append(
                    f"PST: a page of the tree of {name} is lost with all that it leads to: {why}"
                )
                continue
            if level == 0:
                if size < entry.size:
                    self.wrong.append(
                        f"PST: the page at byte {at} of the tree of {name} has entries of {size} bytes"
                    )
                    continue
                yield from (page[place : place + entry.size] for place in range(0, count * size, size))
            else:
                branch = self.layout.branch
                children = (
                    branch.unpack_from(page, place)[2]
                    for place in range(0, count * size, max(size, branch.size))
                )
                pages += ((child, level - 1) for child in reversed(list(children)))

    def _page(self, at: int, kind: int, above: int) -> tuple[bytes, int, int, int]:
        layout = self.layout
        if not 0 < at <= self._stream.size - layout.page:
            raise Damaged(f"byte {at} lies behind the end of the file")
        page = read_at(self._stream, at, layout.page)
        trailer = page[layout.trailer :]
        if trailer[0] != kind or trailer[1] != kind:
            raise Damaged(f"what stands at byte {at} is no such page")
        crc = trailer[4:8] if layout.wide else trailer[8:12]
        if crc_of(page[: layout.trailer]) != int.from_bytes(crc, "little"):
            self.wrong.append(
                f"PST: the checksum of the page at byte {at} differs: what it lists may be false"
            )
        count, _, size, level = layout.counts.unpack_from(page, layout.entries)
        if level > above or not size or count * size > layout.entries:
            raise Damaged(f"the page at byte {at} contradicts itself")
        return page, level, count, size

    def data(self, number: int, most: int) -> bytes:
        """Return all bytes of a tree of data blocks, 0 for none. Raises Damaged, OverLimit beyond ``most``."""
        blocks, size = list[bytes](), 0
        for each in self.pieces(number):
            size += len(each)
            if size > most:
                raise OverLimit(f"PST: more than {most} bytes of block {number:#x}")
            blocks.append(each)
        return b"".join(blocks)

    def pieces(self, number: int) -> Iterator[bytes]:
        """Yield the data blocks of a tree in order, each decoded. Raises Damaged at the first that cannot be had."""
        if number:
            for step, each in enumerate(self._below(number, 2)):
                if step > len(self.blocks):
                    raise Damaged(f"PST: block {number:#x} has more blocks below it than there are")
                yield each

    def _below(self, number: int, levels: int) -> Iterator[bytes]:
        block = self._block(number)
        if not number & 2:
            yield plain(block, self.coding, number & 0xFFFFFFFF)
            return
        if len(block) < 8 or block[0] != 1 or not 1 <= block[1] <= levels:
            raise Damaged(f"PST: block {number:#x} is no list of blocks")
        width, count = (8 if self.layout.wide else 4), int.from_bytes(block[2:4], "little")
        if 8 + count * width > len(block):
            raise Damaged(f"PST: block {number:#x} breaks off within its list")
        got, due = 0, int.from_bytes(block[4:8], "little")
        for at in range(8, 8 + count * width, width):
            for each in self._below(int.from_bytes(block[at : at + width], "little"), block[1] - 1):
                got += len(each)
                yield each
        if got != due:
            raise Damaged(f"PST: block {number:#x} leads to {got} bytes and declares {due}")

    def _block(self, number: int) -> bytes:
        found = self.blocks.get(number & ~1)
        if found is None:
            raise Damaged(f"PST: block {number:#x} is in no page")
        at, size = found
        tail, align = self.layout.tail, self.layout.align
        end = at + -(-(size + tail) // align) * align
        if end > self._stream.size:
            raise Damaged(f"PST: block {number:#x} ends at byte {end}, behind the end of the file")
        raw = read_at(self._stream, at, end - at)
        data, trailer = raw[:size], raw[-tail:]
        crc = trailer[4:8] if self.layout.wide else trailer[8:12]
        own = int.from_bytes(trailer[8:16] if self.layout.wide else trailer[4:8], "little")
        if own & ~1 != number & ~1:
            raise Damaged(f"PST: what stands at byte {at} is not block {number:#x}")
        if crc_of(data) != int.from_bytes(crc, "little"):
            self.doubts.append(f"PST: the checksum of block {number:#x} at byte {at} differs")
        if tail == _LARGE.tail and (whole := int.from_bytes(trailer[18:20], "little")) > size:
            data = _inflated(data, whole, number)
        return data

    def subnodes(self, number: int) -> "Subnodes":
        """Return the subnodes of a node whose list is block ``number`` (0: none)."""
        found = Subnodes()
        if number:
            self._list(number, 2, found)
        return found

    def _list(self, number: int, levels: int, found: "Subnodes") -> None:
        layout = self.layout
        if number in found.lists:
            return
        found.lists.add(number)
        try:
            block = self._block(number)
            start = 8 if layout.wide else 4
            if len(block) < start or block[0] != 2 or block[1] >= levels:
                raise Damaged(f"PST: block {number:#x} is no list of subnodes")
            entry = layout.branch_in if block[1] else layout.sub
            count = int.from_bytes(block[2:4], "little")
            if start + count * entry.size > len(block):
                raise Damaged(f"PST: block {number:#x} breaks off within its list")
            if len(found) + count > MOST_PAGES:
                raise Damaged(f"PST: more than {MOST_PAGES} subnodes")
        except Damaged as why:
            found.wrong.append(str(why))
            return
        for at in range(start, start + count * entry.size, entry.size):
            key, *rest = entry.unpack_from(block, at)
            if block[1]:
                self._list(rest[0], block[1], found)
            else:
                found.setdefault(key & 0xFFFFFFFF, Node(rest[0], rest[1], 0))


class Subnodes(dict[int, Node]):
    """Subnodes by their numbers; ``wrong`` says which of them could not be listed."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.lists: set[int] = set()


def crc_of(data: bytes) -> int:
    """Return the CRC of [MS-PST] 5.3: that of zlib without the inversions around it."""
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def _inflated(data: bytes, whole: int, number: int) -> bytes:
    try:
        out = zlib.decompressobj().decompress(data, whole)
    except zlib.error as why:
        raise Damaged(f"PST: block {number:#x} cannot be inflated") from why
    if len(out) != whole:
        raise Damaged(f"PST: block {number:#x} gives {len(out)} of {whole} bytes")
    return out
