"""Attributes of an NTFS file that are neither content nor the file system's own: extended ones, unknown types.

Source: the Linux-NTFS project's "NTFS Documentation": attribute types, $EA, $REPARSE_POINT, $LOGGED_UTILITY_STREAM;
Microsoft, [MS-FSCC] 2.1.2.1 (reparse tags). Standard library only.
"""

from collections.abc import Iterator
from itertools import groupby

from actionday.sources.filesystems import _tsk_ntfs as ntfs
from actionday.sources.filesystems._tsk_bytes import u16, u32

EXTENDED, LOGGED = 0xE0, 0x100
KNOWN = frozenset({*range(0x10, 0xE0, 0x10)})
"""Types that the file system uses itself, up to the information on extended attributes."""
OWN_LOGGED = frozenset({"$EFS", "$TXF_DATA"})
OWN_EXTENDED = (b"$KERNEL.", b"$LX")
"""Extended attributes that Windows and its Linux subsystem set on every file they run or make."""
CLOUD, CLOUD_MASK = 0x9000001A, 0xFFFF0FFF
TOLD = frozenset({ntfs.SYMLINK, ntfs.MOUNT, ntfs.WOF, ntfs.DEDUP})
"""Tags of reparse points of which something else is told."""
HEADER = 8
"""Bytes before the data of a reparse point."""
MOST = 1 << 16
Other = tuple[str, str, list[ntfs.Attribute]]
"""What an attribute is called, a mark that is unique in its file, its parts."""


def others(table: ntfs.Table, attributes: list[ntfs.Attribute]) -> Iterator[Other]:
    """Yield what somebody may have put there. Raises BadMap or Missing."""
    found = sorted(attributes, key=lambda each: (each.type, each.name))
    for number, ((kind, name), group) in enumerate(groupby(found, key=lambda each: (each.type, each.name))):
        parts = list(group)
        label = _label(table, kind, name, parts[0])
        if label and any(part.size for part in parts):
            yield label, f"{kind:x}.{number}", parts


def _label(table: ntfs.Table, kind: int, name: str, first: ntfs.Attribute) -> str:
    """Return what an attribute is called, "" where it is the file system's own."""
    if kind == ntfs.REPARSE:
        tag = u32(table.content(first, 4), 0)
        known = tag in TOLD or tag & CLOUD_MASK == CLOUD or first.size <= HEADER
        return "" if known else "$REPARSE_POINT"
    if kind in KNOWN and not (name and kind < ntfs.DATA):  # those below have no names
        return ""
    if kind == EXTENDED:
        return "" if _all_own(table.content(first, MOST)) else "$EA"
    if kind == LOGGED:
        return "" if name in OWN_LOGGED else name or "$LOGGED_UTILITY_STREAM"
    return f"$0x{kind:x}:{name}" if name else f"$0x{kind:x}"


def _all_own(raw: bytes) -> bool:
    """Say whether every name in a list of extended attributes is one that a system sets."""
    at = 0
    while at + 8 <= len(raw):
        length, size, value = u32(raw, at), raw[at + 5], u16(raw, at + 6)
        if not raw[at + 8 : at + 8 + size].startswith(OWN_EXTENDED) or at + 9 + size + value > len(raw):
            return False
        if not length:
            break
        at += length
    return True
