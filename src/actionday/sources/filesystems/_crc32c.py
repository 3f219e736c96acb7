"""CRC-32C, as ext4, XFS and VHDX use it.

Source: RFC 3720, appendix B.4 (the polynomial); kernel documentation "ext4: checksums" (seed, number, generation).
"""

from functools import cache

from google_crc32c import extend

ONES = 0xFFFFFFFF
BLANK = bytes(2)


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
    begin = number.to_bytes(4, "little") + raw[100:104]
    stored = int.from_bytes(raw[124:126], "little")
    if len(raw) > 128 and int.from_bytes(raw[128:130], "little") >= 4:
        stored |= int.from_bytes(raw[130:132], "little") << 16
        blank = b"".join((begin, raw[:124], BLANK, raw[126:130], BLANK, raw[132:]))
        return crc32c(blank, seeded(uuid, seed)) == stored
    return crc32c(b"".join((begin, raw[:124], BLANK, raw[126:])), seeded(uuid, seed)) & 0xFFFF == stored
