"""A differencing disk or its parent that was cut anywhere: refused, a loss, or said to lack no byte of the disk."""

import os
import random

import pytest
from disk_tools import needs, run
from test_conversions import vdi_child, vhd_child
from test_differencing import BLOCKS, MIB, made_vhdx

from actionday.model import Image, ItemError
from actionday.model.loss import is_loss
from actionday.sources.images import vdi, vhd, vhdx
from actionday.testing.context import Alone, Bytes

pytestmark = [pytest.mark.tools, needs("qemu-img")]
READERS: dict[str, Image] = {"vhd": vhd.IMAGE, "vhdx": vhdx.IMAGE, "vdi": vdi.IMAGE}
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Files]:
    """A child and its parent of each format: the disk ends within a block."""
    where = tmp_path_factory.mktemp("sets")
    plain = where / "plain"
    plain.write_bytes(os.urandom(5 * MIB) + bytes(MIB) + os.urandom(2 * MIB + 3 * 512))
    for kind in READERS:
        (where / kind).mkdir()
    made_vhdx(plain, where / "vhdx", BLOCKS)
    base = where / "vhd/base.vhd"
    run("qemu-img", "convert", "-f", "raw", "-O", "vpc", "-o", "force_size=on", plain, base)
    sectors = {3: b"3" * 512, 4: b"4" * 512, 9000: b"9" * 512}
    (where / "vhd/child.vhd").write_bytes(vhd_child(base.read_bytes(), base.name, sectors))
    base = where / "vdi/base.vdi"
    run("qemu-img", "convert", "-f", "raw", "-O", "vdi", plain, base)
    vdi_child(base, where / "vdi/child.vdi", {2: b"N" * MIB})
    return {kind: {each.name: each.read_bytes() for each in (where / kind).iterdir()} for kind in READERS}


def places(size: int) -> list[int]:
    """Return where to cut: within the structures at both ends, around each MiB and 64 KiB, and anywhere."""
    ends = [*range(0, 5000, 97), *(size - each for each in (1, 2, 100, 427, 511, 512, 513, 1024, 2000))]
    steps = [*range(0, 1 << 19, 1 << 16), *range(0, size, MIB)]
    around = [at + each for at in steps for each in (-1, 0, 1, 40)]
    chosen = random.Random(size)
    return sorted(
        {at for at in [*ends, *around] if 0 <= at < size} | {chosen.randrange(size) for _ in range(60)}
    )


@pytest.mark.parametrize("which", ["child", "base"])
@pytest.mark.parametrize("kind", READERS)
def test_every_cut_of_a_differencing_disk_or_its_parent_is_noticed(
    kind: str, which: str, sets: dict[str, Files]
) -> None:
    files, child, victim = sets[kind], f"child.{kind}", f"{which}.{kind}"
    whole, size = (
        READERS[kind].open(Bytes(files[child]), Alone(child, beside=files)).read(),
        len(files[victim]),
    )
    for cut in places(size):
        if kind == "vhd" and cut == size - 1:  # a footer of 511 bytes, as old writers leave out the last
            continue
        given = {**files, victim: files[victim][:cut]}
        around = Alone(child, beside=given)
        try:
            disk = READERS[kind].open(Bytes(given[child]), around)
            held: bytes | None = disk.read()
        except ItemError:
            continue
        assert around.notes, f"cut at byte {cut} of {size}"
        assert held == whole or any(is_loss(note.code) for note in around.notes)
