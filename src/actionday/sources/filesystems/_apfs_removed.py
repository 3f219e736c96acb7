"""Files that were removed from an APFS volume, as older checkpoints of its container still have them.

Source: Apple, "Apple File System Reference" (2020-06-22), "Container": a block is never written where it lay, and
the ring keeps the super blocks of the checkpoints before; each leads to its own trees as far as nobody wrote over them.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from actionday.model import Found, Kind
from actionday.sources.filesystems._apfs_nodes import Node
from actionday.sources.filesystems._apfs_object import Blocks
from actionday.sources.filesystems._apfs_omap import Map
from actionday.sources.filesystems._apfs_records import INODE, Number, inode_of
from actionday.sources.filesystems._apfs_super import Super
from actionday.sources.filesystems._apfs_tree import FIRST, TOP, ApfsTree
from actionday.sources.filesystems._apfs_volume import LAST, State, volume_of
from actionday.sources.filesystems._left_over import DIRECTORY, OPEN
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._streams import Name
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap

MOST_ASKED = 100_000
"""Nodes that older checkpoints lead to, known ones too: some seconds."""
MOST_REMOVED, DEEPEST = 1_000_000, 64
MAYBE_THERE = (
    "an older copy of its inode: whether it was removed cannot be told, as not all nodes could be read"
)


class Removed:
    """The removed files of one container, once all that its volumes have now is known."""

    def __init__(self, tree: ApfsTree, blocks: Blocks, objects: Map, older: Sequence[Super]) -> None:
        """``older``: the checkpoints before the one that is shown, the newest first."""
        self._tree, self._blocks, self._objects, self._older = tree, blocks, objects, older
        self._met = Marks()
        self._known = tree.current
        self._count = 0

    def items(self, bad: list[str]) -> Iterator[Found]:
        """Yield the removed files and directories; what was not gone through is told in ``bad``."""
        self._known.asked = 0
        for number, head in enumerate(self._older):
            if self._known.asked > MOST_ASKED or self._count > MOST_REMOVED:
                left = len(self._older) - number
                bad.append(
                    f"removed files: {left} of {len(self._older)} older checkpoints were not gone through"
                )
                return
            for state in self._states(head):
                yield from self._of(state)

    def _states(self, head: Super) -> Iterator[State]:
        """Yield the volumes as of a checkpoint, those that are open now and can still be read."""
        try:
            objects = Map(self._blocks, self._objects.nodes, head.omap, "an older object map")
        except (BadMap, Missing):
            return  # written over since
        for index, oid in head.volumes:
            now = self._tree.states.get(index + 1)
            if now is None:
                continue
            try:
                found = self._blocks.object(objects.place(oid, head.xid).block)
                volume = volume_of(found, index)
                if found.oid != oid or volume.uuid != now.volume.uuid or not found.trusted:
                    continue
                own = Map(self._blocks, self._objects.nodes, volume.omap, "an older object map")
            except (BadMap, Missing):
                continue
            yield State(self._blocks, volume, own, head.xid, now.cipher, older=True)

    def _of(self, state: State) -> Iterator[Found]:
        """Yield what a volume had and has no more."""
        for leaf in state.files.leaves((), (LAST,), [], self._known):
            if not leaf.trusted:
                continue
            for inode in _inodes(leaf):
                own = Number.of(state.volume.number + 1, inode)
                if own in self._tree.used or not self._met.add(own):
                    continue
                self._tree.states[state.number] = state
                self._count += 1
                try:
                    yield self._found(state, inode)
                except (BadMap, Missing):
                    continue  # no whole record is left of it

    def _found(self, state: State, inode: int) -> Found:
        """Return the item of a removed inode. Raises BadMap or Missing."""
        number = Number.of(state.number, inode)
        place = f"gone:{state.volume.number}:{inode}"
        text, raw = shown(self._path(state, inode).decode("utf-8", "surrogateescape"))
        name = Name(b"", number, place, deleted=True)
        bare = Found(name=text, raw=raw, kind=Kind.DELETED, place=place)
        found = self._tree.found(name, bare)
        said = DIRECTORY if found.kind is Kind.DIRECTORY else _reason(state.xid)
        why = said if self._tree.sure else MAYBE_THERE
        reason = why if found.reason in ("", OPEN) else f"{why}; {found.reason}"
        return replace(found, reason=reason, meta={**found.meta, "deleted": True, "transaction": state.xid})

    def _path(self, state: State, inode: int) -> bytes:
        """Return the names of an inode and of the directories it stood in, by what each inode says itself."""
        parts = list[bytes]()
        try:
            while inode != TOP and len(parts) < DEEPEST:
                here = inode_of(state, Number.of(state.number, inode))
                parts.append(here.name.replace(b"/", b":") or b"inode-%d" % inode)
                inode = here.parent
        except (BadMap, Missing):
            parts.append(b"inode-%d" % inode)
        volume = self._tree.called(state.volume.number)
        return b"/".join([volume, b"$Deleted", *reversed(parts)])


def _inodes(leaf: Node) -> Iterator[int]:
    return (key[0] for key in leaf.keys if key[1] == INODE and key[0] >= FIRST)


def _reason(xid: int) -> str:
    return (
        f"deleted; as the checkpoint of transaction {xid} has it: where it lay may have been used again since"
    )
