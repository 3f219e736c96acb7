"""Partition tables written by hand, whole, damaged and hostile."""

import struct
from pathlib import Path

import pytest
from disk_chain import Disk
from disk_makers import HASHES, MIB, ext, fat, mbr, tree
from disk_tools import companions, needs, sha256
from gpt_writer import gpt
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.model import Claim, Damaged, Found, ItemError, Kind, Status
from actionday.model.loss import is_loss
from actionday.pipeline.peek import StreamPeek
from actionday.sources.volumes.gpt import SOURCE as GPT
from actionday.sources.volumes.mbr import SOURCE as MBR
from actionday.testing.context import Alone, Bytes, Glance


def found_in(source: object, raw: bytes) -> tuple[list[Found], Alone]:
    context = Alone("disk")
    return list(source.items(Bytes(raw), context)), context  # type: ignore[attr-defined]


def ended_in(source: object, raw: bytes) -> tuple[list[Found], Alone, ItemError | None]:
    context, found = Alone("disk"), list[Found]()
    try:
        for each in source.items(Bytes(raw), context):  # type: ignore[attr-defined]
            found.append(each)
    except ItemError as error:
        return found, context, error
    return found, context, None


TWO = [(40, 1039, "first"), (1040, 2039, "zweite \u0646")]


@pytest.mark.parametrize("sector", [512, 4096])
def test_gpt_partitions_with_labels_and_identifiers(sector: int) -> None:
    raw = bytes(gpt(TWO, sector=sector))
    assert GPT.claims(Glance("disk", raw)) is Claim.STRUCTURE
    assert MBR.claims(Glance("disk", raw)) is Claim.NO
    found, context = found_in(GPT, raw)
    assert [(each.name, each.runs) for each in found] == [
        ("p1", ((40 * sector, 1000 * sector),)),
        ("p2", ((1040 * sector, 1000 * sector),)),
    ]
    assert found[1].meta["label"] == "zweite \u0646"
    assert found[0].meta["type_name"] == "Linux"
    assert not context.notes


@pytest.mark.parametrize("at", [512 + 16, 512 + 60, 1024 + 40], ids=["header crc", "header", "entries"])
def test_the_backup_is_used_where_the_first_table_is_damaged(at: int) -> None:
    raw = gpt(TWO)
    raw[at] ^= 0xFF
    found, context = found_in(GPT, bytes(raw))
    assert [each.name for each in found] == ["p1", "p2"]
    assert [note.code for note in context.notes] == ["backup", "checksum"]
    assert is_loss("checksum")


def test_both_tables_damaged_is_said() -> None:
    raw = gpt(TWO)
    raw[512 + 60] ^= 1
    raw[-512 + 60] ^= 1
    with pytest.raises(Damaged, match="checksum differs"):
        found_in(GPT, bytes(raw))


def test_a_partition_beyond_the_end_is_cut_or_unreadable() -> None:
    raw = bytes(gpt([*TWO, (3000, 3999, "third")]))[: 1500 * 512]
    found, _ = found_in(GPT, raw)
    assert found[1].runs == ((1040 * 512, 460 * 512),)
    assert found[1].notes[0].code == "short"
    assert (found[2].status, found[2].runs) == (Status.UNREADABLE, None)


def plain(*entries: tuple[int, int, int]) -> bytearray:
    raw = bytearray(4096 * 512)
    for index, (kind, start, length) in enumerate(entries):
        struct.pack_into("<B3xB3xII", raw, 446 + 16 * index, 0, kind, start, length)
    raw[510:512] = b"\x55\xaa"
    return raw


def test_primary_partitions_keep_their_slots() -> None:
    found, _ = found_in(MBR, bytes(plain((0x83, 64, 100), (0, 0, 0), (0x07, 200, 50))))
    assert [(each.name, each.meta["type_name"]) for each in found] == [
        ("p1", "Linux"),
        ("p3", "NTFS or exFAT"),
    ]


def test_s10_a_chain_of_logical_partitions_that_returns_ends() -> None:
    raw = plain((0x05, 100, 1000))
    struct.pack_into("<B3xB3xII", raw, 100 * 512 + 446, 0, 0x83, 10, 20)
    struct.pack_into("<B3xB3xII", raw, 100 * 512 + 462, 0, 0x05, 0, 100)
    raw[100 * 512 + 510 : 100 * 512 + 512] = b"\x55\xaa"
    found, context, ended = ended_in(MBR, bytes(raw))
    assert [each.name for each in found] == ["p5"]
    assert [note.code for note in context.notes] == ["chain"]
    assert "returns to byte" in str(ended)  # what the chain led to next is not known


