"""ext file systems as a tree of names and inodes, with deleted entries and inodes without a name."""

from array import array
from collections.abc import Iterator
from contextlib import suppress
from struct import Struct

from msgspec.structs import replace

from actionday.model import Found, Kind, Status
from actionday.model.unopened import never_opened
from actionday.sources.filesystems import _ext_fields as fields
from actionday.sources.filesystems import _ext_inode as ext
from actionday.sources.filesystems._doubts import doubted
from actionday.sources.filesystems._ext_attributes import attributes, overlaid
from actionday.sources.filesystems._ext_behind import rest
from actionday.sources.filesystems._ext_claims import Claims
from actionday.sources.filesystems._ext_directory import names, parent_of
from actionday.sources.filesystems._ext_journal import Journal
from actionday.sources.filesystems._ext_link import SHORT_TARGET, link
from actionday.sources.filesystems._ext_map import runs_of
from actionday.sources.filesystems._ext_removed import removed
from actionday.sources.filesystems._left_over import (
    DIRECTORY,
    GONE,
    OPEN,
    REUSED,
)
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._streams import Name, behind, streams
from actionday.sources.filesystems._tsk_behind import Behind, marked
from actionday.sources.filesystems._tsk_bytes import Missing, u16, u32
from actionday.sources.filesystems._tsk_runs import BadMap, Run

ROOT = 2
FOLDER, FILE, LINK = 0x4000, 0x8000, 0xA000
SPECIAL = {0x1000: "fifo", 0x2000: "character device", 0x6000: "block device", 0xC000: "socket"}
TYPES = frozenset((FOLDER, FILE, LINK, *SPECIAL))
EXTENDED = 0x200000
"""The flag of an inode that holds a large extended attribute of another: no file."""
MOST_UNNAMED = 1_000_000
"""Inodes without a name that are listed of one file system."""
BAD = 1
"""The inode of the blocks marked as bad: of no type, and nobody's file."""
BESIDE = Struct("<104xI10xH8xH")
"""Both halves of the block of attributes, and how many bytes of fields the inode has behind its first 128."""


