"""A damaged directory does not take its files with it, and is never taken for a small one.

What was lost has no name any more: it is found by the file system's other lists (inodes, file records, clusters).
"""

import struct
from pathlib import Path

import pytest
from damaged import Held, Listed, inode_of, patched
from disk_makers import HASHES, MIB, TREE, ext, tree, xfs
from disk_tools import needs, run, sha256

from actionday.model import Kind, Status
from actionday.sources.filesystems import ext as ext_source
from actionday.sources.filesystems import xfs as xfs_source
from actionday.sources.filesystems._ext_fields import size_of
from actionday.sources.filesystems._ext_inode import Super
from actionday.sources.filesystems._ext_map import runs_of

pytestmark = pytest.mark.tools
MANY = {f"sub/number {n:02}.txt": b"the Kestrel club, number %d\n" % n for n in range(60)}


def block_of(raw: bytes, inode: int) -> int:
    """Return the byte at which the names of an ext directory begin."""
    volume = Super(Held(raw))
    held = volume.inode(inode)[1]
    return runs_of(volume, inode, held, size_of(held))[0][0]


@pytest.fixture(scope="module", params=["ext2", "ext4"])
def disk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    where = tmp_path_factory.mktemp(request.param)
    source = tree(tree(where / "t"), MANY)
    return ext(where / "d", source, "-b", "1024", size=8 * MIB, kind=request.param).read_bytes()


ext_tools = needs("mkfs.ext4")


@ext_tools
def test_a_zeroed_directory_block_loses_names_and_no_file(disk: bytes) -> None:
    inode = inode_of(Listed(ext_source.SOURCE, disk), "sub")
    listed = Listed(ext_source.SOURCE, patched(disk, block_of(disk, inode), bytes(1024)))
    assert listed.named("sub").status is Status.UNREADABLE
    assert listed.ended is None
    assert {sha256(body) for body in MANY.values()} | set(HASHES.values()) <= listed.hashes()
    lost = [each for each in listed.found if each.place.startswith("unnamed:")]
    assert lost
    assert all(each.kind is Kind.FILE and each.name.startswith("$Unnamed/inode-") for each in lost)
    assert {"directory", "unnamed"} <= listed.codes()
    assert len({each.place for each in listed.found}) == len(listed.found)


@ext_tools
def test_a_zeroed_root_ends_the_volume_as_damaged_and_its_files_are_listed(disk: bytes) -> None:
    listed = Listed(ext_source.SOURCE, patched(disk, block_of(disk, 2), bytes(1024)))
    assert listed.ended is not None
    assert "root directory" in str(listed.ended)
    assert {sha256(body) for body in MANY.values()} | set(HASHES.values()) <= listed.hashes()
    docs = next(each.name for each in listed.found if each.name.endswith("/schedule.html"))
    assert docs.startswith(
        "$Unnamed/inode-"
    )  # below its directory, which has lost its name and kept its own names
    assert sum(each.name.endswith("deep/er/still/file") for each in listed.found) == 1


@ext_tools
def test_live_files_behind_a_changed_entry_are_not_called_deleted(disk: bytes) -> None:
    """The first entry is made as long as the block: those behind it look removed, and are in use."""
    at = block_of(disk, inode_of(Listed(ext_source.SOURCE, disk), "docs"))
    listed = Listed(ext_source.SOURCE, patched(disk, at + 12 + 4, struct.pack("<H", 1024 - 12 - 12)))
    assert set(HASHES.values()) <= listed.hashes()
    assert listed.named("docs/schedule.html").kind is Kind.FILE
    assert listed.named("docs/schedule.html").meta["unnamed"]
    assert sha256(listed.bodies["docs/deep/er/still/file"]) == HASHES["docs/deep/er/still/file"]
    assert "name" in listed.codes()
    assert not [each for each in listed.found if "another name" in each.reason]


