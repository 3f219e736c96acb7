"""Compound files (OLE2) made by hand from trees of streams, as [MS-CFB] has them: for tests alone."""

from collections.abc import Mapping
from itertools import pairwise
from struct import pack
from typing import Union

from actionday.mime.compound import Compound
from actionday.mime.compound_tree import STREAM

Tree = Mapping[str, Union[bytes, "Tree"]]
NONE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
LIST, IN_HEADER = 0xFFFFFFFC, 109
CUTOFF, SECTOR = 4096, 512


def compound(tree: Tree, class_id: bytes = bytes(16)) -> bytes:
    """Return a compound file of version 3: streams below 4,096 bytes in the mini stream, members as a list to the right."""
    made = _Made()
    rows: list[list[object]] = []

    def add(name: str, held: bytes | Tree) -> int:
        number = len(rows)
        rows.append([])
        if isinstance(held, bytes):
            small = len(held) < CUTOFF
            start = made.small(held) if small else made.large(held)
            rows[number] = [name, STREAM, NONE, NONE, start, len(held)]
            return number
        ordered = sorted(held, key=lambda each: (len(each), each.upper()))
        numbers = [add(each, held[each]) for each in ordered]
        for one, other in pairwise(numbers):
            rows[one][2] = other
        rows[number] = [name, 1 if number else 5, NONE, numbers[0] if numbers else NONE, 0, 0]
        return number

    add("Root Entry", tree)
    mini = bytes(made.mini)
    rows[0][4:] = [made.large(mini) if mini else END, len(mini)]
    rows_block = bytearray()
    for at, (name, kind, right, child, start, size) in enumerate(rows):
        raw = f"{name}\0".encode("utf-16-le")
        rows_block += raw.ljust(64, b"\0") + pack("<HBBIII", len(raw), kind, 1, NONE, right, child)
        rows_block += (bytes(16) if at else class_id) + bytes(20) + pack("<IQ", start, size)
    directory = made.large(bytes(rows_block))
    table = b"".join(pack("<I", each) for each in made.mini_fat)
    mini_fat = made.large(table, b"\xff") if table else END
    used = len(made.fat)
    count = next(each for each in range(1, 9999) if each * 128 >= used + each + _more(each))
    numbers = [*range(used, used + count)]
    lists = [numbers[at : at + 127] for at in range(IN_HEADER, count, 127)]
    made.fat += [FAT] * count + [LIST] * len(lists)
    made.data += b"".join(pack("<I", each) for each in made.fat).ljust(count * SECTOR, b"\xff")
    for at, block in enumerate(lists):
        follows = used + count + at + 1 if at + 1 < len(lists) else END
        made.data += b"".join(pack("<I", each) for each in block).ljust(508, b"\xff") + pack("<I", follows)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += pack("<IIIIII", 0, count, directory, 0, CUTOFF, mini_fat)
    header += pack("<III", -(-len(table) // SECTOR), used + count if lists else END, len(lists))
    header += b"".join(pack("<I", each) for each in numbers[:IN_HEADER])
    return header.ljust(SECTOR, b"\xff") + bytes(made.data)


def _more(count: int) -> int:
    """Return how many sectors name those of the table for which the header has no room."""
    return max(0, -(-(count - IN_HEADER) // 127))


class _Made:
    def __init__(self) -> None:
        self.data, self.mini = bytearray(), bytearray()
        self.fat: list[int] = []
        self.mini_fat: list[int] = []

    def large(self, held: bytes, pad: bytes = b"\0") -> int:
        start, count = len(self.fat), -(-len(held) // SECTOR)
        self.fat += [*range(start + 1, start + count), END]
        self.data += held.ljust(count * SECTOR, pad)
        return start

    def small(self, held: bytes) -> int:
        start, count = len(self.mini_fat), -(-len(held) // 64)
        if not count:
            return END
        self.mini_fat += [*range(start + 1, start + count), END]
        self.mini += held.ljust(count * 64, b"\0")
        return start


def streams(data: bytes) -> dict[str, bytes]:
    """Return the streams in the root of a compound file, to put them into another."""
    whole = Compound(lambda at, length: data[at : at + length], len(data))
    return {each.name: whole.content(each) for each in whole.tree.top() if each.kind == STREAM}
