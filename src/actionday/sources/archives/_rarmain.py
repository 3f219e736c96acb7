"""The beginning of a RAR: its mark, and what its main header says of the whole archive.

Source: RARLAB "RAR 5.0 archive format" (main archive header); technote.txt of RAR 4 (marker, archive header).
"""

RAR4, RAR5 = b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\x01\0"
VOLUME, LOCKED = 0x0001, 0x0080  # of the main header of RAR 4
MAIN, CRYPT = 1, 4  # types of headers of RAR 5


def main4(head: bytes) -> tuple[bool, bool]:
    """Return whether a RAR 4 is a volume, and whether headers are encrypted."""
    flags = int.from_bytes(head[10:12], "little")
    return bool(flags & VOLUME), bool(flags & LOCKED)


def main5(head: bytes) -> tuple[bool, bool]:
    """Return whether a RAR 5 is a volume, and whether headers are encrypted."""
    values, at = [], len(RAR5) + 4  # behind the CRC
    for _ in range(5):  # size, type, flags, [size of extra area], archive flags
        value = shift = 0
        while at < len(head):
            byte, at = head[at], at + 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        values.append(value)
    _, kind, flags, fourth, fifth = values
    archive_flags = fifth if flags & 1 else fourth
    return kind == MAIN and bool(archive_flags & 1), kind == CRYPT


def is_volume(head: bytes) -> bool:
    """Say whether bytes begin a volume of several."""
    if head.startswith(RAR5):
        return main5(head[:64])[0]
    return head.startswith(RAR4) and main4(head)[0]
