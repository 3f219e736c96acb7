"""Small streams of compound files that say by which program, or by whom, a document was made.

Source: [MS-OLEDS] 2.3.8 (CompObjStream), 2.3.3 (OLEStream); [MS-DOC] 2.9.186 (ODT, in ``ObjInfo``); [MS-PPT] 2.3.2
(CurrentUserAtom).

A stream that is exactly what its format says is told in the document's metadata; one that holds anything else is an
item.
"""

from struct import error, unpack_from

CLASS, USER, LINK, OBJECT = "\x01CompObj", "Current User", "\x01Ole", "\x03ObjInfo"
UNICODE = 0x71B239F4
"""What stands before the strings in Unicode."""
TOKENS = (0xE391C05F, 0xF3D1C4DF)
LONGEST = 4096
"""Bytes of such a stream."""


def class_names(block: bytes) -> tuple[str, ...] | None:
    """Return what a program calls its kind of document, None where the stream is not laid out so to its last byte."""
    try:
        at, found = 28, list[str]()
        for wide in (False, True):
            if wide and any(block[at:]):
                if unpack_from("<I", block, at)[0] != UNICODE:
                    return None
                at += 4
            for field in range(3 if any(block[at:]) else 0):
                length = unpack_from("<I", block, at)[0]
                at += 4
                if field == 1 and length >= 0xFFFFFFFE:
                    at += 4  # the number of a format of the clipboard
                    continue
                size = length * (2 if wide else 1)
                raw = block[at : at + size]
                found.append(raw.decode("utf-16-le" if wide else "cp1252", "replace").strip("\0"))
                at += size
    except error:
        return None
    sound = found and at <= len(block) and not any(block[at:])  # some writers fill up with zeros
    return tuple(dict.fromkeys(filter(None, found))) if sound else None


def user(block: bytes) -> str | None:
    """Return who saved a presentation last, None where the stream is not laid out so to its last byte."""
    if (
        len(block) < 32
        or unpack_from("<I", block, 8)[0] != 0x14
        or unpack_from("<I", block, 12)[0] not in TOKENS
    ):
        return None
    length = unpack_from("<H", block, 20)[0]
    narrow, wide = block[28 : 28 + length], block[32 + length :]
    if unpack_from("<I", block, 4)[0] > len(block) or len(wide) not in (0, 2 * length):
        return None
    return wide.decode("utf-16-le", "replace") if wide else narrow.decode("cp1252", "replace")


def is_told(name: str, block: bytes) -> bool:
    """Say whether a stream of a document's root holds nothing but what its metadata have, or its format's numbers."""
    if name == CLASS:
        return class_names(block) is not None
    return user(block) is not None if name == USER else is_numbers(name, block)


def is_numbers(name: str, block: bytes) -> bool:
    """Say whether a stream holds the numbers alone that every object has."""
    if name == LINK:
        return block[:20].count(0) >= 14 and not any(block[20:])
    return name == OBJECT and not any(block[6:])
