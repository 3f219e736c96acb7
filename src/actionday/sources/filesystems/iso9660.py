"""ISO 9660 with Joliet and Rock Ridge.

Source: ECMA-119; IEEE P1281 (SUSP), P1282 (RRIP); Microsoft, "Joliet Specification".

A disc may hold several trees over the same files. The one that tells most is listed (Rock Ridge, then Joliet,
then UDF, then plain names), and from the others the files that it leaves out; then from those of other sessions.
"""

from collections.abc import Iterator
from contextlib import suppress

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
    Stream,
    Unsupported,
)
from actionday.model.counted import counted
from actionday.model.loss import ENDS_EARLY
from actionday.sources.filesystems._iso_apple import apple, listed
from actionday.sources.filesystems._iso_descriptors import said, unused
from actionday.sources.filesystems._iso_records import Record, Tree, trees
from actionday.sources.filesystems._iso_sessions import root_of, sessions
from actionday.sources.filesystems._iso_told import Further, Told
from actionday.sources.filesystems._iso_walk import Session, Walk, name_of
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u16, u32
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems._udf_tree import walk_of
from actionday.sources.filesystems._udf_volume import Volume, recognised_on
from actionday.sources.volumes import _ends as ends
from actionday.sources.volumes._signs import unwrapped
from actionday.sources.volumes._unclaimed import unclaimed

DESCRIPTORS = 32768
"""Sixteen sectors of 2,048 bytes are left to the system."""
PADDING = 152 * 2048
MOST_SESSIONS = 256
"""Sessions listed of one disc: a CD holds 99 tracks."""
"""Bytes at the end of a disc that copies often lack: the zeros that writers add, and what a drive adds behind them."""


class Iso9660:
    """CD and DVD images."""

    name, sample = "iso9660", "iso9660.iso"
    binary = True
    marks = ((DESCRIPTORS + 1, b"CD001"),)

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
        lost = list[str]()
        try:
            there = trees(reader, lost=lost)
        except Missing as error:
            raise Damaged(f"iso9660: {error}") from error
        if not there:
            raise Damaged("iso9660: no volume descriptor can be read")
        if lost:
            many = counted(len(lost), "descriptor")
            around.note(Loss.DAMAGED, f"iso9660: {many} of volumes cannot be had: {lost[0]}")
        around.acquired(
            {"iso9660": {"label": there[0].label, "trees": [name_of(tree) for tree in there], **said(reader)}}
        )
        disc = _Disc(reader, stream, around)
        yield from disc.first(there)
        yield from disc.sessions(there)
        yield from _beside(reader, stream, around)
        disc.whole()
        if disc.ended:
            raise Damaged(f"iso9660: the root directory: {disc.ended}")


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
        there_too = sessions(self._reader, list(self._told.gaps(self._reader.size)))
        for number, (at, found) in enumerate(there_too):
            if number >= MOST_SESSIONS:
                why = f"sessions from byte {at} on are not listed: more than {MOST_SESSIONS}"
                self._around.note(Loss.PARTS_LIMIT, f"iso9660: {why}")
                break
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
            walk = Walk(self._reader, tree, self._around, self._told, further, session)
            yield from walk.items()
            self.ended = self.ended or walk.ended

    def whole(self) -> None:
        """Note a disc that ends before its descriptor says: no loss where no more than padding lacks."""
        with suppress(Missing):
            told, size = _size(self._reader), self._reader.size
            lacks = told - size > PADDING or self._told.end() > size
            if told > size:
                code = Loss.SHORT if lacks else ENDS_EARLY
                self._around.note(code, f"iso9660: the disc is {told} bytes long, {size} are there")
            if lacks:
                ends.lacks(told, size, self._around)

    def _udf(self) -> Iterator[Found]:
        """Yield what a UDF tree lists and no tree before it."""
        try:
            if not recognised_on(self._reader):
                return
        except Missing as error:
            self._lost("perhaps a UDF", f"{error}")
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
    """Yield what lies in the sectors left to the system, in descriptors, and behind the space that is counted."""
    yield from unclaimed(stream, 0, DESCRIPTORS, "boot block", around)
    for start, end in unused(reader):
        yield from unclaimed(stream, start, end, "volume descriptor", around)
    with suppress(Missing):
        size = _size(reader)
        if size > DESCRIPTORS:
            yield from unclaimed(stream, size, stream.size, "behind the end", around)


def _size(reader: Reader) -> int:
    """Return how long the first primary descriptor says that the disc is, 0 where another stands there."""
    told = reader.at(DESCRIPTORS, 132)
    return u32(told, 80) * u16(told, 128) if told[0] == 1 else 0


SOURCE = Iso9660()
