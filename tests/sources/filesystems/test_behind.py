"""What FAT, exFAT, NTFS, XFS and HFS+ hold behind the size of a file, and in what they mark as bad."""

import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from disk_makers import SMALL_XFS, fat, ntfs, tree, xfs
from disk_tools import listing, needs, run
from hfs_writer import volume

from actionday.model import Found, Loss, Note, Source
from actionday.sources.filesystems.fat import SOURCE as FAT
from actionday.sources.filesystems.hfsplus import SOURCE as HFSPLUS
from actionday.sources.filesystems.ntfs import SOURCE as NTFS
from actionday.sources.filesystems.xfs import SOURCE as XFS
from actionday.testing.context import Bytes

pytestmark = [pytest.mark.tools, needs("mkfs.fat", "mcopy", "mkntfs", "ntfscp", "mkfs.xfs", "xfs_db")]

WORDS = b"the kestrel boat leaves at three"
BODY = b"harmless".ljust(9000, b".") + WORDS.ljust(9000, b"\n")
FILES = {"big.txt": BODY, "other.txt": b"other\n" * 2000, "small.txt": b"small\n"}


def told(source: Source, raw: bytes) -> tuple[dict[str, Found], list[Note], dict[str, bytes]]:
    found, context, bodies = listing(source, Bytes(raw))
    assert len({each.place for each in found}) == len(found)
    return {each.name: each for each in found}, context.notes, bodies


def fat_shortened(bits: int) -> Callable[[Path], tuple[bytes, bytes]]:
    def made(tmp_path: Path) -> tuple[bytes, bytes]:
        size = {12: 4, 16: 16, 32: 40}[bits] << 20
        raw = bytearray(fat(tmp_path / "d", tree(tmp_path / "t", FILES), bits, size).read_bytes())
        sound = bytes(raw)
        struct.pack_into("<I", raw, raw.index(b"BIG     TXT") + 28, 100)
        return sound, bytes(raw)

    return made


def ntfs_shortened(tmp_path: Path) -> tuple[bytes, bytes]:
    sound = ntfs(tmp_path / "d", tree(tmp_path / "t", FILES)).read_bytes()
    taken = -(-len(BODY) // 4096) * 4096
    sizes = struct.pack("<QQQ", taken, len(BODY), len(BODY))
    assert sizes in sound
    return sound, sound.replace(sizes, struct.pack("<QQQ", taken, 100, 100))


def xfs_shortened(tmp_path: Path) -> tuple[bytes, bytes]:
    disk = xfs(tmp_path / "d", tree(tmp_path / "t", FILES))
    sound = disk.read_bytes()
    size = ("-c", "path /big.txt", "-c", "write core.size 100")
    run("xfs_db", "-x", *size, disk, env={**os.environ, **SMALL_XFS})
    return sound, disk.read_bytes()


def hfs_shortened(_: Path) -> tuple[bytes, bytes]:
    sound = volume(FILES)
    fork = struct.pack(">QII", len(BODY), 0, -(-len(BODY) // 4096))
    assert sound.count(fork) == 1
    return sound, sound.replace(fork, struct.pack(">QII", 100, 0, -(-len(BODY) // 4096)))


KINDS: dict[str, tuple[Source, Callable[[Path], tuple[bytes, bytes]]]] = {
    "fat12": (FAT, fat_shortened(12)),
    "fat16": (FAT, fat_shortened(16)),
    "fat32": (FAT, fat_shortened(32)),
    "ntfs": (NTFS, ntfs_shortened),
    "xfs": (XFS, xfs_shortened),
    "hfs+": (HFSPLUS, hfs_shortened),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_lies_behind_the_size_of_a_file_is_an_item(kind: str, tmp_path: Path) -> None:
    source, maker = KINDS[kind]
    sound, raw = maker(tmp_path)
    names, notes, bodies = told(source, sound)
    assert not [name for name in names if "behind" in name]
    assert bodies["big.txt"] == BODY
    assert not notes
    found, notes, bodies = told(source, raw)
    assert bodies["big.txt"] == BODY[:100]
    assert bodies["big.txt behind the end"].rstrip(b"\0") == BODY[100:]
    item = found["big.txt behind the end"]
    assert (item.kind, item.meta, item.status, item.reason) == ("stream", {"offset": 100}, None, "")
    assert [note.code for note in item.notes] == ["unclaimed"]
    assert not notes
    zeros = raw.replace(BODY[100:], bytes(len(BODY) - 100))
    assert zeros != raw
    assert not [name for name in told(source, zeros)[0] if "behind" in name]


def test_clusters_marked_as_bad_that_hold_data_are_said_to(tmp_path: Path) -> None:
    raw = bytearray(fat(tmp_path / "d", tree(tmp_path / "t", FILES)).read_bytes())
    table, cluster = int.from_bytes(raw[14:16], "little") * 512, raw[13] * 512
    sectors, entries = int.from_bytes(raw[22:24], "little"), int.from_bytes(raw[17:19], "little")
    start = table + raw[16] * sectors * 512 + entries * 32
    struct.pack_into("<HH", raw, table + 2 * 3000, 0xFFF7, 0xFFF7)
    assert told(FAT, bytes(raw))[1] == []
    at = start + 2999 * cluster
    raw[at : at + len(WORDS)] = WORDS
    found, notes, _ = told(FAT, bytes(raw))
    assert [(note.code, "marked as bad and hold data" in note.reason) for note in notes] == [
        ("unclaimed", True)
    ]
    assert str(start + 2998 * cluster) in notes[0].reason
    assert not [name for name in found if "Unnamed" in name]


def test_a_file_in_an_inode_of_a_realtime_device_that_there_is_not_is_an_item(tmp_path: Path) -> None:
    disk = xfs(tmp_path / "d", tree(tmp_path / "t", FILES))
    words = ("-c", "sb 0", "-c", "print rbmino")
    number = run("xfs_db", *words, disk, env={**os.environ, **SMALL_XFS}).split()[-1].decode()
    words = ("-c", f"inode {number}", "-c", "write core.size 10")
    run("xfs_db", "-x", *words, disk, env={**os.environ, **SMALL_XFS})
    found, notes, _ = told(XFS, disk.read_bytes())
    assert found[f"$Unnamed/inode-{number}"].size == 10
    assert [note.code for note in notes] == [Loss.UNNAMED]
