"""Thin volumes: which blocks of a pool each has, by the trees of the pool's metadata.

Source: Linux kernel, ``drivers/md/dm-thin-metadata.c`` (super block, mapping tree), ``drivers/md/persistent-data/``
(``dm-btree-internal.h``, ``dm-btree.c``, ``dm-block-manager.c``).
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Damaged, Stream
from actionday.model.streams import Seekable, read_at
from actionday.sources.filesystems._crc32c import crc32c
from actionday.sources.volumes._signs import u32, u64

MAGIC, BLOCK, SECTOR = 27022010, 4096, 512
SUPER_SUM, NODE_SUM = 160774, 121107
"""What the checksums of the super block and of a node are turned with."""
INTERNAL, LEAF, HEADER = 1, 2, 32
DEEPEST = 16
"""Levels of a tree; with 252 entries a node seven hold every block there can be."""
KEPT = 256
"""Nodes that are kept as read, one MiB of metadata."""
NEEDS_CHECK = 1
TIME_BITS = 24
"""Bits of a mapping below the number of its block: when it was made."""


class Node(NamedTuple):
    """A node of a tree."""

    leaf: bool
    keys: tuple[int, ...]
    values: tuple[int, ...]


class Pool:
    """What a thin pool's metadata say. Raises Damaged where its super block cannot be read."""

    def __init__(self, metadata: Stream, data: Stream) -> None:
        self._metadata, self.data = metadata, data
        self._nodes: OrderedDict[int, Node] = OrderedDict()
        raw = read_at(metadata, 0, BLOCK)
        if len(raw) < BLOCK or u64(raw, 32) != MAGIC:
            raise Damaged("thin pool: its metadata have no super block")
        if not _sound(raw, SUPER_SUM):
            raise Damaged("thin pool: the checksum of its super block is not that of its bytes")
        self.block = u32(raw, 336) * SECTOR
        self.dirty = bool(u32(raw, 4) & NEEDS_CHECK)
        self._root = u64(raw, 320)
        if not self.block:
            raise Damaged("thin pool: blocks of no bytes")

    def devices(self) -> Iterator[int]:
        """Yield the numbers of the thin volumes that the metadata have. Raises Damaged."""
        waiting, seen = [self._root], {self._root}
        while waiting:
            node = self._node(waiting.pop(), 0)
            if node.leaf:
                yield from node.keys
                continue
            fresh = [
                each for each in node.values if each not in seen
            ]  # a tree that leads back to itself ends
            seen.update(fresh)
            waiting += fresh

    def tree(self, device: int) -> int:
        """Return the root of a volume's mappings. Raises Damaged."""
        found = self._find(self._root, device)
        if found is None:
            raise Damaged(f"thin pool: its metadata have no volume {device}")
        return found

    def place(self, tree: int, block: int) -> int | None:
        """Return the byte of the pool's data at which a block of a volume lies, None of one never written."""
        found = self._find(tree, block)
        return None if found is None else (found >> TIME_BITS) * self.block

    def _find(self, root: int, key: int) -> int | None:
        """Return the value of a key in a tree, None where it has none. Costs a look at each of its levels."""
        at = root
        for depth in range(DEEPEST + 1):
            node = self._node(at, depth)
            place = bisect_right(node.keys, key) - 1
            if place < 0:
                return None
            if node.leaf:
                return node.values[place] if node.keys[place] == key else None
            at = node.values[place]
        raise Damaged("thin pool: a tree of its metadata has no end")

    def _node(self, block: int, depth: int) -> Node:
        if depth > DEEPEST:
            raise Damaged("thin pool: a tree of its metadata has no end")
        if (known := self._nodes.get(block)) is not None:
            self._nodes.move_to_end(block)
            return known
        found = self._nodes[block] = _node(read_at(self._metadata, block * BLOCK, BLOCK), block)
        if len(self._nodes) > KEPT:
            self._nodes.popitem(last=False)
        return found


def _sound(raw: bytes, turned: int) -> bool:
    return crc32c(raw[4:]) ^ turned == u32(raw, 0)


def _node(raw: bytes, block: int) -> Node:
    if len(raw) < BLOCK or u64(raw, 8) != block or not _sound(raw, NODE_SUM):
        raise Damaged(f"thin pool: block {block} of its metadata is not what was written there")
    flags, count, most, length = u32(raw, 4), u32(raw, 16), u32(raw, 20), u32(raw, 24)
    if flags not in (INTERNAL, LEAF) or length != 8 or count > most or HEADER + 16 * most > BLOCK:
        raise Damaged(f"thin pool: block {block} of its metadata is no node of a tree of mappings")
    values = HEADER + 8 * most
    return Node(
        flags == LEAF,
        tuple(u64(raw, HEADER + 8 * number) for number in range(count)),
        tuple(u64(raw, values + 8 * number) for number in range(count)),
    )


class Thin(Seekable):
    """A thin volume: its blocks in the pool; those never written read as its external origin's, or as zeros."""

    def __init__(self, pool: Pool, device: int, size: int, origin: Stream | None) -> None:
        super().__init__(size)
        self._pool, self._tree, self._origin = pool, pool.tree(device), origin

    def lost_until(self, at: int) -> int:
        """Return the end of the block at ``at``."""
        return min(self.size, at - at % self._pool.block + self._pool.block)

    def _at(self, offset: int, length: int) -> bytes:
        pieces = []
        while length > 0:
            number, within = divmod(offset, self._pool.block)
            size = min(length, self._pool.block - within)
            pieces.append(self._piece(number, within, size))
            offset, length = offset + size, length - size
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _piece(self, number: int, within: int, size: int) -> bytes:
        place = self._pool.place(self._tree, number)
        if place is not None:
            data = read_at(self._pool.data, place + within, size)
            if len(data) != size:
                raise Damaged(f"thin pool: block {number} of the volume lies behind the end of the pool")
            return data
        if self._origin is None:
            return bytes(size)
        return read_at(self._origin, number * self._pool.block + within, size).ljust(size, b"\0")