@ext_tools
@needs("debugfs")
def test_a_name_whose_inode_another_leads_to_says_so_and_only_then(tmp_path: Path) -> None:
    path = ext(tmp_path / "d", tree(tmp_path / "t"), size=8 * MIB)
    (tmp_path / "new").write_bytes(b"written later\n")
    before = inode_of(Listed(ext_source.SOURCE, path.read_bytes()), "docs/schedule.html")
    commands = f"rm docs/schedule.html\ncd media\nwrite {tmp_path / 'new'} later.txt\n"
    run("debugfs", "-w", "-f", "-", path, feed=commands.encode())
    listed = Listed(ext_source.SOURCE, path.read_bytes())
    assert inode_of(listed, "media/later.txt") == before  # given anew
    removed = [each for each in listed.found if each.name == "docs/schedule.html"]
    assert [(each.kind, "another name" in each.reason) for each in removed] == [(Kind.DELETED, True)]
    assert not listed.context.notes


@ext_tools
@needs("debugfs")
def test_a_file_removed_while_it_was_open_is_whole(tmp_path: Path) -> None:
    """In use, of no links and no name: a running server's log, as a seizure finds it."""
    path = ext(tmp_path / "d", tree(tmp_path / "t"), size=8 * MIB)
    inode = inode_of(Listed(ext_source.SOURCE, path.read_bytes()), "media/odd.bin")
    run(
        "debugfs", "-w", "-f", "-", path, feed=f"unlink media/odd.bin\nsif <{inode}> links_count 0\n".encode()
    )
    listed = Listed(ext_source.SOURCE, path.read_bytes())
    (lost,) = (each for each in listed.found if each.place == f"unnamed:{inode}")
    assert (lost.kind, lost.reason) == (Kind.DELETED, "deleted while it was open: whole")
    assert sha256(listed.bodies[lost.name]) == HASHES["media/odd.bin"]


@ext_tools
def test_a_bitmap_that_calls_every_inode_free_is_noted_and_hides_nothing(disk: bytes) -> None:
    volume = Super(Held(disk))
    bitmap = int.from_bytes(volume.group(0)[4:8], "little") * volume.block
    listed = Listed(ext_source.SOURCE, patched(disk, bitmap, bytes(64)))
    assert set(HASHES.values()) <= listed.hashes()
    assert "allocation" in listed.codes()


@pytest.fixture(scope="module")
def xfs_disk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    where = tmp_path_factory.mktemp("xfs")
    files = {name.replace(" ", "_"): data for name, data in (TREE | MANY).items()}
    return xfs(where / "d", tree(where / "t", files)).read_bytes()


xfs_tools = needs("mkfs.xfs")


@xfs_tools
def test_xfs_a_zeroed_directory_block_loses_names_and_no_file(xfs_disk: bytes) -> None:
    volume = xfs_source.Super(Held(xfs_disk))
    inode = volume.inode(inode_of(Listed(xfs_source.SOURCE, xfs_disk), "sub"))
    at = volume.place(next(inode.extents())[1])
    listed = Listed(xfs_source.SOURCE, patched(xfs_disk, at, bytes(4096)))
    assert listed.named("sub").status is Status.UNREADABLE
    assert {sha256(body) for body in MANY.values()} | set(HASHES.values()) <= listed.hashes()
    assert {"directory", "unnamed"} <= listed.codes()
    assert len({each.place for each in listed.found}) == len(listed.found)


@xfs_tools
def test_xfs_a_damaged_root_inode_ends_the_volume_as_damaged_and_its_files_are_listed(
    xfs_disk: bytes,
) -> None:
    volume = xfs_source.Super(Held(xfs_disk))
    at = volume.inode(volume.root).at
    listed = Listed(xfs_source.SOURCE, patched(xfs_disk, at, b"XX"))
    assert listed.ended is not None
    assert {sha256(body) for body in MANY.values()} | set(HASHES.values()) <= listed.hashes()
    assert sum(each.name.endswith("deep/er/still/file") for each in listed.found) == 1


@xfs_tools
def test_xfs_a_damaged_tree_of_inodes_is_noted_and_hides_nothing(xfs_disk: bytes) -> None:
    listed = Listed(xfs_source.SOURCE, patched(xfs_disk, 2 * 512, bytes(512)))
    assert set(HASHES.values()) <= listed.hashes()
    assert "unnamed" in listed.codes()
