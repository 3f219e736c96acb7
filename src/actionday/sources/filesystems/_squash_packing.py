"""What a block of SquashFS holds, whatever it is packed with.

Source: squashfs-tools, ``*_wrapper.c``; Linux kernel, ``fs/squashfs/*_wrapper.c``.
"""

import lzma
import zlib
from io import BytesIO

from zstandard import CONTENTSIZE_UNKNOWN, ZstdDecompressor, ZstdError, frame_content_size

from actionday.model import Damaged
from actionday.sources.archives._raw import unpack as by_libarchive
from actionday.sources.filesystems._lzo import unpacked as unlzo
from actionday.sources.filesystems._squash_super import COMPRESSIONS, GZIP, LZ4, LZMA, LZO, XZ
from actionday.sources.filesystems._tsk_runs import BadMap

PROPERTIES, HEADER = 5, 13
MEMORY = 64 << 20
"""Bytes an LZMA dictionary may take: the largest block is 1 MiB, and no tool makes a dictionary larger than that."""
WINDOW = 8 << 20
LEGACY = b"\x02\x21\x4c\x18"


class _Frame(BytesIO):
    """A frame of one block, as a stream."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.size = len(data)


def unpack(compression: int, data: bytes, most: int) -> bytes:
    """Return what a packed block holds. Raises BadMap where that fails, or gives more than ``most`` bytes."""
    try:
        made = _unpacked(compression, data, most)
    except (zlib.error, lzma.LZMAError, ZstdError, Damaged, EOFError) as error:
        raise BadMap(f"cannot be unpacked ({COMPRESSIONS[compression]}: {error})") from error
    if len(made) > most:
        raise BadMap(f"holds more than {most} bytes")
    return made


def _unpacked(compression: int, data: bytes, most: int) -> bytes:
    if compression == GZIP:
        inflating = zlib.decompressobj()
        made = inflating.decompress(data, most + 1)
        if not inflating.eof and len(made) <= most:
            raise EOFError("it breaks off")
        return made
    if compression == XZ:
        return _lzma(lzma.LZMADecompressor(lzma.FORMAT_XZ, MEMORY), data, most)
    if compression == LZMA:
        return _alone(data, most)
    if compression == LZO:
        return unlzo(data, most)
    if compression == LZ4:
        return b"".join(by_libarchive(_Frame(LEGACY + len(data).to_bytes(4, "little") + data), "lz4"))
    told = frame_content_size(data)
    if told not in (-1, CONTENTSIZE_UNKNOWN) and told > most:
        raise BadMap(f"holds more than {most} bytes")
    return ZstdDecompressor(max_window_size=WINDOW).decompress(data, max_output_size=most)


def _lzma(unpacking: lzma.LZMADecompressor, data: bytes, most: int) -> bytes:
    made = unpacking.decompress(data, most + 1)
    if not unpacking.eof and len(made) <= most:
        raise EOFError("it breaks off")
    return made


def _alone(data: bytes, most: int) -> bytes:
    """LZMA by itself: its header tells the size, and the stream may have no end of its own."""
    size = int.from_bytes(data[PROPERTIES:HEADER], "little")
    if size > most:
        raise BadMap(f"holds more than {most} bytes")
    unpacking = lzma.LZMADecompressor(lzma.FORMAT_ALONE, MEMORY)
    made = unpacking.decompress(data[:PROPERTIES] + b"\xff" * 8 + data[HEADER:], size)
    if len(made) != size:
        raise EOFError(f"it breaks off after {len(made)} of {size} bytes")
    return made
