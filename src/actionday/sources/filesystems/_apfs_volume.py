"""Volumes of an APFS container, and their snapshots.

Source: Apple, "Apple File System Reference" (2020-06-22), "Volumes" (``apfs_superblock_t``), "Snapshot Metadata"
(``j_snap_metadata_key_t``).
"""

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple
from uuid import UUID

from actionday.sources.filesystems._apfs_nodes import Nodes, Place, Tree
from actionday.sources.filesystems._apfs_object import BARE, ENCRYPTED, PHYSICAL, VOLUME, Blocks, Object
from actionday.sources.filesystems._apfs_omap import Locked, Map
from actionday.sources.filesystems._times import moment
from actionday.sources.filesystems._tsk_bytes import Missing, u16, u32, u64
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.volumes._sectors import Deciphered

MAGIC = b"APSB"
UNENCRYPTED, ONE_KEY = 1, 8
CASE, NORMAL, SEALED = 1, 8, 0x20
READ = 0xFF & ~0x10
"""What of a volume's incompatible features does not keep it from being read, all but a restore that broke off."""
INCOMPLETE = 0x10
ROLES = {
    1: "system",
    2: "user",
    4: "recovery",
    8: "vm",
    0x10: "preboot",
    0x20: "installer",
    0x40: "data",
    0x80: "baseband",
    0xC0: "update",
    0x100: "xart",
    0x140: "hardware",
    0x180: "backup",
    0x240: "enterprise",
    0x2C0: "prelogin",
}
SNAPSHOT, DATALESS = 1, 1
SNAPSHOT_VALUE = struct.Struct("<QQQQQIIH")
MOST_SNAPSHOTS = 4096
LAST = (1 << 64) - 1
KIND = 60
KEY = struct.Struct("<Q")
COUNTS = {"files": 184, "directories": 192, "symlinks": 200, "others": 208, "snapshots": 216}


class Volume(NamedTuple):
    """The super block of a volume, or of a snapshot of it."""

    number: int
    name: bytes
    uuid: bytes
    flags: int
    incompat: int
    xid: int
    root: tuple[int, int]
    """Number and type of the tree of files."""
    extents: tuple[int, int]
    """The same of the tree of extents of a sealed volume."""
    omap: int
    snapshots: int
    rolling: bool
    facts: dict[str, object]
    trusted: bool

    @property
    def encrypted(self) -> bool:
        """Whether its files are encrypted by the system's software."""
        return not self.flags & UNENCRYPTED

    @property
    def hashed(self) -> bool:
        """Whether the names in its directories have hashes before them."""
        return bool(self.incompat & (CASE | NORMAL))

    @property
    def shown(self) -> str:
        """Its name as it is told to people."""
        text = self.name.decode("utf-8", "backslashreplace")
        return "".join(each for each in text if each.isprintable()) or f"volume {self.number}"


class Snapshot(NamedTuple):
    """A snapshot: its transaction, its name, where the super block of it lies, when it was taken."""

    xid: int
    name: bytes
    block: int
    taken: int
    dataless: bool
    """Whether the system gave the content of its files up, or was about to."""


def volume_of(found: Object, index: int) -> Volume:
    """Return a volume by its super block. Raises BadMap."""
    raw = found.raw
    if raw[32:36] != MAGIC or found.kind != VOLUME:
        raise BadMap("holds no super block of a volume")
    name = raw[704:960].partition(b"\0")[0]
    return Volume(
        index,
        name,
        raw[240:256],
        u64(raw, 264),
        u64(raw, 56),
        found.xid,
        (u64(raw, 136), u32(raw, 116)),
        (u64(raw, 1032), u32(raw, 1040)),
        u64(raw, 128),
        u64(raw, 152),
        u64(raw, 976) != 0,
        _facts(raw),
        found.trusted,
    )


def nameless(index: int) -> Volume:
    """Return what stands for a volume of which nothing can be read."""
    return Volume(index, b"", bytes(16), UNENCRYPTED, 0, 0, (0, 0), (0, 0), 0, 0, False, {}, False)


def _facts(raw: bytes) -> dict[str, object]:
    facts: dict[str, object] = {"uuid": str(UUID(bytes=raw[240:256]))}
    if role := u16(raw, 964):
        facts["role"] = ROLES.get(role, hex(role))
    if any(raw[1008:1024]):
        facts["volume_group"] = str(UUID(bytes=raw[1008:1024]))
    incompat = u64(raw, 56)
    facts["case_sensitive"] = not incompat & CASE
    if incompat & SEALED:
        facts["sealed"] = True
    facts["encrypted"] = not u64(raw, 264) & UNENCRYPTED
    facts |= {"formatted_by": _by(raw, 272), "formatted": moment(u64(raw, 304)) or u64(raw, 304)}
    if by := _by(raw, 320):
        facts |= {"modified_by": by, "modified": moment(u64(raw, 352)) or u64(raw, 352)}
    if when := u64(raw, 64):
        facts["unmounted"] = moment(when) or when
    return facts | {f"counted_{key}": u64(raw, at) for key, at in COUNTS.items() if u64(raw, at)}


