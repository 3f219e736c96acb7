"""NTFS whose file table is told in several records, as that of any volume is that was used for years."""

import struct
from pathlib import Path
from time import perf_counter

import pytest
from damaged import Held, Listed, patched
from disk_makers import MIB, ntfs, tree
from disk_tools import around, companions, needs

from actionday.model import Damaged
from actionday.sources.filesystems._tsk_ntfs import DATA, LIST, Table
from actionday.sources.filesystems._tsk_ntfs_index import ALLOCATION, damaged_index
from actionday.sources.filesystems._tsk_ntfs_places import Places
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems.ntfs import SOURCE
from actionday.testing.context import Bytes, content

FILES = {f"number {n:03}.txt": b"the Kestrel club, number %d\n" % n for n in range(120)}
STANDARD, NAME, BITMAP = 0x10, 0x30, 0xB0
SPARE, FIRST = 15, 8
"""A record mkntfs leaves unused; clusters of the table told in its base record."""


def disk(tmp_path: Path) -> bytes:
    return ntfs(tmp_path / "d", tree(tmp_path / "t", FILES), size=8 * MIB).read_bytes()


def attributes(record: bytes) -> dict[int, bytes]:
    at, found = struct.unpack_from("<H", record, 20)[0], {}
    while (kind := struct.unpack_from("<I", record, at)[0]) != 0xFFFFFFFF:
        length = struct.unpack_from("<I", record, at + 4)[0]
        found[kind] = record[at : at + length]
        at += length
    return found


def record(old: bytes, parts: list[bytes], base: int = 0) -> bytes:
    """Return a file record with these attributes, its fixups applied."""
    start = struct.unpack_from("<H", old, 20)[0]
    raw = bytearray((old[:start] + b"".join(parts) + b"\xff" * 4 + bytes(4)).ljust(1024, b"\0"))
    struct.pack_into("<HI", raw, 22, 1, start + sum(map(len, parts)) + 8)
    struct.pack_into("<QH", raw, 32, base, 40)
    array = struct.unpack_from("<H", raw, 4)[0]
    for sector in range(2):
        end = sector * 512 + 510
        raw[array + 2 + 2 * sector : array + 4 + 2 * sector] = raw[end : end + 2]
        raw[end : end + 2] = raw[array : array + 2]
    return bytes(raw)


def part(low: int, high: int, cluster: int, size: int) -> bytes:
    """Return the attribute that says where clusters ``low`` to ``high`` of the table lie: at ``cluster``."""
    pairs = bytes([0x22]) + struct.pack("<hhB", high + 1 - low, cluster, 0)
    told = (4096 * -(-size // 4096), size, size) if low == 0 else (0, 0, 0)
    head = struct.pack("<IIBBHHHQQHH4xQQQ", DATA, 72, 1, 0, 64, 0, 20, low, high, 64, 0, *told)
    return (head + pairs).ljust(72, b"\0")


def listed(kind: int, low: int, number: int, sequence: int, instance: int) -> bytes:
    place = number | sequence << 48
    return struct.pack("<IHBBQQH", kind, 32, 0, 26, low, place, instance).ljust(32, b"\0")


def in_two(raw: bytes, *, second: int = FIRST) -> bytes:
    """Move all but the first clusters of the table's run list into a record of its own."""
    table = Table(Held(raw))
    ((start, size),) = table.runs
    own, spare, cluster = table.record(0), table.record(SPARE), start // 4096
    kept = attributes(own.raw)
    entries = b"".join((
        *(listed(kind, 0, 0, own.sequence, struct.unpack_from("<H", kept[kind], 14)[0])
          for kind in (STANDARD, NAME)),
        listed(DATA, 0, 0, own.sequence, 20), listed(DATA, second, SPARE, spare.sequence, 20),
    ))  # fmt: skip
    head = struct.pack("<IIBBHHHIHBB", LIST, 24 + len(entries), 0, 0, 0, 0, 30, len(entries), 24, 0, 0)
    parts = [kept[STANDARD], head + entries, kept[NAME], part(0, FIRST - 1, cluster, size), kept[BITMAP]]
    raw = patched(raw, start, record(own.raw, parts))
    over = [part(second, -(-size // 4096) - 1, cluster + FIRST, size)]
    return patched(raw, start + SPARE * 1024, record(spare.raw, over, own.sequence << 48))


@pytest.mark.tools
@needs("mkntfs", "ntfscp")
def test_a_table_told_in_two_records_is_read_whole(tmp_path: Path) -> None:
    raw = disk(tmp_path)
    split = in_two(raw)
    assert Table(Held(split)).runs == Table(Held(raw)).runs
    whole = Listed(SOURCE, split)
    assert {name: body for name, body in whole.bodies.items() if name in FILES} == FILES
    assert "damaged" not in whole.codes()


@pytest.mark.tools
@needs("mkntfs", "ntfscp")
def test_a_part_that_does_not_go_on_where_the_first_ends_is_named(tmp_path: Path) -> None:
    raw = in_two(disk(tmp_path), second=FIRST + 1)
    table = Table(Held(raw))
    assert "record 15 does not go on where the run list before it ends" in table.damage
    assert "damaged" in Listed(SOURCE, raw).codes()


@pytest.mark.tools
@needs("mkntfs", "ntfscp")
@pytest.mark.parametrize("size", [1 << 60, (1 << 64) - 1])
def test_a_table_that_claims_to_be_endless_is_listed_by_its_records(size: int, tmp_path: Path) -> None:
    """Its records were counted up to the size it claims, until the reader's time was over."""
    raw = disk(tmp_path)
    start, end = Table(Held(raw)).runs[0][0], 1024
    at = start + raw[start : start + end].index(struct.pack("<II", DATA, 72))
    stream = Bytes(patched(raw, at + 40, struct.pack("<QQQ", size, size, size)))
    bodies: dict[str, bytes] = {}
    with companions() as started:
        context = around("disk", started)
        with pytest.raises(Damaged, match="root directory"):  # the sleuthkit believes the claim
            for each in SOURCE.items(stream, context):
                if each.name in FILES:
                    bodies[each.name] = content(each, stream)
    assert bodies == FILES
    codes = {note.code for note in context.notes}
    assert {"damaged", "unnamed"} <= codes
    assert "orphans" not in codes


def test_a_place_is_found_among_many_pieces_by_bisection() -> None:
    runs = [(1 << 30 | 8192 * n, 4096) for n in range(200_000)]
    places = Places(runs)
    runs.extend([(-1, 4096), (77, 1000)])
    places.grown()
    start = perf_counter()
    assert all(places.find(4096 * n + 5) == runs[n][0] + 5 for n in range(0, 200_000, 2))
    assert perf_counter() - start < 2, "one by one it took minutes"
    assert places.find(200_001 * 4096 + 999) == 77 + 999
    for at in (200_000 * 4096, 200_001 * 4096 + 1000, -1):
        with pytest.raises(BadMap):
            places.find(at)


@pytest.mark.tools
@needs("mkntfs", "ntfscp")
def test_an_index_that_claims_to_be_endless_is_looked_at_as_far_as_blocks_are_in_use(tmp_path: Path) -> None:
    raw = disk(tmp_path)
    root = Table(Held(raw))._place(5 * 1024)
    at = root + raw[root : root + 1024].index(struct.pack("<I", ALLOCATION))
    raw = patched(raw, at + 40, struct.pack("<QQQ", 1 << 60, 1 << 60, 1 << 60))
    start = perf_counter()
    assert damaged_index(Table(Held(raw)), 5) == ""
    assert perf_counter() - start < 1
