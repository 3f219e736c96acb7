"""PST files made by hand, as [MS-PST] has them: for tests alone. libpff and readpst read them (``test_pst``)."""

from collections.abc import Mapping, Sequence
from struct import pack
from typing import NamedTuple

from actionday.sources.mail._pstcode import spread
from actionday.sources.mail._pstfile import crc_of

I32, BOOL, OBJ, TEXT8, TEXT, TIME, BIN = 3, 11, 13, 0x1E, 0x1F, 0x40, 0x102
Values = Mapping[int, tuple[int, object]]
LARGEST = {True: 8176, False: 8180}
"""Bytes of a data block, Unicode and ANSI."""
IN_HEAP = 1000
"""Bytes from which a value is a subnode here (3580 in Outlook's files), so that a heap is one block."""


class Part(NamedTuple):
    """The data of a node, and its subnodes."""

    data: bytes
    subs: "dict[int, Part]" = {}  # noqa: RUF012


def text(value: str) -> tuple[int, object]:
    return TEXT, value


def raw_of(kind: int, value: object, page: str = "cp1252") -> bytes:
    if kind == TEXT:
        return str(value).encode("utf-16-le")
    if kind == TEXT8:
        return str(value).encode(page)
    if kind in (I32, BOOL):
        return pack("<I", int(value))  # type: ignore[call-overload]
    if kind == TIME:
        return pack("<Q", int(value))  # type: ignore[call-overload]
    assert isinstance(value, bytes)
    return value


class _Heap:
    def __init__(self, kind: int) -> None:
        self.kind, self.held, self.root = kind, list[bytes](), 0

    def add(self, data: bytes) -> int:
        self.held.append(data)
        return len(self.held) << 5

    def tree(self, entries: Sequence[tuple[int, bytes]], key: int, value: int) -> int:
        records = b"".join(number.to_bytes(key, "little") + each for number, each in sorted(entries))
        place = self.add(records) if records else 0
        return self.add(pack("<BBBBI", 0xB5, key, value, 0, place))

    def data(self) -> bytes:
        ends, at = [12], 12
        for each in self.held:
            at += len(each)
            ends.append(at)
        body = b"".join(self.held)
        pad = bytes(at & 1)
        head = pack("<HBBII", at + len(pad), 0xEC, self.kind, self.root, 0)
        return (
            head + body + pad + pack("<HH", len(self.held), 0) + b"".join(pack("<H", each) for each in ends)
        )


def properties(values: Values, subs: Mapping[int, Part] | None = None, page: str = "cp1252") -> Part:
    """Return an object's properties; a value may be a ``Part``, which is a message or object within it."""
    heap, below, entries, at = _Heap(0xBC), dict(subs or {}), list[tuple[int, bytes]](), 0x1F41
    for number, (kind, value) in values.items():
        if isinstance(value, Part):
            below[at] = value
            place = heap.add(pack("<II", at, len(value.data)))
            at += 0x20
        else:
            raw = raw_of(kind, value, page)
            if kind in (I32, BOOL):
                place = int.from_bytes(raw, "little")
            elif len(raw) > IN_HEAP:
                below[at], place = Part(raw), at
                at += 0x20
            else:
                place = heap.add(raw) if raw else 0
        entries.append((number, pack("<HI", kind, place)))
    heap.root = heap.tree(entries, 2, 6)
    return Part(heap.data(), below)


