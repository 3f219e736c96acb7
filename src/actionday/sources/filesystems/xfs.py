"""XFS, versions 4 and 5.

Source: "XFS Filesystem Structure" (xfsprogs documentation, 3rd edition).
"""

from collections.abc import Iterator

from msgspec.structs import replace

from actionday.model import Claim, Context, Damaged, Found, Kind, Loss, Peek, Status, Stream, Unsupported
from actionday.model.unopened import LINK_LEFT, never_opened
from actionday.sources.filesystems._doubts import dated, differing, doubted
from actionday.sources.filesystems._free import tell_free
from actionday.sources.filesystems._left_over import GONE, OPEN, REUSED
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._streams import Name, behind, streams
from actionday.sources.filesystems._times import moment
from actionday.sources.filesystems._tree import Walk
from actionday.sources.filesystems._tsk_behind import Behind
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems._xfs_allocation import listed_inodes
from actionday.sources.filesystems._xfs_attributes import attributes, overlaid
from actionday.sources.filesystems._xfs_directory import names, parent_of, removed_directory, target
from actionday.sources.filesystems._xfs_free import Free
from actionday.sources.filesystems._xfs_inode import KNOWN, NEEDS_REPAIR, Inode, Super
from actionday.sources.filesystems._xfs_removed import kept_of, left, left_of
from actionday.sources.volumes._ends import lacks
from actionday.sources.volumes._signs import unwrapped
from actionday.sources.volumes._unclaimed import beside

TYPES = {0x1000: "fifo", 0x2000: "character device", 0x6000: "block device", 0xC000: "socket"}
DIRECTORY, FILE, LINK = 0x4000, 0x8000, 0xA000
MOST_UNNAMED = 1_000_000
"""Inodes without a name that are listed of one file system."""


class Xfs:
    """XFS volumes."""

    name, sample = "xfs", "xfs.raw"
    binary = True
    marks = ((0, b"XFSB"),)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a super block whose block size exists."""
        head = peek.head[:512]
        if head[:4] != b"XFSB":
            return Claim.NO
        size = int.from_bytes(head[4:8], "big")
        return unwrapped(
            peek, Claim.STRUCTURE if 512 <= size <= 65536 and not size & (size - 1) else Claim.MAGIC
        )

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield entries in directory order, files before the directories below. Raises Damaged or Unsupported."""
        try:
            volume = Super(reader_of(stream))
        except (BadMap, Missing) as error:
            raise Damaged(f"xfs: {error}") from error
        if unknown := volume.incompat & ~KNOWN:
            raise Unsupported(f"xfs: unknown incompatible feature 0x{unknown:x}")
        if volume.incompat & NEEDS_REPAIR:
            around.note("dirty", "xfs: marked as needing repair")
        size = volume.blocks * volume.block
        if size > stream.size:
            around.note(Loss.SHORT, f"xfs: the file system is {size} bytes long, {stream.size} are there")
            lacks(size, stream.size, around)
        around.acquired(
            {"xfs": {"label": volume.label.decode("utf-8", "replace"), "uuid": volume.uuid.hex()}}
        )
        tree = _Tree(volume)
        walk = Walk(tree, around)
        yield from walk.items()
        yield from (walk.found(name, name.name) for name in tree.orphans())
        _compared(volume, around)
        yield from beside(stream, around)
        walk.end()
        tell_free(Free(volume).runs(around), tree.kind, volume.block, around)


def _compared(volume: Super, around: Context) -> None:
    """Note the tables of the file system whose checksum differs."""
    try:
        if not volume.inode(volume.root).trusted:
            volume.differ["the inode of the root directory"] = None
    except (BadMap, Missing) as error:
        around.note("directory", f"xfs: the root directory: {error}")
    differing(volume.differ, "xfs", around)


