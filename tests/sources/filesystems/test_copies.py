"""File systems whose first sectors are lost: opened by the copy they keep, and said so."""

import shutil
from pathlib import Path

import pytest
from disk_makers import HASHES, MIB, TREE, ext, fat, ntfs, tree, xfs
from disk_tools import needs, run, sha256
from hfs_writer import volume
from hypothesis import given, settings
from hypothesis import strategies as st
from overwritten import FILLS, opened, over

from actionday.model import Claim, Damaged, Kind, Unsupported
from actionday.model.loss import HOLDS_NOTHING, is_loss
from actionday.sources.filesystems._mended import Mended
from actionday.sources.volumes.searched import SOURCE as SEARCHED
from actionday.testing.context import Alone, Bytes, Glance

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "mkfs.fat", "mcopy", "mkntfs", "ntfscp")]
FLAT = {name.rpartition("/")[2]: data for name, data in TREE.items()}


def without(raw: bytes, at: int, length: int = 512) -> bytes:
    return raw[:at] + bytes(length) + raw[at + length :]


@pytest.mark.parametrize("kind", ["ext2", "ext4"])
@pytest.mark.parametrize("block", [1024, 2048, 4096])
def test_ext_without_its_first_super_block(kind: str, block: int, tmp_path: Path) -> None:
    size = 3 * 8 * block * block // 2  # a group and a half
    path = ext(tmp_path / "d", tree(tmp_path / "t"), "-b", str(block), size=size, kind=kind)
    bodies, codes, chain = opened(without(path.read_bytes(), 1024, 1024))
    assert set(HASHES.values()) <= bodies
    assert "backup" in codes
    assert not chain.ended


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize(
    "options", ["-b 1024", "-b 1024 -O ^metadata_csum,^64bit", "-b 1024 -O meta_bg,^resize_inode"]
)
def test_ext_whatever_was_written_over_its_first_blocks(fill: str, options: str, tmp_path: Path) -> None:
    raw = ext(tmp_path / "d", tree(tmp_path / "t"), *options.split(), size=20 * MIB).read_bytes()
    for at, length in ((2048, 1024), (0, 4096)):
        bodies, codes, chain = opened(over(raw, at, length, fill))
        assert set(HASHES.values()) <= bodies
        assert "backup" in codes
        assert not chain.ended
        assert not any(map(is_loss, codes)), codes


def test_a_flipped_count_in_a_descriptor_is_said_and_its_older_copy_is_not_used(tmp_path: Path) -> None:
    raw = ext(tmp_path / "d", tree(tmp_path / "t"), "-b", "1024", size=20 * MIB).read_bytes()
    bodies, codes, _ = opened(over(raw, 2048 + 12, 2, "0xFF"))
    assert set(HASHES.values()) <= bodies
    assert codes >= {"checksum"}
    assert "backup" not in codes


def test_ext_without_its_super_block_and_the_descriptors_behind_it(tmp_path: Path) -> None:
    path = ext(tmp_path / "d", tree(tmp_path / "t"), "-b", "1024", size=12 * MIB)
    bodies, codes, _ = opened(without(path.read_bytes(), 0, 4096))
    assert set(HASHES.values()) <= bodies
    assert "backup" in codes


@needs("mkfs.xfs")
def test_xfs_without_its_first_super_block(tmp_path: Path) -> None:
    files = {name.replace(" ", "_"): data for name, data in TREE.items()}
    bodies, codes, _ = opened(without(xfs(tmp_path / "d", tree(tmp_path / "t", files)).read_bytes(), 0))
    assert set(HASHES.values()) <= bodies
    assert "backup" in codes


def test_ntfs_without_its_boot_sector(tmp_path: Path) -> None:
    raw = ntfs(tmp_path / "d", tree(tmp_path / "t", FLAT)).read_bytes()
    bodies, codes, _ = opened(without(raw, 0))
    assert set(HASHES.values()) <= bodies
    assert "backup" in codes
    assert set(HASHES.values()) <= opened(raw[:11] + b"\x07" + raw[12:])[0]  # a sector size there is not


