"""Names in XFS directories, kept in the inode or in blocks.

Source: "XFS Filesystem Structure" (xfsprogs documentation): Directories.
"""

from collections.abc import Iterator
from contextlib import suppress

from actionday.sources.filesystems._names_lost import NamesLost
from actionday.sources.filesystems._tsk_bytes import Missing, whole
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems._xfs_inode import LOCAL, Inode, Super
from actionday.sources.filesystems._xfs_removed import LEAVES, entry_size, removed_names, removed_short

HEADERS = {b"XD2B": 16, b"XD2D": 16, b"XDB3": 64, b"XDD3": 64}
CHECKED = (b"XDB3", b"XDD3")
WITH_TAIL = (b"XD2B", b"XDB3")
OWNER = 40
FREE = 0xFFFF
Name = tuple[bytes, int, bool]
"""The name, its inode (0: not kept), whether it was removed."""


def names(inode: Inode) -> Iterator[Name | BadMap]:
    """Yield names in the order stored, removed ones too, without ``.`` and ``..``; a damaged block is told once.

    Blocks that cannot be had are told together, behind the names in the others. Raises BadMap or Missing where
    nothing further can be read.
    """
    if inode.format == LOCAL:
        yield from _short(inode)
        return
    size, block, wrong = inode.volume.directory, inode.volume.block, inode.volume.wrong
    wrong.clear()
    places: list[int] = []
    lost = NamesLost(inode.volume.reader)
    for first, disk, count in inode.extents():
        if first * block >= LEAVES:
            break
        if disk < 0:
            raise BadMap("a directory with unwritten blocks")
        places += [inode.volume.place(disk) + index * block for index in range(count)]
        while len(places) * block >= size:
            chunk, places = places[: size // block], places[size // block :]
            if not (raw := lost.read(block, *chunk)):
                continue
            if raw[:4] in CHECKED and not inode.volume.fits(raw, 4):
                yield BadMap(f"the checksum of its names at byte {chunk[0]} differs")
            yield from _block(raw, inode.volume)
    yield from lost.told()
    yield from (BadMap(f"the checksum of {each} differs") for each in tuple(wrong))


def removed_directory(inode: Inode) -> Iterator[Name | BadMap]:
    """Yield the names that a removed directory still has; what lies elsewhere by now is no damage.

    Blocks of version 5 say whose they are; of version 4, the first alone, by its entry of itself.
    """
    with suppress(BadMap, Missing):
        if inode.format == LOCAL:
            yield from (each for each in _short(inode) if not isinstance(each, BadMap))
            return
        block, lost = inode.volume.block, NamesLost(inode.volume.reader)
        for _, disk, count in inode.extents():
            for index in range(count) if disk >= 0 else ():
                raw = lost.read(inode.volume.directory, inode.volume.place(disk) + index * block)
                at = OWNER if raw[:4] in CHECKED else HEADERS.get(raw[:4], len(raw))
                if int.from_bytes(raw[at : at + 8], "big") == inode.number:
                    yield from (each for each in _block(raw, inode.volume) if not isinstance(each, BadMap))


def parent_of(inode: Inode) -> int | None:
    """Return the inode of the directory that ``inode`` says it lies in, None where it cannot be told."""
    try:
        if inode.format == LOCAL:
            raw = inode.local()
            return int.from_bytes(raw[2 : 10 if raw[1] else 6], "big") if len(raw) > 5 else None
        first, disk, _ = next(inode.extents())
        raw = whole(inode.volume.reader, inode.volume.place(disk), 128) if not first and disk >= 0 else b""
    except (BadMap, Missing, StopIteration):
        return None
    at = HEADERS.get(raw[:4], 0) + 16  # behind the entry of the directory itself
    return int.from_bytes(raw[at : at + 8], "big") if raw[at + 8 : at + 11] == b"\x02.." else None


def _short(inode: Inode) -> Iterator[Name | BadMap]:
    raw, width = inode.local(), 8 if len(inode.raw) > inode.core + 1 and inode.raw[inode.core + 1] else 4
    at, kept = 2 + width, set[bytes]()
    for _ in range(max(raw[0], raw[1]) if len(raw) > 1 else 0):
        length = raw[at] if at < len(raw) else 0
        start = at + 3
        end = start + length + (1 if inode.volume.ftype else 0)
        if not length or end + width > len(raw):
            yield BadMap("its list of names is damaged")
            return
        kept.add(raw[at : end + width])
        yield raw[start : start + length], int.from_bytes(raw[end : end + width], "big"), False
        at = end + width
    whole_fork = inode.raw[inode.core : inode.core + inode.fork]
    for entry, name, number in removed_short(inode.volume, whole_fork, at, width):
        if entry not in kept:  # moved up, as one before it was removed
            yield name, number, True


def _block(raw: bytes, volume: Super) -> Iterator[Name | BadMap]:
    start = HEADERS.get(raw[:4])
    if start is None:
        yield BadMap("a block of names is damaged")
        return
    end = len(raw)
    if raw[:4] in WITH_TAIL:
        end -= 8 + 8 * int.from_bytes(raw[-8:-4], "big")
    at = start
    while at + 8 <= end:
        if int.from_bytes(raw[at : at + 2], "big") == FREE:
            length = int.from_bytes(raw[at + 2 : at + 4], "big")
            if length < 8:
                yield BadMap("a block of names is damaged")
                return
            for name, number in removed_names(volume, raw, at, min(end, at + length)):
                yield name, number, True
            at += length
            continue
        size = raw[at + 8]
        name = raw[at + 9 : at + 9 + size]
        if not size or at + 11 + size > end:
            yield BadMap("a block of names is damaged")
            return
        if name not in (b".", b".."):
            yield name, int.from_bytes(raw[at : at + 8], "big"), False
        at += entry_size(size, ftype=volume.ftype)


def target(inode: Inode) -> bytes:
    """Return where a symbolic link points. Raises BadMap or Missing."""
    if inode.format == LOCAL:
        return inode.local()
    block, left, parts = inode.volume.block, min(inode.size, 1024), list[bytes]()
    for _, disk, count in inode.extents():
        for index in range(count):
            if left <= 0 or disk < 0:
                break
            raw = whole(inode.volume.reader, inode.volume.place(disk) + index * block, block)
            if raw[:4] == b"XSLM" and not inode.volume.fits(raw, 12):
                inode.volume.wrong.append("the block of its target")
            part = raw[56:] if raw[:4] == b"XSLM" else raw
            parts.append(part[:left])
            left -= len(parts[-1])
    return b"".join(parts)
