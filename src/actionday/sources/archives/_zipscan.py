"""Members found by their local headers alone: where there is no directory, or it does not name them.

Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7 (local header) and 4.3.9 (data descriptor).
"""

from collections.abc import Iterator
from typing import NamedTuple

from actionday.mime.zipped.headers import header_at
from actionday.mime.zipped.records import (
    CENTRAL,
    DESCRIPTOR,
    LOCAL,
    Member,
)
from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.archives._streams import BLOCK

_METHODS = frozenset({0, 1, 6, 8, 9, 12, 14, 20, 93, 95, 98, 99})
_FIRST = 4096  # bytes looked at first: the next header is near as a rule


class Local(NamedTuple):
    """A member as its local header tells it; ``end`` is where its packed content ends."""

    member: Member
    data: int
    end: int
    sized: bool
    """Whether size and CRC are known."""


def scan(stream: Stream, start: int, end: int) -> Iterator[Local]:
    """Yield the members whose local headers lie in ``start`` … ``end``, one after the other; linear in that."""
    at = start
    while (at := find(stream, (LOCAL,), at, end)) >= 0:
        found = header_at(stream, at)
        if found is None or not is_plausible(found[0]):
            at += len(LOCAL)
            continue
        yield (member := _bounded(stream, *found, end))
        at = max(member.end, at + len(LOCAL))


def is_plausible(member: Member) -> bool:
    """Say whether what stands behind a mark may be a local header: by its method and its name."""
    return member.method in _METHODS and 0 < len(member.name) < 4096 and b"\0" not in member.name


def _bounded(stream: Stream, member: Member, data: int, end: int) -> Local:
    if not member.later or member.packed:
        return Local(member, data, min(data + member.packed, end), sized=True)
    at = data
    while (at := find(stream, (DESCRIPTOR, LOCAL, CENTRAL), at, end)) >= 0:
        mark = read_at(stream, at, 24)
        if not mark.startswith(DESCRIPTOR):
            break
        for width in (4, 8):
            packed = int.from_bytes(mark[8 : 8 + width], "little")
            if packed == at - data:
                size = int.from_bytes(mark[8 + width : 8 + 2 * width], "little")
                crc = int.from_bytes(mark[4:8], "little")
                return Local(member._replace(packed=packed, size=size, crc=crc), data, at, sized=True)
        at += len(DESCRIPTOR)
    return Local(member, data, at if at >= 0 else end, sized=False)


def find(stream: Stream, marks: tuple[bytes, ...], start: int, end: int) -> int:
    """Return where the first of ``marks`` (4 bytes each) begins in ``start`` … ``end``, or -1."""
    at, step = start, _FIRST
    while at < end:
        block = read_at(stream, at, min(step, end - at + 3))
        hits = [hit for mark in marks if (hit := block.find(mark)) >= 0 and at + hit < end]
        if hits:
            return at + min(hits)
        if len(block) < 4:
            return -1
        at, step = at + len(block) - 3, min(2 * step, BLOCK)
    return -1
