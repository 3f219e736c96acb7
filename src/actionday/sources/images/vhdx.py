"""VHDX: fixed, dynamic and differencing disks of Hyper-V.

Source: Microsoft, [MS-VHDX] "Virtual Hard Disk v2 (VHDX) File Format", section 2.5 (block allocation table).
"""

from array import array
from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Loss, NotThere, Peek, Stream
from actionday.sources.images._below import Holds, Overlay, known
from actionday.sources.images._beyond import Beyond, tell_beyond
from actionday.sources.images._bits import stretch, stretches
from actionday.sources.images._disk import exactly, zeros
from actionday.sources.images._missing import Range, or_nothing
from actionday.sources.images._parents import last_part, named, opened
from actionday.sources.images._parts import joined
from actionday.sources.images._rest import Span
from actionday.sources.images._slack import slack
from actionday.sources.images._units import Units
from actionday.sources.images._vhdx_layout import HEADERS, MIB, REGION, Layout, layout

MAGIC = b"vhdxfile"
NOT_PRESENT, FULL, PARTLY = 0, 6, 7
BITS = 1 << 23
"""Sectors one bitmap block of 1 MiB tells about."""
BITMAPS_KEPT = 64
MAKER = 520
"""Bytes of the file identifier: its signature and who wrote it."""
ROOMS = ((MAKER, HEADERS[0]), *((at + 80, at + REGION) for at in HEADERS))
"""What is reserved behind the identifier and in the two headers."""
NAMES = ("relative_path", "volume_path", "absolute_win32_path")


