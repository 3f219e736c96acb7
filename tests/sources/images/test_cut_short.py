"""A virtual disk whose file was cut short says so when it is opened, whatever its format."""

import os
from pathlib import Path

import pytest
from disk_tools import needs, run

from actionday.model import Image
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
