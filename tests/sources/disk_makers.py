"""Disks made by real tools out of one small tree, with the SHA-256 of every file known."""

import os
import struct
from pathlib import Path

from disk_tools import run, sha256

MIB = 1 << 20
SMALL_XFS = {"TEST_DIR": "/", "TEST_DEV": "/", "QA_CHECK_FS": "1"}
"""mkfs.xfs makes less than 300 MB only for its own tests."""
TREE: dict[str, bytes] = {
    "readme.txt": b"The Kestrel club meets on Thursdays.\n",
    "empty": b"",
    "docs/schedule.html": b"<p>News at eight &amp; ten</p>\n" * 40,
    "docs/\u0628\u0631\u0627\u0645\u062c.txt": "\u0623\u062e\u0628\u0627\u0631".encode(),
    "docs/deep/er/still/file": b"at the bottom\n",
    "docs/name with spaces & more.txt": b"spaces\n",
    "media/large.bin": bytes(range(256)) * 4096,
    "media/odd.bin": b"k" * 70_001,
}
HASHES = {name: sha256(data) for name, data in TREE.items()}


def tree(where: Path, files: dict[str, bytes] | None = None) -> Path:
    """Write ``files`` (TREE) below ``where``, return it."""
    for name, data in (TREE if files is None else files).items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return where


def blank(path: Path, size: int) -> Path:
    """Return a sparse file of ``size`` bytes."""
    path.unlink(missing_ok=True)
    with path.open("wb") as file:
        file.truncate(size)
    return path


def ext(path: Path, source: Path, *options: str, size: int = 16 * MIB, kind: str = "ext4") -> Path:
    """ext2, 3 or 4 from a folder."""
    run(f"mkfs.{kind}", "-q", "-F", "-d", source, *options, blank(path, size))
    return path


def xfs(path: Path, source: Path, *options: str, size: int = 32 * MIB) -> Path:
    """XFS from a folder, by a prototype file (this mkfs takes no folder); names have no spaces there."""
    proto = path.with_suffix(".proto")
    proto.write_bytes(b"\n".join([b"boot", b"0 0", *_proto(source, b"d--755 0 0"), b"$", b""]))
    run("mkfs.xfs", "-q", "-f", "-p", proto, *options, blank(path, size), env={**os.environ, **SMALL_XFS})
    return path


def _proto(source: Path, line: bytes) -> list[bytes]:
    lines = [line]
    for each in sorted(source.iterdir(), key=lambda path: os.fsencode(path.name)):
        name = os.fsencode(each.name)
        if each.is_symlink():
            lines.append(name + b" l--777 0 0 " + bytes(each.readlink()))
        elif each.is_dir():
            lines += [*_proto(each, name + b" d--755 0 0"), b"$"]
        elif each.is_fifo():
            lines.append(name + b" p--644 0 0")
        else:
            lines.append(name + b" ---644 0 0 " + os.fsencode(each))
    return lines


def btrfs(path: Path, source: Path, *options: str, size: int = 16 * MIB) -> Path:
    """Btrfs from a folder, on one device; the tool makes the file as long as it needs."""
    run("mkfs.btrfs", "-q", "-f", "--rootdir", source, *options, blank(path, size))
    return path


def squash(path: Path, source: Path, *options: str) -> Path:
    """SquashFS from a folder."""
    path.unlink(missing_ok=True)
    run("mksquashfs", source, path, "-quiet", "-no-progress", "-processors", "1", *options)
    return path


def ufs(path: Path, source: Path, *options: str, version: int = 2, order: str = "le") -> Path:
    """UFS from a folder."""
    run("makefs", "-t", "ffs", "-B", order, "-o", f"version={version}", *options, path, source)
    return path


def bsd(path: Path, volumes: list[tuple[str, int, Path]], *, at: int = 2048, size: int = 16 * MIB) -> Path:
    """A slice of FreeBSD from sector ``at`` on with a label by fdisk; ``volumes``: letter, sector in it, image."""
    with path.open("wb") as disk:
        disk.truncate(size)
    run("sfdisk", "-q", path, feed=f"{at},{size // 512 - at},a5\n".encode())
    asked = "b\ny\n"
    for letter, start, image in volumes:
        asked += (
            f"n\n{letter}\n{at + start}\n{at + start + image.stat().st_size // 512 - 1}\nt\n{letter}\n7\n"
        )
    run("fdisk", path, feed=(asked + "w\n").encode())
    with path.open("r+b") as disk:
        for _, start, image in volumes:
            raw, skip = image.read_bytes(), 0 if start else 1024  # the label lies in the first sectors
            disk.seek((at + start) * 512 + skip)
            disk.write(raw[skip:])
    return path


def ntfs(path: Path, source: Path, *options: str, size: int = 16 * MIB) -> Path:
    """NTFS with the files of a folder in its root (ntfscp makes no folders)."""
    run("mkntfs", "-q", "-F", "-s", "512", "-p", "0", "-H", "16", "-S", "63", *options, blank(path, size))
    for each in sorted(source.iterdir()):
        if each.is_file():
            run("ntfscp", "-q", path, each, each.name)
    return path


def fat(path: Path, source: Path, bits: int = 16, size: int = 16 * MIB) -> Path:
    """FAT12, 16 or 32 from a folder, with long names."""
    run("mkfs.fat", "-F", bits, blank(path, size))
    for each in sorted(source.iterdir()):
        run("mcopy", "-s", "-Q", "-i", path, each, "::")
    return path


def iso(path: Path, source: Path, *options: str) -> Path:
    """ISO 9660 from a folder."""
    run("genisoimage", "-quiet", *options, "-o", path, source)
    return path


def udf(path: Path, source: Path) -> Path:
    """UDF alone: that of a bridge disc without the descriptors of its ISO 9660 tree."""
    raw = iso(path, source, "-udf", "-input-charset", "utf-8").read_bytes()
    path.write_bytes(raw[:32768] + bytes(2 * 2048) + raw[36864:])
    return path


def mbr(
    path: Path, *volumes: tuple[int, Path], size: int = 0, logical: tuple[tuple[int, Path], ...] = ()
) -> Path:
    """A master boot record with ``volumes`` (type, image), logical ones in an extended partition behind them."""
    at, entries, parts = 2048, [], []
    for kind, image in volumes:
        sectors = -(-image.stat().st_size // 512)
        entries.append(_entry(kind, at, sectors))
        parts.append((at, image.read_bytes()))
        at += sectors
    if logical:
        length = sum(2048 + -(-image.stat().st_size // 512) for _, image in logical)
        entries.append(_entry(5, at, length))
        parts += _chain(at, logical)
        at += length
    with path.open("wb") as disk:
        disk.write(bytes(446) + b"".join(entries).ljust(64, b"\0") + b"\x55\xaa")
        for start, data in parts:
            disk.seek(start * 512)
            disk.write(data)
        disk.truncate(max(size, at * 512))
    return path


def _chain(base: int, logical: tuple[tuple[int, Path], ...]) -> list[tuple[int, bytes]]:
    parts, at = [], base
    for index, (kind, image) in enumerate(logical):
        sectors = -(-image.stat().st_size // 512)
        following = at + 2048 + sectors
        table = _entry(kind, 2048, sectors)
        if index + 1 < len(logical):
            table += _entry(5, following - base, 2048)
        parts += [(at, bytes(446) + table.ljust(64, b"\0") + b"\x55\xaa"), (at + 2048, image.read_bytes())]
        at = following
    return parts


def _entry(kind: int, start: int, sectors: int) -> bytes:
    return struct.pack("<B3xB3xII", 0, kind, start, sectors)
