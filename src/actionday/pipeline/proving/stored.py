"""Are the stored contents those of their hashes, and the packs those objects and nothing else?"""

import os
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple

from actionday.model import Damaged
from actionday.model.counted import grouped, parted
from actionday.pipeline.proving.pace import BYTES
from actionday.pipeline.proving.report import MOST_NAMED, Check, Subject
from actionday.pipeline.proving.touched import NOWHERE, Place, Touched, by_object
from actionday.storage.case import Case
from actionday.storage.case_parts import OBJECTS
from actionday.storage.objects import Location
from actionday.storage.objects.frames import decompress
from actionday.storage.objects.packs import BUNDLE, BUNDLE_MARK, HEAD, MAGIC, MARK, MEMBER, ODD
from actionday.storage.own_names import PACK, own_files

PIECE = 4 << 20
LIST_CHANGED = "the pack's own list was changed: it"
Stored = tuple[bytes, Location]
Member = tuple[bytes, int, int]
Where = Callable[[bytes], str]


class _OddRow(Exception):
    """A row of objects that holds what no case does; the message names it."""


def check_objects(of: Subject) -> Check:
    """Unpack every object and compare its hash; a text that is not there is a difference, and so is a pack that is
    none of the case's. It goes on behind a difference: each object that differs is counted, the first are named."""
    found = _Differing(of.case)
    try:
        surplus = _unpacked(of, found)
    except _OddRow as odd:  # where the objects behind it lie cannot be told either
        found.differs(str(odd))
        surplus = []
    return Check(
        name="objects",
        what="objects",
        checked=found.checked,
        difference=next(iter(found.lines), None),
        more=tuple(found.lines[1:]),
        differing=found.count,
        within=found.within,
        said=tuple(found.touched.lines()),
        not_proved=tuple(surplus),
    )


class _Differing:
    """What differs so far: how many, a line each for the first hundred, and the items that they touch."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.checked, self.count, self.within = 0, 0, 0
        self.lines, self.touched = list[str](), Touched(case)

    def differs(self, line: str, place: Place | None = None, *, objects: int = 1) -> None:
        """Take a difference, of one or several objects, with the place in the packs that tells what it touches."""
        self.count += objects
        if len(self.lines) < MOST_NAMED:
            self.within += objects - 1
            self.lines.append(line + self.touched.take(place) if place else line)


def _unpacked(of: Subject, differing: "_Differing") -> list[str]:
    """Go through all packs; return what a run had begun to store."""
    case, packs = of.case, of.packs
    last, surplus = 0, list[str]()
    of.pace.expect(case.database.execute("SELECT TOTAL(size) FROM objects").fetchone()[0], BYTES)
    expected_files = set()
    for pack, objects in groupby(_objects(case), key=lambda each: each[1].pack):
        found, last, path = list(objects), pack, packs.path(pack)
        expected_files.add(path.name)
        end = found[-1][1].end
        if short := _short(path, end):
            behind = [each for each in found if short.behind is None or each[1].end > short.behind]
            differing.differs(short.said, Place(pack, behind=short.behind), objects=len(behind))
            found = found[: len(found) - len(behind)]
        elif more := path.stat().st_size - end:
            said = f"{path.name} ends at {grouped(end + more)}, its objects at {grouped(end)}"
            if of.growing:
                surplus.append(f"{said}: what a run had begun to store")
            else:
                differing.differs(said)
        if found:
            _pack(of, pack, found, differing)
    for name in _others(case.folder / OBJECTS, expected_files):
        if not (of.growing and name > packs.path(last).name):
            differing.differs(f"{name} is none of the case's packs")
        else:
            surplus.append(f"{name}: what a run had begun to store")
    missing = (
        "SELECT sha256 FROM contents WHERE text IS NOT NULL AND text NOT IN (SELECT sha256 FROM objects)"
    )
    for (content,) in case.database.execute(missing).fetchall():
        said = f"the text of content {content.hex()} is not in the objects"
        differing.differs(said, Place(content=content))
    return surplus


def _pack(of: Subject, pack: int, found: list[Stored], differing: "_Differing") -> None:
    """Compare one pack: what stands between its objects, then each that no torn frame has told of already."""
    told = set[bytes]()
    for torn in _frames(of.packs.path(pack), found, partial(_where, of)):
        told.update(torn.within)
        differing.differs(torn.said, torn.place(pack), objects=len(torn.within) or 1)
    for expected, location in found:
        if expected in told:
            continue
        if difference := _object(of, expected, location):
            differing.differs(difference, Place(object=expected))
        else:
            differing.checked += 1


def _others(folder: Path, packs: set[str]) -> list[str]:
    """Return the packs that no object lies in; what is called otherwise is no part of the case."""
    if not folder.is_dir():
        return []
    return [each.name for each in own_files(folder, PACK) if each.name not in packs]


def _where(of: Subject, sha256: bytes) -> str:
    """Return where the copy of an object lies that the database reads, "" where it has none."""
    row = of.case.database.execute("SELECT pack, start FROM objects WHERE sha256 = ?", (sha256,)).fetchone()
    return f"{of.packs.path(row[0]).name} at {row[1]}" if row else ""


def _objects(case: Case) -> Iterator[Stored]:
    query = (
        "SELECT sha256, o.pack, o.start, o.size, o.frames, o.skip FROM objects o ORDER BY pack, start, skip"
    )
    for row in case.database.execute(query):
        if not isinstance(row[0], bytes):
            raise _OddRow(f"object {row[0]!r:.80}: {ODD}")
        try:
            yield row[0], Location.of(row[1:])
        except Damaged as damage:
            raise _OddRow(f"object {row[0].hex()}: {damage}{by_object(case, row[0])}") from damage


def _short(path: Path, end: int) -> "_Torn | None":
    """Return how a pack is not there, or not to its end."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return _Torn(f"{path.name} is gone")
    return (
        _Torn(f"{path.name} ends at {grouped(size)} of {grouped(end)} bytes", behind=size)
        if size < end
        else None
    )


