"""Bytes of disks and volumes that belong to nothing are items, so that what stands there is read and found."""

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from disk_chain import Disk, Row
from disk_makers import MIB, blank, ext, fat, iso, mbr, ntfs, tree, xfs
from disk_tools import companions, needs, run
from gpt_writer import gpt

from actionday.model import Kind
from actionday.sources.volumes._unclaimed import LARGEST
from actionday.testing.context import Bytes

pytestmark = [pytest.mark.tools, needs("mkfs.fat", "mcopy", "mkfs.ext4", "mkfs.xfs", "mkntfs", "genisoimage")]

TEXT = "the second key lies under the kestrel's nest, مفتاح\n".encode()


def rows(raw: bytes, name: str = "disk.raw") -> list[Row]:
    with companions() as started:
        return list(Disk(started).rows(Bytes(raw), name))


def found(raw: bytes) -> dict[str, bytes | None]:
    """Return what belongs to nothing, by its path."""
    return {row.path: row.body for row in rows(raw) if row.found.kind is Kind.SYSTEM and "@" in row.path}


def put(raw: bytes, at: int, data: bytes = TEXT) -> bytes:
    """Return ``raw`` with ``data`` at a place, longer where it must be."""
    return raw[:at].ljust(at, b"\0") + data + raw[at + len(data) :]


