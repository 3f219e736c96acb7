"""HTTP messages as archives hold them: the head, and the body without its chunks.

Source: RFC 9110, sections 5 (fields) and 8.4 (content coding); RFC 9112, section 7.1 (chunked).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

from actionday.model import Damaged
from actionday.model.counted import counted
from actionday.sources.archives._streams import BLOCK, Body, Notes

MOST_BESIDE = 16 << 20
"""Bytes that stand beside the sizes of chunks of one body and are kept."""
LONGEST_HEAD = 256 * 1024
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;([^\n]*))?\r?\n")
_REQUEST = re.compile(rb"[A-Z]{3,16} [^\s]{1,65536} HTTP/\d")
_FIELD = re.compile(r"\n([^:\r\n]+):[ \t]*([^\r\n]*)")
_STATUS = re.compile(r"HTTP/\S+[ \t]+(\d{3})(?!\d)")
_END = re.compile(rb"\r?\n\r?\n")


_TRAILER = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}:[^\n]{0,8192}\n){0,100}\r?\n?")


class Head(NamedTuple):
    """The head of a response or request. ``length`` is its bytes, the blank line included."""

    status: int | None
    fields: dict[str, str]
    """The first value of each field, by its name in lower case."""
    length: int
    lines: tuple[str, ...] = ()
    """Its lines as they stand, the first one included."""

    @property
    def codings(self) -> list[str]:
        """Content codings in the order they were applied."""
        named = self.fields.get("content-encoding", "").lower().split(",")
        return [coding for each in named if (coding := each.strip()) not in ("", "identity")]

    @property
    def chunked(self) -> bool:
        """Whether the body is said to come in chunks."""
        return "chunked" in self.fields.get("transfer-encoding", "").lower()


def begins(data: bytes) -> bool:
    """Return whether ``data`` begins with a status line or a request line."""
    return data.startswith(b"HTTP/") or _REQUEST.match(data) is not None


def head(data: bytes) -> Head | None:
    """Return the head at the start of ``data``, None when it is none or goes on behind ``data``."""
    found = _END.search(data)
    if found is None or not begins(data):
        return None
    text = data[: found.start()].decode("latin-1")
    fields = {name.strip().lower(): value.rstrip() for name, value in reversed(_FIELD.findall(text))}
    coded = _STATUS.match(text)
    status = int(coded[1]) if coded else None
    return Head(status, fields, found.end(), tuple(text.split("\n")))


def dechunked(
    content: Body, note: Notes, said: Callable[[bytes], object] = lambda _: None
) -> Iterator[bytes]:
    """Yield the data of the chunks; all of it, noted, when it does not begin with a chunk's size.

    ``said`` is told what stands beside a chunk's size.
    """
    if not _SIZE.match(content.peek(64)):
        if content.peek(1):
            note("not_chunked", "http: the body is said to be chunked and is not")
        yield from iter(lambda: content.read(BLOCK), b"")
        return
    while True:
        found = _SIZE.match(content.peek(256))
        if found is None:
            what = "no chunk size" if content.peek(1) else "ends without its last chunk,"
            raise Damaged(f"http: {what} at byte {content.tell()} of the body")
        content.skip(found.end())
        if beside := found[2]:
            said(beside)
        left = int(found[1], 16)
        if not left:
            return  # trailer fields may follow: they are no content
        while left:
            data = content.read(min(left, BLOCK))
            if not data:
                raise Damaged(
                    f"http: ends at byte {content.tell()} of the body, {counted(left, 'byte')} before its chunk does"
                )
            left -= len(data)
            yield data
        if line := re.match(rb"\r?\n", content.peek(2)):
            content.skip(line.end())


class Chunked(NamedTuple):
    """A chunked body: the byte behind its last chunk and trailer fields, or where no chunk follows."""

    end: int
    beside: bytes = b""
    """What stands beside the sizes of chunks, a line each, ``MOST_BESIDE`` at most."""
    trailer: bytes = b""
    """The trailer fields."""
    more: int = 0
    """Bytes beside the sizes of chunks that are not kept."""


def chunks_end(content: Body) -> Chunked:
    """Return where a chunked body ends and what it holds besides; all of it when it is not chunked at all: then it is
    given as it is."""
    if not _SIZE.match(content.peek(64)):
        return Chunked(content.skip(1 << 62))
    beside: list[bytes] = []
    held = more = 0

    def keep(line: bytes) -> None:
        nonlocal held, more
        if not (line := line.strip()):
            return
        if held + len(line) < MOST_BESIDE:
            beside.append(line)
            held += len(line) + 1
        else:
            more += len(line)

    fields = b""
    with suppress(Damaged):
        for _ in dechunked(content, lambda *_: None, keep):
            pass
        if trailer := _TRAILER.match(content.peek(LONGEST_HEAD)):
            fields = content.read(trailer.end()).strip()
    return Chunked(content.tell(), b"\n".join(beside), fields, more)
