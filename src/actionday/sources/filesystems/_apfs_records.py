"""Records of APFS: inodes, names, extended attributes, extents.

Source: Apple, "Apple File System Reference" (2020-06-22), "File-System Objects" (``j_inode_val_t``, ``j_drec_val_t``,
``j_xattr_val_t``), "Data Streams" (``j_file_extent_val_t``), "Extended Fields".
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from actionday.sources.filesystems._apfs_nodes import Item
from actionday.sources.filesystems._apfs_volume import FILE_EXTENT, State
from actionday.sources.filesystems._doubts import dated
from actionday.sources.filesystems._times import moment
from actionday.sources.filesystems._tsk_bytes import u16, u32, u64
from actionday.sources.filesystems._tsk_runs import BadMap

INODE, XATTR, NAME = 3, 4, 9
FACTS = struct.Struct("<QQqqqqQiIIIIIH2xQ")
FIELDS = FACTS.size
NAMED, STREAM = 4, 8
STREAM_SIZE = 40
STREAMED, EMBEDDED = 1, 2
LENGTH = (1 << 56) - 1
COMPRESSED = 0x20
"""The flag of a file whose content is kept in an attribute."""
CLONED = 0x400
FLAGS = {0x1: "no dump", 0x2: "immutable", 0x4: "append only", 0x20: "compressed", 0x8000: "hidden",
         0x10000: "archived", 0x20000: "system immutable", 0x40000: "system append only", 0x80000: "restricted",
         0x40000000: "dataless"}  # fmt: skip
DATALESS = 0x40000000


class Number(int):
    """An inode of a state of a volume as one number: each of them has its own inodes."""

    EACH = 10**20
    """More than an inode's own number can be."""

    @classmethod
    def of(cls, state: int, inode: int) -> "Number":
        """Return the number of an inode."""
        return cls(state * cls.EACH + inode)

    @property
    def state(self) -> int:
        """The state's part of it."""
        return self // self.EACH

    @property
    def inode(self) -> int:
        """The inode's part of it."""
        return self % self.EACH

    def __format__(self, spec: str) -> str:
        if spec:
            return int.__format__(self, spec)
        state = self.state
        return f"{self.inode} of volume {state % 1024 - 1}" + (
            f" at {state // 1024}" if state >= 1024 else ""
        )


class Stream(NamedTuple):
    """A data stream: the object whose extents are its bytes, and how many they are."""

    number: int
    size: int
    crypto: int


class Xattr(NamedTuple):
    """An extended attribute: its bytes lie in ``item`` from ``at`` on, or in a stream."""

    name: bytes
    item: Item
    at: int
    size: int
    stream: Stream | None


class Inode(NamedTuple):
    """One inode."""

    number: Number
    parent: int
    mode: int
    links: int
    uid: int
    gid: int
    flags: int
    internal: int
    times: dict[str, int]
    stream: Stream | None
    unpacked: int
    name: bytes
    """The name it was made under, or moved to."""
    attributes: tuple[Xattr, ...]
    trusted: bool

    @property
    def size(self) -> int:
        """Bytes of its data stream."""
        return self.stream.size if self.stream else 0

    def attribute(self, name: bytes) -> Xattr | None:
        """Return an attribute by its name."""
        return next((each for each in self.attributes if each.name == name), None)

    def facts(self) -> tuple[dict[str, object], str | None]:
        """Return what is kept of it, and when its content was last changed."""
        meta: dict[str, object] = {"inode": self.number.inode, "mode": f"{self.mode & 0o7777:04o}", "uid": self.uid,
                                   "gid": self.gid}  # fmt: skip
        if self.mode & 0xF000 != 0x4000:
            meta["links"] = self.links
        if self.flags:
            known = [name for bit, name in FLAGS.items() if self.flags & bit]
            rest = self.flags & ~sum(FLAGS)
            meta["flags"] = ", ".join([*known, *([hex(rest)] if rest else [])])
        if self.internal & CLONED:
            meta["cloned"] = True
        times, mtime = dated(self.times, moment)
        return meta | times, mtime


