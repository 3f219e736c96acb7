"""Which inodes of an XFS file system are in use, by the B+trees of its groups.

Source: "XFS Filesystem Structure" (xfsprogs documentation, 3rd edition): AG Inode Management, Inode B+trees.
"""

from collections.abc import Iterator

from actionday.sources.filesystems._tsk_bytes import Missing, whole
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems._xfs_inode import DEEPEST, Super

HEADERS = {b"IABT": 16, b"IAB3": 56}
CHUNK = 64
"""Inodes one record tells about."""


def listed_inodes(volume: Super, bad: list[str], *, free: bool = False) -> Iterator[int]:
    """Yield the numbers of inodes in use, or of free ones, group by group; of a damaged tree ``bad`` tells."""
    for group in range(volume.groups):
        try:
            yield from _group(volume, group, free)
        except (BadMap, Missing) as error:
            bad.append(f"group {group}: {error}")


def _group(volume: Super, group: int, wanted: bool) -> Iterator[int]:
    raw = whole(volume.reader, group * volume.group_blocks * volume.block + 2 * volume.sector, volume.sector)
    if raw[:4] != b"XAGI" or _u32(raw, 8) != group:
        raise BadMap("its header of inodes is damaged")
    if not volume.fits(raw, 312):
        volume.differ[f"the header of inodes of group {group}"] = None
    base = group << volume.group_log + volume.per_block_log
    for start, holes, free in _records(volume, group, _u32(raw, 20), _u32(raw, 24) - 1, set()):
        for index in range(CHUNK):
            if bool(free >> index & 1) is wanted and not holes >> index // 4 & 1:
                yield base + start + index


def _records(
    volume: Super, group: int, block: int, level: int, seen: set[int]
) -> Iterator[tuple[int, int, int]]:
    """Yield (first inode within the group, holes in fours, free ones) of every record. Raises BadMap or Missing."""
    node = whole(volume.reader, volume.place(group << volume.group_log | block), volume.block)
    start, count = HEADERS.get(node[:4], 0), int.from_bytes(node[6:8], "big")
    if not start or block in seen or not 0 <= level < DEEPEST or int.from_bytes(node[4:6], "big") != level:
        raise BadMap(f"block {block} is no node of a tree of inodes")
    seen.add(block)
    if not volume.fits(node, 52):
        volume.differ[f"block {block} of the tree of inodes of group {group}"] = None
    most = (len(node) - start) // (16 if level == 0 else 8)
    if count > most:
        raise BadMap(f"{count} records in block {block} of a tree of inodes")
    for index in range(count):
        if level:
            below = _u32(node, start + 4 * most + 4 * index)
            yield from _records(volume, group, below, level - 1, seen)
        else:
            at = start + 16 * index
            holes = int.from_bytes(node[at + 4 : at + 6], "big") if volume.sparse else 0
            yield _u32(node, at), holes, int.from_bytes(node[at + 8 : at + 16], "big")


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "big")
