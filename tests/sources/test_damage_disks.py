"""Damage of any kind: items, notes or an item's error, in bounded time, and nothing wrong without a word."""

import random
from pathlib import Path

import pytest
from disk_chain import Disk
from disk_makers import HASHES, MIB, TREE, ext, fat, iso, ntfs, tree, xfs
from disk_tools import companions, needs, run, sha256
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.model import Claim, Damaged, Image, ItemError, Kind, Source
from actionday.pipeline.peek import StreamPeek
from actionday.plugins import load
from actionday.sources.filesystems._ext_inode import Super
from actionday.sources.filesystems._tsk_bytes import FileReader
from actionday.testing.context import Alone, Bytes, Glance

IMAGES: list[Image] = load("actionday.sources.images", "IMAGE")[0]
ALL: list[Image | Source] = [
    *IMAGES,
    *load("actionday.sources.volumes", "SOURCE")[0],
    *load("actionday.sources.filesystems", "SOURCE")[0],
]
MAGICS = [
    b"QFI\xfb", b"KDMV", b"COWD", b"vhdxfile", b"conectix", b"EVF\t\r\n\xff\x00", b"XFSB", b"LABELONE",
    b"LUKS\xba\xbe", b"\xeb\x52\x90NTFS    ", b"\xeb\x3c\x90mkfs.fat", b"EFI PART", b"NXSB", b"H+\x00\x04",
    b"\x53\xef", b"\x7f\x10\xda\xbe", b"\x01CD001\x01", b"# Disk DescriptorFile\n",
]  # fmt: skip
PLACES = [0, 3, 32, 56, 64, 512, 1024, 1080, 4096, 32768, 32769]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=4096), st.sampled_from(MAGICS), st.sampled_from(PLACES), st.text(max_size=12))
def test_claims_and_opening_bear_any_bytes(noise: bytes, magic: bytes, at: int, name: str) -> None:
    raw = bytearray(noise.ljust(at + len(magic) + 64, noise[:1] or b"\0"))
    raw[at : at + len(magic)] = magic
    data = bytes(raw)
    for plugin in ALL:
        claim = plugin.claims(Glance(name, data))
        assert claim in Claim
        if claim > Claim.NAME and plugin in IMAGES:
            _opened(plugin, data)  # type: ignore[arg-type]


def _opened(reader: Image, data: bytes, beside: dict[str, bytes] | None = None) -> bytes | None:
    """Open and read the first MiB and the last bytes; only an item's error may come."""
    try:
        around = Alone("disk", beside=beside)
        disk = reader.open(Bytes(data), around)
        list(disk.beside(around, 1, lambda stream: stream, parents=True))  # type: ignore[attr-defined]
        disk.seek(max(0, disk.size - 600))
        disk.read(600)
        disk.seek(0)
        return disk.read(min(disk.size, MIB))
    except ItemError:
        return None


KINDS = {"qcow2": "qcow2", "vmdk": "vmdk", "vhd": "vpc", "vhdx": "vhdx", "vdi": "vdi"}


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    where = tmp_path_factory.mktemp("images")
    plain = where / "plain"
    plain.write_bytes(random.Random(7).randbytes(MIB) + bytes(MIB))
    made = {}
    for name, kind in KINDS.items():
        run("qemu-img", "convert", "-f", "raw", "-O", kind, plain, where / name)
        made[name] = (where / name).read_bytes()
    return made


@pytest.mark.tools
@needs("qemu-img")
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_image_gives_a_disk_or_an_item_error(kind: str, images: dict[str, bytes]) -> None:
    """Flips where the tables lie: whatever they say then, a disk comes out of it or an item's error."""
    whole, chosen = images[kind], random.Random(kind)
    reader = next(each for each in IMAGES if each.name == kind)
    used = [at for at in range(0, len(whole), 512) if any(whole[at : at + 512])][:200]
    places = [at for sector in used for at in range(sector, sector + 512) if whole[at]][:6000]
    for _ in range(60):
        raw = bytearray(whole)
        for _ in range(chosen.choice((1, 2, 8))):
            raw[chosen.choice(places)] ^= chosen.randrange(1, 256)
        _opened(reader, bytes(raw))


