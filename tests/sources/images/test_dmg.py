"""DMG against images of our own writing, read a second time by dmg2img, and changed by hand."""

import random
import struct
from pathlib import Path

import pytest
from disk_tools import needs, run
from dmg_writer import ADC, BZIP2, CHUNK, IGNORED, LZFSE, LZMA, RAW, SECTOR, ZERO, ZLIB, dmg

from actionday.model import Claim, Damaged, Encrypted, Loss, Unsupported
from actionday.sources.images.dmg import IMAGE
from actionday.sources.volumes.mbr import SOURCE as MBR
from actionday.testing.context import Alone, Bytes, Glance

KINDS = {"ADC": ADC, "zlib": ZLIB, "bzip2": BZIP2, "LZMA": LZMA, "raw": RAW}
_CHOSEN = random.Random(5)
DISK = (
    b"".join(b"The Kestrel club meets at %d. " % number for number in range(9000))[: 8 * CHUNK - SECTOR]
    + bytes(5 * CHUNK)
    + _CHOSEN.randbytes(2 * CHUNK + 3 * SECTOR)
)
assert len(DISK) % SECTOR == 0


def opened(raw: bytes) -> tuple[bytes, Alone]:
    """Return the whole disk and what was said, its checksums looked at."""
    around = Alone("a.dmg")
    disk = IMAGE.open(Bytes(raw), around)
    assert list(disk.beside(around, 1, lambda stream: stream, parents=True)) == []  # type: ignore[attr-defined]
    disk.seek(0)
    return disk.read(), around


