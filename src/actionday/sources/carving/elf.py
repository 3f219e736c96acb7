"""ELF programs and libraries: the tables of segments and sections, and the last byte that either places.

Source: System V ABI, chapters 4 and 5 (ELF header, sections, program header).
"""

from struct import unpack_from

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.carving._base import Plain
from actionday.sources.carving._carver import Carved

MOST_ENTRIES = 4096
NOBITS = 8
TYPES = frozenset({1, 2, 3, 4})


class Elf(Plain):
    """ELF of 32 and 64 bits in either order of bytes."""

    name, suffix = "carve-elf", ".elf"
    marks = (b"\x7fELF",)
    most = 512 << 20

    def carve(self, stream: Stream) -> Carved | None:
        """Return a file whose header and tables can be right; cut where they place more than there is."""
        head = read_at(stream, 0, 64)
        if len(head) < 64 or head[4] not in (1, 2) or head[5] not in (1, 2) or head[6] != 1:
            return None
        wide, order = head[4] == 2, "<" if head[5] == 1 else ">"
        kind, _, version = unpack_from(order + "HHI", head, 16)
        if kind not in TYPES or version != 1:
            return None
        segments, sections = unpack_from(order + ("QQ" if wide else "II"), head, 32 if wide else 28)
        own, each, many, row, rows, _ = unpack_from(order + "6H", head, 52 if wide else 40)
        if (
            own != (64 if wide else 52)
            or (many and each != (56 if wide else 32))
            or (rows and row != (64 if wide else 40))
        ):
            return None
        ends = [own, segments + each * many, sections + row * rows]
        ends += _ends(stream, order, segments, each, many, (8, 32) if wide else (4, 16), wide, None)
        ends += _ends(stream, order, sections, row, rows, (24, 32) if wide else (16, 20), wide, 4)
        if rows and any(read_at(stream, sections, row)):
            size = min(max(ends[:2]), stream.size)  # the first section is none: another file's bytes
            return Carved(size, whole=False)
        size = max(ends)
        if size <= own or size > 1 << 40:
            return None
        return Carved(min(size, stream.size), whole=size <= stream.size)


def _ends(
    stream: Stream,
    order: str,
    at: int,
    each: int,
    many: int,
    fields: tuple[int, int],
    wide: bool,
    kind: int | None,
) -> list[int]:
    """Return the byte behind each part that a table places; of a section that has bytes in the file."""
    number, found = order + ("Q" if wide else "I"), list[int]()
    table = read_at(stream, at, each * min(many, MOST_ENTRIES))
    for row in range(0, len(table) - each + 1, each or 1):
        if kind is not None and unpack_from(order + "I", table, row + kind)[0] in (0, NOBITS):
            continue
        start, size = (unpack_from(number, table, row + field)[0] for field in fields)
        found.append(start + size)
    return found


CARVER = Elf()
