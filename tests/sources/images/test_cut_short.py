"""A virtual disk whose file was cut short says so when it is opened, whatever its format: how much lacks, to the byte."""

import json
import os
import random
import subprocess
from bisect import bisect_left
from pathlib import Path

import pytest
from disk_tools import needs, run

from actionday.model import Damaged, Image, Stream
from actionday.model.loss import LACKING, is_loss
from actionday.sources.images import qcow2, vdi, vhd, vhdx, vmdk
from actionday.testing.context import Alone, Bytes

pytestmark = [pytest.mark.tools, needs("qemu-img")]
MIB = 1 << 20
WRITTEN: list[tuple[str, Image, str]] = [
    ("qcow2", qcow2.IMAGE, ""),
    ("qcow2", qcow2.IMAGE, "cluster_size=512"),
    ("qcow2", qcow2.IMAGE, "extended_l2=on,cluster_size=128k"),
    ("vpc", vhd.IMAGE, "force_size=on"),
    ("vpc", vhd.IMAGE, "subformat=fixed,force_size=on"),
    ("vhdx", vhdx.IMAGE, ""),
    ("vhdx", vhdx.IMAGE, "subformat=fixed"),
    ("vdi", vdi.IMAGE, ""),
    ("vdi", vdi.IMAGE, "static=on"),
    ("vmdk", vmdk.IMAGE, ""),
    ("vmdk", vmdk.IMAGE, "subformat=streamOptimized"),
]