@pytest.mark.parametrize("zero", [ZERO, IGNORED], ids=["zero", "ignored"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_disk_is_there_however_it_is_packed(kind: str, zero: int) -> None:
    raw = dmg(DISK, KINDS[kind], zero=zero, parts=3)
    disk, around = opened(raw)
    assert disk == DISK
    assert around.notes == []
    assert kind in around.facts["dmg"]["packing"]  # type: ignore[index]
    assert IMAGE.claims(Glance("a.dmg", raw)) is Claim.STRUCTURE


@pytest.mark.tools
@needs("dmg2img")
@pytest.mark.parametrize("kind", ["zlib", "bzip2", "ADC", "raw"])
def test_a_second_reader_makes_the_same_of_it(kind: str, tmp_path: Path) -> None:
    (tmp_path / "a.dmg").write_bytes(dmg(DISK, KINDS[kind]))
    run("dmg2img", "-i", tmp_path / "a.dmg", "-o", tmp_path / "out")
    theirs = (tmp_path / "out").read_bytes()
    assert theirs.ljust(len(DISK), b"\0") == DISK


@pytest.mark.parametrize("at", [0, 4096])
def test_tables_may_lie_in_a_resource_fork(at: int) -> None:
    raw = dmg(DISK, by_fork=True, at=at)
    disk, around = opened(raw)
    assert disk == DISK
    assert around.notes == []
    assert around.facts["dmg"]["parts"] == ["part 0 (Apple_HFS : 0)", "part 1 (Apple_HFS : 1)"]  # type: ignore[index]


def test_it_can_be_read_from_anywhere() -> None:
    disk = IMAGE.open(Bytes(dmg(DISK)), Alone("a.dmg"))
    for _ in range(200):
        at, size = _CHOSEN.randrange(len(DISK)), _CHOSEN.randrange(1, 3 * CHUNK)
        disk.seek(at)
        assert disk.read(size) == DISK[at : at + size]


def test_one_that_packs_nothing_begins_as_the_disk_in_it_does() -> None:
    entry = struct.pack("<B3xB3xII", 0, 0x83, 8, 100)
    disk = bytes(446) + entry + bytes(48) + b"\x55\xaa" + bytes(200 * SECTOR)
    raw = dmg(disk, RAW, zero=RAW)
    assert raw[:512] == disk[:512]
    assert IMAGE.claims(Glance("a.dmg", raw)) is Claim.STRUCTURE
    assert MBR.claims(Glance("a.dmg", raw)) <= Claim.NAME


def test_a_damaged_chunk_is_a_gap_of_its_own() -> None:
    raw = bytearray(dmg(DISK))
    raw[20:30] = bytes(10)
    around = Alone("a.dmg")
    disk = IMAGE.open(Bytes(bytes(raw)), around)
    list(disk.beside(around, 1, lambda stream: stream, parents=True))  # type: ignore[attr-defined]
    said = [(note.code, note.reason) for note in around.notes]
    assert (
        Loss.CHECKSUM,
        "dmg: the checksum of the data in the file differs: it was altered or damaged",
    ) in said
    assert any(code == Loss.RANGE_MISSING and "the chunk at byte 0 of the disk" in why for code, why in said)
    disk.seek(0)
    with pytest.raises(Damaged, match="cannot be unpacked"):
        disk.read(1)
    assert disk.lost_until(0) == CHUNK  # type: ignore[attr-defined]
    disk.seek(CHUNK)
    assert disk.read() == DISK[CHUNK:]


def test_changed_bytes_are_noticed_by_the_checksums() -> None:
    raw = bytearray(dmg(DISK, RAW))
    raw[1000] ^= 1
    disk, around = opened(bytes(raw))
    assert disk != DISK
    assert [note.code for note in around.notes] == [Loss.CHECKSUM] * 2
    assert "the part 'part 0 (Apple_HFS : 0)' differs" in around.notes[1].reason


def test_a_table_that_lacks_is_noticed() -> None:
    raw = dmg(DISK, by_fork=True)
    at = raw.index(b"mish", raw.index(b"mish") + 1)
    around = Alone("a.dmg")
    disk = IMAGE.open(Bytes(raw[:at] + b"mush" + raw[at + 4 :]), around)
    assert {note.code for note in around.notes} == {Loss.TABLE, Loss.CHECKSUM, Loss.RANGE_MISSING}
    half = -(-len(DISK) // SECTOR // 2) * SECTOR
    assert disk.read(half) == DISK[:half]
    with pytest.raises(Damaged, match="none of its tables places them"):
        disk.read(1)
    assert disk.lost_until(half) == len(DISK)  # type: ignore[attr-defined]


def test_what_is_in_another_segment_is_named() -> None:
    around = Alone("a.dmg")
    raw = dmg(DISK, RAW, segment=(2, 3, CHUNK))
    disk = IMAGE.open(Bytes(raw), around)
    codes = {note.code for note in around.notes}
    assert {Loss.SEGMENT_MISSING, Loss.RANGE_MISSING} <= codes
    with pytest.raises(Damaged, match="another segment"):
        disk.read(1)


def test_bytes_behind_and_between_are_items() -> None:
    whole = dmg(DISK, RAW, at=2 * CHUNK)
    raw = b"hidden words" * 100 + whole[1200:]
    around = Alone("a.dmg")
    disk = IMAGE.open(Bytes(raw), around)
    (found,) = disk.beside(around, 1, lambda stream: stream, parents=True)  # type: ignore[attr-defined]
    assert found.name == "between blocks @0"
    assert found.read().read().rstrip(b"\0") == b"hidden words" * 100


def test_what_is_not_read_is_named() -> None:
    with pytest.raises(Unsupported, match="LZFSE"):
        IMAGE.open(Bytes(dmg(DISK, LZFSE)), Alone("a.dmg"))
    for raw in (b"encrcdsa\0\0\0\2" + bytes(4096), bytes(4096) + b"cdsaencr"):
        assert IMAGE.claims(Glance("a.dmg", raw)) > Claim.NAME
        with pytest.raises(Encrypted, match="encrypted Apple disk image"):
            IMAGE.open(Bytes(raw), Alone("a.dmg"))


def test_a_hole_of_petabytes_costs_no_time() -> None:
    """The checksum of zeros is computed, not gone through."""
    raw = bytearray(dmg(DISK[:CHUNK], by_fork=True, parts=1))
    at = raw.index(b"mish")
    raw[at + 16 : at + 24] = (1 << 42).to_bytes(8, "big")
    raw[at + 204 + 40 : at + 204 + 80] = struct.pack(">IIQQQQ", ZERO, 0, CHUNK // SECTOR, 1 << 41, 0, 0)
    around = Alone("a.dmg")
    disk = IMAGE.open(Bytes(bytes(raw)), around)
    list(disk.beside(around, 1, lambda stream: stream, parents=True))  # type: ignore[attr-defined]
    assert disk.size > 1 << 50
    assert disk.data_from(CHUNK, disk.size) == disk.size  # type: ignore[attr-defined]