class _Tree:
    """One XFS file system as names and inodes."""

    kind = "xfs"

    def __init__(self, volume: Super) -> None:
        self.volume, self.root = volume, volume.root
        self._last: Inode | None = None
        self._behind, self._free = Behind(volume.reader), Free(volume)
        self._removed = Marks()
        """Free inodes that a removed name points to."""
        self._used: Marks | None = None
        self._sure = True

    def names(self, inode: int) -> Iterator[Name | BadMap]:
        """Yield the names in a directory. Raises BadMap or Missing."""
        live = gone = 0
        gone_whole = inode != self.root and self._used is not None and not self._taken(inode)
        told = removed_directory if gone_whole else names
        for each in told(self.volume.inode(inode)):
            if isinstance(each, BadMap):
                live += 1
                yield each
                continue
            name, number, removed = each
            yield Name(name, number, f"{inode}:removed:{gone}" if removed else f"{inode}:{live}", removed)
            live, gone = live + (not removed), gone + removed

    def enters(self, name: Name) -> bool:
        """Say whether a name leads to a directory. Raises BadMap or Missing."""
        told = self._inode(name.inode).mode & 0xF000 == DIRECTORY
        return told and not (name.deleted and self._taken(name.inode))

    def in_use(self, inode: int) -> bool:
        """Say whether an inode belongs to a file that has names."""
        return self._taken(inode) and bool(self._inode(inode).links)

    def _taken(self, inode: int) -> bool:
        """Say whether an inode is in use by the trees; what it says itself is not taken back with its whole chunk."""
        if self._used is None:
            self._used, bad = Marks(), list[str]()
            for number in listed_inodes(self.volume, bad):
                self._used.add(number)
            self._sure = not bad
        return inode in self._used or (not self._sure and bool(self._inode(inode).mode))

    def unnamed(self, named: Marks) -> Iterator[tuple[int, int | None]]:
        """Yield inodes in use that are not in ``named``, directories that stand in no other such one first.

        Raises BadMap where the trees of some group could not be read, after all others.
        """
        folders: dict[int, int | None] = {}
        files: list[int] = []
        bad: list[str] = []
        for number in listed_inodes(self.volume, bad):
            if number in named or number in self.volume.own - self.volume.idle:
                continue
            if len(folders) + len(files) >= MOST_UNNAMED:
                bad.append(f"more than {MOST_UNNAMED} of them")
                break
            try:
                inode = self.volume.inode(number)
            except (BadMap, Missing):
                files.append(number)  # told as unreadable
                continue
            if number in self.volume.idle and not inode.size:
                continue
            if inode.mode & 0xF000 == DIRECTORY:
                folders[number] = parent_of(inode)
            elif inode.mode:
                files.append(number)
        yield from sorted(folders.items(), key=lambda each: each[1] in folders)
        yield from ((number, None) for number in files)
        if bad:
            raise BadMap(bad[0])

    def beside(self, name: Name, found: Found) -> Iterator[Found]:
        """Yield what lies behind its size, then its extended attributes. Raises BadMap or Missing."""
        inode = self._inode(name.inode)
        if inode.beyond and self._behind.holds(inode.beyond):
            yield behind(name, found, inode.beyond, inode.size)
        yield from streams(name, found, attributes(self._inode(name.inode)))

    def orphans(self) -> Iterator[Name]:
        """Yield free inodes that still lead to blocks and that no removed name points to."""
        bad: list[str] = []  # said where those in use were listed
        for number in listed_inodes(self.volume, bad, free=True):
            try:
                kept = number not in self._removed and left(self.volume.inode(number))
            except (BadMap, Missing):
                continue
            if kept:
                yield Name(b"$OrphanFiles/OrphanFile-%d" % number, number, f"orphan:{number}", deleted=True)

    def _gone(self, name: Name, bare: Found) -> Found:
        """Return the item of a removed name. Raises Missing."""
        meta: dict[str, object] = {"inode": name.inode, "deleted": True} if name.inode else {"deleted": True}
        bare = replace(bare, status=Status.EMPTY, reason=GONE, meta=meta)
        try:
            inode, taken = self._inode(name.inode), self._taken(name.inode)
        except BadMap:
            return bare
        if taken:
            return replace(bare, reason=REUSED)
        self._removed.add(name.inode)
        times, mtime = dated(inode.times(), moment)
        item = replace(bare, status=None, reason="", meta=meta | times, mtime=mtime)
        item = (kept_of if inode.mode else left_of)(inode, item, self._free)
        if inode.trusted:
            return item
        return doubted(item, f"the checksum of inode {inode.number} differs: it was altered or damaged")

    def found(self, name: Name, bare: Found) -> Found:
        """Return the item of a name. Raises BadMap or Missing."""
        if name.deleted:
            return self._gone(name, bare)
        inode = self._inode(name.inode)
        self.volume.wrong.clear()
        if not inode.trusted:
            reason = f"the checksum of inode {inode.number} differs: it was altered or damaged"
            return doubted(self._whatever(inode, bare), reason)
        item, wrong = self._told(inode, bare), self.volume.wrong
        return (
            doubted(item, f"the checksum of {wrong[0]} differs: it was altered or damaged") if wrong else item
        )

    def _whatever(self, inode: Inode, bare: Found) -> Found:
        """Return the item of an inode of which no byte can be trusted: what it keeps is content of any type."""
        try:
            found = self._told(inode, bare)
        except (BadMap, Missing) as error:
            found = replace(bare, status=Status.UNREADABLE, reason=f"xfs: {error}")
        if found.kind is Kind.DIRECTORY or found.runs is not None or not inode.size:
            return found
        try:
            runs = tuple(inode.runs())
        except (BadMap, Missing):
            return found
        kept = Kind.FILE if inode.links else Kind.DELETED
        return replace(found, kind=kept, size=inode.size, runs=runs) if runs else found

    def _told(self, inode: Inode, bare: Found) -> Found:
        meta, mtime = _facts(inode)
        if not inode.links:
            bare = replace(bare, kind=Kind.DELETED, reason=OPEN)
            meta["deleted"] = True
        item, kind = replace(bare, mtime=mtime, meta=meta), inode.mode & 0xF000
        if kind == DIRECTORY:
            return replace(item, kind=Kind.DIRECTORY, meta={**meta, **overlaid(inode)})
        if kind == FILE:
            return _file(inode, item)
        if kind == LINK:
            meta["target"] = shown(target(inode).decode("utf-8", "surrogateescape"))[0]
            reason = LINK_LEFT
            return replace(item, kind=Kind.SYMLINK, status=Status.UNSUPPORTED, reason=reason)
        meta |= {"type": TYPES.get(kind, f"mode 0x{kind:04x}"), **inode.device()}
        return replace(
            item, kind=Kind.SPECIAL, status=Status.UNSUPPORTED, reason=never_opened(f"{meta['type']}")
        )

    def _inode(self, number: int) -> Inode:
        if self._last is None or self._last.number != number:
            self._last = self.volume.inode(number)
        return self._last


def _facts(inode: Inode) -> tuple[dict[str, object], str | None]:
    """Return what is kept of an inode, and when its content was last changed."""
    meta: dict[str, object] = {"inode": inode.number, "mode": f"{inode.mode & 0o7777:04o}", "uid": inode.uid,
                               "gid": inode.gid, "links": inode.links}  # fmt: skip
    times, mtime = dated(inode.times(), moment)
    return meta | times, mtime


def _file(inode: Inode, item: Found) -> Found:
    try:
        runs = tuple(inode.runs())
    except (BadMap, Missing) as error:
        return replace(item, size=inode.size, status=Status.UNREADABLE, reason=f"xfs: {error}")
    return replace(item, size=inode.size, runs=runs)


SOURCE = Xfs()
