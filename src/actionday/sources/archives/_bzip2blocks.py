"""Bzip2 behind a damage: block by block, whatever bit each begins at.

Source: bzip2 1.0.8 and the format it writes (48 bits in front of each block and of the end, CRC a block and a stream);
bzip2recover(1), which cuts blocks out the same way.
"""

import re
from bz2 import BZ2Decompressor
from collections.abc import Iterator
from functools import partial

from actionday.sources.archives._careful import Course, unit
from actionday.sources.archives._streams import BLOCK, Window

BLOCKS, END = 0x314159265359, 0x177245385090
MARK, SUM, HEAD = 48, 32, 4
_OVERLAP = 8
LARGEST = 4 << 20
"""Bytes of a block at most: 900,000 bytes that cannot be made smaller take 1.01 of that, and its tables."""


def _patterns() -> tuple[tuple[bytes, int, int], ...]:
    """Return the whole bytes within each mark at each of the eight bits, the mark, and the bit it begins at."""
    found = []
    for mark in (BLOCKS, END):
        found.append((mark.to_bytes(6), mark, 0))
        found += [((mark << 8 - bit).to_bytes(7)[1:6], mark, bit) for bit in range(1, 8)]
    return tuple(found)


_PATTERNS = _patterns()


def blocks(stream: Window, course: Course) -> Iterator[bytes]:
    """Yield what the blocks hold, each as far as it can be unpacked; never raises."""
    marks, ended, combined, fresh, whole = _marks(stream), 0, 0, True, True
    begin = next(marks, None)
    while begin is not None and not course.spent:
        at, mark = begin
        begin = next(marks, None)
        if fresh:
            headed = _is_head(stream, at)
            strange = _between(stream, ended, at // 8 - HEAD if headed else at // 8, course)
            course.torn += strange or not headed
            fresh, whole = False, True
        if mark == END:
            if whole and _number(stream, at + MARK, SUM) != combined:
                course.breaks()
            ended, combined, fresh = (at + MARK + SUM + 7) // 8, 0, True
            continue
        over = min(begin[0] if begin is not None else stream.size * 8, at + LARGEST * 8)
        sound = yield from unit(BZ2Decompressor, partial(_piece, stream, at, over))
        if sound:
            course.goes_on(at // 8)
        else:
            whole = False
            course.breaks()
            course.spends((over - at) // 8)
        combined = ((combined << 1 | combined >> 31) & 0xFFFFFFFF) ^ _number(stream, at + MARK, SUM)
    if fresh and begin is None:
        _between(stream, ended, stream.size, course)


def _is_head(stream: Window, at: int) -> bool:
    stream.seek(max(0, at // 8 - HEAD))
    return at % 8 == 0 and re.fullmatch(rb"BZh[1-9]", stream.read(HEAD)) is not None


def _between(stream: Window, begin: int, end: int, course: Course) -> bool:
    """Take in what stands between two streams; return whether it is more than zeros."""
    stream.seek(begin)
    head = stream.read(min(BLOCK, max(0, end - begin)))
    begin += len(head) - len(head.lstrip(b"\0"))
    if end <= begin or not head.strip(b"\0"):
        return False
    course.passes(begin, end)
    return True


def _marks(stream: Window) -> Iterator[tuple[int, int]]:
    """Yield the bit at which each mark begins, and the mark, in order."""
    held, start, passed = b"", 0, -1
    stream.seek(0)
    while True:
        stream.seek(start + len(held))
        data = stream.read(BLOCK)
        if not data:
            return
        held += data
        found = []
        for pattern, mark, bit in _PATTERNS:
            place = held.find(pattern)
            while place >= 0:
                first = (start + place - (bit > 0)) * 8 + bit
                if first > passed and _within(held, place - (bit > 0), bit, mark):
                    found.append((first, mark))
                place = held.find(pattern, place + 1)
        for first, mark in sorted(found):
            passed = first
            yield first, mark
        kept = held[-_OVERLAP:]
        start, held = start + len(held) - len(kept), kept


def _within(held: bytes, place: int, bit: int, mark: int) -> bool:
    given = held[max(place, 0) : place + 7]
    if place < 0 or (len(given) < 7 and bit):
        return False
    return bit == 0 or int.from_bytes(given) >> 8 - bit & (1 << MARK) - 1 == mark


def _number(stream: Window, bit: int, length: int) -> int:
    stream.seek(bit // 8)
    given = stream.read((bit % 8 + length + 7) // 8)
    return int.from_bytes(given) >> max(0, len(given) * 8 - bit % 8 - length) & (1 << length) - 1


def _piece(stream: Window, at: int, end: int) -> Iterator[bytes]:
    """Yield the block of the bits from ``at`` to ``end`` as a stream of its own."""
    bits = _number(stream, at, end - at)
    own = _number(stream, at + MARK, SUM)
    length = end - at + MARK + SUM
    whole = (bits << MARK | END) << SUM | own
    yield b"BZh9" + (whole << -length % 8).to_bytes((length + 7) // 8)