@pytest.mark.tools
@needs("qemu-img")
@pytest.mark.parametrize("kind", ["qcow2", "vmdk", "vhdx", "vdi"])
def test_a_cut_image_never_reads_as_zeros(kind: str, images: dict[str, bytes]) -> None:
    """What lies behind the cut must raise, not come out as zeros."""
    whole = images[kind]
    reader = next(each for each in IMAGES if each.name == kind)
    right = _opened(reader, whole)
    assert right is not None
    for cut in range(0, len(whole), len(whole) // 40):
        got = _opened(reader, whole[:cut])
        assert got is None or got == right


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    where = tmp_path_factory.mktemp("systems")
    source = tree(where / "t")
    flat = tree(where / "flat", {name.rpartition("/")[2]: data for name, data in TREE.items()})
    return {
        "ext": ext(where / "ext", source, size=8 * MIB).read_bytes(),
        "ext2": ext(where / "ext2", source, size=8 * MIB, kind="ext2").read_bytes(),
        "ntfs": ntfs(where / "ntfs", flat, size=8 * MIB).read_bytes(),
        "fat": fat(where / "fat", source, 16, 16 * MIB).read_bytes(),
        "iso9660": iso(where / "iso", source, "-R", "-J").read_bytes(),
    }


def told(raw: bytes, name: str) -> tuple[list[tuple[str, str | None]], Disk]:
    """Return (path, hash) of every file said to be whole."""
    with companions() as started:
        disk = Disk(started)
        good = [
            (row.path, sha256(row.body) if row.body is not None else None)
            for row in disk.rows(Bytes(raw), name)
            if row.found.kind == "file"
            and not row.error
            and row.found.status is None
            and not row.found.reason
        ]
    return good, disk


TOOLS = needs("mkfs.ext4", "mkntfs", "ntfscp", "mkfs.fat", "mcopy", "genisoimage")


@pytest.mark.tools
@TOOLS
@pytest.mark.parametrize("kind", ["ext", "ext2", "ntfs", "fat", "iso9660"])
def test_a_damaged_file_system_ends_in_items_and_notes(kind: str, systems: dict[str, bytes]) -> None:
    chosen, whole = random.Random(kind), systems[kind]
    used = [at for at in range(0, len(whole), 512) if any(whole[at : at + 512])][:600]
    for flips in (1, 1, 4, 4, 16, 64, 256):
        raw = bytearray(whole)
        for _ in range(flips):
            raw[chosen.choice(used) + chosen.randrange(512)] ^= chosen.randrange(1, 256)
        told(bytes(raw), "disk")


@pytest.mark.tools
@TOOLS
@pytest.mark.parametrize("kind", ["ext", "ntfs", "fat", "iso9660"])
def test_a_cut_file_system_gives_right_files_or_says_why(kind: str, systems: dict[str, bytes]) -> None:
    whole = systems[kind]
    right = dict(told(whole, "disk")[0])
    assert len(right) == len(HASHES)
    for part in (3, 5, 8):
        good, _ = told(whole[: len(whole) * part // 10], "disk")
        assert all(right.get(path) == digest for path, digest in good)


@pytest.mark.tools
@TOOLS
def test_a_flip_in_an_inode_of_ext4_is_never_silent(systems: dict[str, bytes]) -> None:
    """Inodes carry checksums: each file is right, or says that something is wrong."""
    whole, chosen = systems["ext"], random.Random(11)
    for _ in range(8):
        raw = bytearray(whole)
        for number in range(12, 28):
            at, inode = Super(_Held(whole)).inode(number)
            raw[at + chosen.randrange(min(160, len(inode)))] ^= 1 << chosen.randrange(8)
        good, _ = told(bytes(raw), "disk")
        assert not [path for path, digest in good if path in HASHES and digest != HASHES[path]]


class _Held:
    """Bytes as the companion's readers give them."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.size = raw, len(raw)

    def at(self, offset: int, length: int) -> bytes:
        return self.raw[offset : offset + length] if offset >= 0 else b""


@pytest.mark.tools
@needs("mkfs.xfs")
def test_a_damaged_xfs_ends_in_items_and_notes(tmp_path: Path) -> None:
    source = tree(tmp_path / "t", {name: data for name, data in TREE.items() if " " not in name})
    path = xfs(tmp_path / "x", source)
    with path.open("rb") as file:
        head = file.read(4 * MIB)
        assert FileReader(file.fileno(), 0, len(head)).at(0, 4) == b"XFSB"
    used = [at for at in range(0, len(head), 512) if any(head[at : at + 512])]
    chosen = random.Random(3)
    reader = next(each for each in ALL if each.name == "xfs")
    for _ in range(150):
        raw = bytearray(head)
        for _ in range(4):
            raw[chosen.choice(used) + chosen.randrange(512)] ^= chosen.randrange(1, 256)
        try:
            for found in reader.items(Bytes(bytes(raw)), Alone("x")):  # type: ignore[union-attr]
                assert found.place
        except Damaged:
            continue
        except ItemError:
            continue


def test_no_two_claim_the_same_bytes_as_surely() -> None:
    with companions() as started:
        disk = Disk(started)
        for magic in MAGICS:
            for at in PLACES:
                raw = bytearray(131072)
                raw[at : at + len(magic)] = magic
                ranked = [
                    claim
                    for claim, _ in disk.claims(StreamPeek("d", Kind.FILE, Bytes(bytes(raw))))
                    if claim is Claim.STRUCTURE
                ]
                assert len(ranked) < 2
