"""Inodes of SquashFS, of every type, basic and extended.

Source: SquashFS 4.0 binary format, "Inode table"; Linux kernel, ``fs/squashfs/squashfs_fs.h``.
"""

import struct
from typing import NamedTuple

from actionday.sources.filesystems._squash_tables import Cursor
from actionday.sources.filesystems._tsk_runs import BadMap

DIRECTORY, FILE, LINK, BLOCK, CHARACTER, FIFO, SOCKET = range(1, 8)
EXTENDED = 7
"""What the number of an extended type is higher by."""
NOTHING = 0xFFFFFFFF
"""No fragment; no attributes."""
HEAD, U32 = struct.Struct("<HHHHII"), struct.Struct("<I")
FORMS = {1: "<IIHHI", 2: "<IIII", 3: "<II", 4: "<II", 5: "<II", 6: "<I", 7: "<I", 8: "<IIIIHHI", 9: "<QQQIIII",
         10: "<II", 11: "<III", 12: "<III", 13: "<II", 14: "<II"}  # fmt: skip
SHAPES = {kind: struct.Struct(form) for kind, form in FORMS.items()}
INDEX = struct.Struct("<III")
LONGEST_NAME, LONGEST_TARGET = 256, 65536
ENTRY_ENDS = 3
"""Bytes a directory is longer than its names: those of its own and its parent's, which are not kept."""


class Ref(int):
    """Where an inode stands, which is what tells it: the block in its table and the byte in it; shown by its number."""

    shown: int

    @classmethod
    def of(cls, place: int, number: int) -> "Ref":
        """Return the one at ``place`` with the number it is said to have."""
        self = cls(place)
        self.shown = number
        return self

    def __format__(self, spec: str) -> str:
        return str(self.shown) if not spec else int.__format__(self, spec)


class Inode(NamedTuple):
    """One inode. ``size``: of a file, a target, or the names of a directory; ``device``: of a device."""

    kind: int
    mode: int
    owner: int
    group: int
    mtime: int
    number: int
    links: int
    size: int
    start: int
    offset: int
    fragment: int
    parent: int
    device: int
    attributes: int
    entries: int
    rest: Cursor
    """Behind the fields: the sizes of a file's blocks, the target of a link, the index of a directory."""

    def blocks(self, size: int) -> int:
        """Return how many blocks of ``size`` bytes a file has beside its fragment."""
        return self.size // size if self.fragment != NOTHING else -(-self.size // size)


def inode_at(cursor: Cursor) -> Inode:
    """Return the inode at a place; the cursor stands behind its fields then. Raises BadMap or Missing."""
    kind, mode, owner, group, mtime, number = HEAD.unpack(cursor.take(HEAD.size))
    if (shape := SHAPES.get(kind)) is None:
        raise BadMap(f"an inode of unknown type {kind}")
    fields = shape.unpack(cursor.take(shape.size))
    links, size, start, offset, fragment, parent, device, attributes, entries = (
        1, 0, 0, 0, NOTHING, 0, 0, NOTHING, 0,
    )  # fmt: skip
    match kind:
        case 1:
            start, links, size, offset, parent = fields
        case 2:
            start, fragment, offset, size = fields
        case 3 | 10:
            links, size = fields
        case 4 | 5:
            links, device = fields
        case 8:
            links, size, start, parent, entries, offset, attributes = fields
        case 9:
            start, size, _, links, fragment, offset, attributes = fields
        case 11 | 12:
            links, device, attributes = fields
        case 13 | 14:
            links, attributes = fields
        case _:
            (links,) = fields
    if kind in (1, 8):
        size = max(0, size - ENTRY_ENDS)
    if kind in (3, 10) and size > LONGEST_TARGET:
        raise BadMap(f"a symbolic link of {size} bytes")
    base = kind if kind <= SOCKET else kind - EXTENDED
    if kind == LINK + EXTENDED:
        behind = cursor.copy()
        behind.skip(size)
        (attributes,) = U32.unpack(behind.take(4))
    return Inode(base, mode, owner, group, mtime, number, links, size, start, offset, fragment, parent, device,
                 attributes, entries, cursor.copy())  # fmt: skip


def pass_over(cursor: Cursor, inode: Inode, kind: int, block: int) -> None:
    """Move the cursor from behind the fields of an inode to the next one. Raises BadMap or Missing."""
    if inode.kind == FILE:
        cursor.skip(4 * inode.blocks(block))
    elif inode.kind == LINK:
        cursor.skip(inode.size + (4 if kind == LINK + EXTENDED else 0))
    elif kind == DIRECTORY + EXTENDED:
        for _ in range(inode.entries):
            *_, name = INDEX.unpack(cursor.take(INDEX.size))
            if name >= LONGEST_NAME:
                raise BadMap("a name in the index of a directory is too long")
            cursor.skip(name + 1)
