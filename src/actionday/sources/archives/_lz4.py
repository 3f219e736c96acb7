"""LZ4: unpacked by libarchive, which ends at what is no frame and says nothing; where the frames end is walked here.

Source: LZ4 Frame Format 1.6.2 (frames, skippable frames, legacy frames).
"""

from collections.abc import Iterator

from actionday.model import Damaged, Stream
from actionday.model.counted import counted
from actionday.model.streams import read_at
from actionday.sources.archives._raw import unpack
from actionday.sources.archives._resumed import Torn
from actionday.sources.archives._streams import Aside, Behind, Notes, Window

FRAME, LEGACY = b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18"
MAGICS = (FRAME, LEGACY)
_SKIPPABLE = b"\x2a\x4d\x18"  # after a first byte of 0x50 to 0x5F
_LARGEST_LEGACY = 8_421_520
"""Bytes that a block of 8 MiB has when it cannot be made smaller."""
_MOST = 10_000_000
"""Blocks and frames gone through."""


def unlz4(
    stream: Stream, note: Notes, behind: Behind | None = None, aside: Aside | None = None
) -> Iterator[bytes]:
    """Yield the content of all frames.

    Of bytes behind them ``behind`` is told the first one's place and how many they are, else they are noted;
    ``aside`` is told the frames that are to be skipped. Raises Damaged where libarchive does.
    """
    try:
        yield from unpack(stream, "lz4")
    except Damaged as error:
        raise Torn(str(error), 0) from error
    size = stream.size
    end = end_of_frames(Window(stream, 0, size), size, aside)
    if end >= size:
        return
    if behind is not None:
        behind(end, size - end)
    else:
        note("trailing", f"lz4: {counted(size - end, 'byte')} from byte {end} on, behind the last frame")


def end_of_frames(stream: Window, size: int, aside: Aside | None) -> int:
    """Return the byte behind the last frame, ``size`` where one breaks off."""
    at = 0
    left = [_MOST]
    while at < size and left[0] > 0:
        left[0] -= 1
        head = read_at(stream, at, 8)
        if head.startswith(FRAME):
            at = _frame(stream, at, size, left)
        elif head.startswith(LEGACY):
            at = _legacy(stream, at + 4, size, left)
        elif head[1:4] == _SKIPPABLE and 0x50 <= head[0] < 0x60 and len(head) == 8:
            length = min(int.from_bytes(head[4:], "little"), size - at - 8)
            if aside is not None:
                aside("skippable frame", at + 8, length)
            at += 8 + length
        else:
            return at
    return min(at, size)


def _frame(stream: Window, at: int, size: int, left: list[int]) -> int:
    flags = read_at(stream, at + 4, 1)
    if not flags:
        return size
    at += 7 + 8 * (flags[0] >> 3 & 1) + 4 * (flags[0] & 1)
    check = 4 * (flags[0] >> 4 & 1)
    while at < size and left[0] > 0:
        left[0] -= 1
        block = int.from_bytes(read_at(stream, at, 4), "little")
        at += 4
        if not block:
            return at + 4 * (flags[0] >> 2 & 1)
        at += (block & 0x7FFFFFFF) + check
    return size


def _legacy(stream: Window, at: int, size: int, left: list[int]) -> int:
    """Return the end of the blocks of a legacy frame, which has no mark of its end."""
    while at < size and left[0] > 0:
        left[0] -= 1
        block = int.from_bytes(read_at(stream, at, 4), "little")
        if block > _LARGEST_LEGACY or at + 4 + block > size:
            return at
        at += 4 + block
    return size
