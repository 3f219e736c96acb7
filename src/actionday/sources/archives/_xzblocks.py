"""xz behind a damage: block by block, as multi-threaded xz and pixz write many, and stream by stream.

Source: The .xz file format 1.2.0, sections 2.1.1 (stream header), 3.1 (block header), 3.4 (check), 4 (index);
LZMA2 as the LZMA SDK and liblzma read it (a control byte, then the sizes of a chunk).
"""

import re
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import NamedTuple
from zlib import crc32

from actionday.sources.archives._careful import Course, Decoder, following, unit
from actionday.sources.archives._streams import BLOCK, Window

MAGIC, FOOTER = b"\xfd7zXZ\0", b"YZ"
BEGINS = re.compile(rb"\xfd7zXZ\0|\x21\x01[\x00-\x28]", re.DOTALL)
"""A stream, or the last filter that the header of a block names: LZMA2, one byte of properties."""
_AHEAD = 64
"""Bytes before that filter at which a header may begin: two sizes of nine bytes, and up to three filters."""
CHECKS = {4: 8, 1: 4, 10: 32, 0: 0}
"""Bytes of the checks that xz writes (CRC64, CRC32, SHA-256, none), the usual one first."""
_CHUNK = 6


class _Walked(NamedTuple):
    """Where the chunks of a block end, and how many bytes they unpack to."""

    end: int
    size: int


def blocks(stream: Window, course: Course, decoder: Callable[[], Decoder]) -> Iterator[bytes]:
    """Yield what the blocks hold, each as far as it can be unpacked; never raises."""
    at, check = 0, -1
    while at < stream.size and not course.spent:
        begin = at
        if (kind := _stream_at(stream, at)) >= 0:
            check, at = kind, at + 12
            continue
        if head := _block_at(stream, at):
            end, check = yield from _block(stream, at, head, check, course, decoder)
            if end >= 0:
                at = end
                continue
            at += head
        elif end := _index(stream, at, course):
            at = end
            continue
        held = [-1]
        found = following(stream, at, BEGINS, partial(_begins, stream, at, held), course)
        found = held[0] if found >= 0 else -1
        if at == begin:
            _between(stream, begin, found if found >= 0 else stream.size, course)
            course.torn += found >= 0
        if found < 0:
            return
        at = found


def _between(stream: Window, begin: int, end: int, course: Course) -> None:
    head = _at(stream, begin, min(BLOCK, end - begin))
    if head.strip(b"\0"):
        course.passes(begin, end)


def _block(stream: Window, at: int, head: int, check: int, course: Course, decoder: Callable[[], Decoder]
           ) -> Generator[bytes, None, tuple[int, int]]:  # fmt: skip
    """Yield what a block holds. Returns its end, -1 where its chunks do not lead there, and the kind of check."""
    walked = _walk(stream, at + head)
    end = -1
    if walked is not None:
        padded = at + (walked.end - at + 3) // 4 * 4
        ends = [(kind, padded + size) for kind, size in CHECKS.items()]
        likely = [each for each in ends if each[0] == check] + [
            each for each in ends if _goes_on(stream, each[1])
        ]
        check, end = likely[0] if likely else ends[0]
        if end > stream.size:
            end = -1
    over = end if end >= 0 else stream.size

    def pieces() -> Iterator[bytes]:
        yield _header(max(check, 0))
        content = (
            over if walked is None else min(walked.end, over)
        )  # a check of its own piece: it may fail alone
        for begin, last in ((at, content), (content, over)):
            for place in range(begin, last, BLOCK):
                yield _at(stream, place, min(BLOCK, last - place))
        if walked is not None and end >= 0:
            yield _rest(walked.end - at + CHECKS[check], walked.size, check)

    sound = yield from unit(decoder, pieces)
    if sound:
        course.goes_on(at)
        return end, check
    course.breaks()
    course.spends(over - at if end >= 0 else BLOCK)
    return (end if end >= 0 and _goes_on(stream, end) else -1), check


def _goes_on(stream: Window, at: int) -> bool:
    return at == stream.size or _at(stream, at, 1) == b"\0" or bool(_block_at(stream, at))


