"""Where the forks of HFS+ files lie, held against the standard, against one another and the allocation file.

A fork whose numbers are damaged gives the bytes of another place, and nothing in the catalogue's order shows it.

Source: Apple, Technical Note TN1150, "HFS Plus Volume Format": Fork Data Structure, Allocation File. Standard library
only.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress

from actionday.sources.filesystems._tsk_bytes import Missing, Reader, whole
from actionday.sources.filesystems._tsk_hfs_leaf import FILE, Record

SPECIAL, FORK = 112, 80
"""Byte of the volume header at which the five forks of its own files begin, and bytes of each: the first is the
allocation file's."""
FORKS = (("data", 88), ("resource", 168))
"""Bytes of a file record at which its forks begin."""
PAGE = 4096
"""Blocks told about by one number, of as many bits."""
MOST_PAGES = 1 << 17
"""Such numbers kept, 64 MiB of them: 2 TiB in use with blocks of 4 KiB. What lies in others is not compared."""
MOST = 20
"""Forks, and ranges of blocks, that are told one by one; and names to one range."""
DOUBT, TWICE, REMARK = "checksum", "claimed_twice", "allocation"
Extent = tuple[int, int]


class Forks:
    """The blocks that were claimed, as far as file records themselves tell."""

    def __init__(self, reader: Reader, head: bytes, *, clean: bool) -> None:
        self.block, self.blocks = struct.unpack(">II", head[40:48])
        self._reader = reader
        self._there = min(self.blocks, reader.size // max(self.block, 512))
        self._left = 2 * self._there
        """Blocks still to be taken down: who claims more of them than that has claimed many twice, which is told."""
        self.told: list[tuple[str, str]] = []
        self._clean, self._odd = clean, 0
        self._pages: dict[int, int] = {}
        self._ranges: list[tuple[int, int, str]] = []
        self._names: list[list[str]] = []
        self._own = [_fork(head[at : at + FORK]) for at in range(SPECIAL, SPECIAL + 5 * FORK, FORK)]
        for _, _, extents in self._own:
            self._claim(extents)

    def add(self, record: Record) -> None:
        """Hold a file record against the standard and take down its blocks. 2 µs, and 1 µs an extent."""
        if record.kind != FILE or record.linked:
            return
        for name, at in FORKS:
            size, total, extents = _fork(record.body[at : at + FORK])
            if not size and not total and not extents:
                continue
            if why := self._wrong(record.body[at + 16 : at + FORK], size, total, extents):
                self._odd += 1
                if self._odd <= MOST:
                    what = f"{record.shown!r} (number {record.number}): its {name} fork {why}"
                    self.told.append((DOUBT, what))
            self._claim(extents)

    def _wrong(self, raw: bytes, size: int, total: int, extents: list[Extent]) -> str:
        there = sum(count for _, count in extents)
        full = len(extents) == 8  # more of them may stand in the extents overflow file
        if any(start + count > self.blocks for start, count in extents):
            return "lies behind the end of the volume"
        if any(raw[8 * len(extents) :]):
            return "goes on behind its last extent"
        if there > total or (there < total and not full):
            return f"declares {total} blocks, its extents are {there}"
        return f"declares {size} bytes in {total} blocks" if size > total * self.block else ""

    def _claim(self, extents: list[Extent]) -> None:
        for start, count in extents:
            end, twice = min(start + count, self._there), False
            self._left -= max(0, end - start)
            if self._left < 0:
                return
            for page, mask in _masks(start, end):
                had = self._pages.get(page, 0)
                twice |= bool(had & mask)
                if had or len(self._pages) < MOST_PAGES:
                    self._pages[page] = had | mask
            if twice and len(self._ranges) < MOST:
                self._ranges.append((start, end, TWICE))

    def allocated(self) -> None:
        """Compare what was claimed with the allocation file, as far as its own extents tell it. 4 µs a page."""
        for page, claimed in self._pages.items():
            at = page * PAGE // 8
            for start, count in self._own[0][2]:
                if at < count * self.block:
                    with suppress(Missing):  # which is told as a gap of the disk
                        raw = whole(self._reader, start * self.block + at, PAGE // 8)
                        self._free(page, claimed & ~int.from_bytes(raw, "big"))
                    break
                at -= count * self.block

    def _free(self, page: int, free: int) -> None:
        if free and len(self._ranges) < MOST:
            first = PAGE - free.bit_length()
            last = PAGE - (free & -free).bit_length()
            self._ranges.append((page * PAGE + first, page * PAGE + last + 1, "free"))

    @property
    def differ(self) -> bool:
        """Whether blocks are claimed twice, or are free: ``keep`` is to be given each record then."""
        return bool(self._ranges)

    def keep(self, record: Record) -> None:
        """Take the name of a record of the second pass that claims such blocks."""
        if record.kind != FILE or record.linked:
            return
        self._names = self._names or [[] for _ in self._ranges]
        extents = [each for _, at in FORKS for each in _fork(record.body[at : at + FORK])[2]]
        for names, (first, end, _) in zip(self._names, self._ranges, strict=True):
            if len(names) < MOST and any(at < end and first < at + count for at, count in extents):
                names.append(f"{record.shown!r} (number {record.number})")

    def summed(self) -> list[tuple[str, str]]:
        """Return (code, reason) of all that was found."""
        if self._odd > MOST:
            self.told.append((DOUBT, f"forks that do not fit their own numbers: {self._odd}"))
        for names, (first, end, why) in zip(self._names, self._ranges, strict=False):
            who = ", ".join(names)
            if why == TWICE:
                self.told.append((TWICE, f"blocks {first} to {end - 1} are claimed twice: {who}"))
            elif names:
                where = f"blocks {first} to {end - 1}, or some of them,"
                text = f"{where} are free by the allocation file and belong to {who}"
                self.told.append((DOUBT if self._clean else REMARK, text))
        return self.told


def _fork(raw: bytes) -> tuple[int, int, list[Extent]]:
    """Return size in bytes, blocks in all, and the extents up to the first that is empty."""
    size, _, total, *numbers = struct.unpack(">QII16I", raw)
    extents = list[Extent]()
    for start, count in zip(numbers[::2], numbers[1::2], strict=True):
        if not count:
            break
        extents.append((start, count))
    return size, total, extents


def _masks(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield pages and the bits of blocks from ``start`` to before ``end``, the first block highest, as on the disk."""
    while start < end:
        page, first = divmod(start, PAGE)
        many = min(end - start, PAGE - first)
        yield page, ((1 << many) - 1) << (PAGE - first - many)
        start += many
