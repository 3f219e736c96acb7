"""Parts of one disk that are given together: one exhibit, said in a line, and no loss."""

import random
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from disk_makers import HASHES, MIB, ext, tree
from disk_tools import needs, run
from ewf_writer import written
from test_conversions import vdi_child

from actionday.pipeline.custody import SourceFile
from actionday.pipeline.together import first_of, together
from actionday.sources.images._ewf_segments import most_of, name_of
from case_tools import Bench, balanced


@given(st.sampled_from(["k.E01", "k.e01", "k.s01"]), st.integers(2, 14_000))
def test_every_segment_knows_its_first(first: str, number: int) -> None:
    if number <= most_of(first):
        assert first in first_of(name_of(first, number), lambda name: name == name_of(first, number - 1))


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("d.002", "d.001"),
        ("d.0002", "d.0001"),
        ("d-s002.vmdk", "d.vmdk"),
        ("d-flat.vmdk", "d.vmdk"),
        ("d.E99", "d.E01"),
    ],
)
def test_a_later_part_names_its_first(name: str, first: str) -> None:
    assert first in first_of(name, lambda _: False)


@pytest.mark.parametrize(
    "name", ["d.E01", "d.001", "d.vmdk", "d.dd", "d.qcow2", "d.log.1", "d.txt", "d.log", "E02"]
)
def test_a_first_and_what_is_no_part_names_none(name: str) -> None:
    assert first_of(name, lambda each: each in ("d.E01", "d.E02")) == []


def files(*names: str) -> list[SourceFile]:
    return [SourceFile(f"/e/{name}", 1, folder=False) for name in names]


def test_parts_go_to_the_first_of_their_own_folder() -> None:
    given = [*files("b.E02", "a.E03", "a.E01", "a.E02"), SourceFile("/f/a.E02", 1, folder=False)]
    found = [[each.path for each in group.files] for group in together(given, {})]
    assert found == [["/e/b.E02"], ["/e/a.E01", "/e/a.E03", "/e/a.E02"], ["/f/a.E02"]]


def test_a_part_that_the_case_has_as_an_exhibit_stays_one() -> None:
    given = files("a.E01", "a.E02", "a.E03")
    known = {"a.E01": frozenset(["a.E01", "a.E03"]), "a.E02": frozenset(["a.E02"])}
    found = [[Path(each.path).name for each in group.files] for group in together(given, known)]
    assert found == [["a.E01", "a.E03"], ["a.E02"]]


def test_of_many_thousand_files_each_is_looked_at_once() -> None:
    names = [name_of("a.E01", number) for number in range(1, 10_001)]
    (group,) = together(files(*names), {})
    assert len(group.files) == 10_000


@pytest.mark.parametrize("gone", [{100}, {102}, {101, 102, 103}, {99, 100, 101}, set(range(40, 101))])
def test_segments_past_99_belong_to_their_first_where_others_are_missing(gone: set[int]) -> None:
    names = [name_of("a.E01", number) for number in range(1, 108) if number not in gone]
    found = [[each.path for each in group.files] for group in together(files(*names, "a.TXT", "a.LOG"), {})]
    assert found == [[f"/e/{name}" for name in names], ["/e/a.TXT"], ["/e/a.LOG"]]


# through the real command

tools = [pytest.mark.tools, needs("mkfs.ext4"), needs("qemu-img")]


def image(folder: Path) -> bytes:
    raw = ext(folder / "raw", tree(folder / "t"), size=8 * MIB).read_bytes()
    return raw[: -2 * MIB] + random.Random(4).randbytes(2 * MIB)


def made(kind: str, folder: Path) -> tuple[list[Path], str]:
    """Return the files of a disk and which of them is the first."""
    raw, where = image(folder), folder / "set"
    where.mkdir()
    if kind == "ewf":
        for name, data in written(raw, 4).items():
            (where / name).write_bytes(data)
        return sorted(where.iterdir()), "case.E01"
    if kind == "raw":
        for number in range(4):
            (where / f"disk.{number + 1:03}").write_bytes(raw[number * 2 * MIB : (number + 1) * 2 * MIB])
        return sorted(where.iterdir()), "disk.001"
    (folder / "plain").write_bytes(raw)
    options = "subformat=twoGbMaxExtentSparse" if kind == "sparse" else "subformat=monolithicFlat"
    run(
        "qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", options, folder / "plain", where / "disk.vmdk"
    )
    return sorted(where.iterdir()), "disk.vmdk"


