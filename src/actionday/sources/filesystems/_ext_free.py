"""Which bytes of ext belong to nothing, by the bitmap of each group of blocks.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms": Block and inode Bitmaps, Layout, Flexible
Block Groups, Bigalloc.
"""

from collections.abc import Iterator

from actionday.model import Context, Run
from actionday.sources.filesystems import _free
from actionday.sources.filesystems._ext_groups import SPARSE2, has_super
from actionday.sources.filesystems._ext_inode import Super
from actionday.sources.filesystems._tsk_bytes import Missing, u16, whole
from actionday.sources.filesystems._tsk_runs import BadMap

LEAST = 256
"""Blocks of a group at least, by mke2fs: millions of groups would take as many reads."""
RESERVED = 0xCE
"""Where the super block counts the blocks kept for further descriptors of groups."""


def free_runs(volume: Super, around: Context) -> Iterator[Run]:
    """Yield the ranges that are free, in order; of a group whose bitmap cannot be read it is noted."""
    if volume.per_group < LEAST:
        raise BadMap(f"groups of {volume.per_group} blocks")
    blocks = min(volume.blocks, volume.reader.size // volume.block)
    count = -(-(blocks - volume.first) // volume.per_group)
    uninit, untold = list[Run](), _free.Untold("ext", around)
    for group in range(count):
        start = volume.first + group * volume.per_group
        length = min(volume.per_group, blocks - start)
        try:
            bits = _bits(volume, group)
        except (BadMap, Missing) as error:
            untold.add(group, length * volume.block, error)
            continue
        if bits is None:
            uninit = uninit or _tables(volume, count)
            yield from _free.without([(start * volume.block, length * volume.block)], uninit)
            continue
        unit = volume.cluster * volume.block
        for first, number in _free.clear_bits(bits, -(-length // volume.cluster)):
            at = start * volume.block + first * unit
            yield at, min(number * unit, (start + length) * volume.block - at)
    untold.end()


def _bits(volume: Super, group: int) -> bytes | None:
    """Return the bitmap of a group, None where it was never written: all but tables is free. Raises as reading does."""
    if volume.ro_compat & 0x410 and u16(volume.group(group), 18) & 0x2:  # BLOCK_UNINIT
        return None
    ((at, _), *_) = volume.tables(group)
    return whole(volume.reader, at * volume.block, min(-(-volume.clusters_per_group // 8), volume.block))


def _tables(volume: Super, count: int) -> list[Run]:
    """Return where the super blocks, descriptors, bitmaps and tables of inodes of all groups lie."""
    block, each = volume.block, max(1, volume.block // volume.descriptor)
    reserved = u16(whole(volume.reader, 1024, 1024), RESERVED)
    meta = -(-count // each) if volume.meta_first is None else volume.meta_first
    supers = {0, *volume.backups} if volume.compat & SPARSE2 else None
    found: list[Run] = []
    for group in range(count):
        own = has_super(volume.ro_compat, group) if supers is None else group in supers
        length = (1 + meta + reserved) * own
        if group >= meta * each and group % each in (0, 1, each - 1):
            length += 1  # a block of descriptors of its own
        found.append(((volume.first + group * volume.per_group) * block, length * block))
        try:
            found += [(at * block, length * block) for at, length in volume.tables(group)]
        except (BadMap, Missing):
            continue
    return _free.merged(found)
