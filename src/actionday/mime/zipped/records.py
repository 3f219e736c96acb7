"""The records of a zip: end of directory, directory entries, local headers, and what their extra fields add.

Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3 (records), 4.4 (fields), 4.5 and 4.6 (extra fields); the
extended timestamp (0x5455) and Unicode path (0x7075) as Info-ZIP's ``extrafld.txt`` has them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from struct import Struct, unpack_from
from typing import NamedTuple
from zlib import crc32

from actionday.model.times import filetime, rfc3339, stamp

LOCAL, CENTRAL, END, DESCRIPTOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x07\x08"
END64, LOCATOR64 = b"PK\x06\x06", b"PK\x06\x07"
LOCAL_BYTES, CENTRAL_BYTES, END_BYTES = 30, 46, 22
ENCRYPTED, LATER, STRONG, UTF8 = 1, 8, 64, 2048  # general purpose bits 0, 3, 6, 11
_LOCAL = Struct("<4x5H3I2H")
_CENTRAL = Struct("<4x6H3I5H2I")
_ALL16, _ALL32 = 0xFFFF, 0xFFFFFFFF


class Member(NamedTuple):
    """One entry, of the directory or of a local header. Sizes and offset are as stored there."""

    name: bytes
    flags: int
    method: int
    time: int
    crc: int
    packed: int
    size: int
    offset: int
    disk: int
    mode: int
    """The Unix mode, 0 where the writer was no Unix."""
    extra: bytes
    comment: bytes = b""

    @property
    def later(self) -> bool:
        """Whether sizes and CRC follow the content in a descriptor."""
        return bool(self.flags & LATER)


class End(NamedTuple):
    """The end of central directory, zip64 merged in. ``at`` is where the first of its records begins."""

    at: int
    disk: int
    disks: int
    entries: int
    size: int
    offset: int
    comment: int
    """Bytes of the comment."""
    over: int
    """The first byte behind the comment."""


def extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the id and the bytes of each extra field, up to the first that does not fit."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = unpack_from("<HH", extra, at)
        if at + 4 + length > len(extra):
            return
        yield kind, extra[at + 4 : at + 4 + length]
        at += 4 + length


def central(record: bytes) -> Member:
    """Return the entry in a whole directory record (at least 46 bytes and what its lengths say)."""
    (made, _, flags, method, time, date, crc, packed, size, names, extra_length, said, disk, _, external,
     offset) = _CENTRAL.unpack_from(record)  # fmt: skip
    name = record[CENTRAL_BYTES : CENTRAL_BYTES + names]
    extra_end = CENTRAL_BYTES + names + extra_length
    extra, comment = record[CENTRAL_BYTES + names : extra_end], record[extra_end : extra_end + said]
    if _ALL32 in (packed, size, offset) or disk == _ALL16:
        size, packed, offset, disk = _zip64(extra, size, packed, offset, disk)
    mode = external >> 16 if made >> 8 in (3, 19) else 0  # Unix, Darwin
    return Member(
        name, flags, method, date << 16 | time, crc, packed, size, offset, disk, mode, extra, comment
    )


def _zip64(extra: bytes, *stored: int) -> tuple[int, int, int, int]:
    values, field = list(stored), dict(extras(extra)).get(1, b"")
    at = 0
    for index, (value, width) in enumerate(zip(stored, (8, 8, 8, 4), strict=True)):
        if value == (_ALL16 if width == 4 else _ALL32) and at + width <= len(field):
            values[index] = int.from_bytes(field[at : at + width], "little")
            at += width
    return values[0], values[1], values[2], values[3]


def local(record: bytes, offset: int) -> Member | None:
    """Return the entry of a local header with its name and extra fields as far as ``record`` holds them."""
    if len(record) < LOCAL_BYTES or not record.startswith(LOCAL):
        return None
    _, flags, method, time, date, crc, packed, size, names, extra_length = _LOCAL.unpack_from(record)
    name = record[LOCAL_BYTES : LOCAL_BYTES + names]
    extra = record[LOCAL_BYTES + names : LOCAL_BYTES + names + extra_length]
    if _ALL32 in (packed, size):
        size, packed, _, _ = _zip64(extra, size, packed, 0, 0)
    return Member(name, flags, method, date << 16 | time, crc, packed, size, offset, 0, 0, extra)


def local_length(record: bytes) -> int:
    """Return how many bytes a local header takes, from its first 30."""
    names, extra_length = unpack_from("<HH", record, 26)
    return int(LOCAL_BYTES + names + extra_length)


def end(tail: bytes, size: int) -> End | None:
    """Return the end of the directory out of the last bytes of an archive of ``size`` bytes, or None.

    The last one whose comment fits is taken. Zip64 records are used when they lie within ``tail``.
    """
    if b"\5" not in tail:  # most texts: a look at one byte is thirty times faster than at four
        return None
    at = tail.rfind(END)
    while at >= 0:
        if at + END_BYTES <= len(tail):
            found = _end_at(tail, at, size - len(tail))
            if found.comment <= len(tail) - at - END_BYTES:
                return found
        at = tail.rfind(END, 0, at)
    return None


def _end_at(tail: bytes, at: int, before: int) -> End:
    disk, _, _, count, size, offset, comment = unpack_from("<4H2IH", tail, at + 4)
    over = before + at + END_BYTES + comment
    plain = End(before + at, disk, disk + 1, count, size, offset, comment, over)
    if tail[at - 20 : at - 16] != LOCATOR64 or at < 20:
        return plain
    record = tail.rfind(END64, 0, at - 20)
    if record < 0 or at - record < 76:
        return plain
    disk, _, _, count, size, offset = unpack_from("<2I4Q", tail, record + 16)
    disks = unpack_from("<I", tail, at - 4)[0]
    return End(before + record, disk, disks, count, size, offset, comment, over)


def stored_name(member: Member) -> bytes:
    """Return the name: the Unicode path where one fits the stored name, else the stored name."""
    field = dict(extras(member.extra)).get(0x7075, b"")
    if len(field) > 5 and field[0] == 1 and int.from_bytes(field[1:5], "little") == crc32(member.name):
        return field[5:]
    return member.name


def mtime(member: Member) -> tuple[str | None, dict[str, object]]:
    """Return the time, and what is to be known of it: a DOS time has no zone."""
    fields = dict(extras(member.extra))
    if len(unix := fields.get(0x5455, b"")) >= 5 and unix[0] & 1:
        return rfc3339(int.from_bytes(unix[1:5], "little", signed=True)), {}
    if len(ntfs := fields.get(0x000A, b"")) >= 16 and ntfs[4:8] == b"\x01\0\x18\0":
        ticks = int.from_bytes(ntfs[8:16], "little")
        return (filetime(ticks), {}) if ticks else _dos(member.time)
    return _dos(member.time)


def _dos(time: int) -> tuple[str | None, dict[str, object]]:
    try:
        moment = datetime((time >> 25) + 1980, time >> 21 & 15, time >> 16 & 31, time >> 11 & 31, time >> 5 & 63,
                          (time & 31) * 2, tzinfo=UTC)  # fmt: skip
    except ValueError:
        return None, {"mtime_raw": time} if time else {}
    return stamp(moment), {"zone": "assumed UTC"}
