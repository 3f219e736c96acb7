"""Backups of Proxmox VE: configurations, disks byte for byte, and what is damaged in one."""

import gzip
import os
import random
from contextlib import suppress
from pathlib import Path

import pytest
import zstandard
from disk_makers import ext, tree
from vma_samples import CLUSTER, CONFIG, NUMBER, backup, extent, noise

from actionday.model import Damaged, Found, ItemError, Kind, Note
from actionday.model.loss import Loss
from actionday.sources.volumes.vma import SOURCE
from actionday.testing.context import Alone, Bytes, content
from actionday.testing.sources import check_source
from case_tools import Bench
from steps import steps

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[4] / "shared" / "data"))
DISKS = {"drive-scsi0": noise(3, 70 * CLUSTER + 1536), "drive-virtio1": noise(4, 3 * CLUSTER)}


def listed(raw: bytes) -> tuple[list[Found], list[Note], str]:
    around, found = Alone("guest.vma"), list[Found]()
    try:
        found.extend(SOURCE.items(Bytes(raw), around))
    except Damaged as error:
        return found, around.notes, str(error)
    return found, around.notes, ""


def test_the_contract_is_kept(tmp_path: Path) -> None:
    path = tmp_path / SOURCE.sample
    path.write_bytes(backup({"drive-scsi0": noise(1, 2 * CLUSTER)}))
    check_source(SOURCE, path)


def test_disks_and_configurations_are_what_was_backed_up() -> None:
    raw = backup(DISKS)
    found, notes, end = listed(raw)
    contents = {each.name: content(each, Bytes(raw)) for each in found}
    assert contents == {"qemu-server.conf": CONFIG, **DISKS}
    assert (notes, end, [note for each in found for note in each.notes]) == ([], "", [])
    assert found[0].meta["vma"] == {"uuid": str(NUMBER), "created": "2026-03-04T21:14:08Z"}


def test_the_memory_of_a_guest_is_a_file_and_no_disk() -> None:
    found, _, _ = listed(backup({"vmstate": noise(1, CLUSTER), **DISKS}))
    assert [each.kind for each in found] == [Kind.MEMBER, Kind.MEMBER, Kind.VOLUME, Kind.VOLUME]


def test_a_header_that_was_altered_is_said() -> None:
    raw = bytearray(backup(DISKS))
    raw[24] ^= 1
    assert [note.code for note in listed(bytes(raw))[1]] == [Loss.CHECKSUM]


def test_an_extent_that_was_altered_is_said_with_its_byte() -> None:
    raw = bytearray(backup(DISKS))
    at = raw.find(b"VMAE")
    raw[at + 4] ^= 1
    found, notes, _ = listed(bytes(raw))
    assert notes[0].reason == f"vma: the extent at byte {at} has another checksum in its header"
    assert content(found[1], Bytes(bytes(raw))) == DISKS["drive-scsi0"]


def test_behind_a_destroyed_extent_the_next_is_read() -> None:
    raw = bytearray(backup(DISKS))
    first = raw.find(b"VMAE")
    second = raw.find(b"VMAE", first + 4)
    raw[first : first + 512] = bytes(512)
    found, _, end = listed(bytes(raw))
    assert end == f"vma: no extent at byte {first}; the next one is at byte {second}"
    disk = next(each for each in found if each.name == "drive-scsi0")
    assert [note.code for note in disk.notes] == [Loss.RANGE_MISSING]
    assert content(disk, Bytes(bytes(raw)))[-CLUSTER:] == DISKS["drive-scsi0"][-CLUSTER:]


def test_every_cut_is_noticed() -> None:
    raw = backup({"drive-scsi0": noise(5, 2 * CLUSTER)})
    for cut in range(1, len(raw), 997):
        found, notes, end = listed(raw[:cut])
        told = [note for each in found for note in each.notes]
        assert end or notes or told, f"cut to {cut} bytes"


def test_damage_never_raises_but_as_damage() -> None:
    chance = random.Random(9)
    raw = backup({"drive-scsi0": noise(5, 2 * CLUSTER)})
    places = [*range(64), *range(2040, 2050), *range(3064, 3072), *range(4096, 4170), *range(12288, 13400)]
    for at in places:
        spoilt = bytearray(raw)
        spoilt[at] = chance.randrange(256)
        found, _, _ = listed(bytes(spoilt))
        for each in found:
            assert each.size is None or each.size >= 0
            if (each.size or 0) < 1 << 24:
                with suppress(ItemError):
                    content(each, Bytes(bytes(spoilt)))


def test_a_cluster_that_comes_twice_is_read_once() -> None:
    raw = backup({"d": bytes([1]) * CLUSTER}) + extent([(1, 0, bytes([2]) * CLUSTER)])
    found, _, _ = listed(raw)
    assert content(found[1], Bytes(raw)) == bytes([1]) * CLUSTER
    assert [note.code for note in found[1].notes] == [Loss.DAMAGED]


def test_work_is_linear_in_extents() -> None:
    one = extent([(1, 0, bytes(CLUSTER))] * 59)

    def work(count: int) -> int:
        raw = backup({"d": b""}) + one * count
        return steps(lambda: listed(raw))

    assert work(80) < 5 * work(20)


def test_what_dissect_has_of_a_real_backup() -> None:
    path = DATA / "images" / "dissect" / "test.vma.gz"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    found, notes, _ = listed(gzip.decompress(path.read_bytes()))
    assert [(each.name, each.size) for each in found] == [
        ("qemu-server.conf", 417),
        ("drive-scsi0", 10 << 30),
    ]
    assert notes == [], "its checksums hold"


@pytest.mark.parametrize("suffix", ["", ".zst", ".gz"])
def test_a_backup_in_a_case(suffix: str, tmp_path: Path) -> None:
    disk = ext(tmp_path / "disk", tree(tmp_path / "files", {"leaflet.txt": b"wren leaflet\n"}))
    raw = backup({"drive-scsi0": disk.read_bytes()})
    given = tmp_path / f"vzdump-qemu-101.vma{suffix}"
    given.write_bytes(zstandard.compress(raw) if suffix == ".zst" else gzip.compress(raw) if suffix else raw)
    bench = Bench(tmp_path / "case")
    bench.ingest(given)
    paths = {row["path"]: row for row in bench.items()}
    inner = f"{given.name.removesuffix(suffix)}/" if suffix else ""
    assert paths[f"{inner}drive-scsi0/leaflet.txt"]["status"] == "parsed"
    assert paths[f"{inner}qemu-server.conf"]["size"] == len(CONFIG)
    assert bench.export("issues") == []
