"""File systems no partition table tells of: looked for in the gaps, at every sector.

A table that was damaged, or changed by somebody, leaves what it pointed to where it was; and what was put beside the
partitions on purpose begins where it likes. The gaps are read through once, and it is said what else they hold.

Source: the super blocks of the file systems, as their own readers have them.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from actionday.model import Context, Damaged, Found, Kind, Loss, Stream
from actionday.model.streams import read_at
from actionday.sources.filesystems._squash_super import sane
from actionday.sources.filesystems._ufs_super import size_of
from actionday.sources.volumes._held import PIECE, Held, Holding, next_data, pieces
from actionday.sources.volumes._scan import places
from actionday.sources.volumes._signs import bitlocker, fat, u16, u32, u64

SECTOR, MIB = 512, 1 << 20
HEAD = 2048
MOST_VOLUMES = 1000
"""File systems listed outside the partitions of one disk; no disk has as many, a hostile one has one at each sector."""
SECTORS = (256, 512, 1024, 2048, 4096)
SMALLEST = 64 << 10
"""Bytes of a gap worth looking into, and of a file system worth opening."""


class Sign(NamedTuple):
    """What begins at a place, and how many bytes it says it is long (0: it does not say)."""

    kind: str
    size: int


class Lost(NamedTuple):
    """A file system outside of partitions."""

    at: int
    length: int
    kind: str


def lost_volumes(
    stream: Stream,
    taken: list[tuple[int, int]],
    around: Context,
    *,
    quiet: int = MIB,
    code: str = "unpartitioned",
    where: str = "in no partition",
    tell: Callable[[Holding], None] | None = None,
) -> Iterator[Found]:
    """Yield a volume for each file system that begins outside ``taken`` (start and length in bytes); each noted.

    What else the gaps hold is noted too, with its place (``code``), where a stretch is longer than ``quiet`` bytes:
    shorter ones the caller makes items of (``_unclaimed.between``). ``where`` is said of it.
    ``tell``: is given what a stretch holds, instead of a note.
    """

    def noted(held: Holding) -> None:
        around.note(code, gap(held, where))

    number = 0
    tell = tell or noted
    for start, end in _gaps(stream.size, taken):
        held = Held()
        at = start
        for lost in _lost(stream, start, end, held):
            if (number := number + 1) > MOST_VOLUMES:
                around.note(
                    Loss.PARTS_LIMIT, f"looked for file systems outside partitions up to byte {lost.at} only"
                )
                return
            around.note("unpartitioned", f"{lost.kind} at byte {lost.at}, {where}")
            name, meta = f"unpartitioned{number}", {"unpartitioned": True, "type_name": lost.kind}
            yield Found(name=name, kind=Kind.VOLUME, place=name, size=lost.length, runs=((lost.at, lost.length),),
                        meta={"start": lost.at, "length": lost.length, **meta})  # fmt: skip
            _tell(held, at, lost.at, quiet, tell)
            at = lost.at + lost.length
        _tell(held, at, end, quiet, tell)


def gap(held: Holding, where: str) -> str:
    """Say what a stretch holds."""
    return held.saying(f", {where}," if held.data else f", {where}", " in no file system")


def _tell(held: Held, start: int, end: int, quiet: int, tell: Callable[[Holding], None]) -> None:
    """Tell what a stretch without a file system holds."""
    if end - start > quiet and (within := held.within(start, end)):
        tell(within)


def _lost(stream: Stream, start: int, end: int, held: Held) -> Iterator[Lost]:
    """Yield the file systems of a gap, in order; ``held`` takes in what was read outside of them.

    One that does not say how long it is ends where the next begins: what is behind its mark is not hidden by it.
    """
    at = free = start
    endless: Lost | None = None
    while (at := next_data(stream, at, end)) < end:
        stop = min(end, (at // PIECE + 1) * PIECE)
        for piece in pieces(stream, at, stop):
            held.add(piece)
            for place, kind in places(piece):
                if not free <= place < end:
                    continue
                sign = Sign(kind, 0) if kind else sign_at(stream, place)
                if sign is None or (sign.size and sign.size > 2 * (end - place)):
                    continue
                if endless is not None:
                    yield endless._replace(length=place - endless.at)
                    endless = None
                lost = Lost(place, min(sign.size or end - place, end - place), sign.kind)
                free = place + (lost.length if sign.size else SMALLEST)
                if sign.size:
                    yield lost
                else:
                    endless = lost
        at = max(stop, free) if endless is None else stop
    if endless is not None:
        yield endless


def _gaps(size: int, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    at = SECTOR
    for start, length in sorted(taken):
        if min(start, size) - at >= SMALLEST:
            yield at, min(start, size)
        at = max(at, start + length)
    if size - at >= SMALLEST:
        yield at, size


def sign_at(stream: Stream, at: int) -> Sign | None:
    """Return the file system that begins at byte ``at``, None where none does or the bytes cannot be read."""
    try:
        stream.seek(at)
        head = stream.read(HEAD)
        found = _boot(head) or _ext(head) or _hfs(head) or _apfs(head) or _squash(head)
        if found is None and head[:4] == b"XFSB":
            found = _xfs(stream, at, head)
        if found is None:
            found = _btrfs(read_at(stream, at + 0x10000, 256)) or _iso(read_at(stream, at + 0x8000, HEAD))
        if found is None and (size := size_of(lambda place, length: read_at(stream, at + place, length))):
            found = Sign("UFS", size)
    except (Damaged, OSError):
        return None
    return found if found is None or not found.size or found.size >= SMALLEST else None


def _boot(head: bytes) -> Sign | None:
    sector = u16(head, 11)
    if head[:6] == b"LUKS\xba\xbe":
        return Sign("LUKS", 0)
    if any(head[place : place + 8] == b"LABELONE" for place in range(0, HEAD, SECTOR)):
        return Sign("LVM2", 0)
    if bitlocker(head):
        return Sign("BitLocker", 0)
    if head[3:11] == b"NTFS    " and sector in SECTORS:
        return Sign("NTFS", (u64(head, 40) + 1) * sector)
    if head[3:11] == b"EXFAT   ":
        return Sign("exFAT", u64(head, 72) << min(head[108], 12))
    if fat(head) and (u16(head, 19) or u32(head, 32)):
        return Sign("FAT", (u16(head, 19) or u32(head, 32)) * sector)
    return None


def _ext(head: bytes) -> Sign | None:
    """A super block of group 0: the copies in other groups carry their group's number."""
    block = head[1024:]
    if u16(block, 56) != 0xEF53 or u16(block, 90) or u32(block, 24) > 6 or not u32(block, 40):
        return None
    return Sign("ext", u32(block, 4) << 10 + u32(block, 24))


