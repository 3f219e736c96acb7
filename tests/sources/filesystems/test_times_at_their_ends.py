"""The first and the last time that each file system can keep, and what no calendar has."""

import struct
from pathlib import Path

import hfs_writer
import pytest
from disk_tools import Descriptor, listing, needs, run

from actionday.model import Found
from actionday.sources.filesystems._iso_times import in_digits, recorded
from actionday.sources.filesystems._times import moment
from actionday.sources.filesystems._udf_entry import _time as udf_time
from actionday.sources.filesystems._xfs_inode import BIGTIME, Inode
from actionday.sources.filesystems.ext import SOURCE as EXT
from actionday.sources.filesystems.hfsplus import SOURCE as HFSPLUS
from actionday.sources.filesystems.iso9660 import SOURCE as ISO
from actionday.sources.filesystems.ntfs import SOURCE as NTFS
from actionday.sources.filesystems.udf import SOURCE as UDF
from actionday.testing.context import Bytes


def by_name(found: list[Found]) -> dict[str, Found]:
    return {each.name.lower(): each for each in found}


@needs("mkfs.ext4", "debugfs")
def test_ext4_reaches_from_1901_to_2446(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    ends = {"first": (-(1 << 31), "1901-12-13T20:45:52Z"), "day38": (1 << 31, "2038-01-19T03:14:08Z"),
            "last": ((1 << 34) - (1 << 31) - 1, "2446-05-10T22:38:55Z")}  # fmt: skip
    for name in ends:
        (tmp_path / "t" / name).write_bytes(b"x")
    with (tmp_path / "d").open("wb") as disk:
        disk.truncate(8 << 20)
    run("mkfs.ext4", "-q", "-I", "256", "-d", tmp_path / "t", tmp_path / "d")
    for name, (seconds, _) in ends.items():
        run("debugfs", "-w", "-R", f"set_inode_field {name} mtime @{seconds & 0xFFFFFFFF}", tmp_path / "d")
        epoch = (seconds - ((seconds & 0xFFFFFFFF) - (1 << 32 if seconds & 0x80000000 else 0))) >> 32 & 3
        run("debugfs", "-w", "-R", f"set_inode_field {name} mtime_extra {epoch}", tmp_path / "d")
    found = by_name(listing(EXT, Descriptor(tmp_path / "d"))[0])
    assert {name: found[name].mtime for name in ends} == {name: said for name, (_, said) in ends.items()}


@pytest.mark.parametrize(("big", "stored", "said"), [
    (True, 1, "1901-12-13T20:45:52Z"),
    (True, ((1 << 64) - 1) // 1_000_000_000 * 1_000_000_000, "2486-07-02T20:20:25Z"),
    (False, 0x80000000 << 32, "1901-12-13T20:45:52Z"),
    (False, 0x7FFFFFFF << 32, "2038-01-19T03:14:07Z"),
])  # fmt: skip
def test_xfs_reaches_to_2038_and_with_bigtime_to_2486(big: bool, stored: int, said: str) -> None:
    inode = object.__new__(Inode)
    inode.raw, inode.flags2, inode.version = (
        stored.to_bytes(8, "big").rjust(48, b"\0").ljust(176, b"\0"),
        BIGTIME * big,
        3,
    )
    assert moment(inode.times()["mtime"]) == said


def test_hfsplus_reaches_from_1904_to_2040() -> None:
    ends = {"a.txt": (1, "1904-01-01T00:00:01Z"), "b.txt": (hfs_writer.EPOCH - 1, "1969-12-31T23:59:59Z"),
            "c.txt": (hfs_writer.EPOCH, "1970-01-01T00:00:00Z"), "d.txt": (0xFFFFFFFF, "2040-02-06T06:28:15Z"),
            "e.txt": (0, None)}  # fmt: skip
    raw = bytearray(hfs_writer.volume(dict.fromkeys(ends, b"x")))
    for number, (stored, _) in enumerate(ends.values(), hfs_writer.FIRST):
        at = raw.index(struct.pack(">HHII", 2, 0, 0, number))
        struct.pack_into(">4I", raw, at + 12, *[stored] * 4)
    found = by_name(listing(HFSPLUS, Bytes(bytes(raw)))[0])
    for name, (_, said) in ends.items():
        assert found[name].mtime == said, name
        assert {found[name].meta.get(key) for key in ("created", "ctime", "atime")} == {said}, name


@needs("genisoimage")
def test_a_disc_reaches_from_1900_to_2155_and_what_is_no_time_is_kept(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    stamps = {"a.txt": (bytes([0, 1, 1, 0, 0, 0, 0]), "1900-01-01T00:00:00Z"),
              "b.txt": (bytes([255, 12, 31, 23, 59, 59, 0]), "2155-12-31T23:59:59Z"),
              "c.txt": (bytes([124, 2, 30, 0, 0, 0, 0]), None), "d.txt": (bytes([124, 1, 1, 0, 61, 0, 0]), None),
              "e.txt": (bytes(7), None)}  # fmt: skip
    for name in stamps:
        (tmp_path / "t" / name).write_bytes(name.encode())
    run("genisoimage", "-quiet", "-o", tmp_path / "d", tmp_path / "t")
    raw = bytearray((tmp_path / "d").read_bytes())
    for name, (stamp, _) in stamps.items():
        at = raw.index(f"{name.upper()};1".encode()) - 33
        raw[at + 18 : at + 25] = stamp
    found = {
        name.partition(";")[0]: each for name, each in by_name(listing(ISO, Bytes(bytes(raw)))[0]).items()
    }
    for name, (stamp, said) in stamps.items():
        assert found[name].mtime == said, name
        assert found[name].meta.get("mtime_raw") == (None if said or not any(stamp) else stamp.hex()), name


def test_long_times_of_a_disc_and_those_of_udf_are_what_a_calendar_has() -> None:
    assert in_digits(b"9999123123595999\0").seconds == 253402300799
    assert in_digits(b"0001010100000000\0").seconds == -62135596800
    assert in_digits(b"2024023000000000\0") == (None, b"2024023000000000\0")
    assert in_digits(b"0" * 16 + b"\0") == (None, b"")
    assert recorded(bytes(7)) == (None, b"")
    assert (
        udf_time(struct.pack("<HhBBBBB3B", 0x1000, 9999, 12, 31, 23, 59, 59, 99, 99, 99))
        == 253402300799_999999000
    )
    assert udf_time(struct.pack("<HhBBBBB3B", 0x1000, 1, 1, 1, 0, 0, 0, 0, 0, 0)) == -62135596800_000000000
    for stored in (
        (2024, 2, 30, 0, 0, 0),
        (0, 1, 1, 0, 0, 0),
        (2024, 1, 1, 0, 0, 60),
        (12000, 1, 1, 0, 0, 0),
    ):
        assert udf_time(struct.pack("<HhBBBBB3B", 0x1000, *stored, 0, 0, 0)) is None


@needs("genisoimage")
def test_a_time_of_udf_that_is_none_is_kept_as_stored(tmp_path: Path) -> None:
    from test_udf import entry_of, made

    raw, found = made(tmp_path)
    name, sound = next((name, each) for name, each in found.items() if each.size and each.mtime)
    at = entry_of(bytes(raw), sound)
    raw[at + 84 + 4] = 13  # the month of the last change
    odd = {each.name: each for each in listing(UDF, Bytes(bytes(raw)))[0]}[name]
    assert "mtime_raw" not in sound.meta
    assert (odd.mtime, odd.meta["mtime_raw"]) == (None, raw[at + 84 : at + 96].hex())


@needs("mkntfs", "ntfscp")
@pytest.mark.parametrize(("stored", "said"), [
    (1, "1601-01-01T00:00:00Z"), (2650467743999999999, "9999-12-31T23:59:59.999999Z"), (2650467744000000000, None),
])  # fmt: skip
def test_ntfs_reaches_from_1601_to_9999_and_keeps_what_lies_behind(
    stored: int, said: str | None, tmp_path: Path
) -> None:
    from test_ntfs import _attribute, made, record_of

    disk = made(tmp_path)
    number = by_name(listing(NTFS, Descriptor(disk))[0])["small.txt"].meta["inode"]
    raw = bytearray(disk.read_bytes())
    at = _attribute(raw, record_of(bytes(raw), disk, int(str(number))), 0x10)
    struct.pack_into("<Q", raw, at + 24 + 8, stored)
    small = by_name(listing(NTFS, Bytes(bytes(raw)))[0])["small.txt"]
    assert small.mtime == said
    assert ("mtime_raw" in small.meta) == (said is None)