def table(
    columns: Sequence[tuple[int, int]], rows: Sequence[tuple[int, Values]], *, wide: bool = True
) -> Part:
    """Return a table whose columns are (number, type); its rows are small enough for the heap."""
    heap = _Heap(0x7C)
    every = [(0x67F2, I32), (0x67F3, I32), *columns]
    sizes = {BOOL: 1}
    ordered = sorted(every, key=lambda each: sizes.get(each[1], 4), reverse=True)
    places, at = dict[int, int](), 0
    for number, kind in ordered:
        places[number], at = at, at + sizes.get(kind, 4)
    four = 4 * sum(kind not in sizes for _, kind in every)
    bits, width = at, at + -(-len(every) // 8)
    matrix = bytearray()
    for number, values in rows:
        row = bytearray(width)
        cells: Values = {0x67F2: (I32, number), 0x67F3: (I32, 1), **values}
        for bit, (own, kind) in enumerate(every):
            if own in cells:
                raw = raw_of(kind, cells[own][1])
                if kind not in (I32, BOOL):
                    raw = pack("<I", heap.add(raw) if raw else 0)
                size = sizes.get(kind, 4)
                row[places[own] : places[own] + size] = raw[:size]
                row[bits + bit // 8] |= 0x80 >> bit % 8
        matrix += row
    place = heap.add(bytes(matrix)) if matrix else 0
    index = heap.tree(
        [(number, pack("<I" if wide else "<H", at)) for at, (number, _) in enumerate(rows)],
        4,
        4 if wide else 2,
    )
    info = pack("<BBHHHHIII", 0x7C, len(every), four, four, bits, width, index, place, 0)
    described = sorted(
        (number << 16 | kind, places[number], sizes.get(kind, 4), bit)
        for bit, (number, kind) in enumerate(every)
    )
    heap.root = heap.add(info + b"".join(pack("<IHBB", *each) for each in described))
    return Part(heap.data())


PEOPLE = ((0x0C15, I32), (0x3001, TEXT), (0x3002, TEXT), (0x3003, TEXT), (0x39FE, TEXT))
FILES = ((0x0E20, I32), (0x3704, TEXT), (0x3705, I32), (0x3707, TEXT))


def message(values: Values, people: Sequence[Values] = (), files: Sequence[Part] = (), rows: Sequence[Values] = (),
            *, wide: bool = True, page: str = "cp1252") -> Part:  # fmt: skip
    """Return a message with its recipients and attachments; ``rows`` are those of the table of attachments."""
    subs = {0x692: table(PEOPLE, list(enumerate(people)), wide=wide)}
    if files:
        numbers = [0x8025 + 0x20 * at for at in range(len(files))]
        subs[0x671] = table(FILES, list(zip(numbers, rows or [{}] * len(files), strict=True)), wide=wide)
        subs |= dict(zip(numbers, files, strict=True))
    return properties({0x001A: text("IPM.Note"), **values}, subs, page)


class Maker:
    """Lays nodes out in a file; ``coding`` 0, 1 or 2 as in the header."""

    def __init__(self, *, wide: bool = True, coding: int = 1) -> None:
        self.wide, self.coding, self.data = wide, coding, bytearray(0x4600)
        self.blocks: dict[int, tuple[int, int]] = {}
        self.nodes: dict[int, tuple[int, int, int]] = {}
        self._next = 4

    def node(self, number: int, part: Part, parent: int = 0) -> None:
        self.nodes[number] = (self._data(part.data), self._subs(part.subs), parent)

    def _number(self) -> int:
        self._next += 4
        return self._next

    def _block(self, data: bytes, *, inner: bool) -> int:
        number = self._number() | (2 if inner else 0)
        stored = data if inner else spread(data, self.coding, number)
        tail = 16 if self.wide else 12
        at, size = len(self.data), -(-(len(data) + tail) // 64) * 64
        crc, sign = crc_of(stored), (at ^ number) >> 16 ^ (at ^ number) & 0xFFFF
        shape = (
            pack("<HHIQ", len(data), sign & 0xFFFF, crc, number)
            if self.wide
            else pack("<HHII", len(data), sign & 0xFFFF, number, crc)
        )
        self.data += stored.ljust(size - tail, b"\0") + shape
        self.blocks[number] = (at, len(data))
        return number

    def _data(self, data: bytes) -> int:
        most = LARGEST[self.wide]
        if not data:
            return 0
        if len(data) <= most:
            return self._block(data, inner=False)
        numbers = [self._block(data[at : at + most], inner=False) for at in range(0, len(data), most)]
        lists = [numbers[at : at + 1000] for at in range(0, len(numbers), 1000)]
        sizes = [min(len(data) - at, most * 1000) for at in range(0, len(data), most * 1000)]
        above = [self._list(1, each, size) for each, size in zip(lists, sizes, strict=True)]
        return above[0] if len(above) == 1 else self._list(2, above, len(data))

    def _list(self, level: int, numbers: Sequence[int], size: int) -> int:
        return self._block(
            pack("<BBHI", 1, level, len(numbers), size) + b"".join(map(self._long, numbers)), inner=True
        )

    def _long(self, number: int) -> bytes:
        return pack("<Q" if self.wide else "<I", number)

    def _subs(self, subs: Mapping[int, Part]) -> int:
        if not subs:
            return 0
        rows = b"".join(b"".join(map(self._long, (number, self._data(part.data), self._subs(part.subs))))
                        for number, part in sorted(subs.items()))  # fmt: skip
        return self._block(pack("<BBH", 2, 0, len(subs)) + bytes(4 if self.wide else 0) + rows, inner=True)

    def _page(self, kind: int, level: int, entries: Sequence[bytes]) -> tuple[int, int]:
        at, number, size = len(self.data), self._number() | 2, len(entries[0])
        room, counts = (488, 8) if self.wide else (496, 4)
        body = b"".join(entries).ljust(room, b"\0") + pack(
            "<BBBB", len(entries), room // size, size, level
        ).ljust(counts, b"\0")
        sign = ((at ^ number) >> 16 ^ (at ^ number)) & 0xFFFF
        crc = crc_of(body)
        self.data += body + (
            pack("<BBHIQ", kind, kind, sign, crc, number)
            if self.wide
            else pack("<BBHII", kind, kind, sign, number, crc)
        )
        return at, number

    def _tree(self, kind: int, entries: list[tuple[int, bytes]]) -> tuple[int, int]:
        level = 0
        while True:
            room = (488 if self.wide else 496) // len(entries[0][1])
            above = list[tuple[int, bytes]]()
            for at in range(0, len(entries), room):
                part = entries[at : at + room]
                place, number = self._page(kind, level, [each for _, each in part])
                above.append((part[0][0], b"".join(map(self._long, (part[0][0], number, place)))))
            if len(above) == 1:
                return place, number
            entries, level = above, level + 1

    def file(self) -> bytes:
        """Return the whole file; what was laid out before may be altered in ``data``, ``blocks`` and ``nodes``."""
        self.data += bytes(-len(self.data) % 512)
        node = "<QQQII" if self.wide else "<IIII"
        nodes = [
            (number, pack(node, number, *each, *([0] if self.wide else [])))
            for number, each in sorted(self.nodes.items())
        ]
        block = "<QQHHI" if self.wide else "<IIHH"
        blocks = [
            (number, pack(block, number, *each, 2, *([0] if self.wide else [])))
            for number, each in sorted(self.blocks.items())
        ]
        nbt, bbt = self._tree(0x81, nodes), self._tree(0x80, blocks)
        wide, end = self.wide, len(self.data)
        head = bytearray(b"!BDN" + bytes(4) + b"SM" + pack("<HHBB", 23 if wide else 14, 19, 1, 1) + bytes(8))
        if wide:
            head = bytearray(
                head.ljust(184, b"\0")
                + pack("<QQQQQQQQBB", end, 0x4400, 0, 0, nbt[1], nbt[0], bbt[1], bbt[0], 2, 0)
            )
            head = (
                head.ljust(256, b"\0")
                + b"\xff" * 256
                + bytes([0x80, self.coding])
                + bytes(2)
                + pack("<Q", self._next + 4)
            )
            head += bytes(4)
        else:
            head = bytearray(
                head.ljust(168, b"\0")
                + pack("<IIIIIIIIBB", end, 0x4400, 0, 0, nbt[1], nbt[0], bbt[1], bbt[0], 2, 0)
            )
            head = head.ljust(204, b"\0") + b"\xff" * 256 + bytes([0x80, self.coding])
        head = head.ljust(564, b"\0")
        head[4:8] = pack("<I", crc_of(bytes(head[8 : 8 + 471])))
        if wide:
            head[524:528] = pack("<I", crc_of(bytes(head[8 : 8 + 516])))
        self.data[: len(head)] = head
        return bytes(self.data)


ROOT, TOP, BOX = 0x122, 0x8022, 0x8042
KEY = bytes(range(16))


def folder(maker: Maker, number: int, parent: int, name: str, listed: Sequence[int] = (), *, count: int | None = None,
           children: Sequence[int] = ()) -> None:  # fmt: skip
    kind = TEXT if maker.wide else TEXT8
    maker.node(number, properties({0x3001: (kind, name), 0x3602: (I32, len(listed) if count is None else count),
                                   0x3603: (I32, 0), 0x360A: (BOOL, bool(children))}), parent)  # fmt: skip
    base = number & ~0x1F
    maker.node(base | 0x0D, table([(0x3001, TEXT)], [(each, {}) for each in children], wide=maker.wide))
    maker.node(base | 0x0E, table([(0x0037, TEXT)], [(each, {}) for each in listed], wide=maker.wide))
    maker.node(base | 0x0F, table([(0x0037, TEXT)], [], wide=maker.wide))


def store(maker: Maker, messages: Mapping[int, Part], *, listed: Sequence[int] | None = None, count: int | None = None,
          names: Part | None = None, password: int = 0) -> Maker:  # fmt: skip
    """Lay a store out with one folder (``Inbox``) that holds ``messages`` by their nodes."""
    kind = TEXT if maker.wide else TEXT8
    entry = bytes(4) + KEY + pack("<I", TOP)
    maker.node(0x21, properties({0x0FF9: (BIN, KEY), 0x3001: (kind, "Kestrel"), 0x35DF: (I32, 0x89), 0x35E0: (BIN, entry),
                                 0x67FF: (I32, password)}))  # fmt: skip
    maker.node(
        0x61,
        names or properties({0x0001: (I32, 251), 0x0002: (BIN, b""), 0x0003: (BIN, b""), 0x0004: (BIN, b"")}),
    )
    folder(maker, ROOT, ROOT, "", children=[TOP])
    folder(maker, TOP, ROOT, "Top of Personal Folders", children=[BOX])
    folder(maker, BOX, TOP, "Inbox", sorted(messages) if listed is None else listed, count=count)
    for number, part in messages.items():
        maker.node(number, part, BOX)
    return maker
