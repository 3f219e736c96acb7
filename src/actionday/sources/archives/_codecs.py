"""The decoder of a compression, chosen by the first bytes: for formats that hold a compressed stream (rpm).

Source: the modules of each compression.
"""

from collections.abc import Callable, Iterator

from actionday.model import Stream
from actionday.sources.archives import _bzip2, _gzip, _xz, _zstd
from actionday.sources.archives._streams import Notes

Decoder = Callable[[Stream, Notes], Iterator[bytes]]


def decoder(head: bytes) -> Decoder | None:
    """Return what unpacks a stream that begins with ``head``, None when it is no compression known here."""
    if head.startswith(_gzip.MAGIC):
        return _gzip.gunzip
    if head.startswith(_bzip2.MAGIC):
        return _bzip2.bunzip
    if head.startswith(_xz.MAGIC):
        return _xz.unxz
    if _zstd.is_zstd(head):
        return _zstd.unzstd
    return _xz.unlzma if _xz.is_lzma(head) else None