class VhdxDisk(Overlay):
    """Payload blocks by the table; every so many entries one for the bitmap of partly present blocks."""

    def __init__(self, stream: Stream, name: str, told: Layout, below: Stream | None) -> None:
        super().__init__(told.size, name, below)
        self._stream, self._told = stream, told
        self._ratio = BITS * told.sector // told.block
        blocks = -(-told.size // told.block)
        groups = -(-blocks // self._ratio)
        count = groups * (self._ratio + 1) if told.has_parent else blocks + (blocks - 1) // self._ratio
        self._table = array("Q", exactly(stream, told.bat, count * 8, "vhdx: the block table"))
        self._bitmaps: dict[int, bytes] = {}

    def absent(self, beyond: Beyond) -> Iterator[Range]:
        """Yield what of the disk lies behind the end of the file, of a block that is partly present its own sectors."""
        sector, block, seen = self._told.sector, self._told.block, set[int]()
        for number in range(-(-self.size // block)):
            entry, start = self._table[number + number // self._ratio], number * block
            within, place = min(block, self.size - start), (entry >> 20) * MIB
            if entry & 7 not in (FULL, PARTLY) or not place:
                continue
            beyond.allotted = max(beyond.allotted, place + block)
            group = number // self._ratio
            bitmap = self._bitmap_at(group) if entry & 7 == PARTLY else 0
            if bitmap + MIB > beyond.end and bitmap:  # which of its sectors are its own nobody can tell
                yield from beyond.table(start, start + within, bitmap + MIB)
                continue
            if not bitmap or place + within <= beyond.end:
                yield from beyond.block(start, within, place)
                continue
            if place in seen:  # no writer stores two blocks in one place
                beyond.least = True
                continue
            seen.add(place)
            bits, base = self._bits(group), number % self._ratio * (block // sector)
            for first, count in stretches(bits, "little", base, -(-within // sector), own=True):
                at = first * sector
                yield from beyond.block(start + at, min(count * sector, within - at), place + at)

    def _bitmap_at(self, group: int) -> int:
        at = group * (self._ratio + 1) + self._ratio
        return (self._table[at] >> 20) * MIB if at < len(self._table) else 0

    def own_rest(self) -> Iterator[Span]:
        """Yield what is neither header, log, region nor block; of a block that reads as zeros its place is none.

        Of one that is partly present, the sectors too that are read from the parent while bytes of theirs are stored.
        """
        used = Units(self._stream, MIB)
        for start, length in (*self._told.structures, *self._bitmap_blocks()):
            used.use(start, length)
        for start, length in self._blocks(FULL, PARTLY):
            used.use(start, length if start else 0)
        yield from used.unused()
        yield from self._hidden()

    def _hidden(self) -> Iterator[Span]:
        sector, block = self._told.sector, self._told.block
        for number in range(-(-self.size // block)):
            entry = self._table[number + number // self._ratio]
            if entry & 7 != PARTLY or not entry >> 20:
                continue
            start, length = (entry >> 20) * MIB, min(block, self.size - number * block)
            base = number % self._ratio * (block // sector)
            bits = self._bits(number // self._ratio)
            for first, count in stretches(bits, "little", base, -(-length // sector), own=False):
                at = start + first * sector
                end = min(at + count * sector, start + length, self._stream.size)
                if at < end:
                    yield Span(self._stream, at, end, inside=True)

    def _blocks(self, *states: int) -> Iterator[tuple[int, int]]:
        """Yield where payload blocks in those states lie, each as far as the disk reaches into it."""
        for number, entry in enumerate(self._table):
            group, within = divmod(number, self._ratio + 1)
            if entry & 7 in states and within != self._ratio:
                start = (number - group) * self._told.block
                yield (entry >> 20) * MIB, min(self._told.block, max(0, self.size - start))

    def _bitmap_blocks(self) -> Iterator[tuple[int, int]]:
        for entry in self._table[self._ratio :: self._ratio + 1]:
            if entry >> 20:
                yield (entry >> 20) * MIB, MIB

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one block, or of one stretch of a partly present one. Raises Damaged."""
        number, within = divmod(offset, self._told.block)
        length = min(length, self._told.block - within)
        entry = self._table[number + number // self._ratio]
        state, at = entry & 7, (entry >> 20) * MIB
        if state == NOT_PRESENT:
            return self.under(offset, length)
        if state not in (FULL, PARTLY):  # zero, unmapped and undefined blocks read as zeros
            return zeros(length)
        if state == PARTLY:
            own, length = self._stretch(number, within, length)
            if not own:
                return self.under(offset, length)
        return exactly(self._stream, at + within, length, f"vhdx: block {number}")

    def holds(self, offset: int, length: int) -> tuple[Holds, int]:
        """Return that of a block; one that is partly present counts as its own."""
        number, within = divmod(offset, self._told.block)
        state = self._table[number + number // self._ratio] & 7
        kind = Holds.BELOW if state == NOT_PRESENT else Holds.OWN if state in (FULL, PARTLY) else Holds.ZERO
        return kind, min(length, self._told.block - within)

    def _stretch(self, number: int, within: int, length: int) -> tuple[bool, int]:
        """Return whether the sectors at ``within`` are present, and for how many bytes that holds."""
        sector = self._told.sector
        base = number % self._ratio * (self._told.block // sector)
        bits = self._bits(number // self._ratio)
        first, last = base + within // sector, base + (within + length - 1) // sector
        own, end = stretch(bits, "little", first, last)
        return own, min(length, (end - base) * sector - within)

    def _bits(self, group: int) -> bytes:
        if group not in self._bitmaps:
            entry = self._table[group * (self._ratio + 1) + self._ratio]
            if entry & 7 != FULL:
                raise Damaged("vhdx: a partly present block without its bitmap")
            if len(self._bitmaps) >= BITMAPS_KEPT:
                self._bitmaps.pop(next(iter(self._bitmaps)))
            self._bitmaps[group] = exactly(self._stream, (entry >> 20) * MIB, MIB, "vhdx: a bitmap block")
        return self._bitmaps[group]


class Vhdx:
    """Virtual Hard Disk v2 files."""

    name, sample = "vhdx", "ext4.vhdx"
    binary = True
    marks = ((0, MAGIC),)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for the file identifier."""
        return joined(peek, Claim.STRUCTURE if peek.head[:8] == MAGIC else Claim.NO)

    def open(self, stream: Stream, around: Context) -> Stream:
        """Return the disk. Raises Damaged (a missing parent too) or Unsupported."""
        told = layout(stream)
        if told.notes:
            around.note("log" if told.log else "backup", f"vhdx: {'; '.join(told.notes)}")
        for which in told.differ:
            around.note(Loss.CHECKSUM, f"vhdx: the checksum of {which} differs")
        around.acquired({"vhdx": {**_facts(stream, told), **slack(stream, around, "vhdx", ROOMS)}})
        with or_nothing(told.size, around):
            disk = VhdxDisk(stream, around.name, told, None)
            if told.has_parent:
                with known(disk):
                    disk.stand(*_parent(told, around), around)
        beyond = Beyond(stream)
        around.acquired(tell_beyond(disk, beyond, disk.absent(beyond), "vhdx", around))
        return disk


def _facts(stream: Stream, told: Layout) -> dict[str, object]:
    """Return what the file tells of the disk, of who made it, and of what it was made from."""
    maker = exactly(stream, len(MAGIC), MAKER - len(MAGIC), "vhdx: the file identifier")
    found: dict[str, object] = {"block": told.block, "sector": told.sector, "id": told.identity}
    text = maker.decode("utf-16-le", "replace").split("\0", 1)[0].strip()
    found |= {"creator": text} if text else {}
    return found | ({"parent_locator": told.locator} if told.locator else {})


def _parent(told: Layout, around: Context) -> tuple[Stream, str]:
    names = [last_part(told.locator[key]) for key in NAMES if told.locator.get(key)]
    for name in dict.fromkeys(names):
        found = named(name, around, "vhdx")
        if found is None:
            continue
        linkage = {
            told.locator.get(key, "").strip("{}").lower() for key in ("parent_linkage", "parent_linkage2")
        }
        if linkage != {""} and layout(found).identity not in linkage:
            raise Damaged(
                f"vhdx: {name} is not as it was when this disk was made from it (its identifier differs)"
            )
        return opened(found, name, around, "vhdx"), name
    raise NotThere(f"vhdx: needs backing file {names[0] if names else '(unnamed)'}, which is not beside it")


IMAGE = Vhdx()
