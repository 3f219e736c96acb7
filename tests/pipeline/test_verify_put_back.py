"""A line of the issue log that somebody deleted is named: its item, its code, and that nothing else differs."""

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from ewf_writer import written

from actionday.storage.database.rows import MOST_TRIED, digest, line_put_back
from case_tools import Bench, actionday

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "small" / "exhibits"
WAV = "S-02.E01/srv/archive/hour-0000.wav"
TAKEN, ALL = "a line of the issue log was taken away: ", "and nothing else of them differs"


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Bench:
    """A case of an image whose second segment is not there, and of one whose imager noted another hash."""
    folder = tmp_path_factory.mktemp("cut")
    (folder / "set").mkdir()
    for number in (1, 3):
        shutil.copy(SAMPLES / f"S-02.E0{number}", folder / "set")
    bench = Bench(folder / "case")
    bench.ingest(folder / "set", "--exhibit", "cut", code=1)
    disk = bytes([1]) * 32768
    (data,) = written(disk, 1).values()
    (folder / "other.E01").write_bytes(data.replace(md5(disk).digest(), bytes(range(16))))
    bench.ingest(folder / "other.E01", "--exhibit", "other", code=1)
    return bench


def proved(cut: Bench, folder: Path, statement: str) -> dict[str, Any]:
    """Return the proof of a copy of the case in which one thing was changed."""
    shutil.copytree(cut.folder, folder)
    with closing(sqlite3.connect(folder / "case.db")) as database, database:
        assert database.execute(statement).rowcount
    found: dict[str, Any] = json.loads(actionday("verify", folder, "--json").stdout)
    return found


def rows(proof: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in proof["checks"] if each["name"] == "rows")
    return found


@pytest.mark.parametrize(
    ("which", "said"),
    [
        ("code = 'segment_missing'", "segment_missing (open) of cut › S-02.E01 (item "),
        (f"path = '{WAV}'", f"unreadable (read) of cut › {WAV} (item "),
        ("path = 'S-02.E03'", "read_with (open) of cut › S-02.E03 (item "),
        ("code = 'hash_differs'", "hash_differs (hash) of other (item "),
    ],
)
def test_one_line_that_was_deleted_is_named_and_nothing_else_is_blamed(
    cut: Bench, tmp_path: Path, which: str, said: str
) -> None:
    proof = proved(cut, tmp_path / "case", f"DELETE FROM issues WHERE {which}")
    found = rows(proof)
    assert f"{TAKEN}{said}" in found["difference"]
    assert found["difference"].endswith(ALL)
    assert found["said"] == []
    assert proof["as_recorded"] is proof["report"]["as_recorded"] is False


def test_of_lines_that_cannot_be_put_back_the_items_that_failed_are_named(cut: Bench, tmp_path: Path) -> None:
    found = rows(proved(cut, tmp_path / "case", "DELETE FROM issues"))
    missing = "a line of the issue log is missing: that which tells why cut › "
    assert [line.partition(missing)[2].partition(" (item ")[0] for line in found["differences"]] == [
        "S-02.E01",
        WAV,
    ]
    assert all(line.endswith("is unreadable") for line in found["differences"])
    assert not [line for line in found["said"] if "another value" in line]


def test_a_line_that_was_changed_is_no_line_that_is_gone(cut: Bench, tmp_path: Path) -> None:
    found = rows(proved(cut, tmp_path / "case", "UPDATE issues SET reason = 'all well' WHERE n = 2"))
    assert "one of them or more, or one that is gone" in found["difference"]
    assert any("a line of the issue log, was taken away or added" in line for line in found["said"])


def test_the_figures_of_altered_rows_are_no_finding_of_the_proof(cut: Bench, tmp_path: Path) -> None:
    whole = actionday("verify", cut.folder)
    assert whole.returncode == 0
    assert "of the altered case" not in whole.stdout
    proved(cut, tmp_path / "case", "DELETE FROM issues WHERE code = 'hash_differs'")
    text = " ".join(actionday("verify", tmp_path / "case").stdout.split())
    assert "of the altered case: its rows are not as they were recorded" in text
    assert text.index("of the altered case") < text.index("exhibit: cut: found")


def test_no_more_is_tried_than_is_allowed(cut: Bench) -> None:
    with closing(sqlite3.connect(cut.folder / "case.db")) as database:
        (seq,) = database.execute("SELECT MIN(seq) FROM issues").fetchone()
        tried = 0

        def lines() -> Any:
            nonlocal tried
            while True:
                tried += 1
                yield (seq, 1, b"", "read", "", "", "x" * (1 << 20))

        assert line_put_back(database, seq, 0, lines(), digest(database, seq)) is None
    assert tried <= MOST_TRIED >> 20
