"""One member of tar as an item: what kind it is, where its content lies, what its header says of it.

Source: POSIX.1-2017, pax, "ustar Interchange Format", type flags; GNU tar manual, "Basic Tar Format" (S, D, M, V).
"""

import stat
from io import BytesIO
from typing import NamedTuple

from msgspec.structs import replace

from actionday.model import Damaged, Found, Kind, Loss, Note, Run, Status
from actionday.model.names import text_of
from actionday.model.times import rfc3339
from actionday.sources.archives import _entries, _tarsparse
from actionday.sources.archives._streams import body
from actionday.sources.archives._tape import Tape, content
from actionday.sources.archives._tarattributes import administrative
from actionday.sources.archives._tarextended import Extended, is_usual
from actionday.sources.archives._tarheader import RECORD, ZEROS, Header, header

MOST_NAMES = 1000
"""Names of extended headers kept of one member: writers make two or three."""
_DEVICES = {b"3": stat.S_IFCHR, b"4": stat.S_IFBLK, b"6": stat.S_IFIFO}


class Entry(NamedTuple):
    """An item, and how many bytes of the tape from here on are its content (padding not counted)."""

    found: Found
    left: int
    damage: str = ""
    carried: Found | None = None
    """The content of an entry that has none by its type."""
    mapped: int | None = None
    """Of a sparse member: the byte behind the last that its map names."""


def entry(tape: Tape, own: Header, extended: Extended, place: str) -> Entry:
    """Return the member whose header was just read. Raises Damaged when where it ends cannot be told."""
    name = extended.path(own)
    mtime, meta = facts(own, extended)
    if own.type in b"5D" or (own.type == b"0" and name.endswith(b"/")):
        return _carrying(tape, own, extended, _entries.directory(name, place, mtime, meta))
    if own.type in b"12" and not (own.type == b"1" and _holds_data(tape, own)):
        target = extended.target(own)
        found = _entries.link(name, place, target, mtime, meta, hard=own.type == b"1")
        if not _entries.is_path(target):
            said = replace(_entries.content_of(name, place), size=len(target), read=lambda: BytesIO(target))
            return Entry(found, 0, carried=said)
        return _carrying(tape, own, extended, found)
    if own.type in _DEVICES:
        return _carrying(tape, own, extended, _entries.special(name, place, _DEVICES[own.type], mtime, meta))
    if own.type == b"V":
        text, raw = text_of(name)
        volume = Found(name=text, raw=raw, kind=Kind.SPECIAL, place=place, mtime=mtime, status=Status.EMPTY,
                       reason="the name of a tape volume, no file", meta={**meta, "type": "volume label"})  # fmt: skip
        return _carrying(tape, own, extended, volume)
    return _file(tape, own, extended, place, (mtime, meta))


def _carrying(tape: Tape, own: Header, extended: Extended, found: Found) -> Entry:
    """Return an entry without content by its type, and what follows it all the same, where that is no header.

    GNU tar's incremental archives keep a list of a directory's files there (type D). Directories may declare a size
    that is a hint on how much they will hold, links that of their file.
    """
    listing = own.type == b"D"
    if not listing and (own.type == b"1" or not _holds_data(tape, own)):
        return Entry(found, 0)
    left = _size(own, extended, found.place)
    if left <= listing:  # the list of an empty directory is a NUL
        return Entry(found, left)
    bare = replace(_entries.content_of(extended.path(own), found.place), size=left)
    if listing:
        bare = replace(bare, kind=Kind.SYSTEM)
    return Entry(found, left, carried=_with_content(tape, ((tape.at, left),), bare))


def _size(own: Header, extended: Extended, place: str) -> int:
    size = extended.number("size", own.size)
    if size is None or size < 0:
        raise Damaged(f"tar: the member at byte {place.rstrip('+')} has no size")
    return size


def _holds_data(tape: Tape, own: Header) -> bool:
    """POSIX lets a hard link carry the content; most writers only repeat its size, then a header follows."""
    if not own.size or own.size < 0:
        return False
    block = tape.peek(RECORD)
    return bool(block) and block != ZEROS and header(block) is None


def _file(tape: Tape, own: Header, extended: Extended, place: str,
          known: tuple[str | None, dict[str, object]]) -> Entry:  # fmt: skip
    text, raw = text_of(extended.path(own))
    stored = _size(own, extended, place)
    begun = tape.at
    try:
        pieces, size, left, sparse = _pieces(tape, own, extended, stored)
    except Damaged as error:
        left = max(0, begun + stored - tape.at)
        return Entry(_entries.unreadable(extended.path(own), place, str(error), stored), left, str(error))
    notes: tuple[Note, ...] = ()
    if own.type == b"M":
        notes = (Note("missing_part", "tar: begins in another volume, whose part is missing"),)
    found = _with_content(tape, pieces, Found(name=text, raw=raw, kind=Kind.MEMBER, place=place, size=size,
                                              mtime=known[0], meta=known[1], notes=notes))  # fmt: skip
    mapped = max((at + length for at, length in pieces if at >= 0), default=tape.at) if sparse else None
    return Entry(found, left, mapped=mapped)


