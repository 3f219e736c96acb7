"""APFS containers: volumes and their snapshots, compressed files, encrypted volumes opened by a secret of the case.

Source: Apple, "Apple File System Reference" (2020-06-22).
"""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from actionday.model import Claim, Context, Damaged, Encrypted, Found, Loss, Peek, Status, Stream, Unsupported
from actionday.sources.filesystems._apfs_nodes import Nodes
from actionday.sources.filesystems._apfs_object import Blocks
from actionday.sources.filesystems._apfs_omap import Map
from actionday.sources.filesystems._apfs_removed import Removed
from actionday.sources.filesystems._apfs_super import FUSION, MAGIC, SIZES, VERSION_2, Super, container
from actionday.sources.filesystems._apfs_tree import ApfsTree, Unopened
from actionday.sources.filesystems._apfs_unlock import unlocked
from actionday.sources.filesystems._apfs_volume import (
    INCOMPLETE,
    READ,
    State,
    Volume,
    nameless,
    opened,
    snapshots,
    volume_of,
)
from actionday.sources.filesystems._doubts import differing
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._tree import Walk
from actionday.sources.filesystems._tsk_behind import Behind
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.volumes._ends import lacks
from actionday.sources.volumes._signs import u32, unwrapped
from actionday.sources.volumes._unclaimed import behind

ROLLING = "it was being encrypted or decrypted, each part is read as it is now"


