"""Space that belongs to no file, from the disk to the case: found, placed, counted apart, waited for, off by a flag."""

import os
import shutil
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "carving"))

from carving_files import FILES

from actionday.model.counted import parted
from case_tools import Bench, balanced, needs, tool

TEXT = "Собрание клуба пустельги назначено на вторник у старой мельницы. " * 30
FOUND = (".jpg", ".png", ".gif", ".docx", ".eml", ".gz")


def names(where: Path) -> dict[str, bytes]:
    where.mkdir()
    files = {f"a{suffix}": FILES[suffix]() for suffix in FOUND} | {"t.txt": TEXT.encode()}
    for name, data in (files | {"live.txt": b"A live file of the club.\n"}).items():
        (where / name).write_bytes(data)
    return files


def cleared(where: Path) -> tuple[Path, dict[str, bytes]]:
    """Return ext4 with files that were removed and whose inodes were cleared: nothing leads to their bytes."""
    files, disk = names(where / "d"), where / "disk.raw"
    with disk.open("wb") as file:
        file.truncate(24 << 20)
    tool("mke2fs", "-q", "-t", "ext4", "-d", where / "d", disk)
    for name in files:
        inode = tool("debugfs", "-R", f"stat {name}", disk).split(b"Inode: ")[1].split()[0].decode()
        tool("debugfs", "-w", "-R", f"rm {name}", disk)
        tool("debugfs", "-w", "-R", f"clri <{inode}>", disk)
    return disk, files


@needs("mke2fs", "debugfs")
def test_what_nothing_leads_to_is_found_with_its_place_in_the_image(bench: Bench, tmp_path: Path) -> None:
    disk, files = cleared(tmp_path)
    done = bench.ingest(disk, space=True)
    assert "repaired" not in done.stdout
    rows = bench.export("items")
    carved = {row["sha256"]: row for row in rows if row["kind"] == "carved"}
    image = disk.read_bytes()
    for name, data in files.items():
        if name == "t.txt":
            continue
        row = carved[sha256(data).hexdigest()]
        at = int(row["path"].rpartition("@")[2].partition(".")[0])
        assert image[at : at + len(data)] == data
        assert row["path"].endswith(Path(name).suffix)
    hits = bench.search("мельницы")["hits"]
    assert [hit["path"].startswith("$Unallocated/text @") for hit in hits] == [True]
    line = next(row["text"] for row in bench.export("texts") if "мельницы" in (row["text"] or ""))
    place = next(each for each in line.splitlines() if "мельницы" in each).split("\t")[0]
    assert image[int(place) :].startswith("Собрание".encode())
    balanced(rows, bench.status())
    space = next(row for row in rows if row["path"] == "$Unallocated")
    assert (space["kind"], space["status"], space["counted"]) == ("unallocated", "parsed", False)
    bench.verify()


@needs("mke2fs", "debugfs")
def test_off_by_a_flag_it_is_listed_with_its_size_and_waits_for_a_later_run(
    bench: Bench, tmp_path: Path
) -> None:
    disk, _ = cleared(tmp_path)
    bench.ingest(disk)
    space = [row for row in bench.export("items") if row["kind"] in ("unallocated", "carved")]
    assert {(row["path"], row["status"]) for row in space} == {
        ("$Unallocated", "queued"),
        ("$Slack", "queued"),
    }
    assert all("that belong to no file" in row["reason"] for row in space)
    size = sum(row["size"] for row in space)
    said = bench.run("verify", bench.folder).stdout
    assert f"not examined: {parted(size, 'byte')} of space that belongs to no file" in said
    bench.ingest(disk, space=True)
    assert "not examined" not in bench.run("verify", bench.folder).stdout
    later = bench.exports()["items"]
    fresh = Bench(tmp_path / "fresh")
    fresh.ingest(disk, space=True)
    assert later == fresh.exports()["items"]
    bench.verify()


@pytest.mark.skipif(shutil.which("mcopy") is None, reason="mtools are not installed here")
@needs("mkfs.fat")
def test_a_deleted_file_that_is_listed_is_not_made_a_second_item(bench: Bench, tmp_path: Path) -> None:
    names(tmp_path / "d")
    disk = tmp_path / "disk.raw"
    with disk.open("wb") as file:
        file.truncate(24 << 20)
    tool("mkfs.fat", "-F", "16", disk)
    env = {**os.environ, "MTOOLS_SKIP_CHECK": "1"}
    each = [tmp_path / "d" / name for name in ("a.jpg", "a.png", "live.txt")]
    subprocess.run(["mcopy", "-i", disk, *each, "::"], check=True, env=env)
    subprocess.run(["mdel", "-i", disk, "::a.jpg"], check=True, env=env)
    bench.ingest(disk, space=True)
    rows = bench.export("items")
    digest = sha256(FILES[".jpg"]()).hexdigest()
    assert [row["kind"] for row in rows if row["sha256"] == digest] == ["deleted"]
    (said,) = [issue for issue in bench.export("issues") if issue["code"] == "same_place"]
    assert "same place as '_.jpg'" in said["reason"]


@needs("mke2fs", "debugfs")
def test_a_run_that_is_killed_while_it_looks_through_space_gives_the_same_case(
    bench: Bench, tmp_path: Path
) -> None:
    disk, _ = cleared(tmp_path)
    whole = Bench(tmp_path / "whole")
    whole.ingest(disk, space=True)
    for seconds in (0.7, 1.2, 1.8, 2.4):
        process = bench.begin("ingest", bench.folder, disk, "--workers", 1)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    bench.ingest(disk, space=True)
    assert bench.exports() == whole.exports()
    bench.verify()


@needs("sfdisk")
def test_space_of_a_disk_that_is_in_no_partition_is_looked_through(bench: Bench, tmp_path: Path) -> None:
    disk = tmp_path / "disk.raw"
    with disk.open("wb") as file:
        file.truncate(24 << 20)
    tool("sfdisk", "-q", disk, given=b"label: dos\nstart=2048, size=8192, type=83\n")
    at, picture = 16 << 20, FILES[".png"]()
    with disk.open("r+b") as file:
        file.seek(at)
        file.write(picture)
    bench.run("ingest", bench.folder, disk, "--workers", 1)
    found = {row["path"]: row for row in bench.export("items")}
    assert found[f"$Unallocated/@{at}.png"]["sha256"] == sha256(picture).hexdigest()
    assert "$Slack" not in found
