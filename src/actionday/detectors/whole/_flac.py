"""Whether a FLAC is whole: its blocks, and whether its last frame is the last of the samples it counts.

Source: RFC 9639, 8.2 (STREAMINFO), 9.1 (frame header, coded number, CRC-8), 9.3 (CRC-16 behind a frame).
"""

import re
from collections.abc import Iterator

from actionday.detectors.whole._content import Content, broken
from actionday.detectors.whole._walk import walk
from actionday.model import Note

FRAME = re.compile(rb"\xff[\xf8\xf9]")
REACH = 1 << 18
"""Bytes before the end in which the last frame begins: 65,535 samples of eight channels of 16 bits take less."""
BLOCKS = {1: 192, **{n: 576 << n - 2 for n in range(2, 6)}, **{n: 256 << n - 8 for n in range(8, 16)}}
TAGS = (b"TAG", b"APETAGEX", b"3DI")


def _table(polynomial: int, bits: int) -> tuple[int, ...]:
    found = []
    for value in range(256):
        value <<= bits - 8
        for _ in range(8):
            value = value << 1 ^ (polynomial if value >> bits - 1 else 0)
        found.append(value & (1 << bits) - 1)
    return tuple(found)


EIGHT, SIXTEEN = _table(0x107, 8), _table(0x18005, 16)


def flac(content: Content) -> Note | None:
    """Go through the blocks; of the frames only the last, whose number and checksum tell (5 ms)."""
    last, samples, fixed = False, 0, 0

    def block(at: int, head: bytes) -> int | Note | None:
        nonlocal last, samples, fixed
        if last:
            return _sound(content, at, samples, fixed)
        if len(head) < 4:
            return at + 4
        last = bool(head[0] & 0x80)
        if head[0] & 0x7F == 0:
            fixed = content.number(at + 4, 2, "big")
            samples = content.number(at + 14, 8, "big") & (1 << 36) - 1
        return at + 4 + int.from_bytes(head[1:], "big")

    return walk(content, "FLAC", 4, 4, block)


def _sound(content: Content, at: int, samples: int, fixed: int) -> Note | None:
    """Look for the last frame behind byte ``at``, of ``samples`` in frames of ``fixed``."""
    begin = max(at, content.size - REACH)
    end = content.at(begin, REACH)
    if end is None or any(end.rfind(mark, max(0, len(end) - 160)) >= 0 for mark in TAGS):
        return None  # behind a tag nobody is sure where the frames end
    found = None
    for found in _frames(end):  # noqa: B007
        pass
    if found is None:
        return broken("FLAC", "no frame of its sound is there") if samples else None
    start, number, count, variable = found
    reached = (number if variable else number * fixed) + count
    if samples and reached < samples:
        return broken("FLAC", f"of {samples} samples that it counts {reached} are there")
    if _sum(end[start:], SIXTEEN, 16):
        return broken("FLAC", f"its last frame, at byte {begin + start}, is not whole")
    return None


def _frames(data: bytes) -> Iterator[tuple[int, int, int, bool]]:
    """Yield where each frame begins, its number, its samples, and whether the number is that of its first sample."""
    for mark in FRAME.finditer(data):
        at = mark.start()
        head = data[at : at + 16]
        if len(head) < 6 or head[3] & 1 or not head[2] >> 4 or head[2] & 15 == 15:
            continue
        length = max(1, 8 - (head[4] ^ 0xFF).bit_length())
        number = head[4] & (0xFF >> length)
        for each in head[5 : 4 + length]:
            number = number << 6 | each & 0x3F
        at_end, size = 4 + length, head[2] >> 4
        count = BLOCKS.get(size, 0)
        if size in (6, 7):
            count = int.from_bytes(head[at_end : at_end + size - 5], "big") + 1
            at_end += size - 5
        at_end += {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
        if at_end < len(head) and not _sum(head[: at_end + 1], EIGHT, 8):
            yield at, number, count, bool(head[1] & 1)


def _sum(data: bytes, table: tuple[int, ...], bits: int) -> int:
    value, over = 0, (1 << bits) - 1
    for each in data:
        value = (value << 8 & over) ^ table[value >> bits - 8 ^ each]
    return value
