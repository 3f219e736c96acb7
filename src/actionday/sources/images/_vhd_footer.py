"""The footer of a VHD: 512 bytes at the end, a copy at the start of dynamic disks.

Source: Microsoft, "Virtual Hard Disk Image Format Specification", version 1.0, section "Hard Disk Footer Format".
"""

MAGIC = b"conectix"
FOOTER = 512
CHECKSUM = 64
FIXED, GROWING, DIFFERENCING = 2, 3, 4
COPIED = (GROWING, DIFFERENCING)


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


def kind_of(raw: bytes) -> int:
    """Return the type of disk that a footer names: FIXED, GROWING, DIFFERENCING, or what is none."""
    return number(raw, 60)


def copied(head: bytes) -> bool:
    """Say whether a stream begins with the copy of its footer, which all but fixed disks keep.

    A footer of a fixed disk at the start is no copy: a fixed disk begins as what is in it does.
    """
    return footer(head[:FOOTER]) and kind_of(head) in COPIED


def last_footer(tail: bytes) -> bytes:
    """Return the footer that a stream ends in (511 bytes where its writer left out the last), b"" for none."""
    return next((raw for raw in (tail[-FOOTER:], tail[1 - FOOTER :]) if footer(raw)), b"")


def ends_in_footer(head: bytes, tail: bytes) -> bool:
    """Say whether a stream with these ends is a VHD by its last bytes: a fixed one begins as the disk in it does.

    One that ends in the footer of a fixed disk and begins with such a footer is a row of them, and no disk.
    """
    last = last_footer(tail)
    return bool(last) and (kind_of(last) != FIXED or not lone(head))


def lone(head: bytes) -> bool:
    """Say whether a stream begins with the footer of a fixed disk: it is what stands behind one."""
    return footer(head[:FOOTER]) and kind_of(head) == FIXED
