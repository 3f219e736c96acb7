"""The pages of an SQLite database: its trees, the records in their leaves, and what no tree holds any more.

Source: SQLite, "Database File Format": 1.3 (header), 1.5 (freelist), 1.6 (b-tree pages), 1.6.2 (overflow), 2.1 (record
format), 3.2 (where a payload is cut).

Every page belongs to one tree once: what a damaged or hostile file claims twice is read once, so that no text grows
beyond the file.
"""

import struct
from collections.abc import Iterator
from struct import unpack_from
from typing import NamedTuple

TABLE_LEAF, TABLE_INNER, INDEX_LEAF, INDEX_INNER = 13, 5, 10, 2
KINDS = frozenset({TABLE_LEAF, TABLE_INNER, INDEX_LEAF, INDEX_INNER})
HEADER = 100
INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
MOST_CELLS = 32767
"""Columns of a row; SQLite itself allows no more."""
Value = None | int | float | str | bytes


class Row(NamedTuple):
    """A record of a table and its number there, 0 in a tree without numbers."""

    number: int
    values: list[Value]


class Pages:
    """The pages of one file by number, from 1 on."""

    def __init__(self, data: memoryview, size: int, usable: int, codec: str) -> None:
        """``size`` are the bytes of a page, ``usable`` those of it that are the database's."""
        self._data, self.size, self._usable, self._codec = data, size, usable, codec
        self.count = -(-len(data) // size)
        self.seen: set[int] = set()
        self.damaged = 0
        """Pages and records that could not be read as what they are said to be."""

    @classmethod
    def of(cls, data: memoryview) -> "Pages | None":
        """Return the pages of a database, None where its header is none."""
        if len(data) < HEADER:
            return None
        size = unpack_from(">H", data, 16)[0]
        size = 65536 if size == 1 else size
        usable = size - data[20]
        if size < 512 or size & (size - 1) or usable < 480:
            return None
        codec = {2: "utf-16-le", 3: "utf-16-be"}.get(unpack_from(">I", data, 56)[0], "utf-8")
        return cls(data, size, usable, codec)

    def page(self, number: int) -> bytes:
        """Return a page, what there is of it."""
        return bytes(self._data[(number - 1) * self.size : (number - 1) * self.size + self._usable])

    def rows(self, root: int) -> Iterator[Row]:
        """Yield the records of a tree in its order, as far as it can be followed."""
        waiting = [root]
        while waiting:
            number = waiting.pop()
            if number in self.seen or not 0 < number <= self.count:
                self.damaged += 1
                continue
            self.seen.add(number)
            page = self.page(number)
            at = HEADER if number == 1 else 0
            kind = page[at] if at + 12 <= len(page) else 0
            if kind not in KINDS:
                self.damaged += 1
                continue
            waiting += reversed(self._below(page, at, kind))
            if kind != TABLE_INNER:
                yield from self.records(page, at)

    def _below(self, page: bytes, at: int, kind: int) -> list[int]:
        if kind not in (TABLE_INNER, INDEX_INNER):
            return []
        inner = [
            unpack_from(">I", page, cell)[0] for cell in self._cells(page, at, 12) if cell + 4 <= len(page)
        ]
        return [*inner, unpack_from(">I", page, at + 8)[0]]

    def _cells(self, page: bytes, at: int, head: int) -> list[int]:
        """Return where the cells of a page begin, none twice."""
        count = unpack_from(">H", page, at + 3)[0]
        if at + head + 2 * count > len(page):
            self.damaged += 1
            return []
        return list(dict.fromkeys(unpack_from(f">{count}H", page, at + head)))

    def records(self, page: bytes, at: int = 0) -> Iterator[Row]:
        """Yield the records on a page; together they are no longer than it, and what else their chains hold."""
        kind = page[at]
        left = len(page)
        for cell in self._cells(page, at, 12 if kind == INDEX_INNER else 8):
            try:
                start = cell + 4 if kind == INDEX_INNER else cell
                length, start = varint(page, start)
                number = 0
                if kind == TABLE_LEAF:
                    number, start = varint(page, start)
                local = self._local(kind, length)
                left -= local
                if left < 0 or start + local > len(page):
                    raise ValueError("cells overlap, or one ends beyond the page")
                payload = page[start : start + local]
                if local < length:
                    payload += self._chain(unpack_from(">I", page, start + local)[0], length - local)
                yield Row(number, self._values(payload))
            except (IndexError, ValueError, struct.error):
                self.damaged += 1

    def _local(self, kind: int, length: int) -> int:
        """Return how many bytes of a payload stand on its page."""
        least = (self._usable - 12) * 32 // 255 - 23
        most = self._usable - 35 if kind == TABLE_LEAF else (self._usable - 12) * 64 // 255 - 23
        if length <= most:
            return length
        local = least + (length - least) % (self._usable - 4)
        return local if local <= most else least

    def _chain(self, page: int, left: int) -> bytes:
        """Return what pages of overflow hold of a payload."""
        parts: list[bytes] = []
        while left > 0 and 0 < page <= self.count and page not in self.seen:
            self.seen.add(page)
            raw = self.page(page)
            parts.append(raw[4 : 4 + left])
            left -= len(parts[-1])
            page = unpack_from(">I", raw)[0] if len(raw) >= 4 else 0
        self.damaged += left > 0
        return b"".join(parts)

    def _values(self, payload: bytes) -> list[Value]:
        """Return the values of a record; the last ones are what there is of them where it is cut."""
        head, at = varint(payload, 0)
        if head > len(payload):
            raise ValueError("a header longer than its record")
        kinds: list[int] = []
        while at < head and len(kinds) < MOST_CELLS:
            kind, at = (payload[at], at + 1) if payload[at] < 0x80 else varint(payload, at)
            kinds.append(kind)
        values: list[Value] = []
        at = head
        for kind in kinds:
            length = INTEGERS.get(kind, 8 if kind == 7 else (kind - 12) // 2 if kind >= 12 else 0)
            values.append(self._value(kind, payload[at : at + length]))
            at += length
        return values

    def _value(self, kind: int, raw: bytes) -> Value:
        if kind >= 12:
            return raw.decode(self._codec, "replace") if kind & 1 else raw
        if kind == 7:
            return float(struct.unpack(">d", raw)[0]) if len(raw) == 8 else None
        return int.from_bytes(raw, "big", signed=True) if kind in INTEGERS else {8: 0, 9: 1}.get(kind)

    def unused(self) -> Iterator[tuple[int, bytes]]:
        """Yield pages that no tree of the file leads to, with their numbers."""
        for number in range(1, self.count + 1):
            if number not in self.seen:
                yield number, self.page(number)

    def gaps(self) -> Iterator[bytes]:
        """Yield what stands between the cells of the pages in use: where deleted records were."""
        for number in sorted(self.seen):
            page = self.page(number)
            at = HEADER if number == 1 else 0
            if len(page) < at + 12 or page[at] not in KINDS:
                continue  # overflow pages, which have no gaps
            head = 12 if page[at] in (TABLE_INNER, INDEX_INNER) else 8
            begin = at + head + 2 * unpack_from(">H", page, at + 3)[0]
            end = unpack_from(">H", page, at + 5)[0] or 65536
            if page[begin:end].strip(b"\0"):
                yield page[begin:end]
            free, last = unpack_from(">H", page, at + 1)[0], 0
            while last < free <= len(page) - 4:
                following, size = unpack_from(">HH", page, free)
                yield page[free + 4 : free + size]
                free, last = following, free

    def reserved(self) -> Iterator[bytes]:
        """Yield the bytes that SQLite leaves to others: of the header, and at the end of each page."""
        for begin, end in ((72, 92), *((at * self.size - self.size + self._usable, at * self.size)
                                       for at in range(1, self.count + 1) if self._usable < self.size)):  # fmt: skip
            raw = bytes(self._data[begin:end])
            if raw.strip(b"\0"):
                yield raw


def is_leaf(page: bytes) -> bool:
    """Say whether a page that nothing leads to still has records of a table."""
    if len(page) < 8 or page[0] != TABLE_LEAF:
        return False
    cells: int = unpack_from(">H", page, 3)[0]
    return 0 < cells <= (len(page) - 8) // 4


def varint(raw: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes and where it ends. Raises IndexError beyond the bytes."""
    value = 0
    for number in range(9):
        byte = raw[at + number]
        if number == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value, at + number + 1
