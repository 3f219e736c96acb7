"""Archives cut into several files: put together wherever these lie beside one another, and what lacks is named."""

import hashlib
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from case_tools import Bench, Row

FILES = {
    f"f{n}.txt": f"The kestrel club number {n} meets behind the mill.\n".encode() * 400 for n in range(4)
} | {f"n{n}.bin": random.Random(n).randbytes(30_000) for n in range(4)}
CUT = "40000"


def run(where: Path, *command: str) -> None:
    subprocess.run(command, cwd=where, check=True, capture_output=True)


def by_7zip(kind: str) -> Callable[[Path, Path], None]:
    return lambda source, out: run(source, "7zz", "a", f"-v{CUT}b", str(out / f"set.{kind}"), *FILES)


def by_zip(source: Path, out: Path) -> None:
    run(source, "zip", "-q", "-s", "64k", str(out / "set.zip"), *FILES)


def by_split(kind: str, *how: str) -> Callable[[Path, Path], None]:
    def made(source: Path, out: Path) -> None:
        run(source, "tar", "cf" if kind == "tar" else "czf", str(out / "whole"), *FILES)
        run(out, "split", "-b", CUT, *how, "whole", f"set.{kind}.")
        (out / "whole").unlink()

    return made


MAKERS = {
    "7z": by_7zip("7z"),
    "zip.001": by_7zip("zip"),
    "z01": by_zip,
    "tar.gz.aa": by_split("tar.gz"),
    "tar.000": by_split("tar", "-d", "-a", "3"),
}
WHOLE = {
    "7z": "set.7z",
    "zip.001": "set.zip",
    "z01": "set.zip",
    "tar.gz.aa": "set.tar.gz",
    "tar.000": "set.tar",
}


@pytest.fixture(params=MAKERS)
def cut(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """A folder of parts, and what the whole is called."""
    source, out = tmp_path / "source", tmp_path / "ex" / "deep"
    source.mkdir()
    out.mkdir(parents=True)
    for name, data in FILES.items():
        (source / name).write_bytes(data)
    try:
        MAKERS[request.param](source, out)
    except FileNotFoundError as error:
        pytest.skip(f"{error.filename} is not installed")
    return out, f"parts {WHOLE[request.param]}"


def taken(bench: Bench, folder: Path, code: int = 0) -> list[Row]:
    bench.ingest(folder, code=code)
    bench.verify()
    return bench.items()


def files_of(rows: list[Row], place: str) -> dict[str, str]:
    start = f"{place}/"
    return {str(row["path"])[len(start) :]: str(row["sha256"]) for row in rows
            if str(row["path"]).startswith(start) and row["kind"] == "member"}  # fmt: skip


WANTED = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}


def test_parts_in_a_folder_are_one_archive_beside_them(bench: Bench, cut: tuple[Path, str]) -> None:
    folder, name = cut
    rows = taken(bench, folder.parent)
    assert files_of(rows, f"deep/{name}") == WANTED
    parts = sorted(f"deep/{each.name}" for each in folder.iterdir())
    whole = next(row for row in rows if row["path"] == f"deep/{name}")
    assert (whole["kind"], whole["status"]) == ("volume", "parsed")
    assert whole["meta"]["parts"] == {"members": parts}
    own = {row["path"]: row["sha256"] for row in rows if row["path"] in parts}
    assert own == {
        f"deep/{each.name}": hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.iterdir()
    }
    assert not bench.export("issues")


def test_parts_within_an_archive_are_put_together_in_it(
    bench: Bench, cut: tuple[Path, str], tmp_path: Path
) -> None:
    folder, name = cut
    (tmp_path / "box").mkdir()
    names = sorted((each.name for each in folder.iterdir()), reverse=True)
    run(folder, "tar", "czf", str(tmp_path / "box" / "all.tar.gz"), *names)
    rows = taken(bench, tmp_path / "box")
    assert files_of(rows, f"all.tar.gz/{name}") == WANTED


def test_a_part_that_lacks_is_named_and_the_others_are_read(bench: Bench, cut: tuple[Path, str]) -> None:
    folder, name = cut
    second = [each for each in sorted(folder.iterdir()) if each.name != "set.zip"][:2][-1]
    second.unlink()
    rows = taken(bench, folder.parent, code=1)
    whole = next(row for row in rows if row["path"] == f"deep/{name}")
    assert whole["meta"]["parts"]["missing"] == [second.name]
    assert f"{second.name} is missing" in str(whole["reason"])
    told = {row["reason"] for row in bench.export("issues") if row["path"] == f"deep/{name}"}
    assert f"missing of the set: {second.name}" in told
    read = files_of(rows, f"deep/{name}")
    whole_ones = {each for each, sha256 in read.items() if sha256 == WANTED.get(each)}
    assert whole_ones
    if name == "parts set.zip":
        assert read.keys() == FILES.keys()


def test_sets_of_one_name_in_two_folders_are_two(bench: Bench, cut: tuple[Path, str]) -> None:
    folder, name = cut
    other = folder.parent / "other"
    other.mkdir()
    first, *rest = sorted(folder.iterdir())
    for each in rest:
        (other / each.name).write_bytes(each.read_bytes())
    rows = taken(bench, folder.parent, code=1)
    assert files_of(rows, f"deep/{name}") == WANTED
    lone = next(row for row in rows if row["path"] == f"other/{name}")
    assert lone["meta"]["parts"]["missing"] == [first.name]


def test_a_text_that_is_called_as_a_part_is_a_text(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "ex"
    folder.mkdir()
    (folder / "notes.zip.de").write_text("Der Verein trifft sich hinter der Mühle.\n".replace("ü", "ue"))
    rows = taken(bench, folder)
    assert [(row["path"], row["status"]) for row in rows if row["kind"] == "file"] == [
        ("notes.zip.de", "parsed")
    ]
