"""The content codings of HTTP: each undone as a stream, and where a coded body ends told.

Source: RFC 9110, section 8.4.1 (content codings); RFC 1950 to 1952, RFC 7932 (brotli), RFC 8878 (zstd).
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, Protocol

from actionday.model import Damaged
from actionday.model.foreign import plainly
from actionday.sources.archives._deflate import Counted, inflate
from actionday.sources.archives._ends import end_of
from actionday.sources.archives._gzip import MAGIC, gunzip
from actionday.sources.archives._streams import BLOCK, Behind, Body, Notes
from actionday.sources.archives._zstd import is_zstd, unzstd

SHOWN = 512
"""Bytes by which a text is told from a coded body: one byte in ten of the latter is a control character."""
FEW = 64
"""Bytes below which that says little; a text of so few must be UTF-8."""
CONTROLS = bytes({*range(32)} - {*b"\t\n\f\r\x1b"})
"""Characters no text has; escape begins the shifts of ISO-2022-JP."""


class Given(NamedTuple):
    """A coded body: the reader of it, a way to read it anew, and whom to tell what."""

    content: Body
    again: Callable[[], Body]
    note: Notes
    behind: Behind


class Coding(NamedTuple):
    """One content coding: whether a body may begin so, and how it is undone."""

    begins: Callable[[bytes], bool]
    undo: Callable[[Given], Iterator[bytes]]


def recognised(first: bytes) -> bool:
    """Say whether the first ``SHOWN`` bytes of a body are those of a text or a picture, which no coding gives."""
    if end_of(first):
        return True
    if not first or first.translate(None, CONTROLS) != first:
        return False
    if len(first) >= FEW:
        return True
    try:
        first.decode()
    except UnicodeDecodeError:
        return False
    return True


def _gzip(given: Given) -> Iterator[bytes]:
    return gunzip(given.content, given.note, given.behind)


def _zstd(given: Given) -> Iterator[bytes]:
    return unzstd(given.content, given.note, given.behind)


def _deflate(given: Given) -> Iterator[bytes]:
    """The standard says zlib; some servers send raw deflate."""
    first = given.content.peek(2)
    if len(first) == 2 and first[0] & 15 == 8 and int.from_bytes(first, "big") % 31 == 0:
        return _zlib(given)
    return _raw_deflate(given)


def _raw_deflate(given: Given) -> Iterator[bytes]:
    counted = Counted(given.content)
    _ended(given, (yield from inflate(counted, b"", "http")))


def _zlib(given: Given) -> Iterator[bytes]:
    content, decoder, data = given.content, zlib.decompressobj(), b""
    while not decoder.eof:
        data = data or content.read(BLOCK)
        try:
            chunk = decoder.decompress(data, BLOCK)
        except zlib.error as error:
            raise Damaged(f"http: {plainly(error)} (before byte {content.tell()} of the body)") from error
        if not (data or chunk or decoder.eof):
            raise Damaged(f"http: the deflated body ends at byte {content.tell()}, too early")
        data = decoder.unconsumed_tail
        if chunk:
            yield chunk
    _ended(given, decoder.unused_data)


def _ended(given: Given, over: bytes) -> None:
    """Tell where a coded body ended, of which ``over`` was the last that was read."""
    start = given.content.tell() - len(over)
    if length := len(over) + given.content.skip(1 << 62):
        given.behind(start, length)


def _brotli(given: Given) -> Iterator[bytes]:
    """The decoder gives nothing of a call that meets the end or a damage within: that piece is fed anew by bytes."""
    import brotli  # type: ignore[import-untyped]

    decoder, passed = brotli.Decompressor(), 0
    while not decoder.is_finished():
        before = given.content.tell()
        piece = given.content.read(BLOCK)
        if not piece:
            raise Damaged(f"http: the brotli body ends at byte {before}, too early")
        try:
            for chunk in _fed(decoder, piece):
                passed += len(chunk)
                yield chunk
        except brotli.error:
            yield from _by_bytes(given, before, passed)
            return
    _ended(given, b"")


def _by_bytes(given: Given, before: int, passed: int) -> Iterator[bytes]:
    """Yield what comes behind the first ``passed`` bytes, the piece at byte ``before`` given byte by byte."""
    import brotli

    decoder, content, made = brotli.Decompressor(), given.again(), 0
    while content.tell() < before:
        made += sum(map(len, _fed(decoder, content.read(BLOCK))))
    piece, parts, at = content.read(BLOCK), list[bytes](), 0
    try:
        while at < len(piece) and not decoder.is_finished():
            for chunk in _fed(decoder, piece[at : at + 1]):
                made += len(chunk)
                parts.append(chunk[max(0, len(chunk) - (made - passed)) :] if made > passed else b"")
            at += 1
            if len(parts) >= BLOCK:
                yield b"".join(parts)
                parts.clear()
    except brotli.error as error:
        yield from filter(None, [b"".join(parts)])
        raise Damaged(f"http: {error or 'brotli'} (byte {before + at} of the body)") from error
    yield from filter(None, [b"".join(parts)])
    if decoder.is_finished() and (length := len(piece) - at + content.skip(1 << 62)):
        given.behind(before + at, length)


def _fed(decoder: "_Brotli", data: bytes) -> Iterator[bytes]:
    """Yield what ``data`` gives; the decoder may hold more than it returns at once, and accept more all the same."""
    while True:
        chunk = decoder.process(data, output_buffer_limit=BLOCK)
        data = b""
        if chunk:
            yield chunk
        if decoder.is_finished() or (not chunk and decoder.can_accept_more_data()):
            return


class _Brotli(Protocol):
    def process(self, data: bytes, /, *, output_buffer_limit: int) -> bytes: ...

    def is_finished(self) -> bool: ...

    def can_accept_more_data(self) -> bool: ...


CODINGS: Mapping[str, Coding] = {
    "gzip": Coding(lambda first: first.startswith(MAGIC), _gzip),
    "x-gzip": Coding(lambda first: first.startswith(MAGIC), _gzip),
    "deflate": Coding(bool, _deflate),
    "zstd": Coding(is_zstd, _zstd),
    "br": Coding(bool, _brotli),
}
"""By name, in lower case."""
