"""An image whose disk is the file itself is opened a few times and not without end, whatever its format."""

import struct
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

SOURCES = Path(__file__).resolve().parents[1] / "sources"
for folder in (SOURCES, SOURCES / "images"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from disk_makers import HASHES, MIB, ext, tree
from disk_tools import run
from footers import fixed_footer

from actionday.model import Image
from actionday.pipeline.messages import Layer, Scope
from actionday.pipeline.repeats import OFTEN
from actionday.plugins import load
from actionday.storage.case import Case
from case_tools import Bench

CLUSTER = 65536


def qcow2(_: Path) -> bytes:
    """Its clusters lie in a data file, which is itself."""
    head = struct.pack(
        ">4sIQIIQIIQQIIQ", b"QFI\xfb", 3, 0, 0, 16, 5 * CLUSTER, 0, 1, CLUSTER, 3 * CLUSTER, 1, 0, 0
    )
    head += struct.pack(">QQQII", 4, 0, 2, 4, 104) + struct.pack(">II16s", 0x44415441, 10, b"self.qcow2")
    first = struct.pack(">Q", 2 * CLUSTER | 1 << 63)
    second = struct.pack(">5Q", *(1 << 63 | at * CLUSTER for at in range(5)))
    return b"".join(part.ljust(CLUSTER, b"\0") for part in (head, first, second, b"", b""))


def vdi(folder: Path) -> bytes:
    """The blocks begin at byte 0 of the file; of five MiB."""
    (folder / "raw").write_bytes(b"\1" * 4 * MIB)
    run("qemu-img", "convert", "-f", "raw", "-O", "vdi", folder / "raw", folder / "made.vdi")
    whole = bytearray((folder / "made.vdi").read_bytes())
    table = struct.unpack_from("<I", whole, 0x154)[0]
    struct.pack_into("<I", whole, 0x158, 0)
    struct.pack_into("<4I", whole, table, 0, 1, 2, 3)
    return bytes(whole)


def vhdx(folder: Path) -> bytes:
    """Its table of blocks leads to the first MiB of the file and on."""
    (folder / "raw").write_bytes(b"\1" * 4 * MIB)
    run(
        "qemu-img",
        "convert",
        "-f",
        "raw",
        "-O",
        "vhdx",
        "-o",
        "block_size=1M",
        folder / "raw",
        folder / "made.vhdx",
    )
    whole = bytearray((folder / "made.vhdx").read_bytes())
    mark = bytes.fromhex("6677c22d23f600429d64115e9bfd4a08")
    table = struct.unpack_from("<Q", whole, whole.index(mark) + 16)[0]
    struct.pack_into("<4Q", whole, table, *(number << 20 | 6 for number in range(4)))
    return bytes(whole)


def vmdk(_: Path) -> bytes:
    """A descriptor that names itself as the file of its one extent."""
    text = (
        b'# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID=ffffffff\ncreateType="monolithicFlat"\n'
    )
    return (text + b'RW 2048 FLAT "self.vmdk" 0\n').ljust(MIB, b"\0")


def vhd(folder: Path) -> bytes:
    """Forty fixed disks in one another, each whole: more than containers may be nested."""
    whole = ext(folder / "ext", tree(folder / "t"), size=8 * MIB).read_bytes()
    for _ in range(40):
        whole += fixed_footer(len(whole))
    return whole


def split(_: Path) -> bytes:
    """One part of a disk, and no further one."""
    return b"\1" * MIB


MADE: dict[str, tuple[str, Callable[[Path], bytes]]] = {
    "qcow2": ("self.qcow2", qcow2),
    "vdi": ("self.vdi", vdi),
    "vhdx": ("self.vhdx", vhdx),
    "vmdk": ("self.vmdk", vmdk),
    "vhd": ("row.vhd", vhd),
    "raw-split": ("self.001", split),
}
NEVER = {
    "dmg": "no sample of one that holds itself is made yet; what ends the others ends it",
    "ewf": "the checksum of a chunk would have to hold itself",
    "image-unread": "it opens nothing",
}


def test_every_format_is_tried() -> None:
    images: list[Image] = load("actionday.sources.images", "IMAGE")[0]
    assert {each.name for each in images} == MADE.keys() | NEVER.keys()


@pytest.mark.tools
def test_a_disk_that_is_its_own_file_is_opened_a_few_times(bench: Bench, tmp_path: Path) -> None:
    exhibit = tmp_path / "exhibit"
    exhibit.mkdir()
    for kind, (name, made) in MADE.items():
        (tmp_path / kind).mkdir()
        (exhibit / name).write_bytes(made(tmp_path / kind))
    bench.ingest(exhibit, code=1)
    for name, layers in layered(bench).items():
        assert 1 <= layers <= OFTEN + 1, (name, layers)  # the first was claimed before it was opened
    rows = {row["path"]: row for row in bench.items()}
    for kind in ("qcow2", "vdi", "vhdx", "vmdk"):  # the larger are searched for file systems as any disk is
        row = rows[MADE[kind][0]]
        assert row["sha256"]
        assert row["status"] == ("quarantined" if kind == "qcow2" else "unreadable"), row
    assert "contains itself" in rows["self.qcow2"]["reason"]
    assert {rows[f"row.vhd/{name}"]["sha256"] for name in HASHES} == set(HASHES.values())
    bench.verify()


def layered(bench: Bench) -> dict[str, int]:
    """How many images each file was opened as, one within the other."""
    case = Case.open(bench.folder)
    try:
        found = case.database.execute("SELECT name, scope FROM containers").fetchall()
    finally:
        case.close()
    scopes = [(name, msgspec.msgpack.decode(scope, type=Scope)) for name, scope in found]
    counts = {name: sum(isinstance(step, Layer) for step in scope.chain) for name, scope in scopes}
    return {name: count for name, count in counts.items() if count}


@pytest.mark.tools
def test_footers_behind_a_fixed_disk_are_no_disks_that_are_cut_short(bench: Bench, tmp_path: Path) -> None:
    disk = ext(tmp_path / "ext", tree(tmp_path / "t", {"notes.txt": b"by the quay\n"}), size=MIB).read_bytes()
    footer = fixed_footer(MIB)
    exhibit = tmp_path / "exhibit"
    exhibit.mkdir()
    (exhibit / "server.vhd").write_bytes(disk + footer * 27)
    (exhibit / "tail.bin").write_bytes(footer * 26)
    bench.ingest(exhibit)
    assert [row for row in bench.export("issues") if row["code"] in ("short", "checksum", "damaged")] == []
    assert bench.item("server.vhd/notes.txt")["sha256"]
    assert layered(bench) == {"server.vhd": 1}
