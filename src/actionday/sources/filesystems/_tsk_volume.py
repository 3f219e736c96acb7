"""A file system opened by the sleuthkit over a ``Reader``: facts about the whole, the walk, content on request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytsk3  # type: ignore[import-not-found] # the binding has no types

from actionday.sources.filesystems import _tsk_ntfs
from actionday.sources.filesystems._tsk_bytes import Missing, Reader
from actionday.sources.filesystems._tsk_content import Content
from actionday.sources.filesystems._tsk_content_fat import ExfatContent, FatContent
from actionday.sources.filesystems._tsk_content_hfs import HfsContent
from actionday.sources.filesystems._tsk_content_ntfs import NtfsContent
from actionday.sources.filesystems._tsk_content_plain import PlainContent
from actionday.sources.filesystems._tsk_facts import Facts
from actionday.sources.filesystems._tsk_fat_times import with_a_time
from actionday.sources.filesystems._tsk_hfs import unlooped
from actionday.sources.filesystems._tsk_protocol import NTFS_UNIT
from actionday.sources.filesystems._tsk_walk import Walk

TYPES: dict[str, int] = {
    "ntfs": pytsk3.TSK_FS_TYPE_NTFS_DETECT,
    "fat": pytsk3.TSK_FS_TYPE_FAT_DETECT,
    "exfat": pytsk3.TSK_FS_TYPE_EXFAT,
    "hfsplus": pytsk3.TSK_FS_TYPE_HFS_DETECT,
}
SECTOR = 512
NTFS_OWN = 24
"""File records below this number are NTFS's own."""


class Image(pytsk3.Img_Info):  # type: ignore[misc]
    """The sleuthkit's view of the stream; ``told`` are bytes it is told instead of those on the disk, what
    ``mend`` makes of others as well.

    It reads 64 KiB at a time. Where only a part of them is missing, that part reads as zeros and is kept in
    ``gaps``: names elsewhere are still found, and who reads content asks ``missing`` first.
    """

    def __init__(
        self, reader: Reader, told: Mapping[int, bytes], mend: Callable[[int, bytes], bytes] | None = None
    ) -> None:
        self.reader, self.told, self.mend = reader, told, mend
        self.gaps: dict[int, str] = {}
        super().__init__(url="", type=pytsk3.TSK_IMG_TYPE_EXTERNAL)

    def close(self) -> None:
        """Nothing is held."""

    def read(self, offset: int, size: int) -> bytes:
        """Return up to ``size`` bytes."""
        try:
            data = self.reader.at(offset, size)
        except Missing:
            data = b"".join(
                self._piece(at, min(SECTOR, offset + size - at))
                for at in range(offset, offset + size, SECTOR)
            )
        for at, value in self.told.items():
            if offset <= at and at + len(value) <= offset + len(data):
                data = data[: at - offset] + value + data[at - offset + len(value) :]
        return self.mend(offset, data) if self.mend else data

    def _piece(self, offset: int, size: int) -> bytes:
        try:
            return self.reader.at(offset, size)
        except Missing as error:
            self.gaps[offset] = str(error)
            return bytes(size)

    def get_size(self) -> int:
        """Return the size of the stream in bytes."""
        return self.reader.size

    def missing(self, offset: int, length: int) -> str | None:
        """Return why a range cannot be read whole, as far as it was tried."""
        return next(
            (why for at, why in self.gaps.items() if at < offset + length and offset < at + SECTOR), None
        )


