"""Whether a picture whose header tells its size is whole: BMP, icons, Photoshop, portable anymaps, QOI.

Source: Windows bitmaps (BITMAPFILEHEADER, BITMAPINFOHEADER); ICO (ICONDIR); Adobe Photoshop File Formats
Specification (2019); Netpbm pbm(5), pgm(5), ppm(5); QOI 1.0.
"""

from struct import unpack_from

from actionday.detectors.whole._content import Content, endless
from actionday.model import Note

PLAIN = (0, 3)
"""Kinds of a bitmap whose rows are not packed."""


def bmp(content: Content) -> Note | None:
    """Compare with the rows that the header tells, else with the size it gives for packed ones."""
    head = content.at(0, 54) or b""
    if len(head) < 26:
        return endless("BMP", "its header")
    begin, header = unpack_from("<II", head, 10)
    if header in (12, 16) or len(head) < 54:
        wide, high, _, bits = unpack_from("<HHHH", head, 18)
        packed = size = 0
    else:
        wide, high, _, bits, packed, size = unpack_from("<iiHHII", head, 18)
    if packed in PLAIN:
        size = (abs(wide) * bits + 31) // 32 * 4 * abs(high)
    return content.short("BMP", begin + size)


def icon(content: Content) -> Note | None:
    """Compare with the pictures that the directory lists."""
    count = max(content.number(4, 2), 0)
    table = content.at(6, 16 * count) or b""
    if len(table) < 16 * count:
        return endless("icon", "its directory")
    return content.short("icon", max((sum(unpack_from("<II", table, at + 8)) for at in range(0, len(table), 16)),
                                     default=0))  # fmt: skip


def photoshop(content: Content) -> Note | None:
    """Go through the four sections; the last has the rows of all channels, packed ones with their lengths before."""
    head = content.at(0, 26) or b""
    if len(head) < 26:
        return endless("Photoshop", "its header")
    large = head[5] == 2
    channels, high, wide, depth = unpack_from(">HIIH", head, 12)
    at = 26
    for width in (4, 4, 8 if large else 4):
        length = content.number(at, width, "big")
        if length < 0:
            return content.short("Photoshop", at + width)
        at += width + length
    packed = content.number(at, 2, "big")
    rows = channels * high
    if packed == 0:
        return content.short("Photoshop", at + 2 + rows * ((wide * depth + 7) // 8))
    if packed == 1:
        unit, letter = (4, "I") if large else (2, "H")
        table = content.at(at + 2, rows * unit)
        lengths = unpack_from(f">{rows}{letter}", table) if table and len(table) == rows * unit else ()
        return content.short("Photoshop", at + 2 + rows * unit + sum(lengths))
    return content.short("Photoshop", at + 2)


def anymap(content: Content) -> Note | None:
    """Compare with the rows of a binary anymap; one of figures does not tell where it ends."""
    kind, fields = content.data[1:2], list[int]()
    head, at = content.at(0, 512) or b"", 2
    wanted = 2 if kind == b"4" else 3
    while len(fields) < wanted:
        while head[at : at + 1].isspace():
            at += 1
        if head[at : at + 1] == b"#":
            at = head.find(b"\n", at) + 1 or len(head)
            continue
        start = at
        while head[at : at + 1].isdigit():
            at += 1
        if start == at:
            return None
        fields.append(int(head[start:at]))
    wide, high = fields[:2]
    row = (
        (wide + 7) // 8
        if kind == b"4"
        else wide * (3 if kind == b"6" else 1) * (2 if fields[-1] > 255 else 1)
    )
    return content.short("anymap", at + 1 + row * high) if kind in b"456" else None


def qoi(content: Content) -> Note | None:
    """Look for the eight bytes that end the picture."""
    tail = content.at(max(0, content.size - 8), 8) or b""
    return None if tail == bytes(7) + b"\1" else endless("QOI", "its end mark")
