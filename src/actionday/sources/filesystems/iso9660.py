"""ISO 9660 with Joliet and Rock Ridge.

Source: ECMA-119; IEEE P1281 (SUSP), P1282 (RRIP); Microsoft, "Joliet Specification".

A disc may hold several trees over the same files. The one that tells most is listed (Rock Ridge, then Joliet,
then plain names), and from the others the files that it leaves out.
"""

from collections.abc import Iterator
from contextlib import suppress

from msgspec.structs import replace

from actionday.model import Claim, Context, Damaged, Found, Kind, Peek, Run, Status, Stream
from actionday.model.times import rfc3339
from actionday.sources.filesystems._iso_records import DIRECTORY, Record, Tree, directories, records, trees
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u16, u32
from actionday.sources.volumes._signs import unwrapped
from actionday.sources.volumes._unclaimed import unclaimed

DESCRIPTORS = 32768
"""Sixteen sectors of 2,048 bytes are left to the system."""
DEEPEST = 1024
SPECIAL = {0x1000: "fifo", 0x2000: "character device", 0x6000: "block device", 0xC000: "socket"}
LINK = 0xA000


class Iso9660:
    """CD and DVD images."""

    name, sample = "iso9660", "iso9660.iso"

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
        seen: set[tuple[int, int]] = set()
        ended = ""
        for number, tree in enumerate(there):
            walk = _Walk(reader, tree, around, seen, number > 0)
            yield from walk.items()
            ended = ended or walk.ended
        yield from _beside(reader, stream, around)
        if ended:
            raise Damaged(f"iso9660: the root directory: {ended}")


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
    """One tree; ``left_out``: only files that no tree before it listed."""

    def __init__(
        self, reader: Reader, tree: Tree, around: Context, seen: set[tuple[int, int]], left_out: bool
    ) -> None:
        self.reader, self.tree, self.around = reader, tree, around
        self.seen, self.left_out = seen, left_out
        self.entered: set[int] = set()
        self.ended = ""
        """Why not all of the root's names could be read."""
        self.damaged = False
        self._why = ""

    def items(self) -> Iterator[Found]:
        """Yield the entries, a directory's own behind what it lists; then what the path table alone leads to."""
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

    def _found(self, record: Record, name: bytes) -> Found | None:
        text, raw = shown(name.decode("utf-8", "surrogateescape"))
        bare = Found(
            name=text,
            raw=raw,
            place=str(record.at),
            kind=Kind.FILE,
            meta=self._meta(record),
            mtime=_mtime(record),
        )
        if record.flags & DIRECTORY or record.rock.child is not None:
            return replace(bare, kind=Kind.DIRECTORY)
        if self.left_out and (record.size == 0 or (record.extent, record.size) in self.seen):
            return None
        self.seen.add((record.extent, record.size))
        return self._leaf(record, bare)

    def _leaf(self, record: Record, bare: Found) -> Found:
        kind = (record.rock.mode or 0) & 0xF000
        if record.rock.target is not None or kind == LINK:
            meta = {
                **bare.meta,
                "target": shown((record.rock.target or b"").decode("utf-8", "surrogateescape"))[0],
            }
            reason = "symbolic link: not followed"
            return replace(bare, kind=Kind.SYMLINK, meta=meta, status=Status.UNSUPPORTED, reason=reason)
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
