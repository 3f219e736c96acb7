"""A parent is held against what its child says of it: its length, its format, its identifier."""

import os
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from disk_makers import MIB, ext, mbr, tree
from disk_tools import needs, run
from test_conversions import all_of, opened, vhd_child
from test_differencing import vhdx_child

from actionday.model import Damaged, Image, Loss, Unsupported
from actionday.sources.images import qcow2, vdi, vhd, vhdx, vmdk
from actionday.sources.images._below import BELOW_SHORT
from actionday.sources.images._parents import PROBED
from actionday.testing.context import Alone

pytestmark = [pytest.mark.tools, needs("qemu-img", "mkfs.ext4")]

SIZE, CUT = 8 * MIB, 3 * MIB


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare file system, as long as its disk, with data to its end."""
    where = tmp_path_factory.mktemp("plain")
    disk = ext(where / "plain.raw", tree(where / "t"), size=SIZE)
    with disk.open("r+b") as file:
        file.seek(SIZE - MIB)
        file.write(os.urandom(MIB))
    return disk


def convert(plain: Path, kind: str, base: Path) -> None:
    options = {"vpc": ["-o", "force_size=on"], "vhdx": ["-o", "block_size=1M,block_state_zero=off"]}
    run("qemu-img", "convert", "-f", "raw", "-O", kind, *options.get(kind, []), plain, base)


def on_qcow2(plain: Path, base: Path, top: Path) -> None:
    convert(plain, "qcow2", base)
    run("qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "qcow2", top, SIZE)


def on_vmdk(plain: Path, base: Path, top: Path) -> None:
    convert(plain, "vmdk", base)
    run("qemu-img", "create", "-q", "-f", "vmdk", "-b", base, "-F", "vmdk", top, SIZE)


def _whole(plain: Path, kind: str, base: Path) -> bytes:
    """An empty image of that kind, of the whole size."""
    blank = base.with_name("blank")
    blank.write_bytes(bytes(SIZE))
    convert(blank, kind, base.with_name("empty"))
    blank.unlink()
    data = base.with_name("empty").read_bytes()
    base.with_name("empty").unlink()
    convert(plain, kind, base)
    return data


def on_vhd(plain: Path, base: Path, top: Path) -> None:
    empty = _whole(plain, "vpc", base)
    top.write_bytes(vhd_child(empty, base.name, {}, base.read_bytes()[-512:][68:84]))


def on_vhdx(plain: Path, base: Path, top: Path) -> None:
    empty = _whole(plain, "vhdx", base)
    top.write_bytes(vhdx_child(base.read_bytes(), empty, base.name, {}))


def on_vdi(plain: Path, base: Path, top: Path) -> None:
    data = bytearray(_whole(plain, "vdi", base))
    struct.pack_into("<I", data, 0x4C, 4)
    data[0x188:0x198] = uuid4().bytes_le
    data[0x1A8:0x1B8] = base.read_bytes()[0x188:0x198]
    top.write_bytes(data)


Maker = Callable[[Path, Path, Path], None]
EVERY: list[tuple[Image, Maker, str]] = [
    (qcow2.IMAGE, on_qcow2, "qcow2"),
    (vmdk.IMAGE, on_vmdk, "vmdk"),
    (vhd.IMAGE, on_vhd, "vhd"),
    (vhdx.IMAGE, on_vhdx, "vhdx"),
    (vdi.IMAGE, on_vdi, "vdi"),
]
of_every = pytest.mark.parametrize(("reader", "make", "kind"), EVERY, ids=[each[2] for each in EVERY])


def made(make: Maker, kind: str, plain: Path, folder: Path, length: int = SIZE) -> tuple[Path, Path]:
    """Return a parent that holds the first bytes of ``plain``, and a child of the whole size that holds nothing."""
    part = folder / "part"
    part.write_bytes(plain.read_bytes()[:length].ljust(length, b"\0"))
    base, top = folder / f"base.{kind}", folder / f"top.{kind}"
    make(part, base, top)
    part.unlink()
    return base, top


def codes(around: Alone) -> set[str]:
    return {note.code for note in around.notes}


@of_every
def test_a_whole_parent_is_read_without_a_remark(
    reader: Image, make: Maker, kind: str, plain: Path, tmp_path: Path
) -> None:
    _, top = made(make, kind, plain, tmp_path)
    disk, around = opened(reader, top)
    assert all_of(disk)[:SIZE] == plain.read_bytes()
    assert not around.notes


@of_every
def test_what_a_cut_parent_lacks_is_a_loss_and_never_zeros(
    reader: Image, make: Maker, kind: str, plain: Path, tmp_path: Path
) -> None:
    made(make, kind, plain, tmp_path, CUT)
    disk, around = opened(reader, tmp_path / f"top.{kind}")
    (note,) = (note for note in around.notes if note.code == Loss.SHORT)
    assert f"base.{kind}" in note.reason
    assert f"{CUT} bytes" in note.reason.replace(f"{disk.below.size} bytes", f"{CUT} bytes")  # type: ignore[attr-defined]
    assert f"{disk.size} bytes long" in note.reason
    disk.seek(0)
    assert disk.read(CUT) == plain.read_bytes()[:CUT]
    for at in (disk.below.size, SIZE - MIB, SIZE - 1):  # type: ignore[attr-defined]
        disk.seek(at)
        with pytest.raises(Damaged, match=f"ends at byte {disk.below.size}"):  # type: ignore[attr-defined]
            disk.read(1)
    assert disk.data_from(CUT + MIB, SIZE) <= CUT + MIB  # type: ignore[attr-defined]


@of_every
def test_a_disk_made_longer_than_its_parent_is_whole(
    reader: Image, make: Maker, kind: str, tmp_path: Path
) -> None:
    small = ext(tmp_path / "small.raw", tree(tmp_path / "t"), size=CUT)
    folder = tmp_path / "d"
    folder.mkdir()
    made(make, kind, small, folder, CUT)
    disk, around = opened(reader, folder / f"top.{kind}")
    assert all_of(disk)[:SIZE] == small.read_bytes().ljust(SIZE, b"\0")
    (note,) = around.notes
    assert note.code == BELOW_SHORT
    assert f"{disk.size} bytes long" in note.reason


@of_every
def test_an_empty_parent_is_refused_by_its_name(
    reader: Image, make: Maker, kind: str, plain: Path, tmp_path: Path
) -> None:
    base, top = made(make, kind, plain, tmp_path)
    base.write_bytes(b"")
    with pytest.raises(Damaged, match=rf"base\.{kind} is empty" if kind != "vdi" else "needs backing file"):
        opened(reader, top)


@of_every
def test_a_parent_of_another_format_is_refused_by_its_name(
    reader: Image, make: Maker, kind: str, plain: Path, tmp_path: Path
) -> None:
    base, top = made(make, kind, plain, tmp_path)
    whole = base.read_bytes()
    other = {"vhd": slice(-512, None), "vdi": slice(64, 68)}.get(kind, slice(0, 8))
    broken = bytearray(whole)
    broken[other] = bytes(len(broken[other]))
    broken[:8] = bytes(8) if kind == "vhd" else broken[:8]
    for content in (bytes(broken), plain.read_bytes(), b"kestrel\n" * 9000):
        base.write_bytes(content)
        with pytest.raises(Damaged, match=rf"base\.{kind} should be a {kind} image and is none|with UUID"):
            opened(reader, top)


def test_a_partition_table_tells_that_the_parent_was_cut(plain: Path, tmp_path: Path) -> None:
    base, top = mbr(tmp_path / "base.raw", (0x83, plain), size=SIZE + 2 * MIB), tmp_path / "top.qcow2"
    whole = base.read_bytes()
    run("qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "raw", top)
    for length, code in ((SIZE + MIB, BELOW_SHORT), (6 * MIB, Loss.SHORT), (512, Loss.SHORT)):
        base.write_bytes(whole[:length])
        assert codes(opened(qcow2.IMAGE, top)[1]) == {code}, length


def test_a_table_that_the_overlay_alone_holds_is_asked_too(plain: Path, tmp_path: Path) -> None:
    base, top = tmp_path / "base.raw", tmp_path / "top.qcow2"
    base.write_bytes(plain.read_bytes())
    run("qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "raw", top)
    run("qemu-io", "-c", "read -q 0 64k", "-c", "write -q -s " + str(plain) + " 0 64k", top)
    base.write_bytes(b"?" * 1024)
    assert codes(opened(qcow2.IMAGE, top)[1]) == {Loss.SHORT}
    base.write_bytes(bytes(1024))  # nothing was in it: the file system was made on the overlay
    assert codes(opened(qcow2.IMAGE, top)[1]) == {BELOW_SHORT}


def test_snapshots_of_an_overlay_on_a_cut_parent_lack_it_too(plain: Path, tmp_path: Path) -> None:
    base, top = tmp_path / "base.raw", tmp_path / "top.qcow2"
    base.write_bytes(plain.read_bytes())
    run("qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "raw", top)
    run("qemu-img", "snapshot", "-c", "before", top)
    base.write_bytes(plain.read_bytes()[:CUT])
    disk, _ = opened(qcow2.IMAGE, top)
    earlier = disk.state(0)  # type: ignore[attr-defined]
    earlier.seek(CUT)
    with pytest.raises(Damaged, match="backing file ends"):
        earlier.read(1)


def test_a_parent_of_undeclared_format_that_nobody_knows_is_told(plain: Path, tmp_path: Path) -> None:
    base, top = tmp_path / "base.raw", tmp_path / "top.qcow2"
    base.write_bytes(plain.read_bytes())
    run("qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "raw", top)
    data = top.read_bytes().replace(struct.pack(">II", 0xE2792ACA, 3) + b"raw", bytes(11))
    top.write_bytes(data)
    disk, around = opened(qcow2.IMAGE, top)
    assert all_of(disk) == plain.read_bytes()
    assert PROBED in codes(around)


def test_a_parent_of_a_format_that_is_not_read_is_named(plain: Path, tmp_path: Path) -> None:
    base, top = tmp_path / "base.qed", tmp_path / "top.qcow2"
    run("qemu-img", "convert", "-f", "raw", "-O", "qed", plain, base)
    run("qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "qed", top)
    with pytest.raises(Unsupported, match=r"base\.qed is declared qed"):
        opened(qcow2.IMAGE, top)


def test_a_vmdk_parent_that_was_written_since_is_refused_as_qemu_refuses_it(
    plain: Path, tmp_path: Path
) -> None:
    base, top = made(on_vmdk, "vmdk", plain, tmp_path)
    run("qemu-io", "-c", "write -q -P 7 0 512", base)
    refused = subprocess.run(
        ["qemu-img", "convert", "-O", "raw", str(top), str(tmp_path / "o")], capture_output=True, check=False
    )
    (tmp_path / "o").unlink(missing_ok=True)
    assert refused.returncode
    with pytest.raises(
        Damaged, match=r"base\.vmdk is not as it was .* its CID is [0-9a-f]+, the parentCID here"
    ):
        opened(vmdk.IMAGE, top)