class Apfs:
    """Apple file system containers."""

    name, sample = "apfs", "apfs.raw"
    binary = True
    marks = ((32, MAGIC),)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a container super block with a block size that exists."""
        if peek.head[32:36] != MAGIC:
            return Claim.NO
        return unwrapped(peek, Claim.STRUCTURE if u32(peek.head, 36) in SIZES else Claim.MAGIC)

    def items(self, stream: Stream, around: Context, /) -> Iterator[Found]:
        """Yield each volume with its entries in directory order. Raises Damaged or Unsupported."""
        reader = reader_of(stream)
        try:
            blocks, checkpoints, wrong = container(reader)
            _features(checkpoints[0])
            size = blocks.count * blocks.size
            if size > stream.size:
                around.note(Loss.SHORT, f"apfs: the container is {size} bytes long, {stream.size} are there")
                lacks(size, stream.size, around)
            held = _newest(blocks, checkpoints, wrong, around)
        except (BadMap, Missing) as error:
            raise Damaged(f"apfs: {error}") from error
        volumes = [_opened(held, volume, why, around) for volume, why in held.volumes]
        around.acquired({"apfs": held.head.facts() | {"volumes": [each.facts for each in volumes]}})
        states = [state for each in volumes for state in each.states]
        tree = ApfsTree([(each.volume, each.why) for each in volumes], states, Behind(reader))
        walk = Walk(tree, around)
        yield from walk.items()
        bad: list[str] = []
        older = [each for each in checkpoints if each.xid < held.head.xid]
        yield from Removed(tree, blocks, held.objects, older).items(bad)
        for each in bad:
            around.note("orphans", f"apfs: {each}")
        differing(
            held.objects.tree.differ | {key: None for each in states for key in each.differ}, "apfs", around
        )
        yield from behind(stream, size, around)
        walk.end()


class _Container(NamedTuple):
    """A container as of one checkpoint."""

    blocks: Blocks
    head: Super
    objects: Map
    volumes: list[tuple[Volume, str]]
    """Each with why it cannot be read, "" where it can."""


class _Volume(NamedTuple):
    """A volume: its states, or why there is none, and what is told of it."""

    volume: Volume
    why: Unopened | None
    states: list[State]
    facts: dict[str, object]


def _features(head: Super) -> None:
    """Raise Unsupported for what makes reading wrong."""
    if head.incompat & FUSION:
        raise Unsupported(
            "apfs: a fusion drive (incompat 0x100): it lies on two devices, and is not read here"
        )
    if unknown := head.incompat & ~VERSION_2:
        raise Unsupported(f"apfs: incompatible features 0x{unknown:x} are not read here")


def _newest(blocks: Blocks, checkpoints: list[Super], wrong: str, around: Context) -> _Container:
    """Return the container as of the newest checkpoint that leads to volumes. Raises BadMap or Missing."""
    nodes, first = Nodes(blocks.size), None
    for head in checkpoints:
        try:
            objects = Map(blocks, nodes, head.omap, "the container's object map")
            volumes = [_volume(blocks, objects, head, index, oid) for index, oid in head.volumes]
            if volumes and all(why for _, why in volumes):
                raise BadMap(volumes[0][1])
        except (BadMap, Missing) as error:
            first = first or error
            continue
        if wrong:
            around.note("backup", f"apfs: {wrong}: the ring of checkpoints is used")
        if first is not None:
            around.note("backup", f"apfs: {first}: the state of transaction {head.xid} is read")
        return _Container(blocks, head, objects, volumes)
    raise first or BadMap("no checkpoint leads to volumes")


def _volume(blocks: Blocks, objects: Map, head: Super, index: int, oid: int) -> tuple[Volume, str]:
    try:
        found = blocks.object(objects.place(oid, head.xid).block)
        volume = volume_of(found, index)
        if found.oid != oid:
            raise BadMap(f"its super block is that of object {found.oid}, not {oid}")
    except (BadMap, Missing) as error:
        return nameless(index), f"volume {index}: {error}"
    if not found.trusted:
        objects.tree.differ[f"the super block of volume {volume.shown}"] = None
    return volume, ""


def _opened(held: _Container, volume: Volume, why: str, around: Context) -> _Volume:
    """Return a volume as far as it can be read."""
    volume = volume._replace(facts=volume.facts | {"container": str(UUID(bytes=held.head.uuid))})
    facts: dict[str, object] = {"name": volume.shown, **volume.facts}
    if why:
        return _Volume(volume, Unopened(Status.UNREADABLE, f"apfs: {why}", facts), [], facts)
    if unknown := volume.incompat & ~READ & ~INCOMPLETE:
        reason = f"apfs: volume {volume.shown}: incompatible features 0x{unknown:x} are not read here"
        around.note(Loss.VOLUME_UNREAD, reason)
        return _Volume(volume, Unopened(Status.UNSUPPORTED, reason, facts), [], facts)
    if volume.incompat & INCOMPLETE:
        around.note("dirty", f"apfs: volume {volume.shown}: a restore of it was broken off")
    try:
        objects = Map(
            held.blocks, held.objects.nodes, volume.omap, f"the object map of volume {volume.shown}"
        )
    except (BadMap, Missing) as error:
        return _Volume(volume, Unopened(Status.UNREADABLE, f"apfs: {error}", facts), [], facts)
    state = State(held.blocks, volume, objects, held.head.xid, None)
    if volume.encrypted and state.locked:
        try:
            cipher, by = unlocked(held.blocks, held.head, volume, around)
        except Encrypted as error:
            return _Volume(volume, Unopened(Status.ENCRYPTED, f"{error}", facts), [], facts)
        facts |= by
        volume = volume._replace(facts=volume.facts | by)
        state = State(held.blocks, volume, objects, held.head.xid, cipher)
    if volume.rolling:
        around.note("reencryption", f"apfs: volume {volume.shown}: {ROLLING}")
    return _Volume(volume, None, [state, *_snapshots(state, objects, around)], facts)


def _snapshots(now: State, objects: Map, around: Context) -> Iterator[State]:
    """Yield the states of the snapshots of a volume; what cannot be read is noted."""
    bad: list[str] = []
    for each in snapshots(now.blocks, objects.nodes, now.volume, bad):
        try:
            yield opened(now.blocks, now.volume, each, objects, now.cipher)
        except (BadMap, Missing) as error:
            bad.append(f"snapshot {each.name.decode('utf-8', 'backslashreplace')}: {error}")
    for why in bad[:20]:
        around.note(Loss.DIRECTORY, f"apfs: volume {now.volume.shown}: {why}")


SOURCE = Apfs()
