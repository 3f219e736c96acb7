"""Inodes of UFS1 and UFS2: facts, and where the bytes of a file lie.

Source: FreeBSD, ``sys/ufs/ufs/dinode.h``; the tables of blocks as ``sys/ufs/ufs/ufs_bmap.c`` goes through them.
"""

import struct
from typing import NamedTuple

from actionday.sources.filesystems._tsk_bytes import whole
from actionday.sources.filesystems._tsk_runs import BadMap, Run, Runs
from actionday.sources.filesystems._ufs_super import Groups

ONE, TWO = "HhHHQiIiIiI12I3IIIIII", "HhIIIQQqqqqIIIIiIIi2Q12Q3Q"
"""Up to the user and group of UFS1; up to the tables of blocks of UFS2."""
DIRECT, LEVELS = 12, 3
NANO = 1_000_000_000
MOST_TABLES = 1 << 16
"""Tables of blocks of one file: 8 TB at blocks of 32 KiB."""


class Inode(NamedTuple):
    """One inode."""

    number: int
    mode: int
    links: int
    uid: int
    gid: int
    size: int
    times: dict[str, int]
    flags: int
    direct: tuple[int, ...]
    indirect: tuple[int, ...]
    blocks: int
    """Sectors it holds, its tables included."""
    inline: bytes
    """Where its places stand: the target of a short link."""
    beside: tuple[int, tuple[int, ...]]
    """Bytes of its extended attributes, and where they lie."""


def inode_of(groups: Groups, number: int) -> Inode:
    """Return an inode. Raises BadMap or Missing."""
    raw = whole(groups.reader, groups.place(number), groups.block.inode_bytes)
    return (_two if groups.block.version == 2 else _one)(raw, groups.block.order, number)


def _one(raw: bytes, order: str, number: int) -> Inode:
    mode, links, _, _, size, a, an, m, mn, c, cn, *rest = struct.unpack_from(order + ONE, raw)
    flags, blocks, _, uid, gid = rest[DIRECT + LEVELS :]
    times = {"atime": a * NANO + an, "mtime": m * NANO + mn, "ctime": c * NANO + cn}
    return Inode(number, mode, links, uid, gid, size, times, flags, tuple(rest[:DIRECT]),
                 tuple(rest[DIRECT : DIRECT + LEVELS]), blocks, raw[40:100], (0, ()))  # fmt: skip


def _two(raw: bytes, order: str, number: int) -> Inode:
    mode, links, uid, gid, _, size, blocks, a, m, c, b, mn, an, cn, bn, _, _, flags, beside, *rest = (
        struct.unpack_from(order + TWO, raw)
    )
    times = {"atime": a * NANO + an, "mtime": m * NANO + mn, "ctime": c * NANO + cn, "created": b * NANO + bn}
    if not b:
        del times["created"]
    return Inode(number, mode, links, uid, gid, size, times, flags, tuple(rest[2 : 2 + DIRECT]),
                 tuple(rest[2 + DIRECT :]), blocks, raw[112:232], (max(0, beside), tuple(rest[:2])))  # fmt: skip


class Map:
    """Goes through the tables of one file."""

    def __init__(self, groups: Groups, inode: Inode) -> None:
        self._groups, self._inode = groups, inode
        block = groups.block
        self._form = "I" if block.version == 1 else "Q"
        self._each = block.block // (4 if block.version == 1 else 8)
        self._end = -(-inode.size // block.fragment) * block.fragment
        self._tables = 0
        self._runs = Runs()

    def runs(self) -> list[Run]:
        """Return where a file lies, holes among it. Raises BadMap or Missing."""
        self._put(self._inode.direct)
        for level, place in enumerate(self._inode.indirect, 1):
            if self._runs.end >= self._end:
                break
            self._table(place, level)
        return self._runs.cut(self._inode.size)

    def _put(self, places: tuple[int, ...]) -> None:
        """Add blocks; the last one of a file may be some fragments of one."""
        block = self._groups.block
        for place in places:
            left = self._end - self._runs.end
            if left <= 0:
                return
            length = min(block.block, left)
            at = place * block.fragment
            if place and at + length > self._groups.reader.size and place >= max(block.size, 1):
                raise BadMap(f"its block at fragment {place} lies behind the end of the file system")
            self._runs.add(self._runs.end, at if place else -1, length)

    def _table(self, place: int, level: int) -> None:
        """Add what a table of blocks leads to, ``level`` tables deep."""
        block = self._groups.block
        spans = block.block * self._each**level
        if not place:
            self._runs.add(self._runs.end, -1, min(spans, self._end - self._runs.end))
            return
        self._tables += 1
        if self._tables > MOST_TABLES:
            raise BadMap(f"more than {MOST_TABLES} tables of blocks")
        raw = whole(self._groups.reader, place * block.fragment, block.block)
        places = struct.unpack(f"{block.order}{self._each}{self._form}", raw)
        if level == 1:
            self._put(places)
            return
        for each in places:
            if self._runs.end >= self._end:
                return
            self._table(each, level - 1)


def runs_of(groups: Groups, inode: Inode) -> list[Run]:
    """Return where the content of a file lies. Raises BadMap or Missing."""
    return Map(groups, inode).runs()
