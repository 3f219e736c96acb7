"""Raw deflate, so that what comes before a damage is kept: zlib itself gives nothing of a call that fails.

Source: RFC 1951.
"""

import zlib
from collections.abc import Generator, Iterator
from contextlib import suppress

from actionday.model import Damaged
from actionday.model.foreign import plainly
from actionday.sources.archives._streams import BLOCK, Readable, block_of

_STEP = 32  # bytes: what may be lost before a broken code


class Counted:
    """Counts what is read from a source, for the byte that a reason names."""

    def __init__(self, source: Readable) -> None:
        self._source, self.count = source, 0
        self._block = block_of(getattr(source, "size", None))

    def more(self) -> bytes:
        """Return the next block, b"" at the end."""
        data = self._source.read(self._block)
        self.count += len(data)
        return data


def inflate(source: Counted, data: bytes, what: str) -> Generator[bytes, None, bytes]:
    """Yield what a deflate stream holds that begins with ``data`` and goes on in ``source``.

    Returns what was read behind its end. Raises Damaged, after what could be unpacked was yielded.
    """
    decoder, before = zlib.decompressobj(-15), None
    while not decoder.eof:
        data = data or source.more()
        try:
            chunk = decoder.decompress(data, BLOCK)
        except zlib.error as error:
            yield from _salvaged(before or zlib.decompressobj(-15), data)
            raise Damaged(f"{what}: {plainly(error)} (before byte {source.count})") from error
        if not (data or chunk or decoder.eof):
            raise Damaged(f"{what}: ends at byte {source.count}, too early")
        data = decoder.unconsumed_tail
        before = None if decoder.eof else decoder.copy()
        if chunk:
            yield chunk
    return decoder.unused_data


def _salvaged(decoder: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    parts: list[bytes] = []
    with suppress(zlib.error):  # the damage was raised already; this is what came before it
        while part := decoder.decompress(data, _STEP):
            parts.append(part)
            data = decoder.unconsumed_tail
    if parts:
        yield b"".join(parts)