@pytest.mark.tools
@needs("mkfs.ext4")
@needs("qemu-img")
@pytest.mark.parametrize("kind", ["ewf", "raw", "sparse", "flat"])
def test_all_of_a_set_is_one_exhibit_without_a_loss(kind: str, bench: Bench, tmp_path: Path) -> None:
    parts, first = made(kind, tmp_path)
    assert len(parts) > 1
    said = bench.ingest(*parts).stdout
    items = bench.items()
    balanced(items, bench.status())
    assert {row["exhibit"] for row in items} == {first}
    assert [row["kind"] for row in items].count("exhibit") == 1
    assert "readme.txt" in {row["path"] for row in items}
    assert f"{first}: one exhibit with it" in said
    codes = {row["code"] for row in bench.export("issues")}
    assert not codes & {"volume_unread", "segment_missing", "range_missing"}
    bench.ingest(*parts)  # again, all of it
    again = bench.ingest(next(part for part in parts if part.name == first))  # and its first alone
    assert "had been taken in before" in again.stdout
    assert bench.items() == items
    assert bench.verify()["ok"]


@pytest.mark.tools
@needs("mkfs.ext4")
@pytest.mark.parametrize("given", ["first", "all", "folder"])
def test_a_set_past_99_is_read_whole_however_it_is_given(given: str, bench: Bench, tmp_path: Path) -> None:
    where = tmp_path / "set"
    where.mkdir()
    for name, data in written(image(tmp_path), 128).items():
        (where / name).write_bytes(data)
    assert (where / "case.EBC").exists()
    asked = {"first": [where / "case.E01"], "all": sorted(where.iterdir()), "folder": [where]}
    bench.ingest(*asked[given])
    found = {row["path"]: row for row in bench.items()}
    text = found["case.E01/readme.txt" if given == "folder" else "readme.txt"]
    assert text["sha256"] == HASHES["readme.txt"]
    codes = {row["code"] for row in bench.export("issues")}
    assert not codes & {"volume_unread", "segment_missing", "range_missing", "segment_unplaced"}


@pytest.mark.tools
@needs("mkfs.ext4")
def test_damaged_headers_of_all_segments_cost_no_file(bench: Bench, tmp_path: Path) -> None:
    where = tmp_path / "set"
    where.mkdir()
    for name, data in written(image(tmp_path), 3).items():
        (where / name).write_bytes(bytes(8) + data[8:].replace(b"table2\0", b"tabl\xff2\0"))
    bench.ingest(*sorted(where.iterdir()), code=1)
    found = {row["path"]: row for row in bench.items()}
    assert found["readme.txt"]["sha256"] == HASHES["readme.txt"]
    assert {row["exhibit"] for row in bench.items()} == {"case.E01"}
    codes = {row["code"] for row in bench.export("issues")}
    assert "checksum" in codes
    assert not codes & {"gap", "range_missing", "segment_short", "hash_differs", "volume_unread"}
    assert found[""]["meta"]["media"]["md5"] == found[""]["meta"]["stored_hashes"]["md5"]


