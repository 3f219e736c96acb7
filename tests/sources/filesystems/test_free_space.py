"""Which bytes belong to no file: what the file system's own tools count as free, and no byte of any file.

The counts come from e2fsprogs, xfsprogs, ntfs-3g and dosfstools.
"""

import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
for folder in (HERE.parent, HERE):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from disk_makers import MIB, blank, ext, fat, ntfs, tree, xfs
from disk_tools import listing, needs, run
from hfs_writer import volume

from actionday.model import Found, Run, Source
from actionday.pipeline.free import Ends, Free
from actionday.sources.filesystems._ext_free import free_runs
from actionday.sources.filesystems._ext_inode import Super
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems.exfat import SOURCE as EXFAT
from actionday.sources.filesystems.ext import SOURCE as EXT
from actionday.sources.filesystems.fat import SOURCE as FAT
from actionday.sources.filesystems.hfsplus import SOURCE as HFS
from actionday.sources.filesystems.ntfs import SOURCE as NTFS
from actionday.sources.filesystems.xfs import SOURCE as XFS
from actionday.testing.context import Alone, Bytes

FILES = {
    "a.txt": b"The Kestrel club meets on Thursdays.\n" * 99,
    "b.bin": bytes(range(1, 255)) * 500,
    "c": b"c",
}


def free_of(source: Source, path: Path) -> tuple[tuple[Run, ...], list[Found], Alone, Bytes]:
    stream = Bytes(path.read_bytes())
    items, context, _ = listing(source, stream)
    apart(context.free, items)
    return context.free, items, context, stream


def apart(free: Sequence[Run], items: Sequence[Found]) -> None:
    """Assert that free ranges are in order, and that none holds a byte of a file that is there."""
    end = 0
    for start, size in free:
        assert start >= end and size > 0
        end = start + size
    for each in items:
        if each.kind != "deleted" and each.runs and each.name not in ("$BadClus/$Bad", "$Boot"):
            for start, size in each.runs:
                hits = [run for run in free if run[0] < start + size and start < sum(run)]
                assert not hits or start < 0, f"{each.name}: {start}+{size} is in {hits}"


def size_of(free: Sequence[Run]) -> int:
    return sum(size for _, size in free)


def number(pattern: str, said: bytes) -> int:
    found = re.search(pattern, said.decode())
    assert found, said
    return int(found[1])


@needs("mkfs.ext4", "dumpe2fs")
@pytest.mark.parametrize(
    "options",
    [(), ("-O", "^flex_bg"), ("-O", "bigalloc", "-C", "16384"), ("-O", "^uninit_bg,^metadata_csum"), ("-b", "4096"),
     ("-O", "meta_bg,^resize_inode"), ("-O", "sparse_super2"), ("-g", "512")],
    ids=str,
)  # fmt: skip
def test_ext_has_as_many_free_blocks_as_e2fsprogs_counts(options: tuple[str, ...], tmp_path: Path) -> None:
    disk = ext(tmp_path / "disk", tree(tmp_path / "t", FILES), *options, size=64 * MIB)
    free, _, context, _ = free_of(EXT, disk)
    said = run("dumpe2fs", "-h", disk)
    assert size_of(free) == number(r"Free blocks: +(\d+)", said) * number(r"Block size: +(\d+)", said)
    assert not [note for note in context.notes if note.code == "unallocated"]


@needs("mkfs.xfs", "xfs_db")
def test_xfs_has_as_many_free_blocks_as_xfsprogs_counts(tmp_path: Path) -> None:
    disk = xfs(tmp_path / "disk", tree(tmp_path / "t", FILES))
    free, *_ = free_of(XFS, disk)
    said = run("xfs_db", "-r", "-c", "freesp -s", disk)
    kept = re.findall(
        rb"flcount = (\d+)", run("xfs_db", "-r", "-c", "agf 0", "-c", "p", "-c", "agf 1", "-c", "p", disk)
    )
    of_trees = sum(map(int, kept))  # blocks that the trees of free blocks keep for themselves
    assert len(kept) == 2
    assert size_of(free) == (number(r"total free blocks (\d+)", said) - of_trees) * 4096


