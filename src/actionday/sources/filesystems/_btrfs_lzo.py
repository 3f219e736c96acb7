"""LZO1X as Btrfs frames it: a length, then segments of at most one block, whose lengths cross no block.

Source: Linux kernel, ``fs/btrfs/lzo.c``.
"""

from actionday.sources.filesystems._lzo import unpacked
from actionday.sources.filesystems._tsk_bytes import u32
from actionday.sources.filesystems._tsk_runs import BadMap

LENGTH = 4


def unlzo(data: bytes, most: int, sector: int) -> bytes:
    """Return what a compressed extent holds, ``most`` bytes at the most. Raises BadMap."""
    total, at, made = min(u32(data, 0), len(data)), LENGTH, bytearray()
    while at + LENGTH <= total and len(made) < most:
        length = u32(data, at)
        at += LENGTH
        if not length or at + length > len(data):
            raise BadMap(f"an LZO segment of {length} bytes, of which {len(data) - at} are there")
        made += unpacked(data[at : at + length], sector)
        at += length
        if sector - at % sector < LENGTH:
            at += sector - at % sector
    return bytes(made[:most])
