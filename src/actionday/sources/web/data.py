"""Files within a page, a style sheet, a script or any other text: ``data:`` addresses, and values, in base64.

Source: RFC 2397, section 3; RFC 4648, 4; RFC 8259, 7 (the slash may be escaped).

The text stays a text. Pictures, archives and documents of a page that was saved as one file stand nowhere else.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from typing import BinaryIO
from urllib.parse import unquote_to_bytes

from actionday.mime.sniff import is_unfinished
from actionday.mime.transfer import decoded, reader
from actionday.mime.window import Window
from actionday.model import Claim, Context, Found, Kind, Loss, Note, Peek, Stream
from actionday.sources.archives.encoded import LATER, WORD
from actionday.sources.web._letters import Value, has_row, joined, values

MARK = b";base64,"
BEFORE = 256
"""Bytes before the mark in which an address begins."""
ADDRESS = re.compile(rb"data:([\w.+-]{1,60})\\?/([\w.+-]{1,80})(?:;[\w.+=\"-]{1,60}){0,4}\Z", re.IGNORECASE)
CONTENT = re.compile(rb"\s{0,8}[A-Za-z0-9+/=_%\\-]{16}")
"""Programs put addresses together: of these the beginning alone stands in the text."""
BEYOND = re.compile(rb"[^A-Za-z0-9+/=_%\\-]")
BEYOND_QUOTED = re.compile(rb"[^A-Za-z0-9+/=_%\\\s-]")
QUOTES = b"\"'"
STEP = 1 << 16
MOST = 10_000
"""Files in one text; what is beyond is said."""
SUFFIX = re.compile(r"(?:x-|vnd\.)?(?:[\w-]+\.)*([a-z0-9]{1,8})(?:\+\w+)?")


class Data:
    """Each address in base64 is an item, and each value that begins as a file of a known type."""

    name, sample = "data", "saved.html"
    textual = True
    beside = True

    def claims(self, peek: Peek) -> Claim:
        """Say NAME for a text in which an address or a value is seen: any format goes before."""
        if b"\0" in peek.head or peek.kind is Kind.MESSAGE:
            return Claim.NO
        parts = (peek.head,) if peek.size <= len(peek.head) else (peek.head, peek.tail)
        if any(map(_has_value, parts)) and not _is_of_others(peek):
            return Claim.NAME
        marked = [part for part in parts if MARK in part]
        seen = marked and any(True for part in marked for _ in _addresses(Window.over(part)))
        return Claim.NAME if seen else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the addresses in their order, then the values; ``place`` is the byte at which one begins."""
        yield from _addressed(stream, around)
        for number, value in enumerate(values(Window.on(stream), Window.on(stream), stream.size), 1):
            if number > MOST:
                around.note(Loss.PARTS_LIMIT, f"data: only the first {MOST} files in base64 are items")
                return
            name = f"base64-{number}.{value.suffix}"
            read = partial(_value, stream, value, partial(_say, around, name))
            yield Found(name=name, kind=Kind.MEMBER, place=str(value.start), read=read,
                        meta={"offset": value.start, "transfer_coding": "base64"})  # fmt: skip


def _addressed(stream: Stream, around: Context) -> Iterator[Found]:
    for number, (start, kind, first) in enumerate(_addresses(Window.on(stream)), 1):
        if number > MOST:
            around.note(Loss.PARTS_LIMIT, f"data: only the first {MOST} files in addresses are items")
            return
        quote = Window.on(stream).look(start - 1, 1) if start else b""
        end = _end(stream, first, quote)
        told = SUFFIX.fullmatch(kind.partition("/")[2])
        name = f"data-{number}.{told[1] if told else 'bin'}"
        read = partial(_reader, stream, first, end, partial(_say, around, name))
        yield Found(name=name, kind=Kind.MEMBER, place=str(start), read=read,
                    meta={"offset": start, "content_type": kind})  # fmt: skip


def _is_of_others(peek: Peek) -> bool:
    """Say whether other sources open a text: with files of uuencode in it, or a mail's long header at its beginning."""
    head = peek.head
    return (WORD in head and LATER.search(head) is not None) or (
        len(head) < peek.size and is_unfinished(head)
    )


def _has_value(part: bytes) -> bool:
    return has_row(part) and next(values(Window.over(part), Window.over(part), len(part)), None) is not None


def _value(stream: Stream, value: Value, say: Callable[[Note], None]) -> BinaryIO:
    if value.plain:
        return reader(Window.on(stream).look, value.start, value.end, "base64", say)
    written = b"".join(block for _, block in _blocks(stream, value.start, value.end))
    content, problem = decoded(joined(written), "base64")
    if problem:
        say(problem)
    return BytesIO(content)


def _addresses(window: Window) -> Iterator[tuple[int, str, int]]:
    """Yield begin, type and the first byte of the content of each address."""
    at = 0
    while (at := window.find(MARK, at)) >= 0:
        low = max(0, at - BEFORE)
        before = window.look(low, at - low)
        begin = before.lower().rfind(b"data:")
        said = ADDRESS.match(before, begin) if begin >= 0 else None
        at += len(MARK)
        if said and CONTENT.match(window.look(at, BEFORE)):
            yield low + begin, b"/".join(said.groups()).decode("ascii", "replace").lower(), at


def _end(stream: Stream, first: int, quote: bytes) -> int:
    """Return where a content ends: before what is no base64, nor a line end within quotation marks."""
    stop = BEYOND_QUOTED if quote and quote in QUOTES else BEYOND
    for at, block in _blocks(stream, first, stream.size):
        if found := stop.search(block):
            end = at + found.start()
            return end - (end > first and Window.on(stream).look(end - 1, 1) == b"\\")
    return stream.size


def _blocks(stream: Stream, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    look = Window.on(stream).look
    while start < end and (block := look(start, min(STEP, end - start))):
        yield start, block
        start += len(block)


def _reader(stream: Stream, first: int, end: int, say: Callable[[Note], None]) -> BinaryIO:
    if not any(b"%" in block for _, block in _blocks(stream, first, end)):
        return reader(Window.on(stream).look, first, end, "base64", say)
    written = b"".join(block for _, block in _blocks(stream, first, end))
    content, problem = decoded(unquote_to_bytes(written), "base64")
    if problem:
        say(problem)
    return BytesIO(content)


def _say(around: Context, name: str, problem: Note) -> None:
    around.note(problem.code, f"data: {problem.reason}", name)


SOURCE = Data()
