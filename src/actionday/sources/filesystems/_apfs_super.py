"""The super block of an APFS container: block 0 leads to the ring of checkpoints, of which the newest is read.

Source: Apple, "Apple File System Reference" (2020-06-22), "Container" (``nx_superblock_t``), "Mounting an Apple File
System Partition".
"""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from actionday.sources.filesystems._apfs_object import CONTAINER, Blocks, Object
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u32, u64, whole
from actionday.sources.filesystems._tsk_runs import BadMap

MAGIC = b"NXSB"
SIZES = (4096, 8192, 16384, 32768, 65536)
MOST_VOLUMES = 100
MOST_RING = 1 << 16
"""Blocks of the ring that are looked at; Apple's and others' have some hundreds."""
APART = 1 << 31
"""The ring does not lie in one piece."""
VERSION_1, VERSION_2, FUSION = 1, 2, 0x100
NAMED = {VERSION_1: "version 1 (macOS 10.12)", FUSION: "fusion drive, of two devices"}
SOFTWARE = 4


class Super(NamedTuple):
    """A super block of a container, of one checkpoint."""

    block: int
    blocks: int
    incompat: int
    uuid: bytes
    xid: int
    omap: int
    volumes: tuple[tuple[int, int], ...]
    """Place in the list of volumes, and number of the object."""
    keys: tuple[int, int]
    """Where the container's keys lie: first block, blocks."""
    flags: int
    trusted: bool

    def facts(self) -> dict[str, object]:
        """Return what is kept of it."""
        return {"uuid": str(UUID(bytes=self.uuid)), "block": self.block, "transaction": self.xid}


def parsed(found: Object) -> Super:
    """Return a super block. Raises BadMap."""
    raw = found.raw
    if raw[32:36] != MAGIC or found.kind != CONTAINER or u32(raw, 36) != len(raw):
        raise BadMap("holds no super block")
    volumes = tuple((number, oid) for number in range(MOST_VOLUMES) if (oid := u64(raw, 184 + 8 * number)))
    return Super(len(raw), u64(raw, 40), u64(raw, 64), raw[72:88], found.xid, u64(raw, 160), volumes,
                 (u64(raw, 1296), u64(raw, 1304)), u64(raw, 1264), found.trusted)  # fmt: skip


def container(reader: Reader) -> tuple[Blocks, list[Super], str]:
    """Return the blocks of a container, its checkpoints, the newest first, and what is wrong with block 0.

    Raises BadMap where none can be read, or Missing.
    """
    head = whole(reader, 0, SIZES[0])
    size = u32(head, 36)
    if head[32:36] != MAGIC or size not in SIZES:
        raise BadMap("block 0 holds no super block")
    blocks = Blocks(reader, size, max(1, reader.size // size))
    first = blocks.object(0)
    zero = parsed(first)
    found = {
        each.xid: each for each in _ring(blocks, first.raw) if each.uuid == zero.uuid or not zero.trusted
    }
    wrong = "" if zero.trusted else "the checksum of block 0 differs"
    if not found:
        wrong = wrong or "the ring of checkpoints holds no super block"
    if not found or (zero.trusted and zero.xid > max(found)):
        found[zero.xid] = zero
    states = [found[xid] for xid in sorted(found, reverse=True)]
    blocks.count = max(1, states[0].blocks)
    return blocks, states, wrong


def _ring(blocks: Blocks, raw: bytes) -> Iterator[Super]:
    """Yield the super blocks in the ring whose checksums hold."""
    count, base = u32(raw, 104), u64(raw, 112)
    if count & APART:
        return
    for number in range(min(count, MOST_RING)):
        try:
            found = parsed(blocks.object(base + number))
        except (BadMap, Missing):
            continue  # maps of checkpoints, and what was never written
        if found.trusted:
            yield found
