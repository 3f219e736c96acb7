"""Sparse VMDK extents: hosted (KDMV, also stream-optimised) and ESX redo logs (COWD).

Source: VMware, "Virtual Disk Format 5.0", sections "Hosted Sparse Extents", "Stream-Optimized Compressed Sparse
Extents", "ESX Server Sparse Extents".
"""

import re
import zlib
from array import array
from collections import OrderedDict
from collections.abc import Iterator

from actionday.model import Damaged, Stream
from actionday.model.foreign import plainly
from actionday.sources.images._below import Holds
from actionday.sources.images._beyond import Beyond
from actionday.sources.images._disk import exactly
from actionday.sources.images._missing import Range
from actionday.sources.images._rest import Span
from actionday.sources.images._units import Units
from actionday.sources.images._vmdk_shape import Shape
from actionday.sources.images._vmdk_stream import SECTOR

MOST_ASKED = 4096
MARKER = 12
"""Bytes of the marker before a compressed grain."""
MOST_GRAINS = 1 << 26
"""Grains of which it is told apart which are in use, a byte each: 4 TiB of usual ones."""
NAMED = re.compile(rb"[^\0]")
TABLES, GRAINS = 512, 16
"""Grain tables (2 KiB each, usually) and unpacked grains kept."""


class Sparse:
    """The grains of one extent. ``at`` returns None where the extent holds nothing: look below."""

    def __init__(self, stream: Stream, told: Shape) -> None:
        self.size = told.size
        self.stream = self._stream = stream = told.mended or stream
        self._told = told
        count = -(-told.size // (told.grain * told.per_table))
        self._directory = array("I", exactly(stream, told.directory, count * 4, "vmdk: the grain directory"))
        self._tables: OrderedDict[int, array[int]] = OrderedDict()
        self._unpacked: OrderedDict[int, bytes] = OrderedDict()
        self.unit = told.grain if told.compressed else SECTOR

    def absent(self, beyond: Beyond) -> Iterator[Range]:
        """Yield what of the extent lies behind the end of the file, in order.

        Of one with more than MOST_ASKED tables these are gone through only where one of them lies there.
        """
        told, length = self._told, self._told.per_table * 4
        span, seen = told.grain * told.per_table, set[int]()
        places = [at * SECTOR for at in self._directory]
        asked = len(places) <= MOST_ASKED or max(places, default=0) + length > beyond.end
        for index, place in enumerate(places if asked else ()):
            start = index * span
            if place == 0 or (place == SECTOR and told.zeroed):
                continue
            if place + length > beyond.end:
                yield from beyond.table(start, min(start + span, self.size), place + length)
            elif place in seen:
                beyond.least = True
            else:
                seen.add(place)
                yield from self._absent_of(beyond, place, start)

    def _absent_of(self, beyond: Beyond, place: int, start: int) -> Iterator[Range]:
        told = self._told
        table = array("I", exactly(self._stream, place, told.per_table * 4, "vmdk: a grain table"))
        longest = 2 * told.grain + 1024 + MARKER if told.compressed else told.grain
        last = max(1 if told.zeroed else 0, (beyond.end - longest) // SECTOR)
        if max(table) <= last:
            return
        for number in [n for n, at in enumerate(table) if at > last]:
            first, at = start + number * told.grain, table[number] * SECTOR
            length = min(told.grain, self.size - first)
            if length <= 0:
                return
            if not told.compressed:
                yield from beyond.block(first, length, at)
                continue
            beyond.roughly = beyond.roughly or at + MARKER > beyond.end
            if list(beyond.block(0, 1, at + self._packed(at) - 1)):  # of a part of one nothing is unpacked
                yield first, first + length

    def _packed(self, at: int) -> int:
        """Return how many bytes a compressed grain takes with its marker; what the marker has where it is not there."""
        if at + MARKER > self._stream.size:
            return MARKER
        return MARKER + _u32(exactly(self._stream, at, MARKER, "vmdk: the marker of a grain"), 8)

    def rest(self, file: str) -> Iterator[Span]:
        """Yield what of the file is neither table nor grain. Raises Damaged.

        Goes through all tables: four seconds for a terabyte. Of compressed grains, and of those that do not lie at
        multiples of their length from one another, only what is behind the last one.
        """
        over, grain = self.over(), self._told.grain
        starts = {at * SECTOR % grain for table, _ in self._in_use() for at in set(table) if at > 1}
        if len(starts) == 1 and not self._told.compressed and self._stream.size // grain <= MOST_GRAINS:
            for span in self._grains(starts.pop()).unused(file):
                if span.start < over:
                    yield span._replace(end=min(span.end, over))
        if over < self._stream.size:
            yield Span(self._stream, over, self._stream.size, file)

    def _grains(self, first: int) -> Units:
        used = Units(self._stream, self._told.grain, first)
        for start, length in self._tables_at():
            used.use(max(start, first), length - max(0, first - start))
        step, before, whole = self._told.grain // SECTOR, first // SECTOR, used.whole
        for table, _ in self._in_use():
            for at in table:
                if at > 1 and (number := (at - before) // step) < len(whole):
                    whole[number] = 1
        return used

    def over(self) -> int:
        """Return the byte of the file behind all that belongs to the extent. Raises Damaged."""
        return max(max(map(sum, self._tables_at())), self._last_grain())

    def _tables_at(self) -> Iterator[tuple[int, int]]:
        """Yield where headers, directories and tables lie, and how long they are."""
        told, length = self._told, len(self._directory) * 4
        directories = [(told.directory, self._directory)]
        if told.redundant:
            raw = exactly(self._stream, told.redundant, length, "vmdk: the second directory")
            directories.append((told.redundant, array("I", raw)))
        yield from ((0, SECTOR), told.descriptor, *told.tables)
        for at, directory in directories:
            yield at, _sectors(length)
            yield from ((each * SECTOR, _sectors(told.per_table * 4)) for each in directory if each > 1)

    def _in_use(self) -> Iterator[tuple["array[int]", int]]:
        """Yield the grain tables with the number of their first grain, each table once."""
        length = self._told.per_table * 4
        places = {at: index for index, at in enumerate(self._directory) if at > 1}
        if len(places) * length > self._stream.size:
            raise Damaged(f"vmdk: {len(places)} grain tables in a file of {self._stream.size} bytes")
        for at, index in places.items():
            raw = exactly(self._stream, at * SECTOR, length, "vmdk: a grain table")
            yield array("I", raw), index * self._told.per_table

    def _last_grain(self) -> int:
        """Return the byte behind the grain that lies last in the file."""
        last, number = 1, 0
        for table, first in self._in_use():
            if (highest := max(table)) > last:
                last, number = highest, first + table.index(highest)
        if last == 1:
            return 0
        if self._told.compressed:
            head = exactly(self._stream, last * SECTOR, 12, "vmdk: the marker of a grain")
            return _sectors(last * SECTOR + 12 + _u32(head, 8))
        return last * SECTOR + min(self._told.grain, max(0, self.size - number * self._told.grain))

    def at(self, offset: int, length: int) -> tuple[bytes | None, int]:
        """Return bytes (b"" stands for zeros, None for nothing held) and for how many bytes that holds."""
        number, within = divmod(offset, self._told.grain)
        length = min(length, self._told.grain - within)
        entry = self._entry(number)
        if entry == 0:
            return None, length
        if entry == 1 and self._told.zeroed:
            return b"", length
        if self._told.compressed:
            return self._grain(number, entry)[within : within + length], length
        length = self._together(number, entry, within, length)
        return exactly(self._stream, entry * SECTOR + within, length, f"vmdk: grain {number}"), length

    def holds(self, offset: int, length: int) -> tuple[Holds, int]:
        """Return what is said of a grain, and for how far: of as many of its table as hold nothing either."""
        number, within = divmod(offset, self._told.grain)
        table, index = divmod(number, self._told.per_table)
        entry = self._entry(number)
        kind = Holds.BELOW if entry == 0 else Holds.ZERO if entry == 1 and self._told.zeroed else Holds.OWN
        kept, behind = self._tables.get(self._directory[table]), index + 1
        if kept is None:  # a table that is not there says the same of all its grains
            behind = self._told.per_table
        elif entry == 0:
            named = NAMED.search(kept[index:].tobytes())
            behind = index + named.start() // 4 if named else self._told.per_table
        return kind, min(length, (behind - index) * self._told.grain - within)

    def _together(self, number: int, entry: int, within: int, wanted: int) -> int:
        step, got = self._told.grain // SECTOR, self._told.grain - within
        while got < min(wanted, 4 << 20) and (number + 1) * self._told.grain < self.size:
            number, entry = number + 1, entry + step
            if self._entry(number) != entry:
                break
            got += self._told.grain
        return min(got, wanted)

    def _entry(self, number: int) -> int:
        table, index = divmod(number, self._told.per_table)
        at = self._directory[table]
        if at == 0:
            return 0
        if at == 1 and self._told.zeroed:
            return 1
        kept = self._tables.get(at)
        if kept is None:
            raw = exactly(self._stream, at * SECTOR, self._told.per_table * 4, "vmdk: a grain table")
            kept = self._tables[at] = array("I", raw)
            if len(self._tables) > TABLES:
                self._tables.popitem(last=False)
        return kept[index]

    def _grain(self, number: int, entry: int) -> bytes:
        kept = self._unpacked.get(number)
        if kept is None:
            kept = self._unpacked[number] = self._inflated(number, entry * SECTOR)
            if len(self._unpacked) > GRAINS:
                self._unpacked.popitem(last=False)
        return kept

    def _inflated(self, number: int, at: int) -> bytes:
        head = exactly(self._stream, at, 12, f"vmdk: the marker of grain {number}")
        length = _u32(head, 8)
        if _u64(head, 0) * SECTOR != number * self._told.grain or length > 2 * self._told.grain + 1024:
            raise Damaged(f"vmdk: the marker at byte {at} is not that of grain {number}")
        raw = exactly(self._stream, at + 12, length, f"vmdk: grain {number}")
        due = min(self._told.grain, self.size - number * self._told.grain)
        unpack = zlib.decompressobj()
        try:
            data = unpack.decompress(raw, self._told.grain)
        except zlib.error as error:
            raise Damaged(f"vmdk: grain {number} at byte {at}: {plainly(error)}") from error
        if len(data) < due:
            raise Damaged(f"vmdk: grain {number} at byte {at} gives {len(data)} bytes instead of {due}")
        return data


def _sectors(at: int) -> int:
    """Return the end of the sector in which ``at`` lies, itself at the beginning of one."""
    return -(-at // SECTOR) * SECTOR


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "little")


def _u64(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 8], "little")
