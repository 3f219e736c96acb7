"""The footer of a VHD: 512 bytes at the end, a copy at the start of dynamic disks.

Source: Microsoft, "Virtual Hard Disk Image Format Specification", version 1.0, section "Hard Disk Footer Format".
"""

MAGIC = b"conectix"
FOOTER = 512
CHECKSUM = 64


def number(raw: bytes, at: int, width: int = 4) -> int:
    """Return the big-endian number at ``at``."""
    return int.from_bytes(raw[at : at + width], "big")


def sum_fits(raw: bytes, at: int) -> bool:
    """Say whether the checksum at ``at`` is that of all other bytes: their sum, inverted."""
    total = sum(raw) - sum(raw[at : at + 4])
    return ~total & 0xFFFFFFFF == number(raw, at)


def footer(raw: bytes) -> bool:
    """Say whether ``raw`` (511 or 512 bytes: old writers leave out the last) is a footer."""
    return raw[:8] == MAGIC and sum_fits(raw.ljust(FOOTER, b"\0"), CHECKSUM)


def ends_in_footer(tail: bytes) -> bool:
    """Say whether a stream that ends in ``tail`` is a VHD: a fixed one begins as the disk in it does."""
    return footer(tail[-FOOTER:]) or footer(tail[1 - FOOTER :])
