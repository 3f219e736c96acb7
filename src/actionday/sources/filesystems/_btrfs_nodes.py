"""Btrfs tree blocks: read from whichever copy holds, every number in them checked, items in the order of their keys.

Source: Linux kernel, ``include/uapi/linux/btrfs_tree.h`` (``btrfs_header``, ``btrfs_item``, ``btrfs_key_ptr``),
``fs/btrfs/tree-checker.c``.
"""

import struct
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from operator import lt
from typing import NamedTuple

from actionday.sources.filesystems._btrfs_chunks import Space
from actionday.sources.filesystems._btrfs_sums import SIZES, summed
from actionday.sources.filesystems._btrfs_super import DEEPEST, Root, Super
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap

HEADER = 101
ITEM, POINTER = struct.Struct("<QBQII"), struct.Struct("<QBQQQ")
KEPT = 1024
"""Tree blocks that are kept: 16 MiB of bytes at 16 KiB a block, some 50 MiB with their keys."""
MOST_TREES = 64
"""Trees whose last leaf is kept at hand: those of files, and that of checksums, are looked at in turn."""
Key = tuple[int, int, int]
"""Object, type, offset."""
MOST = (1 << 64) - 1
LOWEST: Key = (0, 0, 0)
HIGHEST: Key = (MOST, 255, MOST)


class Node(NamedTuple):
    """A tree block. ``values``: of a leaf place and size of each item in ``raw``, else address and generation."""

    logical: int
    level: int
    owner: int
    generation: int
    keys: list[Key]
    values: list[tuple[int, int]]
    raw: bytes
    copy: int
    trusted: bool
    """Whether its checksum holds."""


class Item(NamedTuple):
    """One item of a leaf."""

    key: Key
    node: Node
    at: int
    size: int

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return self.node.raw[self.at : self.at + self.size]


class Trees:
    """The trees of one file system."""

    def __init__(self, volume: Super, space: Space) -> None:
        self.volume, self.space = volume, space
        self._sum, self._size = summed(volume.sums), SIZES[volume.sums]
        self.differ: dict[str, None] = {}
        """Tree blocks no copy of which has the checksum it should."""
        self.mended = 0
        """Tree blocks that were read from a further copy."""
        self._kept: OrderedDict[int, Node] = OrderedDict()
        self._last: dict[Root, Node] = {}

    def node(self, logical: int, level: int, generation: int | None = None) -> Node:
        """Return a tree block; where no copy has its checksum, one that tells of itself what it should.

        Raises BadMap or Missing.
        """
        kept = self._kept.get(logical)
        if kept is None or kept.level != level or (generation is not None and kept.generation != generation):
            kept = self._kept[logical] = self._read(logical, level, generation)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(logical)
        return kept

    def _read(self, logical: int, level: int, generation: int | None) -> Node:
        why: list[str] = []
        doubtful: Node | None = None
        for copy in range(self.space.copies(logical)):
            try:
                raw = self.space.read(logical, self.volume.node, copy)
                node = self.parsed(raw, logical, copy)
                if node.level != level:
                    raise BadMap(f"is of level {node.level}, not {level}")
                if generation is not None and node.generation != generation:
                    raise BadMap(f"was written in transaction {node.generation}, not {generation}")
            except (BadMap, Missing) as error:
                why.append(f"{error}")
                continue
            if node.trusted:
                self.mended += copy > 0
                return node
            doubtful = doubtful or node
        if doubtful is None:
            raise BadMap(f"the tree block at {logical}: {why[0]}")
        self.differ[f"the tree block at {logical}"] = None
        return doubtful

    def parsed(self, raw: bytes, logical: int, copy: int) -> Node:
        """Return what a block holds. Raises BadMap."""
        at, generation, owner, count, level = (
            *struct.unpack_from("<Q24xQQ", raw, 48),
            *struct.unpack_from("<IB", raw, 96),
        )
        if at != logical:
            raise BadMap("holds no block of a tree" if at else "holds nothing")
        entry = POINTER if level else ITEM
        if level > DEEPEST or HEADER + count * entry.size > len(raw):
            raise BadMap(f"says that it holds {count} items at level {level}")
        told = list(entry.iter_unpack(raw[HEADER : HEADER + count * entry.size]))
        keys = [each[:3] for each in told]
        if not all(map(lt, keys, keys[1:])):
            raise BadMap("holds keys that are not in order")
        if level:
            values = [(each[3], each[4]) for each in told]
        else:
            values = [(HEADER + each[3], each[4]) for each in told]
            if max(map(sum, values), default=0) > len(raw):
                raise BadMap("holds items that go beyond it")
        trusted = self._sum(raw[32:]) == raw[: self._size]
        return Node(logical, level, owner, generation, keys, values, raw, copy, trusted)

    def items(
        self, root: Root, low: Key = LOWEST, high: Key = HIGHEST, bad: list[str] | None = None
    ) -> Iterator[Item]:
        """Yield the items of a tree from ``low`` to ``high``, both included.

        What cannot be read is passed over and told in ``bad``; where that is not given it raises BadMap or Missing.
        """
        last = self._last.get(root)
        if last is not None and last.keys[0] <= low and high <= last.keys[-1]:
            yield from _within(last, low, high)
            return
        for leaf in self.leaves(root, low, high, bad):
            if leaf.keys:
                if len(self._last) >= MOST_TREES:
                    self._last.clear()
                self._last[root] = leaf
                yield from _within(leaf, low, high)

    def leaves(
        self, root: Root, low: Key = LOWEST, high: Key = HIGHEST, bad: list[str] | None = None
    ) -> Iterator[Node]:
        """Yield the leaves that may hold items from ``low`` to ``high``, as ``items`` does."""
        pending: list[tuple[int, int, int | None, Key, Key | None]] = [(*root, LOWEST, None)]
        while pending:
            logical, level, generation, first, behind = pending.pop()
            try:
                node = self.node(logical, level, generation)
                self._fits(node, first, behind)
            except (BadMap, Missing) as error:
                if bad is None:
                    raise
                bad.append(f"{error}")
                continue
            if not level:
                yield node
                continue
            start = max(0, bisect_right(node.keys, low) - 1)
            end = bisect_right(node.keys, high)
            for number in range(end - 1, start - 1, -1):
                last = node.keys[number + 1] if number + 1 < len(node.keys) else behind
                pending.append(
                    (node.values[number][0], level - 1, node.values[number][1], node.keys[number], last)
                )

    def _fits(self, node: Node, first: Key, behind: Key | None) -> None:
        """Raise BadMap for a block that is not what the one above it leads to: so each is met once, and walks end."""
        if not node.keys:
            if node.level or first != LOWEST or behind is not None:
                raise BadMap(f"the tree block at {node.logical} holds nothing")
        elif node.keys[0] < first or (behind is not None and node.keys[-1] >= behind):
            raise BadMap(f"the tree block at {node.logical} holds other keys than the one above it says")


def _within(leaf: Node, low: Key, high: Key) -> Iterator[Item]:
    for number in range(bisect_left(leaf.keys, low), bisect_right(leaf.keys, high)):
        at, size = leaf.values[number]
        yield Item(leaf.keys[number], leaf, at, size)
