"""FAT and exFAT whose directories are damaged: clusters in use come as files or directories without a name."""

from pathlib import Path

import pytest
from damaged import Listed, patched
from disk_makers import HASHES, MIB, TREE, fat, tree
from disk_tools import needs, sha256
from test_fat_exfat import Exfat

from actionday.model import Source, Status
from actionday.sources.filesystems import exfat as exfat_source
from actionday.sources.filesystems import fat as fat_source
from actionday.sources.filesystems._tsk_bytes import u16, u32
from actionday.sources.filesystems._tsk_clusters import Clusters

pytestmark = [pytest.mark.tools, needs("mkfs.fat", "mcopy")]
SOURCE: Source = fat_source.SOURCE
FULL = {digest for name, digest in HASHES.items() if TREE[name]}


@pytest.fixture(scope="module", params=[(12, 4), (16, 16), (32, 40)], ids=["FAT12", "FAT16", "FAT32"])
def disk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    bits, size = request.param
    where = tmp_path_factory.mktemp("fat")
    return fat(where / "d", tree(where / "t"), bits, size * MIB).read_bytes()


class Held:
    def __init__(self, raw: bytes) -> None:
        self.raw, self.size = raw, len(raw)

    def at(self, offset: int, length: int) -> bytes:
        return self.raw[offset : offset + length]


def root_of(raw: bytes) -> tuple[int, int]:
    """Return (offset, bytes) of the root directory."""
    clusters = Clusters(Held(raw))
    if clusters.root:
        return clusters.place(clusters.root), clusters.size
    return clusters.start - u16(raw, 17) * 32, u16(raw, 17) * 32


def entry_of(raw: bytes, short: bytes) -> int:
    """Return the byte at which a directory whose 8.3 name is ``short`` lies."""
    at = raw.index(short)
    return Clusters(Held(raw)).place(u16(raw, at + 26) | u16(raw, at + 20) << 16)


def starts(listed: Listed) -> set[str]:
    """The SHA-256 of each known file that a listed content begins with: what a chain holds behind it is slack."""
    return {
        sha256(data)
        for data in TREE.values()
        if data and any(b.startswith(data) for b in listed.bodies.values())
    }


def test_a_whole_volume_has_nothing_unnamed(disk: bytes) -> None:
    listed = Listed(SOURCE, disk)
    assert (listed.ended, listed.codes()) == (None, set())


def test_a_zeroed_root_loses_no_content(disk: bytes) -> None:
    at, length = root_of(disk)
    listed = Listed(SOURCE, patched(disk, at, bytes(length)))
    assert listed.ended is not None
    assert "root directory" in str(listed.ended)
    assert starts(listed) == FULL
    assert "unnamed" in listed.codes()
    docs = next(each.name for each in listed.found if each.name.endswith("/schedule.html"))
    assert docs.startswith("$Unnamed/cluster-")
    assert (
        sha256(listed.bodies[docs]) == HASHES["docs/schedule.html"]
    )  # below a directory it has name and size
    assert sum(each.name.endswith("deep/er/still/file") for each in listed.found) == 1
    assert len({each.place for each in listed.found}) == len(listed.found)


def test_a_zeroed_directory_is_unreadable_and_its_files_are_listed(disk: bytes) -> None:
    listed = Listed(SOURCE, patched(disk, entry_of(disk, b"DOCS       "), bytes(Clusters(Held(disk)).size)))
    assert listed.ended is None
    assert listed.named("docs").status is Status.UNREADABLE
    assert starts(listed) == FULL
    assert {"directory", "unnamed"} <= listed.codes()
    assert sha256(listed.bodies["media/large.bin"]) == HASHES["media/large.bin"]


def test_what_lies_behind_a_broken_chain_is_missing_and_not_zeros(disk: bytes) -> None:
    """The table says that the clusters behind the first of each file are free."""
    size = (u16(disk, 22) or u32(disk, 36)) * 512
    first = u16(disk, 14) * 512
    damaged = disk
    for copy in range(disk[16]):
        damaged = patched(damaged, first + copy * size + 516, bytes(size - 516))
    listed = Listed(SOURCE, damaged)
    for name, data in TREE.items():
        if name in listed.bodies:
            assert data.startswith(listed.bodies[name])
            assert listed.named(name).size == len(data)  # declared: the pipeline says that fewer came
    assert any(len(listed.bodies[name]) < len(TREE[name]) for name in TREE if name in listed.bodies)


@needs("mkfs.exfat")
def test_exfat_clusters_no_entry_leads_to_are_listed(tmp_path: Path) -> None:
    volume = Exfat(tmp_path / "d")
    volume.add("kept.txt", b"kept\n", 20)
    clusters = Clusters(Held(bytes(volume.raw)))
    lost = b"the Kestrel club without a name\n"
    volume.raw[volume.at(30) : volume.at(30) + len(lost)] = lost
    for cluster in (20, 30, 31):
        volume.raw[clusters.bitmap[0] + (cluster - 2) // 8] |= 1 << (cluster - 2) % 8
    listed = Listed(exfat_source.SOURCE, bytes(volume.raw))
    assert listed.bodies["kept.txt"] == b"kept\n"
    (name,) = (each.name for each in listed.found if each.place.startswith("cluster:"))
    assert listed.bodies[name] == lost.ljust(2 * volume.cluster, b"\0")
    assert "unnamed" in listed.codes()


@needs("mkfs.exfat")
def test_exfat_without_its_root_is_damaged(tmp_path: Path) -> None:
    volume = Exfat(tmp_path / "d")
    volume.add("kept.txt", b"kept\n", 20)
    listed = Listed(exfat_source.SOURCE, patched(bytes(volume.raw), volume.root, bytes(volume.cluster)))
    assert listed.ended is not None
