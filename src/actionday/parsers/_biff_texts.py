"""The texts of an xls workbook as its records hold them, whatever the cells make of them.

Source: [MS-XLS] 2.1.4 (records), 2.4.28 (BoundSheet8), 2.4.265 (SST), 2.5.293 (XLUnicodeRichExtendedString), 2.4.58
(Continue), 2.4.148 (Label), 2.4.268 (String), 2.4.136 (Header), 2.4.329 (TxO), 2.4.140 (HLink), 2.4.95 (Dv).

xberg 1.3.9 drops a cell whose string it cannot find and refuses a workbook with an error code it does not know.
"""

import re
from collections.abc import Iterator
from struct import unpack_from

from actionday.parsers._biff import STREAM
from actionday.parsers._ole import Ole

BOF, CONTINUE, SST, TEXT_BOX = 0x0809, 0x003C, 0x00FC, 0x01B6
BIFF8 = 0x0600
AT = {0x0085: 6, 0x0204: 6, 0x0207: 0, 0x0014: 0, 0x0015: 0, 0x01BE: 4}
"""Where the strings begin in names of sheets, labels, results of formulas, headers, footers, prompts."""
SHORT, PROMPTS, LINK = 0x0085, 0x01BE, 0x01B8
SAVER = 0x005C
READ = frozenset({*AT, SST, TEXT_BOX, LINK, SAVER})
"""Records that are read here."""
HEADS = 1 << 16
"""Bytes of a workbook among whose records is who saved it: it is one of the first."""
WIDE = re.compile(rb"(?:[\x20-\x7e]\0|[\0-\xff][\x01-\x07]){6,}")
HEADER_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d+|[A-Za-z&])')


def texts(ole: Ole) -> Iterator[str]:
    """Yield the texts of a workbook of 1997 to 2003 in the order of its records. Never raises for damage."""
    stream = ole.read("Workbook", STREAM)
    if len(stream) < 8 or unpack_from("<H", stream)[0] != BOF or unpack_from("<H", stream, 4)[0] != BIFF8:
        return
    kind, blocks = 0, list[bytes]()
    for record, block in _records(stream):
        if record == CONTINUE:
            blocks.append(block)
            continue
        yield from _of(kind, blocks)
        kind, blocks = record, [block]
    yield from _of(kind, blocks)


def saver(ole: Ole) -> str:
    """Return who saved a workbook of 1997 to 2003 last, or "" ([MS-XLS] 2.4.349, WriteAccess). Never raises."""
    stream = ole.read("Workbook", HEADS)
    block = next((block for record, block in _records(stream) if record == SAVER), b"")
    if len(block) < 3:
        return ""
    reader = _Blocks([block])
    return reader.characters(reader.number(2), reader.byte()).strip("\0 ")


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        record, length = unpack_from("<HH", stream, at)
        yield record, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _of(kind: int, blocks: list[bytes]) -> Iterator[str]:
    """Yield the texts of a record and of those that continue it."""
    if kind == SST:
        yield from _shared(_Blocks(blocks))
    elif kind == TEXT_BOX and len(blocks) > 1 and len(blocks[0]) >= 12:
        reader = _Blocks(blocks[1:])
        yield reader.characters(unpack_from("<H", blocks[0], 10)[0], reader.byte())
    elif kind == LINK and blocks:
        yield from (found[0].decode("utf-16-le", "replace") for found in WIDE.finditer(blocks[0]))
    elif kind in AT and blocks:
        reader = _Blocks(blocks)
        reader.take(AT[kind])
        for _ in range(4 if kind == PROMPTS else 1):
            length = reader.byte() if kind == SHORT else reader.number(2)
            text = reader.characters(length, reader.byte())
            yield HEADER_CODE.sub(" ", text) if kind in (0x0014, 0x0015) else text


def _shared(reader: "_Blocks") -> Iterator[str]:
    reader.take(8)
    while reader.more():
        length, flags = reader.number(2), reader.byte()
        runs = reader.number(2) if flags & 8 else 0
        behind = reader.number(4) if flags & 4 else 0
        yield reader.characters(length, flags)
        reader.take(4 * runs + behind)


class _Blocks:
    """Reads over the borders of records; characters that go on behind one begin with flags anew."""

    def __init__(self, blocks: list[bytes]) -> None:
        self._blocks, self._number, self._at = blocks, 0, 0

    def more(self) -> bool:
        while self._number < len(self._blocks) and self._at >= len(self._blocks[self._number]):
            self._number += 1
            self._at = 0
        return self._number < len(self._blocks)

    def take(self, length: int) -> bytes:
        parts = []
        while length > 0 and self.more():
            part = self._blocks[self._number][self._at : self._at + length]
            parts.append(part)
            self._at += len(part)
            length -= len(part)
        return b"".join(parts)

    def byte(self) -> int:
        return self.number(1)

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def characters(self, count: int, flags: int) -> str:
        parts = []
        while count > 0 and self.more():
            width = 2 if flags & 1 else 1
            here = min(count, (len(self._blocks[self._number]) - self._at) // width)
            raw = self.take(here * width)
            parts.append(raw.decode("utf-16-le" if width == 2 else "latin-1", "replace"))
            count -= here
            if count and here == 0:
                self.take(1)  # half a character at the end of a damaged record
            if count and self._at >= len(self._blocks[self._number]) and self.more():
                flags = self.byte()
        return "".join(parts)
