"""One disk and one log, given in several ways: other figures each time, and each run says what it counted."""

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from disk_makers import MIB, ext, tree
from disk_tools import needs, run

from case_tools import Bench, balanced

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "ewfacquire")]
LOG = "the ferry leaves at noon\n" * 20
REST = "opened as an exhibit, or read with another file"


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a set of segments of a disk, the same disk in parts, and a log."""
    where = tmp_path_factory.mktemp("given")
    disk = ext(where / "raw", tree(where / "t"), size=8 * MIB)
    folder = where / "set"
    folder.mkdir()
    (folder / "boot.log").write_text(LOG)
    run("ewfacquire", "-u", "-q", "-f", "encase6", "-c", "none", "-S", 2 * MIB, "-t", folder / "x", disk)
    assert (folder / "x.E04").exists()
    return folder


def figures(bench: Bench) -> tuple[int, dict[str, int]]:
    """Return what was found, held against the export alone, and how many of the files taken in are counted."""
    rows, status = bench.export("items"), bench.status()
    balanced(rows, status)
    counts = Counter(row["status"] for row in rows if row["counted"])
    assert (counts.total(), counts) == (status["found"], status["by_status"])
    assert status["listed"] == len(rows)
    return status["found"], status["own_files"]


WAYS = {
    "the first segment": (["x.E01"], [], 0, 0),
    "every segment": (["x.E0*"], [], 0, 0),
    "two exhibits": (["boot.log", "x.E0*"], [], 1, 1),
    "one exhibit": (["boot.log", "x.E0*"], ["--exhibit", "S"], 2, 2),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_figures_of_one_disk_differ_by_the_files_that_are_counted(
    way: str, given: Path, bench: Bench
) -> None:
    patterns, more, counted, beyond = WAYS[way]
    sources = [each for pattern in patterns for each in sorted(given.glob(pattern))]
    said = bench.ingest(*sources, *more).stdout
    segments = len(list(given.glob("x.E*")))
    files = segments + ("boot.log" in patterns)
    found, own = figures(bench)
    within = sum(row["path"] != "" and row["counted"] for row in bench.items()) - (way == "one exhibit") * 2
    assert own == {"files": files, "counted": counted}
    assert found == within + beyond
    verb = "is" if counted == 1 else "are"
    line = f"of {files} files taken in {counted} {verb} counted, {files - counted} not ({REST})"
    assert f"files: {line}\n" in said
    assert f"files    {line}\n" in bench.run("status", bench.folder).stdout
    proof = bench.verify()
    accounts = proof["accounts"]["exhibits"]
    assert sum(each["files"] for each in accounts) == files
    assert sum(each["files_counted"] for each in accounts) == counted
    told = [each for each in proof["report"]["accounts"] if " taken in " in each]
    assert len(told) == sum(each["files_counted"] > 0 for each in accounts)
    assert all(
        f"taken in {each['files_counted']} " in "".join(told) for each in accounts if each["files_counted"]
    )


def test_in_a_folder_each_file_is_counted(given: Path, bench: Bench) -> None:
    said = bench.ingest(given).stdout
    found, own = figures(bench)
    assert own == {"files": 0, "counted": 0}
    assert "\nfiles: " not in said
    assert {"x.E01", "x.E02", "boot.log"} <= {row["path"] for row in bench.items() if row["counted"]}
    assert f"items: of {len(bench.export('items'))} rows {found} are counted, " in said


def test_show_says_whether_an_item_is_counted(given: Path, bench: Bench) -> None:
    bench.ingest(given / "x.E01", given / "boot.log")
    told = {
        name: json.loads(bench.run("show", bench.folder, name, "--json").stdout)["counted"]
        for name in ("x.E01", "boot.log")
    }
    assert told == {"x.E01": False, "boot.log": True}