def _hfs(head: bytes) -> Sign | None:
    if head[1024:1028] not in (b"H+\x00\x04", b"HX\x00\x05"):
        return None
    return Sign("HFS+", int.from_bytes(head[1064:1068], "big") * int.from_bytes(head[1068:1072], "big"))


def _apfs(head: bytes) -> Sign | None:
    if head[32:36] != b"NXSB" or u32(head, 36) not in (4096, 8192, 16384, 32768, 65536):
        return None
    return Sign("APFS", u64(head, 40) * u32(head, 36))


def _squash(head: bytes) -> Sign | None:
    return Sign("SquashFS", u64(head, 40)) if sane(head) else None


def _btrfs(block: bytes) -> Sign | None:
    """A first super block: the copies of it further on say where they stand themselves."""
    if block[64:72] != b"_BHRfS_M" or u64(block, 48) != 0x10000:
        return None
    return Sign("Btrfs", u64(block, 209) or u64(block, 112))  # of this device, else of all


def _iso(sector: bytes) -> Sign | None:
    """The first of the volume descriptors; a UDF volume without ISO 9660 does not say here how long it is."""
    if sector[1:6] == b"CD001" and sector[0] <= 3:
        return Sign("ISO 9660", u32(sector, 80) * u16(sector, 128) if sector[0] == 1 else 0)
    return Sign("UDF", 0) if sector[:7] == b"\0BEA01\x01" else None


def _xfs(stream: Stream, at: int, head: bytes) -> Sign | None:
    """A super block of group 0: the header of free space behind it says which group it is of."""
    sector = int.from_bytes(head[102:104], "big")
    stream.seek(at + sector)
    group = stream.read(12)
    if group[:4] != b"XAGF" or group[8:12] != bytes(4):
        return None
    return Sign("XFS", int.from_bytes(head[8:16], "big") * int.from_bytes(head[4:8], "big"))
