"""Files of an ext disk that contradict one another or the bitmaps: made by debugfs, on disks without checksums."""

import random
import re
from pathlib import Path

import pytest
from disk_makers import MIB, ext, tree
from disk_tools import Descriptor, listing, needs, run

from actionday.model import Loss, Note
from actionday.sources.filesystems import _ext_claims
from actionday.sources.filesystems.ext import SOURCE

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "debugfs", "e2fsck")]

NOISE = random.Random(3)
FILES = {f"docs/paper-{name}.bin": NOISE.randbytes(20_000) for name in "abc"} | {
    "large.bin": NOISE.randbytes(3 * MIB)
}
KINDS = {
    "ext2": ("ext2", ()),
    "ext3": ("ext3", ()),
    "ext4": ("ext4", ("-O", "^metadata_csum")),
    "ext4 with checksums": ("ext4", ()),
}


def made(kind: str, tmp_path: Path) -> Path:
    named, options = KINDS[kind]
    return ext(tmp_path / "d", tree(tmp_path / "t", FILES), "-b", "1024", *options, kind=named)


def debugfs(image: Path, *commands: str) -> str:
    return run("debugfs", "-w", "-f", "-", image, feed="\n".join(commands).encode()).decode()


def blocks(image: Path, path: str) -> list[int]:
    return [int(each) for each in debugfs(image, f"blocks {path}").split("\n")[-2].split()]


def notes(image: Path) -> list[Note]:
    return listing(SOURCE, Descriptor(image))[1].notes


def points_to(image: Path, path: str, block: int) -> None:
    """Let the first block of a file be another one."""
    debugfs(image, f"set_inode_field {path} bmap[0] {block}")
    assert blocks(image, path)[0] == block


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_disk_says_nothing(kind: str, tmp_path: Path) -> None:
    assert notes(made(kind, tmp_path)) == []


@pytest.mark.parametrize("kind", ["ext2", "ext3", "ext4"])
def test_two_files_that_share_a_block_are_both_named(kind: str, tmp_path: Path) -> None:
    image = made(kind, tmp_path)
    wanted = blocks(image, "/docs/paper-a.bin")[0]
    points_to(image, "/docs/paper-b.bin", wanted)
    told = [note for note in notes(image) if note.code == Loss.CLAIMED_TWICE]
    assert {note.path for note in told} == {"docs/paper-a.bin", "docs/paper-b.bin"}
    assert all(f"block {wanted} (byte {wanted * 1024})" in note.reason for note in told)
    assert "paper-a.bin" in next(note.reason for note in told if note.path == "docs/paper-b.bin")


@pytest.mark.parametrize("kind", ["ext2", "ext4"])
def test_a_file_over_a_table_a_directory_or_the_journal_is_named(kind: str, tmp_path: Path) -> None:
    image = made(kind, tmp_path)
    table = int(re.search(r"inode table at (\d+)", debugfs(image, "stats"))[1])  # type: ignore[index]
    names = blocks(image, "/docs")[0]
    for path, block in (
        ("a", table),
        ("b", names),
        *((("c", blocks(image, "<8>")[-1]),) if kind == "ext4" else ()),
    ):
        points_to(image, f"/docs/paper-{path}.bin", block)
    told = {note.path: note.reason for note in notes(image) if note.code == Loss.CLAIMED_TWICE}
    assert "a table of the file system" in told["docs/paper-a.bin"]
    assert "'docs'" in told["docs/paper-b.bin"]
    assert "docs" in told
    assert kind == "ext2" or "inode 8" in told["docs/paper-c.bin"]


@pytest.mark.parametrize("kind", KINDS)
def test_blocks_of_a_file_that_the_bitmap_calls_free_are_named(kind: str, tmp_path: Path) -> None:
    image = made(kind, tmp_path)
    first = blocks(image, "/docs/paper-a.bin")[3]
    debugfs(image, f"freeb {first} 5")
    (note,) = notes(image)
    assert (note.code, note.path) == ("allocation", "docs/paper-a.bin")
    assert "takes 5 blocks" in note.reason


@pytest.mark.parametrize("kind", KINDS)
def test_a_map_that_leads_to_less_than_the_inode_takes_is_named(kind: str, tmp_path: Path) -> None:
    image = made(kind, tmp_path)
    debugfs(image, "set_inode_field /docs/paper-c.bin blocks 90")
    (note,) = notes(image)
    assert (note.code, note.path) == ("allocation", "docs/paper-c.bin")
    assert "says it takes 90 sectors, its map leads to 4" in note.reason


def test_a_file_without_a_name_is_told_by_its_inode(tmp_path: Path) -> None:
    image = made("ext2", tmp_path)
    wanted = blocks(image, "/docs/paper-a.bin")[0]
    points_to(image, "/docs/paper-b.bin", wanted)
    debugfs(image, "unlink /docs/paper-b.bin")
    told = [note for note in notes(image) if note.code == Loss.CLAIMED_TWICE]
    assert sorted(note.path for note in told) == ["", "docs/paper-a.bin"]


SOUND = {
    "bigalloc": ("-O", "bigalloc", "-b", "1024"),
    "descriptors among the blocks": ("-O", "meta_bg,^resize_inode", "-g", "1024", "-b", "1024"),
    "32 bits": ("-O", "^64bit"),
    "lists of blocks": ("-O", "^extents,^64bit", "-b", "1024"),
    "small inodes": ("-I", "128"),
    "inline data": ("-O", "inline_data"),
    "huge files": ("-O", "huge_file", "-b", "4096"),
    "no checksums": ("-O", "^metadata_csum,uninit_bg"),
}


@pytest.mark.parametrize("options", SOUND)
def test_whatever_e2fsck_calls_sound_says_nothing(options: str, tmp_path: Path) -> None:
    """Attributes in a block of their own, long links, hard links, holes, unwritten blocks, removed and grown files."""
    source = tree(tmp_path / "t", FILES)
    (source / "far").symlink_to("x" * 200)
    (source / "again").hardlink_to(source / "large.bin")
    with (source / "sparse.bin").open("wb") as file:
        for at in range(0, 12 * MIB, MIB):
            file.seek(at)
            file.write(NOISE.randbytes(1500))
    folder = source / "many"
    folder.mkdir()
    for number in range(900):
        (folder / f"a rather long name to fill blocks of a directory {number:05}").touch()
    image = ext(tmp_path / "d", source, *SOUND[options], size=64 * MIB)
    (tmp_path / "value").write_bytes(NOISE.randbytes(700))
    debugfs(image, f"ea_set -f {tmp_path / 'value'} /docs/paper-a.bin user.kestrel", "rm /docs/paper-c.bin")
    if options != "lists of blocks":  # which cannot say that a block was never written
        debugfs(image, "fallocate /docs/paper-b.bin 0 400")
    if "bigalloc" not in options:  # debugfs counts there other than e2fsck does
        run("e2fsck", "-fn", image)
    assert notes(image) == []


def test_what_is_put_down_is_bounded_and_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_ext_claims, "MOST", 5)
    (note,) = notes(made("ext4", tmp_path))
    assert note.code == "allocation"
    assert re.search(r"only the first \d+ ranges of blocks were compared", note.reason)
