"""What XFS keeps of removed files: names in directories, and where the blocks lay in inodes that are free.

A removed name loses its first four bytes, half the number of its inode; a freed inode its type, size and owner. Where
its extents lay in it, they stay, as it was last written; whole blocks, for nothing says how long the file was.

Source: "XFS Filesystem Structure" (xfsprogs documentation, 3rd edition): Directories (free and used space, tags),
On-disk Inode; Linux kernel, fs/xfs: xfs_dir2_data_make_free, xfs_ifree and xfs_iflush_fork write no old bytes over.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from actionday.model import Found, Status
from actionday.sources.filesystems._left_over import DIRECTORY as GONE_DIRECTORY
from actionday.sources.filesystems._left_over import GONE, in_use_of, left_over
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap, Run, Runs
from actionday.sources.filesystems._xfs_free import Free
from actionday.sources.filesystems._xfs_inode import Inode, Super, records

DIRECTORY, FILE, LINK = 0x4000, 0x8000, 0xA000
NAMES = (b"XD2B", b"XD2D", b"XDB3", b"XDD3")
LEAVES = 32 << 30
"""Bytes into a directory at which its index begins; names lie before."""
TAGGED = b"\xff\xff"
LAST_TYPE = 8
NARROW = 1 << 32
LEFT = "deleted; the blocks its inode last led to, of a size that is not kept; where they lie cannot be looked up"
LEFT_FREE = "deleted; the blocks its inode last led to, of a size that is not kept; where they lie is free"


def removed_names(volume: Super, raw: bytes, start: int, end: int) -> Iterator[tuple[bytes, int]]:
    """Yield (name, inode or 0) of what lies in the free bytes ``start`` to ``end`` of a block of names.

    Each entry ends in its own place, the last of what was freed at once in the place where that begins.
    """
    at, wide = start, volume.groups << volume.group_log + volume.per_block_log > NARROW
    while at + 12 <= end:
        size = raw[at + 8]
        behind = at + entry_size(size, ftype=volume.ftype)
        name, tag = raw[at + 9 : at + 9 + size], int.from_bytes(raw[behind - 2 : behind], "big")
        if behind > end or tag not in (at, start) or not _plausible(volume, raw, name, at + 9 + size):
            at += 8
            continue
        lost = raw[at : at + 2] == TAGGED
        number = int.from_bytes(raw[at + 4 if lost else at : at + 8], "big")
        yield name, 0 if lost and wide else number
        at = behind


def removed_short(volume: Super, raw: bytes, at: int, width: int) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield (entry, name, inode) of what lies in an inode behind the names it keeps, in ``raw`` from ``at`` on.

    As names are removed the list gets shorter, and nothing is written over its old end.
    """
    while at + 4 + width < len(raw):
        start = at + 3
        name, end = raw[start : start + raw[at]], start + raw[at] + (1 if volume.ftype else 0)
        number = int.from_bytes(raw[end : end + width], "big")
        told = int.from_bytes(raw[at + 1 : start], "big")
        sound = end + width <= len(raw) and told % 8 == 0 and told and number and _there(volume, number)
        if not sound or not _plausible(volume, raw, name, end - (1 if volume.ftype else 0)):
            return
        yield raw[at : end + width], name, number
        at = end + width


def _there(volume: Super, number: int) -> bool:
    """Say whether there can be an inode of this number."""
    try:
        return volume.place(number >> volume.per_block_log) > 0
    except BadMap:
        return False


def entry_size(name: int, *, ftype: bool) -> int:
    """Return the bytes of an entry in a block, for a name of so many."""
    return (8 + 1 + name + (1 if ftype else 0) + 2 + 7) // 8 * 8


def _plausible(volume: Super, raw: bytes, name: bytes, at: int) -> bool:
    typed = not volume.ftype or raw[at] <= LAST_TYPE
    return typed and bool(name) and b"/" not in name and min(name) >= 0x20 and name not in (b".", b"..")


def left(inode: Inode) -> list[Run]:
    """Return where the blocks lie that a free inode still leads to, nothing where what it holds are no extents.

    A file has lost its size; what kept its names or its target in the inode has not, and leads nowhere.
    """
    if inode.mode or inode.size:
        return []
    runs = Runs()
    try:
        for first, block, count in records(inode.raw, inode.core, _many(inode)):
            at = -1 if block < 0 else inode.volume.place(block)
            if at >= 0 and inode.volume.place(block + count - 1) != at + (count - 1) * inode.volume.block:
                return []
            if first * inode.volume.block >= LEAVES and _names(inode, runs):
                break  # the index of a directory
            runs.add(first * inode.volume.block, at, count * inode.volume.block)
    except (BadMap, Missing):
        return []
    return runs.list if any(at >= 0 for at, _ in runs.list) else []


def _names(inode: Inode, runs: Runs) -> bool:
    """Say whether the first block is one of a directory's."""
    at = next((at for at, _ in runs.list if at >= 0), -1)
    return at >= 0 and inode.volume.reader.at(at, 4) in NAMES


def _many(inode: Inode) -> int:
    """Return how many extents stand before the first of zeros: the inode does not say it any more."""
    most = (len(inode.raw) - inode.core) // 16
    places = range(inode.core, inode.core + 16 * most, 16)
    return next((n for n, at in enumerate(places) if not any(inode.raw[at : at + 16])), most)


def left_of(inode: Inode, item: Found, free: Free) -> Found:
    """Return the item of a free inode: the blocks it still leads to, or nothing."""
    runs = left(inode)
    if not runs:
        return replace(item, status=Status.EMPTY, reason=GONE)
    return replace(item, size=sum(length for _, length in runs), runs=tuple(runs), reason=_now(runs, free))


def kept_of(inode: Inode, item: Found, free: Free) -> Found:
    """Return the item of an inode that went with its whole chunk: it still says what it was. Raises Missing."""
    kind = inode.mode & 0xF000
    if kind == DIRECTORY:
        return replace(
            item, status=Status.EMPTY, reason=GONE_DIRECTORY, meta={**item.meta, "type": "directory"}
        )
    if kind == LINK:
        return replace(item, status=Status.EMPTY, reason=GONE, meta={**item.meta, "type": "symbolic link"})
    try:
        runs = inode.runs() if kind == FILE else []
        if all(at < 0 for at, _ in runs):
            return replace(item, status=Status.EMPTY, reason=GONE)
        reason = left_over(runs, free.in_use)
    except BadMap:
        return replace(item, status=Status.EMPTY, reason=GONE)
    return replace(item, size=inode.size, runs=tuple(runs), reason=reason)


def _now(runs: list[Run], free: Free) -> str:
    try:
        total, used = in_use_of(runs, free.in_use)
    except (BadMap, Missing):
        return LEFT
    if not used:
        return LEFT_FREE
    return (
        "deleted; the blocks its inode last led to, of a size that is not kept; of their first "
        f"{total} bytes {used} lie where other files are now"
    )
