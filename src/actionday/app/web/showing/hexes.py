"""Bytes as hex: offset, sixteen bytes, and what of them is printable ASCII; eight a line where there is little room."""

from markupsafe import Markup

HALF = 8


def hex_line(offset: int, data: bytes) -> Markup:
    """Return one line of a dump with its end, the same in every language.

    Its parts are marked: a narrow page sets the second eight bytes below the first, with an offset of their own.
    """
    left, right = data[:HALF], data[HALF:]
    second = Markup('<span class="o two">{:08x} </span>').format(offset + HALF) if right else ""
    return Markup(
        '<span class="line"><span class="o">{:08x}</span>  <span class="h">{:<23}</span>  {}'
        '<span class="h two">{:<23}</span>  <span class="t">{}</span><span class="t two">{}</span>\n</span>'
    ).format(offset, left.hex(" "), second, right.hex(" "), _printed(left), _printed(right))


def _printed(data: bytes) -> str:
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)
