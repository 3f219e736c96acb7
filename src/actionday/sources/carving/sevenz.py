"""7z archives: the first header leads to the last, both with checksums.

Source: 7-Zip, 7zFormat.txt (signature header).
"""

from zlib import crc32

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.archives._marks import SEVEN
from actionday.sources.carving._base import Plain
from actionday.sources.carving._carver import Carved

MOST_HEADER = 16 << 20


class Sevenz(Plain):
    """7z in one piece."""

    name, suffix = "carve-sevenz", ".7z"
    marks = (SEVEN,)
    most = 4 << 30

    def carve(self, stream: Stream) -> Carved | None:
        """Return an archive whose first header has its checksum; whole where the last one has its own."""
        head = read_at(stream, 0, 32)
        if len(head) < 32 or crc32(head[12:32]) != int.from_bytes(head[8:12], "little"):
            return None
        at, length = (int.from_bytes(head[start : start + 8], "little") for start in (12, 20))
        size = 32 + at + length
        if size > stream.size or length > MOST_HEADER or not length:
            return Carved(min(size, stream.size), whole=False) if size > stream.size else None
        whole = crc32(read_at(stream, 32 + at, length)) == int.from_bytes(head[28:32], "little")
        return Carved(size, whole=whole, sure="checksums")


CARVER = Sevenz()
