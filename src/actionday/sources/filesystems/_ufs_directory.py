"""Names in directories of UFS, and those that were removed and still stand in what is left between them.

Source: FreeBSD, ``sys/ufs/ufs/dir.h``: pieces of 512 bytes, in each of which the entries fill all of it.
"""

import struct
from collections.abc import Iterator

from actionday.sources.filesystems._streams import Name
from actionday.sources.filesystems._tsk_bytes import Missing, whole
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems._ufs_inode import Inode, runs_of
from actionday.sources.filesystems._ufs_super import Groups

PIECE, HEAD = 512, 8
LONGEST = 255
TYPES = frozenset({0, 1, 2, 4, 6, 8, 10, 12, 14})
LARGEST = 1 << 30
"""Bytes of one directory."""


def names(groups: Groups, inode: Inode) -> Iterator[Name | BadMap]:
    """Yield the names in a directory, removed ones too. Raises BadMap or Missing."""
    if inode.size > LARGEST:
        raise BadMap(f"a directory of {inode.size} bytes")
    begin = 0
    for at, length in runs_of(groups, inode):
        for step in range(0, length, PIECE):
            size = min(PIECE, length - step)
            if at < 0:
                if not step:
                    yield BadMap(f"a hole of {length} bytes in the list of names")
                continue
            try:
                raw = whole(groups.reader, at + step, size)
            except Missing as error:
                yield BadMap(f"{error}")
                continue
            yield from _piece(groups, inode.number, raw, begin + step)
        begin += length


def _piece(groups: Groups, own: int, raw: bytes, begin: int) -> Iterator[Name | BadMap]:
    """Yield the names in one piece of a directory."""
    at = 0
    while at + HEAD <= len(raw):
        number, length, size = _entry(groups, raw, at)
        if length < HEAD or length % 4 or at + length > len(raw) or HEAD + size > length:
            yield BadMap(f"the entry at byte {begin + at} of the list of names is damaged")
            yield from _removed(groups, own, raw, begin, at + 4, len(raw))
            return
        name = raw[at + HEAD : at + HEAD + size]
        if name not in (b".", b"..", b""):
            yield Name(name.split(b"\0")[0], number, f"{own}:{begin + at}", deleted=not number)
        behind = at + HEAD + (size + 4 & ~3) if number or size else at + HEAD
        yield from _removed(groups, own, raw, begin, behind, at + length)
        at += length


def _removed(groups: Groups, own: int, raw: bytes, begin: int, at: int, end: int) -> Iterator[Name]:
    """Yield what looks like an entry in what is left between others: removed, its room given to the one before."""
    while at + HEAD + 4 <= end:
        number, length, size = _entry(groups, raw, at)
        name = raw[at + HEAD : at + HEAD + size]
        block = groups.block
        likely = (
            1 < number < block.groups * block.inodes and size and HEAD + size < length <= end - at and not length % 4
            and (not block.typed or raw[at + 6] in TYPES) and raw[at + HEAD + size] == 0
            and not {0, 47} & {*name}
        )  # fmt: skip
        if not likely:
            at += 4
            continue
        if name not in (b".", b".."):
            yield Name(name, number, f"{own}:{begin + at}", deleted=True)
        at += HEAD + (size + 4 & ~3)


def _entry(groups: Groups, raw: bytes, at: int) -> tuple[int, int, int]:
    """Return inode, length of the entry and of the name; old ones keep the latter in two bytes, no type."""
    number, length = struct.unpack_from(f"{groups.block.order}IH", raw, at)
    short = groups.block.typed or groups.block.order == ">"
    return number, length, raw[at + 7] if short else raw[at + 6]
