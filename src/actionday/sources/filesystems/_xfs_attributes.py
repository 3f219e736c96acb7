"""Extended attributes of XFS inodes, in the inode, in leaves, and in blocks of their own.

Source: "XFS Filesystem Structure" (xfsprogs documentation, 3rd edition): Extended Attributes. Access
lists, labels and the like (``model.attributes``) are the system's own and are left out.
"""

from collections.abc import Iterator
from contextlib import suppress

from actionday.model.attributes import is_systems
from actionday.sources.filesystems._streams import Attribute
from actionday.sources.filesystems._tsk_bytes import Missing, whole
from actionday.sources.filesystems._tsk_runs import BadMap, Run
from actionday.sources.filesystems._xfs_inode import BTREE, EXTENTS, LOCAL, Extent, Inode

LEAVES, REMOTE = (0xFBEE, 0x3BEE), b"XARM"
IN_LEAF, PARENT, INCOMPLETE = 1, 8, 0x80
"""Flags: the value stands beside its name; the name and the directory of a parent; being written."""
NAMESPACES = {0: b"user.", 2: b"trusted.", 4: b"security."}
MOST_BLOCKS = 1 << 16
LONGEST = 65536
OVERLAY, LONGEST_PATH = b"trusted.overlay.", 4096


def overlaid(inode: Inode) -> dict[str, dict[str, str]]:
    """Return what overlayfs notes of a folder as a fact: that it is ``opaque``, or which one it was (``redirect``).

    Damage is told where the attributes themselves are listed.
    """
    found: dict[str, str] = {}
    with suppress(BadMap, Missing):
        for each in attributes(inode, OVERLAY):
            if each.size <= LONGEST_PATH and len(each.runs) <= 1:
                value = whole(inode.volume.reader, *each.runs[0]) if each.runs else b""
                key = each.name.removeprefix(OVERLAY).decode("utf-8", "backslashreplace")
                found[key] = value.decode("utf-8", "backslashreplace")
    return {"overlay": found} if found else {}


def attributes(inode: Inode, only: bytes = b"") -> Iterator[Attribute]:
    """Yield the attributes of an inode. Raises BadMap or Missing.

    ``only``: those whose names begin so, the system's own among them.
    """
    start = inode.core + inode.raw[82] * 8
    if not inode.raw[82] or start >= len(inode.raw):
        return
    form = inode.raw[83]
    if form == LOCAL:
        yield from _short(inode, start, only)
    elif form in (EXTENTS, BTREE):
        yield from _leaves(inode, list(inode.attribute_extents(start)), only)
    else:
        raise BadMap(f"extended attributes in unknown form {form}")


def _short(inode: Inode, start: int, only: bytes) -> Iterator[Attribute]:
    raw, at = inode.raw, start + 4
    for _ in range(raw[start + 2]):
        name, size, flags = raw[at : at + 1], raw[at + 1 : at + 2], raw[at + 2 : at + 3]
        begin = at + 3 + (name[0] if name else 0)
        if not flags or begin + size[0] > len(raw):
            raise BadMap("its extended attributes go beyond the inode")
        named = _named(flags[0], raw[at + 3 : begin])
        if not flags[0] & PARENT and _wanted(named, only):
            runs = ((inode.at + begin, size[0]),) if size[0] else ()
            yield Attribute(named, f"i{at}", size[0], runs)
        at = begin + size[0]


def _leaves(inode: Inode, extents: list[Extent], only: bytes) -> Iterator[Attribute]:
    """Yield what the leaves hold; blocks of values and of the tree above the leaves are passed over."""
    volume = inode.volume
    if sum(count for _, _, count in extents) > MOST_BLOCKS:
        raise BadMap("more extended attributes than there can be")
    values: set[int] = set()
    for first, block, count in extents:
        for number in range(count):
            if block < 0 or first + number in values:
                continue
            at = volume.place(block + number)
            raw = whole(volume.reader, at, volume.block)
            if int.from_bytes(raw[8:10], "big") in LEAVES:
                yield from _leaf(inode, raw, at, extents, values, only)


def _leaf(
    inode: Inode, raw: bytes, at: int, extents: list[Extent], values: set[int], only: bytes
) -> Iterator[Attribute]:
    new = raw[8] == 0x3B
    count, entries = (_number(raw, 56, 2), 80) if new else (_number(raw, 12, 2), 32)
    if entries + 8 * count > len(raw):
        raise BadMap("a leaf of extended attributes is damaged")
    why = "" if not new or inode.volume.fits(raw, 12) else "the checksum of its leaf of attributes differs"
    runs: tuple[Run, ...]
    for entry in range(entries, entries + 8 * count, 8):
        place, flags = _number(raw, entry + 4, 2), raw[entry + 6]
        if flags & (PARENT | INCOMPLETE):
            continue
        mark = f"{at // inode.volume.block}.{place}"
        if place + 9 > len(raw):
            raise BadMap("a leaf of extended attributes is damaged")
        if flags & IN_LEAF:
            size, length = _number(raw, place, 2), raw[place + 2]
            begin, runs = place + 3, ((at + place + 3 + length, size),)
            if begin + length + size > len(raw):
                raise BadMap("a leaf of extended attributes is damaged")
        else:
            block, size, length, begin = (
                _number(raw, place, 4),
                _number(raw, place + 4, 4),
                raw[place + 8],
                place + 9,
            )
            runs = tuple(_remote(inode, block, size, extents, values))
        if _wanted(named := _named(flags, raw[begin : begin + length]), only):
            yield Attribute(named, mark, size, runs if size else (), why)


def _remote(inode: Inode, block: int, size: int, extents: list[Extent], values: set[int]) -> Iterator[Run]:
    """Yield where a value lies that fills blocks of its own, each with a header in version 5. Raises BadMap."""
    volume, left = inode.volume, size
    header = 56 if volume.v5 else 0
    if size > LONGEST:
        raise BadMap(f"an extended attribute of {size} bytes")
    while left > 0:
        on_disk = next((disk + block - first for first, disk, count in extents
                        if disk >= 0 and first <= block < first + count), None)  # fmt: skip
        if on_disk is None:
            raise BadMap(f"no block {block} of an extended attribute's value")
        at = volume.place(on_disk)
        if header and whole(volume.reader, at, 4) != REMOTE:
            raise BadMap(f"block {on_disk} holds no value of an extended attribute")
        values.add(block)
        taken = min(left, volume.block - header)
        yield at + header, taken
        block, left = block + 1, left - taken


def _wanted(name: bytes, only: bytes) -> bool:
    return name.startswith(only) if only else not is_systems(name)


def _named(flags: int, name: bytes) -> bytes:
    return NAMESPACES.get(flags & 6, b"") + name


def _number(raw: bytes, at: int, length: int) -> int:
    return int.from_bytes(raw[at : at + length], "big")
