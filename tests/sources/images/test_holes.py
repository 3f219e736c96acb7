"""What the tables of an image say holds nothing is not read: an empty disk of terabytes is told at once."""

import struct
import time
from pathlib import Path

import pytest
from disk_makers import MIB, ext, tree
from disk_tools import needs, run

from actionday.model import Damaged, Image
from actionday.model.loss import HOLDS_NOTHING
from actionday.model.streams import RunStream
from actionday.pipeline.streams import BlockStream
from actionday.sources.images import qcow2, vdi, vhd, vhdx, vmdk
from actionday.sources.volumes._held import next_data, pieces
from actionday.sources.volumes.searched import SOURCE
from actionday.testing.context import Alone, Bytes

pytestmark = [pytest.mark.tools, needs("qemu-img", "qemu-io", "mkfs.ext4")]
KINDS: list[tuple[str, Image, str, str]] = [
    ("qcow2", qcow2.IMAGE, "", "2T"),
    ("qcow2", qcow2.IMAGE, "cluster_size=4k", "100G"),
    ("qcow2", qcow2.IMAGE, "extended_l2=on,cluster_size=128k", "2T"),
    ("vmdk", vmdk.IMAGE, "", "2T"),
    ("vpc", vhd.IMAGE, "force_size=on", "1T"),
    ("vhdx", vhdx.IMAGE, "", "2T"),
    ("vdi", vdi.IMAGE, "", "1T"),
]
WITHIN = 20.0
"""Seconds; one takes 0.1 to 4, reading the zeros of a terabyte takes minutes."""


def made(path: Path, kind: str, options: str, size: str) -> Path:
    run("qemu-img", "create", "-q", "-f", kind, *(("-o", options) if options else ()), path, size)
    return path


@pytest.mark.parametrize(("kind", "reader", "options", "size"), KINDS)
def test_an_empty_disk_of_terabytes_is_told_at_once(
    kind: str, reader: Image, options: str, size: str, tmp_path: Path
) -> None:
    path = made(tmp_path / "disk", kind, options, size)
    disk = BlockStream(reader.open(Bytes(path.read_bytes()), Alone("disk")))
    began = time.perf_counter()
    around = Alone("disk")
    assert not list(SOURCE.items(disk, around))
    assert time.perf_counter() - began < WITHIN
    assert [note.code for note in around.notes] == [HOLDS_NOTHING]
    assert "nothing but zeros" in around.notes[0].reason


@pytest.mark.parametrize(("kind", "reader", "options", "size"), KINDS)
def test_what_is_written_far_off_is_found_and_nothing_before_it_is_read(
    kind: str, reader: Image, options: str, size: str, tmp_path: Path
) -> None:
    path = made(tmp_path / "disk", kind, options, size)
    at = 77 * 1024 * MIB + 12 * 512
    run("qemu-io", "-f", kind, "-c", f"write -q -P 77 {at} 1024", path)
    base = BlockStream(reader.open(Bytes(path.read_bytes()), Alone("disk")))
    for disk, before in (
        (base, 0),
        (RunStream(base, ((5 * MIB, base.size - 5 * MIB),), base.size - 5 * MIB), 5 * MIB),
    ):
        there, reads = 0, 0
        while (there := next_data(disk, there, disk.size)) < disk.size:
            if (found := list(pieces(disk, there, min(there + MIB, disk.size)))) or reads > 100:
                break
            there, reads = there + MIB, reads + 1
        assert found[0].data.count(77) == 1024
        assert found[0].at + found[0].data.index(77) + before == at


def test_a_file_system_on_two_terabytes_without_a_table(tmp_path: Path) -> None:
    lost = ext(tmp_path / "ext", tree(tmp_path / "t", {"lost.txt": b"wombat\n"}), size=8 * MIB)
    with lost.open("r+b") as file:
        data = file.read()
        file.seek(0)
        file.write(bytes(MIB) + data)
        file.truncate(2 << 40)
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", lost, tmp_path / "disk")
    disk = BlockStream(qcow2.IMAGE.open(Bytes((tmp_path / "disk").read_bytes()), Alone("disk")))
    began = time.perf_counter()
    items = SOURCE.items(disk, Alone("disk"))
    assert next(items).runs == ((MIB, 8 * MIB),)
    with pytest.raises(Damaged, match="file systems were looked for"):
        next(items)
    assert time.perf_counter() - began < WITHIN


def test_what_an_overlay_leaves_to_its_base_is_no_hole(tmp_path: Path) -> None:
    base = made(tmp_path / "base.qcow2", "qcow2", "", "100G")
    run("qemu-io", "-f", "qcow2", "-c", f"write -q -P 7 {50 * 1024 * MIB} 64k", base)
    run(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-b",
        base.name,
        "-F",
        "qcow2",
        tmp_path / "top.qcow2",
        "200G",
    )
    run("qemu-io", "-f", "qcow2", "-c", f"write -q -z {60 * 1024 * MIB} 64k", tmp_path / "top.qcow2")
    around = Alone("top.qcow2", beside={"base.qcow2": base.read_bytes()})
    disk = qcow2.IMAGE.open(Bytes((tmp_path / "top.qcow2").read_bytes()), around)
    assert next_data(disk, 0, disk.size) == 50 * 1024 * MIB
    assert next_data(disk, 50 * 1024 * MIB + 65536, disk.size) == disk.size


@pytest.mark.parametrize("part", [0, 1, 31])
def test_a_cluster_of_which_one_part_is_written_is_no_hole(part: int, tmp_path: Path) -> None:
    path = made(tmp_path / "disk", "qcow2", "extended_l2=on,cluster_size=128k", "1G")
    at = (1 << 29) + part * 4096
    run("qemu-io", "-f", "qcow2", "-c", f"write -q -P 7 {at} 4096", path)
    disk = qcow2.IMAGE.open(Bytes(path.read_bytes()), Alone("disk"))
    assert next_data(disk, 0, disk.size) == at
    assert next_data(disk, at + 4096, disk.size) == disk.size


def test_a_table_that_cannot_be_read_is_no_hole(tmp_path: Path) -> None:
    path = made(tmp_path / "disk", "qcow2", "", "10G")
    data = bytearray(path.read_bytes())
    (first,) = struct.unpack_from(">Q", data, 40)
    struct.pack_into(">Q", data, first + 8, 1 << 40)
    disk = qcow2.IMAGE.open(Bytes(bytes(data)), Alone("disk"))
    assert next_data(disk, 0, disk.size) == 512 * MIB
