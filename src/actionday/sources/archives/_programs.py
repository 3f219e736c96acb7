"""Where a program ends by its own headers: what follows is none of it (an archive that it unpacks, a text).

Source: Microsoft, "PE Format" (COFF header, section table, certificate table); System V ABI, "Object Files" (ELF).
"""

import struct
from typing import NamedTuple

from actionday.model import Stream

MOST_SECTIONS = 4096


class Extent(NamedTuple):
    """The first byte behind a program's sections, and where the signature is that may follow (0, 0: none)."""

    end: int
    signature: tuple[int, int] = (0, 0)


def is_program(head: bytes) -> bool:
    """Say whether ``head`` is that of a Windows program or an ELF one."""
    return extent_of(head) is not None


def extent_of(head: bytes) -> Extent | None:
    """Return how far a program goes by its headers, None where ``head`` is none or does not hold them all."""
    try:
        if head.startswith(b"MZ"):
            return _windows(head)
        return _elf(head) if head.startswith(b"\x7fELF") else None
    except struct.error:
        return None


def _windows(head: bytes) -> Extent | None:
    (at,) = struct.unpack_from("<I", head, 60)
    if head[at : at + 4] != b"PE\0\0":
        return None
    sections, optional = struct.unpack_from("<H12xH", head, at + 6)
    table, end = at + 24 + optional, 0
    for section in range(table, table + 40 * sections, 40):
        size, start = struct.unpack_from("<II", head, section + 16)
        end = max(end, start + size if size else 0)
    wide = head[at + 24 : at + 26] == b"\x0b\x02"
    count, entries = at + 24 + (108 if wide else 92), at + 24 + (112 if wide else 96)
    if optional < 136 or struct.unpack_from("<I", head, count)[0] < 5:
        return Extent(end) if end else None
    start, size = struct.unpack_from("<II", head, entries + 4 * 8)
    return Extent(end, (start, size) if size else (0, 0)) if end else None


def _elf(head: bytes) -> Extent | None:
    """Sections lie wherever they are said to; their table is at the end, of which ``head`` need hold nothing."""
    order, wide = "<" if head[5] == 1 else ">", head[4] == 2
    segments, sections = struct.unpack_from(order + ("QQ" if wide else "II"), head, 32 if wide else 28)
    size, count, each, many = struct.unpack_from(order + "HHHH", head, 54 if wide else 42)
    end = sections + each * many if sections else 0
    for at in range(segments, segments + size * min(count, MOST_SECTIONS), size or 1):
        start = struct.unpack_from(order + ("Q" if wide else "I"), head, at + (8 if wide else 4))[0]
        length = struct.unpack_from(order + ("Q" if wide else "I"), head, at + (32 if wide else 16))[0]
        end = max(end, start + length)
    return Extent(end) if end else None


def program_end(stream: Stream, limit: int) -> int:
    """Return the first byte behind a program, behind its signature where that follows at once; 0 for none."""
    stream.seek(0)
    extent = extent_of(stream.read(128 * 1024))
    if extent is None or extent.end > limit:
        return 0
    start, size = extent.signature
    return start + size if extent.end <= start <= extent.end + 16 and start + size <= limit else extent.end


def last(stream: Stream, limit: int) -> int:
    """Return where the bytes that are no program's end: before a signature at the end of the file."""
    stream.seek(0)
    extent = extent_of(stream.read(128 * 1024))
    start, size = extent.signature if extent else (0, 0)
    return start if extent and extent.end < start and limit - 16 <= start + size <= limit else limit
