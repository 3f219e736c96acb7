"""Puts the devices of a Btrfs together, also where one lacks that its profiles can do without.

Source: Linux kernel, ``fs/btrfs/volumes.c``; Btrfs documentation, "Volume management", "mkfs.btrfs" (profiles).
"""

from collections.abc import Mapping, Sequence

from actionday.model import Context, Damaged, NotThere, Part
from actionday.model.counted import counted
from actionday.sources.filesystems._btrfs_chunks import (
    MIRRORED,
    PARITY,
    RAID6,
    RAID10,
    Chunk,
    Space,
    system_chunks,
)
from actionday.sources.filesystems._btrfs_joined import Device, Joined, told
from actionday.sources.filesystems._btrfs_nodes import Trees
from actionday.sources.filesystems._btrfs_space import Layout, layout
from actionday.sources.filesystems._btrfs_super import Super, newest
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap

DEGRADED, STALE, TWICE = "degraded", "stale_member", "member_twice"
Parts = Sequence[tuple[Part, Super]]


def joined(parts: Sequence[Part], of: str, around: Context) -> Joined:
    """Return the file system of several devices as one stream. Raises Damaged or NotThere."""
    found = [(part, block) for part in parts if (block := _block(part)) and block.fsid.hex() == of]
    if not found:
        raise Damaged(f"btrfs {of}: no super block of it can be read")
    block = max((each for _, each in found), key=lambda each: (each.sound, each.generation))
    devices = _devices(found, block, around)
    try:
        system = list(system_chunks(block.system_chunks()))
        space = _space(Joined(block, system, devices))
        whole = layout(Trees(block, space))
    except (BadMap, Missing) as error:
        raise _unread(block, devices, f"{error}") from error
    if not whole.chunks:
        raise _unread(block, devices, whole.bad[0] if whole.bad else "its tree of chunks is empty")
    for each in whole.bad[:20]:
        around.note("range_missing", f"btrfs: the tree of chunks: {each}")
    _judge(block, whole, devices, around)
    return Joined(block, [*system, *whole.chunks], devices)


def _block(part: Part) -> Super | None:
    try:
        return newest(reader_of(part.stream))[0]
    except (BadMap, Missing):
        return None


def _space(stream: Joined) -> Space:
    reader = reader_of(stream)
    return Space(reader, told(reader) or ())


def _devices(found: Parts, block: Super, around: Context) -> dict[int, Device]:
    """Return the devices by their numbers, the newest where two have one."""
    devices: dict[int, Device] = {}
    for part, each in sorted(found, key=lambda one: -one[1].generation):
        number, behind = each.own.number, block.generation - each.generation
        if number in devices:
            said = f"device {number} like {devices[number].path or 'another'}: it is not used"
            around.note(TWICE, f"btrfs: {part.path or 'a device'}: {said}")
            continue
        if behind > 0:
            said = f"{counted(behind, 'transaction')} behind the others: what it holds is used last"
            around.note(STALE, f"btrfs: {part.path or f'device {number}'}: {said}")
        devices[number] = Device(part.stream, part.path, behind > 0)
    return devices


def _named(block: Super) -> str:
    label = block.label.decode("utf-8", "replace")
    return f"btrfs{f' {label}' if label else ''} of {counted(block.devices, 'device')}"


def _unread(block: Super, devices: Mapping[int, Device], why: str) -> Damaged:
    lacking = block.devices - len(devices)
    kind = NotThere if lacking > 0 else Damaged
    told = f", {counted(lacking, 'device is', 'devices are')} missing" if lacking > 0 else ""
    return kind(f"{_named(block)}{told}: {why}")


def _judge(block: Super, whole: Layout, devices: Mapping[int, Device], around: Context) -> None:
    """Say which devices lack, and whether the others hold all that they held."""
    sizes = {each.number: each for each in whole.devices}
    used = {stripe.device for chunk in whole.chunks for stripe in chunk.stripes}
    missing = sorted((used | set(sizes)) - set(devices))
    if not missing:
        return
    names = ", ".join(
        f"device {each}{f' ({sizes[each].size} bytes)' if each in sizes else ''}" for each in missing
    )
    said = f"{_named(block)}: {names} {'is' if len(missing) == 1 else 'are'} missing"
    lost = sum(chunk.length for chunk in whole.chunks if not _whole(chunk, set(devices)))
    if lost:
        alone = "it" if len(missing) == 1 else "them"
        why = f"of chunks with {lost} bytes what lies on {alone} alone is not there"
        around.note("range_missing", f"{said}: {why}")
    else:
        around.note(DEGRADED, f"{said}: what was there is read from the others")


def _whole(chunk: Chunk, there: set[int]) -> bool:
    """Say whether all of a chunk can be had from the devices that are there."""
    lost = [each.device not in there for each in chunk.stripes]
    if chunk.profile & MIRRORED:
        return not all(lost)
    if chunk.profile & RAID10:
        return not any(all(lost[at : at + chunk.sub]) for at in range(0, len(lost), chunk.sub))
    spared = 2 if chunk.profile & RAID6 else 1 if chunk.profile & PARITY else 0
    return sum(lost) <= spared
