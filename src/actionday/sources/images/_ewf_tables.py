"""Where the chunks of an EWF image lie: the tables, read when needed, and a search where a table is lost.

Source: "Expert Witness Compression Format specification", sections "Table section", "Sectors section".
"""

import zlib
from array import array
from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Damaged
from actionday.model.counted import counted
from actionday.sources.images._disk import exactly
from actionday.sources.images._ewf_sections import DESCRIPTOR, LOST, Section
from actionday.sources.images._ewf_segments import Segment

HEAD = 24
FLAG = 0x80000000
"""In the file: the chunk is compressed."""
COMPRESSED = 1 << 63
"""The same, where an offset may need more than 31 bits."""
TABLES_KEPT = 32
"""Tables held at once: some 64 KiB each for 16,375 chunks of 32 KiB."""
MOST_ENTRIES = 1 << 22


class Table(NamedTuple):
    """A run of ``chunks`` from number ``first`` on, of one segment.

    ``starts`` is given where the table was lost and its chunks were found by search, ``why`` says that.
    """

    first: int
    chunks: int
    segment: Segment
    at: int
    base: int
    end: int
    starts: "array[int] | None" = None
    why: str = ""


class Place(NamedTuple):
    """Where one chunk lies."""

    segment: Segment
    at: int
    length: int
    compressed: bool


