"""gzip: the content is unpacked, for nothing else tells where it ends, and held against its checksum and length.

Source: RFC 1952, 2.3 (member format).
"""

import zlib

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.carving._base import Plain
from actionday.sources.carving._carver import Carved

PIECE = 64 << 10
AT_ONCE = 1 << 20
RATIO, AFTER = 100, 1 << 20
"""Bytes unpacked for one, once so many came out, from which on it is none here: logs give 30, and bombs cost time."""
RESERVED = 0xE0


class Gzip(Plain):
    """One member of gzip."""

    name, suffix = "carve-gzip", ".gz"
    marks = (b"\x1f\x8b\x08",)

    def carve(self, stream: Stream) -> Carved | None:
        """Return a member that unpacks to its end; one that breaks off is none, for chance begins thousands."""
        head = read_at(stream, 0, 10)
        if (
            len(head) < 10
            or head[3] & RESERVED
            or head[8] not in (0, 2, 4)
            or head[9] not in (*range(14), 255)
        ):
            return None
        unpacked = zlib.decompressobj(wbits=31)
        at = out = 0
        while at < stream.size and not unpacked.eof:
            data = read_at(stream, at, PIECE)
            at += len(data)
            while data and not unpacked.eof:
                try:
                    out += len(unpacked.decompress(data, AT_ONCE))
                except zlib.error:
                    return None
                data = unpacked.unconsumed_tail
                if out > AFTER and out > RATIO * at:
                    return None
        if not unpacked.eof or not out:
            return None
        return Carved(at - len(unpacked.unused_data), sure="checksums")


CARVER = Gzip()
