"""The middle layer of a PST: heaps within nodes, trees on heaps, the properties of an object, the rows of a table.

Source: [MS-PST] 2.3.1 (heap), 2.3.2 (BTH), 2.3.3 (property context), 2.3.4 (table context).
"""

from collections.abc import Callable, Iterator
from functools import partial
from struct import Struct
from typing import NamedTuple

from actionday.model import Damaged
from actionday.sources.mail._mapi import FIXED, MOST, MULTIPLE, OBJECT, Property, at_hand, is_known
from actionday.sources.mail._pstfile import DEEPEST, Node, Store, Subnodes

PROPERTIES, TABLE, TREE = 0xBC, 0x7C, 0xB5
INLINE = 4
"""Bytes of a value that stands in its entry."""
MOST_RECORDS = 4_000_000


class Heap:
    """The allocations within the data of one node. Raises Damaged."""

    def __init__(self, store: Store, node: Node, kind: int) -> None:
        self.store = store
        self._blocks = list[bytes]()
        held = 0
        for each in store.pieces(node.data):
            self._blocks.append(each)
            held += len(each)
            if held > MOST:
                raise Damaged(f"PST: a heap of more than {MOST} bytes")
        head = self._blocks[0] if self._blocks else b""
        if len(head) < 12 or head[2] != 0xEC or head[3] != kind:
            raise Damaged(f"PST: block {node.data:#x} is no heap of its kind")
        self.root = int.from_bytes(head[4:8], "little")
        self._maps = list(map(_map, self._blocks))
        self._shift = 19 if store.version >= 36 else 16
        self.within: Subnodes = store.subnodes(node.within)

    def at(self, place: int) -> bytes:
        """Return an allocation by its HID."""
        block, index = place >> self._shift, (place >> 5) & ((1 << self._shift - 5) - 1)
        if block >= len(self._blocks) or not index:
            raise Damaged(f"PST: no allocation {place:#x} in its heap")
        data, (pages, count) = self._blocks[block], self._maps[block]
        where = pages + 2 + index * 2
        begin, end = (
            int.from_bytes(data[where : where + 2], "little"),
            int.from_bytes(data[where + 2 : where + 4], "little"),
        )
        if index > count or not begin <= end <= len(data):
            raise Damaged(f"PST: allocation {place:#x} lies outside its heap")
        return data[begin:end]

    def chunks(self, place: int) -> Callable[[], Iterator[bytes]]:
        """Return what gives a value by its HNID: an allocation, or the data of a subnode."""
        if not place:
            return lambda: iter(())
        if place & 0x1F == 0:
            return partial(self._one, place)
        return partial(self._subnode, place)

    def _one(self, place: int) -> Iterator[bytes]:
        if data := self.at(place):
            yield data

    def _subnode(self, place: int) -> Iterator[bytes]:
        yield from filter(None, self.store.pieces(self.subnode(place).data))

    def subnode(self, number: int) -> Node:
        """Return a subnode by its NID."""
        found = self.within.get(number)
        if found is None:
            why = f" ({self.within.wrong[0]})" if self.within.wrong else ""
            raise Damaged(f"PST: subnode {number:#x} is not there{why}")
        return found

    def records(self, root: int) -> Iterator[tuple[bytes, bytes]]:
        """Yield key and value of the tree at ``root`` (a HID) in order; a branch is gone through once."""
        head = self.at(root)
        if len(head) < 8 or head[0] != TREE or not head[1] or not head[2]:
            raise Damaged(f"PST: allocation {root:#x} is no tree")
        key, value, levels, top = head[1], head[2], head[3], int.from_bytes(head[4:8], "little")
        if levels > DEEPEST:
            raise Damaged(f"PST: the tree at {root:#x} has {levels} levels")
        wide, seen = key + (4 if levels else value), set[int]()
        places = [(top, levels)] if top else []
        while places:
            place, level = places.pop()
            if place in seen:
                raise Damaged(f"PST: the tree at {root:#x} leads back into itself")
            seen.add(place)
            data, wide = self.at(place), key + (4 if level else value)
            if level:
                children = [
                    int.from_bytes(data[at + key : at + wide], "little")
                    for at in range(0, len(data) - wide + 1, wide)
                ]
                places += ((child, level - 1) for child in reversed(children))
            else:
                for at in range(0, len(data) - wide + 1, wide):
                    yield data[at : at + key], data[at + key : at + wide]


def _map(block: bytes) -> tuple[int, int]:
    """Return where the map of a block's allocations begins, and how many there are."""
    at = int.from_bytes(block[:2], "little")
    return at, int.from_bytes(block[at : at + 2], "little")


