"""Parts of a split disk whose first part was not seized: said, and a loss, however they are given."""

import random
import sqlite3
from pathlib import Path

import pytest

from actionday.pipeline.headless import MOST, headless
from case_tools import Bench

PART = 65536
NOISE = random.Random(15).randbytes(3 * PART)
SAID = "p.001 is no file of this exhibit"


def parts(folder: Path, *numbers: int, called: str = "p") -> list[Path]:
    folder.mkdir(exist_ok=True)
    made = [folder / f"{called}.{number:03d}" for number in numbers]
    for number, path in enumerate(made):
        path.write_bytes(NOISE[number * PART : (number + 1) * PART])
    return made


def said(bench: Bench) -> list[str]:
    return [row["reason"] for row in bench.export("issues") if row["code"] == "segment_missing"]


@pytest.mark.parametrize("given", ["folder", "files", "one"])
def test_later_parts_without_their_first_are_a_loss(given: str, bench: Bench, tmp_path: Path) -> None:
    made = parts(tmp_path / "s", 2, 3, 4)
    sources = {"folder": [tmp_path / "s"], "files": made, "one": made[:1]}[given]
    bench.ingest(*sources, "--exhibit", "E", code=1)
    (reason,) = said(bench)
    assert reason.startswith(SAID)
    count = 1 if given == "one" else 3
    assert f"{count} file{'s' if count > 1 else ''} of {count * PART} bytes" in reason
    assert "p.002" in reason


def test_parts_with_their_first_are_joined_and_one_file_among_others_may_be_anything(
    bench: Bench, tmp_path: Path
) -> None:
    parts(tmp_path / "s", 1, 2, 3)
    parts(tmp_path / "s", 7, called="dump")
    bench.ingest(tmp_path / "s")
    assert not said(bench)


def test_of_many_sets_the_first_have_a_line_each_and_one_tells_the_others() -> None:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE items (exhibit, path, size, parent, kind, status)")
    rows = [(f"d{number:03d}/p.{part}",) for number in range(MOST + 7) for part in ("002", "003")]
    database.executemany("INSERT INTO items VALUES (1, ?, 512, 1, 'file', 'unsupported')", rows)
    told = headless(database, 1, "s")
    assert len(told) == MOST + 1
    assert told[-1] == (
        f"d{MOST}/p.001",
        "7 further first parts of such files, from this on, are not there either",
    )
