"""Tables that were damaged or changed: the partitions they still name, and file systems outside of any."""

import struct
from pathlib import Path

import pytest
from disk_chain import Disk
from disk_makers import HASHES, MIB, ext, fat, mbr, tree, xfs
from disk_tools import companions, needs, run, sha256
from gpt_writer import gpt
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.model import Claim, Found, ItemError, Kind, Status
from actionday.sources.volumes._search import lost_volumes, sign_at
from actionday.sources.volumes.mbr import SOURCE as MBR
from actionday.testing.context import Alone, Bytes, Glance

TRACK = 63 * 512
CYLINDER = 255 * TRACK
pytestmark = [pytest.mark.tools, needs("mkfs.fat", "mcopy", "mkfs.ext4")]


class Result:
    """What the whole chain of readers makes of a disk."""

    def __init__(self, raw: bytes) -> None:
        with companions() as started:
            chain = Disk(started)
            self.rows = list(chain.rows(Bytes(raw), "disk.raw"))
            self.ended: dict[str, ItemError] = chain.ended
            self.codes = {note.code for context in chain.contexts for note in context.notes}

    def hashes(self, volume: str) -> dict[str, str]:
        start = f"{volume}/"
        return {
            row.path.removeprefix(start): sha256(row.body)
            for row in self.rows
            if row.body is not None and row.found.kind is Kind.FILE and row.path.startswith(start)
        }

    def volumes(self) -> dict[str, Status | None]:
        return {row.path: row.found.status for row in self.rows if row.found.kind is Kind.VOLUME}


def entry(raw: bytes, slot: int, kind: int, start: int, length: int, flag: int = 0) -> bytes:
    at = 446 + 16 * slot
    return raw[:at] + struct.pack("<B3xB3xII", flag, kind, start, length) + raw[at + 16 :]


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    where = tmp_path_factory.mktemp("disk")
    return mbr(where / "disk", (0x06, fat(where / "fat", tree(where / "t")))).read_bytes()


@pytest.mark.parametrize(
    ("kind", "start", "length"), [(0x83, 0, 5000), (0x83, 0, 0), (0x83, 3000, 0), (0x83, 0xFFFFFFF0, 100)]
)
def test_a_bad_entry_is_named_and_hides_no_good_one(kind: int, start: int, length: int, disk: bytes) -> None:
    result = Result(entry(disk, 1, kind, start, length))
    assert result.hashes("p1") == HASHES
    assert result.volumes() == {"p1": None, "p2": Status.UNREADABLE}


@pytest.mark.parametrize("flag", [0x7F, 0x01, 0xFF])
def test_a_flag_no_tool_writes_is_noted_and_hides_nothing(flag: int, disk: bytes) -> None:
    result = Result(disk[:446] + bytes([flag]) + disk[447:])
    assert result.hashes("p1") == HASHES
    assert "entry" in result.codes


def test_boot_code_is_not_taken_for_a_table() -> None:
    code = bytes(range(3, 255)) * 3
    raw = code[:510] + b"\x55\xaa" + bytes(64 * 512)
    assert MBR.claims(Glance("d", raw)) is Claim.NO


@pytest.mark.parametrize(
    "at", [2048 * 512, 8 * MIB, TRACK, 2 * CYLINDER, 2 * CYLINDER + TRACK, 600 * 512, 4001 * 512]
)
def test_a_file_system_outside_every_partition_is_opened(at: int, tmp_path: Path) -> None:
    """The gap begins at sector 600, behind a small partition of zeros."""
    lost = ext(tmp_path / "lost", tree(tmp_path / "t"), size=8 * MIB).read_bytes()
    if at < 600 * 512:
        table = entry(bytes(510) + b"\x55\xaa", 0, 0x83, 60000, 100)
    else:
        table = entry(bytes(510) + b"\x55\xaa", 0, 0x83, 500, 100)
    raw = (table + bytes(at - 512) + lost).ljust(40 * MIB, b"\0")
    result = Result(raw)
    assert result.hashes("unpartitioned1") == HASHES
    assert "unpartitioned" in result.codes
    assert len(result.volumes()) == 2


