"""EWF: EnCase's E01, and the s01 of SMART.

Source: Joachim Metz, "Expert Witness Compression Format specification" (libewf documentation).

Every checksum the imager stored is compared as its bytes are read: descriptors and tables when the set is opened,
chunks one by one. What cannot be had (a missing segment, a damaged chunk) raises Damaged for its range alone.
"""

import zlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Mapping

from actionday.model import Claim, Context, Damaged, Loss, Peek, ReadWith, Stream, Unsupported
from actionday.model.counted import counted
from actionday.model.foreign import plainly
from actionday.sources.images._called import Called, looking
from actionday.sources.images._disk import Disk, exactly
from actionday.sources.images._ewf_facts import Geometry, acquisition, geometry
from actionday.sources.images._ewf_lacking import HASHES, no_part, of_the_hash, said, without_first
from actionday.sources.images._ewf_sections import TYPES, Sections, described
from actionday.sources.images._ewf_segments import FIRST, Segment, first_of_set, segments, unused
from actionday.sources.images._ewf_tables import Place, Table, Tables, tables_of
from actionday.sources.images._ewf_whose import MAGIC, number_of, whose
from actionday.sources.images._missing import tell, uncovered
from actionday.sources.images._parts import joined
from actionday.sources.images._rest import Span
from actionday.sources.images._slack import MOST, NULS

CHUNKS_KEPT = 8
AHEAD = 4 << 20
"""Bytes of chunks read from a segment in one call."""


