"""A zlib stream that lies in pieces, unpacked while it is read.

Source: RFC 1950; RFC 3274 section 1.1 (compressed-data of CMS).
"""

import zlib
from collections.abc import Callable, Sequence
from io import BufferedReader, RawIOBase
from typing import BinaryIO, cast

from actionday.model import Damaged, Run
from actionday.model.foreign import plainly

BLOCK = 1 << 18


def inflated(read: Callable[[int, int], bytes], runs: Sequence[Run]) -> BinaryIO:
    """Return a reader of what the stream in ``runs`` holds. Raises Damaged behind the last byte that unpacks."""
    return cast("BinaryIO", BufferedReader(_Inflated(read, runs), BLOCK))


class _Inflated(RawIOBase):
    def __init__(self, read: Callable[[int, int], bytes], runs: Sequence[Run]) -> None:
        self._read, self._runs, self._decoder = read, list(runs), zlib.decompressobj()
        self._packed = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        while not self._decoder.eof:
            self._packed = self._packed or self._more()
            try:
                out = self._decoder.decompress(self._packed, len(buffer))
            except zlib.error as error:
                raise Damaged(f"smime: {plainly(error)}") from error
            if not (out or self._packed):
                raise Damaged("smime: the compressed content breaks off")
            self._packed = self._decoder.unconsumed_tail
            if out:
                buffer[: len(out)] = out
                return len(out)
        return 0

    def _more(self) -> bytes:
        if not self._runs:
            return b""
        start, length = self._runs.pop(0)
        taken = min(length, BLOCK)
        if taken < length:
            self._runs.insert(0, (start + taken, length - taken))
        return self._read(start, taken)
