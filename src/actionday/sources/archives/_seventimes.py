"""Times of a 7z's members, for those before 1970, which libarchive tells as the first second of that year.

Source: 7-Zip's 7zFormat.txt (header, packed header, ``kMTime``); FILETIME counts 100 ns since 1601.
"""

import lzma
from collections.abc import Callable

from actionday.model import Stream

HEADER, PACKED, TIMES = b"\x01", b"\x17", 0x14
LZMA = b"\x03\x01\x01"
EPOCH = 11_644_473_600
"""Seconds from 1601 to 1970."""
MOST = 64 << 20
"""Bytes of a list of members, unpacked; one of a million files has about 60 MB."""


def times(stream: Stream) -> tuple[int, ...]:
    """Return the FILETIME of each member in the order of the list; none where not every member has one."""
    try:
        return _times(_list(stream))
    except (lzma.LZMAError, EOFError, IndexError, ValueError):
        return ()


def moment(ticks: int) -> tuple[int, int] | None:
    """Return seconds and nanoseconds since 1970; None for 0, which says that no time was set."""
    if not ticks:
        return None
    return ticks // 10_000_000 - EPOCH, ticks % 10_000_000 * 100


def _list(stream: Stream) -> bytes:
    stream.seek(12)
    start = stream.read(16)
    offset, size = int.from_bytes(start[:8], "little"), int.from_bytes(start[8:], "little")
    if not 0 < size <= MOST:
        return b""
    stream.seek(32 + offset)
    head = stream.read(size)
    return unpacked_list(stream, head) if head[:1] == PACKED else head


def unpacked_list(stream: Stream, head: bytes) -> bytes:
    """Return the list that ``head`` leads to: one stream of LZMA, as 7-Zip writes it. Raises ValueError for others."""
    value, at = reader(head, 1)
    if at(1) != b"\x06":
        raise ValueError("no pack info")
    offset, streams = value(), value()
    if streams != 1 or at(1) != b"\x09":
        raise ValueError("more than one stream")
    packed = value()
    while (kind := at(1)) != b"\0":
        if kind != b"\x0a" or at(1) != b"\1":
            raise ValueError("no digests")
        at(4)
    if at(4) != b"\x07\x0b\x01\x00" or at(2) != b"\x01\x23" or at(3) != LZMA or at(1) != b"\x05":
        raise ValueError("not LZMA alone")
    properties = at(5)
    if at(1) != b"\x0c" or not 0 < (size := value()) <= MOST or properties[0] >= 225:
        raise ValueError("no size")
    literal, dictionary = properties[0], int.from_bytes(properties[1:], "little")
    known = {"id": lzma.FILTER_LZMA1, "lc": literal % 9, "lp": literal // 9 % 5, "pb": literal // 45,
             "dict_size": min(max(dictionary, 4096), MOST)}  # fmt: skip
    stream.seek(32 + offset)
    decoder = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[known])
    return decoder.decompress(stream.read(min(packed, MOST)), size)


def reader(data: bytes, at: int) -> tuple[Callable[[], int], Callable[[int], bytes]]:
    """Return what reads the next number (as many bytes as the first one's leading bits say), and the next bytes."""
    place = at

    def take(length: int) -> bytes:
        nonlocal place
        place += length
        return data[place - length : place]

    def number() -> int:
        first, value, mask = take(1)[0], 0, 0x80
        for index in range(8):
            if not first & mask:
                return value | (first & (mask - 1)) << (8 * index)
            value |= take(1)[0] << (8 * index)
            mask >>= 1
        return value

    return number, take


def _times(head: bytes) -> tuple[int, ...]:
    """Return the times of the last property that is one: every member defined, none elsewhere."""
    at = len(head)
    while (at := head.rfind(bytes([TIMES]), 0, at)) >= 0:
        value, take = reader(head, at + 1)
        size = value()
        if size >= 10 and size % 8 == 2 and take(2) == b"\x01\x00":
            raw = take(size - 2)
            if len(raw) == size - 2:
                return tuple(int.from_bytes(raw[each : each + 8], "little") for each in range(0, len(raw), 8))
    return ()
