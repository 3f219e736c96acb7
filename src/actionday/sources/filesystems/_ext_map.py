"""Where the content of an ext2, ext3 or ext4 inode lies: its extent tree, or its lists of blocks.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms": Extent Tree, Direct/Indirect Block
Addressing. Standard library only.

A damaged extent tree makes a file unreadable, not wrong. (The sleuthkit is not asked: it goes through a file block
by block as far as its inode claims, does not look at checksums and refuses bigalloc.)
"""

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from actionday.sources.filesystems._ext_fields import EXTENTS, flags_of
from actionday.sources.filesystems._ext_inode import Super
from actionday.sources.filesystems._tsk_bytes import numbers32, u16, u32, whole
from actionday.sources.filesystems._tsk_runs import BadMap, Run, Runs

EXTENT_MAGIC, DEEPEST = 0xF30A, 5
UNWRITTEN = 32768
ROOT = Struct("<40x4H4xI2HI")
"""The root of an extent tree in an inode, and its first extent."""
HEADER = Struct("<4H")
EXTENT = Struct("<I2HI")
Held = list[tuple[int, int]]
"""Blocks: the first, and how many."""
Piece = tuple[int, int, int]
"""A block of the file, the block of the disk it lies at (-1: nowhere), and how many."""


class _Map(NamedTuple):
    """One inode's map while it is read: what its checksums begin with, the blocks it takes, its nodes met."""

    volume: Super
    begin: int
    nodes: Held
    seen: set[int]


def runs_of(volume: Super, number: int, raw: bytes, size: int) -> list[Run]:
    """Return the runs of an inode that keeps its data in blocks. Raises BadMap or Missing.

    ``volume.wrong``, ``volume.held`` and ``volume.beyond`` tell more of it.
    """
    if size > volume.block << 32:
        raise BadMap(f"a size of {size} bytes is more than ext4 can hold")
    extents = flags_of(raw) & EXTENTS
    if extents and (short := _in_one_piece(volume, raw, size)) is not None:
        return short
    runs, nodes = Runs(), list[tuple[int, int]]()
    pieces = _extents(volume, number, raw, nodes) if extents else _pointers(volume, raw[40:100], nodes)
    for at, block, count in pieces:
        if block >= 0 and not volume.first <= block <= block + count <= volume.blocks:
            raise BadMap(f"block {block} lies outside the file system")
        runs.add(at * volume.block, block * volume.block if block >= 0 else -1, count * volume.block)
    volume.held = nodes + [
        (at // volume.block, length // volume.block) for at, length in runs.list if at >= 0
    ]
    volume.beyond = runs.behind(size, volume.block) if runs.end > size else []
    return runs.cut(size)


def _in_one_piece(volume: Super, raw: bytes, size: int) -> list[Run] | None:
    """Return what ``runs_of`` does for a map of one extent that begins with the file, as 19 files in 20 have.

    None for every other, and for what is wrong in any way: a third of the time of listing.
    """
    magic, count, most, depth, first, length, high, low = ROOT.unpack_from(raw)
    if magic != EXTENT_MAGIC or count != 1 or not most or depth or first or not 0 < length <= UNWRITTEN:
        return None
    block = low | high << 32
    if not volume.first <= block <= block + length <= volume.blocks:
        return None
    at, told = block * volume.block, length * volume.block
    volume.held = [(block, length)]
    if size > told:
        volume.beyond = []
        return [(at, told), (-1, size - told)]
    volume.beyond = [(at + size, told - size)] if told - size >= volume.block else []
    return [(at, size)] if size else []


def _extents(volume: Super, number: int, raw: bytes, nodes: Held) -> Iterator[Piece]:
    root = raw[40:100]
    depth = u16(root, 6)
    if depth > DEEPEST:
        raise BadMap(f"an extent tree {depth} levels deep")
    begin = volume.checks.of_inode(number, raw) if depth else 0
    yield from _node(_Map(volume, begin, nodes, set()), root, depth)


def _node(of: _Map, node: bytes, depth: int) -> Iterator[Piece]:
    magic, count, most, level = HEADER.unpack_from(node)
    if magic != EXTENT_MAGIC or count > most or level != depth or 12 * (count + 1) > len(node):
        raise BadMap("the header of an extent node is damaged")
    for at in range(12, 12 * (count + 1), 12):
        if depth:
            yield from _node(of, _below(of, u32(node, at + 4) | u16(node, at + 8) << 32), depth - 1)
        else:
            yield _leaf(of, node, at)


def _below(of: _Map, block: int) -> bytes:
    volume = of.volume
    if block in of.seen or not volume.first <= block < volume.blocks:
        raise BadMap(f"extent node {block} is met twice or lies outside the file system")
    of.seen.add(block)
    of.nodes.append((block, 1))
    below = whole(volume.reader, block * volume.block, volume.block)
    if not volume.checks.extents(of.begin, below):
        volume.wrong.append(f"extent node {block}")
    return below


def _leaf(of: _Map, node: bytes, at: int) -> Piece:
    first, length, high, low = EXTENT.unpack_from(node, at)
    block = low | high << 32
    if length == 0:
        raise BadMap("an extent of no blocks")
    if length > UNWRITTEN:  # allocated, never written: reads as zeros
        of.nodes.append((block, length - UNWRITTEN))
        return first, -1, length - UNWRITTEN
    return first, block, length


def _pointers(volume: Super, field: bytes, nodes: Held) -> Iterator[Piece]:
    pointers = numbers32(field)
    each = volume.block // 4
    for at, block in enumerate(pointers[:12]):
        if block:
            yield at, block, 1
    at, of = 12, _Map(volume, 0, nodes, set())
    for level in (1, 2, 3):
        yield from _indirect(of, pointers[11 + level], level, at)
        at += each**level


def _indirect(of: _Map, block: int, level: int, at: int) -> Iterator[Piece]:
    volume = of.volume
    if not block:
        return
    if block in of.seen or not volume.first <= block < volume.blocks:
        raise BadMap(f"indirect block {block} is met twice or lies outside the file system")
    of.seen.add(block)
    of.nodes.append((block, 1))
    span = (volume.block // 4) ** (level - 1)
    for index, pointer in enumerate(numbers32(whole(volume.reader, block * volume.block, volume.block))):
        if pointer and level == 1:
            yield at + index, pointer, 1
        elif pointer:
            yield from _indirect(of, pointer, level - 1, at + index * span)
