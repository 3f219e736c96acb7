"""What the fields of an ext inode say, several of them at once: a call for each number was half the cost of listing.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms": Inode Table, Inode Timestamps, Inline Data.
"""

from struct import Struct

from actionday.sources.filesystems._doubts import dated
from actionday.sources.filesystems._times import moment
from actionday.sources.filesystems._tsk_bytes import u16, u32
from actionday.sources.filesystems._tsk_runs import BadMap, Run

EXTENTS, INLINE, ENCRYPTED, INDEXED, HUGE = 0x80000, 0x10000000, 0x800, 0x1000, 0x40000
EXTENDED_MAGIC = 0xEA020000
TAKEN = Struct("<28xII68xI8xHH")
SIZE = Struct("<H2xI100xI")
"""The type, and both halves of the size."""
FACTS = Struct("<2H20x2H92x2H")
"""Mode, owner, group and links; then the high halves of owner and group."""
TIMES = Struct("<8x3i112x3IiI")
"""Access, change of the inode, change of the content; what each has beyond its seconds, in the order of the inode:
change of the inode, change of the content, access; and when it was made, with the same."""
TIMES_END = 152
SECOND, EPOCHS = 1_000_000_000, 3 << 32
"""Nanoseconds, and the bits of a time that extend its seconds."""


def size_of(raw: bytes) -> int:
    """Return the size in bytes an inode states (the high half counts for regular files only)."""
    mode, low, high = SIZE.unpack_from(raw)
    return int(low | high << 32 if mode & 0xF000 == 0x8000 else low)


def taken_of(raw: bytes, block: int) -> tuple[int, bool]:
    """Return the sectors of 512 bytes that an inode says it takes, and whether a block of attributes is among them.

    Files that are huge count in blocks, of ``block`` bytes.
    """
    low, flags, attributes, high, attributes_high = TAKEN.unpack_from(raw)
    told = low | high << 32
    return told * (block // 512) if flags & HUGE else told, bool(attributes or attributes_high)


def times_of(raw: bytes) -> dict[str, int]:
    """Return an inode's times in nanoseconds since 1970, 0 where none is set; large inodes reach from 1901 to 2446.

    The two lowest bits of the extra field extend the seconds, the others are nanoseconds.
    """
    kept = 128 + u16(raw, 128) if len(raw) > 128 else 128
    if min(kept, len(raw)) >= TIMES_END:
        read, changed, written, more_changed, more_written, more_read, made, more_made = TIMES.unpack_from(
            raw
        )
        return {
            "atime": (read + (more_read << 32 & EPOCHS)) * SECOND + min(more_read >> 2, SECOND - 1),
            "ctime": (changed + (more_changed << 32 & EPOCHS)) * SECOND + min(more_changed >> 2, SECOND - 1),
            "mtime": (written + (more_written << 32 & EPOCHS)) * SECOND + min(more_written >> 2, SECOND - 1),
            "created": (made + (more_made << 32 & EPOCHS)) * SECOND + min(more_made >> 2, SECOND - 1),
        }
    places = {"atime": (8, 140), "ctime": (12, 132), "mtime": (16, 136), "created": (144, 148)}
    times = {}
    for name, (at, extra) in places.items():
        if at + 4 > kept:
            continue
        more = u32(raw, extra) if extra + 4 <= kept else 0
        seconds = int.from_bytes(raw[at : at + 4], "little", signed=True) + (more << 32 & EPOCHS)
        times[name] = seconds * SECOND + min(more >> 2, SECOND - 1)
    return times


def facts_of(number: int, raw: bytes) -> tuple[dict[str, object], str | None]:
    """Return what an inode tells of owner, rights and times, and when its content was changed."""
    mode, uid, gid, links, uid_high, gid_high = FACTS.unpack_from(raw)
    meta: dict[str, object] = {"inode": number, "mode": f"{mode & 0o7777:04o}", "uid": uid | uid_high << 16,
                               "gid": gid | gid_high << 16, "links": links}  # fmt: skip
    times, mtime = dated(times_of(raw), moment)
    meta.update(times)
    return meta, mtime


def deletion_of(raw: bytes, inodes: int) -> dict[str, object]:
    """Return when a free inode was freed as ``dtime``; {} where none is kept. ``inodes``: how many there are.

    Until an inode that was deleted while open is freed, the same field leads to the next such inode: a number so low
    is no time for sure, and stays a number (``dtime_raw``). Seconds alone are kept, and no sign: until 2106.
    """
    kept = u32(raw, 20)
    if not kept:
        return {}
    return {"dtime": moment(kept * SECOND)} if kept > inodes else {"dtime_raw": kept}


def flags_of(raw: bytes) -> int:
    """Return the flags of an inode."""
    return u32(raw, 32)


def inline_runs(offset: int, raw: bytes, size: int) -> list[Run]:
    """Return the runs of data kept in the inode itself: its block field, then the attribute ``system.data``.

    Raises BadMap when fewer bytes are kept than ``size``.
    """
    runs = [(offset + 40, min(60, size))]
    if size > 60:
        at, length = _system_data(raw)
        if length < size - 60:
            raise BadMap(f"{60 + length} bytes are kept in the inode, {size} declared")
        runs.append((offset + at, size - 60))
    return runs


def _system_data(raw: bytes) -> tuple[int, int]:
    start = 128 + u16(raw, 128)
    if u32(raw, start) != EXTENDED_MAGIC:
        return 0, 0
    first = at = start + 4
    while at + 16 <= len(raw) and raw[at : at + 4] != bytes(4):
        length, value, size = raw[at], u16(raw, at + 2), u32(raw, at + 8)
        if (
            raw[at + 1] == 7
            and raw[at + 16 : at + 16 + length] == b"data"
            and first + value + size <= len(raw)
        ):
            return first + value, size
        at += 16 + (length + 3) // 4 * 4
    return 0, 0


def device_of(raw: bytes) -> dict[str, str]:
    """Return the number of the device of an inode, ``major:minor``, as a fact; none of what is no device.

    It stands in the old form in the first four bytes of the map, or in the new one behind them.

    Source: Linux, ``fs/ext4/inode.c`` (ext4_iget), ``include/linux/kdev_t.h``.
    """
    if u16(raw, 0) & 0xF000 not in (0x2000, 0x6000):
        return {}
    if old := u32(raw, 40):
        return {"device": f"{old >> 8 & 0xFF}:{old & 0xFF}"}
    new = u32(raw, 44)
    return {"device": f"{new >> 8 & 0xFFF}:{new & 0xFF | new >> 12 & 0xFFF00}"}
