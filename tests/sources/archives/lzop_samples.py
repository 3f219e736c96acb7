"""Files as lzop writes them: a header, blocks with their sums; what repeats is packed, the rest stored as it is."""

import struct
import zlib
from collections.abc import Callable

TEXT = b"Kestrel radio, schedule of week 12\n" * 9
MAGIC = b"\x89LZO\x00\r\n\x1a\n"
END = b"\x11\0\0"


def packed(data: bytes) -> bytes:
    """Return LZO1X of a text that repeats its first 35 bytes: literals, then one long match at that distance."""
    unit = 35
    assert data == data[:unit] * (len(data) // unit)
    left = len(data) - unit - 2 - 31
    zeros, last = divmod(left - 1, 255)
    match = bytes([0x20]) + bytes(zeros) + bytes([last + 1]) + struct.pack("<H", (unit - 1) << 2)
    return bytes([17 + unit]) + data[:unit] + match + END


def lzop(*blocks: bytes, pack: bool = True) -> bytes:
    """Return a member of these blocks."""
    flags, name = 0x01 | 0x03000000, b"kestrel.txt"
    head = (
        struct.pack(">HHHBBIIIIB", 0x1040, 0x20A0, 0x0940, 1, 5, flags, 0o100644, 1772658848, 0, len(name))
        + name
    )
    made = MAGIC + head + struct.pack(">I", zlib.adler32(head))
    for block in blocks:
        small = packed(block) if pack else block
        made += struct.pack(">III", len(block), len(small), zlib.adler32(block)) + small
    return made + bytes(4)


SAMPLES: dict[str, Callable[[], bytes]] = {"kestrel.txt.lzo": lambda: lzop(TEXT, TEXT)}
