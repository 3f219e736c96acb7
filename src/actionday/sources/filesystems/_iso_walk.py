"""One tree of an ISO 9660 disc, walked from its root: what it lists, once, and what cannot be read of it."""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from actionday.model import (
    Context,
    Found,
    Kind,
    Loss,
    Run,
    Status,
)
from actionday.model.times import rfc3339
from actionday.model.unopened import LINK_LEFT, never_opened
from actionday.sources.filesystems._iso_records import DIRECTORY, SECTOR, Record, Tree, directories, records
from actionday.sources.filesystems._iso_told import Further, Told
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u32
from actionday.sources.filesystems._tsk_runs import BadMap

DEEPEST = 1024
REMOVED = "deleted: only an earlier session of the disc lists it; what it held is whole"
SPECIAL = {0x1000: "fifo", 0x2000: "character device", 0x6000: "block device", 0xC000: "socket"}
LINK = 0xA000


def name_of(tree: Tree) -> str:
    """Return what a tree is called: by the extension that names its files."""
    return "rock ridge" if tree.rock else "joliet" if tree.joliet else "plain"


class Session(NamedTuple):
    """Another session of the disc: the byte of its descriptors, and whether it is older than what was listed."""

    at: int
    earlier: bool


_Open = tuple[int, int, bytes, int, Found | None]
"""A directory to be listed: block, bytes, path, depth, its own row (None where it has none)."""


