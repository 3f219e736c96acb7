"""SquashFS as a tree of names and inodes."""

from collections.abc import Iterator
from functools import partial
from io import BytesIO

from msgspec.structs import replace

from actionday.model import Found, Kind, Status
from actionday.model.attributes import is_systems
from actionday.model.times import NANOSECONDS
from actionday.model.unopened import LINK_LEFT, never_opened
from actionday.sources.filesystems._doubts import dated, doubted
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._squash_attributes import attributes
from actionday.sources.filesystems._squash_content import Content, Fragments, Reading
from actionday.sources.filesystems._squash_directory import Names
from actionday.sources.filesystems._squash_inode import (
    BLOCK,
    CHARACTER,
    DIRECTORY,
    FIFO,
    FILE,
    LINK,
    NOTHING,
    SOCKET,
    Inode,
    Ref,
    inode_at,
    pass_over,
)
from actionday.sources.filesystems._squash_super import EXPORTABLE
from actionday.sources.filesystems._squash_tables import Blocks, Cursor
from actionday.sources.filesystems._streams import Name, beside
from actionday.sources.filesystems._times import moment
from actionday.sources.filesystems._tsk_bytes import Missing, u32, u64
from actionday.sources.filesystems._tsk_runs import BadMap

SPECIAL = {BLOCK: "block device", CHARACTER: "character device", FIFO: "fifo", SOCKET: "socket"}
MOST_UNNAMED = 1_000_000
"""Inodes without a name that are listed of one file system."""


