"""Writes Apple disk images (UDIF): no tool of Debian does.

Source: libmodi, "Mac OS disk image types".
"""

import bz2
import lzma
import plistlib
import struct
import zlib
from collections.abc import Sequence

SECTOR, CHUNK = 512, 64 * 512
ZERO, RAW, IGNORED, ADC, ZLIB, BZIP2, LZFSE, LZMA = 0, 1, 2, *range(0x80000004, 0x80000009)
NONE = bytes(136)


def adc(data: bytes) -> bytes:
    """Runs of bytes, and copies of all three forms where the same four bytes stood before."""
    made, at, held = bytearray(), 0, bytearray()
    seen: dict[bytes, int] = {}

    def flush() -> None:
        while held:
            made.append(0x80 | min(128, len(held)) - 1)
            made.extend(held[:128])
            del held[:128]

    while at < len(data):
        key = data[at : at + 4]
        before = seen.get(key, -1)
        seen[key] = at
        size = 0
        while before >= 0 and size < 67 and at + size < len(data) and data[before + size] == data[at + size]:
            size += 1
        distance = at - before - 1
        if size >= 4 and distance < 65536:
            flush()
            if size <= 18 and distance < 1024:
                made += bytes([(size - 3) << 2 | distance >> 8, distance & 0xFF])
            else:
                made += bytes([0x40 | size - 4]) + distance.to_bytes(2, "big")
            at += size
        else:
            held.append(data[at])
            at += 1
    flush()
    return bytes(made)


PACK = {ADC: adc, ZLIB: zlib.compress, BZIP2: bz2.compress, LZMA: lzma.compress, RAW: bytes, LZFSE: bytes}


def table(first: int, data: bytes, kind: int, stored: bytearray, *, zero: int = ZERO) -> bytes:
    """Return the block table of a part, its chunks put behind ``stored``."""
    rows, value, sectors = [], 0, len(data) // SECTOR
    for at in range(0, len(data), CHUNK):
        piece = data[at : at + CHUNK]
        start, count = at // SECTOR, len(piece) // SECTOR
        if any(piece) or zero == RAW:
            packed = PACK[kind](piece)
            rows.append(struct.pack(">IIQQQQ", kind, 0, start, count, len(stored), len(packed)))
            stored += packed
        else:
            rows.append(struct.pack(">IIQQQQ", zero, 0, start, count, len(stored), 0))
        if any(piece) or zero != IGNORED:
            value = zlib.crc32(piece, value)
    rows.append(struct.pack(">IIQQQQ", 0xFFFFFFFF, 0, sectors, 0, len(stored), 0))
    head = b"mish" + struct.pack(">IQQQII", 1, first, sectors, 0, 2056, 0) + bytes(24)
    return head + summed(value) + struct.pack(">I", len(rows)) + b"".join(rows)


def summed(value: int) -> bytes:
    """Return a CRC-32 as it is kept."""
    return struct.pack(">III", 2, 32, value) + bytes(124)


def fork(tables: Sequence[tuple[str, bytes]]) -> bytes:
    """Return the tables as a resource fork."""
    data, refs, names = bytearray(), bytearray(), bytearray()
    for number, (name, raw) in enumerate(tables):
        refs += struct.pack(">hHI4x", number - 1, len(names), 0x50 << 24 | len(data))
        names += bytes([len(name)]) + name.encode("mac-roman")
        data += len(raw).to_bytes(4, "big") + raw
    types = struct.pack(">H4sHH", 0, b"blkx", len(tables) - 1, 10) + refs
    kept = bytes(24) + struct.pack(">HH", 28, 28 + len(types)) + types + names
    return struct.pack(">IIII", 16, 16 + len(data), len(data), len(kept)) + data + kept


def dmg(disk: bytes, kind: int = ZLIB, *, zero: int = ZERO, by_fork: bool = False, parts: int = 2,
        segment: tuple[int, int, int] = (1, 1, 0), at: int = 0) -> bytes:  # fmt: skip
    """Return the image of a disk, in several parts; ``at`` bytes of nothing before its data."""
    stored, tables, step = bytearray(), [], -(-len(disk) // SECTOR // parts) * SECTOR
    for number in range(parts):
        data = disk[number * step : (number + 1) * step]
        name = f"part {number} (Apple_HFS : {number})"
        tables.append((name, table(number * step // SECTOR, data, kind, stored, zero=zero)))
    sums = b"".join(raw[72:76] for _, raw in tables)
    if by_fork:
        listed = fork(tables)
    else:
        rows = [{"Attributes": "0x0050", "CFName": name, "Data": raw, "ID": str(number - 1), "Name": name}
                for number, (name, raw) in enumerate(tables)]  # fmt: skip
        listed = plistlib.dumps({"resource-fork": {"blkx": rows, "plst": []}})
    behind = at + len(stored)
    number, count, running = segment
    koly = b"koly" + struct.pack(">IIIQQQQQII", 4, 512, 1, running, at, len(stored),
                                 behind if by_fork else 0, len(listed) if by_fork else 0, number, count)  # fmt: skip
    koly += bytes(16) + summed(zlib.crc32(stored))
    koly += struct.pack(">QQ", 0 if by_fork else behind, 0 if by_fork else len(listed)) + bytes(120)
    koly += summed(zlib.crc32(sums)) + struct.pack(">IQ", 1, len(disk) // SECTOR) + bytes(12)
    assert len(koly) == 512
    return bytes(at) + bytes(stored) + listed + koly
