"""Lines with which messages of a chat begin in an export as text: a day, an hour, who, and what was said.

Source: exports of WhatsApp for Android (``14.10.21, 15:34 - Name: text``) and for iOS (``[14/10/2021, 3:34:09 PM] Name:
text``) as the languages and regions of phones change them; U+200E, U+200F and U+202F stand nearly anywhere.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.chats._clocks import half_of

CHUNK, HEAD = 1 << 20, 600
"""Bytes read at once; bytes in which a line's day, hour and sender stand."""
LIKELY = re.compile(
    rb"(?m)^(?:\xef\xbb\xbf|\xe2\x80[\x8e\x8f\xaa-\xae]|\xd8\x9c)*\[?(?:\xe2\x80[\x8e\x8f])*"
    rb"(?:\d{1,4}|(?:\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]|\xe0[\xa5\xa7][\xa6-\xaf])"
    rb"(?:\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]|\xe0[\xa5\xa7][\xa6-\xaf]){0,3})(?:\xe2\x80[\x8e\x8f])*"
    rb"(?:[./ -]|\xe5\xb9\xb4|\xeb\x85\x84|\xe2\x80[\x8e\x8f])"
)
"""A line that begins with a number and what parts a day: found at the speed of memory, then looked at."""
MARK = r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]*+"
BLANK = rf"{MARK}[^\S\n]{{0,3}}{MARK}"
WORD = r"[^\W\d_](?:[^\d\n:,،\[\]<>-]|-(?=\w)){0,20}"
HEADER = re.compile(
    rf"{MARK}(?P<open>\[?){MARK}"
    rf"(?P<a>\d{{1,4}}){MARK}(?P<by>\. ?|/|-|年|년 ?){MARK}(?P<b>\d{{1,2}}){MARK}(?:\. ?|/|-|月|월 ?){MARK}"
    rf"(?P<c>\d{{1,4}})(?:日|일|\.)?{MARK}(?P<comma>[,،、]?){BLANK}(?:(?P<before>{WORD}?)[.,]?{BLANK})?"
    rf"(?P<hour>\d{{1,2}}){MARK}[:.]{MARK}(?P<minute>\d{{2}})(?:{MARK}[:.]{MARK}(?P<second>\d{{2}}))?"
    rf"(?:{BLANK}(?P<after>{WORD}))??{MARK}(?:(?P<close>\])[^\S\n]?|[^\S\n][-–]{MARK}[^\S\n]|, (?=.{{1,100}} : ))"
)
SENDER = re.compile(r"(?P<name>[^\n]{1,150}?)(?P<colon> ?:)(?:[^\S\n]|(?=\r?\n)|\Z)")
QUOTES = re.compile('["“”«»„]')


class Line(NamedTuple):
    """A line that begins a message: where, its numbers as they stand, and what is behind them."""

    at: int
    day: tuple[str, str, str]
    by: str
    hour: tuple[int, int, int]
    half: str
    written: str
    """Day and hour as they are written."""
    bracket: bool
    seconds: bool
    iso: bool
    sender: str
    text: int
    """Byte at which the text begins."""
    begins: str
    """The beginning of the text."""


def line_of(data: bytes, at: int) -> Line | None:
    """Return what the line says that ``data`` begins with, at byte ``at``; None where it begins no message."""
    text = data.decode("utf-8", "surrogateescape")
    match = HEADER.match(text)
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    before, after = half_of(match["before"] or ""), half_of(match["after"] or "")
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if before is None or after is None or hour > 24 or minute > 59 or second > 59:
        return None
    begin = match.end()
    said = SENDER.match(text, begin)
    sender = said["name"] if said and not QUOTES.search(said["name"]) else ""
    begin = said.end() if said and sender else begin
    return Line(
        at, (match["a"], match["b"], match["c"]), match["by"].strip(), (hour, minute, second), before or after,
        text[match.end("open") : match.end()].strip(" -–]\u200e\u200f"), bool(match["open"]),
        match["second"] is not None,
        len(match["a"]) == 4 and match["by"] == "-" and not (before or after), sender,
        at + len(text[:begin].encode("utf-8", "surrogateescape")), text[begin : begin + 200],
    )  # fmt: skip


def lines(stream: Stream, begin: int = 0) -> Iterator[Line]:
    """Yield the lines of a text from byte ``begin`` on that begin messages. A piece of 1 MiB is held."""
    at = begin
    while at < stream.size:
        lead = min(at, 1)
        data = read_at(stream, at - lead, CHUNK + lead + HEAD)
        if not data:
            return
        for found in LIKELY.finditer(data):
            where = found.start()
            if where < lead:
                continue
            if where >= CHUNK + lead:
                break
            if line := line_of(data[where : where + HEAD], at - lead + where):
                yield line
        at += CHUNK
