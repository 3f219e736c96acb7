"""The super block, the groups and the inodes of ext2, ext3 and ext4, every number checked before it is believed.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms" (super block, group descriptors, inode
table, checksums). Standard library only. What an inode says is in ``_ext_fields``, where its content lies in
``_ext_map``.
"""

from collections.abc import Iterator

from actionday.sources.filesystems._crc32c import inode_checksum
from actionday.sources.filesystems._ext_checks import Checks
from actionday.sources.filesystems._ext_groups import has_super, read
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u16, u32, whole
from actionday.sources.filesystems._tsk_runs import BadMap, Run

NEAR = 1 << 14
"""Bytes of a table of inodes read at once: files of one directory were mostly made together, and lie together."""
OWN_INODES = (0xE0, 0x240, 0x244, 0x26C, 0x280)
"""Where the super block names inodes of the file system's own: journal, three quotas, orphan file."""
RESERVED = {2: 0, 7: 0x10, 8: 0x4}
"""Inodes known by their number, and the compatible feature with which they are in use: the root, the blocks kept for
more descriptors, the journal. Others below the first are kept for what no file system has any more."""
GROUPS_KEPT = 4096
"""Group descriptors kept; one tells about 128 MiB, usually."""


class Super:
    """The super block and the group descriptors behind it."""

    def __init__(self, reader: Reader) -> None:
        """Raises BadMap or Missing when the super block cannot be right."""
        raw = whole(reader, 1024, 1024)
        if u16(raw, 56) != 0xEF53:
            raise BadMap("no ext super block")
        self.reader = reader
        self._groups: dict[int, bytes] = {}
        self.copied: set[int] = set()
        """Groups whose descriptor cannot be right: its copy is used."""
        self._bits: tuple[int, bytes] = (-1, b"")
        self._table = (-1, 0)
        """The group asked for last, and the byte at which its inodes begin."""
        self._near: tuple[int, bytes] = (0, b"")
        """Where the part of a table of inodes lies that was read last, and its bytes."""
        self._compared: set[tuple[str, int]] = set()
        self.bad: list[str] = []
        """Groups of which the lists of inodes could not be read, and inodes that could not."""
        self.checks = Checks(raw)
        self.differ: dict[str, None] = {} if self.checks.super_fits else {"the super block": None}
        """Tables of the file system whose checksum differs."""
        self.wrong: list[str] = []
        """Blocks that differ among those of the inode read last; whoever reads it clears the list."""
        self.held: list[tuple[int, int]] = []
        """Blocks (first, how many) the map read last takes: content, whether written or not, and its own nodes."""
        self.beyond: list[Run] = []
        """Where the map read last leads to bytes behind the size of the inode."""
        self._features(raw)
        self._geometry(raw)

    def _features(self, raw: bytes) -> None:
        self.compat, self.incompat, self.ro_compat = u32(raw, 92), u32(raw, 96), u32(raw, 100)
        self.backups = (u32(raw, 0x24C), u32(raw, 0x250))
        self.wide = bool(self.incompat & 0x80)
        self.uuid, self.label = raw[104:120], raw[120:136].rstrip(b"\0")
        self.mounted, self.options = (raw[at : at + 64].rstrip(b"\0") for at in (0x88, 0x200))
        self.seed = u32(raw, 0x270) if self.incompat & 0x2000 else None
        self.needs_recovery = bool(self.incompat & 0x4)
        self.journal = u32(raw, 224) if self.compat & 0x4 else 0

    def _geometry(self, raw: bytes) -> None:
        if u32(raw, 24) > 6:
            raise BadMap(f"a block size of 2 to the {10 + u32(raw, 24)}")
        self.block = 1024 << u32(raw, 24)
        self.blocks = u32(raw, 4) | (u32(raw, 0x150) << 32 if self.wide else 0)
        self.first, self.inodes = u32(raw, 20), u32(raw, 0)
        self.first_inode = u32(raw, 84) if u32(raw, 76) else 11
        self.per_group, self.inodes_per_group = u32(raw, 32), u32(raw, 40)
        self.cluster = max(1, (1024 << min(u32(raw, 28), 20)) // self.block)
        """Blocks a bit of the bitmaps stands for: more than one with bigalloc."""
        self.clusters_per_group = u32(raw, 36)
        self.inode_size = u16(raw, 88) if u32(raw, 76) else 128
        self.own = {u32(raw, at) for at in OWN_INODES}
        self.descriptor = max(32, u16(raw, 254)) if self.wide else 32
        self.meta_first = u32(raw, 260) if self.incompat & 0x10 else None
        sized = 128 <= self.inode_size <= self.block and self.descriptor <= self.block
        if not self.per_group or not self.inodes_per_group or not sized:
            raise BadMap("a super block without groups or inodes")

    def group(self, number: int) -> bytes:
        """Return the descriptor of group ``number`` >= 0. Raises Missing."""
        kept = self._groups.get(number)
        if kept is None:
            if len(self._groups) >= GROUPS_KEPT:
                self._groups.clear()
            kept = self._groups[number] = self._group(number)
        return kept

    def _group(self, number: int) -> bytes:
        each = self.block // self.descriptor
        table, rest = divmod(number, each)
        block = 1024 // self.block + 1 + table  # behind the super block, which lies at byte 1,024
        if self.meta_first is not None and table >= self.meta_first:
            block = self._meta_block(table * each)
        raw, fits = read(self, number, block * self.block + rest * self.descriptor)
        if not fits:
            self.differ[f"the descriptor of group {number}"] = None
        return raw

    def _meta_block(self, group: int) -> int:
        """With meta_bg a descriptor block lies in its own first group, behind a super block if there is one."""
        start = self.first + group * self.per_group
        shifted = group == 0 and self.block == 1024 and self.first == 0  # bigalloc with small blocks
        return start + (1 if has_super(self.ro_compat, group) else 0) + shifted

    def inode(self, number: int) -> tuple[int, bytes]:
        """Return where inode ``number`` lies and its bytes. Raises BadMap or Missing."""
        if not 1 <= number <= self.inodes:
            raise BadMap(f"there is no inode {number}")
        group, index = divmod(number - 1, self.inodes_per_group)
        if self._table[0] != group:
            raw, high = self.group(group), self.wide and self.descriptor >= 64
            self._table = group, (u32(raw, 8) | (u32(raw, 40) << 32 if high else 0)) * self.block
        offset = self._table[1] + index * self.inode_size
        return offset, self._inode_at(offset, self._table[1])

    def _inode_at(self, offset: int, table: int) -> bytes:
        """Return the inode at byte ``offset`` of the table at byte ``table``. Raises Missing."""
        size = self.inode_size
        start, near = self._near
        within = offset - start
        if not 0 <= within <= len(near) - size:
            start = offset - (offset - table) % NEAR
            try:
                near = self.reader.at(start, NEAR)
            except Missing:  # somewhere in it, maybe not where we read
                near = b""
            within = offset - start
            if len(near) < within + size:
                return whole(self.reader, offset, size)
            self._near = start, near
        return near[within : within + size]

    def allocated(self, number: int) -> bool:
        """Say whether inode ``number`` is in use, by the inode bitmap. Raises Missing."""
        if not 1 <= number <= self.inodes:
            return False
        group, index = divmod(number - 1, self.inodes_per_group)
        bits = self._inode_bits(group)
        return bool(bits[index // 8] >> (index % 8) & 1)

    def _inode_bits(self, group: int) -> bytes:
        if self._bits[0] != group:
            descriptor = self.group(group)
            length = (self.inodes_per_group + 7) // 8
            if u16(descriptor, 18) & 0x1:  # INODE_UNINIT: none was ever used
                self._bits = (group, bytes(length))
            else:
                place = u32(descriptor, 4) | (
                    u32(descriptor, 36) << 32 if self.wide and self.descriptor >= 64 else 0
                )
                bits = whole(self.reader, place * self.block, length)
                self._bits = (group, bits)
                self._compare("inodes", group, bits, 26)
        return self._bits[1]

    def _compare(self, what: str, group: int, bits: bytes, at: int) -> None:
        """Compare a bitmap of ``group`` with the checksum in its descriptor, once."""
        newer = self.needs_recovery or group in self.copied  # the journal holds newer ones, or a copy older
        if (what, group) not in self._compared and not newer:
            self._compared.add((what, group))
            if not self.checks.bitmap(self.group(group), bits, at, at + 32):
                self.differ[f"the bitmap of {what} of group {group}"] = None

    def free_inodes(self) -> Iterator[int]:
        """Yield the numbers of inodes that are free and lie where inodes were written; see ``bad``."""
        return self._inodes(used=False)

    def used_inodes(self) -> Iterator[int]:
        """Yield the numbers of inodes in use, those of the file system's own left out; see ``bad``.

        Those it reserves are always in use: whether they hold anything is told by the inodes themselves.
        """
        own = {
            *self.own,
            *(number for number, feature in RESERVED.items() if not feature or self.compat & feature),
        }
        return (number for number in self._inodes(used=True) if number not in own)

    def _inodes(self, *, used: bool) -> Iterator[int]:
        for group in range(-(-self.inodes // self.inodes_per_group)):
            try:
                yield from self._of_group(group, used)
            except Missing as error:
                self.bad.append(f"group {group}: {error}")

    def _of_group(self, group: int, used: bool) -> Iterator[int]:
        descriptor = self.group(group)
        if u16(descriptor, 18) & 0x1:
            return
        unused = u16(descriptor, 28) if self.ro_compat & 0x410 else 0
        bits = self._inode_bits(group)
        first, count = group * self.inodes_per_group + 1, self.inodes_per_group
        if not (used and any(bits[(count - min(unused, count)) // 8 :])):  # in use, whatever the group says
            count -= min(unused, count)
        for index in range(count):
            if bits[index // 8] >> (index % 8) & 1 == used:
                yield first + index

    def in_use(self, offset: int, length: int) -> int:
        """Return how many bytes of a range belong to blocks in use, by the block bitmaps. Raises Missing."""
        first, last = offset // self.block, (offset + length - 1) // self.block
        return sum(self.block for number in range(first, last + 1) if self._used(number))

    def _used(self, block: int) -> bool:
        group, index = divmod(block - self.first, self.per_group)
        descriptor = self.group(group)
        if u16(descriptor, 18) & 0x2:  # BLOCK_UNINIT: only the group's own tables are in use
            return False
        bitmap = u32(descriptor, 0) | (
            u32(descriptor, 32) << 32 if self.wide and self.descriptor >= 64 else 0
        )
        index //= self.cluster
        if ("blocks", group) not in self._compared and self.checks.all:
            bits = whole(self.reader, bitmap * self.block, min(self.clusters_per_group // 8, self.block))
            self._compare("blocks", group, bits, 24)
        byte = whole(self.reader, bitmap * self.block + index // 8, 1)[0]
        return bool(byte >> (index % 8) & 1)

    def tables(self, group: int) -> Iterator[tuple[int, int]]:
        """Yield where the bitmaps and the inodes of a group lie: the first block, and how many. Raises Missing."""
        raw = self.group(group)
        high = self.wide and self.descriptor >= 64
        for low, blocks in ((0, 1), (4, 1), (8, -(-self.inodes_per_group * self.inode_size // self.block))):
            yield u32(raw, low) | (u32(raw, low + 32) << 32 if high else 0), blocks

    def block_bits(self, group: int) -> int | None:
        """Return the bitmap of the blocks of a group, None where it was never written. Raises Missing."""
        if self.ro_compat & 0x410 and u16(self.group(group), 18) & 0x2:  # BLOCK_UNINIT
            return None
        ((at, _), *_) = self.tables(group)
        return int.from_bytes(whole(self.reader, at * self.block, self.clusters_per_group // 8), "little")

    def trusted(self, number: int, raw: bytes) -> bool:
        """Say whether the inode's checksum fits; True where the file system keeps none."""
        return not self.checks.all or inode_checksum(self.uuid, self.seed, number, raw)