def _walk(stream: Window, at: int) -> _Walked | None:
    """Go through the chunks of LZMA2 up to their end mark; None where they do not lead to one."""
    size = 0
    while head := _at(stream, at, _CHUNK):
        control = head[0]
        if not control:
            return _Walked(at + 1, size)
        if len(head) < _CHUNK or 2 < control < 0x80:
            return None
        if control < 0x80:
            length = int.from_bytes(head[1:3]) + 1
            size += length
            at += 3 + length
        else:
            size += ((control & 0x1F) << 16 | int.from_bytes(head[1:3])) + 1
            at += 5 + (control >= 0xC0) + int.from_bytes(head[3:5]) + 1
    return None


def _stream_at(stream: Window, at: int) -> int:
    """Return the kind of check of a stream that begins at a byte, -1 for none."""
    head = _at(stream, at, 12)
    sound = head.startswith(MAGIC) and crc32(head[6:8]).to_bytes(4, "little") == head[8:12]
    return head[7] if sound and head[7] in CHECKS else -1


def _block_at(stream: Window, at: int) -> int:
    """Return the length of a block's header that begins at a byte, 0 for none."""
    first = _at(stream, at, 1)
    if not first or not first[0]:
        return 0
    length = (first[0] + 1) * 4
    head = _at(stream, at, length)
    sound = len(head) == length and crc32(head[:-4]).to_bytes(4, "little") == head[-4:]
    return length if sound and b"\x21\x01" in head else 0


def _begins(stream: Window, low: int, held: list[int], place: int) -> bool:
    """Say whether a stream begins at a byte, or a block at most 64 bytes before it; ``held`` is told where."""
    if _stream_at(stream, place) >= 0:
        held[0] = place
        return True
    start = max(low, place - _AHEAD)
    given = _at(stream, start, _AHEAD + 1024)
    if given[place - start] == MAGIC[0]:
        return False
    for at in range(place - start - 2, -1, -1):
        length = (given[at] + 1) * 4
        if (
            length > 4
            and crc32(given[at : at + length - 4]).to_bytes(4, "little")
            == given[at + length - 4 : at + length]
        ):
            held[0] = start + at
            return True
    return False


def _index(stream: Window, at: int, course: Course) -> int:
    """Return the end of an index and the footer behind it, 0 where there is none."""
    place, numbers, left = at + 1, 0, 1
    if _at(stream, at, 1) != b"\0":
        return 0
    held, start = _at(stream, place, BLOCK), place
    while left:
        value = shift = 0
        while True:
            if place - start >= len(held):
                held, start = _at(stream, place, BLOCK), place
            if not held or shift > 56:
                return 0
            byte = held[place - start]
            value, shift, place = value | (byte & 0x7F) << shift, shift + 7, place + 1
            if byte < 0x80:
                break
        left = value * 2 if not numbers else left - 1
        numbers += 1
    end = at + (place - at + 3) // 4 * 4 + 4 + 12
    foot = _at(stream, end - 12, 12)
    if foot[10:] != FOOTER or crc32(foot[4:10]).to_bytes(4, "little") != foot[:4]:
        return 0
    sum_of = 0
    for here in range(at, end - 16, BLOCK):
        sum_of = crc32(_at(stream, here, min(BLOCK, end - 16 - here)), sum_of)
    if sum_of.to_bytes(4, "little") != _at(stream, end - 16, 4):
        course.breaks()
    return end


def _header(check: int) -> bytes:
    flags = bytes((0, check))
    return MAGIC + flags + crc32(flags).to_bytes(4, "little")


def _rest(unpadded: int, size: int, check: int) -> bytes:
    """Return the index and footer of a stream with one block."""
    index = b"\0\1" + _varied(unpadded) + _varied(size)
    index += bytes(-len(index) % 4)
    index += crc32(index).to_bytes(4, "little")
    tail = (len(index) // 4 - 1).to_bytes(4, "little") + bytes((0, check))
    return index + crc32(tail).to_bytes(4, "little") + tail + FOOTER


def _varied(number: int) -> bytes:
    made = bytearray()
    while number >= 0x80:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*made, number))


def _at(stream: Window, start: int, length: int) -> bytes:
    stream.seek(start)
    return stream.read(length)