@needs("mkntfs", "ntfsinfo", "ntfscp")
def test_ntfs_has_as_many_free_clusters_as_ntfs_3g_counts(tmp_path: Path) -> None:
    disk = ntfs(tmp_path / "disk", tree(tmp_path / "t", FILES))
    free, *_ = free_of(NTFS, disk)
    said = run("ntfsinfo", "-m", "-f", disk)
    assert size_of(free) == number(r"Free Clusters: (\d+)", said) * number(r"Cluster Size: (\d+)", said)


@needs("mkfs.fat", "fsck.fat", "mcopy")
@pytest.mark.parametrize(("bits", "size"), [(12, 4), (16, 16), (32, 64)])
def test_fat_has_as_many_free_clusters_as_dosfstools_counts(bits: int, size: int, tmp_path: Path) -> None:
    disk = fat(tmp_path / "disk", tree(tmp_path / "t", FILES), bits, size * MIB)
    free, _, context, _ = free_of(FAT, disk)
    said = run("fsck.fat", "-n", "-v", disk).decode()
    used, count = map(int, re.findall(r"(\d+)/(\d+) clusters", said)[-1])
    assert size_of(free) == (count - used) * context.units[0]


@needs("mkfs.exfat")
def test_exfat_calls_all_free_that_its_own_files_do_not_take(tmp_path: Path) -> None:
    run("mkfs.exfat", "-c", "4096", "-b", "4096", blank(tmp_path / "disk", 4 * MIB))
    free, *_ = free_of(EXFAT, tmp_path / "disk")
    assert 0 < size_of(free) < 4 * MIB


def test_hfs_tells_what_its_allocation_file_has_as_free(tmp_path: Path) -> None:
    (tmp_path / "disk").write_bytes(data := volume(FILES))
    free, *_ = free_of(HFS, tmp_path / "disk")
    assert 0 < size_of(free) < len(data)


@needs("mkfs.ext4", "debugfs")
def test_no_range_lies_behind_the_end_of_a_disk_that_was_cut(tmp_path: Path) -> None:
    disk = ext(tmp_path / "disk", tree(tmp_path / "t", FILES), "-b", "1024", "-O", "^flex_bg", size=24 * MIB)
    data = disk.read_bytes()[: 17 * MIB]
    context = Alone("disk")
    list(EXT.items(Bytes(data), context))
    assert all(sum(run) <= len(data) for run in context.free)


@needs("mkfs.ext4")
def test_slack_is_what_follows_each_file_in_its_last_block(tmp_path: Path) -> None:
    disk = ext(tmp_path / "disk", tree(tmp_path / "t", FILES), "-b", "4096")
    data = bytearray(disk.read_bytes())
    _, items, context, _ = free_of(EXT, disk)
    ends = Ends()
    for each in items:
        ends.add(each)
    free = Free.of(context.free, *context.units)
    slack = next(each for each in free.all(ends, len(data)) if each.name == "$Slack")
    places = {each.name: sum(each.runs[-1]) for each in items if each.name in FILES and each.runs}
    assert {(end, 4096 - end % 4096) for end in places.values() if end % 4096} <= set(slack.runs or ())
    apart(slack.runs or (), items)


def test_more_ranges_than_one_item_holds_are_several() -> None:
    free = Free.of(((2 * number, 1) for number in range(70_000)), 1, 0)
    first, second = free.all(Ends(), 1 << 20)
    assert (first.name, second.name) == ("$Unallocated", "$Unallocated 2")
    assert (first.size or 0) + (second.size or 0) == 70_000


@needs("mkfs.ext4")
def test_no_byte_of_a_super_block_makes_its_free_space_long_or_raises_another_error(tmp_path: Path) -> None:
    data = bytearray(ext(tmp_path / "disk", tree(tmp_path / "t", FILES), size=4 * MIB).read_bytes())
    for at in range(1024, 1024 + 360):
        kept, data[at] = data[at], 0xFF - data[at]
        with suppress(BadMap, Missing):
            volume = Super(reader_of(Bytes(bytes(data))))
            assert size_of(list(free_runs(volume, Alone("disk")))) <= len(data)
        data[at] = kept
