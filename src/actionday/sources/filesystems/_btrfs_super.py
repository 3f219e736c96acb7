"""Btrfs super blocks: the newest copy whose checksum holds, and what it tells.

Source: Linux kernel, ``include/uapi/linux/btrfs_tree.h`` (``btrfs_super_block``, ``btrfs_dev_item``,
``btrfs_root_backup``); Btrfs documentation, "Btrfs on-disk format" (superblock, its mirrors).
"""

import struct
from collections.abc import Sequence
from typing import NamedTuple

from actionday.sources.filesystems._btrfs_sums import NAMES, SIZES, summed
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u16, u32, u64
from actionday.sources.filesystems._tsk_runs import BadMap

MAGIC, AT, SIZE = b"_BHRfS_M", 0x10000, 4096
MIRRORS = (AT, 64 << 20, 256 << 30)
DEV_ITEM, LABEL, SYSTEM_CHUNKS, BACKUPS = 201, 299, 811, 2859
BACKUP, MOST_SYSTEM = 168, 2048
DEEPEST = 7
"""The highest level of a tree block."""
SECTORS = frozenset(1 << bit for bit in range(9, 17))
NODES = frozenset(1 << bit for bit in range(12, 17))
COMPRESSED = (0x8, 0x10)
METADATA_UUID = 0x400
READ = (
    0x1
    | 0x2
    | 0x4
    | 0x8
    | 0x10
    | 0x20
    | 0x40
    | 0x80
    | 0x100
    | 0x200
    | METADATA_UUID
    | 0x800
    | 0x1000
    | 0x10000
)
"""Incompatible features that are read here."""
NAMED = {0x2000: "extent tree 2", 0x4000: "RAID stripe tree", 0x20000: "remap tree"}


class Root(NamedTuple):
    """Where a tree begins: its logical address, the level and the generation of its first block."""

    logical: int
    level: int
    generation: int | None


class Device(NamedTuple):
    """One device of the file system."""

    number: int
    size: int
    uuid: bytes


class Super:
    """One super block, its checksum not looked at."""

    def __init__(self, raw: bytes) -> None:
        """Raises BadMap when it cannot be right."""
        if len(raw) < SIZE or raw[64:72] != MAGIC:
            raise BadMap("no Btrfs super block")
        self.raw = raw
        self.fsid, self.at, self.generation = raw[32:48], u64(raw, 48), u64(raw, 72)
        self.root = Root(u64(raw, 80), raw[198], self.generation)
        self.chunks = Root(u64(raw, 88), raw[199], u64(raw, 164))
        self.log = Root(u64(raw, 96), raw[200], None)
        self.devices, self.sector, self.node = u64(raw, 136), u32(raw, 144), u32(raw, 148)
        self.incompat, self.sums = u64(raw, 188), u16(raw, 196)
        self.own = device_of(raw[DEV_ITEM : DEV_ITEM + 98])
        self.label = raw[LABEL : LABEL + 256].partition(b"\0")[0]
        self.metadata_uuid = raw[571:587] if self.incompat & METADATA_UUID else self.fsid
        if self.sector not in SECTORS or self.node not in NODES:
            raise BadMap(f"blocks of {self.sector} and tree blocks of {self.node} bytes")
        if self.sums >= len(NAMES):
            raise BadMap(f"checksums of unknown kind {self.sums}")

    @property
    def sound(self) -> bool:
        """Whether its checksum holds."""
        return summed(self.sums)(self.raw[32:]) == self.raw[: SIZES[self.sums]]

    def system_chunks(self) -> bytes:
        """Return keys and items of the chunks in which the chunk tree lies."""
        return self.raw[SYSTEM_CHUNKS : SYSTEM_CHUNKS + min(u32(self.raw, 160), MOST_SYSTEM)]

    def backups(self) -> list[Root]:
        """Return the root trees of the last transactions, the newest first."""
        kept = []
        for at in range(BACKUPS, BACKUPS + 4 * BACKUP, BACKUP):
            logical, generation = struct.unpack_from("<QQ", self.raw, at)
            if logical and self.raw[at + 152] <= DEEPEST:
                kept.append(Root(logical, self.raw[at + 152], generation))
        return sorted(kept, key=lambda root: -(root.generation or 0))


def device_of(raw: bytes) -> Device:
    """Return a device by its item."""
    return Device(u64(raw, 0), u64(raw, 8), raw[66:82])


def newest(reader: Reader, places: Sequence[int] = MIRRORS) -> tuple[Super, str]:
    """Return the super block to go by, and what is wrong with the others ("" for nothing). Raises BadMap or Missing.

    The newest whose checksum holds; where none does, the first that makes sense.
    """
    found, doubtful, wrong = list[Super](), list[Super](), list[str]()
    for at in places:
        if at + SIZE > reader.size:
            break
        try:
            each = Super(reader.at(at, SIZE))
        except (BadMap, Missing) as error:
            wrong.append(f"the super block at byte {at}: {error}")
            continue
        if each.at != at:
            wrong.append(f"the super block at byte {at} says that it lies at {each.at}")
        elif each.sound:
            found.append(each)
        else:
            doubtful.append(each)
            wrong.append(f"the checksum of the super block at byte {at} differs")
    if not found and not doubtful:
        raise BadMap(wrong[0] if wrong else "too short for a super block")
    fsid = (found or doubtful)[0].fsid  # a copy may be left of a file system that was there before
    best = max((each for each in found or doubtful if each.fsid == fsid), key=lambda each: each.generation)
    return best, "; ".join(wrong)
