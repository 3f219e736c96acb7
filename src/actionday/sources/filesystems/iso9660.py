"""ISO 9660 with Joliet and Rock Ridge.

Source: ECMA-119; IEEE P1281 (SUSP), P1282 (RRIP); Microsoft, "Joliet Specification".

A disc may hold several trees over the same files. The one that tells most is listed (Rock Ridge, then Joliet,
then UDF, then plain names), and from the others the files that it leaves out; then from those of other sessions.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from msgspec.structs import replace

from actionday.model import (
    Claim,
    Context,
    Damaged,
    Found,
    ItemError,
    Kind,
    Loss,
    Peek,
    Run,
    Status,
    Stream,
    Unsupported,
)
from actionday.model.times import rfc3339
from actionday.sources.filesystems._iso_apple import apple, listed
from actionday.sources.filesystems._iso_records import DIRECTORY, Record, Tree, directories, records, trees
from actionday.sources.filesystems._iso_sessions import root_of, sessions
from actionday.sources.filesystems._iso_told import Further, Told
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u16, u32
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems._udf_tree import walk_of
from actionday.sources.filesystems._udf_volume import Volume, recognised
from actionday.sources.volumes._signs import unwrapped
from actionday.sources.volumes._unclaimed import unclaimed

DESCRIPTORS = 32768
"""Sixteen sectors of 2,048 bytes are left to the system."""
DEEPEST = 1024
UDF_HEAD = 131072
REMOVED = "deleted: only an earlier session of the disc lists it; what it held is whole"
SPECIAL = {0x1000: "fifo", 0x2000: "character device", 0x6000: "block device", 0xC000: "socket"}
LINK = 0xA000


class Iso9660:
    """CD and DVD images."""

    name, sample = "iso9660", "iso9660.iso"
    binary = True

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a primary volume descriptor at its place."""
        found = peek.head[DESCRIPTORS : DESCRIPTORS + 7]
        if found[1:6] != b"CD001":
            return Claim.NO
        claim = Claim.STRUCTURE if found[0] == 1 and found[6] == 1 else Claim.MAGIC
        return unwrapped(peek, claim, table=False)

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield entries in directory order, files before the directories below. Raises Damaged."""
        reader = reader_of(stream)
        try:
            there = trees(reader)
        except Missing as error:
            raise Damaged(f"iso9660: {error}") from error
        if not there:
            raise Damaged("iso9660: no volume descriptor can be read")
        around.acquired({"iso9660": {"label": there[0].label, "trees": [_name(tree) for tree in there]}})
        disc = _Disc(reader, stream, around)
        yield from disc.first(there)
        yield from disc.sessions(there)
        yield from _beside(reader, stream, around)
        if disc.ended:
            raise Damaged(f"iso9660: the root directory: {disc.ended}")


class Session(NamedTuple):
    """Another session of the disc: the byte of its descriptors, and whether it is older than what was listed."""

    at: int
    earlier: bool


class _Disc:
    """The trees of one disc, each held against what those before it listed."""

    def __init__(self, reader: Reader, stream: Stream, around: Context) -> None:
        self._reader, self._stream, self._around, self._told = reader, stream, around, Told()
        self._number = 0
        self.ended = ""
        """Why not all names of a root could be read."""

    def first(self, there: list[Tree]) -> Iterator[Found]:
        """Yield what the trees of the disc list, UDF's before plain names."""
        named = [tree for tree in there if tree.rock or tree.joliet]
        yield from self._trees(named)
        yield from self._udf()
        yield from self._trees([tree for tree in there if tree not in named])
        for start, kind in apple(self._reader).items():
            yield from self._apple(start, kind)

    def sessions(self, there: list[Tree]) -> Iterator[Found]:
        """Yield what other sessions list and the disc does not; that of an earlier one was removed since."""
        newest = max(root_of(tree) for tree in there)
        roots = {root_of(tree) for tree in there}
        for at, found in sessions(self._reader, list(self._told.gaps(self._reader.size))):
            if roots & (its := {root_of(tree) for tree in found}):
                continue  # the same session once more
            roots |= its
            earlier = min(its) < newest
            what = "an earlier" if earlier else "a later"
            self._around.note("session", f"iso9660: {what} session at byte {at}: listed where it tells more")
            yield from self._trees(found, Session(at, earlier))

    def _trees(self, there: list[Tree], session: Session | None = None) -> Iterator[Found]:
        for place, tree in enumerate(there):
            strict = session is not None and not place
            further = Further[tuple[Record, bytes]](self._told, strict=strict) if self._number else None
            self._number += 1
            walk = _Walk(self._reader, tree, self._around, self._told, further, session)
            yield from walk.items()
            self.ended = self.ended or walk.ended

    def _udf(self) -> Iterator[Found]:
        """Yield what a UDF tree lists and no tree before it."""
        if not recognised(self._reader.at(0, UDF_HEAD)):
            return
        try:
            walk = walk_of(Volume(self._reader), self._around)
        except (BadMap, Missing, Unsupported) as error:
            self._lost("a UDF", str(error))
            return
        yield from self._adding(walk.items(), "udf")

    def _apple(self, start: int, kind: str) -> Iterator[Found]:
        """Yield what an HFS+ tree lists and no tree before it."""
        if kind != "HFS+":
            self._lost("an HFS", "the sleuthkit reads HFS+ alone")
            return
        try:
            yield from self._adding(listed(self._stream, start, self._around), "hfs+")
        except ItemError as error:
            self._lost("an HFS+", str(error))

    def _lost(self, tree: str, why: str) -> None:
        self._around.note(Loss.DAMAGED, f"iso9660: the disc has {tree} tree too, which is not read: {why}")

    def _adding(self, items: Iterator[Found], tree: str) -> Iterator[Found]:
        """Yield those of another file system's items that no tree before it listed."""
        further = Further[Found](self._told, strict=False) if self._number else None
        self._number += 1
        meta = {"tree": tree} if further is not None else {}
        for found in items:
            for at, length in found.runs or ():
                self._told.cover(at, length if at >= 0 else 0)
            if further is not None and found.kind in (Kind.DIRECTORY, Kind.SYSTEM) and found.status is None:
                continue
            if found.kind is Kind.FILE and found.runs is not None:
                extent = (found.runs or ((0, 0),))[0][0], found.size or 0
                if further is not None and not further.is_new(extent, found.name, found):
                    continue
                self._told.add(extent, found.name)
            yield replace(found, meta={**found.meta, **meta})
        for extent, path, found in further.left() if further is not None else ():
            self._told.add(extent, path)
            yield replace(found, meta={**found.meta, **meta})


