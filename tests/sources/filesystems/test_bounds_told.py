"""What is beyond a bound of a reader of file systems is said: nothing is left out without a line."""

from pathlib import Path

import pytest
from damaged import Held, Listed, patched
from disk_makers import MIB, ext, fat, iso, tree
from disk_tools import needs, run

from actionday.model import Loss, Source
from actionday.sources.filesystems import _ext_tree, _fat_tables, _iso_records, _tsk_clusters, iso9660
from actionday.sources.filesystems.ext import SOURCE as EXT
from actionday.sources.filesystems.fat import SOURCE as FAT
from actionday.sources.filesystems.iso9660 import SOURCE as ISO
from actionday.sources.volumes._signs import u16

pytestmark = pytest.mark.tools


def said(source: Source, raw: bytes) -> list[tuple[str, str]]:
    return [(note.code, note.reason) for note in Listed(source, raw).context.notes]


@needs("mkfs.fat", "mcopy")
def test_sectors_of_a_table_that_the_second_one_is_not_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = fat(tmp_path / "d", tree(tmp_path / "t"), 16, 16 * MIB).read_bytes()
    table = u16(raw, 14) * 512
    for sector in (1, 3, 5):
        raw = patched(raw, table + 512 * sector, b"\xf1" * 512)
    assert [code for code, _ in said(FAT, raw)] == ["backup"]
    monkeypatch.setattr(_fat_tables, "MOST", 1)
    why = "fat: 2 further sectors of the first table are damaged, and not told from the second one"
    assert (Loss.PARTS_LIMIT, why) in said(FAT, raw)


@needs("mkfs.fat", "mcopy")
def test_chains_without_a_name_beyond_those_that_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = fat(tmp_path / "d", tree(tmp_path / "t"), 16, 16 * MIB).read_bytes()
    count = sum(each is not None for each in _tsk_clusters.Clusters(Held(raw)).lost())
    monkeypatch.setattr(_tsk_clusters, "MOST_LOST", 2)
    found = []
    with pytest.raises(_tsk_clusters.Missing, match="chains of clusters in use beyond the first 2"):
        found.extend(each for each in _tsk_clusters.Clusters(Held(raw)).lost() if each is not None)
    assert len(found) <= 2 < count


@needs("genisoimage", "xorriso")
def test_sessions_beyond_those_that_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, disk = tree(tmp_path / "1", {"first.txt": b"first\n"}), tmp_path / "d"
    second = tree(tmp_path / "2", {"second.txt": b"second\n"})
    run("xorriso", "-outdev", disk, "-map", first, "/")
    run("xorriso", "-dev", disk, "-rm", "/first.txt", "--", "-map", second / "second.txt", "/second.txt")
    assert [code for code, _ in said(ISO, disk.read_bytes())] == ["session"]
    monkeypatch.setattr(iso9660, "MOST_SESSIONS", 0)
    ((code, why),) = said(ISO, disk.read_bytes())
    assert (code, why.endswith("on are not listed: more than 0")) == (Loss.PARTS_LIMIT, True)


@needs("genisoimage")
@pytest.mark.parametrize(
    ("name", "bound", "code"),
    [("LARGEST_DIRECTORY", 2048, Loss.DIRECTORY), ("MOST_CONTINUED", 1, Loss.PARTS_LIMIT)],
)
def test_a_directory_and_a_record_beyond_what_is_read(
    name: str, bound: int, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tree(tmp_path / "t", {f"a-name-of-some-length-{number}.txt": b"word\n" for number in range(60)})
    (source / "link").symlink_to("/".join(["a-part-of-a-target"] * 8))
    raw = iso(tmp_path / "d", source, "-R").read_bytes()
    assert said(ISO, raw) == []
    monkeypatch.setattr(_iso_records, name, bound)
    assert code in [each for each, _ in said(ISO, raw)]


@needs("mkfs.ext4", "debugfs")
def test_inodes_without_a_name_beyond_those_that_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = ext(tmp_path / "d", tree(tmp_path / "t"))
    block = int(run("debugfs", "-R", "blocks /docs", disk).split()[0])
    size = 1024 << int.from_bytes(disk.read_bytes()[1048:1052], "little")
    raw = patched(disk.read_bytes(), block * size, bytes(size))
    assert "unnamed" in [code for code, _ in said(EXT, raw)]
    monkeypatch.setattr(_ext_tree, "MOST_UNNAMED", 1)
    why = "ext: files without a name were not looked for to the end: more than 1 of them"
    assert why in [reason for _, reason in said(EXT, raw)]
