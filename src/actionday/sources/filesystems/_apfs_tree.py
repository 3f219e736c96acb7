"""APFS as a tree of names and inodes: a container's volumes, each with its snapshots beside what is there now."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from actionday.model import Found, Kind, Status
from actionday.model.unopened import LINK_LEFT, never_opened
from actionday.sources.filesystems._apfs_filled import TARGET, attributes, file, stored
from actionday.sources.filesystems._apfs_nodes import Known
from actionday.sources.filesystems._apfs_records import INODE, Inode, Number, entries, inode_of, mark
from actionday.sources.filesystems._apfs_volume import LAST, State, Volume
from actionday.sources.filesystems._doubts import doubted
from actionday.sources.filesystems._left_over import OPEN
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._streams import Name, behind
from actionday.sources.filesystems._times import moment
from actionday.sources.filesystems._tsk_behind import Behind
from actionday.sources.filesystems._tsk_runs import BadMap, Run

DIRECTORY, FILE, LINK = 0x4000, 0x8000, 0xA000
SPECIAL = {0x1000: "fifo", 0x2000: "character device", 0x6000: "block device", 0xC000: "socket"}
TOP, PRIVATE, FIRST = 2, 3, 16
"""Inodes of the root of a volume, of what the system keeps beside it, and the first that is a file's."""
LONGEST_TARGET = 65536
MOST_UNNAMED = 1_000_000
"""Inodes without a name that are listed of one container."""
GIVEN_UP = "the system gave up what files of this snapshot held: where they lay may be other files' by now"


class Unopened(NamedTuple):
    """A volume that is not read, and why."""

    status: Status
    reason: str
    meta: Mapping[str, object]