class EwfDisk(Disk):
    """The disk inside an EWF set. ``stored`` are the hashes of the whole disk that the imager wrote, in hex."""

    def __init__(
        self, name: str, shape: Geometry, tables: list[Table], gaps: str, stored: Mapping[str, str]
    ) -> None:
        super().__init__(shape.size, name)
        self.chunk, self.stored = shape.chunk, stored
        self._gaps = gaps
        self._tables = tables
        self._firsts = [table.first for table in tables]
        self._places = Tables()
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self.segments: list[Segment] = []
        self.strangers: tuple[str, ...] = ()
        """Files called as segments of the set that are none."""

    def rest(self, *, parents: bool) -> Iterator[Span]:
        """Yield sections of no known type, and what follows the last one of each segment; it stands on no other."""
        del parents
        for segment in self.segments:
            file = "" if segment.number == 1 else segment.name
            for each in segment.sections:
                if each.type not in TYPES:
                    yield Span(segment.stream, each.start, each.end, file)
            if not segment.broken:
                yield Span(segment.stream, segment.sections[-1].start, segment.stream.size, file)

    def overhang(self, number: int) -> bytes:
        """Return what of chunk ``number`` lies behind the end of the disk. Raises Damaged."""
        table = self._table(number)
        place = self._places.place(table, number)
        raw = exactly(table.segment.stream, place.at, place.length, f"{table.segment.name}: chunk {number}")
        due = max(0, min(self.chunk, self.size - number * self.chunk))
        return self._whole(number, place, memoryview(raw))[due : self.chunk]

    def lost_until(self, at: int) -> int:
        """Return the end of the chunk that byte ``at`` lies in: of a damaged one nothing is had."""
        return at - at % self.chunk + self.chunk

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of as many chunks as lie side by side in one segment. Raises Damaged."""
        number, within = divmod(offset, self.chunk)
        wanted = min((within + length + self.chunk - 1) // self.chunk, max(1, AHEAD // self.chunk))
        if wanted == 1:
            return self._one(number)[within : within + length]
        data = b"".join(self._several(number, wanted))
        return data[within : within + length]

    def _one(self, number: int) -> bytes:
        kept = self._kept.get(number)
        if kept is None:
            (kept,) = self._several(number, 1)
            self._kept[number] = kept
            if len(self._kept) > CHUNKS_KEPT:
                self._kept.popitem(last=False)
        return kept

    def _several(self, first: int, count: int) -> list[bytes]:
        table = self._table(first)
        last = min(first + count, table.first + table.chunks)
        places = [self._places.place(table, number) for number in range(first, last)]
        start, end = places[0].at, places[0].at + places[0].length
        for each in places[1:]:
            if each.at != end:
                break
            end += each.length
        raw = memoryview(
            exactly(table.segment.stream, start, end - start, f"{table.segment.name}: chunk {first}")
        )
        return [
            self._unpacked(first + index, each, raw[each.at - start : each.at - start + each.length])
            for index, each in enumerate(places)
            if each.at + each.length <= end
        ]

    def _table(self, number: int) -> Table:
        at = bisect_right(self._firsts, number) - 1
        if at >= 0:
            table = self._tables[at]
            if number < table.first + table.chunks:
                return table
        raise Damaged(f"chunk {number} (byte {number * self.chunk} of the disk) lies {self._gaps}")

    def _unpacked(self, number: int, place: Place, raw: memoryview) -> bytes:
        due = min(self.chunk, self.size - number * self.chunk)
        data = self._whole(number, place, raw)
        if len(data) < due:
            raise self._bad(number, place, f"it gives {len(data)} bytes instead of {due}")
        return data[:due] if len(data) > due else data

    def _whole(self, number: int, place: Place, raw: memoryview) -> bytes:
        if place.compressed:
            return self._inflated(number, place, raw)
        data = bytes(raw[:-4])
        if zlib.adler32(data) != int.from_bytes(raw[-4:], "little"):
            raise self._bad(number, place, "its checksum differs")
        return data

    def _inflated(self, number: int, place: Place, raw: memoryview) -> bytes:
        unpack = zlib.decompressobj()
        try:
            data = unpack.decompress(raw, self.chunk + 1)
        except zlib.error as error:
            raise self._bad(number, place, plainly(error)) from error
        if not unpack.eof:
            raise self._bad(number, place, "it does not end where the table says")
        return data

    def _bad(self, number: int, place: Place, why: str) -> Damaged:
        where = f"byte {number * self.chunk} of the disk, byte {place.at} of {place.segment.name}"
        return Damaged(f"chunk {number} ({where}): {why}")


class Ewf:
    """E01 and s01 sets; the first segment opens the others beside it."""

    name, sample = "ewf", "ext4.E01"
    binary = True
    marks = ((0, MAGIC),)
    called = ("01", "01\n")

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for the signature of a segment file; for one called as a first, where it has sections."""
        begins = peek.head[:8] == MAGIC or (FIRST.search(peek.name) is not None and described(peek.head))
        return joined(peek, Claim.STRUCTURE if begins else Claim.NO)

    def open(self, stream: Stream, around: Context) -> Stream:
        """Return the disk. Raises Damaged or Unsupported."""
        stream.seek(0)
        number = number_of(stream.read(16))
        if number != 1 and not first_of_set(stream, around.name).found:
            raise self._further(number, stream, around)
        found = segments(stream, around.name, around)
        parts, missing = found.found, found.missing
        if any(each.type == "ltree" for each in parts[0].sections):
            raise Unsupported("a logical EWF evidence file (L01) holds files, no disk: not read here")
        shape = geometry(parts)
        where = said(found, around)
        tables = placed(parts, missing, shape, around)
        disk = EwfDisk(around.name, shape, tables, where, {})
        held = ((table.first * shape.chunk, (table.first + table.chunks) * shape.chunk) for table in tables)
        disk.missing = tuple(uncovered(held, shape.size))
        lost = tell(disk.missing, shape.size, around, f"they lie {where}")
        facts = acquisition(parts, shape) | behind(disk, tables, around)
        facts |= of_the_hash(parts, facts, disk.missing)
        around.acquired(lost | {"ewf": facts})
        if not lost:  # of a disk that is not whole there is no hash to be compared
            disk.stored = {key: str(facts[key]) for key in HASHES if key in facts}
        disk.segments = parts
        disk.strangers = tuple(name for name, _ in found.strange.values())
        return disk

    def _further(self, number: int, stream: Stream, around: Context) -> Unsupported | Damaged:
        first, found = _first_beside(around)
        sections = first_of_set(found, first) if found is not None else Sections([])
        if found is None or (first != around.name and not sections.found):
            return without_first(number, stream, around, first)
        if why := unused(number, stream, around, first, whose(found, sections.found)):
            return no_part(number, stream, around, f"{why}: it is no part of the set of {first}")
        return ReadWith(f"segment {number} of {first}", first)


