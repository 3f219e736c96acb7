"""LZ4 behind a damage: frame by frame, and block by block where blocks stand alone.

Source: LZ4 Frame Format 1.6.2 (descriptor and its checksum, blocks, legacy and skippable frames); xxHash 0.1.1 (XXH32).
"""

import re
from collections.abc import Generator, Iterator
from functools import partial
from io import BytesIO
from typing import NamedTuple

from actionday.model import Damaged
from actionday.model.streams import read_at
from actionday.sources.archives._careful import Course
from actionday.sources.archives._framed import skipped, walked
from actionday.sources.archives._raw import unpack
from actionday.sources.archives._streams import Window

FRAME, LEGACY = b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18"
BEGINS = re.compile(rb"\x04\x22\x4d\x18[\x40-\x7f]|\x02\x21\x4c\x18|[\x50-\x5f]\x2a\x4d\x18", re.DOTALL)
LARGEST_LEGACY = 8_421_520
"""Bytes that a block of 8 MiB has when it cannot be made smaller."""
_ALONE, _CHECKED, _SIZED, _SUMMED, _SHARED = 0x20, 0x10, 8, 4, 1
_P1, _P2, _P3, _P4, _P5 = 2654435761, 2246822519, 3266489917, 668265263, 374761393
_ALL = 0xFFFFFFFF


class _Head(NamedTuple):
    """What a frame says: its beginning for one block alone, where its blocks lie, how large and followed by what."""

    alone: bytes
    first: int
    largest: int
    check: int
    behind: int
    legacy: bool


class _Made(BytesIO):
    """A frame of one block, as a stream."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.size = len(data)


def blocks(stream: Window, course: Course) -> Iterator[bytes]:
    """Yield what the frames hold, without the blocks that are damaged; never raises."""

    def frame(at: int) -> Generator[bytes, None, int] | None:
        head = _head(stream, at)
        return None if head is None else _frame(stream, at, head, course)

    return walked(stream, course, BEGINS, partial(_is_sound, stream), frame)


def _frame(stream: Window, at: int, head: _Head, course: Course) -> Generator[bytes, None, int]:
    """Yield what the blocks of a frame give. Returns its end, -1 where its blocks do not lead there."""
    course.goes_on(at)
    end, given = _walked(stream, head), 0
    whole = Window(stream, at, (end if end >= 0 else stream.size) - at)
    try:
        for chunk in unpack(whole, "lz4"):
            given += len(chunk)
            yield chunk
    except Damaged:
        course.spends(whole.size)
        before = course.torn
        if head.alone:
            yield from _each(stream, head, given, course)
        course.torn = max(course.torn, before + 1)
        if end >= 0 and not _ends_well(stream, end):
            return -1
    return end


def _each(stream: Window, head: _Head, given: int, course: Course) -> Iterator[bytes]:
    """Yield what the blocks of a frame that stand alone hold beyond ``given`` bytes."""
    passed = 0
    for place, size in _blocks(stream, head):
        one = head.alone + read_at(stream, place, size) + (b"" if head.legacy else bytes(4))
        try:
            for chunk in unpack(_Made(one), "lz4"):
                passed += len(chunk)
                if passed > given:
                    yield chunk[-(passed - given) :]
                    given = passed
        except Damaged:
            course.breaks()
        if course.spent:
            return


def _blocks(stream: Window, head: _Head) -> Iterator[tuple[int, int]]:
    """Yield place and length of each block, with its size and what is behind it, while they are such."""
    place = head.first
    while place + 4 <= stream.size:
        size = int.from_bytes(read_at(stream, place, 4), "little")
        size = size if head.legacy else size & 0x7FFFFFFF
        whole = 4 + size + head.check
        if not size or size > head.largest or place + whole > stream.size:
            return
        yield place, whole
        place += whole


def _walked(stream: Window, head: _Head) -> int:
    """Return where a frame ends, -1 where its blocks do not lead there."""
    place = head.first
    for at, whole in _blocks(stream, head):
        place = at + whole
    if head.legacy:
        return place if place > head.first else -1
    end = place + 4 + head.behind
    return end if read_at(stream, place, 4) == bytes(4) and end <= stream.size else -1


def _ends_well(stream: Window, end: int) -> bool:
    return end == stream.size or BEGINS.match(read_at(stream, end, 5)) is not None


def _head(stream: Window, at: int) -> _Head | None:
    """Return what a frame says of itself, None where none begins."""
    given = read_at(stream, at, 19)
    if given.startswith(LEGACY):
        return _Head(LEGACY, at + 4, LARGEST_LEGACY, 0, 0, True)
    if len(given) < 7 or not given.startswith(FRAME) or given[4] >> 6 != 1:
        return None
    flags = given[4]
    length = 2 + (8 if flags & _SIZED else 0) + (4 if flags & _SHARED else 0)
    if len(given) < 5 + length or given[4 + length] != _sum(given[4 : 4 + length]):
        return None
    single = bytes([flags & ~(_SIZED | _SUMMED | _SHARED), given[5]])
    alone = FRAME + single + bytes([_sum(single)]) if flags & _ALONE and not flags & _SHARED else b""
    largest = 1 << 8 + 2 * (given[5] >> 4 & 7)
    return _Head(alone, at + 5 + length, largest, flags >> 2 & 4, flags & 4, False)


def _is_sound(stream: Window, at: int) -> bool:
    """Say whether a frame begins at a byte: by the checksum of its head, or its first block, or where it ends."""
    if end := skipped(stream, at):
        return _ends_well(stream, end)
    head = _head(stream, at)
    if head is None or not head.legacy:
        return head is not None
    place, whole = next(_blocks(stream, head), (0, 0))
    try:
        return bool(whole) and any(unpack(_Made(LEGACY + read_at(stream, place, whole)), "lz4"))
    except Damaged:
        return False


def _sum(descriptor: bytes) -> int:
    """Return the second byte of XXH32 (seed 0) of fewer than 16 bytes, as a frame's head is checked."""
    value, at = _P5 + len(descriptor) & _ALL, 0
    while at + 4 <= len(descriptor):
        value = value + int.from_bytes(descriptor[at : at + 4], "little") * _P3 & _ALL
        value = _turned(value, 17) * _P4 & _ALL
        at += 4
    for each in descriptor[at:]:
        value = _turned(value + each * _P5 & _ALL, 11) * _P1 & _ALL
    value = (value ^ value >> 15) * _P2 & _ALL
    value = (value ^ value >> 13) * _P3 & _ALL
    return (value ^ value >> 16) >> 8 & 0xFF


def _turned(value: int, bits: int) -> int:
    return (value << bits | value >> 32 - bits) & _ALL
