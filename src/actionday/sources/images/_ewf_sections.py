"""The sections of one EWF segment file, one behind the other, and on behind a descriptor that is damaged.

Source: Joachim Metz, "Expert Witness Compression Format specification" (libewf documentation), section
"Section descriptor". A descriptor has a checksum of its own and names where the next one begins: one that is damaged
costs itself, for the next is found by its type, its checksum, and that it lies where it says.
"""

import re
import zlib
from typing import NamedTuple

from actionday.model import Damaged, Stream
from actionday.sources.images._disk import exactly

HEADER, DESCRIPTOR = 13, 76
MOST_SECTIONS = 1 << 20
LOST = ""
"""The type of what stands between a damaged descriptor and the next that is whole."""
ENDS = ("next", "done")
TYPES = frozenset(
    ("header", "header2", "xheader", "volume", "disk", "data", "sectors", "table", "table2", "next", "ltypes",
     "ltree", "map", "session", "error2", "digest", "hash", "xhash", "done", LOST)
)  # fmt: skip
"""Sections that the format knows."""
NAMED = re.compile(rb"(?:%s)\0" % b"|".join(sorted((each.encode() for each in TYPES if each), reverse=True)))
BLOCK = 1 << 20


class Section(NamedTuple):
    """One section: its type, where its data begin and end in the segment."""

    type: str
    start: int
    end: int


class Sections(NamedTuple):
    """Those of a segment: ``broken`` says why they end early, ``torn`` which descriptors were damaged before."""

    found: list[Section]
    broken: str = ""
    torn: tuple[str, ...] = ()


def sections(stream: Stream) -> Sections:
    """Return a segment's sections in order. Behind a damaged descriptor reads on up to the next, 5 s a GiB."""
    found: list[Section] = []
    torn: list[str] = []
    at = HEADER
    for _ in range(MOST_SECTIONS):
        try:
            each, following = _section(
                exactly(stream, at, DESCRIPTOR, "a section descriptor"), at, stream.size
            )
        except Damaged as error:
            if (place := _next(stream, at + 1)) is None:
                return Sections(found, str(error), tuple(torn))
            torn.append(f"{error}: it is read on from byte {place}, where a section follows")
            found.append(Section(LOST, at, place))
            at = place
            continue
        found.append(each)
        if each.type in ENDS:
            return Sections(found, "", tuple(torn))
        if following <= at:
            why = f"the section at byte {at} leads back to byte {following}"
            return Sections(found, why, tuple(torn))
        at = following
    return Sections(found, f"more than {MOST_SECTIONS} sections", tuple(torn))


def described(head: bytes) -> bool:
    """Say whether a whole section descriptor stands in the beginning of a file, where it says that it stands."""
    return any(_stands(head, match.start(), 0) for match in NAMED.finditer(head))


def _section(raw: bytes, at: int, size: int) -> tuple[Section, int]:
    """Return the section that begins at byte ``at`` of a file of ``size`` bytes, and where the next does."""
    if zlib.adler32(raw[:72]) != int.from_bytes(raw[72:], "little"):
        raise Damaged(f"the checksum of the section descriptor at byte {at} differs")
    kind = raw[:16].rstrip(b"\0").decode("ascii", "replace")
    following, length = int.from_bytes(raw[16:24], "little"), int.from_bytes(raw[24:32], "little")
    if kind in ENDS:
        return Section(kind, at + DESCRIPTOR, at + DESCRIPTOR), at
    end = following if following > at else at + length
    return Section(kind, at + DESCRIPTOR, min(end, size)), end


def _next(stream: Stream, at: int) -> int | None:
    """Return where the next whole descriptor stands from byte ``at`` on, None where none does."""
    while at + DESCRIPTOR <= stream.size:
        length = min(BLOCK, stream.size - at)
        try:
            raw = exactly(stream, at, length, "a segment")
        except Damaged:
            return None
        for match in NAMED.finditer(raw):
            if _stands(raw, match.start(), at):
                return at + match.start()
        at += max(1, length - DESCRIPTOR + 1)
    return None


def _stands(raw: bytes, within: int, at: int) -> bool:
    """Say whether a descriptor stands there that says of itself where: a file stored in the disk may hold others."""
    each = raw[within : within + DESCRIPTOR]
    if len(each) < DESCRIPTOR or zlib.adler32(each[:72]) != int.from_bytes(each[72:], "little"):
        return False
    place, kind = at + within, each[:16].rstrip(b"\0")
    following, length = int.from_bytes(each[16:24], "little"), int.from_bytes(each[24:32], "little")
    return following == place if kind in (b"next", b"done") else following == place + length
