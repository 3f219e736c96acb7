"""What was only formatted holds no deleted file: no record that nobody used is told as one."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from disk_makers import blank, ext, fat, iso, ntfs, xfs
from disk_tools import Descriptor, listing, needs, run
from hfs_writer import volume

from actionday.model import Found, Kind, Source, Status
from actionday.sources.filesystems.exfat import SOURCE as EXFAT
from actionday.sources.filesystems.ext import SOURCE as EXT
from actionday.sources.filesystems.fat import SOURCE as FAT
from actionday.sources.filesystems.hfsplus import SOURCE as HFSPLUS
from actionday.sources.filesystems.iso9660 import SOURCE as ISO
from actionday.sources.filesystems.ntfs import SOURCE as NTFS
from actionday.sources.filesystems.xfs import SOURCE as XFS

pytestmark = [
    pytest.mark.tools,
    needs("mkntfs", "mkfs.fat", "mkfs.exfat", "mkfs.ext4", "mkfs.xfs", "genisoimage"),
]

MIB = 1 << 20
WORDS = b"the kestrel boat leaves at three"


def nothing(tmp_path: Path) -> Path:
    folder = tmp_path / "t"
    folder.mkdir()
    return folder


def of_fat(bits: int, size: int) -> Callable[[Path], Path]:
    return lambda tmp_path: fat(tmp_path / "d", nothing(tmp_path), bits, size)


def of_ext(kind: str) -> Callable[[Path], Path]:
    return lambda tmp_path: ext(tmp_path / "d", nothing(tmp_path), kind=kind)


def of_exfat(tmp_path: Path) -> Path:
    run("mkfs.exfat", blank(tmp_path / "d", 16 * MIB))
    return tmp_path / "d"


def of_hfsplus(tmp_path: Path) -> Path:
    (tmp_path / "d").write_bytes(volume({}))
    return tmp_path / "d"


@pytest.mark.parametrize(
    ("source", "made"),
    [
        (NTFS, lambda tmp_path: ntfs(tmp_path / "d", nothing(tmp_path))),
        (FAT, of_fat(12, 4 * MIB)),
        (FAT, of_fat(16, 16 * MIB)),
        (FAT, of_fat(32, 40 * MIB)),
        (EXFAT, of_exfat),
        (EXT, of_ext("ext2")),
        (EXT, of_ext("ext3")),
        (EXT, of_ext("ext4")),
        (XFS, lambda tmp_path: xfs(tmp_path / "d", nothing(tmp_path))),
        (HFSPLUS, of_hfsplus),
        (ISO, lambda tmp_path: iso(tmp_path / "d", nothing(tmp_path), "-R")),
    ],
    ids=["ntfs", "fat12", "fat16", "fat32", "exfat", "ext2", "ext3", "ext4", "xfs", "hfsplus", "iso9660"],
)
def test_a_volume_that_was_only_formatted_has_no_deleted_file(
    source: Source, made: Callable[[Path], Path], tmp_path: Path
) -> None:
    found, context, _ = listing(source, Descriptor(made(tmp_path)))
    assert [each.name for each in found if each.kind is Kind.DELETED] == []
    assert context.notes == []


def record(disk: Path, number: int) -> int:
    """Return the byte at which a file record lies: the first of the table follow one another."""
    raw = disk.read_bytes()
    return int.from_bytes(raw[48:56], "little") * raw[13] * 512 + number * 1024


def with_content(disk: Path, number: int) -> None:
    """Give the empty content of a free, reserved record a few words."""
    raw = bytearray(disk.read_bytes())
    start = record(disk, number)
    assert not raw[start + 22] & 1
    at = start + struct.unpack_from("<H", raw, start + 20)[0]
    for _ in range(8):
        if struct.unpack_from("<I", raw, at)[0] in (0x80, 0xFFFFFFFF):
            break
        at += struct.unpack_from("<I", raw, at + 4)[0]
    size = 24 + len(WORDS)
    raw[at : at + size] = (
        struct.pack("<IIBBHHHIHBB", 0x80, size, 0, 0, 24, 0, 9, len(WORDS), 24, 0, 0) + WORDS
    )
    raw[at + size : at + size + 8] = b"\xff" * 4 + bytes(4)
    disk.write_bytes(raw)


def test_a_reserved_record_that_holds_something_is_told_by_its_number(tmp_path: Path) -> None:
    disk = ntfs(tmp_path / "d", nothing(tmp_path))
    with_content(disk, 17)
    found, _, _ = listing(NTFS, Descriptor(disk))
    (one,) = [each for each in found if each.kind is Kind.DELETED]
    assert (one.name, one.size) == ("$Unnamed/record-17", len(WORDS))
    assert content(disk, one) == WORDS


def content(disk: Path, one: Found) -> bytes:
    raw = disk.read_bytes()
    return b"".join(raw[at : at + length] for at, length in one.runs or ())


@pytest.mark.parametrize(
    ("bits", "size"), [(12, 4), (16, 16), (32, 40), (64, 16)], ids=["12", "16", "32", "exfat"]
)
def test_a_label_is_the_name_of_the_volume_and_no_file(bits: int, size: int, tmp_path: Path) -> None:
    disk = blank(tmp_path / "d", size * MIB)
    made = ("mkfs.exfat", "-L", "KESTREL") if bits == 64 else ("mkfs.fat", "-F", bits, "-n", "KESTREL")
    run(*made, disk)
    found, _, _ = listing(EXFAT if bits == 64 else FAT, Descriptor(disk))
    (one,) = [each for each in found if "KESTREL" in each.name]
    assert (one.name, one.kind, one.status) == ("KESTREL", Kind.SPECIAL, Status.EMPTY)
    assert one.meta["type"] == "volume label"


def test_a_file_that_is_called_like_a_label_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "a (Volume Label Entry)").write_bytes(WORDS)
    _, _, bodies = listing(FAT, Descriptor(fat(tmp_path / "d", tmp_path / "t", 16, 16 * MIB)))
    assert bodies["a (Volume Label Entry)"] == WORDS


def test_what_a_label_leads_to_is_not_lost(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "HIDDEN.TXT").write_bytes(WORDS)
    disk = fat(tmp_path / "d", tmp_path / "t", 16, 16 * MIB)
    raw = bytearray(disk.read_bytes())
    raw[raw.index(b"HIDDEN  TXT") + 11] = 8
    disk.write_bytes(raw)
    _, _, bodies = listing(FAT, Descriptor(disk))
    assert WORDS in bodies.values()
