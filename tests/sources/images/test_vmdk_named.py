"""Files that the descriptor of a VMDK names twice, forbids to read or does not name at all."""

import os
from pathlib import Path

import pytest
from disk_tools import needs, run
from test_conversions import all_of, opened

from actionday.model import Damaged, Loss
from actionday.sources.images.vmdk import IMAGE
from actionday.testing.context import Alone

pytestmark = [pytest.mark.tools, needs("qemu-img")]

MIB = 1 << 20
DATA = os.urandom(4 * MIB)


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A flat disk as qemu-img writes it, its one extent then cut into four files as VMware would have it."""
    (tmp_path / "raw").write_bytes(DATA)
    where = tmp_path / "v.vmdk"
    run("qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=twoGbMaxExtentFlat",
        tmp_path / "raw", where)  # fmt: skip
    (tmp_path / "raw").unlink()
    for number in range(4):
        (tmp_path / f"v-f{number + 1:03}.vmdk").write_bytes(DATA[number * MIB : (number + 1) * MIB])
    write(where, *(line(number) for number in (1, 2, 3, 4)))
    return where


def line(number: int, access: str = "RW", kind: str = "FLAT", offset: int = 0, sectors: int = 2048) -> str:
    return f'{access} {sectors} {kind} "v-f{number:03}.vmdk" {offset}'


def write(where: Path, *lines: str) -> None:
    text = where.read_text().split("\0")[0].splitlines()
    kept = [each for each in text if not each.startswith(("RW ", "NOACCESS ", "RDONLY "))]
    at = kept.index("# Extent description") + 1
    where.write_text("\n".join([*kept[:at], *lines, *kept[at:], ""]))


def told(around: Alone) -> list[str]:
    return [note.code for note in around.notes]


def test_a_disk_whose_files_are_all_named_once_has_no_remark(disk: Path) -> None:
    stream, around = opened(IMAGE, disk)
    assert all_of(stream) == DATA
    assert not around.notes
    run("qemu-img", "convert", "-O", "raw", disk, disk.with_name("o"))
    assert disk.with_name("o").read_bytes() == DATA


@pytest.mark.parametrize("access", ["NOACCESS", "RDONLY", "rw"])
def test_an_extent_without_access_is_read_and_told(disk: Path, access: str) -> None:
    write(disk, line(1), line(2, access), line(3), line(4))
    stream, around = opened(IMAGE, disk)
    assert all_of(stream) == DATA
    assert told(around) == (["extent_access"] if access == "NOACCESS" else [])
    assert all(f"bytes {MIB} to {2 * MIB - 1}" in note.reason for note in around.notes)


def test_an_extent_without_access_whose_file_is_missing_is_a_missing_range(disk: Path) -> None:
    disk.with_name("v-f002.vmdk").unlink()
    for second in (line(2, "NOACCESS"), "NOACCESS 2048 FLAT"):
        write(disk, line(1), second, line(3), line(4))
        stream, around = opened(IMAGE, disk)
        assert {Loss.SEGMENT_MISSING, Loss.RANGE_MISSING, "extent_access"} == set(told(around))
        stream.seek(MIB)
        with pytest.raises(Damaged):
            stream.read(1)
        stream.seek(2 * MIB)
        assert stream.read() == DATA[2 * MIB :]


def test_zeros_without_access_are_zeros(disk: Path) -> None:
    disk.with_name("v-f002.vmdk").unlink()
    write(disk, line(1), "NOACCESS 2048 ZERO", line(3), line(4))
    stream, around = opened(IMAGE, disk)
    assert all_of(stream) == DATA[:MIB] + bytes(MIB) + DATA[2 * MIB :]
    assert told(around) == ["extent_access"]


def test_bytes_of_a_file_named_for_two_stretches_are_a_loss_and_the_file_left_out_is_told(disk: Path) -> None:
    write(disk, line(1), line(2), line(2), line(4))
    _, around = opened(IMAGE, disk)
    assert told(around) == [Loss.CLAIMED_TWICE, "extent_beside"]
    assert f"{MIB} bytes of v-f002.vmdk" in around.notes[0].reason
    assert "v-f003.vmdk" in around.notes[1].reason
    within = [
        line(1),
        line(1, offset=8, sectors=8),
        line(1, offset=24, sectors=8),
    ]  # the third not in the second
    write(disk, *within, line(2), line(3), line(4))
    assert "names 8192 bytes of v-f001.vmdk" in opened(IMAGE, disk)[1].notes[0].reason


def test_two_stretches_of_one_file_that_lie_apart_are_none(disk: Path) -> None:
    halves = [line(1, sectors=1024), line(1, offset=1024, sectors=1024)]
    write(disk, *halves, line(2), line(3), line(4))
    stream, around = opened(IMAGE, disk)
    assert all_of(stream) == DATA
    assert not around.notes


def test_a_file_of_the_disk_that_is_not_named_or_said_to_be_zeros_is_told(disk: Path) -> None:
    for lines in ([line(1), line(2), line(3)], [line(1), line(2), line(3), line(4, kind="ZERO")]):
        write(disk, *lines)
        _, around = opened(IMAGE, disk)
        (note,) = around.notes
        assert note.code == "extent_beside"
        assert "v-f004.vmdk" in note.reason
    for name in ("w-f004.vmdk", "v-000001-s001.vmdk", "notes.vmdk"):  # of another disk
        disk.with_name("v-f004.vmdk").rename(disk.with_name(name))
        assert not opened(IMAGE, disk)[1].notes
        disk.with_name(name).rename(disk.with_name("v-f004.vmdk"))
