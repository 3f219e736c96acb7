"""Object maps of APFS: where an object lay as of a transaction.

Source: Apple, "Apple File System Reference" (2020-06-22), "Object Maps" (``omap_phys_t``, ``omap_val_t``).
"""

import struct

from actionday.sources.filesystems._apfs_nodes import Nodes, Place, Tree
from actionday.sources.filesystems._apfs_object import MAP, Blocks
from actionday.sources.filesystems._tsk_bytes import u64
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.volumes._sectors import Deciphered

KEY, VALUE = struct.Struct("<QQ"), struct.Struct("<IIQ")
DELETED, ENCRYPTED, BARE = 1, 4, 8


class Locked(BadMap):
    """An object is encrypted, and no key is known."""


class Map:
    """One object map."""

    def __init__(self, blocks: Blocks, nodes: Nodes, place: int, what: str) -> None:
        """Raises BadMap or Missing where there is none at ``place``."""
        found = blocks.object(place)
        if found.kind != MAP:
            raise BadMap(f"{what}: block {place} holds none")
        root = u64(found.raw, 48)
        self._what, self.nodes = what, nodes
        self.tree = Tree(blocks, nodes, lambda: Place(root), KEY.unpack_from, what=what)
        if not found.trusted:
            self.tree.differ[f"{what}, block {place}"] = None

    def place(self, oid: int, xid: int, cipher: Deciphered | None = None) -> Place:
        """Return where an object lay as of a transaction. Raises BadMap or Missing."""
        last = None
        for item in self.tree.items((oid, 0), (oid, xid)):
            last = item
        if last is None or last.size < VALUE.size:
            raise BadMap(f"{self._what}: has no object {oid}")
        flags, _, block = VALUE.unpack_from(last.data)
        if flags & DELETED:
            raise BadMap(f"{self._what}: object {oid} was removed")
        if flags & ENCRYPTED and cipher is None:
            raise Locked(f"{self._what}: object {oid} is encrypted")
        return Place(block, cipher if flags & ENCRYPTED else None, bool(flags & BARE), oid=oid)