def _by(raw: bytes, at: int) -> str:
    return raw[at : at + 32].partition(b"\0")[0].decode("utf-8", "replace")


def snapshots(blocks: Blocks, nodes: Nodes, volume: Volume, bad: list[str]) -> Iterator[Snapshot]:
    """Yield the snapshots of a volume, the oldest first; what cannot be read is told in ``bad``."""
    if not volume.snapshots:
        return
    tree = Tree(
        blocks,
        nodes,
        lambda: Place(volume.snapshots),
        lambda key: (KEY.unpack_from(key)[0] >> KIND, *KEY.unpack_from(key)),
        what=f"the snapshots of volume {volume.shown}",
    )
    count = 0
    for leaf in tree.leaves((), (LAST,), bad):
        for key, (_, _, at, size) in zip(leaf.keys, leaf.values, strict=True):
            if key[0] != SNAPSHOT or size < SNAPSHOT_VALUE.size:
                continue
            value = leaf.raw[at : at + size]
            _, block, taken, _, _, _, flags, length = SNAPSHOT_VALUE.unpack_from(value)
            name = value[SNAPSHOT_VALUE.size :][:length].rstrip(b"\0")
            count += 1
            if count > MOST_SNAPSHOTS:
                bad.append(f"more than {MOST_SNAPSHOTS} snapshots")
                return
            yield Snapshot(key[1] & (1 << KIND) - 1, name, block, taken, bool(flags & DATALESS))
    bad += tree.differ and [f"the checksum of {each} differs" for each in tree.differ]


class State:
    """The files of a volume as of a transaction: now, or of a snapshot."""

    def __init__(
        self,
        blocks: Blocks,
        volume: Volume,
        objects: Map,
        xid: int,
        cipher: Deciphered | None,
        snapshot: Snapshot | None = None,
        *,
        older: bool = False,
    ) -> None:
        """``older``: as of a checkpoint before the one that is shown."""
        self.volume, self.snapshot, self.cipher, self.blocks = volume, snapshot, cipher, blocks
        self.number = volume.number + 1 + STEP * (xid + LATER if older else xid if snapshot else 0)
        """Of it among all states of the container, never 0."""
        self._objects, self.xid = objects, xid
        what = f"the files of volume {volume.shown}" + (f" at transaction {xid}" if snapshot else "")
        self.files = Tree(
            blocks, objects.nodes, lambda: self._place(*volume.root), record, self._lead(volume.root[1]), what
        )
        self.extents = self._extents(what) if volume.incompat & SEALED and volume.extents[0] else None
        """Where a sealed volume keeps them."""

    def _extents(self, what: str) -> Tree:
        oid, kind = self.volume.extents
        return Tree(
            self.blocks,
            self._objects.nodes,
            lambda: self._place(oid, kind),
            struct.Struct("<QQ").unpack_from,
            self._lead(kind),
            f"the extents of {what}",
        )

    def _lead(self, kind: int) -> Callable[[int], Place]:
        return lambda oid: self._place(oid, kind)

    def _place(self, oid: int, kind: int) -> Place:
        if kind & PHYSICAL:
            if kind & ENCRYPTED and self.cipher is None:
                raise Locked(f"the tree in block {oid} is encrypted")
            return Place(oid, self.cipher if kind & ENCRYPTED else None, bool(kind & BARE))
        return self._objects.place(oid, self.xid, self.cipher)

    @property
    def locked(self) -> bool:
        """Whether a key lacks without which not even the names can be read."""
        try:
            self._place(*self.volume.root)
        except Locked:
            return True
        except (BadMap, Missing):
            return False
        return False

    @property
    def differ(self) -> dict[str, None]:
        """Nodes whose checksum differs."""
        return self.files.differ | (self.extents.differ if self.extents else {}) | self._objects.tree.differ


STEP, LATER = 1 << 10, 1 << 64
"""More than there are volumes."""
FILE_EXTENT = 8


def record(key: bytes) -> tuple[int, ...]:
    """Return what a record of the tree of files is sorted by: object, type, and of an extent its place in the file."""
    (value,) = KEY.unpack_from(key)
    kind = value >> KIND
    more = KEY.unpack_from(key, 8)[0] if kind == FILE_EXTENT else 0
    return value & (1 << KIND) - 1, kind, more


def opened(
    blocks: Blocks, volume: Volume, snapshot: Snapshot, objects: Map, cipher: Deciphered | None
) -> State:
    """Return the state of a snapshot. Raises BadMap or Missing."""
    try:
        then = volume_of(blocks.object(snapshot.block), volume.number)
    except (BadMap, Missing) as error:
        raise BadMap(f"the super block of a snapshot, block {snapshot.block}: {error}") from error
    return State(blocks, then, objects, snapshot.xid, cipher, snapshot)