@pytest.mark.parametrize("length", [4, 1024, 4096])
def test_ntfs_without_the_first_record_of_its_table(length: int, tmp_path: Path) -> None:
    raw = ntfs(tmp_path / "d", tree(tmp_path / "t", FLAT)).read_bytes()
    table = int.from_bytes(raw[48:56], "little") * raw[13] * 512
    assert raw[table : table + 4] == b"FILE"
    bodies, codes, _ = opened(without(raw, table, length))
    assert set(HASHES.values()) <= bodies
    assert "backup" in codes


def test_fat32_without_its_boot_sector(tmp_path: Path) -> None:
    raw = fat(tmp_path / "d", tree(tmp_path / "t"), 32, 40 * MIB).read_bytes()
    bodies, codes, _ = opened(without(raw, 0))
    assert set(HASHES.values()) <= bodies
    assert "backup" in codes


@pytest.mark.skipif(shutil.which("mkfs.exfat") is None, reason="needs mkfs.exfat")
def test_exfat_without_its_boot_sector(tmp_path: Path) -> None:
    (tmp_path / "d").write_bytes(bytes(8 * MIB))
    run("mkfs.exfat", "-L", "KESTREL", tmp_path / "d")
    whole = (tmp_path / "d").read_bytes()
    bodies, codes, chain = opened(without(whole, 0))
    assert (
        len(bodies & opened(whole)[0]) == len(bodies) - 1
    )  # all but the boot sector, which the sleuthkit lists
    assert len(bodies) >= 3  # the label of the volume is no file
    assert not chain.ended
    assert "backup" in codes


def test_hfsplus_without_its_volume_header() -> None:
    files = {"a.txt": b"the club\n", "b.txt": b"meets\n"}
    bodies, codes, _ = opened(without(volume(files, 300), 1024))
    assert {sha256(data) for data in files.values()} <= bodies
    assert "backup" in codes


def test_a_disk_that_holds_data_and_tells_nothing_is_damaged() -> None:
    noise = bytes(512) + bytes(range(256)) * 8192
    with pytest.raises(Damaged, match="holds data"):
        list(SEARCHED.items(Bytes(noise), Alone("disk.dd")))
    empty = Alone("disk.dd")
    assert not list(SEARCHED.items(Bytes(bytes(2 * MIB)), empty))
    assert [note.code for note in empty.notes] == [HOLDS_NOTHING]
    with pytest.raises(
        Unsupported
    ):  # a partition may hold what is no file system: boot code, swap, a database
        list(SEARCHED.items(Bytes(noise), Alone("p3")))


def test_what_is_no_disk_is_not_searched() -> None:
    text = b"the Kestrel club\n" * (128 << 10)
    assert SEARCHED.claims(Glance("notes.raw", text[: 2 * MIB], Kind.EXHIBIT)) is Claim.NO
    assert SEARCHED.claims(Glance("large.img", bytes(2 * MIB), Kind.FILE)) is Claim.NO
    assert SEARCHED.claims(Glance("x.db", bytes(2 * MIB), Kind.EXHIBIT)) is Claim.NO
    assert SEARCHED.claims(Glance("disk.dd", bytes(2 * MIB), Kind.EXHIBIT)) is Claim.NO
    assert SEARCHED.claims(Glance("p1", bytes(2 * MIB), Kind.VOLUME)) is Claim.NAME


@settings(max_examples=200, deadline=None)
@given(
    st.binary(min_size=1, max_size=200),
    st.dictionaries(st.integers(0, 220), st.binary(min_size=1, max_size=40), max_size=1),
    st.lists(st.tuples(st.integers(0, 230), st.integers(-1, 60)), max_size=5),
)
def test_a_mended_stream_reads_as_one_written_anew(
    raw: bytes, told: dict[int, bytes], reads: list[tuple[int, int]]
) -> None:
    told = {at: data for at, data in told.items() if at + len(data) <= len(raw)}
    plain = bytearray(raw)
    for at, data in told.items():
        plain[at : at + len(data)] = data
    one, other = Mended(Bytes(raw), told), Bytes(bytes(plain))
    for at, length in reads:
        assert one.seek(at) == other.seek(at)
        assert one.read(length) == other.read(length)
