"""What parts of a picture must be to be what they begin as: whoever opens them and whoever reads them must agree.

Source: TIFF 6.0, 2; JFIF 1.02, "JFIF extension"; ITU-T T.81, B.2.4.4 (DRI), B.2.5 (DNL), B.3.3 (EXP); PNG (third
edition), 11.3 and its extensions 1.4.0, 2.1 (``sCAL``) and 2.2 (``pCAL``); XMP part 3, 1.1.3.
"""

import re

EXIF, XMP, LIST, EXTENSION, JFIF = (
    b"Exif\0\0",
    b"http://ns.adobe.com/xap/1.0/\0",
    b"MPF\0",
    b"JFXX\0",
    b"JFIF\0",
)
TIFF = (b"II*\0", b"MM\0*")
NUMBER_SIZES = {0xDC: 2, 0xDD: 2, 0xDF: 1}
"""Bytes of a JPEG's segments that hold one number."""
MARKUP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
SCALE = re.compile(rb"[\1\2][+-]?[\d.]+(?:[eE][+-]?\d+)?\0[+-]?[\d.]+(?:[eE][+-]?\d+)?\0?")
CALIBRATION = re.compile(rb"[^\0]{1,79}\0.{8}[\0-\3](.)[^\0]*(?:\0[+-]?[\d.]+(?:[eE][+-]?\d+)?)*", re.DOTALL)


def is_application(start: bytes, size: int) -> bool:
    """Say whether an application's segment of a JPEG is what its first word says; true of words that are not known.

    ``start`` is its first 64 bytes, ``size`` the number of all.
    """
    for word in (EXIF, LIST):
        if start.startswith(word):
            return start.startswith(TIFF, len(word))
    if start.startswith(XMP):
        return MARKUP.match(start, len(XMP)) is not None
    if start.startswith(JFIF):
        return len(start) >= 14 and size <= 14 + 3 * start[12] * start[13]
    if start.startswith(EXTENSION):
        kind, pixels = start[5:6], start[6] * start[7] if len(start) > 7 else 0
        if kind == b"\x10":
            return start.startswith(b"\xff\xd8", 6)
        return size == {b"\x11": 8 + 768 + pixels, b"\x13": 8 + 3 * pixels}.get(kind)
    return True


def is_exif(start: bytes) -> bool:
    """Say whether a chunk of Exif in another format than JPEG is that; some writers put JPEG's word before it."""
    return start.removeprefix(EXIF).startswith(TIFF)


def is_measure(kind: bytes, body: bytes) -> bool:
    """Say whether a chunk of a PNG is the scale or the calibration, or the palette, that it is called."""
    if kind == b"sPLT":
        name, _, rest = body.partition(b"\0")
        return (
            len(name) < 80
            and rest[:1] in (b"\x08", b"\x10")
            and (len(rest) - 1) % (6 if rest[0] == 8 else 10) == 0
        )
    if kind == b"pCAL":
        found = CALIBRATION.fullmatch(body)
        return found is not None and body.count(b"\0", found.start(1) + 1) == found[1][0]
    return kind == b"sCAL" and SCALE.fullmatch(body) is not None
