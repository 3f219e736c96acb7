"""What the sleuthkit says of one name, as plain values; the words shared by all file systems.

Standard library only (the sleuthkit's objects are passed in).
"""

from dataclasses import dataclass, field
from typing import Any

from actionday.sources.filesystems._tsk_protocol import Entry

# TSK_FS_META_TYPE_ENUM and TSK_FS_NAME_TYPE_ENUM of the sleuthkit, told in one set of words
_BY_META = {1: "file", 2: "directory", 3: "fifo", 4: "character device", 5: "block device", 6: "link",
            7: "shadow", 8: "socket", 9: "whiteout", 10: "virtual", 11: "virtual directory"}  # fmt: skip
_BY_NAME = {1: "fifo", 2: "character device", 3: "directory", 4: "block device", 5: "file", 6: "link",
            7: "socket", 8: "shadow", 9: "whiteout", 10: "virtual", 11: "virtual directory"}  # fmt: skip
UNALLOCATED = 2
"""TSK_FS_NAME_FLAG_UNALLOC and TSK_FS_META_FLAG_UNALLOC."""
SPECIAL = {"fifo", "character device", "block device", "socket", "whiteout", "shadow"}
NANO = 1_000_000_000


@dataclass(slots=True)
class Facts:
    """One name in one directory, and the inode it points to."""

    path: bytes
    place: str
    inode: int
    type: str
    deleted: bool
    reused: bool
    """The name is deleted and its inode belongs to another file now."""
    known: bool
    """The inode could be read."""
    alive: bool = False
    """The name is removed, and the very file it belonged to is in use."""
    size: int = 0
    mtime: int | None = None
    link: str = ""
    meta: dict[str, Any] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    reason: str = ""
    taken: bool = False
    """It is a removed directory, and where its names lay is in use: what looks live there is not its own."""

    @property
    def directory(self) -> bool:
        """Whether it holds names of its own."""
        return self.type in ("directory", "virtual directory")

    def entry(self, kind: str, **more: Any) -> Entry:
        """Return the entry for the name itself; ``more`` are fields of Entry."""
        if self.deleted:
            self.meta["deleted"] = True
            kind = "deleted"
        more.setdefault("reason", self.reason)
        return Entry(
            self.path.decode("utf-8", "surrogateescape"), kind, self.place, mtime=self.mtime, meta=self.meta,
            notes=self.notes, **more,
        )  # fmt: skip


def facts(name: Any, meta: Any, parent: bytes, place: str) -> Facts:
    """Return what the sleuthkit says of ``name`` in the directory ``parent`` and of its inode (None: unread)."""
    deleted = bool(int(name.flags) & UNALLOCATED)
    inode = int(name.meta_addr)
    path = parent + b"/" + name.name if parent else name.name
    if meta is None:
        kind = _BY_NAME.get(int(name.type), "unknown")
        return Facts(path, place, inode, kind, deleted, reused=False, known=False, meta={"inode": inode})
    kind = _BY_META.get(int(meta.type)) or _BY_NAME.get(int(name.type), "unknown")
    reused = deleted and not int(meta.flags) & UNALLOCATED
    if deleted and not reused and int(name.meta_seq) and int(meta.seq) > int(name.meta_seq) + 1:
        reused = True  # NTFS counts every new life of a record
    if not deleted and int(meta.flags) & UNALLOCATED and kind not in ("virtual", "virtual directory"):
        deleted = True
    alive = deleted and not int(meta.flags) & UNALLOCATED and 0 < int(name.meta_seq) == int(meta.seq)
    one = Facts(path, place, inode, kind, deleted, reused, True, alive, int(meta.size))
    if not reused:
        _of_inode(one, meta)
    else:
        one.meta = {"inode": inode}
        one.type = _BY_NAME.get(int(name.type)) or kind
    return one


def _of_inode(one: Facts, meta: Any) -> None:
    one.meta = {"inode": one.inode, "mode": f"{int(meta.mode) & 0o7777:04o}", "uid": int(meta.uid),
                "gid": int(meta.gid), "links": int(meta.nlink)}  # fmt: skip
    one.mtime = _moment(meta.mtime, meta.mtime_nano)
    for key, seconds, nano in (
        ("atime", meta.atime, meta.atime_nano),
        ("ctime", meta.ctime, meta.ctime_nano),
        ("created", meta.crtime, meta.crtime_nano),
    ):
        if (moment := _moment(seconds, nano)) is not None:
            one.meta[key] = moment
    if one.type == "link" and meta.link:
        link = meta.link
        one.link = link.decode("utf-8", "surrogateescape") if isinstance(link, bytes) else str(link)


def _moment(seconds: Any, nano: Any) -> int | None:
    """Return nanoseconds since 1970, or None for the 0 by which the sleuthkit says "none kept"."""
    return int(seconds) * NANO + int(nano) % NANO if seconds else None
