"""The second table of a FAT file system, where a sector of the first cannot be right.

Source: Microsoft, "FAT: General Overview of On-Disk Format", FAT data structure, BPB_ExtFlags.
"""

from array import array
from collections.abc import Iterator

from actionday.model import Context, Loss, Stream
from actionday.model.counted import counted
from actionday.sources.filesystems._mended import seen
from actionday.sources.volumes._signs import fat, u16, u32

LARGEST = 64 << 20
"""Bytes of a table that are compared: of a larger one the first is believed."""
PIECE = 1 << 20
SINGLE = 0x80
"""The flag of FAT32 by which one table alone is kept up."""
MOST = 1000
"""Stretches told from the second table, each of which every reading of the disk is held against."""


class _Shape:
    """Where both tables lie, and which numbers their entries may have."""

    def __init__(self, boot: bytes) -> None:
        self.sector, self.media = u16(boot, 11), boot[21]
        self.first = u16(boot, 14) * self.sector
        self.length = (u16(boot, 22) or u32(boot, 36)) * self.sector
        total = (u16(boot, 19) or u32(boot, 32)) * self.sector
        before = self.first + boot[16] * self.length + u16(boot, 17) * 32
        self.clusters = max(0, total - before) // (self.sector * boot[13])
        self.bits = 12 if self.clusters < 4085 else 16 if self.clusters < 65525 else 32

    def likely(self, raw: bytes, at: int) -> bool:
        """Say whether a sector of a table, ``at`` bytes behind its start, can be right."""
        if raw == raw[:1] * len(raw):
            return not raw[0] and at > 0  # free clusters; the same number again and again is no chain
        if at == 0 and (raw[0] != self.media or raw[1] != 0xFF):
            return False
        mask = (1 << min(self.bits, 28)) - 1
        entries = _pairs(raw, -at % 3) if self.bits == 12 else array("H" if self.bits == 16 else "I", raw)
        return all(each & mask < self.clusters + 2 or each & mask >= mask - 15 for each in entries)


def _pairs(raw: bytes, first: int) -> Iterator[int]:
    """Yield the entries of 12 bits, two in three bytes from ``first`` on."""
    for at in range(first, len(raw) - 2, 3):
        both = int.from_bytes(raw[at : at + 3], "little")
        yield from (both & 0xFFF, both >> 12)


def from_second(stream: Stream, around: Context) -> dict[int, bytes]:
    """Return what the second table tells for sectors of the first that cannot be right, by offset.

    Of more than ``MOST`` stretches the others are noted as a loss.
    """
    boot = seen(stream, 0, 512)
    if not fat(boot) or boot[16] != 2 or (not u16(boot, 22) and u16(boot, 40) & SINGLE):
        return {}
    shape = _Shape(boot)
    found: dict[int, bytes] = {}
    if not 0 < shape.length <= LARGEST:
        return found
    last, more = -1, 0
    for at, raw in _better(stream, shape):
        if last >= 0 and last + len(found[last]) == at:
            found[last] += raw
        elif len(found) < MOST:
            last, found[at] = at, raw
        else:
            more += 1
    if more:
        are = counted(more, "further sector of the first table is", "further sectors of the first table are")
        around.note(Loss.PARTS_LIMIT, f"fat: {are} damaged, and not told from the second one")
    return found


def _better(stream: Stream, shape: _Shape) -> Iterator[tuple[int, bytes]]:
    """Yield the place of each sector of the first table that the second tells better, and what that tells."""
    for start in range(0, shape.length, PIECE):
        length = min(PIECE, shape.length - start)
        other = seen(stream, shape.first + shape.length + start, length)
        one = seen(stream, shape.first + start, length)
        if one == other or len(other) < length:
            continue
        for at in range(0, length, shape.sector):
            mine, its = one[at : at + shape.sector], other[at : at + shape.sector]
            lost = mine != its and (not any(mine) or not shape.likely(mine, start + at))
            if lost and shape.likely(its, start + at):
                yield shape.first + start + at, its
