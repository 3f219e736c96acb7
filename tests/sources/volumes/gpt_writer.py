"""Writes a GUID partition table with its backup."""

import struct
import zlib
from uuid import UUID

LINUX = UUID("0fc63daf-8483-4772-8e79-3d69d8477de4")


def gpt(parts: list[tuple[int, int, str]], sectors: int = 4096, sector: int = 512) -> bytearray:
    """A GPT disk; each part is (first sector, last sector, label)."""
    table = bytearray(128 * 128)
    for index, (first, last, label) in enumerate(parts):
        guid = bytes([index + 1]) * 16
        entry = struct.pack("<16s16sQQQ72s", LINUX.bytes_le, guid, first, last, 0, label.encode("utf-16-le"))
        table[index * 128 : index * 128 + 128] = entry
    disk = bytearray(sectors * sector)
    struct.pack_into("<B3xB3xII", disk, 446, 0, 0xEE, 1, sectors - 1)
    disk[510:512] = b"\x55\xaa"
    blocks = len(table) // sector
    last = sectors - 1
    for own, other, at in ((1, last, 2), (last, 1, last - blocks)):
        fields = (0x10000, 92, 0, 0, own, other, 2 + blocks, last - 1 - blocks, b"disk" * 4, at, 128, 128)
        head = bytearray(struct.pack("<8sIIIIQQQQ16sQIII", b"EFI PART", *fields, zlib.crc32(table)))
        struct.pack_into("<I", head, 16, zlib.crc32(head))
        disk[own * sector : own * sector + 92] = head
        disk[at * sector : at * sector + len(table)] = table
    return disk
