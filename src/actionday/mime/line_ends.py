"""Lines that end in CR alone, as Mac OS wrote them before 2001, to lines that end in LF; those in CRLF stay.

Source: RFC 5322 section 2.1 (a message has CRLF, no bare CR). Mail readers and our own know LF and CRLF.
"""

import re
from io import BufferedReader, RawIOBase
from typing import BinaryIO, cast

BLOCK = 1 << 18
FIRST_LINE = 2048
"""Bytes in which the first line ends: the longest From_ line."""
_BARE = re.compile(rb"\r(?!\n)")


def ends_in_cr(head: bytes) -> bool:
    """Say whether the first lines, up to an empty one, end in CR alone."""
    at = head.find(b"\r", 0, FIRST_LINE)
    if at < 0 or head[at + 1 : at + 2] == b"\n":
        return False
    empty = head.find(b"\r\r", len(head) - len(head.lstrip(b"\r")))
    return head.find(b"\n", 0, empty if empty >= 0 else len(head)) < 0


def with_line_feeds(data: bytes) -> bytes:
    """Return ``data`` with an LF for each CR that no LF follows."""
    return _BARE.sub(b"\n", data) if b"\n" in data else data.replace(b"\r", b"\n")


def reader(content: BinaryIO) -> BinaryIO:
    """Return a reader of ``content``, from where it stands, ``with_line_feeds``."""
    return cast("BinaryIO", BufferedReader(_LineFeeds(content), BLOCK))


class _LineFeeds(RawIOBase):
    def __init__(self, content: BinaryIO) -> None:
        self._content, self._kept, self._ended = content, b"", False
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        while not self._ready and not self._ended:
            block = self._content.read(BLOCK)
            self._ended = not block
            data = self._kept + block
            may_go_on = block and data.endswith(b"\r")  # an LF may follow in the next block
            self._kept = b"\r" if may_go_on else b""
            self._ready = memoryview(with_line_feeds(data[: len(data) - len(self._kept)]))
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count