_ENTRY = Struct("<HI")


def properties(heap: Heap) -> dict[int, Property]:
    """Return the properties of an object by number; one that cannot be read is there too, with its ``error``.

    Raises Damaged where the tree of them breaks off: none behind that place is known.
    """
    found: dict[int, Property] = {}
    for key, value in heap.records(heap.root):
        number, (kind, place) = int.from_bytes(key, "little"), _ENTRY.unpack(value.ljust(6, b"\0")[:6])
        found.setdefault(number, _property(heap, number, kind, place, value[2:6]))
    return found


def _property(heap: Heap, number: int, kind: int, place: int, inline: bytes) -> Property:
    if not is_known(kind):
        why = f"property {number:04X} has the type {kind:04X}, which no one knows"
        return Property(number, kind, heap.chunks(0), None, why)
    fixed = FIXED.get(kind)
    if fixed is not None and fixed <= INLINE:
        return at_hand(number, kind, inline[:fixed])
    return Property(number, kind, heap.chunks(place))


class Table(NamedTuple):
    """A table: the numbers of its rows, and each row's cells as properties."""

    rows: list[tuple[int, dict[int, Property]]]
    wrong: list[str]


class _Column(NamedTuple):
    number: int
    kind: int
    at: int
    size: int
    bit: int


def row_numbers(heap: Heap) -> Iterator[int]:
    """Yield the numbers of a table's rows (of a folder: its messages' nodes), by its index alone."""
    info = heap.at(heap.root)
    if len(info) < 22 or info[0] != TABLE:
        raise Damaged("PST: no table stands in its heap")
    index = int.from_bytes(info[10:14], "little")
    if index:
        yield from (int.from_bytes(key, "little") for key, _ in heap.records(index))


def table(heap: Heap) -> Table:
    """Return a table of recipients or attachments whole. Raises Damaged where its head is not one."""
    info = heap.at(heap.root)
    if len(info) < 22 or info[0] != TABLE or len(info) < 22 + info[1] * 8:
        raise Damaged("PST: no table stands in its heap")
    columns = [
        _Column(*each) for each in map(_column, (info[at : at + 8] for at in range(22, 22 + info[1] * 8, 8)))
    ]
    ends, place = info[2:10], int.from_bytes(info[14:18], "little")
    bits, wide = int.from_bytes(ends[4:6], "little"), int.from_bytes(ends[6:8], "little")
    result = Table([], [])
    if not place or not wide:
        return result
    try:
        for data in heap.chunks(place)():
            for at in range(0, len(data) - wide + 1, wide):
                row = data[at : at + wide]
                result.rows.append(
                    (int.from_bytes(row[:4], "little"), dict(_cells(heap, columns, row, bits)))
                )
                if len(result.rows) > MOST_RECORDS:
                    raise Damaged(f"PST: a table of more than {MOST_RECORDS} rows")
    except Damaged as why:
        result.wrong.append(str(why))
    return result


def _column(raw: bytes) -> tuple[int, int, int, int, int]:
    tag = int.from_bytes(raw[:4], "little")
    return tag >> 16, tag & 0xFFFF, int.from_bytes(raw[4:6], "little"), raw[6], raw[7]


def _cells(heap: Heap, columns: list[_Column], row: bytes, bits: int) -> Iterator[tuple[int, Property]]:
    for each in columns:
        flag = bits + (each.bit >> 3)
        if flag >= len(row) or not row[flag] & 0x80 >> (each.bit & 7):
            continue
        cell = row[each.at : each.at + each.size]
        fixed = FIXED.get(each.kind)
        if not is_known(each.kind):
            yield each.number, _property(heap, each.number, each.kind, 0, cell)
        elif fixed is not None and fixed <= 8 and not each.kind & MULTIPLE:
            yield each.number, at_hand(each.number, each.kind, cell[:fixed])
        else:
            yield (
                each.number,
                Property(each.number, each.kind, heap.chunks(int.from_bytes(cell[:4], "little"))),
            )


def within_object(each: Property) -> tuple[int, int | None]:
    """Return the subnode that a property of type ``OBJECT`` stands for, and the bytes it declares."""
    if each.kind != OBJECT:
        raise Damaged(f"PST: property {each.number:04X} is no object")
    raw = each.raw(8)
    if len(raw) < 4:
        raise Damaged(f"PST: property {each.number:04X} names no subnode")
    return int.from_bytes(raw[:4], "little"), int.from_bytes(raw[4:8], "little") if len(raw) == 8 else None
