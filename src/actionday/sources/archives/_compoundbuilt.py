"""A storage of a compound file as a compound file of its own, so that its reader opens it.

Source: [MS-CFB] 2.2 to 2.6.

Its streams are byte for byte those of the storage; header, tables and directory are made anew, always in the same way.
"""

from collections.abc import Iterator
from struct import pack
from typing import NamedTuple

from actionday.mime.compound import MAGIC, MINI, Compound
from actionday.mime.compound_tree import ENTRY, ROOT, STORAGE, STREAM, Entry
from actionday.model import OverLimit, Run, Stream
from actionday.model.streams import RunStream
from actionday.sources.archives._streams import BLOCK

NONE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
CUTOFF = 4096
"""Bytes from which a stream is no part of the mini stream: no other number is allowed."""
IN_HEADER = 109
"""Sectors of the table that the header names."""
SHIFTS = ((9, 3), (12, 4))
"""Sector sizes as powers of two, and the version of each: the second reaches to 457 MB."""


class _Row(NamedTuple):
    entry: Entry
    kind: int
    runs: tuple[Run, ...]
    size: int


def built(whole: Compound, stream: Stream, storage: Entry) -> Iterator[bytes]:
    """Yield the bytes of a compound file with what lies in ``storage``, never none at a time. Raises OverLimit."""
    return filter(None, _parts(whole, stream, storage))


def _parts(whole: Compound, stream: Stream, storage: Entry) -> Iterator[bytes]:
    rows = list(_rows(whole, storage))
    for shift, version in SHIFTS:
        head, sector = (shift, version), 1 << shift
        large = [row for row in rows if row.kind == STREAM and row.size >= CUTOFF]
        small = [row for row in rows if row.kind == STREAM and 0 < row.size < CUTOFF]
        minis = sum(-(-row.size // MINI) for row in small)
        counts = [len(rows) * ENTRY, minis * 4, minis * MINI, *(row.size for row in large)]
        sectors = [-(-count // sector) for count in counts]
        tables = -(-sum(sectors) // (sector // 4 - 1))
        if tables <= IN_HEADER:
            break
    else:
        raise OverLimit("OLE2: an embedded object of more than 457 MB")
    starts = [tables + sum(sectors[:number]) for number in range(len(sectors))]
    firsts = [start if count else END for start, count in zip(starts, sectors, strict=True)]
    yield _header(*head, tables, firsts, sectors).ljust(sector, b"\0")
    yield _table(tables, sectors, sector)
    places = dict(zip((row.entry.number for row in large), firsts[3:], strict=True))
    mini_table, at = bytearray(), 0
    for row in small:
        places[row.entry.number] = at
        count = -(-row.size // MINI)
        mini_table += b"".join(pack("<I", number) for number in range(at + 1, at + count)) + pack("<I", END)
        at += count
    yield _padded(_directory(whole, rows, places, firsts[2], minis * MINI), sector)
    yield _padded(bytes(mini_table), sector, b"\xff")
    yield _padded(b"".join(_padded(RunStream(stream, row.runs).read(), MINI) for row in small), sector)
    for row in large:
        reader = RunStream(stream, row.runs)
        while block := reader.read(BLOCK):
            yield block
        yield bytes(-row.size % sector)


def _rows(whole: Compound, storage: Entry) -> Iterator[_Row]:
    yield _Row(storage, ROOT, (), 0)
    inner = [storage]
    for outer in inner:
        for each in whole.tree.members.get(outer.number, ()):
            runs = whole.runs(each) if each.kind == STREAM else ()
            yield _Row(each, each.kind, runs, sum(length for _, length in runs))
            if each.kind == STORAGE:
                inner.append(each)


def _header(shift: int, version: int, tables: int, firsts: list[int], sectors: list[int]) -> bytes:
    header = MAGIC + bytes(16) + pack("<HHHHH6x", 0x3E, version, 0xFFFE, shift, 6)
    header += pack("<III", sectors[0] if version > 3 else 0, tables, firsts[0])
    header += pack("<IIIIII", 0, CUTOFF, firsts[1], sectors[1], END, 0)
    return (header + b"".join(pack("<I", each) for each in range(tables))).ljust(512, b"\xff")


def _table(tables: int, sectors: list[int], sector: int) -> bytes:
    table, at = bytearray(pack("<I", TABLE) * tables), tables
    for count in filter(None, sectors):
        table += b"".join(pack("<I", each) for each in range(at + 1, at + count)) + pack("<I", END)
        at += count
    return bytes(table).ljust(tables * sector, b"\xff")


def _padded(block: bytes, to: int, pad: bytes = b"\0") -> bytes:
    return block + pad * (-len(block) % to)


def _directory(whole: Compound, rows: list[_Row], places: dict[int, int], mini: int, mini_size: int) -> bytes:
    """Return the entries, those of each storage as a balanced tree in the order that the format asks for."""
    numbers = {row.entry.number: number for number, row in enumerate(rows)}
    links = {number: [NONE, NONE, NONE] for number in range(len(rows))}

    def tied(members: list[Entry]) -> int:
        if not members:
            return NONE
        middle = len(members) // 2
        number = numbers[members[middle].number]
        links[number][:2] = [tied(members[:middle]), tied(members[middle + 1 :])]
        return number

    for number, row in enumerate(rows):
        if row.kind != STREAM:
            members = whole.tree.members.get(row.entry.number, ())
            links[number][2] = tied(sorted(members, key=lambda each: (len(each.name), each.name.upper())))
    block = bytearray()
    for number, row in enumerate(rows):
        name = "Root Entry" if row.kind == ROOT else row.entry.name
        raw = name.encode("utf-16-le", "replace")[:62] + b"\0\0"
        start, size = (mini, mini_size) if row.kind == ROOT else (places.get(row.entry.number, END), row.size)
        block += raw.ljust(64, b"\0") + pack("<HBBIII", len(raw), row.kind, 1, *links[number])
        block += row.entry.class_id + bytes(20) + pack("<IQ", 0 if row.kind == STORAGE else start, size)
    return bytes(block)
