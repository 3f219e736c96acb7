"""JPEG pictures: segments up to the first scan, coded data with the markers that may stand in it, the end marker.

Source: ITU-T T.81, B.1.1 (markers), B.2 (syntax).
"""

import re

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.carving._base import Plain
from actionday.sources.carving._carver import Carved

MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
SEGMENTS = frozenset({*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, *range(0xE0, 0xF0), 0xFE})
PIECE = 64 << 10
MOST_SEGMENTS = 10_000
END, SCAN = 0xD9, 0xDA


class Jpeg(Plain):
    """JPEG (JFIF, Exif and bare)."""

    name, suffix = "carve-jpeg", ".jpg"
    marks = (b"\xff\xd8\xff",)

    def carve(self, stream: Stream) -> Carved | None:
        """Return a picture that has a frame with a size, and a scan; cut where a marker stands that cannot be."""
        at, framed, scanned = 2, False, 0
        for _ in range(MOST_SEGMENTS):
            head = read_at(stream, at, 18)
            if len(head) < 4 or head[0] != 0xFF:
                break
            kind, size = head[1], int.from_bytes(head[2:4], "big")
            if kind == 0xFF:
                at += 1
                continue
            if kind == END:
                return Carved(at + 2) if scanned else None
            if kind not in SEGMENTS or size < 2:
                break
            if kind in FRAMES:
                if not _frame(head):
                    return None
                framed = True
            at += 2 + size
            if kind == SCAN:
                if not framed:
                    return None
                scanned = at
                at = _coded(stream, at)
        return Carved(min(at, stream.size), whole=False) if scanned else None


def _frame(head: bytes) -> bool:
    """Say whether a frame header has a precision, a width and components that there are."""
    size, parts = int.from_bytes(head[2:4], "big"), head[9] if len(head) > 9 else 0
    return (
        len(head) > 9
        and head[4] in (8, 12, 16)
        and any(head[7:9])
        and parts in (1, 2, 3, 4)
        and size == 8 + 3 * parts
    )


def _coded(stream: Stream, at: int) -> int:
    """Return where coded data ends: at the next marker that is no restart."""
    while at < stream.size:
        block = read_at(stream, at, PIECE)
        found = MARKER.search(block)
        if found:
            return at + found.start()
        at += max(1, len(block) - 1)
    return stream.size


CARVER = Jpeg()
