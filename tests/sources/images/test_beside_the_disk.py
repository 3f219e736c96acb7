"""What stands in the file of a virtual disk beside the disk: behind its end, in clusters that no table names."""

import os
import struct
import zlib
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from disk_tools import needs, run

from actionday.model import Image, ItemError
from actionday.sources.images import qcow2, vdi, vhd, vhdx, vmdk
from actionday.testing.context import Alone, Bytes, content

pytestmark = [pytest.mark.tools, needs("qemu-img")]
MIB = 1 << 20
SIZE = 8 * MIB + 3 * 512
READERS: dict[str, Image] = {
    "qcow2": qcow2.IMAGE, "vmdk": vmdk.IMAGE, "vpc": vhd.IMAGE, "vhdx": vhdx.IMAGE, "vdi": vdi.IMAGE
}  # fmt: skip
WRITTEN = [
    ("qcow2", ""), ("qcow2", "compat=0.10"), ("qcow2", "extended_l2=on,cluster_size=128k"),
    ("qcow2", "cluster_size=512"), ("qcow2", "cluster_size=2M"), ("qcow2", "compression_type=zstd"),
    ("qcow2", "preallocation=metadata"), ("qcow2", "preallocation=falloc"), ("qcow2", "preallocation=full"),
    ("qcow2", "lazy_refcounts=on"), ("qcow2", "refcount_bits=1"), ("qcow2", "refcount_bits=64"),
    ("vmdk", ""), ("vmdk", "subformat=streamOptimized"), ("vmdk", "subformat=monolithicFlat"),
    ("vmdk", "subformat=twoGbMaxExtentSparse"), ("vmdk", "subformat=twoGbMaxExtentFlat"),
    ("vmdk", "compat6=on"), ("vmdk", "zeroed_grain=on"),
    ("vpc", ""), ("vpc", "force_size=on"), ("vhdx", ""), ("vhdx", "subformat=fixed"), ("vhdx", "block_size=4M"),
    ("vhdx", "log_size=4M"), ("vhdx", "block_state_zero=off"), ("vdi", ""), ("vdi", "static=on"),
]  # fmt: skip


def archive() -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as file:
        file.writestr("hidden.txt", "the kestrel meets us at the harbour\n" * 40)
    return made.getvalue()


