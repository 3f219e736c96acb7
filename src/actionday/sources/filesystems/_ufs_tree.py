"""UFS as a tree of names and inodes."""

from collections.abc import Iterator

from msgspec.structs import replace

from actionday.model import Found, Kind, Status
from actionday.model.unopened import LINK_LEFT, never_opened
from actionday.sources.filesystems._doubts import dated
from actionday.sources.filesystems._left_over import GONE, OPEN, REUSED
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._streams import Name, beside
from actionday.sources.filesystems._times import moment
from actionday.sources.filesystems._tsk_bytes import Missing, whole
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems._ufs_directory import names
from actionday.sources.filesystems._ufs_inode import Inode, inode_of, runs_of
from actionday.sources.filesystems._ufs_super import Groups

ROOT = 2
DIRECTORY, FILE, LINK = 0x4000, 0x8000, 0xA000
SPECIAL = {
    0x1000: "fifo",
    0x2000: "character device",
    0x6000: "block device",
    0xC000: "socket",
    0xE000: "whiteout",
}
LONGEST_TARGET = 65536
MOST_UNNAMED = 1_000_000
"""Inodes without a name that are listed of one file system."""
ATTRIBUTES = b" extended attributes"


class UfsTree:
    """One UFS file system."""

    kind, root = "ufs", ROOT

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._last: Inode | None = None

    def names(self, inode: int) -> Iterator[Name | BadMap]:
        """Yield the names in a directory. Raises BadMap or Missing."""
        yield from names(self._groups, self._inode(inode))

    def enters(self, name: Name) -> bool:
        """Say whether a name leads to a directory: what a removed one listed is not kept. Raises BadMap or Missing."""
        return not name.deleted and self._inode(name.inode).mode & 0xF000 == DIRECTORY

    def in_use(self, inode: int) -> bool:
        """Say whether an inode has names: by the list of its group, by itself where that is damaged.

        Raises BadMap or Missing.
        """
        own = self._inode(inode)
        try:
            return self._groups.in_use(inode) and own.links > 0
        except (BadMap, Missing):
            return own.mode != 0 and own.links > 0

    def unnamed(self, named: Marks) -> Iterator[tuple[int, int | None]]:
        """Yield inodes in use that are not in ``named``, directories first.

        Raises BadMap where the list of some group could not be read, after all others.
        """
        folders, files, bad = list[int](), list[int](), list[str]()
        for number in self._all(bad):
            if number in named:
                continue
            if len(folders) + len(files) >= MOST_UNNAMED:
                bad.insert(0, f"more than {MOST_UNNAMED} of them")
                break
            try:
                inode = self._inode(number)
            except (BadMap, Missing):
                files.append(number)  # told as unreadable
                continue
            if inode.mode:
                (folders if inode.mode & 0xF000 == DIRECTORY else files).append(number)
        below = {each for one in folders for each in self._folders(one)}
        yield from ((number, None) for number in sorted(folders, key=below.__contains__))
        yield from ((number, None) for number in files)
        if bad:
            raise BadMap(bad[0])

    def _folders(self, inode: int) -> Iterator[int]:
        """Yield what a directory without a name lists itself."""
        try:
            for each in self.names(inode):
                if isinstance(each, Name) and not each.deleted:
                    yield each.inode
        except (BadMap, Missing):
            return

    def _all(self, bad: list[str]) -> Iterator[int]:
        """Yield the inodes in use, by the lists of all groups."""
        block = self._groups.block
        for group in range(block.groups):
            if block.start(group) * block.fragment >= self._groups.reader.size:
                bad.append(f"cylinder group {group} and those behind it lie behind the end")
                return
            try:
                used = self._groups.group(group)
            except (BadMap, Missing) as error:
                bad[:] = bad or [f"{error}"]
                continue
            first = group * block.inodes
            yield from (first + own for own in range(block.inodes) if used.has(own) and first + own > ROOT)

    def beside(self, name: Name, found: Found) -> Iterator[Found]:
        """Yield the extended attributes of UFS2, in one piece as they are stored. Raises BadMap or Missing."""
        inode, block = self._inode(name.inode), self._groups.block
        size, places = inode.beside
        if not size:
            return
        if size > 2 * block.block:
            raise BadMap(f"extended attributes of {size} bytes")
        text, raw = beside(found, ATTRIBUTES)
        parts = ((0, min(size, block.block)), (1, size - block.block))
        runs = tuple((places[n] * block.fragment, part) for n, part in parts if part > 0)
        yield Found(name=text, raw=raw, kind=Kind.STREAM, place=f"{name.place}:attributes", size=size, runs=runs,
                    meta={"attribute": True})  # fmt: skip

    def found(self, name: Name, bare: Found) -> Found:
        """Return the item of a name. Raises BadMap or Missing."""
        if name.deleted:
            return self._gone(name, bare)
        inode = self._inode(name.inode)
        meta: dict[str, object] = {"inode": inode.number, "mode": f"{inode.mode & 0o7777:04o}", "uid": inode.uid,
                                   "gid": inode.gid, "links": inode.links}  # fmt: skip
        times, mtime = dated(inode.times, moment)
        meta |= times
        item, kind = replace(bare, mtime=mtime, meta=meta), inode.mode & 0xF000
        if inode.links <= 0:
            meta["deleted"] = True
            item = replace(item, kind=Kind.DELETED, reason=OPEN)
        if kind == DIRECTORY:
            return replace(item, kind=Kind.DIRECTORY)
        if kind == FILE:
            return self._file(inode, item)
        if kind == LINK:
            meta["target"] = shown(self._target(inode).decode("utf-8", "surrogateescape"))[0]
            return replace(item, kind=Kind.SYMLINK, status=Status.UNSUPPORTED, reason=LINK_LEFT)
        if not inode.mode:
            raise BadMap(f"inode {inode.number} is not in use")
        meta["type"] = SPECIAL.get(kind, f"mode 0x{kind:04x}")
        return replace(
            item, kind=Kind.SPECIAL, status=Status.UNSUPPORTED, reason=never_opened(f"{meta['type']}")
        )

    def _gone(self, name: Name, bare: Found) -> Found:
        """Return the item of a removed name: its inode is wiped as it goes, so that nothing leads to its content."""
        meta: dict[str, object] = {"inode": name.inode, "deleted": True} if name.inode else {"deleted": True}
        reason = GONE
        if name.inode:
            try:
                reason = REUSED if self._inode(name.inode).mode else GONE
            except (BadMap, Missing):
                reason = GONE
        return replace(bare, status=Status.EMPTY, reason=reason, meta=meta)

    def _file(self, inode: Inode, item: Found) -> Found:
        item = replace(item, size=inode.size)
        try:
            return replace(item, runs=tuple(runs_of(self._groups, inode)))
        except (BadMap, Missing) as error:
            return replace(item, status=Status.UNREADABLE, reason=f"ufs: {error}")

    def _target(self, inode: Inode) -> bytes:
        """Return where a symbolic link points. Raises BadMap or Missing."""
        if inode.size > LONGEST_TARGET:
            raise BadMap(f"a symbolic link of {inode.size} bytes")
        if inode.size < max(self._groups.block.inline, 1) or not inode.blocks:
            return inode.inline[: inode.size]
        reader = self._groups.reader
        return b"".join(
            bytes(size) if at < 0 else whole(reader, at, size) for at, size in runs_of(self._groups, inode)
        )

    def _inode(self, number: int) -> Inode:
        if self._last is None or self._last.number != number:
            self._last = inode_of(self._groups, number)
        return self._last
