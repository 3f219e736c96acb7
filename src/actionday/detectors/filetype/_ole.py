"""What an OLE2 compound file is, by the names of the streams in its root.

Source: [MS-CFB] 2.2 (header), 2.3 (FAT), 2.6 (directory: a tree, each storage with streams of its own).
"""

from struct import unpack_from

from actionday.mime.compound_tree import ENTRY, MOST_ENTRIES, Entry, arranged, entry
from actionday.mime.compound_types import STREAMS, type_of

MSI_CLASS = bytes.fromhex("84100c0000000000c000000000000046")
UNKNOWN = "application/x-ole-storage"
SEEN = 128 * 1024
"""Bytes at the beginning in which a name is looked for where the directory cannot be seen."""
FIRST = 4
"""Sectors that are taken to follow the directory's first where the table that says so cannot be seen."""
LAST = 0xFFFFFFFA


def ole_type(head: bytes, tail: bytes, size: int) -> str:
    """Return the type that the root's streams prove, else ``application/x-ole-storage``.

    ``head`` may be more than is typed otherwise: of a large file the directory lies in its middle. A name within a
    storage is that of something embedded, and counts for nothing.
    """
    tree = arranged(_directory(head, tail, size))
    if mime := type_of(tree):
        return mime
    if tree.root and tree.root.class_id == MSI_CLASS:
        return "application/x-msi"
    if tree.complete:
        return UNKNOWN
    return "application/x-msi" if MSI_CLASS in head[:65536] else _anywhere(head[:SEEN] + tail)


def _directory(head: bytes, tail: bytes, size: int) -> dict[int, Entry]:
    """Return the entries of the directory by their number, as far as the head or the tail shows them."""
    found: dict[int, Entry] = {}
    if len(head) < 512 or head[30] not in (9, 12):
        return found
    sector = 1 << head[30]
    each, first = sector // ENTRY, unpack_from("<I", head, 48)[0]
    number, known = first, True
    for place in range(MOST_ENTRIES // each):
        if place * each * ENTRY > size or number >= LAST:
            break
        block = _seen((number + 1) * sector, sector, head, tail, size)
        for at in range(0, len(block) - ENTRY + 1, ENTRY):
            if row := entry(block[at : at + ENTRY], place * each + at // ENTRY, long=sector > 512):
                found[row.number] = row
        follows = _follows(number, sector, head, tail, size) if known else -1
        if follows < 0:  # most directories lie in one piece
            known = False
            if place + 1 >= FIRST:
                break
        number = follows if known else number + 1
    return found


def _follows(number: int, sector: int, head: bytes, tail: bytes, size: int) -> int:
    """Return the sector behind ``number`` by the table, -1 where it cannot be seen."""
    table, at = divmod(number, sector // 4)
    if table >= 109:
        return -1
    begin = (unpack_from("<I", head, 76 + 4 * table)[0] + 1) * sector + 4 * at
    seen = _seen(begin, 4, head, tail, size)
    return int.from_bytes(seen, "little") if len(seen) == 4 else -1


def _seen(at: int, length: int, head: bytes, tail: bytes, size: int) -> bytes:
    """Return the bytes at a place, as far as the head or else the tail shows them."""
    if at + length <= len(head):
        return head[at : at + length]
    behind = at - (size - len(tail))
    return tail[behind : behind + length] if behind >= 0 else head[at : at + length]


def _anywhere(seen: bytes) -> str:
    """Large files keep their directory in the middle: take a stream name wherever it stands, if it does."""
    for name, mime in STREAMS:
        if len(name) > 4 and (name + "\0").encode("utf-16-le") in seen:
            return mime
    return UNKNOWN
