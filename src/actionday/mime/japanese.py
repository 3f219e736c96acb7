"""ISO-2022-JP as mailers write it: with signs of NEC's row 13 and IBM's rows, which the standard does not have.

Source: RFC 1468 (every line begins in ASCII); JIS X 0208 annex 1 (its rows as Shift JIS); code page 932 for the rest.
"""

import re

_PAIRS = re.compile(rb"\x1b\$[@B]((?>(?:[\x21-\x7e]{2})*))")
CODEC = "iso2022_jp_ext"


def extended(raw: bytes) -> str:
    """Return the text of ISO-2022-JP; what neither the standard nor Windows knows becomes U+FFFD."""
    out: list[str] = []
    at = 0
    for found in _PAIRS.finditer(raw):
        out += [raw[at : found.start()].decode(CODEC, "replace"), _text(found[1])]
        at = found.end()
    return "".join([*out, raw[at:].decode(CODEC, "replace")])


def _text(pairs: bytes) -> str:
    try:
        return (b"\x1b$B" + pairs).decode(CODEC)
    except UnicodeError:
        return "".join(_sign(*pairs[at : at + 2]) for at in range(0, len(pairs), 2))


def _sign(first: int, second: int) -> str:
    standard, windows = bytes((0x1B, 0x24, 0x42, first, second)), _shifted(first - 0x21, second - 0x21)
    for raw, codec in ((standard, CODEC), (windows, "cp932")):
        try:
            return raw.decode(codec)
        except UnicodeError:
            continue
    return "\ufffd"


def _shifted(row: int, cell: int) -> bytes:
    """Return a character of JIS X 0208 in Shift JIS; both count from 0."""
    lead = row // 2 + (0x81 if row < 62 else 0xC1)
    trail = cell + 0x9F if row % 2 else cell + (0x40 if cell < 63 else 0x41)
    return bytes((lead, trail))
