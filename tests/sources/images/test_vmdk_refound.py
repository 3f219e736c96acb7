"""A stream-optimised VMDK without its footer gives the grains that are there, and says what lacks."""

import os
import struct
import zlib

import pytest

from actionday.model import Damaged
from actionday.sources.images._vmdk_refound import Extended
from actionday.sources.images.vmdk import IMAGE
from actionday.testing.context import Alone, Bytes

MIB, GRAIN, SECTOR = 1 << 20, 65536, 512


def marker(value: int, size: int, kind: int) -> bytes:
    return struct.pack("<QII", value, size, kind).ljust(SECTOR, b"\0")


def header(capacity: int, directory: int) -> bytes:
    text = SECTOR // SECTOR, 2
    packed = struct.pack("<4sIIQQQQIQQQ", b"KDMV", 3, 0x30001, capacity, 128, *text, 512, 0, directory, 128)
    return packed.ljust(77, b"\0") + b"\x01\x00".ljust(SECTOR - 77, b"\0")


def streamed(data: bytes) -> bytes:
    """Return a stream-optimised VMDK as VMware writes it: tables behind their grains, the directory last."""
    capacity = len(data) // SECTOR
    text = f'# Disk DescriptorFile\nversion=1\nCID=00000001\nparentCID=ffffffff\ncreateType="streamOptimized"\nRDONLY {capacity} SPARSE "d.vmdk"\n'
    out = bytearray(
        (header(capacity, (1 << 64) - 1) + text.encode().ljust(2 * SECTOR, b"\0")).ljust(128 * SECTOR, b"\0")
    )
    directory = []
    for first in range(0, len(data), 512 * GRAIN):
        table = [0] * 512
        for index in range(512):
            at = first + index * GRAIN
            grain = data[at : at + GRAIN]
            if any(grain):
                table[index] = len(out) // SECTOR
                packed = zlib.compress(grain.ljust(GRAIN, b"\0"))
                each = struct.pack("<QI", at // SECTOR, len(packed)) + packed
                out += each + bytes(-len(each) % SECTOR)
        directory.append(len(out) // SECTOR + 1 if any(table) else 0)
        if any(table):
            out += marker(4, 0, 1) + struct.pack("<512I", *table)
    out += marker(1, 0, 2)
    place = len(out) // SECTOR
    out += struct.pack(f"<{len(directory)}I", *directory).ljust(SECTOR, b"\0")
    return bytes(out + marker(1, 0, 3) + header(capacity, place) + bytes(SECTOR))


@pytest.fixture(scope="module")
def made() -> tuple[bytes, bytes]:
    """The disk, with holes, and the file."""
    data = (
        os.urandom(3 * MIB)
        + bytes(MIB)
        + os.urandom(2 * MIB)
        + bytes(35 * MIB)
        + os.urandom(MIB + 3 * SECTOR)
    )
    return data, streamed(data)


def had(data: bytes, raw: bytes) -> tuple[int, Alone]:
    """Return up to where the disk is had, which is right, and behind which nothing is."""
    around = Alone("d.vmdk")
    disk = IMAGE.open(Bytes(raw), around)
    assert disk.size == len(data)
    lost = list(getattr(disk, "missing", ()))
    reach = lost[0][0] if lost else len(data)
    assert lost in ([], [(reach, len(data))])
    assert disk.read(reach) == data[:reach]
    if lost:
        disk.seek(reach)
        with pytest.raises(Damaged):
            disk.read(1)
    return reach, around


@pytest.mark.parametrize("left", [0.1, 0.3, 0.5, 0.9])
def test_grains_before_the_cut_are_read_and_what_follows_is_missing(
    left: float, made: tuple[bytes, bytes]
) -> None:
    data, raw = made
    cut = int(len(raw) * left)
    reach, around = had(data, raw[:cut])
    assert reach > cut - 128 * SECTOR - 3 * GRAIN
    assert {note.code for note in around.notes} >= {"short", "range_missing"}


@pytest.mark.parametrize("lost", [0, 1024, 1500, 1537])
def test_without_the_footer_alone_the_directory_before_it_is_read(
    lost: int, made: tuple[bytes, bytes]
) -> None:
    data, raw = made
    reach, around = had(data, raw[: len(raw) - lost])
    assert reach == len(data)
    said = [note.reason for note in around.notes if note.code == "short"]
    assert len(said) == (lost > 0)
    assert all("the directory before it is read" in each for each in said)


def test_a_file_with_bytes_behind_its_end_is_read_anywhere() -> None:
    base, whole = b"abcdefg", b"abcdefg\0\0\0tables"
    extended = Extended(Bytes(base), 10, b"tables")
    for at in range(len(whole) + 2):
        for length in range(len(whole) + 2):
            extended.seek(at)
            assert extended.read(length) == whole[at : at + length]
            assert extended.tell() >= at
