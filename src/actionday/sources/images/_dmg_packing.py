"""Chunks of an Apple disk image: what they may be, and what those hold that are packed.

Source: libmodi, "Mac OS disk image types" (block types, ADC).
"""

import bz2
import lzma
import zlib
from collections.abc import Callable, Mapping

from actionday.model import Damaged
from actionday.model.foreign import plainly

ZERO, RAW, IGNORED = 0, 1, 2
COMMENT, END = 0x7FFFFFFE, 0xFFFFFFFF
ADC, ZLIB, BZIP2, LZFSE, LZMA = range(0x80000004, 0x80000009)
NAMES = {ZERO: "zero", RAW: "raw", IGNORED: "ignored", ADC: "ADC", ZLIB: "zlib", BZIP2: "bzip2", LZFSE: "LZFSE",
         LZMA: "LZMA"}  # fmt: skip
LARGEST = 16 << 20
"""Bytes of a packed chunk: Apple makes 256 KiB or a MiB of each."""
MEMORY = 128 << 20
"""Bytes an LZMA dictionary may take."""


def unpacked(kind: int, raw: bytes, due: int) -> bytes:
    """Return the ``due`` bytes that a packed chunk holds. Raises Damaged where it holds anything else."""
    try:
        data = UNPACK[kind](raw, due)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, IndexError) as error:
        why = "it breaks off" if isinstance(error, IndexError | EOFError) else plainly(error)
        raise Damaged(f"cannot be unpacked ({NAMES[kind]}: {why})") from error
    if len(data) != due:
        raise Damaged(f"holds {'more' if len(data) > due else len(data)} instead of {due} bytes")
    return data


def _zlib(raw: bytes, due: int) -> bytes:
    inflating = zlib.decompressobj()
    data = inflating.decompress(raw, due + 1)
    if not inflating.eof and len(data) <= due:
        raise EOFError
    return data


def _bzip2(raw: bytes, due: int) -> bytes:
    return bz2.BZ2Decompressor().decompress(raw, due + 1)


def _lzma(raw: bytes, due: int) -> bytes:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, MEMORY).decompress(raw, due + 1)


def _adc(raw: bytes, due: int) -> bytes:
    """Apple data compression: runs of bytes, and copies of what was made already. Raises IndexError, Damaged."""
    made, at = bytearray(), 0
    while at < len(raw) and len(made) <= due:
        first = raw[at]
        if first & 0x80:
            size = (first & 0x7F) + 1
            if at + 1 + size > len(raw):
                raise EOFError
            made += raw[at + 1 : at + 1 + size]
            at += 1 + size
            continue
        if first & 0x40:
            size, distance, at = (first & 0x3F) + 4, (raw[at + 1] << 8 | raw[at + 2]) + 1, at + 3
        else:
            size, distance, at = (first >> 2) + 3, ((first & 3) << 8 | raw[at + 1]) + 1, at + 2
        start = len(made) - distance
        if start < 0:
            raise Damaged("cannot be unpacked (ADC: it repeats what it does not have)")
        made += (
            (made[start:] * (size // distance + 1))[:size] if distance < size else made[start : start + size]
        )
    return bytes(made)


UNPACK: Mapping[int, Callable[[bytes, int], bytes]] = {ADC: _adc, ZLIB: _zlib, BZIP2: _bzip2, LZMA: _lzma}
"""What is read; a further way of packing is one line more."""