class SquashTree:
    """One SquashFS file system."""

    kind = "squashfs"

    def __init__(self, blocks: Blocks) -> None:
        self._blocks, self._block = blocks, blocks.block
        self._names, self._fragments = Names(blocks), Fragments(blocks)
        self._end = self._block.end_of(self._block.inode_table)
        self._last: tuple[int, Inode] | None = None
        self.root: int = Ref.of(self._block.root, 0)
        self.root = Ref.of(self._block.root, self._inode(self.root).number)

    def names(self, inode: int) -> Iterator[Name | BadMap]:
        """Yield the names in a directory."""
        yield from self._names.of(inode, self._inode(inode))

    def enters(self, name: Name) -> bool:
        """Say whether a name leads to a directory. Raises BadMap or Missing."""
        return self._inode(name.inode).kind == DIRECTORY

    def in_use(self, inode: int) -> bool:
        """Say that an inode is in use: nothing is ever removed from such a file system."""
        del inode
        return True

    def unnamed(self, named: Marks) -> Iterator[tuple[int, int | None]]:
        """Yield inodes that are not in ``named``, directories first.

        Raises BadMap where some could not be looked for, after all others.
        """
        bad: list[str] = []
        found = [each for each in self._all(bad) if each[0] not in named][: MOST_UNNAMED + 1]
        if len(found) > MOST_UNNAMED:
            bad.insert(0, f"more than {MOST_UNNAMED} of them")
        folders = {inode.number for _, inode in found if inode.kind == DIRECTORY}
        tops = [each for each in found if each[1].kind == DIRECTORY]
        for ref, _ in sorted(tops, key=lambda each: each[1].parent in folders):
            yield ref, None
        yield from ((ref, None) for ref, inode in found if inode.kind != DIRECTORY)
        if bad:
            raise BadMap(bad[0])

    def _all(self, bad: list[str]) -> Iterator[tuple[Ref, Inode]]:
        """Yield all inodes: by the list of them where one is kept, else one behind the other."""
        if self._block.flags & EXPORTABLE:
            for number in range(min(self._block.inodes, 8 * self._block.used)):
                try:
                    raw = self._blocks.entry(self._block.export_table, number, 8, self._block.inodes)
                    ref = Ref.of(u64(raw, 0), number + 1)
                    yield ref, self._inode(ref)
                except (BadMap, Missing) as error:
                    bad.append(f"{error}")
                    if len(bad) > MOST_UNNAMED:
                        return
            return
        yield from self._scanned(bad)

    def _scanned(self, bad: list[str]) -> Iterator[tuple[Ref, Inode]]:
        table = self._block.inode_table
        cursor = Cursor(self._blocks, table, 0, self._end)
        try:
            for _ in range(self._block.inodes):
                cursor.settled()
                place = (cursor.place - table) << 16 | cursor.offset
                kind = u32(cursor.copy().take(4), 0) & 0xFFFF
                inode = inode_at(cursor)
                pass_over(cursor, inode, kind, self._block.block)
                yield Ref.of(place, inode.number), inode
        except (BadMap, Missing) as error:
            bad.append(f"{error}")

    def beside(self, name: Name, found: Found) -> Iterator[Found]:
        """Yield extended attributes. Raises BadMap or Missing."""
        inode = self._inode(name.inode)
        if inode.attributes == NOTHING:
            return
        for number, (key, value) in enumerate(attributes(self._blocks, inode.attributes)):
            if is_systems(key):
                continue
            text, raw = beside(found, b":" + key)
            yield Found(name=text, raw=raw, kind=Kind.STREAM, place=f"{name.place}:{number}", size=len(value),
                        read=partial(BytesIO, value), meta={"attribute": True})  # fmt: skip

    def found(self, name: Name, bare: Found) -> Found:
        """Return the item of a name. Raises BadMap or Missing."""
        inode = self._inode(name.inode)
        item = self._told(inode, bare)
        if inode.number == getattr(name.inode, "shown", inode.number):
            return item
        return doubted(item, f"the name is of inode {name.inode} and leads to inode {inode.number}")

    def _told(self, inode: Inode, bare: Found) -> Found:
        meta: dict[str, object] = {"inode": inode.number, "mode": f"{inode.mode & 0o7777:04o}",
                                   **self._owners(inode), "links": inode.links}  # fmt: skip
        times, mtime = dated({"mtime": inode.mtime * NANOSECONDS}, moment)
        item = replace(bare, mtime=mtime, meta=meta | times)
        if inode.kind == DIRECTORY:
            return replace(item, kind=Kind.DIRECTORY)
        if inode.kind == FILE:
            return self._file(inode, item)
        if inode.kind == LINK:
            target = inode.rest.copy().take(inode.size)
            meta["target"] = shown(target.decode("utf-8", "surrogateescape"))[0]
            return replace(
                item, kind=Kind.SYMLINK, status=Status.UNSUPPORTED, reason=LINK_LEFT, meta=meta | times
            )
        meta["type"] = SPECIAL[inode.kind]
        if inode.kind in (BLOCK, CHARACTER):
            meta["device"] = (
                f"{inode.device >> 8 & 0xFFF}:{inode.device & 0xFF | inode.device >> 12 & 0xFFF00}"
            )
        return replace(item, kind=Kind.SPECIAL, status=Status.UNSUPPORTED, meta=meta | times,
                       reason=never_opened(f"{meta['type']}"))  # fmt: skip

    def _file(self, inode: Inode, item: Found) -> Found:
        item = replace(item, size=inode.size)
        try:
            content = Content(self._blocks, self._fragments, inode)
            runs = content.runs()
        except (BadMap, Missing) as error:
            return replace(item, status=Status.UNREADABLE, reason=f"squashfs: {error}")
        if runs is None:
            return replace(item, read=Reading(content))
        return replace(item, runs=tuple(runs))

    def _owners(self, inode: Inode) -> dict[str, object]:
        """Return user and group; nothing of one that the list of them does not have."""
        told: dict[str, object] = {}
        for key, number in (("uid", inode.owner), ("gid", inode.group)):
            try:
                told[key] = u32(self._blocks.entry(self._block.id_table, number, 4, self._block.ids), 0)
            except (BadMap, Missing):
                self.lost_owners = self.lost_owners + 1
        return told

    lost_owners = 0
    """Users and groups of names that the list of them does not tell."""

    def _inode(self, ref: int) -> Inode:
        if self._last is None or self._last[0] != ref:
            cursor = Cursor(self._blocks, self._block.inode_table + (ref >> 16), ref & 0xFFFF, self._end)
            self._last = int(ref), inode_at(cursor)
        return self._last[1]
