"""Extended headers of tar: what comes before a member's own header and changes it.

Source: POSIX.1-2017, pax, "pax Interchange Format" (x, g); GNU tar manual, "Basic Tar Format" (L, K).
"""

from dataclasses import dataclass, field

from actionday.model import Damaged
from actionday.sources.archives._tape import Tape
from actionday.sources.archives._tarheader import RECORD, Header, header, pax_records

KINDS = b"xXgLK"  # X is what Solaris writes for x
_LONGEST = 1 << 20  # bytes of one, as in libarchive: names and attributes are far below


@dataclass
class Extended:
    """What the extended headers before one member said."""

    values: dict[str, bytes] = field(default_factory=dict)
    map: list[bytes] = field(default_factory=list)
    name: bytes | None = None
    link: bytes | None = None

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
    start, text = tape.at - RECORD, _body(tape, current)
    if current.type == b"L":
        into.name = text.split(b"\0", 1)[0]
        return
    if current.type == b"K":
        into.link = text.split(b"\0", 1)[0]
        return
    values = everywhere if current.type == b"g" else into.values
    try:
        for key, value in pax_records(text):
            if key in ("GNU.sparse.offset", "GNU.sparse.numbytes"):
                into.map.append(value)
            else:
                values[key] = value
    except Damaged as error:
        raise Damaged(f"{error}, which is at byte {start}") from error


def _body(tape: Tape, current: Header) -> bytes:
    size = current.size
    if size is None or not 0 <= size <= _LONGEST:
        raise Damaged(f"tar: the extended header at byte {tape.at - RECORD} claims {size} bytes")
    padded = -(-size // RECORD) * RECORD
    text = tape.read(padded)
    if len(text) < padded:
        raise Damaged(f"tar: ends at byte {tape.at} inside an extended header")
    return text[:size]
