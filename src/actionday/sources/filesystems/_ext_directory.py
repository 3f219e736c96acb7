"""Names in ext directories, live and deleted.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms": Directory Entries, Hash Tree
Directories, Inline Directories.
"""

from collections.abc import Iterator
from struct import Struct

from actionday.sources.filesystems import _ext_fields as fields
from actionday.sources.filesystems import _ext_inode as ext
from actionday.sources.filesystems._ext_map import runs_of
from actionday.sources.filesystems._names_lost import NamesLost
from actionday.sources.filesystems._streams import Name
from actionday.sources.filesystems._tsk_bytes import Missing, u16, u32, whole
from actionday.sources.filesystems._tsk_runs import BadMap

ENTRY = Struct("<IHBB")
"""The inode, the bytes of the entry, those of its name, its type."""
TAIL = 0xDE
"""The type of the entry that holds a block's checksum."""
LAST_TYPE = 7
LEAST_ENTRY = 12
"""Bytes of an entry with the shortest name."""


def names(volume: ext.Super, number: int) -> Iterator[Name | BadMap]:
    """Yield the names in directory ``number``; a damaged block is told once. Raises BadMap or Missing.

    Blocks that cannot be had are told together, behind the names in the others.
    """
    at, raw = volume.inode(number)
    size, indexed = fields.size_of(raw), bool(fields.flags_of(raw) & fields.INDEXED)
    volume.wrong.clear()
    if fields.flags_of(raw) & fields.INLINE:
        for index, (offset, length) in enumerate(fields.inline_runs(at, raw, size)):
            skip = 0 if index else 4  # the first four bytes are the parent's inode
            data = whole(volume.reader, offset + skip, length - skip)
            yield from _block(volume, data, offset + skip, indexed=False)
        return
    begin = volume.checks.of_inode(number, raw)
    runs = runs_of(volume, number, raw, min(size, volume.blocks * volume.block))
    yield from (BadMap(f"the checksum of {each} differs") for each in tuple(volume.wrong))
    lost = NamesLost(volume.reader)
    for offset, length in runs:
        if offset < 0:
            yield BadMap("a hole in the list of names")
            continue
        for start in range(offset, offset + length, volume.block):
            if not (data := lost.read(volume.block, start)):
                continue
            if not _fits(volume, begin, data, indexed=indexed):
                yield BadMap(f"the checksum of its names at byte {start} differs")
            yield from _block(volume, data, start, indexed=indexed)
    yield from lost.told()


def _fits(volume: ext.Super, begin: int, data: bytes, *, indexed: bool) -> bool:
    """Say whether a block of a directory fits the checksum at its end: of a node of the tree, or of names."""
    if indexed and _length(volume, data, 0) == len(data) and not u32(data, 0):
        return volume.checks.tree(begin, data, 8)
    if indexed and u16(data, 4) == 12 and _length(volume, data, 12) == len(data) - 12 and data[29] == 8:
        return volume.checks.tree(begin, data, 32)
    return volume.checks.names(begin, data)


def parent_of(volume: ext.Super, number: int) -> int | None:
    """Return the inode of the directory that ``number`` says it lies in, None where it cannot be told."""
    try:
        at, raw = volume.inode(number)
        if fields.flags_of(raw) & fields.INLINE:
            return u32(whole(volume.reader, at + 40, 4), 0)
        ((offset, _), *_) = runs_of(volume, number, raw, volume.block)
        data = whole(volume.reader, offset, 24) if offset >= 0 else b""
    except (BadMap, Missing):
        return None
    return u32(data, 12) if data[18:19] == b"\x02" and data[20:22] == b".." else None


def _block(volume: ext.Super, data: bytes, start: int, *, indexed: bool) -> Iterator[Name | BadMap]:
    if indexed and u32(data, 0) == 0 and _length(volume, data, 0) == len(data):
        return  # a node of the hash tree, dressed as one empty entry
    at, end = 0, len(data)
    while at + 8 <= end:
        inode, length, size, kind = ENTRY.unpack_from(data, at)
        if volume.block == 65536:
            length = _length(volume, data, at)
        behind = at + length
        if length < 8 or length % 4 or behind > end or (inode and 8 + size > length):
            yield BadMap(f"the entry at byte {start + at} is damaged")
            return
        name = data[at + 8 : at + 8 + size]
        empty = not size or name in (b".", b"..") or (not inode and (kind == TAIL or not _plausible(name)))
        if not empty:
            yield Name(name, inode, str(start + at), not inode)
        hidden = at + 8 + (size + 3) // 4 * 4
        # behind ".." lies the root of the hash tree
        if hidden + LEAST_ENTRY <= behind and not (indexed and empty and inode):
            yield from _deleted(volume, data, hidden, behind, start)
        at = behind


def _deleted(volume: ext.Super, data: bytes, at: int, end: int, start: int) -> Iterator[Name]:
    """Yield what still looks like an entry in the space that a live one took over."""
    at = _first_filled(data, at, end)
    while at + LEAST_ENTRY <= end:
        inode, length, size, kind = ENTRY.unpack_from(data, at)
        name = data[at + 8 : at + 8 + size]
        fits = size and length >= 8 + size and length % 4 == 0 and at + 8 + size <= end and kind <= LAST_TYPE
        if fits and inode <= volume.inodes and _plausible(name):
            yield Name(name, inode, str(start + at), deleted=True)
            at += 8 + (size + 3) // 4 * 4
        else:
            at += 4


def _first_filled(data: bytes, at: int, end: int) -> int:
    """Return where the first entry of the space can begin: most of it is zeros, half the cost of listing.

    An entry begins with its inode, which may be zero, and its length, which is not.
    """
    filled = len(data[at:end].lstrip(b"\0"))
    return at + max(0, (end - at - filled - 7) // 4 * 4) if filled else end


def _plausible(name: bytes) -> bool:
    return bool(name) and b"/" not in name and min(name) >= 0x20 and name not in (b".", b"..")


def _length(volume: ext.Super, data: bytes, at: int) -> int:
    """Return the length of an entry; blocks of 64 KiB need more than 16 bits for it."""
    length = u16(data, at + 4)
    return 65536 if volume.block == 65536 and length in (0, 65535) else length
