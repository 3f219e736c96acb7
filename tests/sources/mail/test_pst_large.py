"""What only large folders of a PST have: heaps of several blocks, trees of two levels, tables in a subnode."""

from struct import pack

from pst_maker import BOX, I32, LARGEST, Maker, Part, message, properties, store, text
from pst_samples import CREW, VERA

from actionday.sources.mail._pstfile import Store
from actionday.sources.mail._pstheap import PROPERTIES, TABLE, Heap, row_numbers, table
from actionday.sources.mail._pstheap import properties as read_properties
from actionday.sources.mail.pst import SOURCE
from actionday.testing.context import Alone, Bytes

FULL = LARGEST[True]
ROWS = 3000


class Wide:
    """A heap of as many blocks as it needs, each of the full size but for the last."""

    def __init__(self, kind: int) -> None:
        self.kind, self.root, self.blocks = kind, 0, [list[bytes]()]

    def _used(self) -> int:
        held = self.blocks[-1]
        return 12 + sum(map(len, held)) + 1 + 4 + 2 * (len(held) + 1)

    def add(self, data: bytes) -> int:
        if self._used() + len(data) + 8 > FULL:
            self.blocks.append([])
        self.blocks[-1].append(data)
        return len(self.blocks) - 1 << 16 | len(self.blocks[-1]) << 5

    def data(self) -> bytes:
        return b"".join(self._block(at, held) for at, held in enumerate(self.blocks))

    def _block(self, at: int, held: list[bytes]) -> bytes:
        begin = 2 if at else 12
        ends = [begin]
        for each in held:
            ends.append(ends[-1] + len(each))
        places = pack("<HH", len(held), 0) + b"".join(pack("<H", each) for each in ends)
        where = FULL - len(places) if at < len(self.blocks) - 1 else ends[-1] + (ends[-1] & 1)
        head = pack("<H", where) if at else pack("<HBBII", where, 0xEC, self.kind, self.root, 0)
        return (head + b"".join(held)).ljust(where, b"\0") + places


def listed(numbers: list[int]) -> Part:
    """Return a folder's table of so many rows: its index a tree of two levels, its rows a subnode of whole blocks."""
    heap = Wide(TABLE)
    info = heap.add(b"")
    heap.blocks[0].clear()
    leaves = list[tuple[int, int]]()
    place = heap.add(bytes(22 + 2 * 8))  # stands first, so that its number is known; filled in below
    index_head = heap.add(bytes(8))
    for at in range(0, len(numbers), 400):
        part = numbers[at : at + 400]
        leaves.append(
            (part[0], heap.add(b"".join(pack("<II", each, at + row) for row, each in enumerate(part))))
        )
    top = heap.add(b"".join(pack("<II", *each) for each in leaves))
    heap.blocks[0][1] = pack("<BBBBI", 0xB5, 4, 4, 1, top)
    width, per = 9, FULL // 9
    rows = [pack("<II", each, 1) + b"\xc0" for each in numbers]
    matrix = b"".join(b"".join(rows[at : at + per]).ljust(FULL, b"\0") for at in range(0, len(rows), per))
    matrix = matrix[: len(matrix) - FULL + (len(rows) % per or per) * width]
    described = pack("<IHBB", 0x67F20003, 0, 4, 0) + pack("<IHBB", 0x67F30003, 4, 4, 1)
    heap.blocks[0][0] = pack("<BBHHHHIII", 0x7C, 2, 8, 8, 8, width, index_head, 0x1F41, 0) + described
    heap.root = place
    assert info == place
    assert len(heap.blocks) > 1
    return Part(heap.data(), {0x1F41: Part(matrix)})


def test_a_folder_of_thousands_of_messages_is_counted_to_the_last() -> None:
    numbers = [0x200024 + 0x20 * at for at in range(ROWS)]
    one = message({**VERA, 0x0037: text("Rota")}, [CREW])
    maker = store(Maker(), dict.fromkeys(numbers[:40], one), listed=[], count=ROWS)
    maker.node(BOX & ~0x1F | 0x0E, listed(numbers))
    data = maker.file()
    opened = Store(Bytes(data))
    heap = Heap(opened, opened.nodes[BOX & ~0x1F | 0x0E], TABLE)
    assert list(row_numbers(heap)) == numbers
    rows = table(heap)
    assert (rows.wrong, [number for number, _ in rows.rows]) == ([], numbers)
    around = Alone("mail.pst")
    states = [found.status for found in SOURCE.items(Bytes(data), around) if found.kind == "message"]
    assert (len(states), states.count(None)) == (ROWS, 40)
    assert [note.reason for note in around.notes] == [
        "PST: the folder states 3000 messages, and 40 of its list are there"
    ]


def test_properties_in_a_heap_of_several_blocks_are_read() -> None:
    heap = Wide(PROPERTIES)
    places = {0x3000 + at: heap.add(f"value {at} ".encode("utf-16-le") * 40) for at in range(90)}
    entries = b"".join(pack("<HHI", number, 0x1F, place) for number, place in sorted(places.items()))
    heap.root = heap.add(pack("<BBBBI", 0xB5, 2, 6, 0, heap.add(entries)))
    assert len(heap.blocks) > 5
    maker = store(Maker(), {})
    maker.node(0x200024, Part(heap.data()), BOX)
    opened = Store(Bytes(maker.file()))
    found = read_properties(Heap(opened, opened.nodes[0x200024], PROPERTIES))
    assert {number: each.raw().decode("utf-16-le") for number, each in found.items()} == {
        0x3000 + at: f"value {at} " * 40 for at in range(90)
    }


def test_a_large_value_in_a_tree_of_blocks_of_two_levels_is_whole() -> None:
    large = bytes(range(251)) * 40_000
    part = message(
        VERA, [CREW], [properties({0x3705: (I32, 1), 0x3707: text("large.bin"), 0x3701: (0x102, large)})]
    )
    stream = Bytes(store(Maker(coding=1), {0x200024: part}).file())
    (found,) = [
        found for found in SOURCE.items(stream, Alone("mail.pst")) if found.name.endswith("large.bin")
    ]
    assert found.read is not None
    with found.read() as reader:
        assert reader.read() == large
