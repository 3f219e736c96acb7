"""Packages of virtual machines (OVA): what the descriptor says, digests of the manifest, disks opened."""

import random
from pathlib import Path

import pytest
from disk_makers import ext, tree
from disk_tools import run
from ovf_samples import DISK, descriptor, manifest, package

from actionday.model import Damaged, Found, Note, Source
from actionday.model.loss import Loss
from actionday.sources.images.ovf import SOURCE as OVF
from actionday.sources.images.ovf_manifest import SOURCE as MANIFEST
from actionday.testing.context import Alone, Bytes
from case_tools import Bench


def listed(
    source: Source, name: str, data: bytes, beside: dict[str, bytes]
) -> tuple[list[Found], list[Note], str]:
    around, found = Alone(name, beside=beside), list[Found]()
    try:
        found.extend(source.items(Bytes(data), around))
    except Damaged as error:
        return found, around.notes, str(error)
    return found, around.notes, ""


def test_a_descriptor_says_name_system_disks_networks_and_parts() -> None:
    (machine,), notes, end = listed(OVF, "wren.ovf", descriptor(3), {DISK: b"abc"})
    assert (machine.name, notes, end) == ("wren_web", [], "")
    assert machine.meta["ovf"] == {
        "id": "wren", "name": "wren/web", "os_type": "debian11_64Guest", "os": "Debian 12",
        "annotation": "site of the leaflets", "hardware_type": "virtualbox-2.2",
        "hardware": [{"name": "2 virtual CPU", "type": "3", "quantity": "2"}], "networks": ["NAT"],
        "disks": [{"file": DISK, "size": "3", "disk": "vmdisk1", "capacity": "4 byte * 2^20",
                   "format": "http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"}],
    }  # fmt: skip


def test_a_disk_that_is_not_there_or_of_another_size_is_named() -> None:
    assert [note.code for note in listed(OVF, "wren.ovf", descriptor(3), {})[1]] == [Loss.SEGMENT_MISSING]
    assert [note.code for note in listed(OVF, "wren.ovf", descriptor(4), {DISK: b"abc"})[1]] == [
        Loss.SEGMENT_SHORT
    ]


def test_entities_are_refused() -> None:
    raw = descriptor(3).replace(b"<Envelope", b'<!DOCTYPE a [<!ENTITY b "c">]><Envelope', 1)
    assert listed(OVF, "wren.ovf", raw, {})[2] == "ovf: the descriptor declares entities, which none does"


@pytest.mark.parametrize("kind", ["SHA1", "SHA256", "SHA512"])
def test_every_line_of_a_manifest_is_held_against_its_file(kind: str) -> None:
    files = {"wren.ovf": b"one", DISK: b"two"}
    found, notes, end = listed(MANIFEST, "wren.mf", manifest(files, kind), files)
    assert [(each.name, each.meta["proved"]) for each in found] == [("wren.ovf", True), (DISK, True)]
    assert (notes, end) == ([], "")
    assert found[1].reason == f"{kind} of '{DISK}' is that of the file: not followed"


def test_a_file_that_was_altered_is_said() -> None:
    files = {"wren.ovf": b"one", DISK: b"two"}
    found, notes, _ = listed(MANIFEST, "wren.mf", manifest(files), {**files, DISK: b"other"})
    assert [each.meta["proved"] for each in found] == [True, False]
    assert [note.code for note in notes] == [Loss.DIGEST]


def test_a_file_that_lacks_and_a_line_that_says_nothing() -> None:
    found, notes, end = listed(MANIFEST, "wren.mf", manifest({DISK: b"two"}) + b"SHA256(a)= 12\n", {})
    assert (found[0].meta["proved"], [note.code for note in notes]) == (False, [Loss.SEGMENT_MISSING])
    assert end == "ovf manifest: line 2 tells no digest of a file"


def test_damage_is_damage() -> None:
    chance = random.Random(6)
    for source, name, raw in (
        (OVF, "wren.ovf", descriptor(3)),
        (MANIFEST, "wren.mf", manifest({DISK: b"two"})),
    ):
        for at in range(len(raw)):
            listed(source, name, raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :], {DISK: b"abc"})
            listed(source, name, raw[:at], {DISK: b"abc"})


def test_a_package_in_a_case(tmp_path: Path) -> None:
    raw = ext(tmp_path / "raw", tree(tmp_path / "files", {"leaflet.txt": b"wren leaflet\n"}), size=4 << 20)
    disk = tmp_path / DISK
    run("qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", raw, disk)
    (tmp_path / "wren.ova").write_bytes(package(disk.read_bytes()))
    bench = Bench(tmp_path / "case")
    bench.ingest(tmp_path / "wren.ova")
    rows = {row["path"]: row for row in bench.items()}
    assert rows[f"{DISK}/leaflet.txt"]["status"] == "parsed"
    assert rows["wren.ovf/wren_web"]["meta"]["ovf"]["os"] == "Debian 12"
    assert [rows[f"wren.mf/{name}"]["meta"]["proved"] for name in ("wren.ovf", DISK)] == [True, True]
    assert bench.export("issues") == []
