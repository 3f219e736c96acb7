"""XFS super block and inodes: where the bytes of a file lie, every number checked before it is believed.

Source: "XFS Filesystem Structure" (xfsprogs documentation, 3rd edition): Superblocks, On-disk Inode, Data Extents,
B+tree Extent List, Self-Describing Metadata.
"""

import struct
from collections.abc import Iterator

from actionday.sources.filesystems._crc32c import crc32c
from actionday.sources.filesystems._tsk_bytes import Reader, whole
from actionday.sources.filesystems._tsk_runs import BadMap, Run, Runs

LOCAL, EXTENTS, BTREE = 1, 2, 3
FTYPE, SPARSE, BIGTIME, NEEDS_REPAIR, NREXT64 = 1, 2, 8, 16, 32
KNOWN = 0x1FF
REALTIME = 1
OWN_INODES = (56, 64, 72, 160, 168, 232)
"""Where the super block names inodes of its own: the root, two of the realtime device, three quotas."""
DEEPEST = 9
SECOND = 1_000_000_000
Extent = tuple[int, int, int]
"""File block, disk block (-1: reads as zeros), blocks."""


class Super:
    """The super block."""

    def __init__(self, reader: Reader) -> None:
        """Raises BadMap or Missing when it cannot be right."""
        raw = whole(reader, 0, 512)
        self.reader = reader
        if raw[:4] != b"XFSB":
            raise BadMap("no XFS super block")
        self.block, self.blocks, self.root = _u32(raw, 4), _u64(raw, 8), _u64(raw, 56)
        self.group_blocks, self.groups = _u32(raw, 84), _u32(raw, 88)
        version, self.inode_size = _u16(raw, 100), _u16(raw, 104)
        self.per_block_log, self.group_log = raw[123], raw[124]
        self.directory = self.block << raw[192]
        self.sector = _u16(raw, 102)
        self.uuid, self.label = raw[32:48], raw[108:120].rstrip(b"\0")
        self.v5 = version & 15 == 5
        self.incompat = _u32(raw, 216) if self.v5 else 0
        self.ftype = bool(self.incompat & FTYPE) if self.v5 else bool(_u32(raw, 200) & 0x200)
        self.sparse = bool(self.incompat & SPARSE)
        self.own = {_u64(raw, at) for at in OWN_INODES}
        self.idle = {_u64(raw, at) for at in (64, 72)} if not _u64(raw, 16) else set[int]()
        """Those of a realtime device that there is not: empty, unless somebody put something there."""
        self._check()
        self.differ: dict[str, None] = {}
        """Tables of the file system whose checksum differs."""
        self.wrong: list[str] = []
        """Blocks that differ among those of the inode read last; whoever reads it clears the list."""
        if not self.fits(whole(reader, 0, self.sector), 224):
            self.differ["the super block"] = None

    def _check(self) -> None:
        sizes = (512 <= self.block <= 65536, 256 <= self.inode_size <= 2048, self.directory <= 65536)
        logs = (self.per_block_log <= 8, self.group_log <= 32)
        if not all(sizes + logs) or not self.group_blocks or self.group_blocks * self.groups < self.blocks:
            raise BadMap("an XFS super block with sizes that cannot be")

    def fits(self, raw: bytes, at: int) -> bool:
        """Say whether the CRC-32C at ``at``, the one little-endian number there is, is that of ``raw``."""
        if not self.v5:
            return True
        value = crc32c(raw[:at] + bytes(4) + raw[at + 4 :]) ^ 0xFFFFFFFF
        return value == int.from_bytes(raw[at : at + 4], "little")

    def place(self, block: int) -> int:
        """Return the byte at which ``block`` (group and number in one) lies. Raises BadMap."""
        group, number = block >> self.group_log, block & (1 << self.group_log) - 1
        if number >= self.group_blocks or group * self.group_blocks + number >= self.blocks:
            raise BadMap(f"block {block} lies outside the file system")
        return (group * self.group_blocks + number) * self.block

    def inode(self, number: int) -> "Inode":
        """Return inode ``number``. Raises BadMap or Missing."""
        block, index = number >> self.per_block_log, number & (1 << self.per_block_log) - 1
        at = self.place(block) + index * self.inode_size
        raw = whole(self.reader, at, self.inode_size)
        if raw[:2] != b"IN" or (raw[4] >= 3 and _u64(raw, 152) != number):
            raise BadMap(f"inode {number} is damaged")
        return Inode(self, number, at, raw)