def _pieces(
    tape: Tape, own: Header, extended: Extended, stored: int
) -> tuple[tuple[Run, ...], int, int, bool]:
    """Return where the content lies, its size, the bytes left to pass, and whether a map tells it."""
    values = extended.values
    real = extended.number("GNU.sparse.realsize", extended.number("GNU.sparse.size", None))
    if own.type == b"S":
        at = tape.at - RECORD
        segments, size = _tarsparse.old_gnu(own, lambda: tape.read(RECORD), at, extended.remnants)
        return _tarsparse.runs(segments, tape.at, stored, size), size, stored, True
    if values.get("GNU.sparse.major") == b"1" and real is not None:
        segments, taken = _tarsparse.in_front(lambda: tape.read(RECORD), tape.at, extended.remnants)
        return _tarsparse.runs(segments, tape.at, stored - taken, real), real, stored - taken, True
    numbers = values["GNU.sparse.map"].split(b",") if "GNU.sparse.map" in values else extended.map
    if real is not None and numbers:
        segments = _tarsparse.from_numbers(numbers)
        return _tarsparse.runs(segments, tape.at, stored, real), real, stored, True
    return ((tape.at, stored),) if stored else (), stored, stored, False


def _with_content(tape: Tape, pieces: tuple[Run, ...], found: Found) -> Found:
    facts = {name: getattr(found, name) for name in found.__struct_fields__}
    room = tape.addressed()
    if room is None:
        return Found(**{**facts, "read": lambda: body(content(tape, pieces, "tar"))})
    clipped = tuple((at, length if at < 0 else min(length, room - at)) for at, length in pieces if at < room)
    if clipped != pieces:
        note = Note(Loss.BROKEN_OFF, f"tar: the archive ends at byte {room}, inside this member")
        return Found(**{**facts, "runs": clipped, "notes": (*found.notes, note)})
    return Found(**{**facts, "runs": pieces})


def facts(own: Header, extended: Extended) -> tuple[str | None, dict[str, object]]:
    """Return the time of the member, and what an examiner needs of its header."""
    meta: dict[str, object] = {}
    if own.mode is not None:
        meta["mode"] = f"{own.mode & 0o7777:04o}"
    for key, stored in (("uid", own.uid), ("gid", own.gid)):
        if (owner := extended.number(key, stored)) is not None:
            meta[key] = owner
    for key, pax, text in (("user", "uname", own.user), ("group", "gname", own.group)):
        if value := extended.values.get(pax, text):
            meta[key] = text_of(value)[0]
    if noted := administrative(extended.values):
        meta["records"] = noted
    meta |= _overruled(own, extended)
    return _mtime(own, extended, meta), meta


def _overruled(own: Header, extended: Extended) -> dict[str, object]:
    """Return what the headers say otherwise than the extended ones that count, unless it is a beginning of that."""
    path, values = extended.path(own), extended.values
    pairs = (
        ("header_name", own.name, path), ("header_target", own.link, extended.target(own)),
        ("header_user", own.user, values.get("uname", own.user)),
        ("header_group", own.group, values.get("gname", own.group)),
        ("header_path", values.get("path", b""), path),
    )  # fmt: skip
    found: dict[str, object] = {
        key: text_of(stored)[0] for key, stored, used in pairs if stored and not used.startswith(stored)
    }
    if names := [text_of(name)[0] for name in extended.names if not is_usual(name, path)]:
        found["extended_header_names"] = names[:MOST_NAMES]
        found |= {"extended_header_names_more": len(names) - MOST_NAMES} if len(names) > MOST_NAMES else {}
    return found


def _mtime(own: Header, extended: Extended, meta: dict[str, object]) -> str | None:
    stored = extended.values.get("mtime")
    seconds, nanoseconds = own.mtime, 0
    if stored is not None:
        seconds, nanoseconds = decimal_time(stored)
    if seconds is None:
        return None
    time = rfc3339(seconds, nanoseconds)
    if time is None:
        meta["mtime_raw"] = stored.decode("ascii", "replace") if stored is not None else str(seconds)
    return time


def decimal_time(text: bytes) -> tuple[int | None, int]:
    """Return seconds and nanoseconds of a decimal such as ``-1.5`` (which is -2 s and 500,000,000 ns)."""
    whole, _, fraction = text.partition(b".")
    digits = whole.removeprefix(b"-")
    if not digits.isdigit() or len(digits) > 20 or not (fraction.isdigit() or not fraction):
        return None, 0
    nanoseconds = int(fraction[:9].ljust(9, b"0") or b"0")
    seconds = int(whole)
    if whole.startswith(b"-") and nanoseconds:
        return seconds - 1, 1_000_000_000 - nanoseconds
    return seconds, nanoseconds
