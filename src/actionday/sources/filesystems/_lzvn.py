"""LZVN, which Apple's systems compress files with: bytes out of literals and matches.

Source: Apple, "LZFSE compression library" (BSD-3-Clause), ``lzvn_decode_base.c``.
"""

from actionday.sources.filesystems._tsk_runs import BadMap

END, NOTHING = 0x06, (0x0E, 0x16)
UNKNOWN = frozenset([0x1E, 0x26, 0x2E, 0x36, 0x3E, *range(0x70, 0x80), *range(0xD0, 0xE0)])


def unlzvn(data: bytes, size: int, made: bytearray | None = None) -> tuple[bytearray, int]:
    """Return what ``data`` unpacks to behind ``made``, up to ``size`` bytes in all, and how many bytes of it were read.

    Some 20 MB/s of text on a core. Raises BadMap.
    """
    out, at, end, distance = bytearray() if made is None else made, 0, len(data), 0
    try:
        while len(out) < size:
            code = data[at]
            if code >= 0xE0:
                at = _long(data, at, out, distance)
                continue
            if 0xA0 <= code < 0xC0:
                literal, more = code >> 3 & 3, data[at + 1] | data[at + 2] << 8
                length, distance, at = ((code & 7) << 2 | more & 3) + 3, more >> 2, at + 3
            elif code in UNKNOWN:
                raise BadMap(f"LZVN: no such code as {code:#04x}")
            else:
                literal, length, low = code >> 6, (code >> 3 & 7) + 3, code & 7
                if low == 7:
                    distance, at = data[at + 1] | data[at + 2] << 8, at + 3
                elif low == 6:
                    if code == END:
                        return out, at + 8
                    at += 1
                    if code in NOTHING:
                        continue
                else:
                    distance, at = low << 8 | data[at + 1], at + 2
            if literal:
                out += data[at : at + literal]
                at += literal
            matched(out, distance, length)
    except IndexError as error:
        raise BadMap(f"LZVN: ends after {len(out)} of {size} bytes") from error
    if at > end:
        raise BadMap(f"LZVN: ends after {len(out)} of {size} bytes")
    del out[size:]
    if data[at : at + 1] == b"\x06":
        at += 8
    return out, at


def _long(data: bytes, at: int, out: bytearray, distance: int) -> int:
    """Take a code of literals alone, or of a match with the last distance; return where the next one is."""
    code = data[at]
    length, at = (data[at + 1] + 16, at + 2) if not code & 15 else (code & 15, at + 1)
    if code >= 0xF0:
        matched(out, distance, length)
        return at
    if at + length > len(data):
        raise BadMap(f"LZVN: ends after {len(out)} bytes")
    out += data[at : at + length]
    return at + length


def matched(out: bytearray, distance: int, length: int) -> None:
    """Add ``length`` bytes from ``distance`` bytes before the end on; what is added may be added again."""
    start = len(out) - distance
    if start < 0 or not distance:
        raise BadMap("a match before the beginning")
    if distance >= length:
        out += out[start : start + length]
    else:
        out += (out[start:] * (length // distance + 1))[:length]
