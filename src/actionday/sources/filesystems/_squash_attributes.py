"""Extended attributes of SquashFS.

Source: SquashFS 4.0 binary format, "Xattr table"; Linux kernel, ``fs/squashfs/xattr.c``.
"""

import struct
from collections.abc import Iterator

from actionday.sources.filesystems._squash_super import NONE
from actionday.sources.filesystems._squash_tables import Blocks, Cursor
from actionday.sources.filesystems._tsk_bytes import u32, u64, whole
from actionday.sources.filesystems._tsk_runs import BadMap

PREFIXES = {0: b"user.", 1: b"trusted.", 2: b"security."}
ELSEWHERE = 0x100
"""The flag of a value that is kept with another inode."""
ENTRY, NAME = struct.Struct("<QII"), struct.Struct("<HH")
LONGEST, MOST_NAMES = 65536, 65536
"""Bytes of a value, and of all names of an inode: what Linux hands out."""


def attributes(blocks: Blocks, number: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and value of each attribute in set ``number``. Raises BadMap or Missing."""
    table, end = blocks.block.xattr_table, blocks.block.end_of(blocks.block.xattr_table)
    if table == NONE:
        raise BadMap("it has attributes, and the file system has none")
    head = whole(blocks.reader, table, 16)
    start, sets = u64(head, 0), u32(head, 8)
    ref, count, _ = ENTRY.unpack(blocks.entry(table + 16, number, ENTRY.size, sets))
    cursor, names = Cursor(blocks, start + (ref >> 16), ref & 0xFFFF, end), 0
    for _ in range(count):
        kind, length = NAME.unpack(cursor.take(4))
        prefix = PREFIXES.get(kind & 0xFF)
        names += length + 8
        if prefix is None or names > MOST_NAMES:
            raise BadMap(f"an attribute of unknown kind {kind}" if prefix is None else "too many attributes")
        name = prefix + cursor.take(length)
        value = _value(cursor)
        if kind & ELSEWHERE:
            if len(value) != 8:
                raise BadMap("an attribute whose value is kept elsewhere does not tell where")
            there = u64(value, 0)
            value = _value(Cursor(blocks, start + (there >> 16), there & 0xFFFF, end))
        yield name, value


def _value(cursor: Cursor) -> bytes:
    size = u32(cursor.take(4), 0)
    if size > LONGEST:
        raise BadMap(f"an attribute of {size} bytes")
    return cursor.take(size)
