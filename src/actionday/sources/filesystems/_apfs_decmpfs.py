"""Files that Apple's systems keep compressed, in an attribute or in a resource fork, in pieces of 64 KiB.

Source: Apple, xnu, ``bsd/sys/decmpfs.h`` (header and types); linux-apfs-rw, ``compress.c`` (how each type lies).
"""

import struct
import zlib
from collections.abc import Callable, Sequence
from io import RawIOBase
from itertools import pairwise
from typing import BinaryIO, NamedTuple, cast

from actionday.model import Damaged, Stream
from actionday.model.streams import Piecewise
from actionday.sources.filesystems._lzfse import unlzfse
from actionday.sources.filesystems._lzvn import unlzvn
from actionday.sources.filesystems._tsk_bytes import u32, u64
from actionday.sources.filesystems._tsk_runs import BadMap

ATTRIBUTE, FORK = b"com.apple.decmpfs", b"com.apple.ResourceFork"
MAGIC, HEADER = b"fpmc", 16
PIECE = 1 << 16
LARGEST = 1 << 24
"""Bytes that one attribute may unpack to: such a file is some KiB long, the rest is a hostile header."""
MOST_PIECES = 1 << 20
"""64 GiB."""
PLAIN, ZLIB, LZVN, LZFSE = "not compressed", "zlib", "LZVN", "LZFSE"
KINDS = {1: PLAIN, 3: ZLIB, 4: ZLIB, 7: LZVN, 8: LZVN, 9: PLAIN, 10: PLAIN, 11: LZFSE, 12: LZFSE}
NAMED = {5: "de-duplicated within the generation store", 13: "LZBITMAP", 14: "LZBITMAP"}
FORKED = (4, 8, 10, 12)
HEAD_OF_FORK = b"\0\0\1\0"


class Header(NamedTuple):
    """What the attribute says: in which way, and how many bytes the file has; then the bytes where they are in it."""

    kind: int
    size: int
    data: bytes

    @property
    def forked(self) -> bool:
        """Whether the content lies in the resource fork."""
        return self.kind in FORKED

    @property
    def way(self) -> str:
        """What it is compressed by; "" where that is not known."""
        return KINDS.get(self.kind, "")

    @property
    def why(self) -> str:
        """Why it is not unpacked."""
        return f"compressed in a way that is not unpacked here ({NAMED.get(self.kind, 'unknown')}, type {self.kind})"


def header_of(raw: bytes) -> Header:
    """Return the header. Raises BadMap."""
    if len(raw) < HEADER or raw[:4] != MAGIC:
        raise BadMap("it is marked as compressed, and its attribute does not say how")
    return Header(u32(raw, 4), u64(raw, 8), raw[HEADER:])


class Compressed:
    """Opens a compressed file, as often as it is asked."""

    anywhere = True

    def __init__(self, header: Header, fork: Callable[[], Stream]) -> None:
        self._of = header, fork

    def __call__(self) -> BinaryIO:
        return cast("BinaryIO", _Unpacked(*self._of))


class _Unpacked(Piecewise, RawIOBase):
    """The content, from anywhere on."""

    def __init__(self, header: Header, fork: Callable[[], Stream]) -> None:
        super().__init__(header.size)
        self._header, self._fork = header, fork
        self._source: Stream | None = None
        self._places: Sequence[tuple[int, int]] = ()
        self._last = (-1, b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def lost_until(self, at: int) -> int:
        """Return the end of the piece that cannot be unpacked, of all where it is not known where the pieces lie."""
        return min(self.size, at - at % PIECE + PIECE) if self._places else self.size

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one piece. Raises Damaged."""
        number = offset // PIECE if self._header.forked else 0
        if self._last[0] != number:
            try:
                self._last = number, self._unpacked(number)
            except BadMap as error:
                raise Damaged(f"apfs: byte {offset} of the file: {error}") from error
        within = offset - number * PIECE
        data = self._last[1][within : within + length]
        if not data:
            raise Damaged(f"apfs: byte {offset} of the file: its piece ends after {len(self._last[1])} bytes")
        return data

    def _unpacked(self, number: int) -> bytes:
        if not self._header.forked:
            if self.size > LARGEST:
                raise BadMap(f"an attribute that is said to unpack to {self.size} bytes")
            return unpacked(self._header.way, self._header.data, self.size, marked=self._header.kind != 1)
        if self._source is None:
            self._source = self._fork()
            self._places = places(self._source, -(-self.size // PIECE))
        if number >= len(self._places):
            raise BadMap(f"its resource fork ends after {len(self._places)} pieces")
        at, length = self._places[number]
        if length > 2 * PIECE:
            raise BadMap(f"a piece of {length} bytes")
        data = _read(self._source, at, length)
        return unpacked(self._header.way, data, min(PIECE, self.size - number * PIECE))


def _read(source: Stream, at: int, length: int) -> bytes:
    source.seek(at)
    data = source.read(length)
    if len(data) < length:
        raise BadMap(f"its resource fork ends after {source.size} bytes")
    return data


def places(source: Stream, count: int) -> list[tuple[int, int]]:
    """Return where the pieces of a file lie in its resource fork, and how long they are. Raises BadMap or Damaged."""
    if count > MOST_PIECES:
        raise BadMap(f"{count} pieces")
    head = _read(source, 0, 16)
    if head[:4] == HEAD_OF_FORK and int.from_bytes(head[4:8], "big") > PIECE // 256:
        begin = int.from_bytes(head[:4], "big") + 4
        told = u32(_read(source, begin, 4), 0)
        if told < count:
            raise BadMap(f"its resource fork has {told} of {count} pieces")
        table = struct.unpack(f"<{2 * count}I", _read(source, begin + 4, 8 * count))
        return [(begin + at, size) for at, size in zip(table[::2], table[1::2], strict=True)]
    ends = struct.unpack(f"<{count + 1}I", _read(source, 0, 4 * count + 4))
    if any(one > other for one, other in pairwise(ends)):
        raise BadMap("the pieces in its resource fork are not in order")
    return [(at, end - at) for at, end in pairwise(ends)]


def unpacked(way: str, data: bytes, size: int, *, marked: bool = True) -> bytes:
    """Return what a piece holds, ``size`` bytes at the most; one byte before it says if it lies open. Raises BadMap."""
    if not data:
        raise BadMap("a piece of no bytes")
    if not marked:
        return data[:size]
    if way == PLAIN:
        return data[1 : 1 + size]
    if way == ZLIB:
        if data[0] & 15 == 15:
            return data[1 : 1 + size]
        try:
            return zlib.decompressobj().decompress(data, size)
        except zlib.error as error:
            raise BadMap(f"cannot be unpacked (zlib: {error})") from error
    if way == LZVN:
        return data[1 : 1 + size] if data[0] == 6 else bytes(unlzvn(data, size)[0])
    return bytes(unlzfse(data, size)) if data[:3] == b"bvx" else data[1 : 1 + size]
