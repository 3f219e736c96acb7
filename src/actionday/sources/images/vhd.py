"""VHD: fixed, dynamic and differencing disks of Virtual PC and Hyper-V.

Source: Microsoft, "Virtual Hard Disk Image Format Specification", version 1.0 (2006).
"""

from array import array
from collections.abc import Iterator
from heapq import merge
from sys import byteorder
from uuid import UUID

from actionday.model import Claim, Context, Damaged, Loss, NotThere, Peek, Stream, Unsupported
from actionday.sources.images._below import Holds, Overlay, known
from actionday.sources.images._beyond import Beyond, tell_beyond
from actionday.sources.images._bits import stretch, stretches
from actionday.sources.images._disk import exactly
from actionday.sources.images._missing import Range, or_nothing
from actionday.sources.images._parents import last_part, named, opened
from actionday.sources.images._parts import joined
from actionday.sources.images._rest import Span, unused
from actionday.sources.images._slack import slack
from actionday.sources.images._vhd_facts import HEADER_RESERVED, RESERVED, facts_of, parent_of
from actionday.sources.images._vhd_fixed import fixed
from actionday.sources.images._vhd_footer import (
    DIFFERENCING,
    FIXED,
    FOOTER,
    GROWING,
    MAGIC,
    copied,
    ends_in_footer,
    footer,
    kind_of,
    last_footer,
    lone,
    number,
    sum_fits,
)

DYNAMIC, HEADER = b"cxsparse", 1024
SECTOR = 512
FREE = 0xFFFFFFFF
MOST_BLOCKS = 1 << 22
"""Blocks of 2 MiB: 8 TiB, four times what the format allows."""
BITMAPS_KEPT = 256


