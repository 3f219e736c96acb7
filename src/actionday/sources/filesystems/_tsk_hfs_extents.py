"""Extents of the HFS+ catalogue that its volume header has no room for.

Source: Apple, Technical Note TN1150, "HFS Plus Volume Format": Extents Overflow File. Standard library only.
"""

from actionday.sources.filesystems._tsk_bytes import Reader, whole

FORK, CATALOGUE_FILE, DATA = 192, 4, 0
"""Byte of the fork in the volume header; number and fork that its records are looked for by."""
KEY, RECORD = 12, 76
Extent = tuple[int, int]


def more(reader: Reader, head: bytes, lacking: int) -> list[Extent]:
    """Return the extents that follow, up to ``lacking`` blocks, as far as they are there. Raises Missing.

    The catalogue's number is among the least: one or two leaves are read, and never more than the file has.
    """
    block = _u32(head, 40)
    first, blocks = _u32(head, FORK + 16) * block, _u32(head, FORK + 20)
    top = whole(reader, first, 46)
    node, size = _u32(top, 24), int.from_bytes(top[32:34], "big")
    found = list[Extent]()
    for _ in range(min(blocks * block, reader.size) // max(size, 512)):
        if not node or (node + 1) * size > blocks * block:
            break
        raw = whole(reader, first + node * size, size)
        for index in range(min(int.from_bytes(raw[10:12], "big"), size // 2 - 1)):
            at = int.from_bytes(raw[size - 2 * index - 2 : size - 2 * index], "big")
            record = raw[at : at + RECORD]
            if len(record) == RECORD and record[2] == DATA and _u32(record, 4) == CATALOGUE_FILE:
                found += [(_u32(record, each), _u32(record, each + 4)) for each in range(KEY, RECORD, 8)]
        if sum(count for _, count in found) >= lacking:
            break
        node = _u32(raw, 0)
    return found


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "big")
