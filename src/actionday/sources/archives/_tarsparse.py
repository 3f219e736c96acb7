"""Sparse members of tar: which parts of a file were stored, and where.

Source: GNU tar manual, "Storing Sparse Files": old GNU format, PAX formats 0.0, 0.1 and 1.0.
"""

from collections.abc import Callable, Sequence

from actionday.model import Damaged, Run
from actionday.sources.archives._tarheader import RECORD, Header, number
from actionday.sources.archives._tarremnants import Remnant, remnant

Segment = tuple[int, int]
"""Offset and length in the file; the stored bytes of all segments follow one another."""

_MOST = 250_000  # segments of one member: 40 MB of memory, more than any file system makes by itself


def old_gnu(
    header: Header, extension: Callable[[], bytes], at: int, rests: list[Remnant]
) -> tuple[list[Segment], int]:
    """Return segments and real size; ``extension`` returns the next block of 512 bytes of the map.

    What stands in the map behind its last segment is added to ``rests``; the header is at byte ``at``.
    """
    segments = _pairs(header.block[386:482])
    rests += remnant(header.block[386 + 24 * len(segments) : 482], at + 386 + 24 * len(segments))
    more = header.block[482]
    while more:
        block, at, before = extension(), at + RECORD, len(segments)
        if len(block) < RECORD:
            raise Damaged("tar: ends inside the map of a sparse member")
        segments += _pairs(block[:504])
        over = 24 * (len(segments) - before)
        rests += (*remnant(block[over:504], at + over), *remnant(block[505:], at + 505))
        more = block[504]
        _bounded(segments)
    return segments, number(header.block[483:495]) or 0


def _pairs(field: bytes) -> list[Segment]:
    found = []
    for at in range(0, len(field) - 23, 24):
        if not field[at]:
            break
        offset, length = number(field[at : at + 12]), number(field[at + 12 : at + 24])
        if offset is None or length is None:
            raise Damaged("tar: the map of a sparse member holds no number")
        found.append((offset, length))
    return found


def from_numbers(numbers: Sequence[bytes]) -> list[Segment]:
    """Return the segments of PAX formats 0.0 and 0.1: offset, length, offset, length …"""
    try:
        values = [int(each) for each in numbers]
    except ValueError as error:
        raise Damaged("tar: the map of a sparse member holds no number") from error
    if len(values) % 2:
        raise Damaged("tar: the map of a sparse member ends within a segment")
    _bounded(values)
    return list(zip(values[::2], values[1::2], strict=False))


def in_front(read: Callable[[], bytes], at: int, rests: list[Remnant]) -> tuple[list[Segment], int]:
    """Return the segments of PAX format 1.0 and how many bytes of the member they took.

    ``read`` returns the member's next block of 512 bytes, the first from byte ``at`` on. What stands behind the last
    number in its block is added to ``rests``.
    """
    numbers: list[bytes] = []
    data, wanted, taken = b"", 1, 0
    while len(numbers) < wanted:
        line, newline, rest = data.partition(b"\n")
        if not newline:
            block = read()
            if len(block) < RECORD or len(data) > RECORD:
                raise Damaged("tar: ends inside the map of a sparse member")
            data, taken = data + block, taken + RECORD
            continue
        if not line.isdigit() or len(line) > 20:
            raise Damaged("tar: the map of a sparse member holds no number")
        numbers.append(line)
        wanted, data = (2 * int(numbers[0]) + 1, rest)
        _bounded(numbers)
    rests += remnant(data, at + taken - len(data))
    return from_numbers(numbers[1:]), taken


def _bounded(values: Sequence[object]) -> None:
    if len(values) > 2 * _MOST:
        raise Damaged(f"tar: the map of a sparse member has more than {_MOST} segments")


def runs(segments: Sequence[Segment], start: int, stored: int, size: int) -> tuple[Run, ...]:
    """Return the file of ``size`` bytes as runs of the archive, its ``stored`` bytes beginning at ``start``.

    Raises Damaged when the segments overlap, lie outside the file, or need more bytes than were stored.
    """
    made: list[Run] = []
    at, used = 0, 0
    for offset, length in segments:
        if offset < at or length < 0 or offset + length > size or used + length > stored:
            raise Damaged("tar: the map of a sparse member contradicts its size")
        if offset > at:
            made.append((-1, offset - at))
        if length:
            made.append((start + used, length))
        at, used = offset + length, used + length
    if at < size:
        made.append((-1, size - at))
    return tuple(made)
