"""Whether bytes begin as compress(1) writes them: its mark is two bytes, and stands in front of noise as well.

Source: ncompress 4.2.4 (third byte: 0x80 for a code that clears, 0x60 kept free, the widest code below; codes of 9 bits
first, the lowest bit in front); LZW: the first code is a byte, each further one at most the one not yet in the table.
"""

MAGIC = b"\x1f\x9d"
HEAD, LEAST, MOST, CLEAR = 3, 9, 16, 256
_BLOCKED, _FREE, _BITS = 0x80, 0x60, 0x1F
GROUP = 8
"""Codes are written in groups of so many; behind one that clears the table the rest of its group is filling."""
CODES = 48
"""Codes looked at: of noise every other one is possible (of 100,000 pieces with the mark and any third byte, and
of 20,000 with a sound one, none began well)."""


def begins_as_compress(head: bytes) -> bool:
    """Say whether ``head`` is the beginning of a .Z file as far as its first codes tell; an empty one is."""
    if (
        len(head) < HEAD
        or not head.startswith(MAGIC)
        or head[2] & _FREE
        or not LEAST <= head[2] & _BITS <= MOST
    ):
        return False
    clears = bool(head[2] & _BLOCKED)
    given = head[HEAD : HEAD + CODES * LEAST // 8]
    number = int.from_bytes(given, "little")
    step, free, first = 0, CLEAR + clears, True
    while (step + 1) * LEAST <= len(given) * 8:
        code = number >> step * LEAST & (1 << LEAST) - 1
        step += 1
        if clears and code == CLEAR and not first:
            step, free, first = (step + GROUP - 1) // GROUP * GROUP, CLEAR + 1, True
            continue
        if code > (CLEAR - 1 if first else free):
            return False
        free += not first
        first = False
    return True
