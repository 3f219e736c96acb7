"""Zstandard behind a damage: frame by frame, and within a frame block by block up to the damaged one.

Source: RFC 8878, sections 3.1.1 (frames, blocks) and 3.1.2 (skippable frames).
"""

import re
from collections.abc import Generator, Iterator
from functools import partial

from zstandard import ZstdDecompressor, ZstdError

from actionday.model.streams import read_at
from actionday.sources.archives._careful import Course
from actionday.sources.archives._framed import skipped, walked
from actionday.sources.archives._streams import Window

MAGIC = b"\x28\xb5\x2f\xfd"
BEGINS = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", re.DOTALL)
LARGEST = 128 * 1024
"""Bytes of a block, packed or not."""


def frames(stream: Window, course: Course, window_size: int) -> Iterator[bytes]:
    """Yield what the frames hold, each up to its first damaged block; never raises."""

    def frame(at: int) -> Generator[bytes, None, int] | None:
        return _frame(stream, at, course, window_size) if _blocks_at(stream, at) else None

    return walked(stream, course, BEGINS, partial(_is_sound, stream), frame)


def _blocks_at(stream: Window, at: int) -> int:
    """Return where the first block of a frame lies, 0 where none begins."""
    head = read_at(stream, at, 18)
    if len(head) < 6 or not head.startswith(MAGIC) or head[4] & 8:
        return 0
    single, known = head[4] >> 5 & 1, head[4] >> 6
    return at + 5 + (not single) + (0, 1, 2, 4)[head[4] & 3] + (single, 2, 4, 8)[known]


def _frame(stream: Window, at: int, course: Course, window_size: int) -> Generator[bytes, None, int]:
    """Yield what a frame holds. Returns its end, -1 where its own blocks do not lead there."""
    place, check = _blocks_at(stream, at), 4 * (read_at(stream, at + 4, 1)[0] >> 2 & 1)
    decoder, head, sound, last = (
        ZstdDecompressor(max_window_size=window_size).decompressobj(),
        at,
        True,
        False,
    )
    while not last:
        word = int.from_bytes(read_at(stream, place, 3), "little")
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
                yield decoder.decompress(read_at(stream, head, whole - head))
                if check and last:
                    decoder.decompress(read_at(stream, whole, check))
                course.goes_on(at)
            except ZstdError:
                sound = False
                course.breaks()
        head = place = end
    if not sound:
        course.spends(place - at)
        if place < stream.size and not BEGINS.match(read_at(stream, place, 4)):
            return -1
    return place


def _is_sound(stream: Window, at: int) -> bool:
    """Say whether a frame begins at a byte: its first block can be unpacked, or what is skipped ends within."""
    if end := skipped(stream, at):
        return end == stream.size or BEGINS.match(read_at(stream, end, 4)) is not None
    place = _blocks_at(stream, at)
    word = int.from_bytes(read_at(stream, place, 3), "little") if place else 6
    kind, size = word >> 1 & 3, word >> 3
    if kind == 3 or size > LARGEST or place + 3 > stream.size:
        return False
    end = place + 3 + (1 if kind == 1 else size)
    try:
        ZstdDecompressor().decompressobj().decompress(read_at(stream, at, end - at))
    except ZstdError as error:
        return "too much memory" in str(error)
    return end <= stream.size