MAKERS: dict[str, Callable[[Path, Path], Path]] = {
    "ext2": lambda path, source: ext(path, source, kind="ext2"),
    "ext4": ext,
    "xfs": xfs,
    "fat16": fat,
    "fat32": lambda path, source: fat(path, source, bits=32, size=40 * MIB),
    "ntfs": ntfs,
    "iso": iso,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    where = tmp_path_factory.mktemp("made")
    source = tree(where / "t", {"readme.txt": b"kestrel\n", "noise.bin": bytes(range(256)) * 90})
    return {name: maker(where / name, source).read_bytes() for name, maker in MAKERS.items()}


@pytest.mark.parametrize("kind", MAKERS)
def test_text_behind_a_bare_file_system_is_an_item(kind: str, made: dict[str, bytes]) -> None:
    raw = made[kind]
    assert found(raw) == {}
    assert found(raw + bytes(512)) == found(raw + b"\xf6" * 4096) == {}
    ((path, body),) = found(raw + bytes(700) + TEXT + bytes(300)).items()
    assert (path.partition(" @")[0], body) == ("behind the end", TEXT)
    assert b"kestrel\n" in {row.body for row in rows(raw + TEXT)}


@pytest.mark.parametrize(("kind", "at"), [("ext2", 100), ("ext4", 0), ("iso", 5000), ("fat32", 10 * 512 + 7)])
def test_text_in_a_boot_block_is_an_item(kind: str, at: int, made: dict[str, bytes]) -> None:
    assert found(put(made[kind], at)) == {f"boot block @{at}": TEXT}


@pytest.mark.parametrize(
    ("kind", "at", "name"),
    [
        ("ext4", 1024 + 700, "boot block"),
        ("iso", 16 * 2048 + 900, "volume descriptor"),
        ("iso", 16 * 2048 + 1500, "volume descriptor"),
        ("iso", 17 * 2048 + 80, "volume descriptor"),
    ],
)
def test_text_in_what_a_table_reserves_is_an_item(
    kind: str, at: int, name: str, made: dict[str, bytes]
) -> None:
    ((path, body),) = found(put(made[kind], at)).items()
    assert (path.partition(" @")[0], (body or b"").strip(b" ")) == (name, TEXT.strip(b" "))


def test_text_behind_the_super_block_in_its_block_is_an_item(tmp_path: Path) -> None:
    raw = ext(tmp_path / "d", tree(tmp_path / "t", {"a.txt": b"a\n"}), "-b", "4096").read_bytes()
    assert found(raw) == {}
    assert found(put(raw, 3000)) == {"boot block @3000": TEXT}


@needs("mkfs.exfat")
@pytest.mark.parametrize("at", [4 * 512, 10 * 512 + 9, 14 * 512, 25 * 512, -600, 0])
def test_text_beside_the_tables_of_an_exfat_volume_is_an_item(at: int, tmp_path: Path) -> None:
    run("mkfs.exfat", blank(tmp_path / "d", 16 * MIB))
    raw = (tmp_path / "d").read_bytes()
    start, length, heap = (int.from_bytes(raw[place : place + 4], "little") * 512 for place in (80, 84, 88))
    place = start + at if at < 0 else at or start + length + 40
    assert place + len(TEXT) < heap
    assert found(raw) == {}
    assert found(put(raw, place)) == {f"boot block @{place}": TEXT}


@pytest.mark.parametrize("sector", [512, 4096])
def test_text_in_the_tables_of_a_gpt_disk_that_tells_of_no_partition_is_an_item(sector: int) -> None:
    blocks = 128 * 128 // sector
    raw = bytes(gpt([(blocks + 20, blocks + 29, "one"), (blocks + 40, blocks + 49, "two")], 256, sector))
    assert found(raw) == {}
    for header in (sector, 255 * sector):
        assert found(put(raw, header + 100)) == {f"partition table @{header + 100}": TEXT}
    table = bytearray(raw)
    for header, entries in ((sector, 2 * sector), (255 * sector, (255 - blocks) * sector)):
        table[entries + 60 * 128 + 40 : entries + 60 * 128 + 40 + len(TEXT)] = TEXT
        whole = table[entries : entries + 128 * 128]
        table[header + 88 : header + 92] = zlib.crc32(whole).to_bytes(4, "little")
        table[header + 16 : header + 20] = bytes(4)
        table[header + 16 : header + 20] = zlib.crc32(table[header : header + 92]).to_bytes(4, "little")
    told = found(bytes(table))
    assert list(told.values()) == [TEXT, TEXT]
    assert all(path.startswith("partition table @") for path in told)


def test_what_follows_a_file_system_within_its_partition_is_an_item(
    made: dict[str, bytes], tmp_path: Path
) -> None:
    image = tmp_path / "image"
    image.write_bytes(made["ext4"] + bytes(4096) + TEXT + bytes(4096))
    size = len(made["ext4"]) + 4096
    assert found(mbr(tmp_path / "disk", (0x83, image)).read_bytes()) == {f"p1/behind the end @{size}": TEXT}


def test_text_beside_the_partitions_of_a_disk_is_an_item(made: dict[str, bytes], tmp_path: Path) -> None:
    image = tmp_path / "image"
    image.write_bytes(made["fat16"])
    raw = mbr(tmp_path / "disk", (0x06, image), logical=((0x06, image),)).read_bytes()
    assert found(raw) == {}
    extended = 2048 * 512 + len(made["fat16"])
    places = {
        "boot code @20": 20,
        f"gap @{40 * 512}": 40 * 512,
        f"gap @{extended + 9}": extended + 9,  # before the table of an extended boot record
        f"gap @{extended + 900 * 512}": extended + 900 * 512,
        f"behind the partitions @{len(raw) + 512}": len(raw) + 512,
        f"partition table @{446 + 2 * 16}": 446 + 2 * 16,
        f"partition table @{extended + 446 + 3 * 16}": extended + 446 + 3 * 16,
    }
    for name, at in places.items():
        text = b"pier" if name.startswith("partition table") else TEXT
        assert found(put(raw, at, text)) == {name: text}, name


@pytest.mark.parametrize("sector", [512, 4096])
def test_text_beside_the_tables_and_partitions_of_a_gpt_disk_is_an_item(sector: int) -> None:
    table = 2 + 128 * 128 // sector
    raw = bytes(gpt([(table + 20, table + 29, "one"), (table + 40, table + 49, "two")], 256, sector))
    assert found(raw) == {}
    for at in ((table + 2) * sector, (table + 33) * sector + 5, (table + 60) * sector):
        told = found(put(raw, at))
        assert list(told.values()) == [TEXT]
        assert next(iter(told)).endswith(f"@{at}")


def test_a_file_system_outside_of_partitions_is_opened_and_no_gap(
    made: dict[str, bytes], tmp_path: Path
) -> None:
    image = tmp_path / "image"
    image.write_bytes(made["fat16"])
    raw = mbr(tmp_path / "disk", (0x06, image)).read_bytes()
    there = rows(raw + made["ext4"] + bytes(512) + TEXT)
    assert [row.path for row in there if row.found.kind is Kind.VOLUME] == ["p1", "unpartitioned1"]
    assert [row.path for row in there if row.body == TEXT] == [
        f"behind the partitions @{len(raw) + len(made['ext4']) + 512}"
    ]


def test_what_is_larger_than_an_item_is_said_to_hold_data(made: dict[str, bytes]) -> None:
    with companions() as started:
        chain = Disk(started)
        there = list(chain.rows(Bytes(made["ext4"] + TEXT * (2 * LARGEST // len(TEXT))), "disk.raw"))
        told = [note for context in chain.contexts for note in context.notes]
    assert not any("@" in row.path for row in there)
    assert [note.code for note in told] == ["unclaimed"]
