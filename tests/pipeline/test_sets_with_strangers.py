"""Segments given with files that are none, by links, in any case and order: what they cost, and what is said."""

import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from disk_makers import HASHES, MIB, ext, tree
from disk_tools import needs
from ewf_writer import written

from case_tools import Bench, balanced

pytestmark = [pytest.mark.tools, needs("mkfs.ext4")]
WORDS = b"Meeting at the old mill about the green parcels\n" * 40


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("disk")
    return ext(folder / "raw", tree(folder / "t"), size=8 * MIB).read_bytes()


@pytest.fixture
def parts(raw: bytes, tmp_path: Path) -> list[Path]:
    where = tmp_path / "set"
    where.mkdir()
    for name, data in written(raw, 5, "x.E01").items():
        (where / name).write_bytes(data)
    return sorted(where.iterdir())


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("in.txt", WORDS)


def of_another_set(path: Path) -> None:
    path.write_bytes(written(bytes(4 * MIB), 9, "x.E01")["x.E06"])


STRANGE: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_bytes(WORDS),
    "zip": zipped,
    "empty": lambda path: path.write_bytes(b""),
    "another": of_another_set,
}


@pytest.mark.parametrize("name", ["x.E06", "x.E08"])
@pytest.mark.parametrize("kind", STRANGE)
def test_a_stranger_behind_costs_nothing(
    name: str, kind: str, parts: list[Path], bench: Bench, tmp_path: Path
) -> None:
    strange = parts[0].with_name(name)
    STRANGE[kind](strange)
    bench.ingest(*parts, strange, code=1 if kind == "another" else 0)
    found = {row["path"]: row for row in bench.items()}
    balanced(bench.items(), bench.status())
    assert found["x.E01/readme.txt"]["sha256"] == HASHES["readme.txt"]
    assert name in found
    assert kind != "text" or found[name]["status"] == "parsed"
    assert kind != "zip" or f"{name}/in.txt" in found
    lost = {(row["code"], row["path"]) for row in bench.export("issues")}
    assert {path for _, path in lost} <= ({name} if kind == "another" else set())
    assert bench.verify()["ok"]


@pytest.mark.parametrize("kind", STRANGE)
def test_a_stranger_within_costs_its_segment_and_is_read(kind: str, parts: list[Path], bench: Bench) -> None:
    parts[2].unlink()
    STRANGE[kind](parts[2])
    bench.ingest(*parts, code=1)
    found = {row["path"]: row for row in bench.items()}
    assert found["x.E03"]["size"] == parts[2].stat().st_size
    assert kind != "text" or found["x.E03"]["status"] == "parsed"
    assert kind != "zip" or "x.E03/in.txt" in found
    missing = [row for row in bench.export("issues") if row["code"] == "segment_missing"]
    (why,) = (row["reason"] for row in missing if row["path"] == "x.E01")
    assert why.startswith("missing of the set: x.E03 (x.E03 ")


def test_a_later_segment_says_where_it_would_be_read(parts: list[Path], bench: Bench) -> None:
    done = bench.ingest(parts[3], code=1).stdout
    assert (
        "segment 4 of x.E01, which lies beside it and is no file of this exhibit: nothing of it is read"
        in done
    )


def test_a_segment_behind_the_end_is_said_to_be_none(parts: list[Path], raw: bytes, bench: Bench) -> None:
    (parts[0].parent / "x.E06").write_bytes(written(raw, 8, "x.E01")["x.E06"])
    bench.ingest(parts[0].parent, code=1)
    found = {row["path"]: row for row in bench.items()}
    assert found["x.E04"]["reason"] == "segment 4 of x.E01: its bytes are read with that file"
    assert found["x.E06"]["reason"].startswith("the set ends with x.E05: it is no part of the set of x.E01")
    assert found["x.E01/readme.txt"]["sha256"] == HASHES["readme.txt"]


@pytest.mark.parametrize("called", ["x.e{:02}", "X.E{:02}", "x.e{:02}|x.E{:02}"])
def test_endings_in_mixed_case_are_one_set(called: str, parts: list[Path], bench: Bench) -> None:
    names = called.split("|")
    for number, part in enumerate(parts[1:], 2):
        part.rename(part.with_name(names[number % len(names)].format(number)))
    given = sorted(parts[0].parent.iterdir())
    bench.ingest(*given)
    whole = bench.items()
    assert {row["exhibit"] for row in whole} == {"x.E01"}
    assert {row["path"]: row["sha256"] for row in whole}["readme.txt"] == HASHES["readme.txt"]
    assert not bench.export("issues")
    assert "had been taken in before" in bench.ingest(parts[0]).stdout


