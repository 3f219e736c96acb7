"""The super block of SquashFS, version 4.0, and what older ones tell.

Source: SquashFS 4.0 binary format (dr-emann/squashfs); Linux kernel, ``fs/squashfs/squashfs_fs.h``.
"""

import struct
from typing import NamedTuple

from actionday.model import Damaged, Unsupported
from actionday.sources.filesystems._tsk_bytes import Reader

SIZE = 96
HEAD = struct.Struct("<4sIIIIHHHHHHQQQQQQQQ")
MAGIC, SWAPPED, OTHERS = b"hsqs", b"sqsh", (b"shsq", b"qshs")
"""Of version 4.0; of big-endian disks up to 3.1; of those that vendors of firmware packed with LZMA of their own."""
GZIP, LZMA, LZO, XZ, LZ4, ZSTD = range(1, 7)
COMPRESSIONS = {GZIP: "gzip", LZMA: "lzma", LZO: "lzo", XZ: "xz", LZ4: "lz4", ZSTD: "zstd"}
NONE = (1 << 64) - 1
"""The place of a table that is not there."""
SMALLEST, LARGEST = 12, 20
"""Powers of two that a block may have."""
EXPORTABLE = 0x80


class Super(NamedTuple):
    """What is read of a super block."""

    inodes: int
    made: int
    block: int
    fragments: int
    compression: int
    flags: int
    ids: int
    root: int
    used: int
    id_table: int
    xattr_table: int
    inode_table: int
    directory_table: int
    fragment_table: int
    export_table: int

    def end_of(self, table: int) -> int:
        """Return where what begins at ``table`` ends at the latest: where another table begins, or all of it ends."""
        others = (self.id_table, self.xattr_table, self.inode_table, self.directory_table, self.fragment_table,
                  self.export_table, self.used)  # fmt: skip
        return min((each for each in others if table < each <= self.used), default=self.used)


def sane(raw: bytes) -> bool:
    """Say whether a super block of version 4.0 could have been written so."""
    if len(raw) < SIZE or raw[:4] != MAGIC:
        return False
    _, _, _, block, _, compression, log, _, _, major, minor, *_ = HEAD.unpack_from(raw)
    return (major, minor) == (4, 0) and compression in COMPRESSIONS and _is_block(block, log)


def super_of(reader: Reader) -> Super:
    """Return the super block. Raises Damaged or Unsupported."""
    raw = reader.at(0, SIZE)
    if len(raw) < SIZE:
        raise Damaged(f"squashfs: the super block needs {SIZE} bytes, {len(raw)} are there")
    magic, inodes, made, block, fragments, compression, log, flags, ids, major, minor, *places = (
        HEAD.unpack_from(raw)
    )
    if magic == SWAPPED:
        major, minor = struct.unpack_from(">HH", raw, 28)
    if magic in OTHERS:
        raise Unsupported("SquashFS file system of a vendor of its own (packed with LZMA): not read here")
    if (major, minor) != (4, 0) or magic != MAGIC:
        order = "big-endian " if magic == SWAPPED else ""
        raise Unsupported(f"SquashFS file system, {order}version {major}.{minor}: only 4.0 is read here")
    if compression not in COMPRESSIONS:
        raise Unsupported(f"SquashFS file system packed in an unknown way ({compression})")
    if not _is_block(block, log):
        raise Damaged(f"squashfs: the super block tells of blocks of {block} bytes")
    root, used, id_table, xattr, inode, directory, fragment, export = places
    return Super(inodes, made, block, fragments, compression, flags, ids, root, used, id_table, xattr, inode,
                 directory, fragment, export)  # fmt: skip


def _is_block(size: int, log: int) -> bool:
    return SMALLEST <= log <= LARGEST and size == 1 << log
