"""What programs had forced to a Btrfs before it was stopped, and what the trees do not have yet: its log.

Source: Linux kernel, ``fs/btrfs/tree-log.c`` (what is logged of an inode, and what a replay makes of it).
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from actionday.model import Found, Kind
from actionday.sources.filesystems._btrfs_data import Data
from actionday.sources.filesystems._btrfs_inode import INODE, Extent, Inode, Number, extents, inode_of
from actionday.sources.filesystems._btrfs_nodes import MOST, Trees
from actionday.sources.filesystems._btrfs_roots import FIRST, LAST, ROOT_ITEM, Subvolume, root_of
from actionday.sources.filesystems._btrfs_tree import BtrfsTree
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._tsk_bytes import Missing, u16
from actionday.sources.filesystems._tsk_runs import BadMap

OBJECT, REFERENCE = MOST - 5, 12
FOLDER = b"$Log/"
FORCED = "forced to the disk, and in the log alone: not yet in the trees"
MOST_LOGGED = 1 << 16


def logged(tree: BtrfsTree, bad: list[str]) -> Iterator[Found]:
    """Yield the files in the logs of all subvolumes; what cannot be read of them is told in ``bad``."""
    trees = tree.trees
    for item in trees.items(trees.volume.log, (OBJECT, ROOT_ITEM, 0), (OBJECT, ROOT_ITEM, MOST), bad):
        try:
            root = root_of(item.data)
        except BadMap as error:
            bad.append(f"{error}")
            continue
        of = tree.roots.subvolumes.get(item.key[2])
        own = Subvolume(item.key[2], root, of.directory if of else FIRST, {}, 1)
        for number in _inodes(trees, own, bad):
            try:
                yield _one(tree, own, of, number)
            except (BadMap, Missing) as error:
                bad.append(f"inode {number}: {error}")


def _inodes(trees: Trees, own: Subvolume, bad: list[str]) -> Iterator[Number]:
    count = 0
    for item in trees.items(own.root, (FIRST, INODE, 0), (LAST, INODE, MOST), bad):
        if item.key[1] == INODE:
            count += 1
            if count > MOST_LOGGED:
                bad.append(f"more than {MOST_LOGGED} files in the log")
                return
            yield Number.of(own.number, item.key[0])


def _one(tree: BtrfsTree, own: Subvolume, of: Subvolume | None, number: Number) -> Found:
    """Return the item of an inode in a log. Raises BadMap or Missing."""
    inode = inode_of(tree.trees, own, number)
    label, parent = _called(tree.trees, inode)
    text, raw = shown((FOLDER + label).decode("utf-8", "surrogateescape"))
    kind = Kind.FILE if inode.links else Kind.DELETED
    bare = Found(name=text, raw=raw, kind=kind, place=f"log:{own.number}:{number.inode}")
    before = _before(tree.trees, of, inode)
    found = tree.logged(
        inode, bare, over(before, list(extents(tree.trees, inode))), Data(tree.trees, own.root)
    )
    meta = dict(found.meta) | {"log": True} | ({"directory": parent} if parent is not None else {})
    return replace(found, reason=found.reason or FORCED, meta=meta)


def _called(trees: Trees, inode: Inode) -> tuple[bytes, int | None]:
    """Return the name that a log gives an inode, and the directory it stands in."""
    number = inode.number.inode
    for item in trees.items(inode.tree.root, (number, REFERENCE, 0), (number, REFERENCE, MOST)):
        data = item.data
        if name := data[10 : 10 + u16(data, 8)]:
            return name, item.key[2]
    return b"inode-%d" % number, None


def _before(trees: Trees, of: Subvolume | None, inode: Inode) -> list[Extent]:
    """Return the extents of the same file in the trees, none where it is new. Raises BadMap or Missing."""
    if of is None:
        return []
    try:
        there = inode_of(trees, of, inode.number)
    except BadMap:
        return []
    return list(extents(trees, there)) if there.times["created"] == inode.times["created"] else []


def over(before: Sequence[Extent], later: Sequence[Extent]) -> list[tuple[Extent, bool]]:
    """Return the extents of a file as a replay makes them, and of each whether it is one of the ``later``."""
    made = [(each, True) for each in later]
    covered = iter([*((each.at, each.at + each.length) for each in later), (MOST, MOST)])
    start, stop = next(covered)
    for each in before:
        at, end = each.at, each.at + each.length
        while at < end:
            if at >= stop:
                start, stop = next(covered)
            elif at >= start:
                at = stop
            else:
                upto = min(end, start)
                if each.logical >= 0 or (at, upto) == (each.at, end):
                    offset = each.offset + (at - each.at if each.logical >= 0 else 0)
                    made.append((each._replace(at=at, length=upto - at, offset=offset), False))
                at = upto
    return sorted(made, key=lambda pair: pair[0].at)
