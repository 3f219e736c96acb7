"""What an ext inode holds where it should be zeros: behind a link's target, behind its fields, between attributes.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms": Inode Table, Extended Attributes. The kernel
clears an inode when it makes one, and what an attribute leaves when it goes.
"""

from collections.abc import Iterator

from actionday.model import Found, Kind, Note
from actionday.sources.filesystems import _tsk_behind
from actionday.sources.filesystems._ext_fields import EXTENDED_MAGIC, INLINE, flags_of, size_of
from actionday.sources.filesystems._streams import Name, beside
from actionday.sources.filesystems._tsk_bytes import u16, u32
from actionday.sources.filesystems._tsk_runs import Run

FIELD, FIELD_END = 40, 100
"""Where an inode keeps its map, its short target or the number of its device."""
LINK = 0xA000
DEVICES, NOTHING = (0x2000, 0x6000), (0x1000, 0xC000)
DEVICE = 8
"""Bytes in which the number of a device stands."""


def rest(name: Name, found: Found, offset: int, raw: bytes) -> Iterator[Found]:
    """Yield what the inode ``raw`` at byte ``offset`` holds where it should be zeros."""
    for start, end in _unused(raw):
        data = raw[start:end]
        first = start + len(data) - len(data.lstrip(b"\0"))
        size = start + len(data.rstrip(b"\0")) - first
        if size >= _tsk_behind.LEAST:
            at = offset + first
            text, path = beside(found, b" inode @%d" % at)
            why = f"{size} bytes from byte {at} on stand in unused bytes of its inode"
            yield Found(name=text, raw=path, kind=Kind.STREAM, place=f"{name.place}:inode{first}", size=size,
                        runs=((at, size),), meta={"offset": at}, notes=(Note(_tsk_behind.CODE, why),))  # fmt: skip


def _unused(raw: bytes) -> Iterator[Run]:
    """Yield the first and the last byte of what an inode does not use."""
    kind, size = u16(raw, 0) & 0xF000, size_of(raw)
    if not flags_of(raw) & INLINE:
        if kind == LINK and size < FIELD_END - FIELD:
            yield FIELD + size, FIELD_END
        elif kind in DEVICES or kind in NOTHING:
            yield FIELD + DEVICE * (kind in DEVICES), FIELD_END
    start = 128 + u16(raw, 128) if len(raw) > 130 else len(raw)
    if start + 4 > len(raw):
        return
    yield _between(raw, start + 4) if u32(raw, start) == EXTENDED_MAGIC else (start, len(raw))


def _between(raw: bytes, first: int) -> Run:
    """Return what lies between the entries of attributes from ``first`` on and the lowest of their values."""
    at, lowest = first, len(raw)
    while at + 16 <= len(raw) and raw[at : at + 4] != bytes(4):
        if u32(raw, at + 8) and not u32(raw, at + 4):
            lowest = min(lowest, first + u16(raw, at + 2))
        at += 16 + (raw[at] + 3) // 4 * 4
    return at, max(at, lowest)
