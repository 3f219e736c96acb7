"""XFS against disks made by mkfs.xfs, read a second time by dissect, and changed by hand."""

import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from disk_makers import HASHES, TREE, tree, xfs
from disk_tools import items, listing, needs, sha256

from actionday.model import Claim, Found, Status, Unsupported
from actionday.sources.filesystems._tsk_bytes import FileReader
from actionday.sources.filesystems._xfs_inode import Super
from actionday.sources.filesystems.xfs import SOURCE
from actionday.testing.context import Glance, OpenFile

pytestmark = [pytest.mark.tools, needs("mkfs.xfs")]
FILES = {name: data for name, data in TREE.items() if " " not in name}
WANTED = {name: sha256(data) for name, data in FILES.items()}


class Patched(OpenFile):
    """A file some of whose bytes are told otherwise."""

    def __init__(self, path: Path, patches: dict[int, bytes]) -> None:
        super().__init__(path)
        self._patches = patches
        self.read = self._patched  # type: ignore[method-assign, assignment]

    def _patched(self, length: int = -1, /) -> bytes:
        start = self._file.tell()
        data = bytearray(self._file.read(length))
        for at, value in self._patches.items():
            if start <= at and at + len(value) <= start + len(data):
                data[at - start : at - start + len(value)] = value
        return bytes(data)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("xfs")
    source = tree(where / "t", FILES)
    (source / "link").symlink_to("docs/schedule.html")
    (source / "far").symlink_to("y" * 600)
    os.mkfifo(source / "pipe")
    Path(os.fsdecode(os.fsencode(source) + b"/caf\xe9")).write_bytes(b"latin\n")
    for number in range(400):
        path = source / "many" / f"a-file-with-a-name-of-some-length-{number:04d}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"%d\n" % number)
    return xfs(where / "d", source)


@pytest.fixture
def volume(disk: Path) -> Iterator[Super]:
    with disk.open("rb") as file:
        yield Super(FileReader(file.fileno(), 0, disk.stat().st_size))


def by_name(found: list[Found]) -> dict[str, Found]:
    return {each.name: each for each in found}


def test_every_file_with_its_hash(disk: Path) -> None:
    with disk.open("rb") as file:
        assert SOURCE.claims(Glance("d", file.read(131072))) is Claim.STRUCTURE
    found, context, bodies = listing(SOURCE, OpenFile(disk))
    assert {name: sha256(data) for name, data in bodies.items() if name in HASHES} == WANTED
    assert len([name for name in bodies if name.startswith("many/")]) == 400
    assert bodies["many/a-file-with-a-name-of-some-length-0399"] == b"399\n"
    assert not context.notes
    assert len({each.place for each in found}) == len(found)


def test_links_pipes_and_odd_names_are_items(disk: Path) -> None:
    named = by_name(listing(SOURCE, OpenFile(disk))[0])
    assert named["link"].meta["target"] == "docs/schedule.html"
    assert named["far"].meta["target"] == "y" * 600
    assert (named["pipe"].kind, named["pipe"].status) == ("special", Status.UNSUPPORTED)
    assert named["caf\\xe9"].raw == b"caf\xe9"


def test_dissect_lists_the_same(disk: Path) -> None:
    dissect = pytest.importorskip("dissect.xfs")
    with disk.open("rb") as file:
        other: dict[str, str] = {}
        pending = [("", dissect.XFS(file).root)]
        while pending:
            path, node = pending.pop()
            for name, child in node.listdir().items():
                if name in (".", ".."):
                    continue
                if child.filetype == 0o040000:
                    pending.append((f"{path}{name}/", child))
                elif child.filetype == 0o100000:
                    other[f"{path}{name}"] = sha256(child.open().read())
    bodies = listing(SOURCE, OpenFile(disk))[2]
    ours = {name: sha256(data) for name, data in bodies.items() if "\\x" not in name}
    assert ours == {
        name: digest for name, digest in other.items() if name.isprintable() and "caf" not in name
    }


