"""Removed files of ext3 and ext4 whose inodes were wiped: where they lay, by older copies in the journal."""

import re
import subprocess
from pathlib import Path

import pytest
from disk_makers import MIB, ext, tree
from disk_tools import Descriptor, OpenFile, listing, needs, run

from actionday.model import Found, Status
from actionday.sources.filesystems.ext import SOURCE
from actionday.testing.context import content

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "debugfs")]
FILES = {"kept.txt": b"kept\n", "gone.txt": b"the schedule of the harbour station\n" * 500}
WIPED = ["links_count 0", "size 0", "blocks 0", *(f"block[{at}] 0" for at in range(2, 15))]
HEADER, POINTERS = ["block[0] 62218", "block[1] 4"], ["block[0] 0", "block[1] 0"]
"""What is left of a map: the head of a tree without extents, of which there would be room for four; or nothing."""
FREE = "deleted; where it lay is free, by an older copy of its inode in the journal"


def debugfs(image: Path, *commands: str) -> str:
    return run("debugfs", "-w", "-f", "-", image, feed="\n".join(commands).encode()).decode()


def journaled(disk: Path, where: Path) -> int:
    """Put the block of inodes in which ``gone.txt`` stands into the journal, as it is; return the inode."""
    told = debugfs(disk, "imap /gone.txt")
    number, block = re.search(r"Inode (\d+) .*\n.*located at block (\d+)", told).groups()  # type: ignore[union-attr]
    size = int(re.search(r"Block size: +(\d+)", run("dumpe2fs", "-h", disk).decode())[1])  # type: ignore[index]
    where.write_bytes(disk.read_bytes()[int(block) * size : (int(block) + 1) * size])
    debugfs(disk, "jo", f"jw -b {block} {where}", "jc", "jr")
    return int(number)


def wiped(disk: Path, number: int, *more: str) -> None:
    """Remove the file as a kernel does: its inode keeps neither size nor map."""
    debugfs(disk, "rm /gone.txt", *(f"sif <{number}> {each}" for each in (*WIPED, *more)))


def gone(disk: Path) -> Found:
    return next(each for each in listing(SOURCE, Descriptor(disk))[0] if each.kind == "deleted")


@pytest.mark.parametrize(
    ("kind", "options"),
    [("ext3", ("-b", "1024")), ("ext4", ("-b", "4096")), ("ext4", ("-O", "^64bit,^metadata_csum"))],
)
def test_a_wiped_file_is_found_by_its_inode_in_the_journal(
    kind: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    files = FILES if kind == "ext4" else FILES | {"gone.txt": FILES["gone.txt"][:12_000]}
    disk = ext(tmp_path / "d", tree(tmp_path / "t", files), *options, kind=kind, size=24 * MIB)
    number = journaled(disk, tmp_path / "block")
    wiped(disk, number, *(HEADER if kind == "ext4" else POINTERS))
    found = gone(disk)
    assert found.reason == FREE
    assert content(found, OpenFile(disk)) == files["gone.txt"]
    assert (found.meta["inode"], found.meta["deleted"]) == (number, True)
    assert "dtime" in found.meta


def test_what_an_inode_keeps_in_itself_lies_in_no_other_file(tmp_path: Path) -> None:
    """Its place is a block of the table of inodes, which is always in use."""
    options, short = ("-O", "inline_data", "-I", "256"), b"harbour, at nine\n" * 6
    disk = ext(tmp_path / "d", tree(tmp_path / "t", FILES | {"gone.txt": short}), *options, size=24 * MIB)
    number = journaled(disk, tmp_path / "block")
    debugfs(disk, "rm /gone.txt")
    found = gone(disk)
    assert (found.reason, content(found, OpenFile(disk))) == ("deleted; kept in its inode", short)
    debugfs(disk, f"sif <{number}> flags 0x80000", *(f"sif <{number}> {each}" for each in (*WIPED, *HEADER)))
    found = gone(disk)
    assert found.reason == "deleted; kept in an older copy of its inode in the journal"
    assert content(found, OpenFile(disk)) == short


def test_another_life_of_the_inode_tells_nothing(tmp_path: Path) -> None:
    disk = ext(tmp_path / "d", tree(tmp_path / "t", FILES), size=24 * MIB)
    number = journaled(disk, tmp_path / "block")
    wiped(disk, number, *HEADER, "generation 77")
    assert (gone(disk).status, gone(disk).runs) == (Status.EMPTY, None)


def test_without_a_copy_nothing_is_kept(tmp_path: Path) -> None:
    disk = ext(tmp_path / "d", tree(tmp_path / "t", FILES), size=24 * MIB)
    number = int(re.search(r"Inode (\d+) ", debugfs(disk, "imap /gone.txt"))[1])  # type: ignore[index]
    wiped(disk, number, *HEADER)
    assert gone(disk).reason == "deleted; nothing of where its content lay is kept"


def test_what_a_kernel_removes(tmp_path: Path) -> None:
    disk, where = ext(tmp_path / "d", tree(tmp_path / "t", FILES), size=64 * MIB), tmp_path / "m"
    where.mkdir()
    for step in ("write", "remove"):
        mounted = subprocess.run(["mount", "-o", "loop", disk, where], capture_output=True, check=False)
        if mounted.returncode:
            pytest.skip(f"this machine does not mount: {mounted.stderr.decode(errors='replace').strip()}")
        try:
            if step == "write":
                (where / "new.txt").write_bytes(FILES["gone.txt"] + b"last words\n")
            else:
                (where / "new.txt").unlink()
        finally:
            run("umount", where)
    found = gone(disk)
    assert content(found, OpenFile(disk)) == FILES["gone.txt"] + b"last words\n"
    assert found.reason == FREE
