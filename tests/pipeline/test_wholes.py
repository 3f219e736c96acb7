"""What lies on several disks is opened once all of them are known: an array, a group, a group on an array."""

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "volumes"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))

from disk_makers import ext
from whole_makers import linear, raid5

from case_tools import OFF, Bench, Row

TEXT = "The station goes on air at noon.\n"
NOISE = random.Random(4).randbytes(700_000)


@pytest.fixture
def disk(tmp_path: Path) -> bytes:
    """An ext4 with a text, and a file that lies on every disk of an array."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "schedule.txt").write_text(TEXT)
    (tree / "noise.bin").write_bytes(NOISE)
    return ext(tmp_path / "fs.raw", tree, size=8 << 20).read_bytes()


def taken(bench: Bench, tmp_path: Path, disks: dict[str, bytes], code: int = 0) -> list[Row]:
    files = []
    for name, data in disks.items():
        (tmp_path / name).write_bytes(data)
        files.append(tmp_path / name)
    bench.ingest(*files, "--exhibit", "server", code=code)
    bench.verify()
    return bench.items()


def files_of(rows: list[Row]) -> dict[str, str]:
    return {str(row["path"]): str(row["sha256"]) for row in rows if row["path"].endswith((".txt", ".bin"))}


def wanted(place: str) -> dict[str, str]:
    hashes = {"schedule.txt": hashlib.sha256(TEXT.encode()), "noise.bin": hashlib.sha256(NOISE)}
    return {f"{place}/{name}": each.hexdigest() for name, each in hashes.items()}


def codes(bench: Bench) -> dict[str, str]:
    return {row["code"]: row["reason"] for row in bench.export("issues")}


def test_a_group_is_read_from_its_disks(bench: Bench, tmp_path: Path, disk: bytes) -> None:
    one, other = linear(disk)
    rows = taken(bench, tmp_path, {"b.dd": other, "a.dd": one})
    assert files_of(rows) == wanted("lvm2 vg_kestrel/lv_radio")
    whole = next(row for row in rows if row["path"] == "lvm2 vg_kestrel")
    assert (whole["kind"], whole["status"]) == ("volume", "parsed")
    assert whole["meta"]["lvm2"]["members"] == ["a.dd", "b.dd"]
    parts = {row["path"]: row for row in rows if row["path"] in ("a.dd", "b.dd")}
    assert {row["status"] for row in parts.values()} == {"parsed"}
    assert {row["meta"]["lvm2"]["group"] for row in parts.values()} == {"vg_kestrel"}


def test_a_disk_of_a_group_that_is_missing_is_named_and_the_rest_is_read(
    bench: Bench, tmp_path: Path, disk: bytes
) -> None:
    rows = taken(bench, tmp_path, {"a.dd": linear(disk)[0]}, code=1)
    whole = next(row for row in rows if row["path"] == "lvm2 vg_kestrel")
    assert whole["status"] == "unreadable"
    assert "Kstrel-pv01-aaaa-bbbb-cccc-dddd-eeeeee (pv1, last seen as /dev/sdb) is missing" in whole["reason"]
    assert (
        files_of(rows)["lvm2 vg_kestrel/lv_radio/schedule.txt"] == hashlib.sha256(TEXT.encode()).hexdigest()
    )


@pytest.mark.parametrize("missing", [None, 0, 1, 2])
def test_an_array_is_read_without_any_one_of_its_disks(
    bench: Bench, tmp_path: Path, disk: bytes, missing: int | None
) -> None:
    disks = {f"d{number}.dd": each for number, each in enumerate(raid5(disk)) if number != missing}
    rows = taken(bench, tmp_path, disks)
    assert files_of(rows) == wanted("md kestrel:0")
    said = codes(bench).get("degraded", "")
    assert said == (
        ""
        if missing is None
        else f"RAID 5 kestrel:0 of 3 disks: disk {missing} is missing: what it held is read from the others"
    )


def test_an_array_without_two_of_its_disks_is_unreadable_and_its_disk_with_it(
    bench: Bench, tmp_path: Path, disk: bytes
) -> None:
    rows = taken(bench, tmp_path, {"d1.dd": raid5(disk)[1]}, code=1)
    (root, whole) = rows
    assert (root["path"], whole["path"]) == ("", "md kestrel:0")
    assert {row["status"] for row in rows} == {"unreadable"}
    assert codes(bench)["range_missing"].startswith("RAID 5 kestrel:0 of 3 disks: disk 0, disk 2 are missing")
    assert root["reason"].startswith("md kestrel:0: ")


def test_a_group_on_an_array_in_partitions_of_a_folder_of_disks(
    bench: Bench, tmp_path: Path, disk: bytes
) -> None:
    (tmp_path / "disks").mkdir()
    for number, each in enumerate(raid5(linear(disk, 1)[0])):
        (tmp_path / "disks" / f"d{number}.dd").write_bytes(each)
    bench.ingest(tmp_path / "disks")
    assert files_of(bench.items()) == wanted("lvm2 vg_kestrel/lv_radio")
    bench.verify()
    item = bench.item("lvm2 vg_kestrel/lv_radio/noise.bin")["id"]
    done = bench.run("show", bench.folder, item, "--bytes", tmp_path / "out", "--reason", "for the expert")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out").read_bytes() == NOISE


def test_disks_of_other_wholes_of_the_same_name_are_not_mixed(
    bench: Bench, tmp_path: Path, disk: bytes
) -> None:
    one, other = linear(disk)
    alien = linear(disk[::-1])[1].replace(b"q5Yp4e", b"ALIEN0").replace(b"Kstrel", b"ALIENS")
    rows = taken(bench, tmp_path, {"a.dd": one, "b.dd": other, "c.dd": alien}, code=1)
    assert wanted("lvm2 vg_kestrel/lv_radio").items() <= files_of(rows).items()
    assert len([row for row in rows if row["path"] == "lvm2 vg_kestrel"]) == 2


@pytest.mark.parametrize("point", range(1, 12))
def test_killed_at_any_checkpoint_and_gone_on_it_is_the_same(
    bench: Bench, tmp_path: Path, disk: bytes, point: int
) -> None:
    (tmp_path / "disks").mkdir()
    for number, each in enumerate(raid5(linear(disk, 1)[0])):
        (tmp_path / "disks" / f"d{number}.dd").write_bytes(each)
    words = ["ingest", bench.folder, tmp_path / "disks", "--workers", "1", *OFF]
    killed = [
        sys.executable,
        Path(__file__).with_name("crash_at.py"),
        "actionday.pipeline.writer:Writer.checkpoint",
    ]
    done = subprocess.run(
        list(map(str, [*killed, "after", point, *words])),
        env={**os.environ, **bench.env},
        capture_output=True,
    )
    assert done.returncode in (0, -9)
    bench.ingest(tmp_path / "disks")
    assert files_of(bench.items()) == wanted("lvm2 vg_kestrel/lv_radio")
    bench.verify()
    again = Bench(tmp_path / "undisturbed")
    again.ingest(tmp_path / "disks")
    assert bench.exports() == again.exports()
