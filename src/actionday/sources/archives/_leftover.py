"""Bytes of a container that belong to nothing it lists: named and given as items, so that what they are is told.

Source: none; formats end where their own marks say, and programs (and people) append to them.
"""

from collections.abc import Iterator

from actionday.model import Context, Found, Kind, Stream
from actionday.model.counted import counted
from actionday.model.streams import read_at
from actionday.sources.archives._streams import BLOCK

BLANK = b"\0\t\n\r \x1a"
"""Padding of tapes, sectors and editors: nothing anybody hid."""
ERASED = BLANK + b"\xff"
"""With what erased flash memory reads as: no more than padding where there is nothing else."""
LEAST = 4
"""Bytes; fewer hold no word."""
BEHIND = "behind the end"
BEFORE = "before the beginning"
BETWEEN = "between members"


def solid(stream: Stream, start: int, end: int) -> tuple[int, int]:
    """Return ``start`` and ``end`` without the padding at both sides; equal ones when nothing else is there."""
    if not any(block.strip(ERASED) for _, block in _blocks(stream, start, end)):
        return end, end
    first = next((at for at, block in _blocks(stream, start, end) if block.strip(BLANK)), end)
    head = read_at(stream, first, min(BLOCK, end - first))
    first += len(head) - len(head.lstrip(BLANK))
    last = end
    while last > first:
        block = read_at(stream, max(first, last - BLOCK), last - max(first, last - BLOCK))
        kept = block.rstrip(BLANK)
        last -= len(block) - len(kept)
        if kept or not block:
            break
    return (first, last) if last - first >= LEAST else (end, end)


def left_over(stream: Stream, start: int, end: int, name: str) -> Iterator[Found]:
    """Yield the bytes from ``start`` to ``end`` as an item that lies where it is, unless they are padding.

    All of a stream is no part of it: where nothing else was found, it is no container, and its own text is read.
    """
    first, last = solid(stream, start, end)
    if first < last and (first, end) != (0, stream.size):
        size = end - first  # padding behind may be its own: a stored picture, the zeros of a tar
        yield Found(name=name if start == 0 or name == BEHIND else f"{name} @{first}", kind=Kind.MEMBER,
                    place=f"+{first}", size=size, runs=((first, size),),
                    meta={"offset": first})  # fmt: skip


def behind(stream: Stream, end: int, around: Context, what: str) -> Iterator[Found]:
    """Yield what follows ``end``, with a line in the issue log."""
    for found in left_over(stream, end, stream.size, BEHIND):
        around.note(
            "trailing", f"{what}: {counted(found.size or 0, 'byte')} from byte {end} on, behind its end"
        )
        yield found


def _blocks(stream: Stream, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    at = start
    while at < end and (block := read_at(stream, at, min(BLOCK, end - at))):
        yield at, block
        at += len(block)
