"""SquashFS 4.0, packed with gzip, LZMA, LZO, xz, LZ4 or zstd. It keeps no checksums of its own.

Source: SquashFS 4.0 binary format (dr-emann/squashfs); Linux kernel, ``fs/squashfs``; squashfs-tools 4.5.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Loss, Peek, Stream
from actionday.model.counted import counted
from actionday.model.times import NANOSECONDS
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._squash_super import (
    COMPRESSIONS,
    MAGIC,
    OTHERS,
    SIZE,
    SWAPPED,
    Super,
    sane,
    super_of,
)
from actionday.sources.filesystems._squash_tables import Blocks
from actionday.sources.filesystems._squash_tree import SquashTree
from actionday.sources.filesystems._times import moment
from actionday.sources.filesystems._tree import Walk
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.volumes._ends import lacks
from actionday.sources.volumes._signs import unwrapped
from actionday.sources.volumes._unclaimed import behind

MARKS = (MAGIC, SWAPPED, *OTHERS)


class Squashfs:
    """SquashFS file systems."""

    name, sample = "squashfs", "squashfs.raw"
    binary = True
    marks = tuple((0, mark) for mark in MARKS)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a super block of version 4.0 that makes sense, MAGIC for the letters alone."""
        if peek.head[:4] not in MARKS or len(peek.head) < SIZE:
            return Claim.NO
        return unwrapped(peek, Claim.STRUCTURE if sane(peek.head) else Claim.MAGIC)

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield entries in directory order. Raises Damaged or Unsupported."""
        reader = reader_of(stream)
        block = super_of(reader)
        around.acquired({"squashfs": facts(block)})
        if block.used > stream.size:
            around.note(
                Loss.SHORT,
                f"squashfs: the file system is {counted(block.used, 'byte')} long, {stream.size} are there",
            )
            lacks(block.used, stream.size, around)
        try:
            tree = SquashTree(Blocks(reader, block))
        except (BadMap, Missing) as error:
            raise Damaged(f"squashfs: the root directory: {error}") from error
        walk = Walk(tree, around)
        yield from walk.items()
        if tree.lost_owners:
            what = counted(tree.lost_owners, "owner or group", "owners and groups")
            around.note(Loss.DAMAGED, f"squashfs: {what} cannot be told: the list of them is damaged")
        yield from behind(stream, block.used, around)
        walk.end()


def facts(block: Super) -> dict[str, object]:
    """Return what a super block tells of its file system."""
    return {"version": "4.0", "compression": COMPRESSIONS[block.compression], "block": block.block,
            "created": moment(block.made * NANOSECONDS), "inodes": block.inodes,
            "fragments": block.fragments}  # fmt: skip


SOURCE = Squashfs()
