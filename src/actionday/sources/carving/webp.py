"""WebP pictures: the size of the RIFF file, and chunks that fill it.

Source: RFC 9649 (WebP), 2.3 to 2.7.
"""

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.carving._base import Plain
from actionday.sources.carving._carver import LENGTH, Carved

FIRST = (b"VP8 ", b"VP8L", b"VP8X")
MOST_CHUNKS = 100_000
FEW = 2
"""Chunks by which nothing is held against the bytes but their lengths."""


class Webp(Plain):
    """WebP, animated ones too."""

    name, suffix = "carve-webp", ".webp"
    marks = (b"RIFF",)

    def carve(self, stream: Stream) -> Carved | None:
        """Return a picture whose first chunk is one of WebP; cut where chunks do not fill the size it tells."""
        head = read_at(stream, 0, 20)
        size = 8 + int.from_bytes(head[4:8], "little")
        if head[8:12] != b"WEBP" or head[12:16] not in FIRST or size < 20:
            return None
        at = 12
        for number in range(MOST_CHUNKS):
            part = read_at(stream, at, 8)
            length = int.from_bytes(part[4:], "little")
            if len(part) < 8 or not part[:4].isascii() or at + 8 + length > min(size, stream.size):
                break
            few = number < FEW
            at += 8 + length + length % 2
            if at >= size:
                return Carved(size, sure=LENGTH if few else "structure") if size <= stream.size else None
        return Carved(min(at, size, stream.size), whole=False) if at > 12 else None


CARVER = Webp()
