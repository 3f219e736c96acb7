"""Lines that end in CR alone, as Mac OS wrote them before 2001, to lines that end in LF; those in CRLF stay.

Source: RFC 5322 section 2.1 (a message has CRLF, no bare CR). Mail readers and our own know LF and CRLF.
"""

import re
from typing import BinaryIO

from actionday.mime.stepwise import BLOCK, stepwise

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


def mended(content: BinaryIO) -> BinaryIO:
    """Return a reader of ``content``, from where it stands, ``with_line_feeds``."""
    kept, ended = b"", False

    def step() -> bytes | None:
        nonlocal kept, ended
        if ended:
            return None
        block = content.read(BLOCK)
        ended = not block
        data = kept + block
        kept = b"\r" if block and data.endswith(b"\r") else b""  # an LF may follow in the next block
        return with_line_feeds(data[: len(data) - len(kept)])

    return stepwise(step)