class _Torn(NamedTuple):
    """How a pack is not as it was written, and what of it that is: objects, a frame, what lies behind a place, or
    nothing that the database reads; else all of it. ``within``: objects of which nothing more is to be asked."""

    said: str
    object: bytes | None = None
    start: int | None = None
    behind: int | None = None
    within: tuple[bytes, ...] = ()
    unread: bool = False

    def place(self, pack: int) -> Place:
        """Return where in the packs what it touches lies."""
        if self.unread:
            return NOWHERE
        return Place(object=self.object) if self.object else Place(pack, self.start, self.behind)


def _frames(path: Path, objects: list[Stored], where: Where) -> Iterator[_Torn]:
    """Compare what stands between the objects of a pack: its mark, their heads, and that nothing else does."""
    at, at_frame = len(MAGIC), None
    try:
        with path.open("rb") as file:
            if file.read(at) != MAGIC:
                yield _Torn(f"{path.name} does not begin as a pack does")
            for start, sharing in groupby(objects, key=lambda each: each[1].start):
                found, at_frame = list(sharing), start
                file.seek(at)
                for torn in _head(file, start, found, where):
                    yield torn._replace(said=f"{path.name}: at {at} {torn.said}")
                at = found[0][1].end
    except OSError:
        yield _Torn(f"{path.name}: cannot be read from the disk", start=at_frame)


def _head(file: BinaryIO, start: int, found: list[Stored], where: Where) -> Iterator[_Torn]:
    """Compare the head at the place of ``file``, and that frames follow at ``start``; yield what differs."""
    expected, location = found[0]
    mark = file.read(len(MARK))
    file.seek(-len(mark), os.SEEK_CUR)
    if mark != BUNDLE_MARK:
        head = file.read(HEAD.size)
        same = len(found) == 1 and location.skip == 0 and head == HEAD.pack(MARK, expected, location.size)
        if not same or file.tell() != start:
            other = f"names other contents than the database, which has object {expected.hex()} there"
            none = f"does not name object {expected.hex()} as the database has it there"
            yield _Torn(f"{LIST_CHANGED} {other if mark == MARK and len(found) == 1 else none}", start=start)
        return
    listed = _members(file, start)
    if file.tell() != start or any(each[1].frames != location.frames for each in found):
        yield _Torn(
            f"{LIST_CHANGED} does not name the objects with {expected.hex()} as the database has them there",
            start=start,
        )
        return
    known = {(sha256, each.size, each.skip) for sha256, each in found}
    if not known <= set(listed):
        yield _Torn(
            f"{LIST_CHANGED} names other contents than the database, which has those with {expected.hex()} there",
            start=start,
        )
        return
    yield from _shared(file.read(location.stored), start, listed, known, where)


def _shared(
    stored: bytes, start: int, listed: list[Member], known: set[Member], where: Where
) -> Iterator[_Torn]:
    """Compare the objects in a frame that several share; ``known`` are those that the database reads there."""
    try:
        frame = decompress(stored)
    except Damaged:
        within = tuple(member[0] for member in listed if member in known)
        yield _Torn(f"the shared frame does not unpack, with {parted(len(within), 'object')} in it",
                    start=start, within=within)  # fmt: skip
        return
    for member in listed:
        expected, size, skip = member
        name = f"object {expected.hex()} in a shared frame"
        if sha256(frame[skip : skip + size]).digest() != expected:
            if member in known:
                yield _Torn(f"{name} has another hash", expected, within=(expected,))
            elif counts := where(expected):
                said = f"a copy of {name}, which is not read, has another hash; the one that counts lies in {counts}"
                yield _Torn(said, unread=True)
            else:
                yield _Torn(f"{name} has another hash, and is none of the case's", unread=True)
        elif member not in known and not where(expected):
            yield _Torn(f"{name} is none of the case's", unread=True)
    end = listed[-1][1] + listed[-1][2]
    if end != len(frame):
        yield _Torn(
            f"the shared frame has {grouped(len(frame))} bytes, its objects {grouped(end)}", start=start
        )


def _members(file: BinaryIO, start: int) -> list[Member]:
    """Return SHA-256, size and place in the frame of each object that a head lists before ``start``."""
    _, count = BUNDLE.unpack(file.read(BUNDLE.size).ljust(BUNDLE.size, b"\0"))
    found: list[Member] = []
    skip = 0
    while len(found) < count and file.tell() + MEMBER.size <= start:
        digest, size = MEMBER.unpack(file.read(MEMBER.size))
        found.append((digest, size, skip))
        skip += size
    return found


def _object(of: Subject, expected: bytes, location: Location) -> str | None:
    total = sha256()
    name = f"object {expected.hex()} in {of.packs.path(location.pack).name} at {location.start}"
    try:
        stream = of.packs.stream(location)
        while piece := stream.read(PIECE):
            total.update(piece)
            of.pace.more(len(piece))
    except Damaged:
        return f"{name} does not unpack"
    except OSError:
        return f"{name} cannot be read from the disk"
    if total.digest() != expected:
        return f"{name} has the hash {total.hexdigest()}"
    return None
