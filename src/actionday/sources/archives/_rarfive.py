"""Blocks of RAR 5.

Source: RARLAB "RAR 5.0 archive format": general block, main, file and service headers, extra records, end.
"""

import re
from zlib import crc32

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.archives._rarblocks import Block, Header, Member, rest
from actionday.sources.archives._rarmain import RAR5

FIRST = 8
"""Bytes of the mark."""
MAIN, FILE, SERVICE, CRYPT, END = 1, 2, 3, 4, 5
NAMES = {"CMT": "comment", "STM": "stream", "ACL": "rights", "AV": "signature"}
TEXTLESS = frozenset({"QO", "RR"})
"""A quick list of members, and what damage is mended with."""
EXTRA, DATA, CROSSES = 1, 2, 0x18
LOCKED, LINK, OWNER, TOLD_BY_SERVICE = 1, 5, 6, 7
UNSIZED = 8
LONGEST = {LOCKED: 64, 2: 40, 3: 48, 4: 24, LINK: 1 << 16, OWNER: 600}
"""Bytes that the records of a member may have: encryption, hash, times, version, link, owner."""
OF_MAIN = {1: 40, 2: 1 << 16}
"""Those of the archive: where its lists are, what it was called."""


class Five:
    """Blocks of RAR 5."""

    likely = re.compile(rb"(?=(?:[\x01-\x7f]|[\x80-\xff][\x01-\x1f])[\x01-\x05][\x00-\x7f])")
    before = 4
    mark = RAR5

    def block(self, stream: Stream, at: int, longest: int) -> Header | None:
        """Return the block at ``at``."""
        start = read_at(stream, at, 7)
        size, begin = number(start, 4)
        if len(start) < 7 or not 0 < size < longest or begin > 7:
            return None
        head = read_at(stream, at, begin + size)
        if len(head) < begin + size or crc32(head[4:]) != int.from_bytes(head[:4], "little"):
            return None
        return _parsed(head, begin, at)


def _parsed(head: bytes, begin: int, at: int) -> Header:
    kind, place = number(head, begin)
    volume = 0
    flags, place = number(head, place)
    extra, place = number(head, place) if flags & EXTRA else (0, place)
    packed, place = number(head, place) if flags & DATA else (0, place)
    start, fields = at + len(head), max(place, len(head) - extra)
    over = start + packed
    if kind in (FILE, SERVICE):
        return _named(head, place, fields, (at, packed), flags)
    if kind not in (MAIN, CRYPT, END):
        return Header(over, blocks=(Block(f"block {kind}", at + begin, over - at - begin, True),))
    if kind == MAIN:
        own, place = number(head, place)
        place = number(head, place)[1] if own & 2 else place
    elif kind == END:
        volume, place = number(head, place)
    else:
        place = fields
    beside = rest(f"header {kind}", head, place, fields, at)
    beside += _records(head, fields, at, OF_MAIN if kind == MAIN else {})[0]
    if packed:
        beside += (Block(f"data of block {kind}", start, packed, True),)
    return Header(over, last=kind == END, blocks=beside, more=bool(volume & 1))


def _named(head: bytes, place: int, fields: int, where: tuple[int, int], flags: int) -> Header:
    """Return the block, with ``where`` its place and bytes packed, of a member or of a service."""
    at, packed = where
    start = at + len(head)
    own, place = number(head, place)
    size, place = number(head, place)
    _, place = number(head, place)  # attributes
    place += 4 * bool(own & 2)  # time
    crc, place = int.from_bytes(head[place : place + 4], "little"), place + 4 * bool(own & 4)
    method, place = number(head, place)
    _, place = number(head, place)  # system
    length, place = number(head, place)
    name, stored = head[place : place + length], not method >> 7 & 7
    beside = rest("fields of no use", head, place + length, fields, at)
    service = _is_service(head)
    more, kinds = _records(head, fields, at, LONGEST | ({TOLD_BY_SERVICE: 1 << 16} if service else {}))
    beside += more
    if service:
        text = name.decode("utf-8", "backslashreplace")
        if text in TEXTLESS:
            return Header(start + packed, blocks=beside, coded=(start, start + packed))
        return Header(
            start + packed, blocks=(Block(NAMES.get(text, text or "service"), start, packed, stored), *beside)
        )
    shown, mark, _ = name.partition(b"\0")
    if mark:
        beside += rest("behind the name", head, place + len(shown) + 1, place + length, at)
    carries = bool(own & 1) or LINK in kinds
    if carries and packed:
        beside += (Block("content of a folder or link", start, packed, stored),)
    open_ = not carries and LOCKED not in kinds and not flags & CROSSES
    told = (size, crc) if open_ and own & 4 and not own & UNSIZED else None
    return Header(start + packed, member=Member(shown, start, packed, open_ and stored and packed == size, told,
                                                       goes_on=bool(flags & 8)), blocks=beside)  # fmt: skip


def _is_service(head: bytes) -> bool:
    return number(head, number(head, 4)[1])[0] == SERVICE


def _records(head: bytes, at: int, block: int, known: dict[int, int]) -> tuple[tuple[Block, ...], set[int]]:
    """Return the records, from ``at`` on, that are not known or are longer than they may be; the kinds of all."""
    found, kinds = list[Block](), set[int]()
    while at < len(head):
        size, start = number(head, at)
        kind, begin = number(head, start)
        over = min(len(head), max(start + size, begin))
        kinds.add(kind)
        if size > known.get(kind, 0):
            found += rest(f"record {kind}", head, begin, over, block)
        at = over
    return tuple(found), kinds


def number(data: bytes, at: int) -> tuple[int, int]:
    """Return a number in groups of seven bits, the lowest first, and where it ends."""
    value = shift = 0
    while at < len(data) and shift < 70:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            break
    return value, at
