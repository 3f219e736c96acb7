"""PNG pictures: chunks with their checksums.

Source: PNG (third edition), 5.2 (signature), 5.3 (chunks), 5.5 (CRC).
"""

import re
import zlib

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.carving._base import Plain
from actionday.sources.carving._carver import Carved

LETTERS = re.compile(rb"[A-Za-z]{4}")
PIECE = 256 << 10
MOST_CHUNKS = 200_000


class Png(Plain):
    """PNG, animated ones too."""

    name, suffix = "carve-png", ".png"
    marks = (b"\x89PNG\r\n\x1a\n",)

    def carve(self, stream: Stream) -> Carved | None:
        """Return a picture whose chunks have their checksums; cut before the first that has not."""
        at, data = 8, False
        for number in range(MOST_CHUNKS):
            head = read_at(stream, at, 8)
            size, kind = int.from_bytes(head[:4], "big"), head[4:]
            first = kind == b"IHDR" and size == 13
            if not LETTERS.fullmatch(kind) or first != (not number) or at + 12 + size > stream.size:
                break
            if not _fits(stream, at + 4, 4 + size):
                break
            at += 12 + size
            data = data or kind == b"IDAT"
            if kind == b"IEND":
                return Carved(at, sure="checksums") if data else None
        return Carved(at, whole=False, sure="checksums") if data else None


def _fits(stream: Stream, at: int, size: int) -> bool:
    """Say whether the checksum behind ``size`` bytes is theirs."""
    end, found = at + size, 0
    while at < end:
        piece = read_at(stream, at, min(PIECE, end - at))
        if not piece:
            return False
        found = zlib.crc32(piece, found)
        at += len(piece)
    return found == int.from_bytes(read_at(stream, end, 4), "big")


CARVER = Png()