def inode_of(state: State, number: Number) -> Inode:
    """Return an inode with its attributes. Raises BadMap or Missing."""
    own, attributes, trusted = None, list[Xattr](), True
    for item in state.files.items((number.inode, INODE), (number.inode, XATTR)):
        trusted = trusted and item.node.trusted
        if item.key[1] == INODE:
            own = item
        else:
            attributes.append(_xattr(item))
    if own is None:
        raise BadMap(f"there is no inode {number}")
    if own.size < FACTS.size:
        raise BadMap(f"the record of inode {number} is cut")
    raw = own.data
    parent, private, made, changed, ctime, read, internal, links, _, _, flags, uid, gid, mode, unpacked = (
        FACTS.unpack_from(raw)
    )
    fields = dict(extended(raw, FIELDS))
    times = {"atime": read, "ctime": ctime, "mtime": changed, "created": made}
    stream = _stream(private, fields[STREAM]) if STREAM in fields else None
    name = fields.get(NAMED, b"").rstrip(b"\0")
    return Inode(number, parent, mode, links, uid, gid, flags, internal, times, stream, unpacked, name,
                 tuple(attributes), trusted)  # fmt: skip


def extended(raw: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the extended fields behind a record, type and bytes. Raises BadMap."""
    if at + 4 > len(raw):
        return
    count, begin = u16(raw, at), at + 4
    place = begin + 4 * count
    if place > len(raw):
        raise BadMap("the extended fields of a record go beyond it")
    for number in range(count):
        kind, size = raw[begin + 4 * number], u16(raw, begin + 4 * number + 2)
        if place + size > len(raw):
            raise BadMap("an extended field of a record goes beyond it")
        yield kind, raw[place : place + size]
        place += -(-size // 8) * 8


def _stream(number: int, raw: bytes) -> Stream:
    if len(raw) < STREAM_SIZE:
        raise BadMap("a data stream that is cut")
    return Stream(number, u64(raw, 0), u64(raw, 16))


def _xattr(item: Item) -> Xattr:
    key, raw = item.named, item.data
    name = key[10 : 10 + u16(key, 8)].rstrip(b"\0")
    flags, size = u16(raw, 0), u16(raw, 2)
    if len(raw) < 4 or (flags & EMBEDDED and 4 + size > len(raw)):
        raise BadMap("an extended attribute that is cut")
    if not flags & STREAMED:
        return Xattr(name, item, item.at + 4, size, None)
    if len(raw) < 4 + 8 + STREAM_SIZE:
        raise BadMap("an extended attribute that is cut")
    stream = _stream(u64(raw, 4), raw[12:])
    return Xattr(name, item, 0, stream.size, stream)


class Entry(NamedTuple):
    """A name in a directory, what it leads to, and when it was put there."""

    name: bytes
    inode: int
    added: int
    kind: int


def entries(state: State, directory: int, bad: list[str]) -> Iterator[Entry]:
    """Yield the names in a directory; what cannot be read is told in ``bad``."""
    skip = 12 if state.volume.hashed else 10
    for item in state.files.items((directory, NAME), (directory, NAME), bad):
        key, raw = item.named, item.data
        length = (u32(key, 8) & 0x3FF) if state.volume.hashed else u16(key, 8)
        name = key[skip : skip + length].rstrip(b"\0")
        if not name or len(key) < skip + length or len(raw) < 18:
            bad.append("a name in a directory is cut")
            continue
        yield Entry(name, u64(raw, 0), u64(raw, 8), u16(raw, 16) & 15)


class Extent(NamedTuple):
    """A part of a stream. ``block`` 0: a hole; ``crypto`` 0: it is not encrypted."""

    at: int
    length: int
    block: int
    crypto: int
    trusted: bool


def extents(state: State, stream: Stream) -> Iterator[Extent]:
    """Yield the extents of a stream in its order. Raises BadMap or Missing."""
    if state.extents is not None:
        for item in state.extents.items((stream.number,), (stream.number,)):
            if item.size < 16:
                raise BadMap("an extent that is cut")
            yield Extent(item.key[1], u64(item.data, 0) & LENGTH, u64(item.data, 8), 0, item.node.trusted)
        return
    for item in state.files.items((stream.number, FILE_EXTENT), (stream.number, FILE_EXTENT)):
        raw = item.data
        if len(raw) < 24:
            raise BadMap("an extent that is cut")
        yield Extent(item.key[2], u64(raw, 0) & LENGTH, u64(raw, 8), u64(raw, 16), item.node.trusted)


def mark(state: State, inode: int) -> str:
    """Return how places in a state begin."""
    told = f"{state.volume.number}@{state.number // 1024}" if state.snapshot else f"{state.volume.number}"
    return f"{told}:{inode}"
