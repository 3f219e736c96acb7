"""CRC-32C, as ext4, XFS and VHDX use it.

Source: RFC 3720, appendix B.4 (the polynomial); kernel documentation "ext4: checksums" (seed, number, generation).
"""

from functools import cache

from google_crc32c import extend

ONES = 0xFFFFFFFF


def crc32c(data: bytes, start: int = ONES) -> int:
    """Return the register after ``data``, not inverted at the end (as ext4 keeps it)."""
    register: int = extend(start ^ ONES, data) ^ ONES
    return register


@cache
def seeded(uuid: bytes, seed: int | None) -> int:
    """Return what the checksums of a file system begin with."""
    return crc32c(uuid) if seed is None else seed


def inode_checksum(uuid: bytes, seed: int | None, number: int, raw: bytes) -> bool:
    """Say whether the checksum an inode carries fits its other bytes (128 or more of them)."""
    wide = len(raw) > 128 and int.from_bytes(raw[128:130], "little") >= 4
    stored = int.from_bytes(raw[124:126], "little")
    blank = raw[:124] + bytes(2) + raw[126:]
    if wide:
        stored |= int.from_bytes(raw[130:132], "little") << 16
        blank = blank[:130] + bytes(2) + blank[132:]
    start = crc32c(number.to_bytes(4, "little") + raw[100:104], seeded(uuid, seed))
    value = crc32c(blank, start)
    return value == stored if wide else value & 0xFFFF == stored
