"""Descriptors of groups of ext: whether one can be right, and its copy where it cannot.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms": Layout, Block Group Descriptors, Meta Block
Groups, Sparse Super Block V2. Standard library only.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from actionday.sources.filesystems._tsk_bytes import Missing, u16, u32, whole

if TYPE_CHECKING:
    from actionday.sources.filesystems._ext_inode import Super

SPARSE2 = 0x200
"""The compatible feature by which the super block names the two groups that hold copies."""
INODES_UNUSED = 0x1
LOW, HIGH = 28, 50
"""Where a descriptor counts inodes that were never used."""


def has_super(ro_compat: int, group: int) -> bool:
    """Say whether ``group`` begins with a super block: all do, or with sparse_super those of odd powers."""
    return not ro_compat & 0x1 or group <= 1 or any(_power(group, base) for base in (3, 5, 7))


def _power(number: int, base: int) -> bool:
    while number % base == 0:
        number //= base
    return number == 1


def read(volume: "Super", number: int, place: int) -> tuple[bytes, bool]:
    """Return the descriptor of group ``number``, which lies at ``place``, and whether it is as it was written.

    One that cannot be right is told by its copy (see ``volume.copied``). Raises Missing where there is none.
    """
    lost: Missing | None = None
    raw, fits = b"", False
    try:
        raw = whole(volume.reader, place, volume.descriptor)
        fits = volume.checks.group(number, raw)
    except Missing as error:
        lost = error
    if fits and _likely(volume, raw):
        return raw, True
    for copy in _copies(volume, number, place):
        if _likely(volume, copy) and volume.checks.group(number, copy):
            if lost is None and _places(volume, copy) == _places(volume, raw):
                break  # it leads to the same tables, and its counts are older
            volume.copied.add(number)
            return _aged(volume, copy), True
    if lost is not None:
        raise lost
    return raw, fits


def _places(volume: "Super", raw: bytes) -> tuple[int, int, int]:
    """Return the blocks of both bitmaps and of the table of inodes."""
    high = volume.wide and volume.descriptor >= 64
    block, inode, table = (u32(raw, at) | (u32(raw, at + 32) << 32 if high else 0) for at in (0, 4, 8))
    return block, inode, table


def _likely(volume: "Super", raw: bytes) -> bool:
    """Say whether the tables that a descriptor names lie within the file system, each somewhere else."""
    places = _places(volume, raw)
    inside = all(volume.first < place < volume.blocks for place in places)
    length = -(-volume.inodes_per_group * volume.inode_size // volume.block)
    return inside and len(set(places)) == len(places) and places[2] + length <= volume.blocks


def _copies(volume: "Super", number: int, place: int) -> Iterator[bytes]:
    """Yield the copies of a descriptor that can be read."""
    for at in _starts(volume, number, place):
        try:
            yield whole(volume.reader, at, volume.descriptor)
        except Missing:
            continue


def _starts(volume: "Super", number: int, place: int) -> Iterator[int]:
    each = volume.block // volume.descriptor
    if volume.meta_first is not None and number // each >= volume.meta_first:
        within = number % each
        for group in (number - within + 1, number - within + each - 1):
            start = volume.first + group * volume.per_group + has_super(volume.ro_compat, group)
            yield start * volume.block + within * volume.descriptor
        return
    behind = place - (1024 // volume.block + 1) * volume.block  # how far behind the first descriptor
    for group in _holders(volume):
        start = (volume.first + group * volume.per_group) * volume.block
        try:
            head = whole(volume.reader, start, 1024)
        except Missing:
            continue
        if u16(head, 56) == 0xEF53 and u16(head, 90) == group and head[104:120] == volume.uuid:
            yield start + volume.block + behind


def _holders(volume: "Super") -> Iterator[int]:
    """Yield the groups that hold a copy of the super block, as the features tell."""
    count = -(-volume.blocks // volume.per_group)
    if volume.compat & SPARSE2:
        yield from (group for group in volume.backups if 0 < group < count)
        return
    yield from (group for group in range(1, min(count, 50)) if has_super(volume.ro_compat, group))


def _aged(volume: "Super", raw: bytes) -> bytes:
    """Return a copy without what it says of use, which is as old as the file system may be.

    That inodes were never used is believed where their bitmap was never written: its last bits are set in one that was.
    """
    found = bytearray(raw)
    flags = u16(raw, 18)
    if not flags & INODES_UNUSED or _written(volume, _places(volume, raw)[1]):
        found[18:20] = bytes(2)
        found[LOW : LOW + 2] = bytes(2)
        if len(found) >= HIGH + 2:
            found[HIGH : HIGH + 2] = bytes(2)
    return bytes(found)


def _written(volume: "Super", place: int) -> bool:
    length = volume.inodes_per_group // 8
    try:
        return whole(volume.reader, place * volume.block, volume.block)[length:].count(b"\xff") > 0
    except Missing:
        return True
