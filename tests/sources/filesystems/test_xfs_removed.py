"""Removed files of XFS: by a kernel where one mounts, and written as a kernel writes them."""

import struct
import subprocess
from pathlib import Path

import pytest
from disk_makers import MIB, tree, xfs
from disk_tools import OpenFile, listing, needs, run

from actionday.model import Found, Status
from actionday.sources.filesystems._crc32c import crc32c
from actionday.sources.filesystems._left_over import IN_USE
from actionday.sources.filesystems._tsk_bytes import FileReader
from actionday.sources.filesystems._xfs_inode import Super
from actionday.sources.filesystems.xfs import SOURCE
from actionday.testing.context import Bytes, content

pytestmark = [pytest.mark.tools, needs("mkfs.xfs")]
FREE = "deleted; the blocks its inode last led to, of a size that is not kept; where they lie is free"
FILES = {
    f"many/a-name-of-some-length-{n:02d}": b"%02d schedule of the harbour station\n" % n * 300
    for n in range(40)
}


def made(tmp_path: Path) -> Path:
    return xfs(tmp_path / "d", tree(tmp_path / "t", FILES))


def removed(found: list[Found]) -> dict[str, Found]:
    return {each.name: each for each in found if each.kind == "deleted"}


def sealed(raw: bytearray, at: int, length: int, where: int) -> None:
    """Put the checksum of ``length`` bytes at ``at`` where it stands."""
    raw[at + where : at + where + 4] = bytes(4)
    struct.pack_into("<I", raw, at + where, crc32c(bytes(raw[at : at + length])) ^ 0xFFFFFFFF)


class Written:
    """A disk from which files are removed as a kernel does."""

    def __init__(self, path: Path) -> None:
        self.raw = bytearray(path.read_bytes())
        with path.open("rb") as file:
            volume = Super(FileReader(file.fileno(), 0, path.stat().st_size))
            found = {each.name: each for each in listing(SOURCE, OpenFile(path))[0]}
            self.inodes = {name: volume.inode(int(str(each.meta["inode"]))) for name, each in found.items()}
        self.runs = {name: each.runs for name, each in found.items()}
        self.block, self.shift = volume.block, volume.group_log + volume.per_block_log

    def free(self, *names: str) -> None:
        """Take back the inodes; of neighbours in a directory the entries, as one."""
        for name in names:
            inode = self.inodes[name]
            for at, length in ((2, 2), (16, 4), (56, 16), (76, 4), (82, 1)):
                self.raw[inode.at + at : inode.at + at + length] = bytes(length)
            sealed(self.raw, inode.at, len(inode.raw), 100)
            self._unlist(inode.number)
        begin, start = self.entry(names[0])
        end = self.entry(names[-1])[1] + (12 + len(names[-1].rpartition("/")[2]) + 7) // 8 * 8
        struct.pack_into(">HH", self.raw, start, 0xFFFF, end - start)
        struct.pack_into(">H", self.raw, end - 2, start - begin)
        sealed(self.raw, begin, self.block, 4)

    def entry(self, name: str) -> tuple[int, int]:
        """Return where the block of names and the entry in it begin; the inode of the directory has old ones."""
        wanted = name.rpartition("/")[2].encode()
        for begin in range(0, len(self.raw), self.block):
            if (
                self.raw[begin : begin + 2] == b"XD"
                and (at := self.raw.find(wanted, begin, begin + self.block)) > 0
            ):
                return begin, at - 9
        raise AssertionError(name)

    def _unlist(self, number: int) -> None:
        """Say in the tree of its group that an inode is free."""
        group, within = number >> self.shift, number & (1 << self.shift) - 1
        for at in range(0, len(self.raw), self.block):
            if self.raw[at : at + 4] != b"IAB3" or self.raw[at + 48 : at + 52] != group.to_bytes(4, "big"):
                continue
            for record in range(at + 56, at + 56 + 16 * int.from_bytes(self.raw[at + 6 : at + 8], "big"), 16):
                (first,) = struct.unpack_from(">I", self.raw, record)
                if first <= within < first + 64:
                    (free,) = struct.unpack_from(">Q", self.raw, record + 8)
                    struct.pack_into(">Q", self.raw, record + 8, free | 1 << within - first)
                    sealed(self.raw, at, self.block, 52)


