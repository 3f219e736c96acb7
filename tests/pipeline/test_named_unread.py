"""What a proof names as not read: of what was read in part it says so, and as many are named as are counted."""

import random
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from disk_makers import MIB, ext, mbr, tree
from disk_tools import needs, run
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


def in_part(bench: Bench) -> dict[str, bool]:
    """Return of each path that a proof names whether something of it is in the case."""
    return {each["path"]: each["in_part"] for each in bench.verify()["accounts"]["grave"]}


def test_what_is_called_as_if_it_lay_in_an_item_is_no_part_of_it(bench: Bench, tmp_path: Path) -> None:
    """An entry ``docs`` that is damaged from its first byte on, and another that is called ``docs/x.txt``."""
    given = tmp_path / "b.zip"
    with zipfile.ZipFile(given, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("docs", random.Random(7).randbytes(20_000))
        archive.writestr("docs/x.txt", "the heron is at the weir\n")
        archive.writestr("docs/behind the gap @0", "a name that anybody may give\n")
    data = bytearray(given.read_bytes())
    data[34:60] = bytes(each ^ 0x5A for each in data[34:60])
    given.write_bytes(data)
    bench.ingest(given, code=1)
    assert in_part(bench) == {"docs": False}


def test_a_folder_of_which_some_entries_are_listed_is_read_in_part(bench: Bench, tmp_path: Path) -> None:
    files = tree(tmp_path / "t")
    for number in range(200):
        (files / "docs" / f"{number:03} {'n' * 60}").write_text("")
    made = ext(tmp_path / "raw.dd", files, "-O", "^metadata_csum,^dir_index", size=8 * MIB)
    blocks = run("debugfs", "-R", "blocks /docs", made).split()
    with made.open("r+b") as file:
        file.seek(int(blocks[-1]) * 1024)
        file.write(b"\xff" * 1024)
    bench.ingest(made, code=1)
    assert in_part(bench) == {"docs": True}


def test_a_file_without_its_beginning_is_read_in_part_for_what_stands_behind_the_gap(
    bench: Bench, tmp_path: Path
) -> None:
    files = tree(tmp_path / "t", {f"{n}.bin": random.Random(n).randbytes(1_200_000) for n in range(5)})
    where = tree(
        tmp_path / "set", written(ext(tmp_path / "raw", files, size=8 * MIB).read_bytes(), 5, "x.E01")
    )
    (where / "x.E02").unlink()
    bench.ingest(where / "x.E01", code=1)
    behind = {row["path"].partition("/")[0] for row in bench.items() if "/behind the gap @" in row["path"]}
    bare = behind & {row["path"] for row in bench.items() if row["sha256"] is None}
    assert bare, "one begins in what is missing"
    assert all(in_part(bench)[path] for path in bare)