@pytest.mark.tools
@needs("mkfs.ext4")
@pytest.mark.parametrize("cut", [0, 100])
def test_raw_parts_that_end_within_a_sector_are_joined(cut: int, bench: Bench, tmp_path: Path) -> None:
    """Split at a round figure; then the first part has lost its end too, which moves nothing behind it."""
    raw, size, where = image(tmp_path), 2_000_000, tmp_path / "set"
    where.mkdir()
    for number in range(-(-len(raw) // size)):
        data = raw[number * size : (number + 1) * size]
        (where / f"disk.{number + 1:03}").write_bytes(data[: len(data) - cut] if number == 0 else data)
    bench.ingest(where / "disk.001", code=1 if cut else 0)
    found = {row["path"]: row for row in bench.items()}
    assert found["readme.txt"]["sha256"] == HASHES["readme.txt"]
    assert {row["exhibit"] for row in bench.items()} == {"disk.001"}
    lacks = [row["reason"] for row in bench.export("issues") if row["code"] == "range_missing"]
    assert [each.partition(" of the disk")[0] for each in lacks] == (
        ["bytes 1999900 to 1999999"] if cut else []
    )


@pytest.mark.tools
@needs("mkfs.ext4")
def test_the_first_alone_and_then_all_of_them_is_one_exhibit(bench: Bench, tmp_path: Path) -> None:
    parts, first = made("ewf", tmp_path)
    bench.ingest(parts[0])
    items = bench.items()
    bench.ingest(*parts)
    assert bench.items() == items
    assert {row["exhibit"] for row in items} == {first}


@pytest.mark.tools
@needs("mkfs.ext4")
def test_without_the_first_each_is_a_loss_as_before(bench: Bench, tmp_path: Path) -> None:
    parts, _ = made("ewf", tmp_path)
    parts[0].unlink()
    bench.ingest(*parts[1:], code=1)
    assert len({row["exhibit"] for row in bench.items()}) == 3


@pytest.mark.tools
@needs("mkfs.ext4")
def test_a_file_that_is_only_called_as_a_part_is_opened_by_itself(bench: Bench, tmp_path: Path) -> None:
    raw = image(tmp_path)
    (tmp_path / "case.E01").write_bytes(written(raw, 1)["case.E01"])
    shutil.copy(Path(__file__).parent / "small_disk.py", tmp_path / "case.E05")
    bench.ingest(tmp_path / "case.E01", tmp_path / "case.E05")
    paths = {row["path"] for row in bench.items()}
    assert {"case.E05", "case.E01/readme.txt"} <= paths


@pytest.mark.tools
@needs("mkfs.ext4")
def test_a_set_given_with_another_file_under_one_name_is_read_whole(bench: Bench, tmp_path: Path) -> None:
    parts, _ = made("ewf", tmp_path)
    (tmp_path / "notes.txt").write_text("what the examiner wrote\n")
    bench.ingest(*parts, tmp_path / "notes.txt", "--exhibit", "X")
    found = {row["path"]: row for row in bench.items()}
    assert found["case.E01/readme.txt"]["sha256"] == HASHES["readme.txt"]
    assert found["notes.txt"]["status"] == "parsed"
    assert "case.E02" not in found
    assert not {row["code"] for row in bench.export("issues")} & {"segment_missing", "range_missing"}
    assert bench.verify()["ok"]


@pytest.mark.tools
@needs("mkfs.ext4", "qemu-img")
@pytest.mark.parametrize("named", [False, True])
def test_a_vdi_that_another_looked_at_for_its_parent_is_opened_itself(
    named: bool, bench: Bench, tmp_path: Path
) -> None:
    """A differencing VDI names its parent by number alone: all beside it are looked at, one is needed."""
    for name, words in (("zbase", b"of the parent"), ("other", b"of nobody")):
        ext(tmp_path / "raw", tree(tmp_path / name, {f"{name}.txt": words}), size=8 * MIB)
        run("qemu-img", "convert", "-f", "raw", "-O", "vdi", tmp_path / "raw", tmp_path / f"{name}.vdi")
    vdi_child(tmp_path / "zbase.vdi", tmp_path / "child.vdi", {7: b"N" * MIB})
    given = [tmp_path / f"{name}.vdi" for name in ("child", "other", "zbase")]
    bench.ingest(*(given if named else given[:1]), "--exhibit", "X")
    files = {row["path"]: row for row in bench.items() if row["kind"] == "file"}
    if named:
        assert files.keys() == {"child.vdi", "child.vdi/zbase.txt", "other.vdi", "other.vdi/other.txt"}
    else:
        assert files.keys() == {"zbase.txt"}
        shown = bench.run("show", bench.folder, "X").stdout
        assert "zbase.vdi" in shown
        assert "other.vdi" not in shown
    assert bench.verify()["ok"]
