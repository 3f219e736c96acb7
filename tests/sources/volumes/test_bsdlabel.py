"""BSD disk labels, by fdisk in a slice and by hand as other systems have them, with UFS in their partitions."""

import struct
from pathlib import Path

import pytest
from disk_chain import Disk
from disk_makers import HASHES, bsd, tree, ufs
from disk_tools import companions, needs, sha256

from actionday.model import Claim, Damaged, Found, Loss
from actionday.sources.filesystems.ufs import SOURCE as UFS
from actionday.sources.volumes.bsdlabel import SOURCE
from actionday.testing.context import Alone, Bytes, Glance

SECTOR = 512


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two UFS of 4 MiB."""
    where = tmp_path_factory.mktemp("bsd")
    source = tree(where / "t")
    return [ufs(where / f"u{version}", source, "-s", "4m", version=version) for version in (2, 1)]


def label(parts: dict[str, tuple[int, int, int]], order: str = "<") -> bytes:
    """Return a label: for each letter sector, sectors and type."""
    count = max(map(ord, parts)) - 96
    raw = bytearray(148 + 16 * count)
    for at in (0, 132):
        struct.pack_into(f"{order}I", raw, at, 0x82564557)
    raw[24:31] = b"kestrel"
    struct.pack_into(f"{order}I", raw, 40, SECTOR)
    struct.pack_into(f"{order}H", raw, 138, count)
    for letter, (start, length, kind) in parts.items():
        struct.pack_into(f"{order}IIIB", raw, 148 + 16 * (ord(letter) - 97), length, start, 0, kind)
    value = 0
    for (word,) in struct.iter_unpack("<H", raw):
        value ^= word
    struct.pack_into("<H", raw, 136, value)
    return bytes(raw)


def slice_of(systems: list[Path], told: bytes, at: int = 512) -> bytes:
    """Return a slice with a label: the first system from its beginning on, the second behind it."""
    raw = bytearray(systems[0].read_bytes() + systems[1].read_bytes())
    raw[at : at + len(told)] = told
    return bytes(raw)


def found_in(raw: bytes) -> tuple[list[Found], Alone]:
    around = Alone("p1")
    return list(SOURCE.items(Bytes(raw), around)), around


EACH = 4 * 1024 * 1024 // SECTOR
OFFSET = 64
"""Sectors before the slice on its disk."""
FORMS = {
    "alone": {"a": (0, EACH, 7), "c": (0, 2 * EACH, 0), "e": (EACH, EACH, 7)},
    "FreeBSD": {"a": (OFFSET, EACH, 7), "c": (OFFSET, 2 * EACH, 0), "e": (OFFSET + EACH, EACH, 7)},
    "NetBSD": {"a": (OFFSET, EACH, 7), "c": (OFFSET, 2 * EACH, 0), "d": (0, 9 * EACH, 0), "e": (OFFSET + EACH, EACH, 7)},
    "OpenBSD": {"a": (OFFSET, EACH, 7), "c": (0, 9 * EACH, 0), "e": (OFFSET + EACH, EACH, 7)},
}  # fmt: skip


@pytest.mark.tools
@needs("makefs", "sfdisk", "fdisk")
def test_a_slice_of_freebsd_is_read_to_its_files(systems: list[Path], tmp_path: Path) -> None:
    path = bsd(tmp_path / "d", [("a", 0, systems[0]), ("e", 9000, systems[1])])
    with companions() as started:
        disk = Disk(started)
        rows = {row.path: row.body for row in disk.rows(Bytes(path.read_bytes()), "disk")}
    assert disk.opened == ["mbr", "bsdlabel", "ufs", "ufs"]
    for place in ("p1/p1", "p1/p5"):
        assert {name: sha256(rows[f"{place}/{name}"] or b"") for name in HASHES} == HASHES
    assert not disk.ended


@pytest.mark.tools
@needs("makefs")
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("form", FORMS)
def test_places_are_counted_as_each_system_does(form: str, order: str, systems: list[Path]) -> None:
    raw = slice_of(systems, label(FORMS[form], order))
    assert SOURCE.claims(Glance("p1", raw)) is Claim.STRUCTURE
    assert UFS.claims(Glance("p1", raw)) is Claim.NAME
    found, around = found_in(raw)
    assert [(each.name, each.runs) for each in found] == [
        ("p1", ((0, EACH * SECTOR),)),
        ("p5", ((EACH * SECTOR, EACH * SECTOR),)),
    ]
    assert around.facts["bsdlabel"]["name"] == "kestrel"  # type: ignore[index]
    assert not around.notes


@pytest.mark.tools
@needs("makefs")
def test_the_first_partition_is_a_file_system_and_no_further_disk(systems: list[Path]) -> None:
    """It has the label among its own first bytes."""
    raw = slice_of(systems, label(FORMS["FreeBSD"]))[: EACH * SECTOR]
    assert SOURCE.claims(Glance("p1", raw)) is Claim.NO
    assert UFS.claims(Glance("p1", raw)) is Claim.STRUCTURE


@pytest.mark.tools
@needs("makefs")
def test_a_cut_slice_says_what_is_gone(systems: list[Path]) -> None:
    raw = slice_of(systems, label(FORMS["FreeBSD"]))[: (EACH + 100) * SECTOR]
    found, _ = found_in(raw)
    assert [note.code for note in found[1].notes] == [Loss.SHORT]
    assert found[1].size == 100 * SECTOR


@pytest.mark.tools
@needs("makefs")
def test_one_whose_checksum_differs_is_none(systems: list[Path]) -> None:
    told = bytearray(label(FORMS["alone"]))
    told[150] ^= 1
    raw = slice_of(systems, bytes(told))
    assert SOURCE.claims(Glance("p1", raw)) is Claim.NO
    assert UFS.claims(Glance("p1", raw)) is Claim.STRUCTURE
    with pytest.raises(Damaged, match="no label whose checksum holds"):
        found_in(raw)
