"""A small sample of every image, volume and file system, made anew each time."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
for folder in (HERE.parent, HERE, HERE.parent / "images", HERE.parent / "volumes"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from apfs_writer import Volume
from apfs_writer import written as written_apfs
from bitlocker_writer import SIZE, bitlocker, by_nothing
from disk_makers import MIB, bsd, btrfs, ext, fat, iso, mbr, ntfs, squash, tree, udf, ufs, xfs
from disk_tools import run
from dmg_writer import dmg
from ewf_writer import written
from gpt_writer import gpt
from hfs_writer import volume
from locked import luks

FILES = {"readme.txt": b"The Kestrel club meets on Thursdays.\n", "zeros": bytes(5000)}


def made(maker: Callable[[Path, Path], Path]) -> Callable[[], bytes]:
    """Return what makes a sample in a temporary folder, or skips naming the tool that is missing."""

    def make() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            try:
                return maker(Path(folder) / "disk", tree(Path(folder) / "t", FILES)).read_bytes()
            except FileNotFoundError as error:
                pytest.skip(f"not here: {error.filename}")

    return make


def converted(kind: str) -> Callable[[], bytes]:
    def make(path: Path, source: Path) -> Path:
        plain = ext(path, source, size=MIB)
        run("qemu-img", "convert", "-f", "raw", "-O", kind, plain, path.with_suffix(".out"))
        return path.with_suffix(".out")

    return made(make)


def partitioned(path: Path, source: Path) -> Path:
    return mbr(path, (0x83, ext(path.with_suffix(".ext"), source, size=MIB)))


def labelled(path: Path, source: Path) -> Path:
    """The slice alone, without the master boot record before it."""
    disk = bsd(
        path.with_suffix(".disk"),
        [("a", 64, ufs(path.with_suffix(".ufs"), source, "-s", "1m"))],
        size=9 * MIB,
    )
    path.write_bytes(disk.read_bytes()[MIB:])
    return path


def mapped(path: Path, _: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(MIB)
    run("parted", "-s", path, "mklabel", "mac", "mkpart", "Kestrel", "hfs+", "64s", "1023s")
    return path


def exfat(path: Path, _: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(4 * MIB)
    run("mkfs.exfat", "-c", "4096", "-b", "4096", path)
    return path


def at(offset: int, mark: bytes, size: int = 8192) -> Callable[[], bytes]:
    """Return what makes zeros with ``mark`` at ``offset``."""
    return lambda: bytes(offset) + mark + bytes(max(0, size - offset - len(mark)))


def without_super_block(path: Path, source: Path) -> Path:
    """An ext file system of a group and a half whose first super block is lost."""
    raw = ext(path, source, "-b", "1024", size=12 * MIB).read_bytes()
    path.write_bytes(raw[:1024] + bytes(1024) + raw[2048:])
    return path


LVM = b"LABELONE" + (1).to_bytes(8, "little") + bytes(4) + (32).to_bytes(4, "little") + b"LVM2 001"
SAMPLES: dict[str, Callable[[], bytes]] = {
    "ext4.raw": made(lambda path, source: ext(path, source, size=MIB)),
    "ntfs.raw": made(lambda path, source: ntfs(path, source, size=2 * MIB)),
    "fat32.raw": made(lambda path, source: fat(path, source, 12, MIB)),
    "exfat.raw": made(exfat),
    "iso9660.iso": made(lambda path, source: iso(path, source, "-R", "-J")),
    "udf.raw": made(udf),
    "hfsplus.raw": lambda: volume(FILES),
    "hfsplus.dmg": lambda: dmg(volume(FILES)),
    "xfs.raw": made(lambda path, source: xfs(path, source, size=16 * MIB)),
    "apfs.raw": lambda: written_apfs(
        Volume("Kestrel", dict(FILES)), Volume("locked", {}, [(bytes(16), b"word")])
    ),
    "btrfs.raw": made(lambda path, source: btrfs(path, source, "-M")),
    "squashfs.raw": made(squash),
    "ufs2.raw": made(lambda path, source: ufs(path, source, "-s", "1m")),
    "bsdlabel.raw": made(labelled),
    "apm.raw": made(mapped),
    "f2fs.raw": at(0x400, b"\x10\x20\xf5\xf2", 131072),
    "mbr.raw": made(partitioned),
    "searched.raw": made(without_super_block),
    "gpt.raw": lambda: bytes(gpt([(40, 1039, "first"), (1040, 2039, "second")], sectors=2100)),
    "luks.raw": made(lambda path, _: luks(path, bytes(8192))),
    "bitlocker.raw": lambda: bitlocker(bytes(SIZE), by_nothing()),
    "lvm2.raw": at(512, LVM),
    "md.raw": at(4096, b"\xfc\x4e\x2b\xa9\x01\x00\x00\x00"),
    "ext4.E01": lambda: written(bytes(65536) + b"kestrel!" * 8192, 1)["case.E01"],
    "ext4.001": made(lambda path, source: ext(path, source, size=MIB)),
    "ext4.qcow2": converted("qcow2"),
    "ext4.vmdk": converted("vmdk"),
    "ext4.vhd": converted("vpc"),
    "ext4.vhdx": converted("vhdx"),
    "ext4.vdi": converted("vdi"),
    "unread.Ex01": lambda: b"EVF2\r\n\x81\x00" + bytes(4096),
}
