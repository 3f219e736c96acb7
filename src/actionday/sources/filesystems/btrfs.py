"""Btrfs, on one device or several: subvolumes, snapshots, compressed files, checksums of all that is stored.

Source: Linux kernel, ``fs/btrfs``, ``include/uapi/linux/btrfs_tree.h``; Btrfs documentation, "Btrfs on-disk format".
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from actionday.model import Claim, Context, Damaged, Found, Loss, Part, Peek, Stream, Unsupported
from actionday.model.counted import counted
from actionday.sources.filesystems._btrfs_assembly import joined
from actionday.sources.filesystems._btrfs_data import Data
from actionday.sources.filesystems._btrfs_joined import Joined, is_joined
from actionday.sources.filesystems._btrfs_log import logged
from actionday.sources.filesystems._btrfs_nodes import Trees
from actionday.sources.filesystems._btrfs_removed import Removed
from actionday.sources.filesystems._btrfs_roots import CSUM_TREE, TOP, Roots
from actionday.sources.filesystems._btrfs_space import Volume, opened
from actionday.sources.filesystems._btrfs_sums import NAMES
from actionday.sources.filesystems._btrfs_super import (
    AT,
    MAGIC,
    MIRRORS,
    NAMED,
    NODES,
    READ,
    SECTORS,
    SIZE,
    Super,
    newest,
)
from actionday.sources.filesystems._btrfs_tree import BtrfsTree
from actionday.sources.filesystems._doubts import differing
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._tree import Walk
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.volumes._ends import lacks
from actionday.sources.volumes._signs import u32, u64, unwrapped
from actionday.sources.volumes._unclaimed import behind, unclaimed

RESERVED = 1 << 20
"""Bytes at the beginning of a device in which nothing lies but a super block."""


class Btrfs:
    """Btrfs file systems."""

    name, sample = "btrfs", "btrfs.raw"
    binary = True
    marks = ((AT + 64, MAGIC),)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a super block whose sizes of blocks exist."""
        block = peek.head[AT : AT + SIZE]
        if block[64:72] != MAGIC:
            return Claim.NO
        sane = u32(block, 144) in SECTORS and u32(block, 148) in NODES and u64(block, 48) == AT
        return unwrapped(peek, Claim.STRUCTURE if sane else Claim.MAGIC)

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield entries in directory order, subvolumes in their places. Raises Damaged or Unsupported."""
        reader = reader_of(stream)
        try:
            block, wrong = newest(reader, (AT,) if is_joined(reader) else MIRRORS)
            if wrong:
                around.note("backup", f"btrfs: {wrong}: another copy is used")
            _features(block)
            around.acquired({"btrfs": facts(block)})
            volume = opened(reader, block)
        except (BadMap, Missing) as error:
            raise Damaged(f"btrfs: {error}") from error
        if volume is None:
            around.member(self.name, block.fsid.hex(), called(block))
            return
        yield from _listed(volume, around)
        if not volume.assembled:
            yield from _beside(stream, volume, around)


def facts(block: Super) -> dict[str, object]:
    """Return what a super block tells of its file system."""
    return {"label": block.label.decode("utf-8", "replace"), "uuid": str(UUID(bytes=block.fsid)),
            "device": block.own.number, "device_uuid": str(UUID(bytes=block.own.uuid)), "devices": block.devices,
            "generation": block.generation, "block": block.sector, "tree_block": block.node,
            "checksums": NAMES[block.sums]}  # fmt: skip


def called(block: Super) -> str:
    """Return what people call a file system: its label as far as it can be printed."""
    text = block.label.decode("utf-8", "replace")
    return "".join(each for each in text if each.isprintable())[:200]


def _features(block: Super) -> None:
    """Raise Unsupported for what makes reading wrong."""
    if unknown := block.incompat & ~READ:
        bits = (1 << bit for bit in range(64) if unknown >> bit & 1)
        names = ", ".join(f"{NAMED.get(bit, 'unknown')} (incompat 0x{bit:x})" for bit in bits)
        raise Unsupported(f"btrfs: feature {names} is not read here")


def _listed(volume: Volume, around: Context) -> Iterator[Found]:
    """Yield all that the trees lead to. Raises Damaged."""
    bad: list[str] = [*volume.bad]
    trees = Trees(volume.block, volume.space)
    roots = _roots(trees, bad, around)
    sums = roots.others.get(CSUM_TREE)
    data = Data(trees, sums)
    tree = BtrfsTree(trees, roots, data)
    top = roots.subvolumes[TOP].facts
    told: dict[str, object] = {"profiles": volume.profiles, "subvolumes": len(roots.subvolumes) - 1}
    around.acquired(
        {"btrfs": facts(volume.block) | told | {f"top_{key}": value for key, value in top.items()}}
    )
    walk = Walk(tree, around)
    yield from walk.items()
    for name in tree.removed():
        yield from walk.orphan(name)
    yield from Removed(tree, volume.metadata).items(bad)
    if volume.block.log.logical:
        yield from _logged(tree, bad, around)
    for each in bad[:20]:
        around.note(Loss.DIRECTORY, f"btrfs: {each}")
    _checked(trees, data, around)
    walk.end()


def _logged(tree: BtrfsTree, bad: list[str], around: Context) -> Iterator[Found]:
    """Yield what the log holds of files, and say that it does."""
    why = "the log holds changes that were not replayed: what it has of files is listed under $Log"
    around.note("journal", f"btrfs: {why}")
    yield from logged(tree, bad)


def _roots(trees: Trees, bad: list[str], around: Context) -> Roots:
    """Return the newest tree of roots that can be read and leads to files. Raises Damaged."""
    wrong: list[str] = []
    for number, root in enumerate((trees.volume.root, *trees.volume.backups())):
        found: list[str] = []
        roots = Roots(trees, root, found)
        if TOP in roots.subvolumes:
            bad += found
            if number:
                around.note(
                    "backup", f"btrfs: {wrong[0]}: the state of transaction {root.generation} is read"
                )
            return roots
        wrong += found or ["no tree of files"]
    raise Damaged(f"btrfs: {wrong[0]}")


def _checked(trees: Trees, data: Data, around: Context) -> None:
    """Note what differed from its checksum."""
    if trees.mended:
        around.note("backup", f"btrfs: {counted(trees.mended, 'tree block')} damaged: another copy is used")
    if data.mended:
        around.note("backup", f"btrfs: {counted(data.mended, 'byte')} of files damaged: another copy is used")
    if data.unlooked:
        around.note(
            "unchecked", f"btrfs: {counted(data.unlooked, 'byte')} of files were not held against checksums"
        )
    differing(trees.differ, "btrfs", around)


def _beside(stream: Stream, volume: Volume, around: Context) -> Iterator[Found]:
    """Yield what lies before the first chunk and behind the end of the device."""
    size = volume.block.own.size
    if size > stream.size:
        around.note(
            Loss.SHORT, f"btrfs: the file system is {counted(size, 'byte')} long, {stream.size} are there"
        )
        lacks(size, stream.size, around)
    begin = min([RESERVED, *(place for each in volume.space.ranges for place in each.places)])
    if begin >= RESERVED:
        yield from unclaimed(stream, 0, AT, "boot block", around)
        yield from unclaimed(stream, AT + SIZE, RESERVED, "boot block", around)
    if size:
        yield from behind(stream, size, around)


class Devices:
    """File systems out of their devices."""

    name, sample = "btrfs", "btrfs.raw"

    def assemble(self, parts: Sequence[Part], of: str, around: Context) -> Joined:
        """Return the file system as one stream. Raises NotThere where too many devices lack, or Damaged."""
        return joined(parts, of, around)


SOURCE = Btrfs()
ASSEMBLY = Devices()
