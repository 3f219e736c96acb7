"""The walk through frames that follow one another behind a damage, as Zstandard and LZ4 have them.

Source: RFC 8878, 3.1.2; LZ4 Frame Format 1.6.2 (skippable frames, the same in both).
"""

import re
from collections.abc import Callable, Generator, Iterator

from actionday.model.streams import read_at
from actionday.sources.archives._careful import Course, Sound, following
from actionday.sources.archives._streams import Window

SKIPPABLE = b"\x2a\x4d\x18"
Frame = Callable[[int], Generator[bytes, None, int] | None]
"""Yields what a frame at a byte holds, returns its end (-1: its blocks do not lead there); None where none begins."""


def walked(
    stream: Window, course: Course, begins: re.Pattern[bytes], sound: Sound, frame: Frame
) -> Iterator[bytes]:
    """Yield what the frames hold, looking for the next one behind what is none; never raises."""
    at = 0
    while at < stream.size and not course.spent:
        if end := skipped(stream, at):
            course.skips("skippable frame", at + 8, end - at - 8)
            at = end
            continue
        begin = at
        if (held := frame(at)) is not None:
            end = yield from held
            if end >= 0:
                at = end
                continue
            at += 1
        found = following(stream, at, begins, sound, course)
        if at == begin:
            course.passes(begin, found if found >= 0 else stream.size)
            course.torn += found >= 0
        if found < 0:
            return
        at = found


def skipped(stream: Window, at: int) -> int:
    """Return the end of a frame that is to be skipped, 0 where none begins."""
    head = read_at(stream, at, 8)
    if len(head) < 8 or head[1:4] != SKIPPABLE or head[0] >> 4 != 5:
        return 0
    end = at + 8 + int.from_bytes(head[4:], "little")
    return end if end <= stream.size else 0