def _beside(reader: Reader, stream: Stream, around: Context) -> Iterator[Found]:
    """Yield what lies in the sectors left to the system, and behind the space that the primary descriptor counts."""
    yield from unclaimed(stream, 0, DESCRIPTORS, "boot block", around)
    with suppress(Missing):
        told = reader.at(DESCRIPTORS, 132)
        size = u32(told, 80) * u16(told, 128)
        if told[0] == 1 and size > DESCRIPTORS:
            yield from unclaimed(stream, size, stream.size, "behind the end", around)


def _name(tree: Tree) -> str:
    return "rock ridge" if tree.rock else "joliet" if tree.joliet else "plain"


_Open = tuple[int, int, bytes, int, Found | None]
"""A directory to be listed: block, bytes, path, depth, its own row (None where it has none)."""


class _Walk:
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
                size = u32(self.reader.at(extent * self.tree.block, 34), 10)
                yield from self._below((extent, size, path, 1, self._lost(extent, path)))

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
                if record.name not in (b".", b"..") and not record.rock.relocated:
                    yield record
        except (Missing, ValueError) as error:
            self._why = str(error)
            self._note("directory", f"a directory cannot be read further: {error}", path)

    def _inside(self, record: Record) -> tuple[int, int]:
        """Return where a directory lies; one that was moved tells its size only in its own first record."""
        if record.rock.child is None:
            return record.extent, record.size
        raw = self.reader.at(record.rock.child * self.tree.block, 34)
        return record.rock.child, u32(raw, 10)

    def _bare(self, record: Record, name: bytes) -> Found:
        text, raw = shown(name.decode("utf-8", "surrogateescape"))
        removed = self.session is not None and self.session.earlier
        return Found(
            name=text,
            raw=raw,
            place=str(record.at),
            kind=Kind.DELETED if removed else Kind.FILE,
            meta=self._meta(record),
            mtime=_mtime(record),
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
            reason = "symbolic link: not followed"
            kept = Kind.SYMLINK if bare.kind is Kind.FILE else bare.kind
            return replace(bare, kind=kept, meta=meta, status=Status.UNSUPPORTED, reason=reason)
        if kind in SPECIAL:
            reason = f"{SPECIAL[kind]}: never opened"
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
        meta: dict[str, object] = {"tree": _name(self.tree)} if self.left_out else {}
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


def _mtime(record: Record) -> str | None:
    seconds = record.time if record.rock.modified is None else record.rock.modified
    return None if seconds is None else rfc3339(seconds)


SOURCE = Iso9660()
