"""Files within plain text: uuencoded blocks, as mailers wrote them before MIME and news still does.

Source: POSIX.1-2017 ``uuencode``, section Output; one block is its ``begin`` line to its ``end`` line.
"""

import re
from collections.abc import Iterator

import msgspec

from actionday.mime.body import is_shown
from actionday.mime.structure import Part
from actionday.mime.window import Window

_BEGIN = re.compile(rb"begin [0-7]{3,4} ([^\r\n]{1,1000})\r?\n")
_LINE = re.compile(rb"[!-`][ -`]{1,86}\r?\n|`\r?\n")
"""Some writers pad it, none encodes more than 63 bytes in it."""
_STRIPPED = 8
"""Blanks that may be missing at the end of a first line: some relays strip them."""
LINE_BYTES = 1024


class Block(msgspec.Struct, frozen=True):
    """One uuencoded file at ``start``..``end`` (bytes into the text); ``whole`` is false without its end line."""

    name: bytes
    start: int
    end: int
    whole: bool


def may_hold_files(part: Part) -> bool:
    """Say whether files within ``part``'s text, its coding undone, are items of their own and taken out of it."""
    return part.type.value == "text/plain" and (part.outside or is_shown(part))


def blocks(window: Window) -> Iterator[Block]:
    """Yield the uuencoded files in the text that ``window`` covers; a line that only says "begin" is none."""
    at = 0
    while (at := window.find(b"begin ", at)) >= 0:
        begin = window.line(at, LINE_BYTES)
        said = _BEGIN.fullmatch(begin) if at == 0 or window.look(at - 1, 1) == b"\n" else None
        first = at + len(begin)
        if said and _begins(window.line(first, LINE_BYTES)):
            end, whole = _end(window, first)
            yield Block(said[1].strip(), at, end, whole)
            at = end
        else:
            at += 1


def _begins(line: bytes) -> bool:
    """Say whether a line holds as many characters as its first one declares."""
    missing = ((line[0] - 32) & 63) * 4 // 3 - len(line.rstrip(b"\r\n")) + 1 if _LINE.fullmatch(line) else -99
    return -5 <= missing <= _STRIPPED


def _end(window: Window, at: int) -> tuple[int, bool]:
    """Return where the block ends: behind its ``end`` line, or before the first line that is no uuencode."""
    while line := window.line(at, LINE_BYTES):
        if line.rstrip() == b"end":
            return at + len(line), True
        if not _LINE.fullmatch(line) and line.strip():
            return at, False
        at += len(line)
    return at, False
