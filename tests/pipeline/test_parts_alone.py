"""A later part of a disk is given alone while the first lies beside it: nothing of it is read, and that is said."""

import shutil
import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from disk_makers import HASHES, MIB, ext, tree
from disk_tools import needs, run

from actionday.storage.database.elsewhere import elsewhere
from case_tools import Bench, balanced, sha256

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "ewfacquire", "qemu-img")]
APART = "which lies beside it and is no file of this exhibit: nothing of it is read here"
NOT_IN_CASE = "nothing of what it holds is in the case"
NOWHERE = "; no file and no item of another exhibit of the case has these bytes"
THERE = "exhibit '{}' has these bytes too, and they were opened there"
NOT_THERE = "exhibit '{}' has these bytes too, and they were not opened there either"


def segments(disk: Path) -> list[Path]:
    run(
        "ewfacquire",
        "-u",
        "-q",
        "-f",
        "encase6",
        "-c",
        "none",
        "-S",
        2 * MIB,
        "-t",
        disk.with_name("x"),
        disk,
    )
    return sorted(disk.parent.glob("x.E*"))


def parts_from_zero(disk: Path) -> list[Path]:
    """Return parts as split -d numbers them: the first is ``.000``."""
    run("split", "-b", 2 * MIB, "-d", "-a", "3", disk, disk.with_name("x."))
    return sorted(disk.parent.glob("x.0*"))


def parts(disk: Path) -> list[Path]:
    run("split", "-b", 2 * MIB, "--numeric-suffixes=1", "-a", "3", disk, disk.with_name("x."))
    return sorted(disk.parent.glob("x.0*"))


def extents(disk: Path) -> list[Path]:
    made = disk.with_name("x.vmdk")
    run("qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=twoGbMaxExtentSparse", disk, made)
    return [made, made.with_name("x-s001.vmdk")]


SETS = {
    "ewf": (segments, f"segment 2 of x.E01, {APART}"),
    "raw": (parts_from_zero, f"part 2 of x.000, {APART}"),
    "vmdk": (extents, f"vmdk: an extent of x.vmdk, {APART}"),
}


def told(bench: Bench) -> str:
    """Return the one line of a proof about what was not read."""
    (line,) = [each for each in bench.verify()["report"]["accounts"] if each.startswith("not read: ")]
    return str(line)


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    (tmp_path / "set").mkdir()
    return ext(tmp_path / "set" / "raw", tree(tmp_path / "t"), size=8 * MIB)


@pytest.mark.parametrize("kind", SETS)
def test_the_first_that_was_not_given_is_no_file_of_the_exhibit(kind: str, disk: Path, bench: Bench) -> None:
    make, reason = SETS[kind]
    given = make(disk)[1]
    said = bench.ingest(given, code=1).stdout
    assert f"exhibit '{given.name}': {reason}: nothing of what it holds is in the case" in said
    (row,) = bench.items()
    data = given.read_bytes()
    assert (row["status"], row["reason"]) == ("unsupported", reason)
    assert (row["size"], row["sha256"]) == (len(data), sha256(data))  # its own alone
    proof = bench.verify()
    (held,) = proof["report"]["exhibits"]
    assert (held["path"], held["sha256"]) == (str(given), sha256(data))
    (unread,) = proof["accounts"]["grave"]
    assert (unread["reason"], unread["also_in"]) == (reason, "")
    line = f"not read: {given.name}: unsupported: {reason}{NOWHERE}"
    assert line in proof["report"]["accounts"]
    assert proof["lacking"]["unread_bytes"] == len(data)
    balanced([row], bench.status())


def test_two_segments_without_their_first_are_one_file_each(disk: Path, bench: Bench) -> None:
    made = segments(disk)
    said = bench.ingest(*made[1:3], code=1).stdout
    assert "has the same bytes as" not in said
    assert [(row["exhibit"], row["size"]) for row in bench.items()] == [
        (each.name, each.stat().st_size) for each in made[1:3]
    ]
    assert {row["reason"] for row in bench.items()} == {
        f"segment {number} of x.E01, {APART}" for number in (2, 3)
    }


def test_one_whose_set_the_case_has_is_not_said_to_be_missing_in_it(disk: Path, bench: Bench) -> None:
    made = segments(disk)
    bench.ingest(made[0])
    said = bench.ingest(made[1], code=1).stdout
    assert f"segment 2 of x.E01, {APART}: {THERE.format('x.E01')}\n" in said
    assert "is in the case" not in said
    assert (
        told(bench) == f"not read: x.E02: unsupported: segment 2 of x.E01, {APART}; {THERE.format('x.E01')}"
    )


@pytest.mark.parametrize("first", ["the part", "the set"])
def test_a_folder_that_has_the_set_has_the_part_too_in_whatever_order(
    first: str, disk: Path, bench: Bench, tmp_path: Path
) -> None:
    part = segments(disk)[1]
    (tmp_path / "seized" / "in").mkdir(parents=True)
    for each in disk.parent.glob("x.E*"):
        shutil.copy(each, tmp_path / "seized" / "in" / each.name)
    runs = [(part, "--exhibit", "one"), (tmp_path / "seized", "--exhibit", "all")]
    said = [
        bench.ingest(*words, code=int(words[0] == part)).stdout
        for words in (runs if first == "the part" else runs[::-1])
    ]
    reason = f"segment 2 of x.E01, {APART}"
    then = NOT_IN_CASE if first == "the part" else THERE.format("all")
    assert f"exhibit 'one': {reason}: {then}\n" in "".join(said)
    assert told(bench) == f"not read: one: unsupported: {reason}; {THERE.format('all')}"
    (unread,) = bench.verify()["accounts"]["grave"]
    assert (unread["also_in"], unread["also_opened"]) == ("all", True)


