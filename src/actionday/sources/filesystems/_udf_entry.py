"""File entries of UDF: what a file is, where its bytes lie, and the names in a directory.

Source: ECMA-167 3rd edition, 4/14.4 (file identifiers), 4/14.6 (ICB tag), 4/14.9 and 4/14.17 (file entries), 4/14.14
(allocation descriptors), 1/7.3 (times); OSTA UDF 2.60, 2.3.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from actionday.model.times import NANOSECONDS
from actionday.sources.filesystems._calendar import seconds_of
from actionday.sources.filesystems._names_lost import NamesLost
from actionday.sources.filesystems._tsk_bytes import u16, u32, u64, whole
from actionday.sources.filesystems._tsk_runs import BadMap, Run, Runs
from actionday.sources.filesystems._udf_volume import Extent, Volume, compressed, long_extent, tag, trusted

ENTRY, EXTENDED, ALLOCATION, IDENTIFIER = 261, 266, 258, 257
MARK = IDENTIFIER.to_bytes(2, "little")
DIRECTORY, FILE, LINK, STREAMS = 4, 5, 12, 13
SPECIAL = {6: "block device", 7: "character device", 9: "fifo", 10: "socket"}
HIDDEN, DELETED, PARENT = 1, 4, 8
SHORT, LONG, INLINE = 0, 1, 3
MOST_CHAINED = 4096
LARGEST_DIRECTORY = 64 << 20
MOST_TRIED = 1024
"""Tags in a row whose checksum does not fit, behind which no further one is tried."""


class Place(NamedTuple):
    """Where the fields lie that a file entry and an extended one have at different bytes."""

    times: dict[str, int]
    streams: int
    lengths: int


PLACES = {
    ENTRY: Place({"atime": 72, "mtime": 84, "ctime": 96}, 0, 168),
    EXTENDED: Place({"atime": 80, "mtime": 92, "created": 104, "ctime": 116}, 152, 208),
}


def number_of(extent: Extent) -> int:
    """Return the number of the file whose entry lies at ``extent``, 0 for none."""
    return (extent.partition << 32 | extent.block) + 1 if extent.length else 0


class Entry:
    """One file entry."""

    def __init__(self, volume: Volume, number: int) -> None:
        """Raises BadMap or Missing."""
        self.volume, self.number = volume, number
        self.partition, self.block = (number - 1) >> 32, (number - 1) & 0xFFFFFFFF
        self.raw = volume.read(self.partition, self.block)
        kind = tag(self.raw)
        if kind not in PLACES:
            raise BadMap(f"no file entry in block {self.block} of partition {self.partition}")
        if u16(self.raw, 20) != 4:
            raise BadMap(f"the file entry in block {self.block} is written by strategy {u16(self.raw, 20)}")
        self._place = PLACES[kind]
        self.trusted = trusted(self.raw)
        self.type, self.form, self.size = self.raw[27], u16(self.raw, 34) & 7, u64(self.raw, 56)
        self.uid, self.gid, self.links = u32(self.raw, 36), u32(self.raw, 40), u16(self.raw, 48)

    def streams(self) -> int:
        """Return the number of the directory of its named streams, 0 for none."""
        return number_of(long_extent(self.raw, self._place.streams)) if self._place.streams else 0

    def times(self) -> tuple[dict[str, int], dict[str, object]]:
        """Return its times in nanoseconds since 1970, and what no calendar has as it is stored, under ``…_raw``."""
        times, odd = dict[str, int](), dict[str, object]()
        for name, at in self._place.times.items():
            raw = self.raw[at : at + 12]
            if (moment := _time(raw)) is not None:
                times[name] = moment
            elif any(raw[2:]):
                odd[f"{name}_raw"] = raw.hex()
        return times, odd

    def runs(self) -> list[Run]:
        """Return where its bytes lie. Raises BadMap or Missing."""
        at = self._place.lengths
        begin, length = at + 8 + u32(self.raw, at), u32(self.raw, at + 4)
        if begin + length > len(self.raw):
            raise BadMap(f"the allocation of the file entry in block {self.block} goes beyond it")
        if self.form == INLINE:
            if length < self.size:
                raise BadMap(f"{length} bytes are kept in the file entry, {self.size} declared")
            start = self.volume.place(self.partition, self.block) + begin
            return [(start, self.size)] if self.size else []
        runs = Runs()
        for each in self._extents(self.raw[begin : begin + length]):
            runs.add(runs.end, self._at(each), each.length)
        if self.size > runs.end and self.size - runs.end >= self.volume.block:
            raise BadMap(f"{runs.end} bytes are allocated, {self.size} declared")
        return runs.cut(self.size)

    def _at(self, each: Extent) -> int:
        blocks = -(-each.length // self.volume.block)
        return self.volume.place(each.partition, each.block, blocks) if each.kind == 0 else -1

    def _extents(self, raw: bytes) -> Iterator[Extent]:
        if self.form not in (SHORT, LONG):
            raise BadMap(f"allocation descriptors of form {self.form}")
        step, seen = 8 if self.form == SHORT else 16, set[tuple[int, int]]()
        while raw:
            following: Extent | None = None
            for at in range(0, len(raw) - step + 1, step):
                each = self._extent(raw, at)
                if each.kind == 3:
                    following = each
                    break
                if not each.length:
                    return
                yield each
            raw = b"" if following is None else self._chained(following, seen)

    def _extent(self, raw: bytes, at: int) -> Extent:
        if self.form == LONG:
            return long_extent(raw, at)
        length = u32(raw, at)
        return Extent(length >> 30, length & 0x3FFFFFFF, u32(raw, at + 4), self.partition)

    def _chained(self, where: Extent, seen: set[tuple[int, int]]) -> bytes:
        if (where.partition, where.block) in seen or len(seen) >= MOST_CHAINED:
            raise BadMap(f"the allocation in block {where.block} is met twice")
        seen.add((where.partition, where.block))
        raw = self.volume.read(where.partition, where.block)
        if tag(raw) != ALLOCATION:
            raise BadMap(f"no allocation descriptors in block {where.block}")
        return raw[24 : 24 + u32(raw, 20)]

    def stretches(self, most: int, lost: NamesLost) -> Iterator[tuple[int, bytes]]:
        """Yield what can be had of its bytes, with where each stretch begins; ``lost`` keeps count of the others.

        Raises BadMap (more than ``most``, too) or Missing.
        """
        if self.size > most:
            raise BadMap(f"{self.size} bytes, more than are read here")
        begin, parts, size = 0, list[bytes](), self.volume.block
        for at, length in self.runs():
            for start in range(0, length, size):
                count = min(size, length - start)
                data = bytes(count) if at < 0 else lost.read(count, at + start)
                if data:
                    parts.append(data)
                    continue
                had = b"".join(parts)
                if had:
                    yield begin, had
                begin, parts = begin + len(had) + count, []
        if parts:
            yield begin, b"".join(parts)

    def content(self, most: int) -> bytes:
        """Return its bytes. Raises BadMap (more than ``most``, too) or Missing."""
        if self.size > most:
            raise BadMap(f"{self.size} bytes, more than are read here")
        reader = self.volume.reader
        return b"".join(bytes(length) if at < 0 else whole(reader, at, length) for at, length in self.runs())


class Identifier(NamedTuple):
    """A name in a directory; ``at`` is its first byte there."""

    at: int
    flags: int
    name: str
    icb: Extent


def identifiers(entry: Entry, lost: NamesLost) -> Iterator[Identifier]:
    """Yield the names in the directory ``entry``; ``lost`` keeps count of what cannot be had and of what is no name.

    Behind either, names are found by their tags. Raises BadMap or Missing where its map cannot be read.
    """
    for begin, raw in entry.stretches(LARGEST_DIRECTORY, lost):
        yield from _named(raw, begin, lost)


def _named(raw: bytes, begin: int, lost: NamesLost) -> Iterator[Identifier]:
    at = 0 if not begin else _next_name(raw, 0)
    while at + 38 <= len(raw):
        used, length = u16(raw, at + 36), raw[at + 19]
        end = at + 38 + used + length
        if tag(raw[at : at + 16]) != IDENTIFIER or end > len(raw):
            lost.damaged(f"the name at byte {begin + at} is damaged")
            at = _next_name(raw, at + 4)
            continue
        name = compressed(raw[end - length : end]) if length else ""
        yield Identifier(begin + at, raw[at + 18], name, long_extent(raw, at + 20))
        at += (38 + used + length + 3) // 4 * 4
    if any(raw[at:]):
        lost.damaged(f"breaks off at byte {begin + at}")


def _next_name(raw: bytes, at: int) -> int:
    """Return where the next name with a sound tag and checksum begins, the length of ``raw`` for nowhere."""
    tried = 0
    while (at := raw.find(MARK, at)) >= 0 and tried < MOST_TRIED:
        if not at % 4 and at + 38 <= len(raw) and tag(raw[at : at + 16]) == IDENTIFIER:
            tried += 1
            if trusted(raw[at : at + 41 + u16(raw, at + 36) + raw[at + 19]]):
                return at
        at += 1
    return len(raw)


def target(raw: bytes) -> str:
    """Return the path in the content of a symbolic link."""
    parts, at = list[str](), 0
    while at + 4 <= len(raw):
        kind, length = raw[at], raw[at + 1]
        named = compressed(raw[at + 4 : at + 4 + length])
        parts.append({1: "", 2: "", 3: "..", 4: "."}.get(kind, named))
        at += 4 + length
    return "/".join(parts) if parts != [""] else "/"


def _time(raw: bytes) -> int | None:
    zone, year, *rest = struct.unpack_from("<HhBBBBB", raw)
    offset = zone & 0xFFF
    offset -= 0x1000 if offset & 0x800 else 0
    if not -1440 <= offset <= 1440:  # -2047: not told
        offset = 0
    seconds = seconds_of((year, *rest), offset * 60)
    if seconds is None:
        return None
    micro = raw[9] * 10_000 + raw[10] * 100 + raw[11]
    return seconds * NANOSECONDS + micro * 1000
