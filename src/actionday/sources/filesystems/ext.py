"""ext2, ext3 and ext4.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms", super block and feature flags.
"""

from collections.abc import Iterator
from uuid import UUID

from actionday.model import Claim, Context, Damaged, Found, Loss, Peek, Stream, Unsupported
from actionday.model.counted import counted
from actionday.sources.filesystems._doubts import MOST_DIFFER, differing
from actionday.sources.filesystems._ext_copies import from_copy
from actionday.sources.filesystems._ext_free import free_runs
from actionday.sources.filesystems._ext_inode import Super
from actionday.sources.filesystems._ext_tree import ExtTree
from actionday.sources.filesystems._free import tell_free
from actionday.sources.filesystems._mended import Mended
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._tree import Walk
from actionday.sources.filesystems._tsk_behind import CODE
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.volumes._ends import lacks
from actionday.sources.volumes._signs import u16, u32, unwrapped
from actionday.sources.volumes._unclaimed import beside

READ = 0x3F7D6
"""Incompatible features that are read here; the others are named and stop."""
NAMED = {0x1: "compression", 0x8: "journal device"}
LIKELY = 3
"""Of seven fields; in noise none is right by itself."""
HARMLESS = 0x1FFFF
"""Read-only compatible features the kernel has names for; none changes how files are read."""


class Ext:
    """ext2, ext3 and ext4."""

    name, sample = "ext", "ext4.raw"
    binary = True
    marks = ((1080, b"\x53\xef"),)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE where the super block makes sense, MAGIC where most of it does: noise has the mark as well."""
        block = peek.head[1024:2048]
        if len(block) < 264 or u16(block, 56) != 0xEF53:
            return Claim.NO
        sane = u32(block, 24) <= 6 and u32(block, 4) and u32(block, 32) and u32(block, 40)
        if not sane and not _likely(block):
            return Claim.NO
        return unwrapped(peek, Claim.STRUCTURE if sane else Claim.MAGIC)

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield entries in directory order, then inodes without a name. Raises Damaged or Unsupported."""
        try:
            volume = Super(reader_of(stream))
        except (BadMap, Missing) as error:
            told = {} if isinstance(stream, Mended) else from_copy(stream)
            if told:
                around.note("backup", f"ext: {error}: a copy of the super block is used")
                yield from self.items(Mended(stream, told), around)
                return
            raise Damaged(f"ext: {error}") from error
        _features(volume, around)
        size = volume.blocks * volume.block
        if size > stream.size:
            around.note(
                Loss.SHORT, f"ext: the file system is {counted(size, 'byte')} long, {stream.size} are there"
            )
            lacks(size, stream.size, around)
        label = volume.label.decode("utf-8", "replace")
        said = {"mounted": volume.mounted, "options": volume.options}
        mounted = {key: value.decode("utf-8", "replace") for key, value in said.items() if value}
        around.acquired(
            {"ext": {"label": label, "uuid": str(UUID(bytes=volume.uuid)), "block": volume.block, **mounted}}
        )
        tree = ExtTree(volume)
        walk = Walk(tree, around)
        yield from walk.items()
        try:
            for name in tree.orphans():
                yield from walk.orphan(name)
        except (BadMap, Missing) as error:
            around.note(
                "orphans", f"ext: deleted files without a name were not looked for to the end: {error}"
            )
        if tree.mislaid:
            around.note(
                "allocation",
                f"ext: {counted(tree.mislaid, 'file has', 'files have')} a name and, by the bitmap, a free inode",
            )
        if bad := tree.bad_blocks():
            around.note(CODE, f"ext: {bad}")
        _root(volume, tree.root, around)
        tree.claims.read(tree.root)
        tree.claims.tell(around)
        if volume.copied:
            first = ", ".join(map(str, sorted(volume.copied)[:MOST_DIFFER]))
            many = counted(len(volume.copied), "descriptor of a group is", "descriptors of groups are")
            around.note("backup", f"ext: {many} damaged: a copy is used (group {first})")
        differing(volume.differ, "ext", around)
        yield from beside(stream, around)
        walk.end()
        tell_free(free_runs(volume, around), self.name, volume.block, around)


def _likely(block: bytes) -> bool:
    """Say whether enough of the small numbers of a super block are what they can be: two bytes are a weak mark.

    Source: ext4 Data Structures and Algorithms, Super Block (sizes, state, errors, creator, revision).
    """
    inode = u16(block, 88)
    told = (
        u32(block, 24) <= 6,
        u32(block, 28) <= 16,
        u16(block, 58) <= 7,
        u16(block, 60) <= 3,
        u32(block, 72) <= 4,
        u32(block, 76) <= 1,
        inode == 0 or (128 <= inode <= 65536 and inode & inode - 1 == 0),
    )
    return sum(told) >= LIKELY


def _root(volume: Super, number: int, around: Context) -> None:
    """Compare the inode of the root directory, which is no item."""
    try:
        if not volume.trusted(number, volume.inode(number)[1]):
            volume.differ["the inode of the root directory"] = None
    except (BadMap, Missing) as error:
        why = "could not be read, and was not compared with its checksum"
        around.note(Loss.DIRECTORY, f"ext: the inode of the root directory {why}: {error}")


def _features(volume: Super, around: Context) -> None:
    """Raise Unsupported for what makes reading wrong, note what does not."""
    unknown = volume.incompat & ~READ
    if unknown:
        bits = (1 << bit for bit in range(32) if unknown >> bit & 1)
        names = ", ".join(f"{NAMED.get(bit, 'unknown')} (incompat 0x{bit:x})" for bit in bits)
        raise Unsupported(f"ext: feature {names} is not read here")
    if extra := volume.ro_compat & ~HARMLESS:
        around.note(
            "feature", f"ext: unknown read-only feature ro_compat 0x{extra:x}: read as if it were not set"
        )
    if volume.needs_recovery:
        around.note(
            "journal", "ext: the journal holds changes that were not replayed: read as they lie on the disk"
        )


SOURCE = Ext()
