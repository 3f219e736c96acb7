"""Every container qemu-img can write, read back byte for byte; overlays with and without their parents."""

import os
import struct
from pathlib import Path

import pytest
from disk_makers import MIB, ext, tree
from disk_tools import needs, run, sha256

from actionday.model import Claim, Damaged, Encrypted, Image, NotThere, Stream, Unsupported
from actionday.sources.images import ewf, qcow2, raw, vdi, vhd, vhdx, vmdk
from actionday.testing.context import Alone, Bytes, Glance

pytestmark = [pytest.mark.tools, needs("qemu-img", "mkfs.ext4")]

WRITTEN: list[tuple[str, Image, str]] = [
    ("qcow2", qcow2.IMAGE, ""),
    ("qcow2", qcow2.IMAGE, "compat=0.10"),
    ("qcow2", qcow2.IMAGE, "extended_l2=on,cluster_size=128k"),
    ("qcow2", qcow2.IMAGE, "cluster_size=512"),
    ("qcow2", qcow2.IMAGE, "compression_type=zstd"),
    ("vmdk", vmdk.IMAGE, ""),
    ("vmdk", vmdk.IMAGE, "subformat=streamOptimized"),
    ("vmdk", vmdk.IMAGE, "subformat=monolithicFlat"),
    ("vmdk", vmdk.IMAGE, "subformat=twoGbMaxExtentSparse"),
    ("vmdk", vmdk.IMAGE, "subformat=twoGbMaxExtentFlat"),
    ("vpc", vhd.IMAGE, "force_size=on"),
    ("vpc", vhd.IMAGE, "subformat=fixed,force_size=on"),
    ("vhdx", vhdx.IMAGE, ""),
    ("vhdx", vhdx.IMAGE, "subformat=fixed"),
    ("vhdx", vhdx.IMAGE, "block_size=4M"),
    ("vdi", vdi.IMAGE, ""),
    ("vdi", vdi.IMAGE, "static=on"),
]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A disk of ext4 with runs of data, zeros and random bytes, not a multiple of any cluster."""
    where = tmp_path_factory.mktemp("plain")
    disk = ext(where / "plain.raw", tree(where / "t"), size=7 * MIB + 3 * 512)
    with disk.open("r+b") as file:
        file.seek(4 * MIB - 1000)
        file.write(os.urandom(300_000))
    return disk


def all_of(disk: Stream, step: int = 1 << 20) -> bytes:
    disk.seek(0)
    return b"".join(iter(lambda: disk.read(step), b""))


def opened(reader: Image, path: Path) -> tuple[Stream, Alone]:
    """Open ``path`` with every file of its folder beside it."""
    beside = {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}
    context = Alone(path.name, beside=beside)
    data = path.read_bytes()
    assert reader.claims(Glance(path.name, data)) is Claim.STRUCTURE
    return reader.open(Bytes(data), context), context


@pytest.mark.parametrize(
    ("kind", "reader", "options"), WRITTEN, ids=[f"{kind} {options}" for kind, _, options in WRITTEN]
)
def test_the_disk_is_the_same_byte_for_byte(
    kind: str, reader: Image, options: str, plain: Path, tmp_path: Path
) -> None:
    image = tmp_path / f"disk.{kind}"
    run("qemu-img", "convert", "-f", "raw", "-O", kind, *(["-o", options] if options else []), plain, image)
    disk, context = opened(reader, image)
    wanted = plain.read_bytes()
    assert all_of(disk)[: len(wanted)] == wanted
    assert not context.notes
    disk.seek(len(wanted) - 700)
    assert disk.read(100) == wanted[-700:-600]
    disk.seek(4 * MIB - 10)
    assert disk.read(50) == wanted[4 * MIB - 10 : 4 * MIB + 40]
    disk.seek(disk.size)
    assert disk.read(10) == b""


@pytest.mark.parametrize("options", ["", "compression_type=zstd"])
def test_compressed_clusters(options: str, plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "disk.qcow2"
    run(
        "qemu-img",
        "convert",
        "-c",
        "-O",
        "qcow2",
        *(["-o", options] if options else []),
        "-f",
        "raw",
        plain,
        image,
    )
    assert all_of(opened(qcow2.IMAGE, image)[0], 70_001) == plain.read_bytes()


def overlay(kind: str, base: Path, top: Path, base_kind: str) -> None:
    run("qemu-img", "create", "-f", kind, "-b", base.name, "-F", base_kind, top, cwd=top.parent)


def poke(kind: str, image: Path, at: int, data: bytes) -> None:
    """Write through the overlay."""
    source = image.with_suffix(".poke")
    source.write_bytes(data)
    run("qemu-io", "-f", kind, "-c", f"write -s {source} {at} {len(data)}", image, cwd=image.parent)
    source.unlink()


@pytest.mark.parametrize(
    ("kind", "reader"), [("qcow2", qcow2.IMAGE), ("vmdk", vmdk.IMAGE)], ids=["qcow2", "vmdk"]
)
@needs("qemu-io")
def test_s08_an_overlay_is_merged_with_its_base_or_names_it(
    kind: str, reader: Image, plain: Path, tmp_path: Path
) -> None:
    base, top = tmp_path / f"base.{kind}", tmp_path / f"top.{kind}"
    run("qemu-img", "convert", "-f", "raw", "-O", kind, plain, base)
    overlay(kind, base, top, kind)
    poke(kind, top, MIB, b"changed " * 8192)
    wanted = bytearray(plain.read_bytes())
    wanted[MIB : MIB + 65536] = b"changed " * 8192
    assert all_of(opened(reader, top)[0]) == bytes(wanted)
    base.unlink()
    with pytest.raises(NotThere, match=f"needs backing file base.{kind}"):
        opened(reader, top)


@needs("qemu-io")
def test_s08_a_raw_base_and_a_chain_of_three(plain: Path, tmp_path: Path) -> None:
    base, middle, top = tmp_path / "base.raw", tmp_path / "middle.qcow2", tmp_path / "top.qcow2"
    base.write_bytes(plain.read_bytes())
    overlay("qcow2", base, middle, "raw")
    overlay("qcow2", middle, top, "qcow2")
    poke("qcow2", middle, 0, b"m" * 65536)
    wanted = b"m" * 65536 + plain.read_bytes()[65536:]
    assert all_of(opened(qcow2.IMAGE, top)[0]) == wanted


def test_s08_overlays_in_a_circle_are_said_to_be(plain: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.qcow2", tmp_path / "two.qcow2"
    one.write_bytes(b"")
    run("qemu-img", "create", "-f", "qcow2", "-u", "-b", "two.qcow2", "-F", "qcow2", one, "8M")
    run("qemu-img", "create", "-f", "qcow2", "-u", "-b", "one.qcow2", "-F", "qcow2", two, "8M")
    with pytest.raises(Damaged, match="circle"):
        opened(qcow2.IMAGE, one)


def vdi_child(base: Path, top: Path, blocks: dict[int, bytes]) -> None:
    """A differencing VDI over ``base``, written by hand: qemu-img makes none."""
    head = bytearray(base.read_bytes()[:512])
    count = struct.unpack_from("<I", head, 0x180)[0]
    table = bytearray(b"\xff" * (count * 4))
    struct.pack_into("<I", head, 0x4C, 4)
    head[0x1A8:0x1B8] = head[0x188:0x198]
    head[0x188:0x198] = b"child" * 3 + b"!"
    start = struct.unpack_from("<I", head, 0x158)[0]
    for index, number in enumerate(blocks):
        struct.pack_into("<I", table, number * 4, index)
    body = bytes(head) + table
    top.write_bytes(body.ljust(start, b"\0") + b"".join(data.ljust(MIB, b"\0") for data in blocks.values()))


def test_a_differencing_vdi_is_merged_or_names_its_parent(plain: Path, tmp_path: Path) -> None:
    base, top = tmp_path / "base.vdi", tmp_path / "snap.vdi"
    run("qemu-img", "convert", "-f", "raw", "-O", "vdi", plain, base)
    vdi_child(base, top, {2: b"N" * MIB})
    wanted = bytearray(plain.read_bytes())
    wanted[2 * MIB : 3 * MIB] = b"N" * MIB
    assert all_of(opened(vdi.IMAGE, top)[0])[: len(wanted)] == bytes(wanted)
    base.unlink()
    with pytest.raises(NotThere, match="needs backing file with UUID"):
        opened(vdi.IMAGE, top)


def vhd_child(base: bytes, name: str, sectors: dict[int, bytes], identity: bytes | None = None) -> bytes:
    """A differencing VHD over the dynamic VHD ``base``, written by hand: qemu-img makes none."""
    foot = bytearray(base[-512:])
    head = bytearray(base[512 : 512 + 1024])
    parent = bytes(foot[68:84])
    struct.pack_into(">I", foot, 60, 4)
    foot[68:84] = b"c" * 16
    _sum(foot, 64)
    head[40:56] = identity or parent
    letters = name.encode("utf-16-be")
    head[64 : 64 + len(letters)] = letters
    count, block = struct.unpack_from(">II", head, 28)
    table_at = struct.unpack_from(">Q", head, 16)[0]
    _sum(head, 36)
    table = bytearray(b"\xff" * (-(-count * 4 // 512) * 512))
    numbers = sorted({at * 512 // block for at in sectors})
    data_at = table_at + len(table)
    body = bytearray()
    for number in numbers:
        struct.pack_into(">I", table, number * 4, (data_at + len(body)) // 512)
        bits, data = bytearray(512), bytearray(block)
        for at, content in sectors.items():
            if at * 512 // block == number:
                within = at - number * block // 512
                bits[within // 8] |= 0x80 >> within % 8
                data[within * 512 : within * 512 + 512] = content
        body += bits + data
    return bytes(foot) + bytes(head).ljust(table_at - 512, b"\0") + bytes(table) + bytes(body) + bytes(foot)


def _sum(raw: bytearray, at: int) -> None:
    raw[at : at + 4] = bytes(4)
    struct.pack_into(">I", raw, at, ~sum(raw) & 0xFFFFFFFF)


def test_a_differencing_vhd_is_merged_sector_by_sector(plain: Path, tmp_path: Path) -> None:
    base = tmp_path / "base.vhd"
    run("qemu-img", "convert", "-f", "raw", "-O", "vpc", "-o", "force_size=on", plain, base)
    top = tmp_path / "child.vhd"
    top.write_bytes(
        vhd_child(base.read_bytes(), "base.vhd", {3: b"3" * 512, 4: b"4" * 512, 9000: b"9" * 512})
    )
    wanted = bytearray(plain.read_bytes())
    for at, byte in ((3, b"3"), (4, b"4"), (9000, b"9")):
        wanted[at * 512 : at * 512 + 512] = byte * 512
    assert all_of(opened(vhd.IMAGE, top)[0]) == bytes(wanted)
    top.write_bytes(vhd_child(base.read_bytes(), "base.vhd", {}, identity=b"x" * 16))
    with pytest.raises(Damaged, match="is not the parent"):
        opened(vhd.IMAGE, top)
    base.unlink()
    with pytest.raises(NotThere, match=r"needs backing file base\.vhd"):
        opened(vhd.IMAGE, top)


def test_a_vhd_that_lost_its_footer_is_read_by_the_copy(plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "d.vhd"
    run("qemu-img", "convert", "-f", "raw", "-O", "vpc", "-o", "force_size=on", plain, image)
    image.write_bytes(image.read_bytes()[:-512])
    disk, context = opened(vhd.IMAGE, image)
    assert all_of(disk) == plain.read_bytes()
    assert [note.code for note in context.notes] == ["backup"]


def test_encrypted_and_unknown_qcow2_say_so(plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "d.qcow2"
    run("qemu-img", "create", "-f", "qcow2", image, "8M")
    data = bytearray(image.read_bytes())
    struct.pack_into(">I", data, 32, 2)  # making one takes qemu-img seconds of key stretching
    image.write_bytes(data)
    with pytest.raises(Encrypted, match="LUKS"):
        opened(qcow2.IMAGE, image)
    struct.pack_into(">Q", data, 72, 1 << 40)
    image.write_bytes(data)
    with pytest.raises(Unsupported, match="0x10000000000"):
        opened(qcow2.IMAGE, image)


@pytest.mark.parametrize("options", ["", "extended_l2=on,cluster_size=128k", "compat=0.10"])
@needs("qemu-io")
def test_internal_snapshots_are_disks_of_their_own(options: str, plain: Path, tmp_path: Path) -> None:
    image, states = tmp_path / "d.qcow2", []
    run(
        "qemu-img", "convert", "-O", "qcow2", *(["-o", options] if options else []), "-f", "raw", plain, image
    )
    for number in range(3):
        states.append(all_of(opened(qcow2.IMAGE, image)[0]))
        run("qemu-img", "snapshot", "-c", f"before {number}", image)
        poke("qcow2", image, number * MIB + 700, bytes([65 + number]) * 900_000)
    disk, context = opened(qcow2.IMAGE, image)
    assert [note.code for note in context.notes] == ["snapshot"]
    assert "before 0, before 1, before 2" in context.notes[0].reason
    assert disk.states == [(f"snapshot before {number}", disk.size) for number in range(3)]  # type: ignore[attr-defined]
    assert states[0] == plain.read_bytes()
    assert [all_of(disk.state(number)) for number in range(3)] == states  # type: ignore[attr-defined]
    assert all_of(disk)[2 * MIB + 700 :][:900_000] == b"C" * 900_000


@needs("qemu-io")
def test_a_snapshot_of_a_smaller_disk(plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "d.qcow2"
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", plain, image)
    run("qemu-img", "snapshot", "-c", "small", image)
    run("qemu-img", "resize", "-f", "qcow2", image, "600M")
    disk, _ = opened(qcow2.IMAGE, image)
    assert disk.size == 600 * MIB
    assert all_of(disk.state(0)) == plain.read_bytes()  # type: ignore[attr-defined]


def test_snapshots_whose_entries_are_cut_off_are_a_loss(plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "d.qcow2"
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", plain, image)
    run("qemu-img", "snapshot", "-c", "one", image)
    data = bytearray(image.read_bytes())
    struct.pack_into(">Q", data, 64, len(data) - 16)
    image.write_bytes(data)
    assert "damaged" in [note.code for note in opened(qcow2.IMAGE, image)[1].notes]


def test_a_missing_extent_costs_its_range(plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "d.vmdk"
    run("qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=monolithicFlat", plain, image)
    (tmp_path / "d-flat.vmdk").unlink()
    disk, context = opened(vmdk.IMAGE, image)
    assert "d-flat.vmdk" in context.notes[0].reason
    with pytest.raises(Damaged, match=r"d-flat\.vmdk is missing"):
        disk.read(10)


def test_an_extent_read_by_its_descriptor_is_not_read_twice(plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "d.vmdk"
    run(
        "qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=twoGbMaxExtentSparse", plain, image
    )
    with pytest.raises(Unsupported, match=r"an extent of d\.vmdk"):
        opened(vmdk.IMAGE, tmp_path / "d-s001.vmdk")


def test_split_raw_parts_are_joined_and_a_gap_is_named(plain: Path, tmp_path: Path) -> None:
    data = plain.read_bytes()
    parts = {
        f"disk.{number:03d}": data[at : at + MIB] for number, at in enumerate(range(0, len(data), MIB), 1)
    }
    context = Alone("disk.001", beside=parts)
    disk = raw.IMAGE.open(Bytes(parts["disk.001"]), context)
    assert all_of(disk) == data
    assert not context.notes
    del parts["disk.003"]
    context = Alone("disk.001", beside=parts)
    disk = raw.IMAGE.open(Bytes(parts["disk.001"]), context)
    assert "disk.003" in context.notes[0].reason
    disk.seek(3 * MIB)
    assert disk.read(MIB) == data[3 * MIB : 4 * MIB]
    disk.seek(2 * MIB)
    with pytest.raises(Damaged, match=r"disk\.003 is missing"):
        disk.read(1)


def test_claims_need_more_than_a_name() -> None:
    assert raw.IMAGE.claims(Glance("messages.001", b"x" * 511)) is Claim.NO
    assert raw.IMAGE.claims(Glance("disk.001", bytes(1024))) is Claim.STRUCTURE
    assert ewf.IMAGE.claims(Glance("disk.E01", bytes(1024))) is Claim.NO
    assert sha256(b"")[:4] == "e3b0"