def test_nothing_is_found_in_gaps_of_zeros_or_noise(disk: bytes) -> None:
    noise = bytes(range(256)) * 4096 * 4
    assert set(Result(disk + bytes(MIB) + noise).volumes()) == {"p1"}
    assert "unpartitioned" in Result(disk + bytes(MIB) + noise).codes
    assert not Result(disk + bytes(20 * MIB)).codes


def test_file_systems_of_a_disk_whose_gpt_is_lost_twice(tmp_path: Path) -> None:
    lost = fat(tmp_path / "lost", tree(tmp_path / "t")).read_bytes()
    last = 2048 + len(lost) // 512 - 1
    raw = gpt([(2048, last, "data")], sectors=last + 100)
    raw[2048 * 512 : 2048 * 512 + len(lost)] = lost
    raw[512 + 60] ^= 1
    raw[-512 + 60] ^= 1
    result = Result(bytes(raw))
    assert result.hashes("unpartitioned1") == HASHES
    assert "no table can be read" in str(result.ended[""])


def test_the_rest_of_a_broken_chain_of_logical_partitions_is_found(tmp_path: Path) -> None:
    one = ext(tmp_path / "one", tree(tmp_path / "t"), size=8 * MIB)
    whole = mbr(tmp_path / "disk", (0x83, one), logical=((0x83, one), (0x83, one))).read_bytes()
    second = 2048 * 512 + 8 * MIB + 2048 * 512 + 8 * MIB
    assert whole[second + 510 : second + 512] == b"\x55\xaa"
    result = Result(whole[: second + 510] + b"XX" + whole[second + 512 :])
    assert result.hashes("p5") == HASHES
    assert result.hashes("unpartitioned1") == HASHES
    assert "no extended boot record" in str(result.ended[""])


@needs("mkfs.xfs", "mkntfs", "mkfs.exfat")
def test_each_file_system_is_known_by_its_first_bytes_with_its_size(tmp_path: Path) -> None:
    source = tree(tmp_path / "t", {"a": b"a"})
    made = {
        "ext": ext(tmp_path / "e", source),
        "FAT": fat(tmp_path / "f", source),
        "XFS": xfs(tmp_path / "x", source),
    }
    for kind, tool in (("NTFS", ("mkntfs", "-q", "-F", "-s", "512")), ("exFAT", ("mkfs.exfat",))):
        made[kind] = tmp_path / kind
        made[kind].write_bytes(bytes(16 * MIB))
        run(*tool, made[kind])
    for kind, path in made.items():
        sign = sign_at(Bytes(bytes(MIB) + path.read_bytes()), MIB)
        assert sign is not None
        assert sign.kind == kind
        assert 0.98 * path.stat().st_size <= sign.size <= path.stat().st_size


def test_the_copy_of_a_super_block_is_no_file_system(tmp_path: Path) -> None:
    raw = ext(tmp_path / "e", tree(tmp_path / "t"), "-b", "1024", size=16 * MIB).read_bytes()
    assert raw[8193 * 1024 + 56 : 8193 * 1024 + 58] == b"\x53\xef"
    assert sign_at(Bytes(raw), 8192 * 1024) is None


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 6 * MIB), st.integers(0, 6 * MIB)), max_size=5), st.binary(max_size=600)
)
def test_a_search_never_leaves_its_gaps(taken: list[tuple[int, int]], noise: bytes) -> None:
    raw = bytearray(5 * MIB)
    for at in range(MIB, 5 * MIB, MIB):  # a FAT boot sector that claims 256 KiB at every MiB
        raw[at : at + 64] = (
            b"\xeb\x3c\x90MSDOS5.0" + struct.pack("<HBHBHHBH", 512, 4, 1, 2, 16, 512, 0xF8, 8) + bytes(36)
        )
        raw[at + 510 : at + 512] = b"\x55\xaa"
    raw[512 : 512 + len(noise)] = noise
    found: list[Found] = list(lost_volumes(Bytes(bytes(raw)), taken, Alone("d")))
    for each in found:
        ((start, length),) = each.runs or ()
        assert not any(start < at + size and at < start + length for at, size in taken if size)
