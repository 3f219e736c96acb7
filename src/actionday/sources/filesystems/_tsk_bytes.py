"""The stream as the companion reads it: from an open file, or by asking the worker for it.

Standard library only: the companion imports nothing else of ours.
"""

import os
import struct
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

WINDOW = 256 << 10
"""Bytes asked of the worker at once: a round trip costs as much as reading this."""
WINDOWS = 64
"""Windows kept: 16 MiB, enough for the inode tables and directories of one corner of a disk."""


class Missing(OSError):
    """Bytes that cannot be had; says why."""


class Reader(Protocol):
    """Bytes of one stream."""

    size: int

    def at(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes at ``offset``; fewer at the end. Raises Missing."""


class FileReader:
    """Reads from an open file, ``base`` bytes after its start."""

    def __init__(self, handle: int, base: int, size: int) -> None:
        self.handle, self.base, self.size = handle, base, size

    def at(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes at ``offset``; fewer at the end. Raises Missing."""
        length = min(length, self.size - offset)
        if offset < 0 or length <= 0:
            return b""
        try:
            return os.pread(self.handle, length, self.base + offset)
        except OSError as error:
            raise Missing(f"bytes {offset} to {offset + length}: {error.strerror}") from error


class AskingReader:
    """Asks for bytes in windows and keeps the last ones."""

    def __init__(self, ask: Callable[[int, int], bytes], size: int) -> None:
        self.ask, self.size = ask, size
        self._kept: OrderedDict[int, bytes] = OrderedDict()

    def at(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes at ``offset``; fewer at the end. Raises Missing."""
        length = min(length, self.size - offset)
        if offset < 0 or length <= 0:
            return b""
        if length > WINDOW:
            return self.ask(offset, length)
        first, last = offset // WINDOW, (offset + length - 1) // WINDOW
        try:
            data = b"".join(self._window(number) for number in range(first, last + 1))
        except Missing:  # the window touches a gap, the range asked for may not
            return self.ask(offset, length)
        start = offset - first * WINDOW
        return data[start : start + length]

    def _window(self, number: int) -> bytes:
        kept = self._kept.get(number)
        if kept is None:
            kept = self.ask(number * WINDOW, min(WINDOW, self.size - number * WINDOW))
            self._kept[number] = kept
            if len(self._kept) > WINDOWS:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(number)
        return kept


def whole(reader: Reader, offset: int, length: int) -> bytes:
    """Return exactly ``length`` bytes at ``offset``. Raises Missing."""
    data = reader.at(offset, length)
    if len(data) != length:
        raise Missing(f"bytes {offset} to {offset + length} lie beyond the end")
    return data


def u16(data: bytes, at: int) -> int:
    """Return the little-endian 16-bit number at ``at``."""
    return int.from_bytes(data[at : at + 2], "little")


def u32(data: bytes, at: int) -> int:
    """Return the little-endian 32-bit number at ``at``."""
    return int.from_bytes(data[at : at + 4], "little")


def u64(data: bytes, at: int) -> int:
    """Return the little-endian 64-bit number at ``at``."""
    return int.from_bytes(data[at : at + 8], "little")


def numbers32(data: bytes) -> tuple[int, ...]:
    """Return all little-endian 32-bit numbers of ``data``."""
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