class Tables:
    """Entries of tables, the last ones used kept in memory."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, int], array[int]] = OrderedDict()

    def place(self, table: Table, chunk: int) -> Place:
        """Return where ``chunk`` (first <= chunk < first + count) lies. Raises Damaged."""
        entries = table.starts if table.starts is not None else self._entries(table)
        index = chunk - table.first
        entry = entries[index]
        following = entries[index + 1] if index + 1 < table.chunks else None
        start = table.base + (entry & ~COMPRESSED)
        end = table.end if following is None else table.base + (following & ~COMPRESSED)
        if not start < end <= table.end:
            raise Damaged(
                f"chunk {chunk}: the table places it at bytes {start} to {end} of {table.segment.name}"
            )
        return Place(table.segment, start, end - start, bool(entry & COMPRESSED))

    def _entries(self, table: Table) -> "array[int]":
        key = (table.segment.number, table.at)
        kept = self._kept.get(key)
        if kept is None:
            raw = exactly(table.segment.stream, table.at + HEAD, table.chunks * 4, "a chunk table")
            kept = array("Q", _unfolded(raw))
            self._kept[key] = kept
            if len(self._kept) > TABLES_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return kept


def _unfolded(raw: bytes) -> Iterator[int]:
    """Yield offsets, COMPRESSED set in those of compressed chunks.

    EnCase 6.7 lets an offset past 2 GiB run into the flag: from the first that seems to lie before its
    predecessor, entries are offsets alone and their chunks stored.
    """
    past, before = False, 0
    for at in range(0, len(raw), 4):
        entry = int.from_bytes(raw[at : at + 4], "little")
        offset = entry & ~FLAG
        past = past or (offset < before <= entry)
        before = entry if past else offset
        yield entry if past else offset | (COMPRESSED if entry & FLAG else 0)


def tables_of(segment: Segment, chunk: int) -> Iterator[Table | Damaged | None]:
    """Yield the tables of one segment in order (numbers of chunks still unset), and what is wrong with them.

    None: here there may have been others. Where both tables of chunks are lost, these are found one after the other.
    """
    sectors: Section | None = None
    lost: Section | None = None
    before: Section | None = None
    """The table that was read last: a table2 that follows is its copy."""
    why: Damaged | None = None
    for section in segment.sections:
        if section.type in ("table", "table2"):
            if section.type == "table2" and before is not None and lost is None:
                before = None
                continue
            try:
                table = _table(segment, section, sectors)
            except Damaged as error:
                why = error
                continue
            starts, placed = _first(segment, table), {lost.start + DESCRIPTOR} if lost else set()
            if sectors is not None and lost is not None and starts != sectors.start:
                yield from _searched(segment, sectors, chunk, why)
                sectors, table = None, _table(segment, section, None)
            if lost is not None and sectors is None and starts not in placed:
                yield None
            yield table
            sectors, lost, why, before = None, None, None, section
        elif section.type == LOST:
            copy = (
                before is not None and section.end - section.start == before.end - before.start + DESCRIPTOR
            )
            lost, before = (None if copy else section), None
        elif section.type == "sectors":
            yield from _left(segment, sectors, lost, chunk, why)
            sectors, lost, why, before = section, None, None, None
    yield from _left(segment, sectors, lost, chunk, why)


def _left(
    segment: Segment, sectors: Section | None, lost: Section | None, chunk: int, why: Damaged | None
) -> Iterator[Table | Damaged | None]:
    """Yield what is had of sectors that no table was read for, and whether others may have followed."""
    if sectors is not None:
        yield from _searched(segment, sectors, chunk, why)
    elif why is not None:
        yield why
    if lost is not None:
        yield None


def _searched(
    segment: Segment, sectors: Section, chunk: int, why: Damaged | None
) -> Iterator[Table | Damaged | None]:
    """Yield the chunks of a section whose tables are lost; what is wrong where they are not all of them."""
    found = lost_chunks(segment, sectors, chunk)
    if found is not None:
        said = f"{why}: its {counted(found.chunks, 'chunk')} were found one after the other" if why else ""
        yield found._replace(why=said)
    if found is None or found.end < sectors.end:
        told = why is not None or segment.broken
        yield why if told else Damaged(f"{segment.name}: the chunks at byte {sectors.start} have no table")


def _first(segment: Segment, table: Table) -> int:
    """Return where the first chunk of a table begins."""
    entry = int.from_bytes(exactly(segment.stream, table.at + HEAD, 4, "a chunk table"), "little")
    return table.base + (entry & ~FLAG)


def _table(segment: Segment, section: Section, sectors: Section | None) -> Table:
    where = f"{segment.name}: the chunk table at byte {section.start}"
    head = exactly(segment.stream, section.start, HEAD, where)
    if zlib.adler32(head[:20]) != int.from_bytes(head[20:24], "little"):
        raise Damaged(f"{where}: its checksum differs")
    count, base = int.from_bytes(head[:4], "little"), int.from_bytes(head[8:16], "little")
    if count > MOST_ENTRIES or section.start + HEAD + 4 * count > section.end:
        raise Damaged(f"{where}: {counted(count, 'entry does', 'entries do')} not fit")
    raw = exactly(segment.stream, section.start + HEAD, 4 * count, where)
    after = section.start + HEAD + 4 * count
    if after + 4 <= section.end:
        stored = int.from_bytes(exactly(segment.stream, after, 4, where), "little")
        if stored != zlib.adler32(raw) and sectors is not None:
            raise Damaged(f"{where}: the checksum of its entries differs")
    end = sectors.end if sectors is not None else section.end
    if sectors is None and count and base + (int.from_bytes(raw[:4], "little") & ~FLAG) < section.start:
        end = (
            section.start - DESCRIPTOR
        )  # its chunks stand before it, in a section whose own descriptor is lost
    return Table(0, count, segment, section.start, base, end)


def lost_chunks(segment: Segment, section: Section, chunk: int) -> Table | None:
    """Return the chunks of a ``sectors`` section whose tables are missing, found one after the other; unpacks all.

    A chunk is a zlib stream, or ``chunk`` bytes and their Adler-32; the search ends at the first that is neither.
    """
    starts = array("Q")
    at = section.start
    while (length := _next_chunk(segment, at, section.end, chunk)) is not None:
        compressed = length != chunk + 4
        starts.append(at | (COMPRESSED if compressed else 0))
        at += length
    if not starts:
        return None
    return Table(0, len(starts), segment, section.start, 0, at, starts)


def _next_chunk(segment: Segment, at: int, end: int, chunk: int) -> int | None:
    segment.stream.seek(at)
    raw = segment.stream.read(min(chunk + 4 + 512, end - at))
    unpack = zlib.decompressobj()
    try:
        data = unpack.decompress(raw, chunk + 1)
        if unpack.eof and (len(data) == chunk or (data and at + len(raw) - len(unpack.unused_data) == end)):
            return len(raw) - len(unpack.unused_data)
    except zlib.error:
        pass  # not a zlib stream: perhaps stored
    stored = raw[: chunk + 4]
    if len(stored) == chunk + 4 and zlib.adler32(stored[:chunk]) == int.from_bytes(stored[chunk:], "little"):
        return chunk + 4
    return None
