"""Readers of what is made step by step: a content decoded, transcoded or mended, block by block."""

from collections.abc import Callable
from io import BufferedReader, RawIOBase
from typing import BinaryIO, cast

BLOCK = 1 << 18


def stepwise(step: Callable[[], bytes | None]) -> BinaryIO:
    """Return a reader of what ``step`` gives, call by call, until it gives None; b"" is no end.

    What ``step`` raises passes through, and it is asked again at the next read.
    """
    return cast("BinaryIO", BufferedReader(_Stepwise(step), BLOCK))


class _Stepwise(RawIOBase):
    def __init__(self, step: Callable[[], bytes | None]) -> None:
        self._step, self._ended = step, False
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        while not self._ready and not self._ended:
            made = self._step()
            self._ended = made is None
            self._ready = memoryview(made or b"")
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count
