"""The blocks of a RAR archive that are no members: comments, streams of Windows, those nobody knows; and its end.

Source: RARLAB "RAR 5.0 archive format" (general block, service header, end of archive); technote.txt of RAR 4.
"""

from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

from actionday.model import Stream

RAR4_AT, RAR5_AT = 7, 8
"""Bytes of the marks."""
MOST = 200_000
LONGEST_HEADER = 2 << 20
OF_THE_FORMAT = frozenset({"QO", "RR", "AV"})
"""Services without anybody's data: a quick list of members, what damage is mended with, old signatures."""
NAMES = {"CMT": "comment", "STM": "stream", "ACL": "rights"}
LONG, LARGE, COMMENTED = 0x8000, 0x0100, 0x0002
MAIN4, FILE4, COMMENT4, SERVICE4, END4 = 0x73, 0x74, 0x75, 0x7A, 0x7B
KNOWN4 = frozenset({0x72, MAIN4, FILE4, 0x76, 0x78, 0x79})
STORED4 = 0x30
MAIN5, FILE5, SERVICE5, CRYPT5, END5 = 1, 2, 3, 4, 5


class Block(NamedTuple):
    """A block with data that is no member: what it is called, where its data lie, and whether they are as written."""

    name: str
    start: int
    size: int
    stored: bool


class Walk:
    """Goes through the blocks; ``end`` is the byte behind the last one afterwards, 0 where none says to be it."""

    def __init__(self, stream: Stream, *, new: bool) -> None:
        self._stream, self._new = stream, new
        self.end = 0

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks that are no members, up to the first that does not fit its checksum."""
        at = RAR5_AT if self._new else RAR4_AT
        for _ in range(MOST):
            step = self._block5(at) if self._new else self._block4(at)
            if step is None:
                return
            over, found = step
            if found is not None and found.size > 0 and found.start + found.size <= self._stream.size:
                yield found
            if self.end or over <= at:
                return
            at = over

    def _block4(self, at: int) -> tuple[int, Block | None] | None:
        head = self._at(at, 7)
        size = int.from_bytes(head[5:7], "little")
        if len(head) < 7 or size < 7:
            return None
        head = self._at(at, size)
        if len(head) < size or crc32(_checked4(head)) & 0xFFFF != int.from_bytes(head[:2], "little"):
            return None
        kind, flags = head[2], int.from_bytes(head[3:5], "little")
        packed = int.from_bytes(head[7:11], "little") if flags & LONG or kind in (FILE4, SERVICE4) else 0
        if kind in (FILE4, SERVICE4) and flags & LARGE:
            packed += int.from_bytes(head[32:36], "little") << 32
        over = at + size + packed
        if kind == END4:
            self.end = over
        found = None
        if kind == SERVICE4 and size >= 32:
            begin = 40 if flags & LARGE else 32
            name = head[begin : begin + int.from_bytes(head[26:28], "little")]
            found = _service(name, at + size, packed, stored=head[25] == STORED4)
        elif kind == MAIN4 and flags & COMMENTED and size > 26:
            found = Block("comment", at + 26, size - 26, head[22] == STORED4)
        elif kind == COMMENT4:
            found = Block("comment", at + 13, size - 13, head[10] == STORED4 if size > 13 else False)
        elif kind not in KNOWN4 and kind != END4:
            found = Block(f"block {kind:02X}", at + 7, size - 7 + packed, stored=True)
        return over, found

    def _block5(self, at: int) -> tuple[int, Block | None] | None:
        start = self._at(at, 7)
        size, begin = _number(start, 4)
        if len(start) < 7 or not 0 < size <= LONGEST_HEADER or begin > 7:
            return None
        head = self._at(at, begin + size)
        if len(head) < begin + size or crc32(head[4:]) != int.from_bytes(head[:4], "little"):
            return None
        kind, place = _number(head, begin)
        flags, place = _number(head, place)
        extra, place = _number(head, place) if flags & 1 else (0, place)
        packed, place = _number(head, place) if flags & 2 else (0, place)
        over = at + len(head) + packed
        if kind == END5:
            self.end = over
        found = None
        if kind == SERVICE5:
            found = _service5(head[: len(head) - extra], place, at + len(head), packed)
        elif kind not in (MAIN5, FILE5, CRYPT5, END5):
            found = Block(f"block {kind}", at + begin, size + packed, stored=True)
        return over, found

    def _at(self, at: int, length: int) -> bytes:
        self._stream.seek(at)
        return self._stream.read(length)


def _checked4(head: bytes) -> bytes:
    """Return the bytes that the checksum of a header of RAR 4 covers: not a comment within the first one."""
    commented = head[2] == MAIN4 and int.from_bytes(head[3:5], "little") & COMMENTED
    return head[2:13] if commented else head[2:]


def _service5(head: bytes, at: int, start: int, size: int) -> Block | None:
    own, at = _number(head, at)
    for _ in range(2):  # size, attributes
        _, at = _number(head, at)
    at += 4 * bool(own & 2) + 4 * bool(own & 4)  # time, checksum
    method, at = _number(head, at)
    _, at = _number(head, at)  # system
    length, at = _number(head, at)
    return _service(head[at : at + length], start, size, stored=not method >> 7 & 7)


def _service(name: bytes, start: int, size: int, *, stored: bool) -> Block | None:
    text = name.decode("utf-8", "backslashreplace")
    return None if text in OF_THE_FORMAT else Block(NAMES.get(text, text or "service"), start, size, stored)


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return a number in groups of seven bits, the lowest first, and where it ends."""
    value = shift = 0
    while at < len(data) and shift < 70:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            break
    return value, at
