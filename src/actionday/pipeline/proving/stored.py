"""Are the stored contents those of their hashes, and the packs those objects and nothing else?"""

import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from actionday.model import Damaged
from actionday.pipeline.proving.report import Check, Subject
from actionday.pipeline.proving.touched import all_by_place, by_content, by_object, by_place
from actionday.storage.case import Case
from actionday.storage.case_parts import OBJECTS
from actionday.storage.objects import Location, Packs
from actionday.storage.objects.frames import decompress
from actionday.storage.objects.packs import BUNDLE, BUNDLE_MARK, HEAD, MAGIC, MARK, MEMBER, ODD

PIECE = 4 << 20
PACK = re.compile(r"pack-\d{6,}\.pack")
Stored = tuple[bytes, Location]
Member = tuple[bytes, int, int]


class _OddRow(Exception):
    """A row of objects that holds what no case does; the message names it."""


def check_objects(of: Subject) -> Check:
    """Unpack every object and compare its hash; a text that is not there is a difference, and so is a file that is
    no pack of the case."""
    try:
        return _unpacked(of)
    except _OddRow as odd:
        return _found(0, str(odd))


def _unpacked(of: Subject) -> Check:
    case, packs = of.case, of.packs
    checked, last, surplus = 0, 0, []
    expected_files = set()
    for pack, objects in groupby(_objects(case), key=lambda each: each[1].pack):
        found = list(objects)
        last = pack
        expected_files.add(packs.path(pack).name)
        if short := _short(packs.path(pack), found[-1][1].end):
            touched = by_place(case, pack, behind=short.behind)
            return msgspec.structs.replace(
                _found(checked, short.said + touched), said=tuple(all_by_place(case, pack, short.behind))
            )
        if torn := _frame(packs.path(pack), found, partial(_is_stored, case)):
            return _found(checked, torn.said + _touched(case, pack, torn))
        if behind := packs.path(pack).stat().st_size - found[-1][1].end:
            said = f"{packs.path(pack).name} ends at {found[-1][1].end + behind}, its objects at {found[-1][1].end}"
            if not of.growing:
                return _found(checked, said)
            surplus.append(f"{said}: what a run had begun to store")
        for expected, location in found:
            if difference := _object(packs, expected, location):
                return _found(checked, difference + by_object(case, expected))
            checked += 1
    for name in _others(case.folder / OBJECTS, expected_files):
        if not (of.growing and PACK.fullmatch(name) and name > packs.path(last).name):
            return _found(checked, f"{name} is none of the case's packs")
        surplus.append(f"{name}: what a run had begun to store")
    missing = case.database.execute(
        "SELECT sha256 FROM contents WHERE text IS NOT NULL AND text NOT IN (SELECT sha256 FROM objects) LIMIT 1"
    ).fetchone()
    if missing is None:
        return _found(checked, None, tuple(surplus))
    said = f"the text of content {missing[0].hex()} is not in the objects"
    return _found(checked, said + by_content(case, missing[0]), tuple(surplus))


def _touched(case: Case, pack: int, torn: "_Torn") -> str:
    if torn.object is not None:
        return by_object(case, torn.object)
    return by_place(case, pack, torn.start, torn.behind)


def _found(checked: int, difference: str | None, surplus: tuple[str, ...] = ()) -> Check:
    return Check(name="objects", what="objects", checked=checked, difference=difference, not_proved=surplus)


def _others(folder: Path, packs: set[str]) -> list[str]:
    """Return the names in the folder of packs that no object lies in."""
    if not folder.is_dir():
        return []
    return [each.name for each in sorted(folder.iterdir()) if each.name not in packs]


def _is_stored(case: Case, sha256: bytes) -> bool:
    return case.database.execute("SELECT 1 FROM objects WHERE sha256 = ?", (sha256,)).fetchone() is not None


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
    return _Torn(f"{path.name} ends at {size} of {end} bytes", behind=size) if size < end else None


class _Torn(NamedTuple):
    """How a pack is not as it was written, and what of it that is: an object, a frame, what lies behind a place; else
    all of it."""

    said: str
    object: bytes | None = None
    start: int | None = None
    behind: int | None = None


def _frame(path: Path, objects: list[Stored], stored: Callable[[bytes], bool]) -> _Torn | None:
    """Compare what stands between the objects of a pack: its mark, their heads, and that nothing else does."""
    at, at_frame = len(MAGIC), None
    try:
        with path.open("rb") as file:
            if file.read(at) != MAGIC:
                return _Torn(f"{path.name} does not begin as a pack does")
            for start, sharing in groupby(objects, key=lambda each: each[1].start):
                found, at_frame = list(sharing), start
                file.seek(at)
                if difference := _head(file, start, found, stored):
                    return difference._replace(said=f"{path.name}: at {at} {difference.said}")
                at = found[0][1].end
    except Damaged:
        return _Torn(f"{path.name}: the frame at {at_frame} does not unpack", start=at_frame)
    except OSError:
        return _Torn(f"{path.name}: cannot be read from the disk", start=at_frame)
    return None


def _head(file: BinaryIO, start: int, found: list[Stored], stored: Callable[[bytes], bool]) -> _Torn | None:
    """Compare the head at the place of ``file``, and that frames follow at ``start``; return what differs."""
    expected, location = found[0]
    mark = file.read(len(MARK))
    file.seek(-len(mark), os.SEEK_CUR)
    if mark != BUNDLE_MARK:
        head = file.read(HEAD.size)
        same = len(found) == 1 and location.skip == 0 and head == HEAD.pack(MARK, expected, location.size)
        if same and file.tell() == start:
            return None
        return _Torn(f"there is not the head of object {expected.hex()}", start=start)
    listed = _members(file, start)
    if file.tell() != start or any(each[1].frames != location.frames for each in found):
        return _Torn(f"there is not the head of the objects with {expected.hex()}", start=start)
    known = {(sha256, each.size, each.skip) for sha256, each in found}
    if not known <= set(listed):
        return _Torn(f"the head lists other objects than those with {expected.hex()}", start=start)
    frame = decompress(file.read(location.stored))
    for sha256_, size, skip in listed:
        if sha256(frame[skip : skip + size]).digest() != sha256_:
            return _Torn(f"object {sha256_.hex()} in a shared frame has another hash", sha256_)
        if (sha256_, size, skip) not in known and not stored(sha256_):
            return _Torn(f"object {sha256_.hex()} in a shared frame is none of the case's", sha256_)
    end = listed[-1][1] + listed[-1][2]
    if end == len(frame):
        return None
    return _Torn(f"the shared frame has {len(frame)} bytes, its objects {end}", start=start)


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


def _object(packs: Packs, expected: bytes, location: Location) -> str | None:
    total = sha256()
    name = f"object {expected.hex()} in {packs.path(location.pack).name} at {location.start}"
    try:
        stream = packs.stream(location)
        while piece := stream.read(PIECE):
            total.update(piece)
    except Damaged:
        return f"{name} does not unpack"
    except OSError:
        return f"{name} cannot be read from the disk"
    if total.digest() != expected:
        return f"{name} has the hash {total.hexdigest()}"
    return None
