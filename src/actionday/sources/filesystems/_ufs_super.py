"""The super block of UFS1 and UFS2 (FFS), in either byte order, and where its cylinder groups lie.

Source: FreeBSD, ``sys/ufs/ffs/fs.h``; NetBSD, ``sys/ufs/ffs/fs.h``.
"""

import struct
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from actionday.model import Damaged
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, whole
from actionday.sources.filesystems._tsk_runs import BadMap

SIZE, MAGIC_AT = 1376, 1372
UFS1, UFS2 = 0x00011954, 0x19540119
MAGICS = {UFS1: 1, UFS2: 2}
PLACES = (65536, 8192, 0)
"""Where kernels look for it, and in this order; a fourth, 256 KiB, is not looked at."""
COPIES = (16384, 81920, 98304)
"""Where the copy in the first group lies: of UFS1 as newfs makes it, of UFS2 with blocks of 16 and of 32 KiB."""
BEGINS = PLACES[:2]
"""Where that of a file system is that is looked for on a disk: beside boot code of its own."""
WORDS = tuple(struct.pack(f"{order}I", magic) for order in "<>" for magic in (UFS1, UFS2))
GROUP_MAGIC, GROUP = 0x00090255, 168
LARGEST, SMALLEST = 65536, 512
NEW_INODES = 2
"""The format of inodes from 4.4BSD on, whose directories tell the types of what they name."""
MOST_INODES = 1 << 32
KEPT = 16
"""Headers of groups that are kept, 64 KiB each at the most."""


class Super(NamedTuple):
    """What is read of a super block; places and sizes in fragments where nothing else is said."""

    at: int
    order: str
    version: int
    block: int
    fragment: int
    groups: int
    inodes: int
    """Of each group."""
    span: int
    """Fragments of each group."""
    header: int
    table: int
    stagger: tuple[int, int]
    group_bytes: int
    size: int
    inline: int
    """Bytes: a longer target of a link does not stand in its inode."""
    typed: bool
    label: bytes
    mounted: bytes
    clean: int

    @property
    def inode_bytes(self) -> int:
        """How long an inode is."""
        return 256 if self.version == 2 else 128

    def start(self, group: int) -> int:
        """Return the fragment at which the tables of a group are counted from."""
        offset, mask = self.stagger
        return group * self.span + (0 if self.version == 2 else offset * (group & ~mask & 0xFFFFFFFF))


def super_at(raw: bytes, at: int) -> Super | None:
    """Return the super block in ``raw``, which lies at byte ``at``; None where it could not have been written so."""
    for order in "<>":
        version = MAGICS.get(struct.unpack_from(f"{order}I", raw, MAGIC_AT)[0]) if len(raw) >= SIZE else None
        if version and (found := _told(raw, at, order, version)) is not None:
            return found
    return None


def _told(raw: bytes, at: int, order: str, version: int) -> Super | None:
    def number(place: int, form: str = "I") -> int:
        return int(struct.unpack_from(order + form, raw, place)[0])

    block, fragment, each, groups, inodes, span = (number(place) for place in (48, 52, 56, 44, 184, 188))
    powers = all(size and not size & (size - 1) for size in (block, fragment))
    sane = powers and SMALLEST <= fragment <= block <= LARGEST and block == fragment * each and each <= 8
    if not (sane and groups and inodes and span and groups * inodes <= MOST_INODES and number(160) <= block):
        return None
    size = number(1080, "Q") if version == 2 else number(36)
    return Super(at, order, version, block, fragment, groups, inodes, span, number(12), number(16),
                 (number(24), number(28)), number(160), size, min(number(1320), 60 * version),
                 number(1324) >= NEW_INODES or version == 2, raw[680:712].split(b"\0")[0],
                 raw[212:680].split(b"\0")[0], raw[209])  # fmt: skip


def find(reader: Reader) -> tuple[Super, bool]:
    """Return the super block, and whether it is a copy. Raises Damaged where none is."""
    for places, copy in ((PLACES, False), (COPIES, True)):
        for at in places:
            try:
                found = super_at(reader.at(at, SIZE), at)
            except Missing:
                continue
            if found is not None:
                return found, copy
    raise Damaged("ufs: no super block, nor the copy of it in the first group")


def size_of(read: Callable[[int, int], bytes]) -> int:
    """Return how long the file system is that begins at byte 0 of what ``read`` reads, 0 where none does.

    Copies of a super block tell nothing of where they stand: the header of the first group has to lie where they say.
    """
    for at in BEGINS:
        block = super_at(read(at, SIZE), at)
        if block is not None:
            raw = read((block.start(0) + block.header) * block.fragment, 16)
            if raw[4:8] + raw[12:16] == struct.pack(f"{block.order}II", GROUP_MAGIC, 0):
                return block.size * block.fragment
    return 0


class Group(NamedTuple):
    """Which inodes of a group are in use: a bit each."""

    used: bytes

    def has(self, number: int) -> bool:
        """Say whether inode ``number`` of the group is in use."""
        return number // 8 < len(self.used) and bool(self.used[number // 8] >> number % 8 & 1)


class Groups:
    """The groups of one file system."""

    def __init__(self, reader: Reader, block: Super) -> None:
        self.reader, self.block = reader, block
        self._kept: OrderedDict[int, Group] = OrderedDict()

    def group(self, number: int) -> Group:
        """Return a group. Raises BadMap or Missing."""
        found = self._kept.get(number)
        if found is None:
            found = self._kept[number] = self._read(number)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def _read(self, number: int) -> Group:
        block = self.block
        at = (block.start(number) + block.header) * block.fragment
        raw = whole(self.reader, at, max(GROUP, block.group_bytes))
        magic, own = (struct.unpack_from(f"{block.order}I", raw, place)[0] for place in (4, 12))
        (used,) = struct.unpack_from(f"{block.order}I", raw, 92)
        length = -(-block.inodes // 8)
        if magic != GROUP_MAGIC or own != number or used + length > len(raw):
            raise BadMap(f"the header of cylinder group {number} is damaged")
        return Group(raw[used : used + length])

    def place(self, inode: int) -> int:
        """Return the byte at which an inode lies. Raises BadMap."""
        block = self.block
        if not 0 < inode < block.groups * block.inodes:
            raise BadMap(f"there is no inode {inode}")
        group, own = divmod(inode, block.inodes)
        return (block.start(group) + block.table) * block.fragment + own * block.inode_bytes

    def in_use(self, inode: int) -> bool:
        """Say whether an inode is in use by the list of its group. Raises BadMap or Missing."""
        self.place(inode)
        group, own = divmod(inode, self.block.inodes)
        return self.group(group).has(own)
