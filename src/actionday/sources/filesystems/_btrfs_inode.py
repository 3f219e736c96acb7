"""Btrfs inodes: facts, extended attributes, and the extents of a file.

Source: Linux kernel, ``include/uapi/linux/btrfs_tree.h`` (``btrfs_inode_item``, ``btrfs_file_extent_item``,
``btrfs_dir_item``).
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from actionday.sources.filesystems._btrfs_nodes import MOST, Item, Trees
from actionday.sources.filesystems._btrfs_roots import Subvolume
from actionday.sources.filesystems._doubts import dated
from actionday.sources.filesystems._times import moment
from actionday.sources.filesystems._tsk_runs import BadMap

INODE, XATTR, VERITY, DIR_ITEM, DIR_INDEX, EXTENT = 1, 24, 36, 84, 96, 108
FACTS, TIMES = struct.Struct("<QQQQ8xIIIIQQ"), struct.Struct("<qIqIqIqI")
INODE_SIZE, TIMES_AT = 160, 112
ENTRY = struct.Struct("<QBQ8xHHB")
REGULAR = struct.Struct("<QQBBxxBQQQQ")
INLINE, PREALLOCATED, INLINE_AT = 0, 2, 21
COMPRESSIONS = {0: "", 1: "zlib", 2: "lzo", 3: "zstd"}
NO_SUMS = 1
"""The flag of an inode whose data has no checksums."""
SECOND = 1_000_000_000


class Number(int):
    """An inode of a subvolume as one number: the file system has the same numbers in each of them."""

    EACH = 10**20
    """More than an inode's own number can be: what stands before it, in decimals, is the subvolume's."""

    @classmethod
    def of(cls, subvolume: int, inode: int) -> "Number":
        """Return the number of an inode."""
        return cls(subvolume * cls.EACH + inode)

    @property
    def subvolume(self) -> int:
        """The subvolume's part of it."""
        return self // self.EACH

    @property
    def inode(self) -> int:
        """The inode's part of it."""
        return self % self.EACH

    def __format__(self, spec: str) -> str:
        return f"{self.inode} of subvolume {self.subvolume}" if not spec else int.__format__(self, spec)


class Entry(NamedTuple):
    """A name in a directory, or of an attribute, what it leads to, and where its value stands in the item."""

    target: tuple[int, int, int]
    name: bytes
    start: int
    length: int


class Extent(NamedTuple):
    """A part of a file. ``logical`` 0: a hole; -1: in the item, at ``offset`` of its block."""

    at: int
    length: int
    logical: int
    stored: int
    offset: int
    whole: int
    compression: int
    coded: bool
    preallocated: bool
    item: Item


class Inode(NamedTuple):
    """One inode."""

    number: Number
    tree: Subvolume
    size: int
    links: int
    uid: int
    gid: int
    mode: int
    device: int
    flags: int
    changed_in: int
    times: dict[str, int]
    attributes: tuple[Item, ...]
    verity: bool
    trusted: bool

    def facts(self) -> tuple[dict[str, object], str | None]:
        """Return what is kept of it, and when its content was last changed."""
        meta: dict[str, object] = {"inode": self.number.inode, "subvolume": self.number.subvolume,
                                   "mode": f"{self.mode & 0o7777:04o}", "uid": self.uid, "gid": self.gid,
                                   "links": self.links}  # fmt: skip
        if self.verity:
            meta["verity"] = True
        times, mtime = dated(self.times, moment)
        return meta | times, mtime


def inode_of(trees: Trees, tree: Subvolume, number: Number) -> Inode:
    """Return an inode. Raises BadMap or Missing."""
    own, attributes, verity, trusted = None, list[Item](), False, True
    for item in trees.items(tree.root, (number.inode, INODE, 0), (number.inode, EXTENT - 1, MOST)):
        kind = item.key[1]
        trusted = trusted and item.node.trusted
        if kind == INODE:
            own = item
        elif kind == XATTR:
            attributes.append(item)
        elif kind == VERITY:
            verity = True
        elif kind >= DIR_ITEM:
            break
    if own is None:
        raise BadMap(f"there is no inode {number}")
    return told(own, tree, number, tuple(attributes), verity=verity, trusted=trusted)


def told(own: Item, tree: Subvolume, number: Number, attributes: tuple[Item, ...] = (), *, verity: bool = False,
         trusted: bool = True) -> Inode:  # fmt: skip
    """Return an inode by its item. Raises BadMap."""
    if own.size < INODE_SIZE:
        raise BadMap(f"the item of inode {number} is cut")
    raw = own.data
    _, changed, size, _, links, uid, gid, mode, device, flags = FACTS.unpack_from(raw)
    moments = TIMES.unpack_from(raw, TIMES_AT)
    times = {key: moments[2 * place] * SECOND + moments[2 * place + 1]
             for place, key in enumerate(("atime", "ctime", "mtime", "created"))}  # fmt: skip
    return Inode(
        number, tree, size, links, uid, gid, mode, device, flags, changed, times, attributes, verity, trusted
    )


def entries(item: Item) -> Iterator[Entry]:
    """Yield the names in an item of a directory or of attributes. Raises BadMap."""
    raw, at = item.data, 0
    while at < len(raw):
        if at + ENTRY.size > len(raw):
            raise BadMap("a name in a directory is cut")
        number, kind, offset, length, name, _ = ENTRY.unpack_from(raw, at)
        start = at + ENTRY.size
        at = start + name + length
        if not name or at > len(raw):
            raise BadMap("a name in a directory is cut")
        yield Entry((number, kind, offset), raw[start : start + name], start + name, length)


def extents(trees: Trees, inode: Inode) -> Iterator[Extent]:
    """Yield the extents of a file in its order. Raises BadMap or Missing."""
    number = inode.number.inode
    for item in trees.items(inode.tree.root, (number, EXTENT, 0), (number, EXTENT, MOST)):
        yield extent(item)


def extent(item: Item) -> Extent:
    """Return an extent by its item. Raises BadMap."""
    if item.size < INLINE_AT:
        raise BadMap("the item of an extent is cut")
    at, raw = item.key[2], item.data
    _, whole, compression, coded, kind, *_ = REGULAR.unpack_from(raw.ljust(REGULAR.size, b"\0"))
    if compression not in COMPRESSIONS:
        raise BadMap(f"an extent is compressed in an unknown way ({compression})")
    if kind == INLINE:
        stored = item.size - INLINE_AT
        length = whole if compression else stored
        return Extent(
            at, length, -1, stored, item.at + INLINE_AT, whole, compression, bool(coded), False, item
        )
    if kind > PREALLOCATED or item.size < REGULAR.size:
        raise BadMap(f"an extent of unknown kind {kind}")
    logical, stored, offset, length = REGULAR.unpack_from(raw)[5:]
    if (
        offset + length > whole
        or at + length > MOST >> 1
        or (not compression and logical and stored != whole)
    ):
        raise BadMap(f"an extent at byte {at} of the file that goes beyond what is stored")
    return Extent(
        at, length, logical, stored, offset, whole, compression, bool(coded), kind == PREALLOCATED, item
    )
