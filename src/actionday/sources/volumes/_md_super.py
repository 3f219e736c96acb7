"""The superblocks of Linux software RAID: what a disk says of the array it is part of.

Source: Linux kernel, ``include/uapi/linux/raid/md_p.h`` (superblocks 0.90 and 1.x), ``drivers/md/md.c``
(``calc_sb_1_csum``, ``super_90_load``).
"""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from actionday.model import Peek, Stream
from actionday.model.streams import read_at
from actionday.sources.volumes._numbers import u16, u32, u64

MAGIC = (0xA92B4EFC).to_bytes(4, "little")
LEVELS = {-4: "multipath", -1: "linear", 0: "RAID 0", 1: "RAID 1", 4: "RAID 4", 5: "RAID 5", 6: "RAID 6",
          10: "RAID 10"}  # fmt: skip
SECTOR = 512
RESERVED = 65536
"""Bytes at the end of a disk in units of which superblock 0.90 has its place."""
FIXED, OLD = 256, 4096
"""Bytes of superblock 1.x before its roles, and of 0.90 as a whole."""
RECOVERING, RESHAPING, BAD_BLOCKS = 2, 4, 8
SPARE = 0xFFFC
"""The least role that is no place in the array: journals, faulty disks and spares."""
DESCRIPTORS, OLD_DISK = 128, 32
"""Of 0.90 in words of four bytes: where the list of disks begins, and the length of one."""


class Super(NamedTuple):
    """What one disk says. Places and sizes in bytes of the disk."""

    version: str
    uuid: str
    name: str
    level: int
    layout: int
    chunk: int
    disks: int
    """Places in the array."""
    role: int | None
    """The place of this disk, None of a spare or a faulty one."""
    number: int
    start: int
    """Where the data of the array begins."""
    size: int
    """Bytes of data that the array uses of each disk; of RAID 0 and linear all that this disk gives."""
    events: int
    recovered: int | None
    """Of a disk that is being filled: bytes of its data that are there; None of one that is."""
    reshaping: bool
    updated: int
    """Seconds since 1970 when it was last written."""
    sound: bool
    """Whether its checksum is that of its bytes."""
    device: str = ""

    @property
    def kind(self) -> str:
        """The level in words."""
        return LEVELS.get(self.level, f"level {self.level}")

    def facts(self) -> dict[str, object]:
        """Return what is kept with the item."""
        return {"version": self.version, "uuid": self.uuid, "name": self.name, "level": self.level,
                "devices": self.disks, "role": self.role, "number": self.number, "chunk": self.chunk,
                "events": self.events}  # fmt: skip


def places(size: int) -> Iterator[int]:
    """Yield where superblocks 1.2, 1.1, 1.0 and 0.90 lie on a disk of ``size`` bytes, whose sectors are whole."""
    yield 4096
    yield 0
    yield from (at for at in ends(size) if at > 0)


def ends(size: int) -> tuple[int, int]:
    """Return where superblocks 1.0 and 0.90 lie, counted from the end; below zero on a disk too small."""
    return (size // SECTOR - 16) // 8 * 8 * SECTOR, (size // RESERVED - 1) * RESERVED


def member(peek: Peek) -> bool:
    """Say whether a sound superblock stands at the end of a disk: what it begins with is then the array's."""
    begun = peek.size - len(peek.tail)
    for at in ends(peek.size):
        raw = peek.tail[at - begun : at - begun + OLD] if at >= begun else b""
        if raw[:4] == MAGIC and (found := parsed(raw, at, peek.size)) is not None and found.sound:
            return True
    return False


def super_of(stream: Stream) -> Super | None:
    """Return the superblock of a disk, the first sound one of those it has; else one that is not, or None."""
    broken = None
    for at in places(stream.size):
        found = parsed(read_at(stream, at, OLD), at, stream.size)
        if found is not None and found.sound:
            return found
        broken = broken or found
    return broken


def parsed(raw: bytes, at: int, size: int) -> Super | None:
    """Return what the bytes at ``at`` say, None where they are no superblock that belongs there."""
    if raw[:4] != MAGIC or len(raw) < FIXED:
        return None
    major = u32(raw, 4)
    if major == 1:
        return _new(raw, at, size) if u64(raw, 144) * SECTOR == at else None
    return _old(raw, size) if major == 0 and len(raw) == OLD and at == ends(size)[1] else None


def _new(raw: bytes, at: int, size: int) -> Super:
    number, most = u32(raw, 160), u32(raw, 220)
    roles = raw[FIXED : FIXED + 2 * most]
    role = u16(roles, 2 * number) if 2 * number + 2 <= len(roles) else SPARE
    features, level = u32(raw, 8), _signed(raw[72:76])
    start = u64(raw, 128) * SECTOR
    data = min(u64(raw, 136) * SECTOR, max(0, size - start))
    used = u64(raw, 80) * SECTOR
    minor = {0: 1, 4096: 2}.get(at, 0)
    return Super(
        f"1.{minor}",
        str(UUID(bytes=raw[16:32])),
        raw[32:64].split(b"\0")[0].decode("utf-8", "replace"),
        level,
        u32(raw, 76),
        u32(raw, 88) * SECTOR,
        u32(raw, 92),
        role if role < SPARE else None,
        number,
        start,
        data if level in (-1, 0) else used,
        u64(raw, 200),
        u64(raw, 152) * SECTOR if features & RECOVERING else None,
        bool(features & RESHAPING),
        u64(raw, 192) & (1 << 40) - 1,
        _sound(raw, FIXED + 2 * most),
        str(UUID(bytes=raw[168:184])),
    )


def _sound(raw: bytes, length: int) -> bool:
    """Say whether the checksum of a superblock 1.x is right: the sum of its words, the rest of two bytes as one."""
    if length > len(raw):
        return False
    data = raw[:216] + bytes(4) + raw[220:length]
    total = sum(u32(data, place) for place in range(0, length // 4 * 4, 4))
    total += u16(data, length // 4 * 4) if length % 4 == 2 else 0
    return ((total & 0xFFFFFFFF) + (total >> 32)) & 0xFFFFFFFF == u32(raw, 216)


def _old(raw: bytes, size: int) -> Super:
    word = [u32(raw, 4 * number) for number in range(OLD // 4)]
    own = word[OLD // 4 - OLD_DISK :]  # its own line of the list, repeated at the end
    active = own[4] & 2 and not own[4] & 1
    level, used = _signed(raw[28:32]), word[8] * 1024
    start_of_super = ends(size)[1]
    return Super(
        "0.90",
        str(UUID(bytes=raw[20:24] + raw[52:64])),
        "",
        level,
        word[64],
        word[65],
        word[10],
        own[3] if active else None,
        own[0],
        0,
        start_of_super if level in (-1, 0) else used,
        word[39] | word[40] << 32,
        None,
        word[2] >= 91 and u64(raw, 45 * 4) not in (0, (1 << 64) - 1) and word[47] > 0,
        word[32],
        _sound_old(raw),
    )


def _sound_old(raw: bytes) -> bool:
    data = raw[: 38 * 4] + bytes(4) + raw[39 * 4 :]
    total = sum(u32(data, place) for place in range(0, OLD, 4))
    return ((total & 0xFFFFFFFF) + (total >> 32)) & 0xFFFFFFFF == u32(raw, 38 * 4)


def _signed(raw: bytes) -> int:
    return int.from_bytes(raw, "little", signed=True)
