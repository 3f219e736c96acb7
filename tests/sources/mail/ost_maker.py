"""OST files of Outlook 2013 on (pages of 4 KiB, blocks that may be deflated) made by hand: for tests alone."""

import zlib
from collections.abc import Sequence
from struct import pack

from pst_maker import Maker

from actionday.sources.mail._pstcode import spread
from actionday.sources.mail._pstfile import crc_of

ROOM, PAGE, TAIL = 4056, 4096, 24


class LargeMaker(Maker):
    """As ``Maker``, in the form of version 36; ``deflated`` packs what becomes smaller by it."""

    def __init__(self, *, coding: int = 0, deflated: bool = True) -> None:
        super().__init__(wide=True, coding=coding)
        self.data, self._deflated = bytearray(0x8000), deflated
        self.sizes: dict[int, int] = {}

    def _block(self, data: bytes, *, inner: bool) -> int:
        number = self._number() | (2 if inner else 0)
        stored = data if inner else spread(data, self.coding, number)
        packed = zlib.compress(stored)
        if not inner and self._deflated and len(packed) < len(stored):
            stored = packed
        at, size = len(self.data), -(-(len(stored) + TAIL) // 512) * 512
        tail = pack("<HHIQHHI", len(stored), 0, crc_of(stored), number, 0, len(data), 0)
        self.data += stored.ljust(size - TAIL, b"\0") + tail
        self.blocks[number], self.sizes[number] = (at, len(stored)), len(data)
        return number

    def _page(self, kind: int, level: int, entries: Sequence[bytes]) -> tuple[int, int]:
        self.data += bytes(-len(self.data) % PAGE)
        at, number, size = len(self.data), self._number() | 2, len(entries[0])
        body = b"".join(entries).ljust(ROOM, b"\0") + pack(
            "<HHBB10x", len(entries), ROOM // size, size, level
        )
        self.data += body + pack("<BBHIQQ", kind, kind, 0, crc_of(body), number, 0)
        return at, number

    def _tree(self, kind: int, entries: list[tuple[int, bytes]]) -> tuple[int, int]:
        if kind == 0x80:
            entries = [
                (number, pack("<QQHHHH", number, *self.blocks[number], self.sizes[number], 2, 0))
                for number, _ in entries
            ]
        assert len(entries) * len(entries[0][1]) <= ROOM, "one page is enough here"
        return self._page(kind, 0, [each for _, each in entries])

    def file(self) -> bytes:
        """Return the whole file."""
        data = bytearray(super().file())
        data[10:12] = pack("<H", 36)
        data[8:10] = b"SO"
        data[4:8] = pack("<I", crc_of(bytes(data[8 : 8 + 471])))
        data[524:528] = pack("<I", crc_of(bytes(data[8 : 8 + 516])))
        return bytes(data)
