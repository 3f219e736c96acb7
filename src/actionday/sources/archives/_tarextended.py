"""Extended headers of tar: what comes before a member's own header and changes it.

Source: POSIX.1-2017, pax, "pax Interchange Format" (x, g); GNU tar manual, "Basic Tar Format" (L, K).
"""

import re
from dataclasses import dataclass, field

from actionday.model import Damaged
from actionday.sources.archives._tape import Tape
from actionday.sources.archives._tarheader import RECORD, Header, header, pax_records
from actionday.sources.archives._tarremnants import Remnant, of_header, remnant

KINDS = b"xXgLK"  # X is what Solaris writes for x
_USUAL = re.compile(
    rb"\.?|tmp|@?PaxHeaders?(?:\.\w{1,20})?|@LongLink|@LongHeader|GlobalHead(?:\.\d{1,20}){1,2}|pax_global_header"
)
_LONGEST = 1 << 20  # bytes of one, as in libarchive: names and attributes are far below


@dataclass
class Extended:
    """What the extended headers before one member said."""

    values: dict[str, bytes] = field(default_factory=dict)
    map: list[bytes] = field(default_factory=list)
    name: bytes | None = None
    link: bytes | None = None
    remnants: list[Remnant] = field(default_factory=list)
    """What stands in the headers, the member's own not among them, and says nothing of the member."""
    names: list[bytes] = field(default_factory=list)
    """What the extended headers themselves are called."""
    where: dict[str, int] = field(default_factory=dict)
    """The byte at which each value stands."""

    def number(self, key: str, other: int | None) -> int | None:
        """Return the whole number under ``key``, else ``other``."""
        value = self.values.get(key, b"")
        return int(value) if value.isdigit() and len(value) < 20 else other

    def path(self, own: Header) -> bytes:
        """Return the member's name."""
        values = self.values
        return values.get("GNU.sparse.name") or values.get("path") or self.name or own.name

    def target(self, own: Header) -> bytes:
        """Return the target of the member that is a link."""
        return self.values.get("linkpath") or self.link or own.link


def collect(tape: Tape, first: Header, everywhere: dict[str, bytes], into: Extended) -> Header:
    """Return the member's own header, having read all extended ones from ``first`` on.

    Global records go to ``everywhere``, the others to ``into``. Raises Damaged with the byte where one breaks
    off or no member follows; ``into`` then holds what was understood before.
    """
    current = first
    while current.type in KINDS:
        read_one(tape, current, everywhere, into)
        block = tape.peek(RECORD)
        following = header(block)
        if following is None:
            if len(block) < RECORD:
                raise Damaged(
                    f"tar: ends at byte {tape.at + len(block)}, before the member of an extended header"
                )
            raise Damaged(f"tar: no header at byte {tape.at}, where an extended one wants its member")
        tape.skip(RECORD)
        current = following
    return current


def read_one(tape: Tape, current: Header, everywhere: dict[str, bytes], into: Extended) -> None:
    """Read the body of one extended header. Raises Damaged with its byte."""
    start = tape.at - RECORD
    text = _body(tape, current, into)
    into.remnants += of_header(current.block, start)
    if current.type != b"g":
        into.names.append(current.name)
    elif not is_usual(current.name, b""):
        into.remnants += remnant(current.name, start)
    if current.type in b"LK":
        _long(current.type, text, start + RECORD, into)
        return
    values, where = (everywhere, {}) if current.type == b"g" else (into.values, into.where)
    at = 0
    try:
        for key, value, at in pax_records(text):
            if key in ("GNU.sparse.offset", "GNU.sparse.numbytes"):
                into.map.append(value)
                continue
            if key in where and values[key] != value:  # of two records the last one counts
                into.remnants += remnant(values[key], where[key])
            values[key], where[key] = value, start + RECORD + at - 1 - len(value)
        into.remnants += remnant(text[at:], start + RECORD + at)
    except Damaged as error:
        raise Damaged(f"{error}, which is at byte {start}") from error


def is_usual(name: bytes, path: bytes) -> bool:
    """Say whether an extended header before the member ``path`` is called as writers call it by themselves."""
    parts = path.split(b"/")
    return all(
        _USUAL.fullmatch(part) is not None or any(each.startswith(part) for each in parts)
        for part in name.split(b"/")
    )


def _long(kind: bytes, text: bytes, at: int, into: Extended) -> None:
    """Take in a long name or target, which ends at a NUL; of several the last one counts."""
    value, nul, rest = text.partition(b"\0")
    into.remnants += remnant(rest, at + len(value) + len(nul))
    before, key = (into.name, "L") if kind == b"L" else (into.link, "K")
    if before is not None and before != value:
        into.remnants += remnant(before, into.where[key])
    into.where[key] = at
    if kind == b"L":
        into.name = value
    else:
        into.link = value


def _body(tape: Tape, current: Header, into: Extended) -> bytes:
    size = current.size
    if size is None or not 0 <= size <= _LONGEST:
        raise Damaged(f"tar: the extended header at byte {tape.at - RECORD} claims {size} bytes")
    padded = -(-size // RECORD) * RECORD
    text = tape.read(padded)
    if len(text) < padded:
        raise Damaged(f"tar: ends at byte {tape.at} inside an extended header")
    into.remnants += remnant(text[size:], tape.at - padded + size)
    return text[:size]
