"""Files that were removed from a Btrfs, out of tree blocks that no tree leads to any more and nobody wrote over.

Source: Btrfs documentation, "Btrfs on-disk format": a block is never written where it lay, so what a transaction
replaced stays until its place is used again.
"""

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from actionday.model import Found, Kind
from actionday.sources.filesystems._btrfs_data import Data
from actionday.sources.filesystems._btrfs_inode import (
    EXTENT,
    INODE,
    NO_SUMS,
    XATTR,
    Extent,
    Number,
    extent,
    told,
)
from actionday.sources.filesystems._btrfs_nodes import Item, Node
from actionday.sources.filesystems._btrfs_roots import EXTENT_TREE, FIRST, LAST, TOP, Subvolume
from actionday.sources.filesystems._btrfs_super import Root
from actionday.sources.filesystems._btrfs_tree import BtrfsTree
from actionday.sources.filesystems._left_over import DIRECTORY, in_use_of, left_over
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._tsk_bytes import Missing, u16, u64
from actionday.sources.filesystems._tsk_runs import BadMap

TIMES, PIECE, REFERENCE, EXTENT_ITEM = 2, 1 << 20, 12, 168
MOST_REMOVED, MOST_EXTENTS, DEEPEST = 1_000_000, 1 << 22, 64
MAYBE_THERE = (
    "an older copy of its inode: whether it was removed cannot be told, as not all trees could be read"
)
IN_A_BLOCK = "deleted; kept in a tree block that was not used again"
MAYBE_TAKEN = (
    "deleted; where it lay may have been used again: which blocks are in use could not be read to the end"
)
Ranges = Sequence[tuple[int, int]]


