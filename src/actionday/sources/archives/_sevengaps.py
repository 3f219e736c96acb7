"""Bytes of a 7z that neither its contents nor its lists take up.

Source: 7-Zip's 7zFormat.txt (signature header, ``kPackInfo``: where packed streams begin, and their sizes).
"""

import lzma
from collections.abc import Iterator

from actionday.model import Stream
from actionday.sources.archives._seventimes import HEADER, MOST, PACKED, reader, unpacked_list

BEGIN = 32
"""Bytes of the signature header, from which all places count."""
STREAMS, PACK_INFO, SIZES = b"\x04", b"\x06", b"\x09"
MOST_STREAMS = 1_000_000


def gaps(stream: Stream) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each gap; none where the list is of a kind that is not understood."""
    try:
        taken = sorted(_taken(stream))
    except (lzma.LZMAError, EOFError, IndexError, ValueError):
        return
    at = BEGIN
    for begin, end in taken:
        if begin > at:
            yield at, begin
        at = max(at, end)


def _taken(stream: Stream) -> list[tuple[int, int]]:
    stream.seek(12)
    start = stream.read(16)
    offset, size = int.from_bytes(start[:8], "little"), int.from_bytes(start[8:], "little")
    if not 0 < size <= MOST or BEGIN + offset + size > stream.size:
        raise ValueError("no list")
    stream.seek(BEGIN + offset)
    head = stream.read(size)
    taken = [(BEGIN + offset, BEGIN + offset + size)]
    if head[:1] == PACKED:
        taken.append(_streams(head, 1))
        head = unpacked_list(stream, head)
    if head[:1] != HEADER or head[1:2] not in (STREAMS, b"\x05"):
        raise ValueError("other lists before the streams")
    return [*taken, _streams(head, 2)] if head[1:2] == STREAMS else taken


def _streams(head: bytes, at: int) -> tuple[int, int]:
    """Return where packed streams begin, which lie one behind the other, and where the last one ends."""
    value, take = reader(head, at)
    if take(1) != PACK_INFO:
        raise ValueError("no pack info")
    offset, count = value(), value()
    if count > MOST_STREAMS or (count and take(1) != SIZES):
        raise ValueError("no sizes")
    return BEGIN + offset, BEGIN + offset + sum(value() for _ in range(count))
