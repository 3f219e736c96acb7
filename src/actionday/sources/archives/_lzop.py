"""Lzop: blocks of LZO1X behind a header, each with the sums of what it holds.

Source: lzop 1.04, ``src/lzop.c`` (write_header, x_compress, x_decompress), ``src/conf.h`` (flags).
"""

import zlib
from collections.abc import Iterator

from actionday.model import Damaged, Unsupported
from actionday.sources.archives._deflate import Counted
from actionday.sources.archives._streams import Behind, Notes, Readable
from actionday.sources.filesystems._lzo import unpacked
from actionday.sources.filesystems._tsk_runs import BadMap

MAGIC = b"\x89LZO\x00\r\n\x1a\n"
LEVELLED = 0x0940
"""The version since which a header has a level and times of 64 bits."""
ADLER, PACKED_ADLER, EXTRA, CRC, PACKED_CRC, FILTER, HEADER_CRC = 1, 2, 0x40, 0x100, 0x200, 0x800, 0x1000
LARGEST = 64 << 20
"""Bytes of a block, as lzop itself bounds it."""
METHODS = frozenset({1, 2, 3})
"""LZO1X-1, -1(15) and -999: one form, packed with more or less care."""


class _Tape:
    """Bytes in order, each missing one an error that names its place."""

    def __init__(self, source: Readable) -> None:
        self._read, self._held, self._used = Counted(source), b"", 0

    @property
    def at(self) -> int:
        """Return the place of the next byte."""
        return self._read.count - len(self._held) + self._used

    def ended(self) -> bool:
        """Say whether nothing follows."""
        if self._used == len(self._held):
            self._held, self._used = self._read.more(), 0
        return not self._held

    def take(self, length: int) -> bytes:
        """Return the next bytes. Raises Damaged where they are not there."""
        end = self._used + length
        if end <= len(self._held):
            data, self._used = self._held[self._used : end], end
            return data
        parts, got = [self._held[self._used :]], len(self._held) - self._used
        self._held, self._used = b"", 0
        while got < length and (more := self._read.more()):
            self._used = min(len(more), length - got)
            parts.append(more[: self._used])
            got += self._used
            self._held = more
        if got < length:
            raise Damaged(f"lzop: ends at byte {self._read.count} inside a block or header")
        return b"".join(parts)

    def begins(self, mark: bytes) -> bool:
        """Say whether ``mark`` comes next, and pass over it if so."""
        if len(self._held) - self._used < len(mark):
            self._held, self._used = self._held[self._used :] + self._read.more(), 0
        if not self._held.startswith(mark, self._used):
            return False
        self._used += len(mark)
        return True

    def rest(self) -> int:
        """Pass over all that follows; return how many bytes that is."""
        passed = 0
        while not self.ended():
            passed += len(self._held) - self._used
            self._used = len(self._held)
        return passed

    def number(self, length: int = 4) -> int:
        """Return the next number, its highest byte first."""
        return int.from_bytes(self.take(length), "big")


def unlzop(source: Readable, note: Notes, behind: Behind | None = None) -> Iterator[bytes]:
    """Yield what all members hold, each block checked by its sums.

    Raises Damaged with the byte of the block that is not what its sums say, or at which the file breaks off. Each
    instruction is gone through in Python: 9 MB/s of text on a busy machine.
    """
    tape, first = _Tape(source), True
    while not tape.ended():
        start = tape.at
        if not tape.begins(MAGIC):
            if first:
                raise Damaged("lzop: no header at its beginning")
            length = tape.rest()
            if behind is not None:
                behind(start, length)
            else:
                note("trailing", f"lzop: bytes from byte {start} on, behind the last member")
            return
        first = False
        yield from _blocks(tape, _header(tape))


def _header(tape: _Tape) -> int:
    """Return the flags of a member. Raises Damaged or Unsupported."""
    raw = tape.take(2)
    version = int.from_bytes(raw, "big")
    new = version >= LEVELLED
    raw += tape.take(5 if new else 3)
    method = raw[6] if new else raw[4]
    if new:
        raw += tape.take(1)
    raw += (told := tape.take(4))
    flags = int.from_bytes(told, "big")
    if flags & FILTER:
        raw += tape.take(4)
    raw += tape.take(12 if new else 8)
    raw += (length := tape.take(1))
    raw += tape.take(length[0])
    _compare(tape, raw, "the header", crc=bool(flags & HEADER_CRC))
    if method not in METHODS or flags & FILTER:
        raise Unsupported(
            f"lzop: method {method}{' with a filter' if flags & FILTER else ''} is not read here"
        )
    if flags & EXTRA:
        raw = tape.take(4)
        raw += tape.take(min(int.from_bytes(raw, "big"), LARGEST))
        _compare(tape, raw, "the extra field", crc=bool(flags & HEADER_CRC))
    return flags


def _compare(tape: _Tape, data: bytes, what: str, *, crc: bool) -> None:
    at, told = tape.at, tape.number()
    if told != (zlib.crc32(data) if crc else zlib.adler32(data)):
        raise Damaged(f"lzop: {what} before byte {at} has another sum than it says")


def _blocks(tape: _Tape, flags: int) -> Iterator[bytes]:
    while length := tape.number():
        start, packed = tape.at - 4, tape.number()
        if length > LARGEST or packed > length:
            raise Damaged(f"lzop: the block at byte {start} has {packed} bytes for {length}")
        kinds = [flag for flag in (ADLER, CRC) if flags & flag]
        if packed < length:
            kinds += [flag for flag in (PACKED_ADLER, PACKED_CRC) if flags & flag]
        sums = {kind: tape.number() for kind in kinds}
        data = stored = tape.take(packed)
        if packed < length:
            try:
                data = unpacked(stored, length)
            except BadMap as error:
                raise Damaged(f"lzop: the block at byte {start}: {error}") from error
        for kind, told in sums.items():
            of = stored if kind in (PACKED_ADLER, PACKED_CRC) else data
            if told != (zlib.crc32(of) if kind in (CRC, PACKED_CRC) else zlib.adler32(of)):
                raise Damaged(f"lzop: the block at byte {start} has another sum than it says")
        if len(data) != length:
            raise Damaged(f"lzop: the block at byte {start} gives {len(data)} bytes of {length}")
        yield data