class ExtTree:
    """One ext file system."""

    kind, root = "ext", ROOT

    def __init__(self, volume: ext.Super) -> None:
        self.volume = volume
        self.named: set[int] = set()
        """Inodes that are free and that a deleted name still points to."""
        self.mislaid = 0
        """Names met whose inode the bitmap calls free."""
        self.claims, self._journal = Claims(volume), Journal(volume)
        self._behind = Behind(volume.reader)
        self._beyond: tuple[int, list[Run]] = (0, [])
        """The inode of the file told last, and where its map leads to behind its size."""
        self._last: tuple[int, tuple[int, bytes]] = (0, (0, b""))

    def names(self, inode: int) -> Iterator[Name | BadMap]:
        """Yield the names in a directory. Raises BadMap or Missing."""
        return names(self.volume, inode)

    def enters(self, name: Name) -> bool:
        """Say whether a name leads to a directory whose names are to be listed. Raises BadMap or Missing."""
        if not name.inode or self._inode(name.inode)[1][1] & 0xF0 != FOLDER >> 8:
            return False
        return not name.deleted or not self.volume.allocated(name.inode)

    def in_use(self, inode: int) -> bool:
        """Say whether an inode is in use and has names; one removed while it was open has none."""
        return self.volume.allocated(inode) and u16(self._inode(inode)[1], 26) > 0

    def unnamed(self, named: Marks) -> Iterator[tuple[int, int | None]]:
        """Yield inodes in use that are not in ``named``, directories that stand in no other such one first.

        Raises Missing at the end where some could not be read.
        """
        folders: dict[int, int | None] = {}
        files: list[int] = []
        for number in self.volume.used_inodes():
            if number in named:
                continue
            raw = self._told(number)
            kind = u16(raw, 0) & 0xF000
            if fields.flags_of(raw) & EXTENDED or not (kind or _holds(number, raw)):
                continue
            if len(folders) + len(files) >= MOST_UNNAMED:
                self.volume.bad.append(f"more than {MOST_UNNAMED} of them")
                break
            if kind == FOLDER:
                folders[number] = parent_of(self.volume, number)
            else:
                files.append(number)
        yield from sorted(folders.items(), key=lambda each: each[1] in folders)
        yield from ((number, None) for number in files)
        if self.volume.bad:
            raise Missing(self.volume.bad[0])

    def bad_blocks(self) -> str:
        """Return what the blocks hold that are marked as bad, "" where there are none or they are zeros."""
        with suppress(BadMap, Missing):
            _, raw = self.volume.inode(BAD)
            if not u16(raw, 0):
                runs_of(self.volume, BAD, raw, 0)
                runs = self.volume.beyond
                if runs and self._behind.holds(runs):
                    return marked(runs)
        return ""

    def _told(self, number: int) -> bytes:
        """Return the bytes of an inode, zeros where they cannot be read."""
        try:
            return self.volume.inode(number)[1]
        except (BadMap, Missing) as error:
            if not self.volume.bad:
                self.volume.bad.append(f"inode {number}: {error}")
            return bytes(self.volume.inode_size)

    def beside(self, name: Name, found: Found) -> Iterator[Found]:
        """Yield its extended attributes as streams, then what lies behind its size. Raises BadMap or Missing."""
        offset, raw = self._inode(name.inode)
        return iter(()) if self._alone(name.inode, raw) else self._beside(name, found, offset, raw)

    def _alone(self, number: int, raw: bytes) -> bool:
        """Say whether the inode of the file told last keeps nothing but its content, as nearly every file does.

        Nothing stands behind its size, it has no block of attributes, and its own bytes end in zeros.
        """
        if raw[1] & 0xF0 != FILE >> 8 or self._beyond != (number, []) or len(raw) <= BESIDE.size:
            return False
        low, high, more = BESIDE.unpack_from(raw)
        return not (low or high or raw[128 + more :].strip(b"\0"))

    def _beside(self, name: Name, found: Found, offset: int, raw: bytes) -> Iterator[Found]:
        runs = self._behind_of(name.inode, raw)
        if runs and self._behind.holds(runs):
            yield behind(name, found, runs, fields.size_of(raw))
        yield from rest(name, found, offset, raw)
        yield from streams(name, found, attributes(self.volume, offset, raw))

    def _behind_of(self, number: int, raw: bytes) -> list[Run]:
        """Return where bytes lie behind the size of what an inode keeps in blocks; of a bad map, nothing."""
        kind, size = u16(raw, 0) & 0xF000, fields.size_of(raw)
        if self._beyond[0] == number:
            return self._beyond[1]
        if kind == FILE or kind in SPECIAL or (kind == LINK and size < SHORT_TARGET):
            return []
        if fields.flags_of(raw) & (fields.INLINE | fields.ENCRYPTED):
            return []
        with suppress(BadMap, Missing):  # told where its names or its target are read
            runs_of(self.volume, number, raw, size)
            return self.volume.beyond
        return []

    def found(self, name: Name, bare: Found) -> Found:
        """Return the item of a name. Raises BadMap or Missing."""
        if name.deleted and (not name.inode or self.in_use(name.inode)):
            reason = REUSED if name.inode else GONE
            inode = {"inode": name.inode} if name.inode else {}
            return replace(bare, status=Status.EMPTY, reason=reason, meta={**inode, "deleted": True})
        offset, raw = self._inode(name.inode)
        meta, mtime = fields.facts_of(name.inode, raw)
        item = replace(bare, meta=meta, mtime=mtime)
        if name.deleted:
            self.named.add(name.inode)
            meta.update({"deleted": True, **fields.deletion_of(raw, self.volume.inodes)})
        elif not self.volume.allocated(name.inode):
            self.mislaid += 1
            meta.update(fields.deletion_of(raw, self.volume.inodes))
        elif not meta["links"]:
            meta["deleted"] = True
            item = replace(item, kind=Kind.DELETED, reason=OPEN)
        self.volume.wrong.clear()
        if not name.deleted and (raw[1] & 0xF0) << 8 in (FOLDER, LINK):
            self._claim_other(name.inode, raw)
        if self.volume.trusted(name.inode, raw):
            return self._sure(self._of_type(name, item, offset, raw))
        reason = f"the checksum of inode {name.inode} differs: it was altered or damaged"
        return doubted(self._whatever(name, item, offset, raw), reason)

    def _claim_other(self, number: int, raw: bytes) -> None:
        """Put down what a directory takes, or a link that is too long to stand in its inode."""
        if u16(raw, 0) & 0xF000 == FOLDER or fields.size_of(raw) >= SHORT_TARGET:
            self.claims.read(number)
            self.volume.wrong.clear()

    def _sure(self, item: Found) -> Found:
        """Return ``item``, doubted where a block that tells where its bytes lie has changed."""
        wrong = self.volume.wrong
        return (
            doubted(item, f"the checksum of {wrong[0]} differs: it was altered or damaged") if wrong else item
        )

    def _whatever(self, name: Name, item: Found, offset: int, raw: bytes) -> Found:
        """Return the item of an inode of which no byte can be trusted: what it keeps is content of any type."""
        try:
            found = self._of_type(name, item, offset, raw)
        except (BadMap, Missing) as error:
            found = replace(item, status=Status.UNREADABLE, reason=f"ext: {error}")
        size = fields.size_of(raw)
        if found.kind is Kind.DIRECTORY or found.runs is not None or not size:
            return found
        try:
            runs = tuple(self._runs(name.inode, offset, raw, size))
        except (BadMap, Missing):
            return found
        kept = Kind.DELETED if name.deleted else Kind.FILE
        return replace(found, kind=kept, size=size, runs=runs) if runs else found

    def _of_type(self, name: Name, item: Found, offset: int, raw: bytes) -> Found:
        kind = (raw[1] & 0xF0) << 8
        if kind == FILE:
            return self._file(name, item, offset, raw)
        if kind == FOLDER:
            if name.deleted:
                lists = any(at >= 0 for at, _ in self._runs(name.inode, offset, raw, fields.size_of(raw)))
                meta, reason = {**item.meta, "type": "directory"}, DIRECTORY if lists else GONE
                return replace(item, meta=meta, status=Status.EMPTY, reason=reason)
            return replace(
                item, kind=Kind.DIRECTORY, meta={**item.meta, **overlaid(self.volume, offset, raw)}
            )
        if kind == LINK:
            return link(self.volume, name, item, offset, raw)
        if kind in SPECIAL:
            kept = Kind.DELETED if name.deleted else Kind.SPECIAL
            meta = {**item.meta, "type": SPECIAL[kind], **fields.device_of(raw)}
            reason = never_opened(SPECIAL[kind])
            return replace(item, kind=kept, meta=meta, status=Status.UNSUPPORTED, reason=reason)
        if name.deleted:
            return replace(item, status=Status.EMPTY, reason=GONE)
        reason = f"ext: inode {name.inode} is of no type there is (mode {u16(raw, 0):o})"
        size = fields.size_of(raw)
        runs = tuple(self._runs(name.inode, offset, raw, size))
        return replace(item, status=Status.UNREADABLE, reason=reason, size=size, runs=runs if size else None)

    def _file(self, name: Name, item: Found, offset: int, raw: bytes) -> Found:
        size, flags = fields.size_of(raw), fields.flags_of(raw)
        if flags & fields.ENCRYPTED:
            reason = "encrypted by the file system (fscrypt)"
            return replace(item, size=size, status=Status.ENCRYPTED, reason=reason)
        try:
            self.volume.beyond = []
            runs = self._runs(name.inode, offset, raw, size)
        except (BadMap, Missing) as error:
            return replace(item, size=size, status=Status.UNREADABLE, reason=f"ext: {error}")
        self._beyond = name.inode, self.volume.beyond
        if flags & fields.INLINE:
            item = replace(item, meta={**item.meta, "inline": True})
        if name.deleted:
            return removed(self.volume, self._journal, name.inode, raw, item, runs)
        if not flags & fields.INLINE:
            self.claims.take(name.inode, raw)
        return replace(item, size=size, runs=tuple(runs))

    def _runs(self, number: int, offset: int, raw: bytes, size: int) -> list[Run]:
        inline = fields.flags_of(raw) & fields.INLINE
        return fields.inline_runs(offset, raw, size) if inline else runs_of(self.volume, number, raw, size)

    def _inode(self, number: int) -> tuple[int, bytes]:
        if self._last[0] != number:
            self._last = (number, self.volume.inode(number))
        return self._last[1]

    def orphans(self) -> Iterator[Name]:
        """Yield inodes that are free, were in use, and that no deleted name points to; directories first.

        Raises Missing at the end.
        """
        self.volume.bad.clear()
        others = array("Q")
        for number in self.volume.free_inodes():
            raw = self._told(number)
            kind = u16(raw, 0) & 0xF000
            if number in self.named or kind not in TYPES or not (u32(raw, 20) or u32(raw, 4)):
                continue
            if kind == FOLDER:
                yield _orphan(number)
            else:
                others.append(number)
        yield from (_orphan(number) for number in others if number not in self.named)
        if self.volume.bad:
            raise Missing(self.volume.bad[0])


def _orphan(number: int) -> Name:
    return Name(b"$OrphanFiles/OrphanFile-%d" % number, number, f"orphan:{number}", deleted=True)


def _holds(number: int, raw: bytes) -> bool:
    """Say whether an inode of no type, in use, holds anything all the same."""
    return number != BAD and bool(u32(raw, 4) or any(raw[40:100]))
