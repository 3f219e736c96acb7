"""The checksums an ext4 file system keeps of its own tables, compared with the bytes they are of.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms": Checksums, Block Group Descriptors,
Directory Entries, Hash Tree Directories. Standard library only.
"""

from functools import cache

from actionday.sources.filesystems._crc32c import crc32c, seeded
from actionday.sources.filesystems._tsk_bytes import u16, u32

METADATA, GROUPS = 0x400, 0x10
"""Read-only compatible features: checksums of all tables, and of group descriptors alone."""
TAIL = 12
"""Bytes of the entry at the end of a block of names that holds its checksum."""
TAIL_TYPE = 0xDE


class Checks:
    """Compares; every answer is True where the file system keeps no such checksum."""

    def __init__(self, raw: bytes) -> None:
        """``raw`` is the super block."""
        features = u32(raw, 100)
        self.all, self._groups = bool(features & METADATA), bool(features & GROUPS)
        self._uuid = raw[104:120]
        self.seed = seeded(self._uuid, u32(raw, 0x270) if u32(raw, 96) & 0x2000 else None) if self.all else 0
        self.super_fits = not self.all or crc32c(raw[:1020]) == u32(raw, 1020)

    def of_inode(self, number: int, raw: bytes) -> int:
        """Return what the checksums of blocks of inode ``number`` begin with."""
        return crc32c(number.to_bytes(4, "little") + raw[100:104], self.seed)

    def group(self, number: int, raw: bytes) -> bool:
        """Say whether the descriptor of group ``number`` is as it was written."""
        said = number.to_bytes(4, "little")
        if self.all:
            return crc32c(said + raw[:30] + bytes(2) + raw[32:], self.seed) & 0xFFFF == u16(raw, 30)
        return not self._groups or _crc16(self._uuid + said + raw[:30] + raw[32:]) == u16(raw, 30)

    def bitmap(self, descriptor: bytes, bits: bytes, low: int, high: int) -> bool:
        """Say whether a bitmap fits its checksum, the halves of which lie in the descriptor."""
        if not self.all:
            return True
        value = crc32c(bits, self.seed)
        if len(descriptor) < high + 2:
            return value & 0xFFFF == u16(descriptor, low)
        return value == u16(descriptor, low) | u16(descriptor, high) << 16

    def extents(self, begin: int, node: bytes) -> bool:
        """Say whether a node of an extent tree that fills a block fits its checksum."""
        at = 12 + 12 * u16(node, 4)
        if not self.all:
            return True
        return at + 4 <= len(node) and crc32c(node[:at], begin) == u32(node, at)

    def attributes(self, number: int, block: bytes) -> bool:
        """Say whether block ``number``, which holds extended attributes, fits its checksum."""
        said = number.to_bytes(8, "little")
        return not self.all or crc32c(said + block[:16] + bytes(4) + block[20:], self.seed) == u32(block, 16)

    def names(self, begin: int, block: bytes) -> bool:
        """Say whether a block of names fits its checksum; one that lost it does not."""
        if not self.all:
            return True
        tail = block[-TAIL:]
        here = not u32(tail, 0) and u16(tail, 4) == TAIL and not tail[6] and tail[7] == TAIL_TYPE
        return here and crc32c(block[:-TAIL], begin) == u32(tail, 8)

    def tree(self, begin: int, block: bytes, at: int) -> bool:
        """Say whether a node of a hash tree whose entries begin at ``at`` fits its checksum."""
        if not self.all:
            return True
        limit, count = u16(block, at), u16(block, at + 2)
        tail = at + 8 * limit
        if count > limit or tail + 8 > len(block):
            return False
        value = crc32c(block[: at + 8 * count] + block[tail : tail + 4] + bytes(4), begin)
        return value == u32(block, tail + 4)


@cache
def _table16() -> tuple[int, ...]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
        table.append(value)
    return tuple(table)


def _crc16(data: bytes) -> int:
    table, value = _table16(), 0xFFFF
    for byte in data:
        value = table[(value ^ byte) & 255] ^ value >> 8
    return value