class Inode:
    """One inode."""

    def __init__(self, volume: Super, number: int, at: int, raw: bytes) -> None:
        self.volume, self.number, self.at, self.raw = volume, number, at, raw
        self.mode, self.version, self.format = _u16(raw, 2), raw[4], raw[5]
        self.uid, self.gid = _u32(raw, 8), _u32(raw, 12)
        self.links = _u32(raw, 16) if self.version > 1 else _u16(raw, 6)
        self.size, self.flags = _u64(raw, 56), _u16(raw, 90)
        self.flags2 = _u64(raw, 120) if self.version >= 3 else 0
        self.core = 176 if self.version >= 3 else 100
        self.fork = raw[82] * 8 or len(raw) - self.core
        self.beyond: list[Run] = []
        """Where its map leads to bytes behind its size, once ``runs`` was asked for."""

    @property
    def trusted(self) -> bool:
        """Whether its checksum fits; True where it carries none."""
        if self.version < 3:
            return True
        stored = int.from_bytes(self.raw[100:104], "little")
        return crc32c(self.raw[:100] + bytes(4) + self.raw[104:]) ^ 0xFFFFFFFF == stored

    def device(self) -> dict[str, str]:
        """Return the number of the device it is, ``major:minor``, as a fact; none of what is no device."""
        if self.mode & 0xF000 not in (0x2000, 0x6000) or self.format:
            return {}
        number = _u32(self.raw, self.core)  # as System V has it: Linux, fs/xfs/xfs_linux.h
        return {"device": f"{number >> 18 & 0x1FF}:{number & 0x3FFFF}"}

    def times(self) -> dict[str, int]:
        """Return its times in nanoseconds since 1970."""
        places = {"atime": 32, "mtime": 40, "ctime": 48} | ({"created": 144} if self.version >= 3 else {})
        return {name: self._time(at) for name, at in places.items()}

    def _time(self, at: int) -> int:
        if self.flags2 & BIGTIME:
            return _u64(self.raw, at) - (1 << 31) * SECOND
        seconds, nano = struct.unpack_from(">iI", self.raw, at)
        return int(seconds) * SECOND + int(nano) % SECOND

    def local(self) -> bytes:
        """Return the bytes kept in the inode. Raises BadMap when there are fewer than its size."""
        if self.size > self.fork or self.core + self.size > len(self.raw):
            raise BadMap(f"{self.fork} bytes are kept in the inode, {self.size} declared")
        return self.raw[self.core : self.core + self.size]

    def extents(self) -> Iterator[Extent]:
        """Yield its extents in file order. Raises BadMap or Missing."""
        if self.format == EXTENTS:
            count = _u64(self.raw, 24) if self.flags2 & 16 else _u32(self.raw, 76)
            if count * 16 > self.fork or self.core + count * 16 > len(self.raw):
                raise BadMap(f"{count} extents do not fit into the inode")
            yield from records(self.raw, self.core, count)
        elif self.format == BTREE:
            yield from self._tree(self.raw[self.core : self.core + self.fork], 4, None, set())
        else:
            raise BadMap(f"data in unknown form {self.format}")

    def attribute_extents(self, start: int) -> Iterator[Extent]:
        """Yield the extents of the attribute fork, which begins at byte ``start``. Raises BadMap or Missing."""
        if self.raw[83] == BTREE:
            yield from self._tree(self.raw[start:], 4, None, set())
            return
        count = _u32(self.raw, 76) if self.flags2 & 16 else _u16(self.raw, 80)
        if start + count * 16 > len(self.raw):
            raise BadMap(f"{count} extents of attributes do not fit into the inode")
        yield from records(self.raw, start, count)

    def _tree(self, node: bytes, start: int, level: int | None, seen: set[int]) -> Iterator[Extent]:
        depth, count = (_u16(node, 0), _u16(node, 2)) if level is None else (_u16(node, 4), _u16(node, 6))
        most = (len(node) - start) // 16
        if count > most or depth > DEEPEST or (level is not None and depth != level):
            raise BadMap("a damaged node of the extent tree")
        if depth == 0:
            yield from records(node, start, count)
            return
        for index in range(count):
            block = _u64(node, start + most * 8 + index * 8)
            if block in seen:
                raise BadMap(f"block {block} of the extent tree is met twice")
            seen.add(block)
            below = whole(self.volume.reader, self.volume.place(block), self.volume.block)
            if below[:4] not in (b"BMAP", b"BMA3"):
                raise BadMap(f"block {block} is no node of an extent tree")
            if not self.volume.fits(below, 64):
                self.volume.wrong.append(f"block {block} of its extent tree")
            yield from self._tree(below, 72 if below[3:4] == b"3" else 24, depth - 1, seen)

    def runs(self) -> list[Run]:
        """Return the runs of a regular file. Raises BadMap or Missing."""
        if self.flags & REALTIME:
            raise BadMap("its data lie on a realtime device")
        if self.size >= 1 << 63:
            raise BadMap(f"a size of {self.size} bytes")
        if self.format == LOCAL:
            self.local()
            return [(self.at + self.core, self.size)] if self.size else []
        runs, size = Runs(), self.volume.block
        for first, block, count in self.extents():
            at = -1
            if block >= 0:
                at = self.volume.place(block)
                if self.volume.place(block + count - 1) != at + (count - 1) * size:
                    raise BadMap(f"an extent from block {block} crosses groups")
            runs.add(first * size, at, count * size)
        self.beyond = runs.behind(self.size, size) if runs.end > self.size else []
        return runs.cut(self.size)


def records(raw: bytes, start: int, count: int) -> Iterator[Extent]:
    """Yield ``count`` extents. Raises BadMap."""
    for high, low in struct.iter_unpack(">QQ", raw[start : start + count * 16]):
        blocks = low & (1 << 21) - 1
        if not blocks:
            raise BadMap("an extent of no blocks")
        block = (high & 0x1FF) << 43 | low >> 21
        yield high >> 9 & (1 << 54) - 1, -1 if high >> 63 else block, blocks


def _u16(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 2], "big")


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "big")


def _u64(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 8], "big")
