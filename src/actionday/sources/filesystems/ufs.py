"""UFS1 and UFS2 (FFS) of the BSDs, in either byte order.

Source: FreeBSD, ``sys/ufs/ffs/fs.h``, ``sys/ufs/ufs/dinode.h``, ``dir.h``.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Loss, Peek, Stream
from actionday.model.counted import counted
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._tree import Walk
from actionday.sources.filesystems._ufs_super import (
    COPIES,
    MAGIC_AT,
    PLACES,
    SIZE,
    WORDS,
    Groups,
    Super,
    find,
    super_at,
)
from actionday.sources.filesystems._ufs_tree import UfsTree
from actionday.sources.volumes._bsd_label import REACH, label_of
from actionday.sources.volumes._ends import lacks
from actionday.sources.volumes._signs import unwrapped
from actionday.sources.volumes._unclaimed import behind, unclaimed


class Ufs:
    """UFS file systems."""

    name, sample = "ufs", "ufs2.raw"
    binary = True
    marks = tuple((at + MAGIC_AT, word) for at in (*PLACES, *COPIES) for word in WORDS)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a super block that makes sense, MAGIC for the copy of one."""
        for places, claim in ((PLACES, Claim.STRUCTURE), (COPIES, Claim.MAGIC)):
            if any(super_at(peek.head[at : at + SIZE], at) is not None for at in places):
                labelled = (
                    label_of(peek.head[:REACH], peek.size) is not None
                )  # its first partition begins so too
                return unwrapped(peek, Claim.NAME if labelled else claim)
        return Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield entries in directory order. Raises Damaged."""
        reader = reader_of(stream)
        block, copy = find(reader)
        if copy:
            around.note("backup", f"ufs: the super block is damaged: its copy at byte {block.at} is used")
        around.acquired({"ufs": facts(block)})
        size = block.size * block.fragment
        if size > stream.size:
            around.note(
                Loss.SHORT, f"ufs: the file system is {counted(size, 'byte')} long, {stream.size} are there"
            )
            lacks(size, stream.size, around)
        walk = Walk(UfsTree(Groups(reader, block)), around)
        yield from walk.items()
        yield from unclaimed(stream, 0, min(block.at, 65536), "boot block", around)
        if size:
            yield from behind(stream, size, around)
        walk.end()


def facts(block: Super) -> dict[str, object]:
    """Return what a super block tells of its file system."""
    told: dict[str, object] = {
        "version": block.version, "order": "little" if block.order == "<" else "big", "block": block.block,
        "fragment": block.fragment, "groups": block.groups, "clean": bool(block.clean),
    }  # fmt: skip
    texts = {"label": block.label, "mounted": block.mounted}
    return told | {key: value.decode("utf-8", "replace") for key, value in texts.items() if value}


SOURCE = Ufs()