HIDDEN = archive()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A disk that ends within a cluster of any size, a hole in it."""
    disk = tmp_path_factory.mktemp("plain") / "plain.raw"
    disk.write_bytes(os.urandom(5 * MIB) + bytes(MIB) + os.urandom(SIZE - 6 * MIB))
    return disk


def beside(image: Path, kind: str, data: bytes | None = None) -> tuple[dict[str, bytes], list[str]]:
    """Return what is found beside the disk by name, and the codes of all that is noted."""
    files = {each.name: each.read_bytes() for each in image.parent.iterdir()}
    files |= {} if data is None else {image.name: data}
    around = Alone(image.name, beside=files)
    disk = READERS[kind].open(Bytes(files[image.name]), around)
    found = {}
    for each in disk.beside(around, 1, lambda stream: stream, parents=True):  # type: ignore[attr-defined]
        found[each.name] = content(each, Bytes(b""))
        assert len(found[each.name]) == each.size
    return found, [note.code for note in around.notes]


@pytest.mark.parametrize("made", ["convert", "create"])
@pytest.mark.parametrize(("kind", "options"), WRITTEN, ids=[" ".join(each) for each in WRITTEN])
def test_what_is_appended_is_found_and_nothing_else_is(
    kind: str, options: str, made: str, plain: Path, tmp_path: Path
) -> None:
    image, chosen = tmp_path / f"disk.{kind}", ["-o", options] if options else []
    if made == "convert":
        run("qemu-img", "convert", "-f", "raw", "-O", kind, *chosen, plain, image)
    else:
        run("qemu-img", "create", "-q", "-f", kind, *chosen, image, SIZE)
    whole = image.read_bytes()
    assert beside(image, kind) == ({}, [])
    assert beside(image, kind, whole + bytes(70_000)) == ({}, [])
    for tail in (HIDDEN, bytes(70_000) + HIDDEN):
        assert beside(image, kind, whole + tail) == ({"behind the end": HIDDEN}, ["trailing"])


@pytest.mark.parametrize("options", ["", "compression_type=zstd"])
def test_behind_compressed_clusters(options: str, plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "disk.qcow2"
    run("qemu-img", "convert", "-c", "-O", "qcow2", *(["-o", options] if options else []), plain, image)
    assert beside(image, "qcow2") == ({}, [])
    assert beside(image, "qcow2", image.read_bytes() + HIDDEN) == ({"behind the end": HIDDEN}, ["trailing"])


@pytest.mark.parametrize("options", ["", "compression_type=zstd"])
def test_compressed_clusters_between_others_are_in_use(options: str, tmp_path: Path) -> None:
    """QEMU begins anew in a further cluster where one that is not compressed lies behind: the last of each counts."""
    disk, image = tmp_path / "plain.raw", tmp_path / "image" / "disk.qcow2"
    image.parent.mkdir()
    packs = os.urandom(40 << 10).hex().encode()[: 64 << 10]  # to half its size
    disk.write_bytes(b"".join(each for _ in range(12) for each in (packs, os.urandom(64 << 10))))
    run("qemu-img", "convert", "-c", "-O", "qcow2", *(["-o", options] if options else []), disk, image)
    assert beside(image, "qcow2") == ({}, [])
    assert beside(image, "qcow2", image.read_bytes() + HIDDEN) == ({"behind the end": HIDDEN}, ["trailing"])


@pytest.mark.parametrize("kind", ["twoGbMaxExtentSparse", "twoGbMaxExtentFlat", "monolithicFlat"])
def test_behind_the_extents_of_a_vmdk_and_the_text_that_names_them(
    kind: str, plain: Path, tmp_path: Path
) -> None:
    image = tmp_path / "disk.vmdk"
    run("qemu-img", "convert", "-O", "vmdk", "-o", f"subformat={kind}", "-f", "raw", plain, image)
    extent = next(each for each in tmp_path.iterdir() if each != image)
    for path in (image, extent):
        path.write_bytes(path.read_bytes() + HIDDEN)
    found, codes = beside(image, "vmdk")
    assert found == {"behind the end": HIDDEN, f"{extent.name} behind the end": HIDDEN}
    assert codes == ["trailing"] * 2


@pytest.mark.parametrize("kind", ["monolithicSparse", "twoGbMaxExtentSparse"])
def test_grains_of_a_vmdk_that_no_table_names(kind: str, plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "disk.vmdk"
    run("qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", f"subformat={kind}", plain, image)
    extent = next((each for each in tmp_path.iterdir() if each != image), image)
    data = bytearray(extent.read_bytes())
    (directory,) = struct.unpack_from("<Q", data, 56)
    (table,) = struct.unpack_from("<I", data, directory * 512)
    (grain,) = struct.unpack_from("<I", data, table * 512 + 7 * 4)
    struct.pack_into("<I", data, table * 512 + 7 * 4, 0)
    data[grain * 512 : grain * 512 + 65536] = HIDDEN.ljust(65536, b"\0")
    extent.write_bytes(data)
    ((name, hidden),) = beside(image, "vmdk")[0].items()
    assert name == f"{extent.name} between blocks @{grain * 512}".removeprefix("disk.vmdk ")
    assert hidden.rstrip(b"\0") == HIDDEN.rstrip(b"\0")


def marker(value: int, size: int, kind: int, body: bytes = b"") -> bytes:
    return (struct.pack("<QI", value, size) + (body or struct.pack("<I", kind))).ljust(512, b"\0")


def streamed(disk: bytes) -> bytes:
    """Return a stream-optimised VMDK as VMware exports it: directory and footer behind the grains. qemu-img writes none."""
    sectors = len(disk) // 512
    text = (
        b'# Disk DescriptorFile\nversion=1\nCID=123a681b\nparentCID=ffffffff\ncreateType="streamOptimized"\n'
    )
    text += b'RW %d SPARSE "disk.vmdk"\n' % sectors

    def header(directory: int) -> bytes:
        raw = struct.pack("<4sIIQQQQIQQQ", b"KDMV", 3, 3 << 16, sectors, 128, 1, 20, 512, 0, directory, 128)
        return (raw + b"\0\n \r\n" + struct.pack("<H", 1)).ljust(512, b"\0")

    made = bytearray((header((1 << 64) - 1) + text).ljust(128 * 512, b"\0"))
    table = [0] * 512
    for number in range(-(-len(disk) // 65536)):
        packed = zlib.compress(disk[number * 65536 :][:65536].ljust(65536, b"\0"))
        table[number] = len(made) // 512
        grain = struct.pack("<QI", number * 128, len(packed)) + packed
        made += grain + bytes(-len(grain) % 512)
    made += marker(4, 0, 1)
    at = len(made) // 512
    made += struct.pack("<512I", *table) + marker(1, 0, 2)
    directory = len(made) // 512
    return bytes(
        made + struct.pack("<I", at).ljust(512, b"\0") + marker(1, 0, 3) + header(directory) + bytes(512)
    )


def test_behind_the_end_of_the_stream_of_a_vmdk(plain: Path, tmp_path: Path) -> None:
    disk, image = plain.read_bytes()[: 7 * MIB], tmp_path / "disk.vmdk"
    image.write_bytes(streamed(disk))
    run("qemu-img", "convert", "-f", "vmdk", "-O", "raw", image, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == disk
    (tmp_path / "back").unlink()
    assert beside(image, "vmdk") == ({}, [])
    for tail in (HIDDEN, HIDDEN * 5000):
        whole = image.read_bytes() + tail
        assert beside(image, "vmdk", whole) == ({"behind the end": tail}, ["trailing"])
        assert vmdk.IMAGE.open(Bytes(whole), Alone("disk.vmdk")).read() == disk


def test_a_vhd_with_bytes_behind_its_footer_is_not_said_to_have_lost_it(plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "disk.vhd"
    run("qemu-img", "convert", "-f", "raw", "-O", "vpc", plain, image)
    whole = image.read_bytes()
    assert beside(image, "vpc", whole + HIDDEN)[1] == ["trailing"]
    again = whole + HIDDEN.ljust(1024, b"\0") + whole[-512:]
    assert list(beside(image, "vpc", again)[0].values()) == [HIDDEN]
    spoiled = whole[:-500] + b"?" + whole[-499:]
    assert beside(image, "vpc", spoiled) == ({}, ["backup", "checksum"])


def test_between_a_fixed_vhd_and_its_footer(plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "disk.vhd"
    run("qemu-img", "convert", "-f", "raw", "-O", "vpc", "-o", "subformat=fixed,force_size=on", plain, image)
    whole = image.read_bytes()
    found, codes = beside(image, "vpc", whole[:-512] + HIDDEN + whole[-512:])
    assert (list(found), codes) == ([f"between blocks @{SIZE}"], ["unclaimed"])
    assert found.popitem()[1].rstrip(b"\0") == HIDDEN.rstrip(b"\0")


@needs("qemu-io")
def test_clusters_that_no_table_of_a_qcow2_names(plain: Path, tmp_path: Path) -> None:
    """Bytes of a cluster that the disk gave back, and of one that is counted and named by nobody."""
    image = tmp_path / "disk.qcow2"
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", plain, image)
    run("qemu-io", "-f", "qcow2", "-d", "unmap", "-c", f"discard {MIB} 128k", image)
    data = bytearray(image.read_bytes())
    free = data.find(plain.read_bytes()[MIB : MIB + 4096])
    assert free < 0  # given back to the host
    zeros = next(at for at in range(0, len(data), 65536) if not any(data[at : at + 131072]))
    data[zeros : zeros + len(HIDDEN)] = HIDDEN
    found, codes = beside(image, "qcow2", bytes(data))
    assert (list(found), codes) == ([f"between blocks @{zeros}"], ["unclaimed"])
    hidden = found.popitem()[1]
    assert hidden.startswith(HIDDEN)
    assert len(hidden) - len(HIDDEN) < 512
    assert not hidden[len(HIDDEN) :].strip(b"\0")


@needs("qemu-io")
def test_what_snapshots_and_bitmaps_name_is_in_use(plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "disk.qcow2"
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", plain, image)
    for number in range(3):
        run("qemu-img", "snapshot", "-c", f"state {number}", image)
        run("qemu-io", "-f", "qcow2", "-c", f"write -P {number + 1} {number}M 300k", image)
    run("qemu-img", "bitmap", "--add", "-f", "qcow2", image, "changes")
    assert beside(image, "qcow2") == ({}, ["snapshot"])
    tail = image.read_bytes() + HIDDEN
    assert beside(image, "qcow2", tail) == ({"behind the end": HIDDEN}, ["snapshot", "trailing"])
    run("qemu-img", "snapshot", "-d", "state 1", image)
    assert all("behind" not in name for name in beside(image, "qcow2")[0])


@needs("qemu-io")
def test_the_memory_of_the_machine_that_a_snapshot_keeps(plain: Path, tmp_path: Path) -> None:
    image, memory, words = tmp_path / "disk.qcow2", tmp_path / "memory", b"the kestrel in memory\n" * 9000
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", plain, image)
    memory.write_bytes(words.ljust(198_144, b"\0"))
    run("qemu-io", "-f", "qcow2", "-c", f"write -b -s {memory} 0 198144", image)
    run("qemu-img", "snapshot", "-c", "one", image)
    data = bytearray(image.read_bytes())
    entry = struct.unpack_from(">Q", data, 64)[0]
    struct.pack_into(">Q", data, entry + 40, len(words))  # its size: only a machine that runs writes that
    found, codes = beside(image, "qcow2", bytes(data))
    assert found["snapshot one memory"] == words
    assert (
        found["behind the disk"].rstrip(b"\0") == words
    )  # nobody gave it back: it is in the tables of the disk, too
    assert (len(found), codes) == (2, ["snapshot"])


def test_clusters_that_a_table_places_behind_the_end_of_a_qcow2(plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "disk.qcow2"
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", plain, image)
    data = bytearray(image.read_bytes())
    data += bytes(-len(data) % 65536)
    first = struct.unpack_from(">Q", data, 40)[0]
    table = struct.unpack_from(">Q", data, first)[0] & ~(1 << 63)
    struct.pack_into(">Q", data, table + (SIZE // 65536 + 9) * 8, len(data) | 1 << 63)
    data += HIDDEN.ljust(65536, b"\0")
    found, codes = beside(image, "qcow2", bytes(data))
    assert [each.rstrip(b"\0") for each in found.values()] == [HIDDEN.rstrip(b"\0")]
    assert codes == ["trailing"]


@pytest.mark.parametrize("raw", ["off", "on"])
def test_behind_an_external_data_file(raw: str, plain: Path, tmp_path: Path) -> None:
    image = tmp_path / "disk.qcow2"
    options = f"data_file={tmp_path / 'disk.data'},data_file_raw={raw}"
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "-o", options, plain, image)
    assert beside(image, "qcow2") == ({}, [])
    data = tmp_path / "disk.data"
    data.write_bytes(data.read_bytes() + HIDDEN)
    assert beside(image, "qcow2") == ({"disk.data behind the end": HIDDEN}, ["trailing"])


@pytest.mark.parametrize("kind", ["qcow2", "vmdk"])
def test_behind_an_overlay_and_what_it_stands_on(kind: str, plain: Path, tmp_path: Path) -> None:
    base, top = tmp_path / f"base.{kind}", tmp_path / f"top.{kind}"
    run("qemu-img", "convert", "-f", "raw", "-O", kind, plain, base)
    run("qemu-img", "create", "-q", "-f", kind, "-b", base.name, "-F", kind, top, cwd=tmp_path)
    assert beside(top, kind) == ({}, [])
    base.write_bytes(base.read_bytes() + HIDDEN)
    found, _ = beside(top, kind, top.read_bytes() + HIDDEN)
    assert found == {"behind the end": HIDDEN, f"base.{kind} behind the end": HIDDEN}


@pytest.mark.parametrize(
    ("kind", "options"), [each for each in WRITTEN if "Flat" not in each[1]], ids=lambda each: each
)
def test_a_cut_file_never_makes_the_search_fail(kind: str, options: str, plain: Path, tmp_path: Path) -> None:
    image = tmp_path / f"disk.{kind}"
    run("qemu-img", "convert", "-f", "raw", "-O", kind, *(["-o", options] if options else []), plain, image)
    whole = image.read_bytes()
    for part in (0.999, 0.5, 0.3, 0.1):
        try:
            beside(image, kind, whole[: int(len(whole) * part)])
        except ItemError:
            continue