@pytest.mark.tools
@needs("mkfs.ext4", "mkfs.fat", "mcopy")
def test_file_systems_in_primary_and_logical_partitions(tmp_path: Path) -> None:
    source = tree(tmp_path / "t")
    one, two = ext(tmp_path / "one", source, size=8 * MIB), fat(tmp_path / "two", source, size=16 * MIB)
    disk = mbr(tmp_path / "disk", (0x83, one), logical=((0x06, two), (0x83, one)))
    with companions() as started:
        chain = Disk(started)
        rows = list(chain.rows(Bytes(disk.read_bytes()), "disk.raw"))
    bodies = {row.path: sha256(row.body) for row in rows if row.body is not None and row.found.kind == "file"}
    assert bodies == {
        f"{volume}/{name}": digest for volume in ("p1", "p5", "p6") for name, digest in HASHES.items()
    }
    assert chain.opened == ["mbr", "ext", "fat", "ext"]
    assert not chain.ended


@pytest.mark.tools
@needs("mkfs.ext4")
def test_s13_an_unknown_feature_stops_its_own_partition_only(tmp_path: Path) -> None:
    one = ext(tmp_path / "one", tree(tmp_path / "t"), size=8 * MIB)
    bad = bytearray(one.read_bytes())
    struct.pack_into("<I", bad, 1024 + 96, struct.unpack_from("<I", bad, 1120)[0] | 1 << 29)
    (tmp_path / "bad").write_bytes(bad)
    disk = mbr(tmp_path / "disk", (0x83, tmp_path / "bad"), (0x83, one))
    with companions() as started:
        chain = Disk(started)
        rows = list(chain.rows(Bytes(disk.read_bytes()), "disk.raw"))
    assert "0x20000000" in str(chain.ended["p1"])
    assert {row.path for row in rows} >= {"p2/readme.txt", "p2/media/large.bin"}


@pytest.mark.tools
@needs("mkfs.ext4", "mkfs.fat")
def test_a_file_system_s_own_boot_sector_is_no_table(tmp_path: Path) -> None:
    disk = fat(tmp_path / "d", tree(tmp_path / "t")).read_bytes()
    assert MBR.claims(Glance("d", disk)) is Claim.NO
    with companions() as started:
        assert [name for _, name in Disk(started).claims(StreamPeek("d", Kind.FILE, Bytes(disk)))] == ["fat"]


def test_an_old_super_block_before_the_first_partition_does_not_win() -> None:
    raw = plain((0x83, 2048, 1000))
    raw[1024 + 56 : 1024 + 58] = b"\x53\xef"
    for at in (4, 32, 40):
        struct.pack_into("<I", raw, 1024 + at, 100)
    with companions() as started:
        assert Disk(started).claims(StreamPeek("d", Kind.FILE, Bytes(bytes(raw))))[0] == (
            Claim.STRUCTURE,
            "mbr",
        )


WHOLE = bytes(gpt(TWO))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 34 * 512 - 1), st.integers(1, 255))
def test_a_flipped_byte_of_a_gpt_never_changes_what_is_listed(at: int, change: int) -> None:
    """Both copies carry checksums: a flip is seen, and the other copy tells the same partitions."""
    raw = bytearray(WHOLE)
    raw[at] ^= change
    found, _ = found_in(GPT, bytes(raw))
    assert [each.runs for each in found] == [((40 * 512, 1000 * 512),), ((1040 * 512, 1000 * 512),)]


@settings(max_examples=150, deadline=None)
@given(st.binary(min_size=64, max_size=64), st.binary(min_size=66, max_size=66))
def test_any_master_boot_record_ends_in_items_or_an_item_error(table: bytes, nested: bytes) -> None:
    raw = bytearray(64 * 512)
    raw[446:510], raw[510:512] = table, b"\x55\xaa"
    raw[512 + 446 : 1024] = nested
    MBR.claims(Glance("d", bytes(raw)))
    try:
        found, _ = found_in(MBR, bytes(raw))
    except ItemError:
        return
    for each in found:
        assert each.runs is None or sum(length for _, length in each.runs) <= len(raw)
    assert len({each.place for each in found}) == len(found)
