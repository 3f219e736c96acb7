"""APFS containers: named with their volumes; encrypted ones are said to be so. Not read.

Source: Apple, "Apple File System Reference" (2020): nx_superblock_t, omap_phys_t, btree_node_phys_t,
apfs_superblock_t.
"""

from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Claim, Context, Damaged, Encrypted, Found, Peek, Stream, Unsupported
from actionday.sources.images._disk import exactly
from actionday.sources.volumes._signs import u16, u32, u64, unwrapped

MAGIC, VOLUME = b"NXSB", b"APSB"
UNENCRYPTED = 1
MOST_VOLUMES, DEEPEST = 100, 8
LEAF, ROOT, FIXED = 2, 1, 4


class Volume(NamedTuple):
    """One volume of a container."""

    name: str
    encrypted: bool


class Apfs:
    """Apple file system containers."""

    name, sample = "apfs", "apfs.raw"
    binary = True
    marks = ((32, MAGIC),)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a container super block with a block size that exists."""
        if peek.head[32:36] != MAGIC:
            return Claim.NO
        return unwrapped(
            peek, Claim.STRUCTURE if u32(peek.head, 36) in (4096, 8192, 16384, 32768, 65536) else Claim.MAGIC
        )

    def items(self, stream: Stream, around: Context, /) -> Iterator[Found]:
        """Raise Encrypted where a volume is, else Unsupported, naming the volumes."""
        try:
            volumes = _volumes(stream)
        except Damaged as error:
            around.note("damaged", f"apfs: {error}")
            volumes = []
        around.acquired(
            {"apfs": {"volumes": [{"name": name, "encrypted": locked} for name, locked in volumes]}}
        )
        locked = [each.name for each in volumes if each.encrypted]
        if locked:
            raise Encrypted(f"APFS volume {', '.join(locked)}")
        names = f" with volume {', '.join(each.name for each in volumes)}" if volumes else ""
        raise Unsupported(f"APFS container{names}: APFS is not read here")
        yield


def _volumes(stream: Stream) -> list[Volume]:
    """Return the volumes by the container's object map. Raises Damaged."""
    head = exactly(stream, 0, 4096, "the container super block")
    block = u32(head, 36)
    wanted = [oid for at in range(184, 184 + 8 * MOST_VOLUMES, 8) if (oid := u64(head, at))]
    omap = exactly(stream, u64(head, 160) * block, block, "the object map")
    places = dict(_entries(stream, u64(omap, 48), block, 0))
    return [_volume(stream, places[oid], block) for oid in wanted if oid in places]


def _volume(stream: Stream, at: int, block: int) -> Volume:
    raw = exactly(stream, at * block, 4096, "a volume super block")
    if raw[32:36] != VOLUME:
        raise Damaged(f"no volume super block in block {at}")
    name = raw[704:960].split(b"\0")[0].decode("utf-8", "replace")
    return Volume(name, not u64(raw, 264) & UNENCRYPTED)


def _entries(stream: Stream, at: int, block: int, depth: int) -> Iterator[tuple[int, int]]:
    """Yield (object, block) of an object map's tree; later transactions come later and win."""
    if depth > DEEPEST:
        raise Damaged("the object map's tree is too deep")
    node = exactly(stream, at * block, block, "a node of the object map")
    flags, count = u16(node, 32), u32(node, 36)
    keys = 56 + u16(node, 40) + u16(node, 42)
    values = block - (40 if flags & ROOT else 0)
    if not flags & FIXED or 56 + count * 4 > block:
        raise Damaged("the object map's tree has entries of unknown form")
    for index in range(count):
        entry = 56 + u16(node, 40) + 4 * index
        key, value = keys + u16(node, entry), values - u16(node, entry + 2)
        if flags & LEAF:
            yield u64(node, key), u64(node, value + 8)
        else:
            yield from _entries(stream, u64(node, value), block, depth + 1)


SOURCE = Apfs()
