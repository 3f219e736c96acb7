"""Btrfs as a tree of names and inodes: every subvolume and snapshot stands in its place."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from actionday.model import Found, Kind, Status
from actionday.model.attributes import is_systems
from actionday.model.unopened import LINK_LEFT, never_opened
from actionday.sources.filesystems._btrfs_content import Content, Reading, content_of, laid_out
from actionday.sources.filesystems._btrfs_data import Data, in_block
from actionday.sources.filesystems._btrfs_directory import ELSEWHERE, names, parent_of
from actionday.sources.filesystems._btrfs_inode import (
    COMPRESSIONS,
    INODE,
    Extent,
    Inode,
    Number,
    entries,
    inode_of,
)
from actionday.sources.filesystems._btrfs_nodes import Trees
from actionday.sources.filesystems._btrfs_roots import FIRST, LAST, TOP, Roots, Subvolume
from actionday.sources.filesystems._doubts import doubted
from actionday.sources.filesystems._left_over import OPEN
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._streams import Attribute, Name, behind, streams
from actionday.sources.filesystems._tsk_behind import Behind
from actionday.sources.filesystems._tsk_bytes import Missing, whole
from actionday.sources.filesystems._tsk_runs import BadMap, Run

DIRECTORY, FILE, LINK = 0x4000, 0x8000, 0xA000
SPECIAL = {0x1000: "fifo", 0x2000: "character device", 0x6000: "block device", 0xC000: "socket"}
PROPERTY = b"btrfs."
LONGEST_TARGET = 65536
MOST_UNNAMED = 1_000_000
"""Inodes without a name that are listed of one file system."""
STANDS_ELSEWHERE = (
    "the name of a subvolume that stands elsewhere: a snapshot keeps the name and nothing below it"
)
REMOVED = "in a subvolume that was removed and is not cleared away yet"


class BtrfsTree:
    """One Btrfs file system."""

    kind = "btrfs"

    def __init__(self, trees: Trees, roots: Roots, data: Data) -> None:
        self.trees, self.roots, self.data = trees, roots, data
        self.root: int = Number.of(TOP, roots.subvolumes[TOP].directory)
        self.current, self.used, self.sure = Marks(), Marks(), False
        """Leaves and inodes in use, and whether these are all: known once ``unnamed`` was gone through."""
        self._behind = Behind(trees.space.reader)
        self._last: Inode | None = None
        self._beyond: list[Run] = []
        """Where the map of the file told last leads to behind its size."""

    def names(self, inode: int) -> Iterator[Name | BadMap]:
        """Yield the names in a directory."""
        number = _number(inode)
        yield from names(self.trees, self.roots, self._tree(number), number.inode)

    def enters(self, name: Name) -> bool:
        """Say whether a name leads to a directory. Raises BadMap or Missing."""
        number = _number(name.inode)
        return number.subvolume != ELSEWHERE and self._inode(number).mode & 0xF000 == DIRECTORY

    def in_use(self, inode: int) -> bool:
        """Say whether an inode has names and stands in a subvolume that was not removed. Raises BadMap or Missing."""
        number = _number(inode)
        return bool(self._tree(number).kept and self._inode(number).links)

    def unnamed(self, named: Marks) -> Iterator[tuple[int, int | None]]:
        """Yield inodes that are not in ``named``, directories that stand in no other such one first.

        Raises BadMap where some could not be looked for, after all others.
        """
        folders: dict[int, int | None] = {}
        files: list[int] = []
        bad: list[str] = []
        for number, mode in self._all(bad):
            if number in named:
                continue
            if len(folders) + len(files) >= MOST_UNNAMED:
                bad.insert(0, f"more than {MOST_UNNAMED} of them")
                break
            if mode & 0xF000 == DIRECTORY:
                folders[number] = self._parent(number)
            else:
                files.append(number)
        yield from sorted(folders.items(), key=lambda each: each[1] in folders)
        yield from ((number, None) for number in files)
        self.sure = not bad
        if bad:
            raise BadMap(bad[0])

    def _all(self, bad: list[str]) -> Iterator[tuple[Number, int]]:
        """Yield the inodes of all subvolumes that were not removed with their modes; note those of the others too."""
        for tree in self.roots.subvolumes.values():
            for each in self._inodes(tree, bad):
                if tree.kept or tree.number == TOP:
                    yield each

    def _inodes(self, tree: Subvolume, bad: list[str]) -> Iterator[tuple[Number, int]]:
        """Yield the inodes of a subvolume with their modes."""
        for leaf in self.trees.leaves(tree.root, bad=bad):
            self.current.add(leaf.logical)
            for (number, kind, _), (at, size) in zip(leaf.keys, leaf.values, strict=True):
                if kind == INODE and FIRST <= number <= LAST and size >= 56:
                    own = Number.of(tree.number, number)
                    self.used.add(own)
                    yield own, int.from_bytes(leaf.raw[at + 52 : at + 56], "little")

    def _parent(self, number: Number) -> int | None:
        try:
            return parent_of(self.trees, self._tree(number), number.inode)
        except (BadMap, Missing):
            return None

    def removed(self) -> Iterator[Name]:
        """Yield the subvolumes that were removed and are still there."""
        for each in self.roots.subvolumes.values():
            if not each.kept and each.number != TOP:
                name = b"$Deleted/subvolume-%d" % each.number
                yield Name(
                    name, Number.of(each.number, each.directory), f"removed:{each.number}", deleted=True
                )

    def beside(self, name: Name, found: Found) -> Iterator[Found]:
        """Yield what lies behind its size, then its extended attributes. Raises BadMap or Missing."""
        number = _number(name.inode)
        if number.subvolume == ELSEWHERE:
            return iter(())
        inode = self._inode(number)
        if not inode.attributes and not self._beyond:
            return iter(())
        return self._beside(name, found, inode)

    def _beside(self, name: Name, found: Found, inode: Inode) -> Iterator[Found]:
        if self._beyond and self._behind.holds(self._beyond):
            yield behind(name, found, self._beyond, inode.size)
        yield from streams(name, found, self._attributes(inode))

    def _attributes(self, inode: Inode) -> Iterator[Attribute]:
        for item in inode.attributes:
            node = item.node
            why = "" if node.trusted else f"the checksum of the tree block at {node.logical} differs"
            for number, each in enumerate(entries(item)):
                if is_systems(each.name) or each.name.startswith(PROPERTY):
                    continue
                runs = (
                    in_block(self.trees, node.logical, node.copy, item.at + each.start, each.length)
                    if each.length
                    else ()
                )
                yield Attribute(each.name, f"{item.key[2]}.{number}", each.length, tuple(runs), why)

    def found(self, name: Name, bare: Found) -> Found:
        """Return the item of a name. Raises BadMap or Missing."""
        number, self._beyond = _number(name.inode), []
        if number.subvolume == ELSEWHERE:
            return replace(
                bare, kind=Kind.DIRECTORY, reason=STANDS_ELSEWHERE, meta={"subvolume": number.inode}
            )
        inode = self._inode(number)
        meta, mtime = inode.facts()
        item = replace(bare, mtime=mtime, meta=meta)
        if not inode.tree.kept and number.subvolume != TOP:
            meta["deleted"] = True
            item = replace(item, kind=Kind.DELETED, reason=REMOVED)
        elif not inode.links:
            meta["deleted"] = True
            item = replace(item, kind=Kind.DELETED, reason=OPEN)
        item = self._told(inode, item, meta)
        if inode.trusted:
            return item
        return doubted(
            item,
            f"the checksum of the tree block with inode {inode.number} differs: it was altered or damaged",
        )

    def _told(self, inode: Inode, item: Found, meta: dict[str, object]) -> Found:
        kind = inode.mode & 0xF000
        if kind == DIRECTORY:
            if inode.number.inode == inode.tree.directory:
                meta.update(self._subvolume(inode.tree))
            return replace(item, kind=Kind.DIRECTORY)
        if kind == FILE:
            return self._file(inode, item, meta)
        if kind == LINK:
            meta["target"] = shown(self._target(inode).decode("utf-8", "surrogateescape"))[0]
            return replace(item, kind=Kind.SYMLINK, status=Status.UNSUPPORTED, reason=LINK_LEFT)
        meta["type"] = SPECIAL.get(kind, f"mode 0x{kind:04x}")
        return replace(
            item, kind=Kind.SPECIAL, status=Status.UNSUPPORTED, reason=never_opened(f"{meta['type']}")
        )

    def logged(self, inode: Inode, bare: Found, told: Sequence[tuple[Extent, bool]], sums: Data) -> Found:
        """Return the item of an inode in a log, whose extents are ``told``: those of the log have their own ``sums``.

        Raises BadMap or Missing.
        """
        meta, mtime = inode.facts()
        item = replace(bare, mtime=mtime, meta=meta)
        if inode.mode & 0xF000 != FILE:
            return self._told(inode, item, meta)
        content = laid_out(self.trees, inode, ((each, sums if own else self.data) for each, own in told))
        return self._filled(inode, replace(item, size=inode.size), content, meta)

    def _subvolume(self, tree: Subvolume) -> dict[str, object]:
        """Return what is kept of a subvolume; its own time of making is ``subvolume_created``."""
        facts = {
            f"subvolume_{key}" if key in ("ctime", "created") else key: value
            for key, value in tree.facts.items()
        }
        if tree.snapshot_of:
            facts["snapshot"] = True
            if (taken := self.roots.taken_of(tree)) is not None:
                facts["snapshot_of"] = taken
        return facts

    def _file(self, inode: Inode, item: Found, meta: dict[str, object]) -> Found:
        item = replace(item, size=inode.size)
        try:
            content = content_of(self.trees, self.data, inode)
        except (BadMap, Missing) as error:
            return replace(item, status=Status.UNREADABLE, reason=f"btrfs: {error}")
        if content.coded:
            return replace(item, status=Status.ENCRYPTED, reason="btrfs: its content is encrypted")
        return self._filled(inode, item, content, meta)

    def _filled(self, inode: Inode, item: Found, content: Content, meta: dict[str, object]) -> Found:
        if content.packed:
            ways = dict.fromkeys(COMPRESSIONS[each.compression] for each in content.packed)
            meta["compression"] = ", ".join(ways)
            sector = self.trees.volume.sector
            item = replace(item, read=Reading(self.trees.space.reader, content, inode.size, sector))
        else:
            self._beyond = content.runs.behind(inode.size, self.trees.volume.sector)
            item = replace(item, runs=tuple(content.runs.cut(inode.size)))
        for why in content.why:
            item = doubted(item, why)
        return item

    def _target(self, inode: Inode) -> bytes:
        """Return where a symbolic link points. Raises BadMap or Missing."""
        content = content_of(self.trees, self.data, inode)
        if inode.size > LONGEST_TARGET or content.packed:
            raise BadMap(f"a symbolic link of {inode.size} bytes")
        runs = content.runs.cut(inode.size)
        return b"".join(
            bytes(size) if at < 0 else whole(self.trees.space.reader, at, size) for at, size in runs
        )

    def _tree(self, number: Number) -> Subvolume:
        if (tree := self.roots.subvolumes.get(number.subvolume)) is None:
            raise BadMap(f"there is no subvolume {number.subvolume}")
        return tree

    def _inode(self, number: Number) -> Inode:
        if self._last is None or self._last.number != number:
            self._last = inode_of(self.trees, self._tree(number), number)
        return self._last


def _number(inode: int) -> Number:
    return inode if isinstance(inode, Number) else Number(inode)
