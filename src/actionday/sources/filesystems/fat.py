"""FAT12, FAT16 and FAT32. Times are local without a zone: told as if UTC, and said so.

Source: Microsoft, "FAT: General Overview of On-Disk Format", version 1.03 (2000).
"""

from actionday.model import Claim, Context, Peek, Stream
from actionday.sources.filesystems._fat_tables import from_second
from actionday.sources.filesystems._tsk_source import TskSource
from actionday.sources.volumes._signs import BOOT, bitlocker, fat, u16, u32, unwrapped

COPY = 6 * 512


class Fat(TskSource):
    """FAT volumes."""

    name, sample = "fat", "fat32.raw"
    binary = True
    marks = (BOOT, (COPY + BOOT[0], BOOT[1]))

    mirror = "the first table is damaged: the second is used for what cannot be right in it"

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a BIOS parameter block that makes sense; MAGIC for the copy FAT32 keeps of it."""
        head = peek.head[:512]
        if not any(head) and self.sound(peek.head[COPY : COPY + 512]):
            return unwrapped(peek, Claim.MAGIC, table=False)
        other = head[3:11] in (b"NTFS    ", b"EXFAT   ") or bitlocker(head)
        if other or not fat(head) or peek.size <= _data(head):
            return Claim.NO
        return unwrapped(peek, Claim.STRUCTURE, table=False)

    def sound(self, raw: bytes) -> bool:
        """Say whether ``raw`` is a boot sector of FAT."""
        return fat(raw[:512]) and raw[3:11] not in (b"NTFS    ", b"EXFAT   ")

    def copies(self, size: int) -> list[tuple[int, int]]:
        """Return the sector in which FAT32 keeps a copy."""
        return [(COPY, 512)] if size > COPY else []

    def mirrored(self, stream: Stream, around: Context, /) -> dict[int, bytes]:
        """Return what the second table tells for the first."""
        return from_second(stream, around)


def _data(head: bytes) -> int:
    """Return the byte at which clusters begin: a file that ends before is a copy of a boot sector."""
    tables = head[16] * (u16(head, 22) or u32(head, 36))
    return (u16(head, 14) + tables) * u16(head, 11) + u16(head, 17) * 32


SOURCE = Fat()