@dataclass
class Opened:
    """One open file system."""

    volume: Any
    image: Image
    walk: Walk
    unit: int
    """Bytes that are compressed together; 0 where nothing tells."""
    meta: dict[str, Any] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    _last: tuple[int, Any] | None = None
    _gaps: int = 0

    def read(self, inode: int, kind: int, number: int, offset: int, length: int) -> bytes:
        """Return ``length`` bytes of a file the sleuthkit has to unpack, fewer at its end.

        Raises OSError where not all of them can be: who wants what lies before that asks for less (``gaps.reached``).
        """
        if self._last is None or self._last[0] != inode:
            self._last = (inode, self.volume.open_meta(inode=inode))
        found = self._last[1]
        which = (kind, number) if kind >= 0 else ()
        try:
            return bytes(found.read_random(offset, length, *which))
        finally:
            self._whole(found, offset, length)

    def _whole(self, found: Any, offset: int, length: int) -> None:
        """Raise Missing where a compression unit of these bytes lies in a gap: the sleuthkit took it for zeros.

        Of HFS+, whose file does not tell where its units lie, where any of it does.
        """
        if not self.image.gaps:
            return
        block, unit = int(self.volume.info.block_size), self.unit
        first = offset // unit * unit // block if unit else 0
        last = -(-(offset + length) // unit) * unit // block if unit else 1 << 62
        for attribute in found:
            for run in attribute:
                at, count = int(run.offset), int(run.len)
                part, end = max(at, first), min(at + count, last)
                why = part < end and self.image.missing(
                    (int(run.addr) + part - at) * block, (end - part) * block
                )
                if why:
                    raise Missing(why)

    def told(self) -> list[tuple[str, str, str]]:
        """Return (code, reason, path) of what concerns no single entry and was not told yet."""
        notes, self.walk.notes = self.walk.notes, []
        if len(self.image.gaps) > self._gaps:
            why = list(self.image.gaps.values())[self._gaps]
            many = (len(self.image.gaps) - self._gaps) * SECTOR
            notes.append(("gap", f"{many} bytes read as zeros while the names were listed: {why}", ""))
            self._gaps = len(self.image.gaps)
        return notes


def opened(reader: Reader, kind: str) -> Opened:
    """Open ``reader`` as ``kind``, a key of TYPES. Raises OSError, BadMap or Missing."""
    content, meta, notes, system = PREPARE[kind](reader)
    told, loop = unlooped(reader) if kind == "hfsplus" else ({}, "")
    notes += [("loop", loop)] if loop else []
    image = Image(reader, told, with_a_time if kind == "exfat" else None)
    volume = pytsk3.FS_Info(image, offset=0, type=TYPES[kind])
    if isinstance(content, PlainContent):
        content.block = int(volume.info.block_size)
    size = int(volume.info.block_count) * int(volume.info.block_size)
    if size > reader.size:
        notes.append(("short", f"the file system is {size} bytes long, {reader.size} are there"))
        meta |= {"told": size}
    block = int(volume.info.block_size)
    unit = block * NTFS_UNIT if kind == "ntfs" else 0
    return Opened(volume, image, Walk(volume, content, system), unit, meta | {"block": block}, notes)


Prepared = tuple[Content, dict[str, Any], list[tuple[str, str]], Callable[[Facts], bool]]


def _ntfs(reader: Reader) -> Prepared:
    table = _tsk_ntfs.Table(reader)
    content, notes = NtfsContent(table), [("damaged", table.damage)] if table.damage else []
    return content, {}, notes, lambda one: one.inode < NTFS_OWN or one.path.startswith(b"$Extend/")


def _exfat(reader: Reader) -> Prepared:
    content = ExfatContent(reader)
    return content, {"zone": "assumed UTC"}, [], lambda one: one.type == "virtual" or content.reserves(one)


def _fat(reader: Reader) -> Prepared:
    return FatContent(reader), {"zone": "assumed UTC"}, [], lambda one: one.type == "virtual"


def _hfs(reader: Reader) -> Prepared:
    return HfsContent(reader), {}, [], _virtual


def _virtual(one: Facts) -> bool:
    """Say whether it is a file system's own: of HFS+ by its number, which no file of a user has."""
    return one.type == "virtual" or (one.path.startswith(b"$") and one.inode < 16)


PREPARE: dict[str, Callable[[Reader], Prepared]] = {
    "ntfs": _ntfs,
    "fat": _fat,
    "exfat": _exfat,
    "hfsplus": _hfs,
}

__all__ = ["Missing", "Opened", "opened"]