@pytest.mark.parametrize("target", ["x.E03", "blob-77"])
def test_a_link_is_a_segment(target: str, parts: list[Path], bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    parts[2].rename(tmp_path / "store" / target)
    parts[2].symlink_to(tmp_path / "store" / target)
    bench.ingest(*parts)
    assert {row["path"]: row["sha256"] for row in bench.items()}["readme.txt"] == HASHES["readme.txt"]
    assert {row["exhibit"] for row in bench.items()} == {"x.E01"}
    assert not bench.export("issues")
    assert "had been taken in before" in bench.ingest(*parts).stdout
    assert bench.verify()["ok"]


@pytest.mark.parametrize("order", ["sorted", "reversed", "first last", "one exhibit", "first alone"])
def test_each_order_gives_the_same_items(order: str, parts: list[Path], bench: Bench) -> None:
    given = {"reversed": parts[::-1], "first last": [*parts[1:], parts[0]], "first alone": parts[:1]}
    asked = given.get(order, parts[::-1] if order == "one exhibit" else parts)
    bench.ingest(*asked, *(["--exhibit", "x.E01"] if order == "one exhibit" else []))
    found = {row["path"]: row["sha256"] for row in bench.items()}
    assert found["readme.txt"] == HASHES["readme.txt"]
    assert not bench.export("issues")
    assert not {path for path in found if path.startswith("x.E")}


def halves(raw: bytes, where: Path, *names: str) -> list[Path]:
    """Return ``raw`` in as many parts as there are names, all but the last of one size."""
    where.mkdir()
    size = len(raw) // len(names) // 512 * 512 + 512
    for number, name in enumerate(names):
        (where / name).write_bytes(raw[number * size : (number + 1) * size])
    return [where / name for name in names]


NAMINGS = {
    "zero": ["d.000", "d.001", "d.002"],
    "one": ["d.1", "d.2", "d.3"],
    "two": ["d.01", "d.02", "d.03"],
    "four": ["d.0001", "d.0002", "d.0003"],
    "letters": ["daa", "dab", "dac"],
}


@pytest.mark.parametrize("given", ["all", "reversed", "first", "folder"])
@pytest.mark.parametrize("naming", NAMINGS)
def test_raw_parts_under_each_naming_are_one_disk(
    naming: str, given: str, raw: bytes, bench: Bench, tmp_path: Path
) -> None:
    parts = halves(raw, tmp_path / "set", *NAMINGS[naming])
    asked = {"all": parts, "reversed": parts[::-1], "first": parts[:1], "folder": [tmp_path / "set"]}[given]
    bench.ingest(*asked)
    found = {row["path"]: row["sha256"] for row in bench.items()}
    first = parts[0].name
    assert found[f"{first}/readme.txt" if given == "folder" else "readme.txt"] == HASHES["readme.txt"]
    assert {row["exhibit"] for row in bench.items()} == {"set" if given == "folder" else first}
    assert not {row["code"] for row in bench.export("issues")} & {"short", "range_missing", "segment_missing"}
    if given == "all":
        assert "had been taken in before" in bench.ingest(parts[0]).stdout
        assert "had been taken in before" in bench.ingest(*parts).stdout


@pytest.mark.parametrize("kind", ["text", "zip", "empty"])
@pytest.mark.parametrize("naming", NAMINGS)
def test_a_stranger_behind_raw_parts_costs_nothing(
    naming: str, kind: str, raw: bytes, bench: Bench, tmp_path: Path
) -> None:
    *names, last = NAMINGS[naming]
    parts = halves(raw, tmp_path / "set", *names)
    STRANGE[kind](tmp_path / "set" / last)
    bench.ingest(*parts, tmp_path / "set" / last)
    rows = bench.items()
    assert HASHES["readme.txt"] in {row["sha256"] for row in rows}
    assert any(last in (row["path"], row["exhibit"]) for row in rows)
    if kind != "empty":
        assert any(row["text_sha256"] for row in rows if last in (row["exhibit"], *row["path"].split("/")))


def test_whole_disks_called_as_parts_are_read_each(raw: bytes, bench: Bench, tmp_path: Path) -> None:
    disks = [tmp_path / f"d.00{number}" for number in range(1, 6)]
    for each in disks:
        each.write_bytes(raw)
    bench.ingest(*disks[::-1])
    paths = {row["path"] for row in bench.items()}
    assert {f"{each.name}/readme.txt" for each in disks} <= paths
    assert not {row["code"] for row in bench.export("issues")} & {"range_missing", "segment_missing", "short"}


@pytest.mark.parametrize("names", [("syslog.1", "syslog.2"), ("notes.aa", "notes.ab")])
def test_texts_that_are_called_so_are_read_each(names: tuple[str, str], bench: Bench, tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).write_bytes(WORDS.ljust(4096, b"."))
    bench.ingest(*(tmp_path / name for name in names))
    assert [row["status"] for row in bench.items() if row["size"] == 4096] == ["parsed"] * 2