class Walk:
    """One tree; with ``further`` only files that no tree before it listed."""

    def __init__(self, reader: Reader, tree: Tree, around: Context, told: Told,
                 further: Further[tuple[Record, bytes]] | None, session: Session | None) -> None:  # fmt: skip
        self.reader, self.tree, self.around, self.session = reader, tree, around, session
        self.told, self.further, self.left_out = told, further, further is not None
        self.entered: set[int] = set()
        self.ended = ""
        """Why not all of the root's names could be read."""
        self.damaged = False
        self._why = ""

    def items(self) -> Iterator[Found]:
        """Yield the entries, a directory's own behind what it lists; then what the path table alone leads to."""
        yield from self._all()
        for extent, _, (record, name) in self.further.left() if self.further is not None else ():
            bare = self._bare(record, name)
            self.told.add(extent, bare.name)
            yield self._leaf(record, bare)

    def _all(self) -> Iterator[Found]:
        root = (u32(self.tree.root, 2), u32(self.tree.root, 10), b"", 0, None)
        yield from self._below(root)
        if not self.damaged:
            return
        try:
            there = directories(self.reader, self.tree)
        except Missing as error:
            self._note("unnamed", f"{error}", b"")
            return
        for extent, path in there:
            if extent not in self.entered:
                self._note("unnamed", "a directory that the path table alone leads to", path)
                size = self._size(extent)
                yield from self._below((extent, size, path, 1, self._lost(extent, path)))

    def _size(self, extent: int) -> int:
        """Return the bytes of a directory by its own first record, those of a sector where that cannot be had."""
        try:
            return u32(self.reader.at(extent * self.tree.block, 34), 10)
        except Missing:  # said where it is read
            return SECTOR

    def _lost(self, extent: int, path: bytes) -> Found | None:
        if self.left_out:
            return None
        text, raw = shown(path.decode("utf-8", "surrogateescape"))
        return Found(name=text, raw=raw, place=f"table:{extent}", kind=Kind.DIRECTORY, meta={"unnamed": True})

    def _below(self, start: _Open) -> Iterator[Found]:
        pending = [start]
        while pending:
            extent, size, path, depth, own = pending.pop()
            if extent in self.entered:
                why = f"the directory in block {extent} was listed before: not entered again"
                self._note("loop", why, path)
                yield from [own] if own else []
                continue
            self.entered.add(extent)
            if depth > DEEPEST:
                why = f"deeper than {DEEPEST} directories: not listed"
                self._note("depth", why, path)
                yield from [replace(own, status=Status.UNREADABLE, reason=f"iso9660: {why}")] if own else []
                continue
            below: list[_Open] = []
            self._why = ""
            for record in self._records(extent, size, path):
                name = path + b"/" + record.name if path else record.name
                if record.contradiction:
                    self._note("checksum", record.contradiction, name)
                found = self._found(record, name)
                if found is None:
                    continue
                if found.kind is Kind.DIRECTORY:  # of a further tree: the same again, under other names
                    below.append((*self._inside(record), name, depth + 1, None if self.left_out else found))
                else:
                    yield found
            yield from self._own(own, extent)
            pending.extend(reversed(below))

    def _own(self, own: Found | None, extent: int) -> Iterator[Found]:
        """Yield a directory's row, unreadable where not all of its names could be read."""
        self.damaged = self.damaged or bool(self._why)
        if extent == u32(self.tree.root, 2):
            self.ended = self._why
        elif own is not None and self._why:
            reason = f"iso9660: not all of its names could be read: {self._why}"
            yield replace(own, status=Status.UNREADABLE, reason=reason)
        elif own is not None:
            yield own

    def _records(self, extent: int, size: int, path: bytes) -> Iterator[Record]:
        try:
            for record in records(self.reader, self.tree, extent, size):
                if isinstance(record, BadMap):
                    self._why = self._why or str(record)
                    self._note("directory", f"a directory: {record}", path)
                elif record.name not in (b".", b"..") and not record.rock.relocated:
                    yield record
                if isinstance(record, Record) and record.rock.cut:
                    why = f"the record at byte {record.at} goes on in more places than are followed"
                    self._note(Loss.PARTS_LIMIT, f"{why}: its name or target may be longer", path)
        except Missing as error:
            self._why = self._why or str(error)
            self._note("directory", f"a directory cannot be read further: {error}", path)

    def _inside(self, record: Record) -> tuple[int, int]:
        """Return where a directory lies; one that was moved tells its size only in its own first record."""
        if record.rock.child is None:
            return record.extent, record.size
        return record.rock.child, self._size(record.rock.child)

    def _bare(self, record: Record, name: bytes) -> Found:
        text, raw = shown(name.decode("utf-8", "surrogateescape"))
        removed = self.session is not None and self.session.earlier
        mtime, odd = _mtime(record)
        return Found(
            name=text,
            raw=raw,
            place=str(record.at),
            kind=Kind.DELETED if removed else Kind.FILE,
            meta=self._meta(record) | odd,
            mtime=mtime,
            reason=REMOVED if removed else "",
        )

    def _found(self, record: Record, name: bytes) -> Found | None:
        bare = self._bare(record, name)
        if record.flags & DIRECTORY or record.rock.child is not None:
            return replace(bare, kind=Kind.DIRECTORY)
        for block, size in record.parts:
            self.told.cover(block * self.tree.block, size)
        extent = record.extent * self.tree.block, record.size
        if self.further is not None and not self.further.is_new(extent, bare.name, (record, name)):
            return None
        self.told.add(extent, bare.name)
        return self._leaf(record, bare)

    def _leaf(self, record: Record, bare: Found) -> Found:
        kind = (record.rock.mode or 0) & 0xF000
        if record.rock.target is not None or kind == LINK:
            meta = {
                **bare.meta,
                "target": shown((record.rock.target or b"").decode("utf-8", "surrogateescape"))[0],
            }
            reason = LINK_LEFT
            kept = Kind.SYMLINK if bare.kind is Kind.FILE else bare.kind
            return replace(bare, kind=kept, meta=meta, status=Status.UNSUPPORTED, reason=reason)
        if kind in SPECIAL:
            reason = never_opened(SPECIAL[kind])
            return replace(bare, kind=Kind.SPECIAL, status=Status.UNSUPPORTED, reason=reason)
        if record.interleaved or record.rock.packed:
            why = "zisofs compression" if record.rock.packed else "interleaved file"
            return replace(
                bare, size=record.size, status=Status.UNSUPPORTED, reason=f"iso9660: {why} is not read here"
            )
        return replace(bare, size=record.size, runs=self._runs(record))

    def _runs(self, record: Record) -> tuple[Run, ...]:
        return tuple((block * self.tree.block, size) for block, size in record.parts if size)

    def _meta(self, record: Record) -> dict[str, object]:
        meta: dict[str, object] = {"tree": name_of(self.tree)} if self.left_out else {}
        if self.session is not None:
            meta["session"] = self.session.at
            meta |= {"deleted": True} if self.session.earlier else {}
        if record.rock.mode is not None:
            meta |= {"mode": f"{record.rock.mode & 0o7777:04o}", "uid": record.rock.uid, "gid": record.rock.gid,
                     "links": record.rock.links}  # fmt: skip
        if record.flags & 1:
            meta["hidden"] = True
        return meta

    def _note(self, code: str, reason: str, path: bytes) -> None:
        self.around.note(code, f"iso9660: {reason}", shown(path.decode("utf-8", "surrogateescape"))[0])


def _mtime(record: Record) -> tuple[str | None, dict[str, object]]:
    """Return the time of the last change of content; where no calendar has what is stored, its bytes are a fact."""
    stamps = [each for each in (record.rock.modified, record.time) if each.raw]
    for each in stamps:
        if each.seconds is not None and (told := rfc3339(each.seconds)):
            return told, {}
    return None, {"mtime_raw": stamps[0].raw.hex()} if stamps else {}
