"""The GUID partition table; its backup at the end where the first one is damaged.

Source: UEFI Specification 2.10, 5.3 (GPT disk layout).
"""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

from actionday.model import Claim, Context, Damaged, Found, Loss, Peek, Stream
from actionday.model.loss import ENDS_EARLY
from actionday.sources.images._disk import exactly
from actionday.sources.volumes._ends import lacks
from actionday.sources.volumes._partition import volume
from actionday.sources.volumes._search import lost_volumes
from actionday.sources.volumes._signs import BOOT, partitioned, u32, u64, unwrapped
from actionday.sources.volumes._unclaimed import between, unclaimed, wide_gaps

MAGIC = b"EFI PART"
SECTORS = (512, 4096)
PROTECTIVE = 0xEE
CHECKSUM = "checksum differs"
COPY = 1 << 20
"""Bytes at the end of a disk that tools leave to the copy of the table."""
MOST_ENTRIES, LARGEST_ENTRY = 4096, 4096
TYPES = {
    "c12a7328-f81f-11d2-ba4b-00a0c93ec93b": "EFI system",
    "21686148-6449-6e6f-744e-656564454649": "BIOS boot",
    "e3c9e316-0b5c-4db8-817d-f92df00215ae": "Microsoft reserved",
    "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7": "Microsoft basic data",
    "de94bba4-06d1-4d40-a16a-bfd50179d6ac": "Windows recovery",
    "0fc63daf-8483-4772-8e79-3d69d8477de4": "Linux",
    "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f": "Linux swap",
    "e6d6d379-f507-44c2-a23c-238f2a3df928": "Linux LVM",
    "a19d880f-05fc-4d3b-a006-743f0f84911e": "Linux RAID",
    "ca7d7ccb-63ed-4c53-861c-1742536059cc": "LUKS",
    "48465300-0000-11aa-aa11-00306543ecac": "Apple HFS+",
    "7c3457ef-0000-11aa-aa11-00306543ecac": "Apple APFS",
}


class Header(NamedTuple):
    """One copy of the table's header, which lies at byte ``at`` and is ``length`` bytes long."""

    at: int
    length: int
    sector: int
    guid: str
    table: int
    slots: int
    entry: int
    table_crc: int
    other: int
    """The sector of the other copy: that at the start names the last sector of the disk."""