def _first_beside(around: Context) -> tuple[str, Stream | None]:
    stem, letter = around.name[:-3], around.name[-3:-2]
    for each in dict.fromkeys((letter, "E", "e", "s", "S")):
        first = f"{stem}{each}01"
        if (found := Called(around, first, stem, looking(around)).find(first)) is not None:
            return found
    return "", None


def behind(disk: EwfDisk, tables: list[Table], around: Context) -> dict[str, object]:
    """Return ``behind_the_end``: what chunks hold behind the last byte of the disk, MOST bytes; note all there is.

    A last chunk may be longer than the disk, and there may be chunks that the volume section knows nothing of.
    """
    last = max((table.first + table.chunks for table in tables), default=0)
    first, due = disk.size // disk.chunk, -(-disk.size // disk.chunk)
    held, length, data = b"", 0, False
    for number in range(first, last):
        if length >= MOST:
            break
        try:
            over = disk.overhang(number)
        except Damaged as error:
            if number >= due:  # of the last chunk of the disk whoever reads it says so
                around.note(Loss.GAP, f"behind the end of the disk: {error}")
            continue
        held, length, data = (held + over)[:MOST], length + len(over), data or any(over)
    kept = f"the first {MOST} bytes of it" if length > MOST else "it"
    if last > due:
        more = counted(last - due, "chunk")
        reason = f"ewf: {more} behind the end of the disk of {disk.size} bytes, unknown to its volume section"
        around.note(
            Loss.DAMAGED,
            f"{reason}; what they hold is in no item but for the first {MOST} bytes, in its facts",
        )
    elif data:
        what = f"ewf: its last chunk holds {counted(length, 'byte')} behind the end of the disk"
        around.note("unclaimed", f"{what}: {kept} is among its facts")
    text = NULS.sub(b" ", held.strip(b"\0")).decode("utf-8", "backslashreplace")
    return {"behind_the_end": text} if text else {}


def placed(parts: list[Segment], missing: list[int], shape: Geometry, around: Context) -> list[Table]:
    """Return all tables with the number of their first chunk.

    Chunks are counted from the start up to the first gap, and from the end back to the last; what lies between
    two gaps cannot be placed and is noted.
    """
    groups = _groups(parts, missing, shape, around)
    if (
        sum(table.chunks for group in groups for table in group) == shape.chunks
    ):  # where others may be, none is
        groups = [[table for group in groups for table in group]]
    known: list[Table] = []
    chunk = 0
    for table in groups[0]:
        known.append(table._replace(first=chunk))
        chunk += table.chunks
    if len(groups) == 1:
        return known
    tail: list[Table] = []
    chunk = shape.chunks
    for table in reversed(groups[-1]):
        chunk -= table.chunks
        tail.append(table._replace(first=chunk))
    lost = sum(table.chunks for group in groups[1:-1] for table in group)
    if lost:
        around.note("segment_unplaced", f"{lost} chunks lie between two gaps and cannot be placed")
    return known + tail[::-1]


def _groups(parts: list[Segment], missing: list[int], shape: Geometry, around: Context) -> list[list[Table]]:
    """Return tables in groups without a gap inside; the last group ends with the disk."""
    groups: list[list[Table]] = [[]]
    expected = 1
    for part in parts:
        if part.number != expected:
            groups.append([])
        expected = part.number + 1
        for table in tables_of(part, shape.chunk):
            if isinstance(table, Table):
                if table.why:
                    around.note(Loss.CHECKSUM, table.why)
                groups[-1].append(table)
                continue
            if table is not None:
                around.note("table", str(table))
            groups.append([])
        if part.broken:
            groups.append([])
    if missing and missing[-1] > parts[-1].number:
        groups.append([])
    return groups


IMAGE = Ewf()
