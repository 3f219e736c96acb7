"""What the packed bytes of a part hold, to their own end: what a header declares is for others to compare.

Source: PKWARE APPNOTE.TXT 6.3.10, 4.4.5 (methods), 5.8 (LZMA); RFC 1951.
"""

import bz2
import lzma
import zlib
from collections.abc import Iterator
from contextlib import suppress

from actionday.mime.zipped.parts import BZIP2, DEFLATED, LZMA, STORED
from actionday.model import Damaged
from actionday.model.foreign import PACKED, plainly

CHUNK = 256 * 1024
STEP = 64 * 1024
FINE = 32
"""Bytes that are given at once up to a fault: what may be lost before it."""


def unpacked(packed: memoryview, method: int) -> Iterator[bytes]:
    """Yield what is packed. Raises Damaged where it breaks off, contradicts its method, or that is not read here."""
    if method == STORED:
        return (bytes(packed[at : at + CHUNK]) for at in range(0, len(packed), CHUNK))
    if method == DEFLATED:
        return _inflated(packed)
    if method == BZIP2:
        return _decoded(bz2.BZ2Decompressor(), packed)
    if method == LZMA and bytes(packed[2:4]) == b"\5\0" and bytes(packed[4:5]) < b"\xe1":
        return _decoded(_lzma(bytes(packed[4:9])), packed[9:])
    raise Damaged(f"it is written in a way that is not read here (zip method {method})")


def _inflated(packed: memoryview) -> Iterator[bytes]:
    decoder, at = zlib.decompressobj(-15), 0
    while not decoder.eof:
        given = packed[at : at + STEP]
        before = decoder.copy()
        try:
            chunk = decoder.decompress(given, CHUNK)
        except zlib.error as error:
            yield from _salvaged(before, given)
            raise Damaged(plainly(error)) from error
        at += len(given) - len(decoder.unconsumed_tail)
        if chunk:
            yield chunk
        elif not given and not decoder.eof:
            raise Damaged(f"{PACKED} (it breaks off)")


def _salvaged(decoder: "zlib._Decompress", packed: memoryview) -> Iterator[bytes]:
    """Yield what comes before a fault: zlib gives nothing of a call that fails."""
    with suppress(zlib.error):
        for at in range(0, len(packed), FINE):
            given: bytes | memoryview = packed[at : at + FINE]
            while chunk := decoder.decompress(given, CHUNK):
                yield chunk
                given = decoder.unconsumed_tail


def _lzma(properties: bytes) -> lzma.LZMADecompressor:
    literal, dictionary = properties[0], int.from_bytes(properties[1:], "little")
    known = {"id": lzma.FILTER_LZMA1, "lc": literal % 9, "lp": literal // 9 % 5, "pb": literal // 45,
             "dict_size": min(max(dictionary, 4096), 256 << 20)}  # fmt: skip
    try:
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[known])
    except lzma.LZMAError as error:
        raise Damaged(plainly(error)) from error


def _decoded(decoder: bz2.BZ2Decompressor | lzma.LZMADecompressor, packed: memoryview) -> Iterator[bytes]:
    at = 0
    try:
        while not decoder.eof:
            given = packed[at : at + STEP] if decoder.needs_input else b""
            at += len(given)
            if chunk := decoder.decompress(given, CHUNK):
                yield chunk
            elif not given and decoder.needs_input:
                return  # LZMA may have no end mark: size and CRC decide
    except (lzma.LZMAError, OSError, EOFError, ValueError) as error:
        raise Damaged(plainly(error)) from error
