"""What a deflated stream holds, up to a fault in it and to a bound.

Source: RFC 1950 (zlib), which PDF calls FlateDecode (ISO 32000-1, 7.4.4).
"""

import zlib

STEP = 4096


def inflated(stored: bytes, most: int) -> bytes:
    """Return at most ``most`` bytes; what came before a fault counts."""
    parts: list[bytes] = []
    inflater = zlib.decompressobj()
    for at in range(0, len(stored), STEP):
        try:
            parts.append(inflater.decompress(stored[at : at + STEP], max(most, 1)))  # 0 would be no bound
        except zlib.error:
            break
        most -= len(parts[-1])
        if inflater.eof or most <= 0:
            break
    return b"".join(parts)
