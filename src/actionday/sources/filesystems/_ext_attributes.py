"""Extended attributes of ext inodes: what people and programs put beside a file's content.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms": Extended Attributes. Access
lists, labels and the like (``model.attributes``) are the system's own and are left out.
"""

from collections.abc import Iterator
from contextlib import suppress

from actionday.model.attributes import is_systems
from actionday.sources.filesystems._ext_fields import EXTENDED_MAGIC, size_of
from actionday.sources.filesystems._ext_inode import Super
from actionday.sources.filesystems._ext_map import runs_of
from actionday.sources.filesystems._streams import Attribute
from actionday.sources.filesystems._tsk_bytes import Missing, u16, u32, whole
from actionday.sources.filesystems._tsk_runs import BadMap, Run

NAMES = {
    1: b"user.",
    2: b"system.posix_acl_access",
    3: b"system.posix_acl_default",
    4: b"trusted.",
    6: b"security.",
    7: b"system.",
    8: b"system.richacl",
    9: b"system.encryption.",
    10: b"gnu.",
}
"""What the index of a name stands for."""
INLINE_START, BLOCK_START = 4, 32
MOST_BYTES = 65536


OVERLAY = b"trusted.overlay."
LONGEST = 4096
"""Bytes of a path, the longest of what overlayfs notes."""


def overlaid(volume: Super, offset: int, raw: bytes) -> dict[str, dict[str, str]]:
    """Return what overlayfs notes of a folder as a fact: that it is ``opaque``, or which one it was (``redirect``).

    Damage is told where the attributes themselves are listed.
    """
    found: dict[str, str] = {}
    with suppress(BadMap, Missing):
        for each in attributes(volume, offset, raw, OVERLAY):
            if each.size <= LONGEST and len(each.runs) <= 1:
                value = whole(volume.reader, *each.runs[0]) if each.runs else b""
                key = each.name.removeprefix(OVERLAY).decode("utf-8", "backslashreplace")
                found[key] = value.decode("utf-8", "backslashreplace")
    return {"overlay": found} if found else {}


def attributes(volume: Super, offset: int, raw: bytes, only: bytes = b"") -> Iterator[Attribute]:
    """Yield the attributes of the inode ``raw`` at byte ``offset``. Raises BadMap or Missing.

    ``only``: those whose names begin so, the system's own among them.
    """
    start = 128 + u16(raw, 128) if len(raw) > 130 else len(raw)
    if start + 4 <= len(raw) and u32(raw, start) == EXTENDED_MAGIC:
        first = start + INLINE_START
        yield from _entries(volume, raw, first, (first, offset), "i", "", only)
    block = u32(raw, 104) | (u16(raw, 118) << 32 if volume.wide else 0)
    if block:
        yield from _block(volume, block, only)


def _block(volume: Super, block: int, only: bytes) -> Iterator[Attribute]:
    if not volume.first <= block < volume.blocks:
        raise BadMap(f"block {block} of extended attributes lies outside the file system")
    at = block * volume.block
    raw = whole(volume.reader, at, volume.block)
    if u32(raw, 0) != EXTENDED_MAGIC:
        raise BadMap(f"block {block} holds no extended attributes")
    why = "" if volume.checks.attributes(block, raw) else f"the checksum of block {block} differs"
    yield from _entries(volume, raw, BLOCK_START, (0, at), "b", why, only)


def _entries(
    volume: Super, raw: bytes, first: int, base: Run, kind: str, why: str, only: bytes
) -> Iterator[Attribute]:
    """Yield the entries from ``first`` on; values are counted from ``base``: a byte of ``raw``, where that lies."""
    at = first
    while at + 16 <= len(raw) and raw[at : at + 4] != bytes(4):
        length, index, value, inode, size = (
            raw[at],
            raw[at + 1],
            u16(raw, at + 2),
            u32(raw, at + 4),
            u32(raw, at + 8),
        )
        name = raw[at + 16 : at + 16 + length]
        named = NAMES.get(index, b"") + name
        if named.startswith(only) if only else not is_systems(named):
            place = base[0] + value
            if not inode and place + size > len(raw):
                raise BadMap(f"the value of an extended attribute goes beyond byte {len(raw)}")
            runs = _of_inode(volume, inode, size) if inode else ((base[1] + place, size),)
            yield Attribute(named, f"{kind}{at}", size, runs if size else (), why)
        at += 16 + (length + 3) // 4 * 4


def _of_inode(volume: Super, number: int, size: int) -> tuple[Run, ...]:
    """Return where a value lies that has an inode of its own (the feature ``ea_inode``)."""
    _, raw = volume.inode(number)
    if size_of(raw) < size or size > MOST_BYTES:
        raise BadMap(f"inode {number} holds no extended attribute of {size} bytes")
    held = list(volume.held)
    try:
        return tuple(runs_of(volume, number, raw, size))
    finally:
        volume.held = held
