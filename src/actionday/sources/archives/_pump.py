"""What bzip2 and xz share: a decoder with the standard library's interface, fed until it ends.

Source: Python's ``bz2.BZ2Decompressor`` and ``lzma.LZMADecompressor`` (``max_length`` bounds what one call gives).
"""

from collections.abc import Iterator
from lzma import LZMAError
from typing import Protocol

from actionday.model import Damaged, OverLimit
from actionday.model.counted import counted
from actionday.model.foreign import plainly
from actionday.sources.archives._deflate import Counted
from actionday.sources.archives._resumed import Torn
from actionday.sources.archives._streams import BLOCK, Behind, Notes, Readable

_HEAD = 64
"""Bytes in which a stream tells how large its dictionary is."""


class Decoder(Protocol):
    """A decoder of one stream (bzip2) or one stream of blocks (xz)."""

    @property
    def eof(self) -> bool:
        """True once the end mark was read."""

    @property
    def needs_input(self) -> bool:
        """False while output is still held back."""

    @property
    def unused_data(self) -> bytes:
        """What was fed behind the end mark."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Return up to ``max_length`` bytes."""


class Format(Protocol):
    """How a format begins anew behind its end mark."""

    name: str
    padding: bytes
    """What may lie between streams and at the end: zeros for xz, nothing for bzip2."""
    magic: bytes

    def decoder(self) -> Decoder:
        """Return a fresh decoder."""

    def needs(self, head: bytes) -> str:
        """Return how much memory a stream that begins so needs and is given, as far as it tells."""


def pump(form: Format, source: Readable, note: Notes, behind: Behind | None = None) -> Iterator[bytes]:
    """Yield what all streams in ``source`` hold, checked as the format checks it.

    Of what follows them ``behind`` is told, else it is noted. Raises Damaged with the byte before which a stream
    breaks off or contradicts its check, OverLimit when a stream asks for more memory than we give.
    """
    read = Counted(source)
    data = read.more()
    while data:
        decoder, start, head = form.decoder(), read.count - len(data), data[:_HEAD]
        while not decoder.eof:
            if not data and decoder.needs_input:
                data = read.more()
                if not data:
                    raise Torn(f"{form.name}: ends at byte {read.count} inside a stream", start)
            try:
                chunk = _decoded(form.name, decoder, data, read.count)
            except Damaged as error:
                raise Torn(str(error), start) from error
            except OverLimit as error:
                raise OverLimit(f"{error}{form.needs(head)}") from error
            data = b""
            if chunk:
                yield chunk
        data = _behind(form, decoder.unused_data, read, note, behind)


def _decoded(name: str, decoder: Decoder, data: bytes, read: int) -> bytes:
    try:
        return decoder.decompress(data, BLOCK)
    except (LZMAError, OSError, ValueError) as error:
        if "emory usage limit" in str(error):
            raise OverLimit(f"{name}: needs more memory to unpack than is allowed") from error
        raise Damaged(f"{name}: {plainly(error)} (before byte {read})") from error
    except EOFError as error:
        raise Damaged(f"{name}: {plainly(error)} (before byte {read})") from error


def _behind(form: Format, data: bytes, read: Counted, note: Notes, told: Behind | None) -> bytes:
    """Return the beginning of the next stream, or b"" after telling of what is none; zeros between are passed."""
    behind = read.count - len(data)
    while True:
        data = data.lstrip(b"\0")
        if len(data) >= len(form.magic):
            break
        more = read.more()
        if not more:
            break
        data += more
    if not data or form.magic.startswith(data[: len(form.magic)]):
        if data and not form.padding and read.count - len(data) > behind:
            note("padding", f"{form.name}: zeros between streams, from byte {behind} on")
        return data
    start, length = read.count - len(data), len(data)
    while more := read.more():
        length += len(more)
    if told is not None:
        told(start, length)
        return b""
    note("trailing", f"{form.name}: {counted(length, 'byte')} from byte {start} on, behind the last stream")
    return b""
