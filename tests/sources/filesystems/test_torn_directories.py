"""A directory of which one chunk in the middle cannot be had: every name in what can be had is listed, the loss is told."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from disk_makers import MIB, ext, fat, iso, ntfs, tree, udf, xfs
from disk_tools import around, companions, needs

from actionday.model import Damaged, Found, Note, Source, Status
from actionday.sources.filesystems import ext as of_ext
from actionday.sources.filesystems import fat as of_fat
from actionday.sources.filesystems import iso9660 as of_iso
from actionday.sources.filesystems import ntfs as of_ntfs
from actionday.sources.filesystems import udf as of_udf
from actionday.sources.filesystems import xfs as of_xfs
from actionday.testing.context import Bytes

pytestmark = pytest.mark.tools
CHUNK, WIDEST = 4096, 300
"""Bytes that cannot be had, and of the widest entry of a name."""
NAMES = [f"number_{n:04}_of_the_kestrel_club.txt" for n in range(300)]
FILES = {f"sub/{name}": b"kept as %s\n" % name.encode() for name in NAMES}


class Torn(Bytes):
    """A stream of which one stretch cannot be had, as of an image with a damaged chunk."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        super().__init__(data)
        self.start, self.end = start, end

    def read(self, size: int | None = -1, /) -> bytes:
        at = self.tell()
        data = super().read(size)
        if at < self.end and at + len(data) > self.start:
            raise Damaged("chunk 7: its checksum differs")
        return data


class Disk(NamedTuple):
    """A kind of disk: how it is made, who reads it, a name as it stands in a directory there."""

    make: Callable[[Path, Path], Path]
    source: Source
    stored: Callable[[str], bytes] = str.encode
    told: int = 4096
    """Bytes of names that are said to be missing."""


def wide(name: str) -> bytes:
    return name.encode("utf-16-le")


DISKS = {
    "ext2": Disk(
        lambda at, files: ext(at, files, "-b", "1024", size=8 * MIB, kind="ext2"), of_ext.SOURCE, told=1024
    ),
    "ext4": Disk(lambda at, files: ext(at, files, "-b", "4096"), of_ext.SOURCE),
    "xfs": Disk(xfs, of_xfs.SOURCE),
    "rock ridge": Disk(lambda at, files: iso(at, files, "-R"), of_iso.SOURCE),
    "joliet": Disk(
        lambda at, files: iso(at, files, "-J", "-joliet-long"),
        of_iso.SOURCE,
        lambda name: name.encode("utf-16-be"),
    ),
    "udf": Disk(udf, of_udf.SOURCE),
    "fat": Disk(fat, of_fat.SOURCE, lambda name: wide(name[7:11])),
    "ntfs": Disk(ntfs, of_ntfs.SOURCE, wide),
}


@needs("mkfs.ext4", "mkfs.xfs", "genisoimage", "mkfs.fat", "mcopy", "mkntfs", "ntfscp")
@pytest.mark.parametrize("kind", DISKS)
def test_every_name_in_what_can_be_had_is_listed(kind: str, tmp_path: Path) -> None:
    disk = DISKS[kind]
    files = dict.fromkeys(NAMES, b"kept") if kind == "ntfs" else FILES  # ntfscp makes no folders
    raw = disk.make(tmp_path / "d", tree(tmp_path / "t", files)).read_bytes()
    hidden = raw.replace(b"kept as number", b"kept as ______")  # what the files hold
    places = {name: hidden.index(disk.stored(name)) for name in NAMES}
    start = places[NAMES[200]] // CHUNK * CHUNK
    found, notes, _ = listing(disk.source, Torn(raw, start, start + CHUNK))
    lost = set(NAMES) - {each.name.rpartition("/")[2] for each in found}
    torn = {name for name in NAMES if start - WIDEST < places[name] < start + CHUNK + WIDEST}
    assert lost <= torn
    assert len(torn) < 150
    told = [note.reason for note in notes if note.code in ("directory", "gap")]
    assert any(f"{disk.told} bytes" in reason and "chunk 7" in reason for reason in told)
    if lost and kind != "fat":
        (row,) = (each for each in found if each.name == "sub")
        assert row.status is Status.UNREADABLE
    if kind in ("ext2", "ext4", "xfs"):  # which have another list of them
        assert sum(each.place.startswith("unnamed:") for each in found) == len(lost) > 0
    assert len({each.place for each in found}) == len(found)


@needs("mkfs.fat", "mcopy")
def test_a_directory_of_fat_without_its_beginning_does_not_end_the_listing(tmp_path: Path) -> None:
    raw = fat(tmp_path / "d", tree(tmp_path / "t", FILES | {"zz/last.txt": b"the last"})).read_bytes()
    start = raw.index(b".          ") // 2048 * 2048
    found, notes, ended = listing(of_fat.SOURCE, Torn(raw, start, start + 2048))
    assert "zz/last.txt" in {each.name for each in found}
    assert not ended
    (row,) = (each for each in found if each.name == "sub")
    assert (row.status, "its first bytes cannot be had" in row.reason) == (Status.UNREADABLE, True)
    assert {note.code for note in notes} >= {"directory", "gap"}
    assert len({each.name for each in found} & set(FILES)) > 250


@needs("genisoimage")
def test_a_disc_is_listed_whatever_of_it_cannot_be_had(tmp_path: Path) -> None:
    raw = iso(tmp_path / "d", tree(tmp_path / "t", FILES), "-R", "-udf").read_bytes()
    for start in range(17 * 2048, 128 * 2048, 5 * 2048):
        found, notes, ended = listing(of_iso.SOURCE, Torn(raw, start, start + 2048))
        assert len({each.name for each in found} & set(FILES)) > 250, (
            start,
            ended,
            [n.reason for n in notes],
        )


def listing(source: Source, stream: Bytes) -> tuple[list[Found], list[Note], str]:
    """Return the items of a disk, what is noted of it, and what it ended in."""
    found: list[Found] = []
    with companions() as started:
        context = around("disk", started)
        try:
            found.extend(source.items(stream, context))
        except Damaged as error:
            return found, context.notes, f"{error}"
    return found, context.notes, ""
