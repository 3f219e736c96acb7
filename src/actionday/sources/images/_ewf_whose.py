"""Of which EWF set a file is: by its first bytes, its number, and what the volume or data section tells of the set.

Source: "Expert Witness Compression Format specification", sections "Volume section" (set identifier), "Data section".
"""

import zlib
from typing import NamedTuple

from actionday.model import Damaged, Stream
from actionday.sources.images._disk import exactly
from actionday.sources.images._ewf_sections import HEADER, Section, Sections, sections

MAGIC = b"EVF\x09\x0d\x0a\xff\x00"
NO_SEGMENT = "it does not begin as an EWF segment does"
LENGTH, IDENTIFIER = 1052, slice(64, 80)


class Whose(NamedTuple):
    """What tells a set from another: the identifier that its imager drew (empty: none), and its sectors."""

    identifier: bytes
    sectors: int

    def other(self, of: "Whose") -> bool:
        """Say whether two cannot be of one set; most imagers draw no identifier."""
        if self.identifier and of.identifier:
            return self.identifier != of.identifier
        return 0 not in (self.sectors, of.sectors) and self.sectors != of.sectors


def number_of(head: bytes) -> int:
    """Return the number a segment file carries, counted from 1."""
    return int.from_bytes(head[9:11], "little")


def whose(stream: Stream, found: list[Section]) -> Whose | None:
    """Return what the first whole volume or data section tells, None where there is none."""
    for each in found:
        length = min(each.end - each.start, LENGTH)
        if each.type not in ("volume", "disk", "data") or length < 94:
            continue
        try:
            raw = exactly(stream, each.start, length, "the volume section")
        except Damaged:
            continue
        if zlib.adler32(raw[:-4]) == int.from_bytes(raw[-4:], "little"):
            long = length == LENGTH
            identifier = raw[IDENTIFIER].strip(b"\0") if long else b""
            return Whose(
                identifier and raw[IDENTIFIER], int.from_bytes(raw[16 : 24 if long else 20], "little")
            )
    return None


def checked(stream: Stream, number: int, of: Whose | None) -> tuple[Sections, str]:
    """Return the sections of segment ``number`` of a set, and why the file is none ("" of one that is)."""
    stream.seek(0)
    head = stream.read(HEADER)
    if head[:8] != MAGIC:
        told = sections(stream)
        if not any(each.type for each in told.found) or number_of(head) not in (number, 0):
            return told, "is no EWF segment"
        told = told._replace(torn=(NO_SEGMENT, *told.torn))
    elif number_of(head) != number:
        return Sections([]), f"says that it is segment {number_of(head)}"
    else:
        told = sections(stream)
    own = whose(stream, told.found)
    if of is not None and own is not None and own.other(of):
        return told, "is a segment of another set"
    return told, ""
