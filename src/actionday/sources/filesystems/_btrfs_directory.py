"""Names in directories of Btrfs: the list in the order of their making, held against the one by hashes.

Source: Linux kernel, ``include/uapi/linux/btrfs_tree.h`` (``btrfs_dir_item``); Btrfs documentation, "Btrfs on-disk
format" (DIR_ITEM, DIR_INDEX).
"""

from collections.abc import Iterator

from actionday.sources.filesystems._btrfs_inode import DIR_INDEX, DIR_ITEM, INODE, Entry, Number, entries
from actionday.sources.filesystems._btrfs_nodes import MOST, Trees
from actionday.sources.filesystems._btrfs_roots import ROOT_ITEM, Roots, Subvolume
from actionday.sources.filesystems._streams import Name
from actionday.sources.filesystems._tsk_runs import BadMap

PARENT = 12
ELSEWHERE = 0
"""The subvolume's part of the number of a name that leads nowhere: that of a subvolume which stands elsewhere."""


def names(trees: Trees, roots: Roots, tree: Subvolume, inode: int) -> Iterator[Name | BadMap]:
    """Yield the names in a directory, then those that only the list by hashes has."""
    listed = [0, 0]
    for name, entry in _listed(trees, roots, tree, inode, DIR_INDEX):
        if isinstance(name, BadMap):
            yield name
            continue
        _count(listed, entry)
        yield name
    hashed = [0, 0]
    for name, entry in _listed(trees, roots, tree, inode, DIR_ITEM):
        if not isinstance(name, BadMap):
            _count(hashed, entry)
    if listed != hashed:
        yield from _other(trees, roots, tree, inode)


def _other(trees: Trees, roots: Roots, tree: Subvolume, inode: int) -> Iterator[Name | BadMap]:
    told = {(entry.name, entry.target) for name, entry in _listed(trees, roots, tree, inode, DIR_INDEX)
            if not isinstance(name, BadMap) and entry}  # fmt: skip
    lone = 0
    for name, entry in _listed(trees, roots, tree, inode, DIR_ITEM):
        if isinstance(name, BadMap):
            yield name
        elif entry and (entry.name, entry.target) not in told:
            lone += 1
            yield name
    yield BadMap(f"its two lists of names differ: {lone} stand in that by hashes alone")


def _count(sums: list[int], entry: Entry | None) -> None:
    if entry is not None:
        sums[0], sums[1] = sums[0] + 1, sums[1] ^ hash((entry.name, entry.target))


def _listed(
    trees: Trees, roots: Roots, tree: Subvolume, inode: int, kind: int
) -> Iterator[tuple[Name | BadMap, Entry | None]]:
    bad: list[str] = []
    mark = "h" if kind == DIR_ITEM else ""
    for item in trees.items(tree.root, (inode, kind, 0), (inode, kind, MOST), bad):
        try:
            for number, entry in enumerate(entries(item)):
                more = f".{number}" if number else ""
                place = f"{tree.number}:{inode}:{mark}{item.key[2]}{more}"
                yield Name(entry.name, _target(roots, tree, inode, entry), place), entry
        except BadMap as error:
            bad.append(f"{error}")
    yield from ((BadMap(each), None) for each in bad)


def _target(roots: Roots, tree: Subvolume, directory: int, entry: Entry) -> Number:
    number, kind, _ = entry.target
    if kind != ROOT_ITEM:
        return Number.of(tree.number, number)
    there = roots.subvolumes.get(number)
    if there is None or not roots.stands(tree.number, directory, entry.name, number):
        return Number.of(ELSEWHERE, number)
    return Number.of(number, there.directory)


def parent_of(trees: Trees, tree: Subvolume, inode: int) -> Number | None:
    """Return the directory that an inode says it stands in. Raises BadMap or Missing."""
    for item in trees.items(tree.root, (inode, PARENT, INODE), (inode, PARENT, MOST)):
        return Number.of(tree.number, item.key[2])
    return None