class Gpt:
    """Partitions are p1 and up, by their slot in the table."""

    name, sample = "gpt", "gpt.raw"
    marks = (BOOT, *((at, MAGIC) for sector in SECTORS for at in (sector, -sector)))

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a header at its place; MAGIC for a protective record or a backup header alone."""
        head, tail = peek.head, peek.tail
        first = MAGIC in [head[sector : sector + 8] for sector in SECTORS]
        protected = partitioned(head, peek.size) and head[450] == PROTECTIVE
        if not (first or protected or MAGIC in [tail[-sector:][:8] for sector in SECTORS]):
            return Claim.NO
        if peek.head[32769:32774] == b"CD001":  # a hybrid ISO: its own file system tells more
            return Claim.NAME
        return unwrapped(peek, Claim.STRUCTURE if first or protected else Claim.MAGIC, table=False)

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield partitions in table order, then file systems outside of them.

        Raises Damaged when neither table can be read, behind the file systems that were found without one.
        """
        try:
            header, table = self._table(stream, around)
        except Damaged:
            yield from lost_volumes(stream, [], around, quiet=0)
            raise
        around.acquired({"gpt": {"guid": header.guid, "sector": header.sector}})
        _whole(header, stream.size, around)
        taken: list[tuple[int, int]] = []
        for slot in range(header.slots):
            entry = table[slot * header.entry : (slot + 1) * header.entry]
            if any(entry[:16]):
                yield _partition(slot + 1, entry, header.sector, stream)
                first, last = u64(entry, 32) * header.sector, (u64(entry, 40) + 1) * header.sector
                taken.append((first, max(0, last - first)))
        taken += _own(header, stream.size)
        for each in lost_volumes(stream, taken, around):
            yield each
            taken += each.runs or ()
        yield from between(stream, taken, around)
        around.unallocated(wide_gaps(stream, taken), 1)
        for start, end in _unused(stream, header, table):
            yield from unclaimed(stream, start, end, "partition table", around)

    def _table(self, stream: Stream, around: Context) -> tuple[Header, bytes]:
        problems: list[str] = []
        for sector in SECTORS:
            for at, which in ((sector, "first"), (stream.size // sector * sector - sector, "backup")):
                try:
                    header = _header(stream, at, sector)
                    table = _entries(stream, header)
                except Damaged as error:
                    problems.append(f"{which} header at byte {at}: {error}")
                else:
                    if which == "backup":
                        around.note("backup", f"gpt: the backup table is used: {problems[0]}")
                        if CHECKSUM in problems[0]:
                            around.note(Loss.CHECKSUM, f"gpt: {problems[0]}")
                    return header, table
        raise Damaged(f"gpt: no table can be read: {'; '.join(problems[:2])}")


def first_table(stream: Stream) -> tuple[int, list[tuple[int, int]]] | None:
    """Return where the disk ends by its first table, and start and length of each partition; None without one."""
    for sector in SECTORS:
        with suppress(Damaged):
            header = _header(stream, sector, sector)
            table = _entries(stream, header)
            entries = (table[at : at + header.entry] for at in range(0, len(table), header.entry))
            places = [(u64(each, 32), u64(each, 40)) for each in entries if any(each[:16])]
            runs = [(first * sector, (last - first + 1) * sector) for first, last in places if last >= first]
            return (header.other + 1) * sector, runs
    return None


def _whole(header: Header, size: int, around: Context) -> None:
    """Note a disk that ends before its table says: no loss where no more lacks than the other copy of the table."""
    told = (header.other + 1) * header.sector
    if header.at < header.other * header.sector and told > size:
        code = Loss.SHORT if told - size > COPY else ENDS_EARLY
        around.note(code, f"gpt: the disk is {told} bytes long, {size} are there")
        if code is Loss.SHORT:
            lacks(told, size, around)


def _own(header: Header, size: int) -> Iterator[tuple[int, int]]:
    """Yield where the protective record and both tables with their headers lie."""
    table = header.sector + -(-header.slots * header.entry // header.sector) * header.sector
    yield 440, header.sector - 440
    yield header.sector, table
    end = size // header.sector * header.sector
    yield end - table, table


def _unused(stream: Stream, header: Header, table: bytes) -> Iterator[tuple[int, int]]:
    """Yield the parts of both copies of the table that tell nothing: behind a header, entries of no partition."""
    copies = [header]
    other = stream.size // header.sector * header.sector - header.sector
    if header.at != other:
        with suppress(Damaged):
            copies.append(_header(stream, other, header.sector))
    used = {slot for slot in range(header.slots) if any(table[slot * header.entry :][:16])}
    for copy in copies:
        yield copy.at + copy.length, copy.at + copy.sector
        start = at = copy.table * copy.sector
        for slot in range(copy.slots):
            if slot in used:
                yield start, at
                start = at + copy.entry
            at += copy.entry
        yield start, -(-at // copy.sector) * copy.sector


def _header(stream: Stream, at: int, sector: int) -> Header:
    raw = exactly(stream, max(0, at), 512, "the header")
    size = u32(raw, 12)
    if raw[:8] != MAGIC or not 92 <= size <= 512:
        raise Damaged("no GPT header there")
    blank = raw[:16] + bytes(4) + raw[20:size]
    if zlib.crc32(blank) != u32(raw, 16):
        raise Damaged(f"its {CHECKSUM}")
    header = Header(
        max(0, at),
        size,
        sector,
        str(UUID(bytes_le=raw[56:72])),
        u64(raw, 72),
        u32(raw, 80),
        u32(raw, 84),
        u32(raw, 88),
        u64(raw, 32),
    )
    if not 128 <= header.entry <= LARGEST_ENTRY or header.slots > MOST_ENTRIES:
        raise Damaged(f"a table of {header.slots} entries of {header.entry} bytes")
    return header


def _entries(stream: Stream, header: Header) -> bytes:
    raw = exactly(stream, header.table * header.sector, header.slots * header.entry, "the table")
    if zlib.crc32(raw) != header.table_crc:
        raise Damaged(f"the entries' {CHECKSUM}")
    return raw


def _partition(number: int, entry: bytes, sector: int, stream: Stream) -> Found:
    kind = str(UUID(bytes_le=entry[:16]))
    first, last, flags = u64(entry, 32), u64(entry, 40), u64(entry, 48)
    meta: dict[str, object] = {"type": kind, "guid": str(UUID(bytes_le=entry[16:32]))}
    if kind in TYPES:
        meta["type_name"] = TYPES[kind]
    if label := entry[56:128].decode("utf-16-le", "replace").split("\0")[0]:
        meta["label"] = label
    if flags:
        meta["flags"] = f"0x{flags:x}"
    return volume(number, first * sector, max(0, last - first + 1) * sector, stream, meta)


SOURCE = Gpt()
