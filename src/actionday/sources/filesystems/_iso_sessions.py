"""The trees of a disc's other sessions, in the bytes that no file covers.

Source: ECMA-119, 8.4 (a volume descriptor set begins each session); Orange Book part II, multi-session discs.
"""

from collections.abc import Iterable, Iterator

from actionday.sources.filesystems._iso_records import SECTOR, Tree, trees
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u16, u32

MARK = b"\x01CD001\x01"
FIRST = 16 * SECTOR
BLOCK = 1 << 20


def sessions(reader: Reader, gaps: Iterable[tuple[int, int]]) -> Iterator[tuple[int, list[Tree]]]:
    """Yield (byte of the descriptor, trees) of each other session in the bytes that no file covers."""
    for start, end in gaps:
        for at in _marks(reader, max(start, FIRST + SECTOR), end):
            try:
                found = trees(reader, at // SECTOR)
            except Missing:
                continue
            if found:
                yield at, found


def _marks(reader: Reader, start: int, end: int) -> Iterator[int]:
    """Yield where primary volume descriptors begin."""
    at = -(-start // SECTOR) * SECTOR
    while at < end:
        try:
            block = reader.at(at, min(BLOCK, end - at))
        except Missing:
            block = b""
        hit = block.find(MARK)
        while hit >= 0:
            raw = block[hit : hit + SECTOR]
            if hit % SECTOR == 0 and len(raw) == SECTOR and raw[156] == 34 and u16(raw, 128) == SECTOR:
                yield at + hit
            hit = block.find(MARK, hit + 1)
        at += BLOCK


def root_of(tree: Tree) -> int:
    """Return the block in which the root of a tree lies."""
    return u32(tree.root, 2)
