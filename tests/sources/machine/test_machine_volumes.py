"""Arrays and groups that a kernel made, through the whole pipeline: every file as that kernel showed it."""

import hashlib
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from machine_samples import names, truth, unpack

from actionday.model import NotThere, Part, Stream
from actionday.sources.volumes.md import ASSEMBLY
from actionday.testing.context import Alone, OpenFile
from case_tools import Bench

READ = [*names("md_"), *names("lvm_")]
SPARED = {"md_raid1": 1, "md_raid1_end": 1, "md_raid4": 1, "md_raid5": 1, "md_raid5_right": 1, "md_raid5_end": 1,
          "md_raid5_old": 1, "md_raid6": 2, "md_raid10_near": 1, "md_raid10_far": 1, "md_raid10_offset": 1}  # fmt: skip


def expected(name: str) -> list[tuple[str, int, str]]:
    """Return end of path, size and sum of each file of a sample, as often as it must be there."""
    rows = [row for tree in truth(name)["trees"].values() for row in tree if row["kind"] == "file"]
    return sorted((row["path"], row["size"], row["sha256"]) for row in rows)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "case")


def found(bench: Bench, name: str, status: str = "") -> list[tuple[str, int, str]]:
    """Return the same of the items that lie in wholes; where a name is in several trees, the longest counts."""
    known = sorted({path for path, _, _ in expected(name)}, key=len, reverse=True)
    rows = [
        row for row in bench.items() if row["kind"] == "file" and row["path"].startswith(("md ", "lvm2 "))
    ]
    ends = [(next((path for path in known if row["path"].endswith(f"/{path}")), ""), row) for row in rows]
    return sorted(
        (path, row["size"], row["sha256"]) for path, row in ends if path and status in ("", row["status"])
    )


def codes(bench: Bench) -> set[str]:
    return {row["code"] for row in bench.export("issues")}


@pytest.mark.parametrize("name", READ)
def test_every_file_is_what_the_kernel_showed(name: str, bench: Bench, tmp_path: Path) -> None:
    unpack(name, tmp_path / "disks")
    bench.ingest(tmp_path / "disks")
    assert found(bench, name) == expected(name)
    assert codes(bench) == ({"degraded", "stale_member"} if name == "md_raid5_stale" else set())
    members = [row for row in bench.items() if row["path"].startswith("disk")]
    assert len(members) == len(truth(name)["disks"]), "what a disk begins with was read as a disk of its own"


def test_s04_xfs_in_a_volume_of_a_disk_without_a_partition_table(bench: Bench, tmp_path: Path) -> None:
    (disk,) = unpack("lvm_xfs_bare", tmp_path / "disks")
    bench.ingest(disk)
    assert found(bench, "lvm_xfs_bare") == expected("lvm_xfs_bare")
    assert {row["path"].split("/")[1] for row in bench.items() if row["path"].count("/") == 1} == {"log"}


def test_a_physical_volume_without_metadata_alone_is_named(bench: Bench, tmp_path: Path) -> None:
    unpack("lvm_no_metadata", tmp_path / "disks", (0,))
    bench.ingest(tmp_path / "disks", code=1)
    said = {row["path"]: (row["code"], row["reason"]) for row in bench.export("issues")}
    assert {path: code for path, (code, _) in said.items()} == {
        "disk1.raw": "unsupported",
        "lvm2": "unreadable",
    }
    why = r"(lvm2: )?LVM2 physical volume [\w-]{38}: no metadata of its group can be read"
    assert all(re.match(why, reason) for _, reason in said.values())
    assert len(bench.export("issues")) == 2


@pytest.mark.parametrize("name", ["md_raid5_table", "md_raid1_end", "md_raid5_stale", "lvm_on_md"])
def test_a_disk_that_lacks_is_named_and_nothing_else_lacks(name: str, bench: Bench, tmp_path: Path) -> None:
    unpack(name, tmp_path / "disks", (1,))
    bench.ingest(tmp_path / "disks")
    assert found(bench, name) == expected(name)
    said = [row["reason"] for row in bench.export("issues")]
    assert len(said) == 1
    assert "disk 1 is missing: what it held is read from the others" in said[0]


@pytest.mark.parametrize("name", ["lvm_raid1", "lvm_raid5"])
@pytest.mark.parametrize("away", [0, 1])
def test_a_group_says_what_it_lacks_and_reads_its_mirrors(
    name: str, away: int, bench: Bench, tmp_path: Path
) -> None:
    unpack(name, tmp_path / "disks", (away,))
    bench.ingest(tmp_path / "disks")
    assert found(bench, name) == expected(name)
    (issue,) = bench.export("issues")
    assert (issue["code"], f"(pv{away}, " in issue["reason"]) == ("degraded", True)


@pytest.mark.parametrize("name", ["md_raid0", "md_linear", "lvm_linear", "lvm_striped", "lvm_thin"])
def test_what_cannot_be_had_without_a_disk_is_a_loss_that_names_it(
    name: str, bench: Bench, tmp_path: Path
) -> None:
    unpack(name, tmp_path / "disks", (1,))
    bench.ingest(tmp_path / "disks", code=1)
    assert any("missing" in row["reason"] for row in bench.export("issues"))
    assert set(found(bench, name, status="parsed")) <= set(expected(name)), "what is read is as it was"


def array(paths: list[Path], around: Alone) -> Stream:
    return ASSEMBLY.assemble([Part(OpenFile(path), path.name) for path in paths], "array", around)


def digest(stream: Any) -> str:
    whole = hashlib.sha256()
    stream.seek(0)
    while block := stream.read(1 << 20):
        whole.update(block)
    return whole.hexdigest()


@pytest.mark.parametrize("name", SPARED)
def test_an_array_reads_the_same_without_the_disks_it_can_do_without(name: str, tmp_path: Path) -> None:
    paths = unpack(name, tmp_path)
    around = Alone("array")
    whole = digest(array(paths, around))
    assert around.notes == []
    for many in range(1, SPARED[name] + 1):
        for away in combinations(range(len(paths)), many):
            around = Alone("array")
            left = [path for number, path in enumerate(paths) if number not in away]
            assert digest(array(left, around)) == whole, away
            (note,) = around.notes
            assert note.code == "degraded"
            assert all(f"disk {number}" in note.reason for number in away)


def test_of_a_linear_array_nothing_is_placed_without_a_disk(tmp_path: Path) -> None:
    with pytest.raises(NotThere, match="disk 1 is missing"):
        array(unpack("md_linear", tmp_path, (1,)), Alone("array"))
