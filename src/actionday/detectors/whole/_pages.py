"""The checksum of a page of Ogg, at the speed of zlib's.

Source: RFC 3533, 6 (field 7: polynomial 0x04c11db7, highest bit first, no start value, its own field as zeros).
zlib's has the same polynomial, lowest bit first: of bytes whose bits are turned round it gives the bits turned round.
"""

import zlib

PLACE = 22
"""Where in a page its checksum lies, four bytes with the lowest first."""
_TURNED = bytes(int(f"{each:08b}"[::-1], 2) for each in range(256))


def is_sound(page: bytes) -> bool:
    """Return whether a whole page has the checksum that it carries."""
    told = page[PLACE : PLACE + 4]
    turned = (page[:PLACE] + bytes(4) + page[PLACE + 4 :]).translate(_TURNED)
    value = zlib.crc32(turned, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return value.to_bytes(4, "little").translate(_TURNED) == told[::-1]
