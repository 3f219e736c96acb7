"""B-trees of APFS: nodes read and checked, records in the order of their keys.

Source: Apple, "Apple File System Reference" (2020-06-22), "B-Trees" (``btree_node_phys_t``, ``btree_info_t``).
"""

import hashlib
import struct
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from actionday.sources.filesystems._apfs_object import NODE, TREE, Blocks, object_of
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._tsk_bytes import Missing, u16, u32
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.volumes._sectors import Deciphered

HEADER, INFO = 56, 40
ROOT, LEAF, FIXED, HASHED, BARE = 1, 2, 4, 8, 0x10
FIXED_ENTRY, ENTRY = struct.Struct("<HH"), struct.Struct("<HHHH")
GHOST = 0xFFFF
"""The offset of a value that is not there."""
DEEPEST = 16
KEPT, LEAST_KEPT = 8 << 20, 64
"""Bytes of nodes that are kept of a container, and how many at least; some 30 MiB with their keys."""
MOST_LAST = 64
"""Trees whose last leaf is kept at hand: those of files and of extents, and the object maps, are looked at in turn."""
SHA256_SIZE = 32
Key = tuple[int, ...]


class Place(NamedTuple):
    """Where a node lies, how it is enciphered, and whether it has no header of its own."""

    block: int
    cipher: Deciphered | None = None
    bare: bool = False
    hashed: bytes = b""
    """The hash the node above says it has; b"" where it says none."""
    oid: int = 0
    """The number it has as an object; 0: that of its block."""


class Node(NamedTuple):
    """A node: keys, and where each key and value lies in ``raw``: begin and length of either."""

    place: Place
    level: int
    leaf: bool
    keys: list[Key]
    values: list[tuple[int, int, int, int]]
    raw: bytes
    trusted: bool
    hashed: bool


class _Later(NamedTuple):
    """A child whose place is looked up once it is its turn: what cannot be looked up costs that child alone."""

    tree: "Tree"
    node: Node
    number: int

    def found(self) -> Place:
        return self.tree.child(self.node, self.number)


_Pending = tuple[Place | _Later | None, int | None, Key, Key | None]


class Item(NamedTuple):
    """One record of a leaf. ``key`` is what it is sorted by, ``named`` all of the stored key."""

    key: Key
    node: Node
    at: int
    size: int
    named: bytes

    @property
    def data(self) -> bytes:
        """The value."""
        return self.node.raw[self.at : self.at + self.size]


