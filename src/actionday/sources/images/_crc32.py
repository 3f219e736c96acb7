"""CRC-32 of bytes that are not at hand: zeros behind others, by squaring instead of going through them.

Source: zlib, ``crc32_combine`` (the operator for a zero byte, raised to a power).
"""

from functools import lru_cache

BITS = 32
POLYNOMIAL = 0xEDB88320


def behind_zeros(value: int, count: int) -> int:
    """Return the CRC-32 of what has ``value`` with ``count`` zero bytes behind it.

    >>> import zlib
    >>> behind_zeros(zlib.crc32(b"kestrel"), 1000) == zlib.crc32(b"kestrel" + bytes(1000))
    True
    """
    value ^= 0xFFFFFFFF
    power = 0
    while count >> power:
        if count >> power & 1:
            value = _times(_zeros(power), value)
        power += 1
    return value ^ 0xFFFFFFFF


@lru_cache(64)
def _zeros(power: int) -> tuple[int, ...]:
    """Return the operator that takes a register over 2 to the ``power`` zero bytes, as columns."""
    if power:
        half = _zeros(power - 1)
        return tuple(_times(half, column) for column in half)
    return tuple(_byte(1 << bit) for bit in range(BITS))


def _byte(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (POLYNOMIAL if value & 1 else 0)
    return value


def _times(operator: tuple[int, ...], value: int) -> int:
    found = 0
    for bit in range(BITS):
        if value >> bit & 1:
            found ^= operator[bit]
    return found
