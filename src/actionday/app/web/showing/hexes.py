"""Bytes as hex: offset, sixteen bytes, and what of them is printable ASCII."""

from markupsafe import Markup, escape


def hex_line(offset: int, data: bytes) -> Markup:
    """Return one line of a dump, the same in every language."""
    left = data[:8].hex(" ")
    right = data[8:].hex(" ")
    text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)
    return escape(f"{offset:08x}  {left:<23}  {right:<23}  {text}")