class Known(Marks):
    """Blocks of nodes that were gone through, and how often it was asked about one."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def add(self, number: int) -> bool:
        """Add a block; return whether it was new."""
        self.asked += 1
        return super().add(number)


class Nodes:
    """The nodes of all trees of a container that were read last: one has as many trees as snapshots, and more."""

    def __init__(self, size: int) -> None:
        """``size``: bytes of a node."""
        self._most = max(LEAST_KEPT, KEPT // size)
        self._kept: OrderedDict[tuple[Tree, int], Node] = OrderedDict()
        self.last: dict[Tree, Node] = {}

    def get(self, tree: "Tree", block: int) -> Node | None:
        """Return the node of a tree in a block, None where it is not kept."""
        if (found := self._kept.get((tree, block))) is not None:
            self._kept.move_to_end((tree, block))
        return found

    def put(self, tree: "Tree", node: Node) -> None:
        """Keep a node."""
        self._kept[tree, node.place.block] = node
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def ended(self, tree: "Tree", leaf: Node) -> None:
        """Keep at hand the leaf in which a look-up ended."""
        if len(self.last) >= MOST_LAST:
            self.last.clear()
        self.last[tree] = leaf


class Tree:
    """One tree. ``keyed`` makes of a stored key what it is sorted by; ``lead`` tells where a child lies."""

    def __init__(
        self,
        blocks: Blocks,
        nodes: "Nodes",
        root: Callable[[], Place],
        keyed: Callable[[bytes], Key],
        lead: Callable[[int], Place] = Place,
        what: str = "the tree",
    ) -> None:
        self._blocks, self._root, self._keyed, self._lead, self._what = blocks, root, keyed, lead, what
        self._nodes = nodes
        self.differ: dict[str, None] = {}
        """Nodes whose checksum differs."""
        self.sizes = 0
        """Lengths of keys and values where all have the same, of the root: ``key << 32 | value``."""

    def items(self, low: Key, high: Key, bad: list[str] | None = None) -> Iterator[Item]:
        """Yield the records from ``low`` to ``high``, whose keys begin so, both included.

        What cannot be read is passed over and told in ``bad``; where that is not given it raises BadMap or Missing.
        """
        last = self._nodes.last.get(self)
        if last is not None and last.keys[0] < low and high < last.keys[-1][: len(high)]:
            yield from _within(last, low, high)
            return
        for leaf in self.leaves(low, high, bad):
            if leaf.keys:
                self._nodes.ended(self, leaf)
                yield from _within(leaf, low, high)

    def leaves(
        self, low: Key, high: Key, bad: list[str] | None = None, known: "Known | None" = None
    ) -> Iterator[Node]:
        """Yield the leaves that may hold records from ``low`` to ``high``, as ``items`` does.

        ``known``: blocks of nodes that are passed over with all below them; those met are added.
        """
        pending: list[_Pending] = [(None, None, (), None)]
        met = set[int]()
        while pending:
            place, level, first, behind = pending.pop()
            try:
                there = place.found() if isinstance(place, _Later) else place or self._root()
                if known is not None and not known.add(there.block):
                    continue
                node = self._node(there, level)
                self._fits(node, first, behind, met)
                if node.leaf:
                    yield node
                else:
                    pending.extend(self._below(node, low, high, behind))
            except (BadMap, Missing) as error:
                if bad is None:
                    raise
                bad.append(f"{error}")

    def _below(self, node: Node, low: Key, high: Key, behind: Key | None) -> list[_Pending]:
        start = max(0, bisect_left(node.keys, low) - 1)
        end = bisect_right(node.keys, high, key=lambda key: key[: len(high)])
        found: list[_Pending] = []
        for number in range(end - 1, start - 1, -1):
            last = node.keys[number + 1] if number + 1 < len(node.keys) else behind
            found.append((_Later(self, node, number), node.level - 1, node.keys[number], last))
        return found

    def child(self, node: Node, number: int) -> Place:
        """Return where a child of a node lies. Raises BadMap or Missing."""
        _, _, at, size = node.values[number]
        if size < 8:
            raise BadMap(f"{self._what}: a node that leads nowhere")
        place = self._lead(int.from_bytes(node.raw[at : at + 8], "little"))
        if not node.hashed:
            return place
        return place._replace(hashed=node.raw[at + 8 : at + min(size, 8 + SHA256_SIZE)])

    def _node(self, place: Place, level: int | None) -> Node:
        kept = self._nodes.get(self, place.block)
        if kept is None:
            try:
                kept = self._read(place)
            except BadMap as error:
                raise BadMap(f"{self._what}: the node in block {place.block}: {error}") from error
            self._nodes.put(self, kept)
        if level is not None and kept.level != level:
            raise BadMap(
                f"{self._what}: the node in block {place.block} is of level {kept.level}, not {level}"
            )
        return kept

    def _read(self, place: Place) -> Node:
        raw = self._blocks.at(place.block, 1, place.cipher)
        if place.bare:
            trusted = not place.hashed or hashlib.sha256(raw).digest() == place.hashed
        else:
            found = object_of(raw)
            trusted = found.trusted
            if found.kind not in (TREE, NODE):
                raise BadMap("holds no node of a tree" + ("" if trusted else ", and its checksum differs"))
            if found.oid != (place.oid or place.block):
                raise BadMap(f"holds object {found.oid}, not {place.oid or place.block}")
        node = self._parsed(raw, place, trusted=trusted)
        if not trusted:
            self.differ[f"{self._what}, block {place.block}"] = None
        return node

    def _parsed(self, raw: bytes, place: Place, *, trusted: bool) -> Node:
        flags, level, count = u16(raw, 32), u16(raw, 34), u32(raw, 36)
        table, size = HEADER + u16(raw, 40), u16(raw, 42)
        entry = FIXED_ENTRY if flags & FIXED else ENTRY
        if level > DEEPEST or count * entry.size > size or table + size > len(raw):
            raise BadMap(f"says that it holds {count} records at level {level}")
        if (level == 0) != bool(flags & LEAF):
            raise BadMap(f"is a leaf and not a leaf (level {level})")
        keys_at, end = table + size, len(raw) - (INFO if flags & ROOT else 0)
        if flags & ROOT and not self.sizes:
            self.sizes = u32(raw, end + 8) << 32 | u32(raw, end + 12)
        values = list(self._places(raw, flags, entry, (table, count, keys_at, end)))
        if any(
            key < keys_at or key + length > end or at < keys_at or at + n > end
            for key, length, at, n in values
        ):
            raise BadMap("holds records that go beyond it")
        try:
            keys = [self._keyed(raw[at : at + length]) for at, length, _, _ in values]
        except (struct.error, IndexError) as error:
            raise BadMap("holds a key that is cut") from error
        if any(one > other for one, other in pairwise(keys)):
            raise BadMap("holds keys that are not in order")
        return Node(place, level, bool(flags & LEAF), keys, values, raw, trusted, bool(flags & HASHED))

    def _places(
        self, raw: bytes, flags: int, entry: struct.Struct, told: tuple[int, int, int, int]
    ) -> Iterator[tuple[int, int, int, int]]:
        """Yield begin and length of each key and value."""
        table, count, keys_at, end = told
        key_size, value_size = self.sizes >> 32, self.sizes & 0xFFFFFFFF
        if not flags & LEAF:
            value_size = 8 + (SHA256_SIZE if flags & HASHED else 0)
        for each in entry.iter_unpack(raw[table : table + count * entry.size]):
            if flags & FIXED:
                key, value = each
                length, size = key_size, value_size
            else:
                key, length, value, size = each
            if value == GHOST:
                value = size = 0
            yield keys_at + key, length, end - value, size

    def _fits(self, node: Node, first: Key, behind: Key | None, met: set[int]) -> None:
        """Raise BadMap for a node that is not what the one above it leads to: so each is met once, and walks end."""
        if node.place.block in met:
            raise BadMap(f"{self._what}: the node in block {node.place.block} is met twice")
        met.add(node.place.block)
        if not node.keys:
            if not node.leaf:
                raise BadMap(f"{self._what}: the node in block {node.place.block} holds nothing")
        elif node.keys[0] < first or (behind is not None and node.keys[-1] > behind):
            raise BadMap(
                f"{self._what}: the node in block {node.place.block} holds other keys than the one above it says"
            )


def _within(leaf: Node, low: Key, high: Key) -> Iterator[Item]:
    end = bisect_right(leaf.keys, high, key=lambda key: key[: len(high)])
    for number in range(bisect_left(leaf.keys, low), end):
        key_at, length, at, size = leaf.values[number]
        yield Item(leaf.keys[number], leaf, at, size, leaf.raw[key_at : key_at + length])
