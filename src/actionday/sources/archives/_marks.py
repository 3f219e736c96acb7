"""Where a 7z or RAR archive begins amid other bytes: its mark, and a first header whose checksum fits.

Source: 7-Zip's 7zFormat.txt (signature header); RARLAB "RAR 5.0 archive format" and technote.txt of RAR 4. Programs
that unpack them hold the marks themselves, without such a header.
"""

from zlib import crc32

SEVEN, RAR = b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"
MARKS = (SEVEN, RAR)
"""Archives that are found from their beginning."""
LONGEST_HEADER = 4096


def begins(data: bytes, start: int) -> int:
    """Return where the first archive begins in ``data`` from ``start`` on; 0 or, from 0 on, -1 for nowhere."""
    found = [at for mark in MARKS if (at := _first(data, mark, start)) >= 0]
    return min(found, default=0 if start else -1)


def _first(data: bytes, mark: bytes, start: int) -> int:
    at = data.find(mark, start)
    while at >= 0 and not _sound(data[at : at + LONGEST_HEADER]):
        at = data.find(mark, at + 1)
    return at


def _sound(head: bytes) -> bool:
    if head.startswith(SEVEN):
        return len(head) >= 32 and crc32(head[12:32]) == int.from_bytes(head[8:12], "little")
    if head[6:7] == b"\0":  # RAR 4: checksum, type, flags, size
        length = int.from_bytes(head[12:14], "little")
        stored = int.from_bytes(head[7:9], "little")
        return 7 <= length <= len(head) - 7 and crc32(head[9 : 7 + length]) & 0xFFFF == stored
    at, length, shift = 12, 0, 0  # RAR 5: checksum, then the size, in groups of seven bits
    while at < min(len(head), 15):
        length |= (head[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if head[at - 1] < 128:
            break
    stored = int.from_bytes(head[8:12], "little")
    return 0 < length <= len(head) - at and crc32(head[12 : at + length]) == stored