def test_names_and_blocks_of_removed_files(tmp_path: Path) -> None:
    """Three that were freed as one: the first lost half of its number, the last its own place."""
    disk = Written(made(tmp_path))
    names = [f"many/a-name-of-some-length-{number:02d}" for number in (5, 6, 7)]
    disk.free(*names)
    stream = Bytes(bytes(disk.raw))
    found, context, bodies = listing(SOURCE, stream)
    assert not context.notes
    assert sorted(removed(found)) == names
    for name in names:
        gone = removed(found)[name]
        assert (gone.runs, gone.meta["inode"]) == (
            ((disk.runs[name][0][0], 12_288),),
            disk.inodes[name].number,
        )
        assert content(gone, stream).rstrip(b"\0") == FILES[name]
        assert gone.reason == (
            "deleted; the blocks its inode last led to, of a size that is not kept; of their first "
            "12288 bytes 12288 lie where other files are now"
        )  # the tree of free blocks still says so
    assert {name: body for name, body in bodies.items() if name in FILES} == {
        name: data for name, data in FILES.items() if name not in names
    }


def test_the_last_names_of_a_directory_that_stands_in_its_inode(tmp_path: Path) -> None:
    """Its list gets shorter, and the old end stays. Here their inodes are in use still: they are live files, noted."""
    files = {f"d/{name}": name.encode() * 2000 for name in ("alpha", "beta", "gamma", "zetas")}
    disk = Written(xfs(tmp_path / "d", tree(tmp_path / "t", files)))
    folder, entry = disk.inodes["d"], 3 + len("gamma") + 1 + 4
    assert disk.raw[folder.at + folder.core] == 4
    disk.raw[folder.at + folder.core] = 2
    struct.pack_into(">Q", disk.raw, folder.at + 56, folder.size - 2 * entry)
    sealed(disk.raw, folder.at, len(folder.raw), 100)
    found, context, bodies = listing(SOURCE, Bytes(bytes(disk.raw)))
    assert {name: body for name, body in bodies.items() if name in files} == files
    assert [(note.code, note.path) for note in context.notes] == [("name", "d/gamma"), ("name", "d/zetas")]
    assert {each.reason for each in found if each.name in ("d/gamma", "d/zetas")} == {IN_USE}


def test_a_name_whose_inode_is_in_use_elsewhere_gives_no_content(tmp_path: Path) -> None:
    disk = Written(made(tmp_path))
    old, new = (f"many/a-name-of-some-length-{number:02d}" for number in (5, 30))
    disk.free(old)
    number = disk.inodes[new].number
    begin, at = disk.entry(old)
    struct.pack_into(">I", disk.raw, at + 4, number)
    sealed(disk.raw, begin, disk.block, 4)
    found = listing(SOURCE, Bytes(bytes(disk.raw)))[0]
    gone = removed(found)
    assert (gone[old].status, gone[old].meta["inode"]) == (Status.EMPTY, number)
    assert "another name leads to its inode" in gone[old].reason
    orphan = gone[f"$OrphanFiles/OrphanFile-{disk.inodes[old].number}"]
    assert orphan.size == 12_288


def test_what_a_kernel_removes_is_listed(tmp_path: Path) -> None:
    files = FILES | {"small/alpha": b"a", "small/beta": b"b"}
    disk, where = xfs(tmp_path / "d", tree(tmp_path / "t", files), size=320 * MIB), tmp_path / "m"
    where.mkdir()
    mounted = subprocess.run(["mount", "-o", "loop", disk, where], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"this machine does not mount: {mounted.stderr.decode(errors='replace').strip()}")
    try:
        names = [f"many/a-name-of-some-length-{number:02d}" for number in (3, 11, 12)]
        for name in names:
            (where / name).unlink()
        (where / "small/beta").unlink()
        (where / "many/a-name-of-some-length-20").rename(where / "new")
    finally:
        run("umount", where)
    found, context, _ = listing(SOURCE, OpenFile(disk))
    assert not context.notes
    gone = removed(found)
    assert sorted(gone) == [*names, "many/a-name-of-some-length-20", "small/beta"]
    assert gone["small/beta"].size == 4096
    with disk.open("rb") as file:
        raw = Bytes(file.read())
    assert {name: content(gone[name], raw).rstrip(b"\0") for name in names} == {
        name: FILES[name] for name in names
    }
    assert {gone[name].reason for name in names} == {FREE}
    assert "another name leads to its inode" in gone["many/a-name-of-some-length-20"].reason