@pytest.mark.parametrize("how", ["alone", "packed", "beside a first that is damaged"])
def test_bytes_that_are_read_nowhere_are_no_comfort(
    how: str, disk: Path, bench: Bench, tmp_path: Path
) -> None:
    """The same file twice in a case, and neither is opened."""
    first, part, *_ = segments(disk)
    other = tmp_path / "other"
    other.mkdir()
    if how == "packed":
        with zipfile.ZipFile(other / "a.zip", "w") as archive:
            archive.write(part, part.name)
    else:
        for each in (first, part):
            shutil.copy(each, other / each.name)
    if how == "beside a first that is damaged":
        (other / first.name).write_bytes(first.read_bytes()[:100])
    given = other / part.name if how == "alone" else other
    bench.ingest(given, "--exhibit", "two", code=1)
    said = bench.ingest(part, "--exhibit", "one", code=1).stdout
    reason = f"segment 2 of x.E01, {APART}"
    assert f"exhibit 'one': {reason}: {NOT_IN_CASE}; {NOT_THERE.format('two')}\n" in said
    assert (
        f"not read: one: unsupported: {reason}; {NOT_THERE.format('two')}"
        in bench.verify()["report"]["accounts"]
    )


def test_two_equal_disks_that_nobody_reads_do_not_comfort_each_other(bench: Bench, tmp_path: Path) -> None:
    one, two = tmp_path / "one.qcow2", tmp_path / "two.qcow2"
    run("qemu-img", "create", "-q", "-f", "qcow2", one, "1M")
    data = bytearray(one.read_bytes())
    data[72] |= 0x80  # an incompatible feature that nobody has defined
    for each in (one, two):
        each.write_bytes(data)
    said = bench.ingest(one, two, code=1).stdout
    for name, other in ((one.name, two.name), (two.name, one.name)):
        (line,) = [each for each in said.splitlines() if each.startswith(f"exhibit {name!r}: qcow2: ")]
        assert line.endswith(f": {NOT_IN_CASE}; {NOT_THERE.format(other)}")


def test_given_with_its_first_in_one_exhibit_it_is_read(disk: Path, bench: Bench) -> None:
    made = segments(disk)
    bench.ingest(made[1], made[0], "--exhibit", "S")
    assert HASHES["readme.txt"] in {row["sha256"] for row in bench.items()}
    assert not bench.export("issues")


def test_the_first_of_raw_parts_that_lies_beside_is_not_said_to_be_gone(disk: Path, bench: Bench) -> None:
    bench.ingest(parts(disk)[1], code=1)
    (line,) = (row["reason"] for row in bench.export("issues") if row["code"] == "segment_missing")
    assert line.startswith("x.001 is no file of this exhibit; called as its later parts: 1 file")


def test_the_size_of_several_files_says_how_many_and_which_were_not_given(disk: Path, bench: Bench) -> None:
    made = segments(disk)
    bench.ingest(*made[:2])
    said = bench.run("show", bench.folder, made[0].name).stdout
    total = f"{sum(each.stat().st_size for each in made):,}".replace(",", "\u202f")
    assert f"size      {total} B in {len(made)} files, {len(made) - 2} of them found beside\n" in said


def test_of_several_files_of_an_exhibit_one_that_another_has_does_not_suffice(
    bench: Bench, tmp_path: Path
) -> None:
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.write_text("the ferry leaves at noon\n")
    two.write_text("the heron is at the weir\n")
    both = tmp_path / "both"
    both.mkdir()
    for each in (one, two):
        shutil.copy(each, both / each.name)
    bench.ingest(one, two, both)
    hashes = [sha256(each.read_bytes()) for each in (one, two)]
    with closing(sqlite3.connect(bench.folder / "case.db")) as database:
        numbers = dict(database.execute("SELECT id, number FROM exhibits"))
        assert elsewhere(database, 0, *hashes) == ("both", False), "a text is read, nothing is opened"
        assert elsewhere(database, numbers["both"], *hashes) is None
        assert elsewhere(database, numbers["both"], hashes[0]) == ("one.txt", False)
        assert elsewhere(database, 0) is None


@pytest.mark.parametrize("given", [True, False], ids=["with its first", "with another file"])
def test_of_several_files_of_another_exhibit_the_part_is_opened_with_its_first_alone(
    given: bool, disk: Path, bench: Bench, tmp_path: Path
) -> None:
    first, part, *_ = segments(disk)
    (tmp_path / "note.txt").write_text("the ferry leaves at noon\n")
    bench.ingest(part, first if given else tmp_path / "note.txt", "--exhibit", "S")
    said = bench.ingest(part, "--exhibit", "one", code=1).stdout
    told = THERE.format("S") if given else f"{NOT_IN_CASE}; {NOT_THERE.format('S')}"
    assert f"segment 2 of x.E01, {APART}: {told}\n" in said
