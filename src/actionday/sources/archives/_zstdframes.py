"""Zstandard behind a damage: frame by frame, and within a frame block by block up to the damaged one.

Source: RFC 8878, sections 3.1.1 (frames, blocks) and 3.1.2 (skippable frames).
"""

import re
from collections.abc import Generator, Iterator

from zstandard import ZstdDecompressor, ZstdError

from actionday.sources.archives._careful import Course, following
from actionday.sources.archives._streams import Window

MAGIC, SKIPPABLE = b"\x28\xb5\x2f\xfd", b"\x2a\x4d\x18"
BEGINS = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", re.DOTALL)
LARGEST = 128 * 1024
"""Bytes of a block, packed or not."""


def frames(stream: Window, course: Course, window_size: int) -> Iterator[bytes]:
    """Yield what the frames hold, each up to its first damaged block; never raises."""
    at = 0
    while at < stream.size and not course.spent:
        if skipped := _skipped(stream, at):
            course.skips("skippable frame", at + 8, skipped - at - 8)
            at = skipped
            continue
        begin, end = at, -1
        if _blocks_at(stream, at):
            end = yield from _frame(stream, at, course, window_size)
            if end >= 0:
                at = end
                continue
            at += 1
        found = following(stream, at, BEGINS, lambda place: _is_sound(stream, place), course)
        if at == begin:
            course.passes(begin, found if found >= 0 else stream.size)
            course.torn += found >= 0
        if found < 0:
            return
        at = found


def _skipped(stream: Window, at: int) -> int:
    """Return the end of a frame that is to be skipped, 0 where none begins."""
    head = _at(stream, at, 8)
    if len(head) < 8 or head[1:4] != SKIPPABLE or head[0] >> 4 != 5:
        return 0
    end = at + 8 + int.from_bytes(head[4:], "little")
    return end if end <= stream.size else 0


def _blocks_at(stream: Window, at: int) -> int:
    """Return where the first block of a frame lies, 0 where none begins."""
    head = _at(stream, at, 18)
    if len(head) < 6 or not head.startswith(MAGIC) or head[4] & 8:
        return 0
    single, known = head[4] >> 5 & 1, head[4] >> 6
    return at + 5 + (not single) + (0, 1, 2, 4)[head[4] & 3] + (single, 2, 4, 8)[known]


def _frame(stream: Window, at: int, course: Course, window_size: int) -> Generator[bytes, None, int]:
    """Yield what a frame holds. Returns its end, -1 where its own blocks do not lead there."""
    place, check = _blocks_at(stream, at), 4 * (_at(stream, at + 4, 1)[0] >> 2 & 1)
    decoder, head, sound, last = (
        ZstdDecompressor(max_window_size=window_size).decompressobj(),
        at,
        True,
        False,
    )
    while not last:
        word = int.from_bytes(_at(stream, place, 3), "little")
        kind, size = word >> 1 & 3, word >> 3
        last = bool(word & 1)
        end = place + 3 + (1 if kind == 1 else size) + (check if last else 0)
        if kind == 3 or size > LARGEST or end > stream.size:
            if sound:
                course.breaks()
            course.spends(place - at)
            return -1
        if sound:
            try:
                whole = end - (check if last else 0)
                yield decoder.decompress(_at(stream, head, whole - head))
                if check and last:
                    decoder.decompress(_at(stream, whole, check))
                course.goes_on(at)
            except ZstdError:
                sound = False
                course.breaks()
        head = place = end
    if not sound:
        course.spends(place - at)
        if place < stream.size and not BEGINS.match(_at(stream, place, 4)):
            return -1
    return place


def _is_sound(stream: Window, at: int) -> bool:
    """Say whether a frame begins at a byte: its first block can be unpacked, or what is skipped ends within."""
    if end := _skipped(stream, at):
        return end == stream.size or BEGINS.match(_at(stream, end, 4)) is not None
    place = _blocks_at(stream, at)
    word = int.from_bytes(_at(stream, place, 3), "little") if place else 6
    kind, size = word >> 1 & 3, word >> 3
    if kind == 3 or size > LARGEST or place + 3 > stream.size:
        return False
    end = place + 3 + (1 if kind == 1 else size)
    try:
        ZstdDecompressor().decompressobj().decompress(_at(stream, at, end - at))
    except ZstdError as error:
        return "too much memory" in str(error)
    return end <= stream.size


def _at(stream: Window, start: int, length: int) -> bytes:
    stream.seek(start)
    return stream.read(length)
