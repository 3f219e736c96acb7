"""Maps of the sectors of a block that a differencing disk holds itself; the others are read from its parent.

Source: Microsoft, "Virtual Hard Disk Image Format Specification" 1.0 (sector bitmap); [MS-VHDX] 2.5.2.
"""

import re
from collections.abc import Iterator
from typing import Literal

SET, CLEAR = re.compile("1+"), re.compile("0+")


def stretches(
    bits: bytes, order: Literal["big", "little"], first: int, count: int, *, own: bool
) -> Iterator[tuple[int, int]]:
    """Yield where sectors are whose bit is set (``own``) or clear: number from ``first`` on, and how many.

    ``order``: whether the first sector of a byte is its highest bit or its lowest.
    """
    raw = bits[first // 8 : -(-(first + count) // 8)]
    whole = int.from_bytes(raw if order == "big" else raw[::-1], "big")
    told = f"{whole:0{len(raw) * 8}b}"
    told = told if order == "big" else told[::-1]
    skip = first % 8
    for found in (SET if own else CLEAR).finditer(told, skip, skip + count):
        yield found.start() - skip, found.end() - found.start()


def is_set(bits: bytes, order: Literal["big", "little"], sector: int) -> bool:
    """Tell whether the bit of a sector is set."""
    within = sector % 8
    return bool(bits[sector // 8] >> (7 - within if order == "big" else within) & 1)


def stretch(bits: bytes, order: Literal["big", "little"], first: int, last: int) -> tuple[bool, int]:
    """Return whether the bit of sector ``first`` is set, and the sector up to which that holds, ``last`` + 1 at most.

    Looks little further than that: sectors may take turns.
    """
    own, end, ahead = is_set(bits, order, first), first, 64
    while end <= last:
        count = min(ahead, last + 1 - end)
        at, length = next(stretches(bits, order, end, count, own=own), (1, 0))
        if at or not length:
            break
        end += length
        if length < count:
            break
        ahead *= 8
    return own, end