@pytest.mark.parametrize(
    ("kind", "reader", "options"), WRITTEN, ids=[f"{kind} {options}" for kind, _, options in WRITTEN]
)
def test_a_virtual_disk_whose_file_was_cut_says_so(
    kind: str, reader: Image, options: str, tmp_path: Path
) -> None:
    plain, image = tmp_path / "plain", tmp_path / f"disk.{kind}"
    plain.write_bytes(os.urandom(5 * MIB) + bytes(MIB) + os.urandom(2 * MIB + 3 * 512))
    run("qemu-img", "convert", "-f", "raw", "-O", kind, *(["-o", options] if options else []), plain, image)
    whole = image.read_bytes()
    footer = (
        whole[-512:] if options == "subformat=fixed,force_size=on" else b""
    )  # alone tells of what was cut
    cut = whole[: len(whole) // 2] + footer
    for data, expected in ((whole, False), (cut, True)):
        context = Alone(image.name)
        reader.open(Bytes(data), context)
        codes = [note.code for note in context.notes if is_loss(note.code)]
        assert bool(LACKING.intersection(codes)) is expected, (context.notes, len(data))


def unread(disk: Stream, ranges: list[list[int]]) -> tuple[int, int]:
    """Count the sectors that cannot be read and those that ``ranges`` (first and last byte) touch; assert they are one."""
    lost = told = 0
    starts = [start for start, _ in ranges]
    for at in range(0, disk.size, 512):
        end = min(at + 512, disk.size)
        number = bisect_left(starts, end) - 1
        expected = number >= 0 and ranges[number][1] >= at
        disk.seek(at)
        try:
            disk.read(end - at)
        except Damaged:
            lost += 1
            assert expected, f"byte {at} cannot be read, and nobody said so"
        told += expected
    return lost, told


@pytest.mark.parametrize("tenths", [2, 5, 8])
@pytest.mark.parametrize(
    ("kind", "reader", "options", "packed"),
    [(*each, False) for each in WRITTEN]
    + [("qcow2", qcow2.IMAGE, "", True), ("qcow2", qcow2.IMAGE, "cluster_size=512", True)],
    ids=[f"{kind} {options}" for kind, _, options in WRITTEN] + ["qcow2 -c", "qcow2 -c cluster_size=512"],
)
def test_u15_what_of_the_disk_cannot_be_had_is_what_cannot_be_read(
    kind: str, reader: Image, options: str, packed: bool, tenths: int, tmp_path: Path
) -> None:
    """The ranges that are told are, sector by sector, those that cannot be read: no more, and no fewer."""
    plain, image = tmp_path / "plain", tmp_path / f"disk.{kind}"
    noise = random.Random(tenths).randbytes(2 * MIB)
    text = b"".join(b"%09d der Kestrel sendet um acht\n" % number for number in range(MIB // 38))
    plain.write_bytes(noise + text + bytes(MIB) + noise[::-1] + text[::-1] + bytes(3 * 512))
    flags = ["-c"] if packed else []
    run(
        "qemu-img", "convert", *flags, "-f", "raw", "-O", kind, *(["-o", options] if options else []), plain, image
    )  # fmt: skip
    whole = image.read_bytes()
    foot = whole[-512:] if options == "subformat=fixed,force_size=on" else b""
    # what sits before the first block has to be there, or no disk is opened
    cut = max(len(whole) * tenths // 10, 3 * MIB if kind == "vhdx" else 0) + 100
    around = Alone(image.name)
    disk = reader.open(Bytes(whole[:cut] + foot), around)
    told = around.facts["missing"]
    assert isinstance(told, dict)
    assert told["range_count"] <= 100, "else not all are listed"
    lost, sectors = unread(disk, told["ranges"])
    assert lost == sectors > 0
    assert told["of"] == disk.size
    assert (sectors - 2 * told["range_count"]) * 512 < told["bytes"] <= sectors * 512
    assert [note.code for note in around.notes if note.code == "short"] == ["short"]
    around = Alone(image.name)
    reader.open(Bytes(whole), around)
    assert "missing" not in around.facts


@pytest.mark.parametrize(
    ("kind", "reader", "options"),
    [each for each in WRITTEN if each[0] in ("qcow2", "vmdk", "vdi")][:-1],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_u15_what_lacks_is_what_qemu_maps_behind_the_cut(
    kind: str, reader: Image, options: str, tmp_path: Path
) -> None:
    """The known answer: what the map of the whole image places behind the cut, and all of which tables lie there."""
    plain, image = tmp_path / "plain", tmp_path / f"disk.{kind}"
    plain.write_bytes(random.Random(1).randbytes(5 * MIB) + bytes(MIB) + random.Random(2).randbytes(2 * MIB))
    run("qemu-img", "convert", "-f", "raw", "-O", kind, *(["-o", options] if options else []), plain, image)
    made = subprocess.run(
        ["qemu-img", "map", "--output=json", "-f", kind, image], check=True, capture_output=True
    )
    whole = image.read_bytes()
    cut = len(whole) // 2
    placed = [each for each in json.loads(made.stdout) if each.get("data")]
    due = sum(min(each["length"], max(0, each["offset"] + each["length"] - cut)) for each in placed)
    around = Alone(image.name)
    reader.open(Bytes(whole[:cut]), around)
    told = around.facts["missing"]
    assert isinstance(told, dict)
    said = " ".join(note.reason for note in around.notes)
    if "tables that would place them" not in said:
        assert told["bytes"] == due
    else:
        assert told["bytes"] >= due
        assert "bytes up to at least " in said


def test_u15_a_cut_before_its_second_tables_loses_what_these_would_place(tmp_path: Path) -> None:
    plain, image = tmp_path / "plain", tmp_path / "disk.qcow2"
    plain.write_bytes(random.Random(3).randbytes(4 * MIB) + bytes(4 * MIB))
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "-o", "cluster_size=4k", plain, image)
    whole = image.read_bytes()
    first = int.from_bytes(whole[40:48], "big")
    tables = [int.from_bytes(whole[at : at + 8], "big") & 0x00FFFFFFFFFFFE00 for at in (first, first + 8)]
    around = Alone(image.name)
    qcow2.IMAGE.open(Bytes(whole[: max(tables)]), around)  # 2 MiB of the disk by each
    told = around.facts["missing"]
    assert isinstance(told, dict)
    assert told["ranges"][-1] == [2 * MIB, 4 * MIB - 1]
    assert told["bytes"] >= 2 * MIB
    said = [note.reason for note in around.notes]
    assert any("or the tables that would place them, lie behind the end of the file" in each
               or "the tables that would place them lie behind the end of the file" in each for each in said)  # fmt: skip
    assert any(each.startswith("qcow2: its tables place bytes up to at least ") for each in said)
