"""Disks with a partition table, written from the standards.

Source: UEFI 2.10, sections 5.2 (MBR) and 5.3 (GPT).
"""

import struct
from binascii import crc32
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from samples.dice import Dice

SECTOR, FIRST = 512, 64  # 34 is the first usable sector of a GPT; 64 keeps blocks of 4 KiB aligned
LINUX, SWAP_MBR, LINUX_MBR = "0fc63daf-8483-4772-8e79-3d69d8477de4", 0x82, 0x83
ESP = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
_ENTRIES = 128


def gpt(disk: Path, parts: list[tuple[str, str, Path]], draw: Dice) -> None:
    """Write a GPT disk of the partitions (type, name, image), each a whole number of sectors, both tables."""
    table, start = b"", FIRST
    with disk.open("wb") as out:
        for number, (kind, name, image) in enumerate(parts):
            sectors = image.stat().st_size // SECTOR
            table += _entry(kind, draw.uuid(f"part {number}"), start, start + sectors - 1, name)
            _copy(image, out, start * SECTOR)
            start += sectors
        total = start + 33
        table = table.ljust(_ENTRIES * 128, b"\0")
        disk_id = UUID(draw.uuid("disk")).bytes_le
        _put(out, 0, _mbr([(0xEE, 1, total - 1)], 0))
        _put(out, 1, _header(1, total - 1, 2, total, disk_id, table) + table)
        _put(out, total - 33, table + _header(total - 1, 1, total - 33, total, disk_id, table))


def mbr(disk: Path, parts: list[tuple[int, Path]], signature: int) -> None:
    """Write an MBR disk of up to four primary partitions (type, image)."""
    entries, start = [], FIRST
    with disk.open("wb") as out:
        for kind, image in parts:
            sectors = image.stat().st_size // SECTOR
            entries.append((kind, start, sectors))
            _copy(image, out, start * SECTOR)
            start += sectors
        _put(out, 0, _mbr(entries, signature))
        out.truncate(start * SECTOR)


def _copy(image: Path, out: BinaryIO, offset: int) -> None:
    with image.open("rb") as data:
        out.seek(offset)
        while block := data.read(1 << 20):
            out.write(block)


def _put(out: BinaryIO, sector: int, data: bytes) -> None:
    out.seek(sector * SECTOR)
    out.write(data)


def _mbr(parts: list[tuple[int, int, int]], signature: int) -> bytes:
    far = b"\xfe\xff\xff"  # "beyond what cylinders, heads and sectors can say"
    rows = b"".join(
        b"\0" + far + bytes([kind]) + far + struct.pack("<II", at, count) for kind, at, count in parts
    )
    return bytes(440) + struct.pack("<IH", signature, 0) + rows.ljust(64, b"\0") + b"\x55\xaa"


def _entry(kind: str, unique: str, first: int, last: int, name: str) -> bytes:
    ids = UUID(kind).bytes_le + UUID(unique).bytes_le
    return ids + struct.pack("<QQQ", first, last, 0) + name.encode("utf-16-le").ljust(72, b"\0")


def _header(here: int, other: int, table_at: int, total: int, disk_id: bytes, table: bytes) -> bytes:
    def packed(check: int) -> bytes:
        return struct.pack("<8sIIIIQQQQ16sQIII", b"EFI PART", 0x10000, 92, check, 0, here, other, 34, total - 34,
                           disk_id, table_at, _ENTRIES, 128, crc32(table))  # fmt: skip

    return packed(crc32(packed(0))).ljust(SECTOR, b"\0")
