"""NTFS whose directories are damaged: files are listed by their own records, at the place those name."""

import struct
from pathlib import Path

import pytest
from damaged import Held, Listed, patched
from disk_makers import MIB, ntfs, tree
from disk_tools import needs, sha256

from actionday.model import Kind, Status
from actionday.sources.filesystems._tsk_ntfs import Table
from actionday.sources.filesystems.ntfs import SOURCE

pytestmark = [pytest.mark.tools, needs("mkntfs", "ntfscp")]
FEW = {"folder": b"to become one\n", "child.txt": b"below it\n", "big.bin": b"0123456789abcdef" * 2000}
MANY = {f"number {n:03}.txt": b"the Kestrel club, number %d\n" % n for n in range(150)}
ROOT, INDEX_ROOT, NAME = 5, 0x90, 0x30


def made(tmp_path: Path, files: dict[str, bytes]) -> tuple[bytes, Table]:
    path = ntfs(tmp_path / "d", tree(tmp_path / "t", files), size=8 * MIB)
    raw = path.read_bytes()
    return raw, Table(Held(raw))


def attribute(raw: bytes, record: int, kind: int) -> int:
    """Return the byte at which the content of a record's resident attribute begins."""
    at = record + struct.unpack_from("<H", raw, record + 20)[0]
    while struct.unpack_from("<I", raw, at)[0] != kind:
        at += struct.unpack_from("<I", raw, at + 4)[0]
    return at + int(struct.unpack_from("<H", raw, at + 20)[0])


def numbers(listed: Listed) -> dict[str, int]:
    return {each.name: int(str(each.meta["inode"])) for each in listed.found if "inode" in each.meta}


def test_one_bit_in_the_root_loses_no_file(tmp_path: Path) -> None:
    raw, table = made(tmp_path, FEW)
    at = attribute(raw, table._place(ROOT * 1024), INDEX_ROOT)
    listed = Listed(SOURCE, patched(raw, at, bytes([raw[at] ^ 1])))
    assert {name: listed.bodies[name] for name in FEW} == FEW
    assert all(listed.named(name).kind is Kind.FILE and listed.named(name).meta["unnamed"] for name in FEW)
    assert listed.named("$Extend/$Quota").kind is Kind.SYSTEM
    assert listed.ended is not None
    assert "root directory" in str(listed.ended)
    assert {"directory", "unnamed"} <= listed.codes()


@pytest.mark.parametrize("damage", ["signature", "zeros", "flip"])
def test_a_damaged_block_of_the_root_loses_no_file(damage: str, tmp_path: Path) -> None:
    """150 names do not fit into the record: they lie in blocks of their own."""
    raw, table = made(tmp_path, MANY)
    (blocks,) = (each for each in table.record(ROOT).attributes() if each.type == 0xA0)
    places = [
        at + n for at, length in table.mapping([blocks]).cut(blocks.size) for n in range(0, length, 4096)
    ]
    assert all(raw[at : at + 4] == b"INDX" for at in places)
    data = {"signature": b"XXXX", "zeros": bytes(4096), "flip": bytes(40)}[damage]
    listed = Listed(SOURCE, patched(raw, places[0], data))
    assert {sha256(body) for body in MANY.values()} <= listed.hashes()
    assert "directory" in listed.codes()  # the sleuthkit itself found the names by their records
    assert listed.ended is not None
    assert len({each.place for each in listed.found}) == len(listed.found)
    assert not [each for each in listed.found if each.kind is Kind.DELETED and each.name in MANY]


def test_a_folder_and_its_file_come_at_their_path(tmp_path: Path) -> None:
    """``folder`` is made one by its record alone, ``child.txt`` says that it lies in it; the root is gone."""
    raw, table = made(tmp_path, FEW)
    whole = numbers(Listed(SOURCE, raw))
    folder, child = (table._place(whole[name] * 1024) for name in ("folder", "child.txt"))
    sequence = struct.unpack_from("<H", raw, folder + 16)[0]
    raw = patched(raw, folder + 22, b"\x03\x00")
    raw = patched(raw, attribute(raw, child, NAME), struct.pack("<Q", sequence << 48 | whole["folder"]))
    raw = patched(raw, attribute(raw, table._place(ROOT * 1024), INDEX_ROOT), b"\x31")
    listed = Listed(SOURCE, raw)
    assert listed.bodies["folder/child.txt"] == FEW["child.txt"]
    assert listed.named("folder").status is Status.UNREADABLE  # it has no list of names at all
    stale = patched(
        raw, attribute(raw, child, NAME), struct.pack("<Q", (sequence + 1) << 48 | whole["folder"])
    )
    assert Listed(SOURCE, stale).bodies["$Unnamed/child.txt"] == FEW["child.txt"]


def test_a_whole_volume_has_nothing_unnamed(tmp_path: Path) -> None:
    raw, _ = made(tmp_path, FEW | MANY)
    listed = Listed(SOURCE, raw)
    assert not listed.context.notes
    assert not [each for each in listed.found if each.meta.get("unnamed")]


def test_a_damaged_record_of_the_root_loses_no_file(tmp_path: Path) -> None:
    raw, table = made(tmp_path, FEW)
    try:
        listed = Listed(SOURCE, patched(raw, table._place(ROOT * 1024), b"BAAD"))
    except OSError:
        pytest.fail("a damaged record is no error of ours")
    assert {sha256(body) for body in FEW.values()} <= listed.hashes() or listed.ended is not None