class ApfsTree:
    """One container."""

    kind = "apfs"
    root = 0

    def __init__(
        self, volumes: Sequence[tuple[Volume, Unopened | None]], states: Sequence[State], beyond: Behind
    ) -> None:
        self.volumes = volumes
        self.states = {each.number: each for each in states}
        self._behind = beyond
        self.current, self.used, self.sure = Known(), Marks(), False
        """Leaves in use, and inodes that volumes have: all, where that is sure, once ``unnamed`` was gone through."""
        self._last: Inode | None = None
        self._beyond: list[Run] = []
        """Where the map of the file told last leads to behind its size."""

    def names(self, inode: int) -> Iterator[Name | BadMap]:
        """Yield the names in a directory; of the container its volumes, of a volume its snapshots last."""
        if inode == self.root:
            for volume, _ in self.volumes:
                yield Name(_called(volume), Number.of(volume.number + 1, TOP), f"v{volume.number}")
            return
        number = _number(inode)
        state = self._state(number)
        yield from self._names(state, number.inode)
        if number.inode == TOP:
            if state.snapshot is None:
                yield from self._snapshots(state)
            if any(True for _ in entries(state, PRIVATE, [])):
                yield Name(b"$Private", Number.of(state.number, PRIVATE), f"{mark(state, PRIVATE)}:private")

    def _names(self, state: State, inode: int) -> Iterator[Name | BadMap]:
        bad: list[str] = []
        for count, each in enumerate(entries(state, inode, bad)):
            yield Name(each.name, Number.of(state.number, each.inode), f"{mark(state, inode)}:{count}")
        yield from map(BadMap, bad)

    def _snapshots(self, state: State) -> Iterator[Name]:
        for each in self.states.values():
            if each.snapshot and each.volume.number == state.volume.number:
                name = b"$Snapshots/" + (each.snapshot.name.replace(b"/", b":") or b"%d" % each.snapshot.xid)
                place = f"{state.volume.number}@{each.snapshot.xid}"
                yield Name(name, Number.of(each.number, TOP), place)

    def called(self, number: int) -> bytes:
        """Return the name of a volume as it stands in paths."""
        return next(_called(each) for each, _ in self.volumes if each.number == number)

    def enters(self, name: Name) -> bool:
        """Say whether a name leads to a directory. Raises BadMap or Missing."""
        number = _number(name.inode)
        return number.state in self.states and self._inode(number).mode & 0xF000 == DIRECTORY

    def in_use(self, inode: int) -> bool:
        """Say whether an inode has names. Raises BadMap or Missing."""
        return bool(self._inode(_number(inode)).links)

    def unnamed(self, named: Marks) -> Iterator[tuple[int, int | None]]:
        """Yield inodes that are not in ``named``, directories that stand in no other such one first.

        Raises BadMap where some could not be looked for, after all others.
        """
        folders: dict[int, int | None] = {}
        files: list[int] = []
        bad: list[str] = []
        for state in self.states.values():
            for leaf in state.files.leaves((), (LAST,), bad):
                self.current.add(leaf.place.block)
                for key, (_, _, at, _) in zip(leaf.keys, leaf.values, strict=True):
                    if key[1] != INODE or key[0] in (TOP, PRIVATE) or key[0] < FIRST:
                        continue
                    number = Number.of(state.number, key[0])
                    self.used.add(Number.of(state.volume.number + 1, key[0]))
                    if number in named:
                        continue
                    if len(folders) + len(files) >= MOST_UNNAMED:
                        bad.append(f"more than {MOST_UNNAMED} of them")
                        break
                    if int.from_bytes(leaf.raw[at + 80 : at + 82], "little") & 0xF000 == DIRECTORY:
                        folders[number] = Number.of(
                            state.number, int.from_bytes(leaf.raw[at : at + 8], "little")
                        )
                    else:
                        files.append(number)
        yield from sorted(folders.items(), key=lambda each: each[1] in folders)
        yield from ((number, None) for number in files)
        self.sure = not bad
        if bad:
            raise BadMap(bad[0])

    def beside(self, name: Name, found: Found) -> Iterator[Found]:
        """Yield what lies behind its size, then its extended attributes. Raises BadMap or Missing."""
        number = _number(name.inode)
        if number.state not in self.states:
            return
        state, inode = self._state(number), self._inode(number)
        if self._beyond and self._behind.holds(self._beyond):
            yield behind(name, found, self._beyond, inode.size)
        yield from attributes(state, inode, name, found)

    def found(self, name: Name, bare: Found) -> Found:
        """Return the item of a name. Raises BadMap or Missing."""
        number, self._beyond = _number(name.inode), []
        if number.state not in self.states:
            return self._unopened(number, bare)
        state = self._state(number)
        inode = self._inode(number)
        meta, mtime = inode.facts()
        item = replace(bare, mtime=mtime, meta=meta)
        if inode.mode & 0xF000 != DIRECTORY and inode.links <= 0:
            meta["deleted"] = True
            item = replace(item, kind=Kind.DELETED, reason=OPEN)
        item = self._told(state, inode, item, meta)
        if inode.trusted:
            return item
        return doubted(
            item, f"the checksum of the node with inode {number.inode} differs: it was altered or damaged"
        )

    def _unopened(self, number: Number, bare: Found) -> Found:
        for volume, why in self.volumes:
            if volume.number + 1 == number.state and why is not None:
                return replace(bare, kind=Kind.VOLUME, status=why.status, reason=why.reason, meta=why.meta)
        raise BadMap(f"there is no volume {number.state - 1}")

    def _told(self, state: State, inode: Inode, item: Found, meta: dict[str, object]) -> Found:
        kind = inode.mode & 0xF000
        if kind == DIRECTORY:
            if inode.number.inode == TOP:
                meta.update(_facts(state))
                if state.snapshot and state.snapshot.dataless:
                    item = replace(item, reason=GIVEN_UP)
            return replace(item, kind=Kind.DIRECTORY)
        if kind == FILE:
            item, self._beyond = file(state, inode, item, meta)
            return item
        if kind == LINK:
            value = inode.attribute(TARGET)
            if value is None:
                raise BadMap("a symbolic link that leads nowhere")
            target = stored(state, value, LONGEST_TARGET).rstrip(b"\0")
            meta["target"] = shown(target.decode("utf-8", "surrogateescape"))[0]
            return replace(item, kind=Kind.SYMLINK, status=Status.UNSUPPORTED, reason=LINK_LEFT)
        meta["type"] = SPECIAL.get(kind, f"mode 0x{kind:04x}")
        return replace(
            item, kind=Kind.SPECIAL, status=Status.UNSUPPORTED, reason=never_opened(f"{meta['type']}")
        )

    def _state(self, number: Number) -> State:
        if (state := self.states.get(number.state)) is None:
            raise BadMap(f"there is no inode {number}")
        return state

    def _inode(self, number: Number) -> Inode:
        if self._last is None or self._last.number != number:
            self._last = inode_of(self._state(number), number)
        return self._last


def _called(volume: Volume) -> bytes:
    return volume.name.replace(b"/", b":") or b"volume-%d" % volume.number


def _facts(state: State) -> dict[str, object]:
    """Return what is kept of a volume, or of a snapshot of it."""
    facts: dict[str, object] = {"volume": state.volume.number, "transaction": state.volume.xid}
    if state.snapshot is None:
        return facts | state.volume.facts
    taken = state.snapshot.taken
    return facts | {"snapshot": True, "snapshot_of": state.volume.number, "taken": moment(taken) or taken,
                    "transaction": state.snapshot.xid}  # fmt: skip


def _number(inode: int) -> Number:
    return inode if isinstance(inode, Number) else Number(inode)