def test_s03_an_unwritten_extent_reads_as_zeros(disk: Path, volume: Super) -> None:
    number = int(str(by_name(listing(SOURCE, OpenFile(disk))[0])["media/odd.bin"].meta["inode"]))
    inode = volume.inode(number)
    first = inode.raw[inode.core]
    found, _, bodies = listing(SOURCE, Patched(disk, {inode.at + inode.core: bytes([first | 0x80])}))
    assert bodies["media/odd.bin"] == bytes(70_001)
    assert "checksum" in by_name(found)["media/odd.bin"].reason


def test_s16_a_hole_of_a_gigabyte(disk: Path, volume: Super) -> None:
    number = int(str(by_name(listing(SOURCE, OpenFile(disk))[0])["media/odd.bin"].meta["inode"]))
    inode = volume.inode(number)
    patches = {inode.at + 56: struct.pack(">Q", 1 << 30)}
    found = by_name(items(SOURCE, Patched(disk, patches)))
    runs = found["media/odd.bin"].runs or ()
    assert sum(length for _, length in runs) == 1 << 30
    assert sum(length for at, length in runs if at >= 0) == 72 * 1024 or len(runs) == 2


@pytest.mark.parametrize(
    ("high", "low", "why"),
    [(0, 0, "no blocks"), (0x1FF, 5 << 21 | 1, "outside"), (0x1FE, (1 << 64) - 1, "outside")],
    ids=["empty", "beyond the end", "far beyond"],
)
def test_s15_damaged_extents_are_unreadable(disk: Path, volume: Super, high: int, low: int, why: str) -> None:
    number = int(str(by_name(listing(SOURCE, OpenFile(disk))[0])["media/odd.bin"].meta["inode"]))
    inode = volume.inode(number)
    found, _, bodies = listing(SOURCE, Patched(disk, {inode.at + inode.core: struct.pack(">QQ", high, low)}))
    assert by_name(found)["media/odd.bin"].status is Status.UNREADABLE
    assert why in by_name(found)["media/odd.bin"].reason
    assert sha256(bodies["readme.txt"]) == WANTED["readme.txt"]


def test_a_damaged_inode_is_one_item(disk: Path, volume: Super) -> None:
    number = int(str(by_name(listing(SOURCE, OpenFile(disk))[0])["readme.txt"].meta["inode"]))
    found, _, bodies = listing(SOURCE, Patched(disk, {volume.inode(number).at: b"XX"}))
    assert by_name(found)["readme.txt"].status is Status.UNREADABLE
    assert sha256(bodies["media/large.bin"]) == WANTED["media/large.bin"]


def test_s10_a_directory_that_names_its_own_root_is_entered_once(disk: Path, volume: Super) -> None:
    docs = volume.inode(int(str(by_name(listing(SOURCE, OpenFile(disk))[0])["docs/deep"].meta["inode"])))
    raw = docs.raw
    at = raw.index(b"er", docs.core) + 3  # behind the name its type, then the inode
    found, context, _ = listing(SOURCE, Patched(disk, {docs.at + at: struct.pack(">I", volume.root)}))
    assert [note.code for note in context.notes] == [
        "loop",
        "unnamed",
    ]  # the one it named before has no name now
    assert len(found) < 1000
    (lost,) = (
        each for each in found if each.name.startswith("$Unnamed") and each.name.endswith("still/file")
    )
    assert lost.runs


def test_s13_an_unknown_feature_is_named(disk: Path) -> None:
    with pytest.raises(Unsupported, match="0x40000000"):
        listing(SOURCE, Patched(disk, {216: struct.pack(">I", 0x40000003)}))


def test_s09_a_disk_cut_short_is_opened_and_noted(disk: Path) -> None:
    stream = OpenFile(disk)
    stream.size = disk.stat().st_size - 512
    _, context, bodies = listing(SOURCE, stream)
    assert sha256(bodies["readme.txt"]) == WANTED["readme.txt"]
    assert [note.code for note in context.notes] == ["short"]


def test_version_4_without_checksums(tmp_path: Path) -> None:
    disk = xfs(tmp_path / "d", tree(tmp_path / "t", FILES), "-m", "crc=0")
    assert {name: sha256(data) for name, data in listing(SOURCE, OpenFile(disk))[2].items()} == WANTED
