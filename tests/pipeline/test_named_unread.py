"""What a proof names as not read: of what was read in part it says so, and as many are named as are counted."""

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from disk_makers import MIB, ext, mbr, tree
from disk_tools import needs
from ewf_writer import written

from case_tools import Bench

pytestmark = [pytest.mark.tools, needs("mkfs.ext4")]
NOT_COUNTED = "not counted (exhibits, volumes and folders that were opened)"


def named(bench: Bench) -> tuple[dict[str, object], list[str]]:
    proof = bench.verify()
    return proof["accounts"], [
        each for each in proof["report"]["accounts"] if "read" in each.partition(":")[0]
    ]


@pytest.fixture
def disk(tmp_path: Path) -> bytes:
    """A disk with a file that fills most of it, so that whatever is missing is a part of that."""
    files = tree(tmp_path / "t")
    (files / "large.bin").write_bytes(bytes(range(1, 256)) * 20_000)
    return ext(tmp_path / "raw", files, size=8 * MIB).read_bytes()


def test_a_disk_without_one_segment_and_the_file_in_it_are_read_in_part(
    disk: bytes, bench: Bench, tmp_path: Path
) -> None:
    where = tmp_path / "set"
    where.mkdir()
    for name, data in written(disk, 5, "x.E01").items():
        (where / name).write_bytes(data)
    large = next(number for number in (3, 2, 4) if (where / f"x.E0{number}").stat().st_size > 0)
    (where / f"x.E0{large}").unlink()
    bench.ingest(where / "x.E01", code=1)
    accounts, (head, first, *others) = (
        named(bench)[0],
        [each for each in named(bench)[1] if not each.startswith("not read of disks")],
    )
    failed = sum(bench.status()[part] for part in ("failed",))
    assert head == f"not read, or in part: {failed + 1} = {failed} failed + 1 {NOT_COUNTED}"
    assert first.startswith("read in part, not counted: x.E01: unreadable: not whole")
    assert len(others) == failed == accounts["exhibits"][0]["balance"]["failed"] > 0
    assert any(each.startswith("read in part: x.E01: large.bin: unreadable: ") for each in others)


def test_as_many_are_named_as_are_counted(bench: Bench, tmp_path: Path) -> None:
    where = tmp_path / "in"
    where.mkdir()
    (where / "broken.zip").write_bytes(b"PK\x03\x04\x14\0\0\0\0\0")
    (where / "whole.txt").write_text("the heron is at the weir\n")
    lone = tmp_path / "later.E02"
    lone.write_bytes(written(bytes(4 * MIB), 3, "later.E01")["later.E02"])
    (tmp_path / "later.E01").write_bytes(written(bytes(4 * MIB), 3, "later.E01")["later.E01"])
    bench.ingest(where, lone, code=1)
    accounts, lines = named(bench)
    assert lines[0] == "not read, or in part: 2 = 1 failed + 1 skipped as a whole"
    assert [each.partition(": ")[0] for each in lines[1:]] == ["not read", "not read"]
    assert Counter(each["counted"] for each in accounts["grave"]) == {True: 2}  # type: ignore[attr-defined]


@pytest.mark.parametrize("fill", [0x5A, 0])
def test_a_disk_whose_only_volume_was_overwritten_is_not_said_to_hold_nothing(
    fill: int, bench: Bench, tmp_path: Path
) -> None:
    """Nothing of it is counted: neither the disk, which was opened, nor its volume; of zeros not even that fails."""
    made = ext(tmp_path / "p", tree(tmp_path / "t"), size=8 * MIB)
    data = made.read_bytes()
    made.write_bytes(data[:2048] + bytes([fill]) * (len(data) - 2048))
    bench.ingest(mbr(tmp_path / "disk.img", (0x83, made)), code=1)
    accounts, lines = named(bench)
    (each,) = accounts["exhibits"]  # type: ignore[misc]
    assert (each["balance"]["found"], each["hollow"]) == (0, False), lines
    failed = [line for line in lines if line.startswith("not read, not counted: disk.img: p1: unreadable: ")]
    assert len(failed) == (1 if fill else 0), lines
    assert each["losses"]
    assert "NOTHING" not in bench.run("verify", bench.folder).stdout
