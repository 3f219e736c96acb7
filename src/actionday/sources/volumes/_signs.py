"""The question whether a boot sector is a partition table or a file system's own."""

from typing import NamedTuple
from uuid import UUID

from actionday.model import Claim, Kind, Peek
from actionday.sources.images._dmg_trailer import SIZE, sound
from actionday.sources.images._parts import joined
from actionday.sources.images._vhd_footer import ends_in_footer
from actionday.sources.volumes._md_super import member
from actionday.sources.volumes._numbers import u16 as u16
from actionday.sources.volumes._numbers import u32 as u32
from actionday.sources.volumes._numbers import u64 as u64

TO_GO = UUID("4967d63b-2e29-4ad8-8399-f6a339e3d001").bytes_le
"""BitLocker's identifier within its boot sector."""
NAME, TO_GO_PLACES = b"-FVE-FS-", (160, 424)
BOOT = (510, b"\x55\xaa")
"""Where a boot sector ends, and how."""


class Slot(NamedTuple):
    """One of the four entries of a master boot record; sectors of 512 bytes."""

    kind: int
    flags: int
    start: int
    length: int

    @property
    def sound(self) -> bool:
        """Whether a tool would write it so."""
        return self.flags in (0, 0x80) and self.start > 0 and self.length > 0


KINDS = {0x01: "FAT12", 0x04: "FAT16", 0x05: "extended", 0x06: "FAT16", 0x07: "NTFS or exFAT", 0x0B: "FAT32",
         0x0C: "FAT32", 0x0E: "FAT16", 0x0F: "extended", 0x27: "Windows recovery", 0x82: "Linux swap",
         0x83: "Linux", 0x85: "extended", 0x8E: "Linux LVM", 0xA5: "FreeBSD", 0xA6: "OpenBSD", 0xA8: "Apple UFS",
         0xAF: "Apple HFS", 0xEE: "GPT", 0xEF: "EFI system", 0xFB: "VMware VMFS", 0xFD: "Linux RAID"}  # fmt: skip
"""Types of partitions in use, by the list of the kernel's ``include/linux/genhd.h`` and Andries Brouwer's."""


def slots(sector: bytes) -> list[Slot]:
    """Return the four entries of a boot record."""
    places = range(446, 510, 16)
    return [Slot(sector[at + 4], sector[at], u32(sector, at + 8), u32(sector, at + 12)) for at in places]


def partitioned(head: bytes, size: int = 0) -> bool:
    """Say whether the first sector is a master boot record with at least one partition, and nothing else.

    A FAT or NTFS boot sector ends in the same two bytes; its table field holds boot code. One bad entry among the
    others, or a bad flag, does not hide a table: then a type in use at a place on the disk (of ``size`` bytes,
    0: not known) speaks for it.
    """
    if len(head) < 512 or head[510:512] != b"\x55\xaa" or boot_sector(head):
        return False
    used = [slot for slot in slots(head) if slot.kind]
    return bool(used) and (all(slot.sound for slot in used) or any(_likely(slot, size) for slot in used))


def _likely(slot: Slot, size: int) -> bool:
    """Say whether boot code, read as an entry, would hardly look like this one."""
    there = slot.start > 0 and slot.length > 0 and slot.kind in KINDS
    return there and (slot.sound or not size or (slot.start + slot.length) * 512 <= size)


def unwrapped(peek: Peek, claim: Claim, *, table: bool = True) -> Claim:
    """Return ``claim``, lowered where something else comes first; a file system's own files ($Boot) are no disks.

    A fixed VHD, and a DMG that packs nothing, begins as the disk in it does, a disk of an array whose superblock is at
    its end as the array. A partition table was written after what lies in the sectors behind it (``table``: such a
    claim rests on those sectors).
    """
    if claim is Claim.NO or peek.kind is Kind.SYSTEM:
        return Claim.NO
    claim = joined(peek, claim)
    if claim > Claim.NAME and (
        (table and partitioned(peek.head, peek.size))
        or ends_in_footer(peek.head, peek.tail)
        or sound(peek.tail[-SIZE:], peek.size)
        or member(peek)
    ):
        return Claim.NAME
    return claim


def bitlocker(head: bytes) -> bool:
    """Say whether the first sector is that of a BitLocker volume (the portable form looks like FAT32).

    Source: Joachim Metz, "BitLocker Drive Encryption (BDE) format specification", volume header.
    """
    return head[3:11] == NAME or TO_GO in [head[at : at + 16] for at in TO_GO_PLACES]


def boot_sector(head: bytes) -> bool:
    """Say whether the first sector belongs to FAT, exFAT, NTFS or BitLocker."""
    return head[3:11] in (b"NTFS    ", b"EXFAT   ") or bitlocker(head) or fat(head)


def fat(head: bytes) -> bool:
    """Say whether the BIOS parameter block of a FAT file system stands in the first sector.

    Source: Microsoft, "FAT: General Overview of On-Disk Format", boot sector and BPB.
    """
    if len(head) < 512 or head[510:512] != b"\x55\xaa" or head[0] not in (0xEB, 0xE9, 0):
        return False
    sector, cluster, reserved, tables = u16(head, 11), head[13], u16(head, 14), head[16]
    return (
        sector in (512, 1024, 2048, 4096)
        and cluster in (1, 2, 4, 8, 16, 32, 64, 128)
        and reserved > 0
        and tables in (1, 2)
        and head[21] >= 0xF0
        and (u16(head, 22) > 0 or u32(head, 36) > 0)
    )
