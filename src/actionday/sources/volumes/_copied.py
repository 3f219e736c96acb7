"""File systems whose first sectors are lost, by the copy they keep: held against a table that the copy leads to.

A copy alone may be left over from what was on the disk before.

Source: the file systems' own readers; ECMA-119, 6.8.2.2, 8.4, 9.1 (the root directory names itself twice).
"""

from typing import Protocol

from actionday.model import Source, Stream
from actionday.sources.filesystems._mended import seen
from actionday.sources.filesystems.exfat import SOURCE as EXFAT
from actionday.sources.filesystems.fat import SOURCE as FAT
from actionday.sources.filesystems.hfsplus import SOURCE as HFSPLUS
from actionday.sources.volumes._signs import u16, u32

DISC, SECTOR = 32768, 2048
ROOT_WITHIN = 4 << 20
"""Bytes of a disc in which its root directory is looked for."""
RECORD = 34
"""Bytes of the record by which a directory names itself, without what Rock Ridge adds."""
HEADER_NODE = 1


class Copying(Source, Protocol):
    """A source that knows where copies of its first sector lie."""

    def sound(self, raw: bytes) -> bool:
        """Say whether ``raw`` is its first sector."""

    def copies(self, size: int) -> list[tuple[int, int]]:
        """Return where copies of it lie: (offset, bytes)."""


def copying(stream: Stream) -> Copying | None:
    """Return who reads the file system that begins with the stream by the copy of its first sector, None if nobody."""
    known: tuple[Copying, ...] = (FAT, EXFAT, HFSPLUS)
    for source in known:
        for at, length in source.copies(stream.size):
            raw = seen(stream, at, length)
            if len(raw) == length and source.sound(raw) and _vouched(stream, source.name, raw):
                return source
    return None


def _vouched(stream: Stream, name: str, raw: bytes) -> bool:
    """Say whether a table lies where the copy of a first sector says."""
    if name == FAT.name:
        first, length = u16(raw, 14) * u16(raw, 11), u32(raw, 36) * u16(raw, 11)
        heads = (seen(stream, first + number * length, 4) for number in range(raw[16]))
        return any(head[:3] == bytes((raw[21], 0xFF, 0xFF)) for head in heads)
    if name == EXFAT.name:
        return seen(stream, u32(raw, 80) << raw[108], 4) == b"\xf8\xff\xff\xff"
    block, catalog = (int.from_bytes(raw[at : at + 4], "big") for at in (40, 288))
    return seen(stream, block * catalog, 16)[8:9] == bytes((HEADER_NODE,))


def descriptor(stream: Stream) -> dict[int, bytes]:
    """Return a volume descriptor for a disc that lost it, made of its root directory; {} where none is found."""
    raw = seen(stream, DISC, ROOT_WITHIN)
    further = raw[SECTOR : 2 * SECTOR]
    joliet = u32(further, 158) if further[:6] == b"\2CD001" else 0
    for at in range(SECTOR, len(raw) - SECTOR, SECTOR):
        number = (DISC + at) // SECTOR
        if number != joliet and _is_root(raw[at : at + SECTOR], number):
            made = bytearray(SECTOR)
            made[:7] = b"\1CD001\1"
            made[80:84] = (stream.size // SECTOR).to_bytes(4, "little")
            made[128:130] = SECTOR.to_bytes(2, "little")
            made[156:190] = bytes((RECORD,)) + raw[at + 1 : at + RECORD]
            return {DISC: bytes(made)}
    return {}


def _is_root(raw: bytes, number: int) -> bool:
    """Say whether a sector begins with the records of a directory that lies there and is its own parent."""
    at = raw[0]
    if at < RECORD or at + RECORD > len(raw):
        return False
    here = number.to_bytes(4, "little") + number.to_bytes(4, "big")
    return all(
        raw[place + 2 : place + 10] == here
        and raw[place + 25] & 2
        and raw[place + 32 : place + 34] == bytes((1, name))
        for place, name in ((0, 0), (at, 1))
    )
