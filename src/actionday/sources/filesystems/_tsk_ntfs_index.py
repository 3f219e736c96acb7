"""Whether the index of an NTFS directory is whole: every block in use has its signature and was written to the end.

Source: the Linux-NTFS project's "NTFS Documentation", $INDEX_ROOT, $INDEX_ALLOCATION, $BITMAP, INDX record.
Standard library only.
"""

from collections.abc import Iterator

from actionday.sources.filesystems import _tsk_ntfs as ntfs
from actionday.sources.filesystems._names_lost import NamesLost
from actionday.sources.filesystems._tsk_bytes import u16, u32
from actionday.sources.filesystems._tsk_runs import BadMap

ROOT, ALLOCATION, BITMAP = 0x90, 0xA0, 0xB0
NAMES = "$I30"
SECTOR = 512


def damaged_index(table: ntfs.Table, number: int) -> str:
    """Return what is wrong with the index of directory ``number``, "" if nothing. Raises BadMap or Missing."""
    attributes = [each for each in table.attributes(table.record(number)) if each.name == NAMES]
    root = next((each for each in attributes if each.type == ROOT), None)
    if root is None:
        return "its record holds no index"
    size = u32(table.content(root, 16), 8)
    parts = [each for each in attributes if each.type == ALLOCATION]
    bitmap = next((table.content(each) for each in attributes if each.type == BITMAP), b"")
    if not parts or not SECTOR <= size <= 65536:
        return "" if not parts else f"an index in blocks of {size} bytes"
    bad, lost = list[int](), NamesLost(table.reader)
    for at in _used(table, parts, size, bitmap):
        block = lost.read(size, at)
        if block and not _sound(block):
            bad.append(at)
    said = [f"damaged blocks of its index: {len(bad)}, the first at byte {bad[0]}"] if bad else []
    return "; ".join([*said, *(f"{each}" for each in lost.told())])


def _used(table: ntfs.Table, parts: list[ntfs.Attribute], size: int, bitmap: bytes) -> Iterator[int]:
    """Yield where the blocks in use lie; a run that ends within a block is a damaged one."""
    number = 0
    for at, length in table.mapping(parts).cut(min(parts, key=lambda each: each.low).size):
        for start in range(0, length, size):
            if number // 8 >= len(bitmap):
                return  # blocks that nothing says to be in use, however many there are said to be
            if bitmap[number // 8] >> number % 8 & 1:
                if at < 0:
                    raise BadMap("a hole in its index")
                yield at + start
            number += 1


def _sound(block: bytes) -> bool:
    array, count = u16(block, 4), u16(block, 6)
    if block[:4] != b"INDX" or count < 2 or array + 2 * count > len(block):
        return False
    ends = range(SECTOR - 2, (count - 1) * SECTOR, SECTOR)
    return all(block[end : end + 2] == block[array : array + 2] for end in ends)
