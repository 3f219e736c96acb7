"""Symbolic links of ext, live and removed.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms": Symbolic Links.
"""

from msgspec.structs import replace

from actionday.model import Found, Kind, Status
from actionday.model.unopened import LINK_LEFT
from actionday.sources.filesystems import _ext_fields as fields
from actionday.sources.filesystems import _ext_inode as ext
from actionday.sources.filesystems._ext_map import runs_of
from actionday.sources.filesystems._left_over import GONE
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._streams import Name
from actionday.sources.filesystems._tsk_bytes import whole
from actionday.sources.filesystems._tsk_runs import BadMap

SHORT_TARGET = 60
"""Bytes from which a symbolic link's target lies in a block."""
LONGEST_TARGET = 4096
"""Bytes of a symbolic link's target the kernel allows."""


def link(volume: ext.Super, name: Name, item: Found, offset: int, raw: bytes) -> Found:
    """Return the item of a symbolic link, ``raw`` being its inode at ``offset``. Raises BadMap or Missing.

    Of a removed one ext4 wipes the target; ext2 and ext3 wiped its length alone where it lay in the inode.
    """
    target = _target(volume, name.inode, offset, raw)
    if name.deleted and not target and not fields.flags_of(raw) & (fields.EXTENTS | fields.INLINE):
        target = _shown(raw[40 : 40 + SHORT_TARGET].partition(b"\0")[0])
    if name.deleted and not target:
        return replace(item, meta={**item.meta, "type": "symbolic link"}, status=Status.EMPTY, reason=GONE)
    kept = Kind.DELETED if name.deleted else Kind.SYMLINK
    meta = {**item.meta, "target": target}
    return replace(item, kind=kept, meta=meta, status=Status.UNSUPPORTED, reason=LINK_LEFT)


def _target(volume: ext.Super, number: int, offset: int, raw: bytes) -> str:
    """Return where it points: up to 59 bytes in the inode, longer ones in a block."""
    size, flags = fields.size_of(raw), fields.flags_of(raw)
    if flags & fields.ENCRYPTED:
        return "(encrypted)"
    if size > LONGEST_TARGET:
        raise BadMap(f"a symbolic link of {size} bytes")
    if size < SHORT_TARGET:
        data = raw[40 : 40 + size]
    else:
        inline = flags & fields.INLINE
        runs = fields.inline_runs(offset, raw, size) if inline else runs_of(volume, number, raw, size)
        data = b"".join(whole(volume.reader, at, length) for at, length in runs if at >= 0)
    return _shown(data)


def _shown(data: bytes) -> str:
    return shown(data.decode("utf-8", "surrogateescape"))[0]