class DynamicVhd(Overlay):
    """Blocks by the table, each behind a bitmap that tells which of its sectors are its own."""

    def __init__(
        self, stream: Stream, size: int, name: str, header: bytes, at: int, below: Stream | None
    ) -> None:
        super().__init__(size, name, below)
        self._stream = stream
        table, count, self._block = number(header, 16, 8), number(header, 28), number(header, 32)
        if self._block % SECTOR or not 0 < self._block <= 1 << 28 or count > MOST_BLOCKS:
            raise Damaged(f"vhd: {count} blocks of {self._block} bytes")
        if count * self._block < size:
            raise Damaged(f"vhd: {count} blocks of {self._block} bytes for a disk of {size}")
        self._bitmap = -(-self._block // SECTOR // 8 // SECTOR) * SECTOR
        self._table = array("I", exactly(stream, table, count * 4, "vhd: the block table"))
        if byteorder == "little":
            self._table.byteswap()
        self._bitmaps: dict[int, bytes] = {}
        self.differencing = False
        """Whether it stands on a parent, also on one that is not there."""
        self._tables = [(0, FOOTER), (at, HEADER), (table, -(-count * 4 // SECTOR) * SECTOR)]
        self._tables += [
            (place, -(-length // SECTOR) * SECTOR) for code, length, place in _locators(header) if any(code)
        ]

    def absent(self, beyond: Beyond) -> Iterator[Range]:
        """Yield what of the disk lies behind the end of the file; of a differencing one only what is its own."""
        seen = set[int]()
        for block, entry in enumerate(self._table):
            start = block * self._block
            within, place = min(self._block, self.size - start), entry * SECTOR + self._bitmap
            if not entry or entry == FREE or within <= 0:
                continue
            if not self.differencing or place + within <= beyond.end:
                yield from beyond.block(start, within, place)
            elif place > beyond.end:  # which of its sectors are its own nobody can tell
                yield from beyond.table(start, start + within, place + within)
            elif place in seen:  # no writer stores two blocks in one place
                beyond.least = True
            else:
                seen.add(place)
                bits = self._bits(block, entry * SECTOR)
                for first, count in stretches(bits, "big", 0, -(-within // SECTOR), own=True):
                    at = first * SECTOR
                    yield from beyond.block(start + at, min(count * SECTOR, within - at), place + at)

    def footer_at(self) -> int:
        """Return where the footer is due: behind all else."""
        ends = (entry * SECTOR + self._bitmap + self._block for entry in self._table if entry != FREE)
        return max(max(start + length for start, length in self._tables), max(ends, default=0))

    def own_rest(self) -> Iterator[Span]:
        """Yield what is neither footer, header, table nor block."""
        feet = [(at, FOOTER) for at in self._feet()]
        blocks = self._own() if self.differencing else self._blocks()
        return unused(self._stream, merge(sorted(self._tables), blocks, sorted(feet)))

    def _feet(self) -> Iterator[int]:
        """Yield where footers stand, damaged ones too: where one is due, and at the end of the file."""
        for at in (self.footer_at(), self._stream.size - FOOTER, self._stream.size - FOOTER + 1):
            self._stream.seek(max(0, at))
            if self._stream.read(len(MAGIC)) == MAGIC:
                yield at

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """Yield where blocks lie, by that, each as far as the disk reaches into it."""
        for block in sorted(range(len(self._table)), key=self._table.__getitem__):
            if (entry := self._table[block]) != FREE:
                within = min(self._block, max(0, self.size - block * self._block))
                yield entry * SECTOR, self._bitmap + within

    def _own(self) -> Iterator[tuple[int, int]]:
        """Yield of each block its bitmap, and the sectors of which that says that they are the disk's own."""
        for start, length in self._blocks():
            self._stream.seek(start)
            bits = self._stream.read(min(self._bitmap, length)).ljust(self._bitmap, b"\0")
            yield start, self._bitmap
            body, within = start + self._bitmap, length - self._bitmap
            for first, count in stretches(bits, "big", 0, -(-within // SECTOR), own=True):
                yield body + first * SECTOR, min(count * SECTOR, within - first * SECTOR)

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one block, or in a differencing disk of one stretch of it. Raises Damaged."""
        number, within = divmod(offset, self._block)
        length = min(length, self._block - within)
        entry = self._table[number]
        if entry == FREE:
            return self.under(offset, length)
        if self.below is not None:
            own, length = self._stretch(number, entry * SECTOR, within, length)
            if not own:
                return self.under(offset, length)
        return exactly(self._stream, entry * SECTOR + self._bitmap + within, length, f"vhd: block {number}")

    def holds(self, offset: int, length: int) -> tuple[Holds, int]:
        """Return that of a block; one that is there counts as its own."""
        number, within = divmod(offset, self._block)
        kind = Holds.BELOW if self._table[number] == FREE else Holds.OWN
        return kind, min(length, self._block - within)

    def _stretch(self, number: int, at: int, within: int, length: int) -> tuple[bool, int]:
        """Return whether the sectors at ``within`` are our own, and for how many bytes that holds."""
        own, end = stretch(self._bits(number, at), "big", within // SECTOR, (within + length - 1) // SECTOR)
        return own, min(length, end * SECTOR - within)

    def _bits(self, number: int, at: int) -> bytes:
        if number not in self._bitmaps:
            if len(self._bitmaps) >= BITMAPS_KEPT:
                self._bitmaps.pop(next(iter(self._bitmaps)))
            self._bitmaps[number] = exactly(
                self._stream, at, self._bitmap, f"vhd: the bitmap of block {number}"
            )
        return self._bitmaps[number]


class Vhd:
    """Virtual Hard Disk files."""

    name, sample = "vhd", "ext4.vhd"
    binary = True
    marks = ((0, MAGIC), (-FOOTER, MAGIC), (1 - FOOTER, MAGIC))

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a footer at the end, or its copy at the start of what is no fixed disk."""
        if copied(peek.head) or ends_in_footer(peek.head, peek.tail):
            return joined(peek, Claim.STRUCTURE)
        marked = MAGIC in (peek.tail[-FOOTER:][:8], peek.head[:8]) and not lone(peek.head)
        return joined(peek, Claim.MAGIC if marked else Claim.NO)

    def open(self, stream: Stream, around: Context) -> Stream:
        """Return the disk. Raises Damaged (a missing parent too) or Unsupported."""
        foot, damaged = _footer(stream)
        size, kind = number(foot, 48, 8), kind_of(foot)
        facts = facts_of(foot)
        around.acquired({"vhd": facts})
        facts |= slack(stream, around, "vhd", _rooms(stream, foot))
        if kind == FIXED:
            return fixed(stream, size, stream.size - len(foot), around)
        if kind not in (GROWING, DIFFERENCING):
            raise Unsupported(f"vhd: disk type {kind} is not read here")
        with or_nothing(size, around):
            disk = self._dynamic(stream, foot, facts, around)
        if damaged:
            _say_copied(stream, disk.footer_at(), around)
        beyond = Beyond(stream)
        around.acquired(tell_beyond(disk, beyond, disk.absent(beyond), "vhd", around))
        return disk

    def _dynamic(self, stream: Stream, foot: bytes, facts: dict[str, object], around: Context) -> DynamicVhd:
        """Return the disk, on its parent. Raises Damaged."""
        at = number(foot, 16, 8)
        header = exactly(stream, at, HEADER, "vhd: the dynamic header")
        if header[:8] != DYNAMIC:
            raise Damaged("vhd: no dynamic header where the footer places it")
        if not sum_fits(header, 36):
            around.note(Loss.CHECKSUM, "vhd: the checksum of the dynamic header differs")
        if kind_of(foot) == DIFFERENCING:
            facts |= parent_of(header, _names(stream, header))
            around.acquired({"vhd": facts})
        disk = DynamicVhd(stream, number(foot, 48, 8), around.name, header, at, None)
        disk.differencing = kind_of(foot) == DIFFERENCING
        if disk.differencing:
            with known(disk):
                disk.stand(*_parent(stream, header, around), around)
        return disk


def _footer(stream: Stream) -> tuple[bytes, bool]:
    """Return the footer, of 511 bytes where its writer left out the last, or its copy at the start (True)."""
    if found := last_footer(_end(stream)):
        return found, False
    stream.seek(0)
    head = stream.read(FOOTER)
    if not copied(head):
        raise Damaged("vhd: no footer with a right checksum at the end, and no copy of one at the start")
    return head, True


def _rooms(stream: Stream, foot: bytes) -> list[tuple[int, int]]:
    """Return what is reserved in the footer, in its copy and in the header of a dynamic disk."""
    rooms = [(stream.size - len(foot) + RESERVED, stream.size)] if last_footer(_end(stream)) else []
    if kind_of(foot) == FIXED:
        return rooms
    at = number(foot, 16, 8)
    return [(RESERVED, FOOTER), *((at + first, at + end) for first, end in HEADER_RESERVED), *rooms]


def _end(stream: Stream) -> bytes:
    stream.seek(max(0, stream.size - FOOTER))
    return stream.read(FOOTER)


def _say_copied(stream: Stream, due: int, around: Context) -> None:
    """Note why the copy at the start is used, unless the footer is whole where it is due: more was appended."""
    stream.seek(due)
    raw = stream.read(FOOTER)
    if len(raw) >= FOOTER - 1 and footer(raw):
        return
    around.note("backup", "vhd: the footer at the end is damaged or cut off: its copy is used")
    stream.seek(max(0, stream.size - FOOTER))
    if MAGIC in (raw[:8], stream.read(8)):
        around.note(Loss.CHECKSUM, "vhd: the checksum of the footer differs")


def _parent(stream: Stream, header: bytes, around: Context) -> tuple[Stream, str]:
    """Return the parent and its name by the names the child keeps, checked by its identifier."""
    wanted = UUID(bytes=header[40:56])
    names = list(dict.fromkeys(last_part(each) for each in _names(stream, header)))
    for name in names:
        found = named(name, around, "vhd")
        if found is not None:
            if _identity(found) != wanted:
                raise Damaged(
                    f"vhd: {name} is not the parent this disk was made from (its identifier differs)"
                )
            return opened(found, name, around, "vhd"), name
    raise NotThere(f"vhd: needs backing file {names[0] if names else wanted!s}, which is not beside it")


def _names(stream: Stream, header: bytes) -> list[str]:
    names = [header[64:576].decode("utf-16-be", "replace").split("\0")[0]]
    for code, length, offset in _locators(header):
        if code in (b"W2ku", b"W2ru") and 0 < length <= 65536:
            stream.seek(offset)
            names.append(stream.read(length).decode("utf-16-le", "replace").split("\0")[0])
    return [each for each in names if each]


def _locators(header: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield code, length and place of the names of the parent."""
    for at in range(576, 576 + 8 * 24, 24):
        yield header[at : at + 4], number(header, at + 8), number(header, at + 16, 8)


def _identity(stream: Stream) -> UUID | None:
    """Return the identifier of a disk by its footer, or by the copy where that is damaged."""
    raw = last_footer(_end(stream))
    if not raw:
        stream.seek(0)
        raw = stream.read(FOOTER)
        raw = raw if copied(raw) else b""
    return UUID(bytes=raw[68:84]) if raw else None


IMAGE = Vhd()
