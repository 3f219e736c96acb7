"""A Btrfs opened for reading: its chunks as far as the tree of chunks, or the head of a joined stream, tells them.

Source: Linux kernel, ``fs/btrfs/volumes.c`` (``btrfs_read_sys_array``, ``btrfs_read_chunk_tree``).
"""

from collections.abc import Sequence
from typing import NamedTuple

from actionday.sources.filesystems._btrfs_chunks import (
    CHUNK_ITEM,
    DATA,
    METADATA,
    PROFILES,
    SYSTEM,
    Chunk,
    Space,
    chunk_of,
    direct,
    system_chunks,
)
from actionday.sources.filesystems._btrfs_joined import told
from actionday.sources.filesystems._btrfs_nodes import Trees
from actionday.sources.filesystems._btrfs_super import Device, Super, device_of
from actionday.sources.filesystems._tsk_bytes import Reader
from actionday.sources.filesystems._tsk_runs import BadMap

FIRST_TREE, DEV_ITEM, DEVICES = 256, 216, 1
MOST_CHUNKS = 1 << 20


class Volume(NamedTuple):
    """A file system that can be read."""

    block: Super
    space: Space
    profiles: dict[str, str]
    metadata: list[tuple[int, int]]
    """Logical address and length of the chunks that hold trees of files."""
    bad: list[str]
    assembled: bool


class Layout(NamedTuple):
    """What the tree of chunks tells."""

    chunks: list[Chunk]
    devices: list[Device]
    bad: list[str]


def opened(reader: Reader, block: Super) -> Volume | None:
    """Return the file system, None for one device of several. Raises BadMap or Missing."""
    system = list(system_chunks(block.system_chunks()))
    if (ranges := told(reader)) is not None:
        space = Space(reader, ranges)
        found = layout(Trees(block, space))
        return Volume(
            block, space, profiles([*system, *found.chunks]), _metadata(found.chunks), found.bad, True
        )
    if block.devices > 1:
        return None
    found = layout(Trees(block, Space(reader, direct(system, block.own.number))))
    chunks = [*system, *found.chunks]
    space = Space(reader, direct(chunks, block.own.number))
    return Volume(block, space, profiles(chunks), _metadata(found.chunks), found.bad, False)


def _metadata(chunks: Sequence[Chunk]) -> list[tuple[int, int]]:
    return [(each.logical, each.length) for each in chunks if each.kind & METADATA]


def layout(trees: Trees) -> Layout:
    """Return all chunks and devices, as far as the tree of chunks can be read."""
    found = Layout([], [], [])
    for item in trees.items(trees.volume.chunks, bad=found.bad):
        number, kind, offset = item.key
        if kind == DEV_ITEM and number == DEVICES and item.size >= 98:
            found.devices.append(device_of(item.data))
        elif kind == CHUNK_ITEM and number == FIRST_TREE:
            try:
                found.chunks.append(chunk_of(offset, item.data)[0])
            except BadMap as error:
                found.bad.append(f"{error}")
        if len(found.chunks) + len(found.devices) > MOST_CHUNKS:
            found.bad.append(f"more than {MOST_CHUNKS} chunks")
            break
    return found


def profiles(chunks: Sequence[Chunk]) -> dict[str, str]:
    """Return how data, metadata and the system's own chunks lie on their devices."""
    kinds = {"data": DATA, "metadata": METADATA, "system": SYSTEM}
    return {name: ", ".join(sorted({PROFILES[each.profile] for each in chunks if each.kind & kind}))
            for name, kind in kinds.items()}  # fmt: skip
