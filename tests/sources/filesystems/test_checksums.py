"""Every checksum a file system keeps of its own tables is compared: one bit is never without a word."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from damaged import Held, Listed
from disk_makers import MIB, ext, tree, xfs
from disk_tools import needs, run

from actionday.model import Damaged, Found, Kind, Loss, Status
from actionday.model.loss import is_loss
from actionday.sources.filesystems import _ext_fields, _ext_inode, _ext_map, _xfs_inode
from actionday.sources.filesystems import ext as ext_source
from actionday.sources.filesystems import xfs as xfs_source
from actionday.testing.context import Alone, Bytes

pytestmark = pytest.mark.tools
SECRET = b"the frequency of the Kestrel club is in this file\n"
FILES = {"secret.txt": SECRET, "sub/other.txt": b"other\n"} | {
    f"many/a file with a long name, number {number:04}.txt": b"%d\n" % number for number in range(400)
}
SPECIAL = {
    "socket": 0xC0,
    "fifo": 0x10,
    "character device": 0x20,
    "block device": 0x60,
    "symlink": 0xA0,
    "none": 0,
}


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    where = tmp_path_factory.mktemp("ext4")
    path = ext(where / "d", tree(where / "t", FILES), "-b", "1024", "-g", "1024", size=4 * MIB)
    run("debugfs", "-w", "-R", "set_inode_field secret.txt mode 0100644", path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def xfs_disk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    where = tmp_path_factory.mktemp("xfs")
    files = {name.replace(" ", "-"): data for name, data in FILES.items()}
    return xfs(where / "d", tree(where / "t", files)).read_bytes()


def told(listed: Listed) -> bool:
    """Say whether something of it makes a run end with exit code 1."""
    failed = any(each.status is Status.UNREADABLE for each in listed.found)
    notes = [*listed.context.notes, *(note for each in listed.found for note in each.notes)]
    return failed or listed.ended is not None or any(is_loss(note.code) for note in notes)


def flipped(raw: bytes, at: int, bit: int = 1) -> bytes:
    """Return ``raw`` with one bit other than it was."""
    changed = bytearray(raw)
    changed[at] ^= bit
    return bytes(changed)


def inode_of(listed: Listed, name: str) -> int:
    """Return the inode of a name."""
    return int(str(listed.named(name).meta["inode"]))


def ext_inode(raw: bytes, name: str) -> tuple[int, bytes]:
    """Return where the inode of ``name`` lies, and its bytes."""
    return _ext_inode.Super(Held(raw)).inode(inode_of(Listed(ext_source.SOURCE, raw), name))


def test_whole_ones_say_nothing(disk: bytes) -> None:
    listed = Listed(ext_source.SOURCE, disk)
    assert not told(listed)
    assert {
        sha for name, sha in ((each.name, listed.bodies.get(each.name)) for each in listed.found) if sha
    } >= {SECRET}


@needs("mkfs.xfs")
def test_a_whole_xfs_says_nothing(xfs_disk: bytes) -> None:
    assert not told(Listed(xfs_source.SOURCE, xfs_disk))


@pytest.mark.parametrize("kind", SPECIAL)
def test_a_file_whose_mode_says_it_is_something_else_keeps_its_content(kind: str, disk: bytes) -> None:
    at, raw = ext_inode(disk, "secret.txt")
    listed = Listed(ext_source.SOURCE, flipped(disk, at + 1, raw[1] & 0xF0 ^ SPECIAL[kind]))
    _doubted(listed, listed.named("secret.txt"))


@needs("mkfs.xfs")
@pytest.mark.parametrize("kind", SPECIAL)
def test_the_same_in_xfs(kind: str, xfs_disk: bytes) -> None:
    number = inode_of(Listed(xfs_source.SOURCE, xfs_disk), "secret.txt")
    inode = _xfs_inode.Super(Held(xfs_disk)).inode(number)
    listed = Listed(xfs_source.SOURCE, flipped(xfs_disk, inode.at + 2, inode.raw[2] & 0xF0 ^ SPECIAL[kind]))
    _doubted(listed, listed.named("secret.txt"))


def _doubted(listed: Listed, found: Found) -> None:
    assert found.kind is Kind.FILE
    assert found.status is Status.UNREADABLE
    assert "checksum of inode" in found.reason
    assert [note.code for note in found.notes] == [Loss.CHECKSUM]
    assert listed.bodies[found.name] == SECRET


def test_a_directory_whose_inode_differs_is_unreadable_and_what_it_names_is_listed(disk: bytes) -> None:
    at, _ = ext_inode(disk, "sub")
    listed = Listed(ext_source.SOURCE, flipped(disk, at + 20))
    assert listed.named("sub").status is Status.UNREADABLE
    assert listed.bodies["sub/other.txt"] == b"other\n"


def test_a_name_changed_by_one_bit_makes_its_directory_unreadable(disk: bytes) -> None:
    """A letter of a name is no error of the format: nothing but the checksum of the block tells."""
    listed = Listed(ext_source.SOURCE, disk.replace(b"other.txt", b"othes.txt"))
    assert "checksum of its names" in listed.named("sub").reason
    assert listed.bodies["sub/othes.txt"] == b"other\n"


@needs("mkfs.xfs")
def test_a_name_of_xfs_changed_by_one_bit_makes_its_directory_unreadable(xfs_disk: bytes) -> None:
    listed = Listed(xfs_source.SOURCE, xfs_disk.replace(b"number-0399", b"number-0398"))
    assert "checksum of its names" in listed.named("many").reason


TABLES: dict[str, Callable[[bytes], int]] = {
    "super block": lambda _: 1024 + 120,  # the label
    "descriptor of group": lambda _: 2048 + 12,
    "bitmap of inodes": lambda raw: int.from_bytes(raw[2052:2056], "little") * 1024 + 9,
}


@pytest.mark.parametrize("table", TABLES)
def test_tables_of_the_file_system_itself(table: str, disk: bytes) -> None:
    listed = Listed(ext_source.SOURCE, flipped(disk, TABLES[table](disk), 4))
    assert any(note.code == Loss.CHECKSUM and table in note.reason for note in listed.context.notes)
    assert SECRET in listed.bodies.values()


def test_a_node_of_an_extent_tree(tmp_path: Path) -> None:
    """Every second block: more extents than an inode holds; two of them change places."""
    source = tree(tmp_path / "t", {f"{number:03}": b"x" * 1024 for number in range(400)})
    path = ext(tmp_path / "d", source, "-b", "1024", size=4 * MIB)
    commands = "\n".join(f"rm {number:03}" for number in range(0, 400, 2))
    (tmp_path / "holes").write_text(commands)
    run("debugfs", "-w", "-f", tmp_path / "holes", path)
    (tmp_path / "large").write_bytes(random.Random(1).randbytes(2500 * 1024))
    run("debugfs", "-w", "-R", f"write {tmp_path / 'large'} large", path)
    raw = path.read_bytes()
    at, inode = ext_inode(raw, "large")
    assert inode[40 + 6], "a tree of one level or more"
    node = int.from_bytes(raw[at + 40 + 16 : at + 40 + 20], "little") * 1024
    assert raw[node : node + 2] == b"\x0a\xf3"
    changed = bytearray(raw)
    changed[node + 12 + 8 : node + 12 + 12], changed[node + 24 + 8 : node + 24 + 12] = (
        raw[node + 24 + 8 : node + 24 + 12],
        raw[node + 12 + 8 : node + 12 + 12],
    )
    found = Listed(ext_source.SOURCE, bytes(changed)).named("large")
    assert (found.status, [note.code for note in found.notes]) == (Status.UNREADABLE, [Loss.CHECKSUM])
    assert "extent node" in found.reason


def _metadata(raw: bytes) -> list[int]:
    """Return bytes of inodes in use, and of the blocks of every directory."""
    volume, places = _ext_inode.Super(Held(raw)), list[int]()
    for number in [2, *volume.used_inodes()]:
        at, inode = volume.inode(number)
        places += range(at, at + 100)
        if inode[1] & 0xF0 == 0x40:
            for start, length in _ext_map.runs_of(volume, number, inode, _ext_fields.size_of(inode)):
                places += range(start, start + length)
    return places


def test_no_bit_of_an_inode_or_a_directory_is_without_a_word(disk: bytes) -> None:
    places, chosen = _metadata(disk), random.Random(20)
    silent = []
    for _ in range(40):
        at, bit = chosen.choice(places), 1 << chosen.randrange(8)
        if not told(Listed(ext_source.SOURCE, flipped(disk, at, bit))):
            silent.append((at, bit))
    assert not silent


@needs("mkfs.xfs")
def test_tables_of_xfs_itself(xfs_disk: bytes) -> None:
    """The label, and the header of inodes of the first group."""
    for at in (108, 2 * 512 + 40):
        listed = Listed(xfs_source.SOURCE, flipped(xfs_disk, at))
        assert [note.code for note in listed.context.notes] == [Loss.CHECKSUM]
        assert SECRET in listed.bodies.values()


class Torn(Bytes):
    """A disk of which the bytes from ``end`` on cannot be read, as those of an image whose file was cut."""

    end = 0

    def read(self, length: int | None = -1, /) -> bytes:
        if self.tell() + (length or 0) > self.end:
            raise Damaged(f"a cluster at byte {self.tell()} needs {length} bytes, the file gives 0")
        return super().read(length)


def test_what_could_not_be_read_is_not_said_to_differ(tmp_path: Path) -> None:
    raw = ext(tmp_path / "d", tree(tmp_path / "t"), "-b", "1024", size=20 * MIB).read_bytes()
    table = int.from_bytes(raw[2048 + 8 : 2048 + 12], "little") * 1024
    disk, context = Torn(raw), Alone("d")
    disk.end = table
    with pytest.raises(Damaged):
        list(ext_source.SOURCE.items(disk, context))
    said = [note.reason for note in context.notes]
    assert not [each for each in said if "differs" in each or "altered" in each]
    assert any("was not compared with its checksum" in each for each in said)
