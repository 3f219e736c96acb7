"""Where further sounds, films and pictures end by their own marks: Ogg, AIFF, Matroska and WebM, BMP.

Source: RFC 3533, 6 (pages); AIFF 1.3 (``FORM``); RFC 8794, 4 and 5 (EBML); Windows bitmaps (BITMAPFILEHEADER).
"""

from actionday.model import Stream
from actionday.model.streams import read_at

MOST_STEPS = 1_000_000
OGG, FORM, EBML, BMP = b"OggS", b"FORM", b"\x1a\x45\xdf\xa3", b"BM"
HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
"""Bytes that the second header of a bitmap may have."""


def is_bitmap(head: bytes) -> bool:
    """Say whether a content is a bitmap: its two letters alone begin many a text."""
    return (
        head.startswith(BMP) and head[6:10] == bytes(4) and int.from_bytes(head[14:18], "little") in HEADERS
    )


def ogg_end(stream: Stream, limit: int) -> int:
    """Return the byte behind the last page, ``limit`` where one breaks off."""
    at = 0
    for _ in range(MOST_STEPS):
        head = read_at(stream, at, 27)
        if len(head) < 27 or not head.startswith(OGG) or at >= limit:
            return min(at, limit)
        table = read_at(stream, at + 27, head[26])
        at += 27 + len(table) + sum(table)
    return 0


def form_end(stream: Stream, limit: int) -> int:
    """Return the end of an IFF file by the size in its header, 0 where that is more than there is."""
    size = int.from_bytes(read_at(stream, 4, 4), "big")
    end = 8 + size
    end += size % 2 if read_at(stream, end, 1) == b"\0" else 0
    return end if end <= limit else 0


def ebml_end(stream: Stream, limit: int) -> int:
    """Return the byte behind the last element at the top, 0 where one has no length or more than there is."""
    at = 0
    for step in range(MOST_STEPS):
        head = read_at(stream, at, 12)
        length = 9 - head[0].bit_length() if head and head[0] else 9
        if at >= limit or length > 4 or not (step or head.startswith(EBML)):
            return at
        if step and head[:4] not in (EBML, b"\x18\x53\x80\x67", b"\xec" + head[1:4]):
            return at
        width = 9 - head[length].bit_length() if len(head) > length and head[length] else 9
        size = int.from_bytes(head[length : length + width], "big") & (1 << 7 * width) - 1
        if width > 8 or size == (1 << 7 * width) - 1 or at + length + width + size > limit:
            return 0
        at += length + width + size
    return 0


def bitmap_end(stream: Stream, limit: int) -> int:
    """Return the end of a bitmap by the size in its header, 0 where that is more than there is."""
    head = read_at(stream, 0, 14)
    size = int.from_bytes(head[2:6], "little")
    return size if int.from_bytes(head[10:14], "little") < size <= limit else 0
