"""Bzip2: the streams of a file, one after the other, as one content.

Source: bzip2 1.0.8 manual and the format it writes (``BZh1`` to ``BZh9``; CRC a block and a stream).
"""

from bz2 import BZ2Decompressor
from collections.abc import Iterator

from actionday.sources.archives._pump import Decoder, pump
from actionday.sources.archives._streams import Behind, Notes, Readable

MAGIC = b"BZh"


class _Bzip2:
    name, padding, magic = "bzip2", b"", MAGIC

    def decoder(self) -> Decoder:
        return BZ2Decompressor()

    def needs(self, head: bytes) -> str:  # noqa: ARG002
        return ""


def bunzip(source: Readable, note: Notes, behind: Behind | None = None) -> Iterator[bytes]:
    """Yield the content; raises Damaged where it breaks off or a CRC differs."""
    return pump(_Bzip2(), source, note, behind)
