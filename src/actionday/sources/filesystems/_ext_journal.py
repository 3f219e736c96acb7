"""Older copies of inodes in the journal of ext3 and ext4: where a removed file lay, which its inode no longer tells.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms": Journal (jbd2), Block Header, Super Block,
Descriptor Block. All numbers there are big-endian.

A transaction stays in the journal until a later one is written over it. Each block in it is a whole block of the file
system, of the table of inodes too.
"""

from array import array
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from actionday.sources.filesystems import _ext_fields as fields
from actionday.sources.filesystems._ext_inode import Super
from actionday.sources.filesystems._ext_map import runs_of
from actionday.sources.filesystems._tsk_bytes import Missing, u16, whole
from actionday.sources.filesystems._tsk_runs import BadMap, Run

MAGIC, DESCRIPTOR = b"\xc0\x3b\x39\x98", 1
WIDE, CHECKED, CHECKED_WIDE = 2, 8, 16
"""Features: numbers of 64 bits, checksums of version 2 and 3."""
SAME_UUID, LAST = 2, 8
GENERATION, LINKS, TREE_DEPTH, INDIRECT = 100, 26, 46, 88
"""Of an inode: which life of it this is, its names, how deep its map is, and the first pointer beyond its own."""
MOST_BLOCKS = 1 << 18
"""Blocks of a journal that are looked at: the usual one of a large file system, a GiB."""
FILE = 0x8000


class Copy(NamedTuple):
    """An inode as it was: its bytes, where they lie, and where its content lay."""

    raw: bytes
    offset: int
    runs: list[Run]


class Journal:
    """The journal of one file system, gone through once, when it is first asked."""

    def __init__(self, volume: Super) -> None:
        self._volume = volume
        self._copies: dict[int, list[tuple[int, int]]] | None = None
        """By block of the file system: transactions in which it stands, and where, the newest first."""

    def copy(self, number: int, now: bytes) -> Copy | None:
        """Return the last copy of a removed file's inode, ``now`` being its bytes, that tells where it lay."""
        volume = self._volume
        if self._copies is None:
            self._copies = self._read()
        if not self._copies:
            return None
        block, within = divmod(volume.inode(number)[0], volume.block)
        for _, at in self._copies.get(block, ()):
            try:
                raw = whole(volume.reader, at + within, volume.inode_size)
                if self._same(number, raw, now) and (runs := self._runs(number, at + within, raw)):
                    return Copy(raw, at + within, runs)
            except (BadMap, Missing):
                continue
        return None

    def _same(self, number: int, raw: bytes, now: bytes) -> bool:
        """Say whether ``raw`` is the same life of the inode, in use, a file with content in full."""
        life = raw[GENERATION : GENERATION + 4] == now[GENERATION : GENERATION + 4]
        used = u16(raw, 0) & 0xF000 == FILE and u16(raw, LINKS) > 0 and fields.size_of(raw) > 0
        return life and used and self._volume.trusted(number, raw)

    def _runs(self, number: int, offset: int, raw: bytes) -> list[Run]:
        """Return the runs of a copy whose whole map stands in it: blocks of maps are wiped as a file is removed."""
        flags, size = fields.flags_of(raw), fields.size_of(raw)
        if flags & fields.INLINE:
            return fields.inline_runs(offset, raw, size)
        deep = u16(raw, TREE_DEPTH) if flags & fields.EXTENTS else any(raw[INDIRECT:GENERATION])
        if deep or flags & fields.ENCRYPTED:
            return []
        runs = runs_of(self._volume, number, raw, size)
        return runs if any(at >= 0 for at, _ in runs) else []

    def _read(self) -> dict[int, list[tuple[int, int]]]:
        """Return where copies of blocks stand, the newest first; nothing without a journal that can be read."""
        volume = self._volume
        copies: dict[int, list[tuple[int, int]]] = {}
        with suppress(BadMap, Missing):
            places = self._places()
            head = whole(volume.reader, places[0], 1024) if places else b""
            if head[:4] != MAGIC or _u32(head, 12) != volume.block:
                return {}
            first, features = _u32(head, 20), _u32(head, 40)
            at = 1
            while at < len(places):
                blocks, sequence = self._described(places[at], features)
                for index, block in enumerate(blocks, at + 1):
                    place = index if index < len(places) else index - len(places) + first
                    if place < len(places):
                        copies.setdefault(block, []).append((sequence, places[place]))
                at += 1 + len(blocks)
        for each in copies.values():
            each.sort(reverse=True)
        return copies

    def _places(self) -> "array[int]":
        """Return the byte at which each block of the journal lies. Raises BadMap or Missing."""
        volume = self._volume
        places = array("Q")
        if not volume.journal:
            return places
        _, raw = volume.inode(volume.journal)
        size = min(fields.size_of(raw), MOST_BLOCKS * volume.block)
        for at, length in runs_of(volume, volume.journal, raw, size):
            if at < 0:
                raise BadMap("a hole in the journal")
            places.extend(range(at, at + length // volume.block * volume.block, volume.block))
        return places

    def _described(self, at: int, features: int) -> tuple[list[int], int]:
        """Return the blocks that a descriptor at byte ``at`` announces, none where it is no such block."""
        head = self._volume.reader.at(at, 12)
        if head[:4] != MAGIC or _u32(head, 4) != DESCRIPTOR:
            return [], 0
        raw = whole(self._volume.reader, at, self._volume.block)
        return list(_tags(raw, features)), _u32(head, 8)


def _tags(raw: bytes, features: int) -> Iterator[int]:
    """Yield the blocks of the file system that a descriptor block tells of."""
    size = (
        16
        if features & CHECKED_WIDE
        else 8 + (2 if features & CHECKED else 0) + (4 if features & WIDE else 0)
    )
    at, end = 12, len(raw) - (4 if features & (CHECKED | CHECKED_WIDE) else 0)
    while at + size <= end:
        wide = features & (WIDE | CHECKED_WIDE)
        flags = _u32(raw, at + 4) if features & CHECKED_WIDE else int.from_bytes(raw[at + 6 : at + 8], "big")
        high = _u32(raw, at + 8) if wide else 0
        yield _u32(raw, at) | (high << 32 if features & WIDE else 0)
        if flags & LAST:
            return
        at += size + (0 if flags & SAME_UUID else 16)


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "big")