class Removed:
    """The removed files of one file system, once all that its trees have is known."""

    def __init__(self, tree: BtrfsTree, metadata: Ranges) -> None:
        """``metadata``: logical address and length of the chunks that hold tree blocks."""
        self._tree, self._trees, self._metadata = tree, tree.trees, metadata
        self._blocks: dict[Number, list[tuple[int, int]]] = defaultdict(list)
        """Of each inode the blocks that have items of it: transaction and address, the oldest first once sorted."""
        self._names: dict[Number, tuple[bytes, Number]] = {}
        self._allocated: tuple[array[int], array[int]] | None = None
        self._all, self._lost = True, False

    def items(self, bad: list[str]) -> Iterator[Found]:
        """Yield the removed files and directories; what could not be looked for is told in ``bad``."""
        for node in self._stale(bad):
            self._take(node)
            if len(self._blocks) > MOST_REMOVED:
                bad.append(f"more than {MOST_REMOVED} removed files")
                break
        for number in sorted(self._blocks):
            self._blocks[number].sort()
            try:
                found = self._found(number)
            except (BadMap, Missing):
                continue  # no whole inode is left of it
            if found is not None:
                yield found

    def _stale(self, bad: list[str]) -> Iterator[Node]:
        """Yield the leaves of trees of files that no tree leads to."""
        size, space = self._trees.volume.node, self._trees.space
        uuid, left = self._trees.volume.metadata_uuid, TIMES * space.reader.size
        for start, length in self._metadata:
            for begin in range(start, start + length, PIECE):
                left -= PIECE
                if left < 0:
                    bad.append("removed files: the chunks of metadata are larger than what holds them")
                    return
                raw = self._piece(begin, min(PIECE, start + length - begin), bad)
                for at in range(0, len(raw) - size + 1, size):
                    if raw[at + 32 : at + 48] != uuid or u64(raw, at + 48) != begin + at or raw[at + 100]:
                        continue
                    owner = u64(raw, at + 88)
                    if (owner == TOP or FIRST <= owner <= LAST) and begin + at not in self._tree.current:
                        yield from self._whole(raw[at : at + size], begin + at)

    def _piece(self, at: int, length: int, bad: list[str]) -> bytes:
        """Return bytes of the first copy that can be had, nothing where none can be."""
        why = ""
        try:
            for copy in range(self._trees.space.copies(at)):
                try:
                    return self._trees.space.read(at, length, copy)
                except Missing as error:
                    why = f"{error}"
        except BadMap as error:
            why = f"{error}"
        if not self._lost:
            bad.append(f"removed files were not looked for everywhere: {why}")
        self._lost = True
        return b""

    def _whole(self, raw: bytes, logical: int) -> Iterator[Node]:
        try:
            node = self._trees.parsed(raw, logical, 0)
        except BadMap:
            return
        if node.trusted:
            yield node

    def _take(self, node: Node) -> None:
        """Note which removed inodes a leaf has items of."""
        last = -1
        for (number, kind, parent), (at, size) in zip(node.keys, node.values, strict=True):
            if not FIRST <= number <= LAST or kind > EXTENT:
                continue
            own = Number.of(node.owner, number)
            if own in self._tree.used:
                continue
            if number != last:
                self._blocks[own].append((node.generation, node.logical))
                last = number
            if kind == REFERENCE and size > 10:
                name = node.raw[at + 10 : at + 10 + u16(node.raw, at + 8)]
                self._names[own] = name, Number.of(node.owner, parent)

    def _found(self, number: Number) -> Found | None:
        """Return the item of a removed inode, None where none of it is left. Raises BadMap or Missing."""
        own, attributes, there = None, list[Item](), dict[int, Extent]()
        for _, logical in self._blocks[
            number
        ]:  # what a newer block has takes the place of what an older one has
            for item in self._items(logical, number):
                kind = item.key[1]
                if kind == INODE:
                    gone = own is not None and not int.from_bytes(item.data[40:44], "little")
                    own = own if gone else item
                elif kind == XATTR:
                    attributes = [item]
                elif kind == EXTENT:
                    there[item.key[2]] = extent(item)
        if own is None:
            return None
        tree = Subvolume(number.subvolume, Root(0, 0, None), 0, {}, 0)
        inode = told(own, tree, number, tuple(attributes))._replace(flags=NO_SUMS)  # these go with the file
        text, raw = shown(self._path(number).decode("utf-8", "surrogateescape"))
        bare = Found(name=text, raw=raw, kind=Kind.DELETED, place=f"stale:{number.subvolume}:{number.inode}")
        laid = [(each, True) for _, each in sorted(there.items())]
        found = self._tree.logged(inode, bare, laid, Data(self._trees, None))
        meta = dict(found.meta) | {"deleted": True}
        reason = "; ".join(filter(None, (self._reason(found, laid), found.reason)))
        return replace(found, reason=reason, meta=meta)

    def _items(self, logical: int, number: Number) -> Iterator[Item]:
        node = self._trees.node(logical, 0)
        start = bisect_right(node.keys, (number.inode, 0, 0))
        for place in range(start, len(node.keys)):
            if node.keys[place][0] != number.inode:
                return
            yield Item(node.keys[place], node, *node.values[place])

    def _path(self, number: Number) -> bytes:
        """Return the names of an inode and of the removed directories above it."""
        parts, here = list[bytes](), number
        while here in self._names and len(parts) < DEEPEST:
            name, parent = self._names[here]
            if parent == here:  # the root of a subvolume
                break
            parts.append(name)
            here = parent
        if number.subvolume != TOP:
            parts.append(b"subvolume-%d" % number.subvolume)
        elif not parts:
            parts.append(b"inode-%d" % number.inode)
        return b"/".join([b"$Deleted", *reversed(parts)])

    def _reason(self, found: Found, laid: Sequence[tuple[Extent, bool]]) -> str:
        """Return what is known of where a file lay."""
        if not self._tree.sure:
            return MAYBE_THERE
        if found.kind is Kind.DIRECTORY:
            return DIRECTORY
        if found.status is not None and found.runs is None and found.read is None:
            return ""
        places = [(each.logical, each.stored) for each, _ in laid if each.logical > 0]
        if not places:
            return IN_A_BLOCK
        if self._allocated is None:
            self._allocated = self._in_use()
        if not self._all and not in_use_of(places, self._used)[1]:
            return MAYBE_TAKEN
        return left_over(places, self._used)

    def _in_use(self) -> tuple["array[int]", "array[int]"]:
        """Return where the extents that are in use begin and end."""
        starts, ends, bad = array("Q"), array("Q"), list[str]()
        root = self._tree.roots.others.get(EXTENT_TREE)
        for item in self._trees.items(root, bad=bad) if root else ():
            if item.key[1] == EXTENT_ITEM:
                starts.append(item.key[0])
                ends.append(min(item.key[0] + item.key[2], (1 << 64) - 1))
            if len(starts) > MOST_EXTENTS:
                bad.append("more of them than are looked at")
                break
        self._all = root is not None and not bad
        return starts, ends

    def _used(self, at: int, length: int) -> int:
        """Return how many bytes of a range are in use."""
        starts, ends = self._allocated or (array("Q"), array("Q"))
        number, used = max(0, bisect_right(starts, at) - 1), 0
        while number < len(starts) and starts[number] < at + length:
            used += max(0, min(ends[number], at + length) - max(starts[number], at))
            number += 1
        return used
