"""File systems no partition table tells of: looked for in the gaps, where partitions begin.

A table that was damaged, or changed by somebody, leaves what it pointed to where it was.

Source: the super blocks of the file systems, as their own readers have them; partitions begin at whole MiB (all
tools since 2008) or at whole cylinders of 255 heads and 63 sectors, the first behind one track.
"""

from collections.abc import Iterator
from heapq import merge
from typing import NamedTuple

from actionday.model import Context, Damaged, Found, Stream
from actionday.sources.volumes._partition import volume
from actionday.sources.volumes._signs import bitlocker, fat, u16, u32, u64

SECTOR, MIB = 512, 1 << 20
TRACK = 63 * SECTOR
CYLINDER = 255 * TRACK
HEAD = 2048
MOST_PLACES = 1 << 16
"""Places looked at on one disk: the first 64 GiB at every MiB, in half a second."""
SAMPLES, SAMPLE = 64, 4096
SMALLEST = 64 << 10
"""Bytes of a gap worth looking into, and of a file system worth opening."""


class Sign(NamedTuple):
    """What begins at a place, and how many bytes it says it is long (0: it does not say)."""

    kind: str
    size: int


def lost_volumes(stream: Stream, taken: list[tuple[int, int]], around: Context) -> Iterator[Found]:
    """Yield a volume for each file system that begins outside ``taken`` (start and length in bytes); each noted."""
    number, places = 0, 0
    for start, end in _gaps(stream.size, taken):
        behind, before = start, number
        for at in _places(start, end):
            if at < behind:
                continue
            if (places := places + 1) > MOST_PLACES:
                around.note(
                    "unpartitioned", f"looked for file systems outside partitions up to byte {at} only"
                )
                return
            sign = sign_at(stream, at)
            if sign is None or (sign.size and sign.size > 2 * (end - at)):
                continue
            length = min(sign.size or end - at, end - at)
            behind = at + length
            number += 1
            around.note("unpartitioned", f"{sign.kind} at byte {at}, where no partition is")
            meta = {"unpartitioned": True, "type_name": sign.kind}
            yield volume(f"unpartitioned{number}", at, length, stream, meta)
        if number == before and end - start > MIB and holds_data(stream, start, end):
            why = f"{end - start} bytes at byte {start} in no partition hold data: no file system is known there"
            around.note("unpartitioned", why)


def holds_data(stream: Stream, start: int, end: int) -> bool:
    """Say whether any of SAMPLES places in a range holds something but zeros; what cannot be read may."""
    for at in range(start, end, max(SECTOR, (end - start) // SAMPLES)):
        try:
            stream.seek(at)
            if any(stream.read(min(SAMPLE, end - at))):
                return True
        except (Damaged, OSError):
            return True
    return False


def _gaps(size: int, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    at = SECTOR
    for start, length in sorted(taken):
        if start - at >= SMALLEST:
            yield at, min(start, size)
        at = max(at, start + length)
    if size - at >= SMALLEST:
        yield at, size


def _places(start: int, end: int) -> Iterator[int]:
    """Yield where a partition may begin in a gap, in order: its start first."""
    first = -(-start // SECTOR) * SECTOR
    yield first
    last = -1
    for at in merge(
        range(-(-first // MIB) * MIB, end, MIB),
        range(-(-first // CYLINDER) * CYLINDER, end, CYLINDER),
        range(first // CYLINDER * CYLINDER + TRACK, end, CYLINDER),
    ):
        if at > first and at != last:
            yield at
        last = at


def sign_at(stream: Stream, at: int) -> Sign | None:
    """Return the file system that begins at byte ``at``, None where none does or the bytes cannot be read."""
    try:
        stream.seek(at)
        head = stream.read(HEAD)
        found = _boot(head) or _ext(head) or _hfs(head)
        if found is None and head[:4] == b"XFSB":
            found = _xfs(stream, at, head)
        if found is None and at + 0x10048 <= stream.size:
            stream.seek(at + 0x10040)
            found = Sign("Btrfs", 0) if stream.read(8) == b"_BHRfS_M" else None
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
    if head[3:11] == b"NTFS    ":
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


def _xfs(stream: Stream, at: int, head: bytes) -> Sign | None:
    """A super block of group 0: the header of free space behind it says which group it is of."""
    sector = int.from_bytes(head[102:104], "big")
    stream.seek(at + sector)
    group = stream.read(12)
    if group[:4] != b"XAGF" or group[8:12] != bytes(4):
        return None
    return Sign("XFS", int.from_bytes(head[8:16], "big") * int.from_bytes(head[4:8], "big"))
