"""Every exhibit of the shared data, ingested by the real command, against what independent readers list in it.

How rows are compared is what the README beside the listings says: contents by SHA-256, as often as a listing
demands; the last part of the path for deleted entries whose content nobody vouches for; messages by their number.
"""

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from case_tools import Bench, Row, balanced

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[3] / "shared" / "data"))
FOLDERS = ("images", "images/dissect", "archives", "mail", "warc")
CONTENTS = frozenset({"file", "deleted", "member", "attachment", "stream", "system"})

pytestmark = pytest.mark.skipif(not (DATA / "truth").is_dir(), reason=f"no test data at {DATA}")


def exhibits() -> Iterator[tuple[str, Path]]:
    """Yield each exhibit that a listing is there for, by the listing's name."""
    for folder in FOLDERS:
        for path in sorted((DATA / folder).glob("*")) if (DATA / folder).is_dir() else ():
            name = f"dissect--{path.name}" if folder.endswith("dissect") else path.name
            if (DATA / "truth" / f"{name}.jsonl").is_file():
                yield name, path


NAMES = [name for name, _ in exhibits()]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Bench:
    bench = Bench(tmp_path_factory.mktemp("truth") / "case")
    bench.ingest(*(path for _, path in exhibits()), "--workers", 2, code=1)
    return bench


@pytest.fixture(scope="module")
def ours(case: Bench) -> dict[str, list[Row]]:
    """The rows of each exhibit."""
    found = defaultdict(list)
    files = {path.name: name for name, path in exhibits()}
    for row in case.items():
        found[files[row["exhibit"]]].append(row)
    return found


def truth(name: str) -> list[Row]:
    return [json.loads(line) for line in (DATA / "truth" / f"{name}.jsonl").read_text().splitlines()]


def allowed(rows: list[Row]) -> dict[str, str]:
    """Return every content that a listing allows, as the one it names first."""
    return {
        each: row["sha256"] for row in rows if row["sha256"] for each in (row["sha256"], *row.get("alt", ()))
    }


def last(path: str) -> str:
    return path.rpartition("/")[2].lower()


@pytest.mark.parametrize("name", NAMES)
def test_the_exhibit_has_its_row(ours: dict[str, list[Row]], name: str) -> None:
    (top,) = [row for row in ours[name] if row["parent"] is None]
    assert (top["path"], top["kind"]) == ("", "exhibit")
    listed = [(row["sha256"], row["size"]) for row in truth(name) if row["kind"] == "exhibit"]
    assert (top["sha256"], top["size"]) in listed  # the file, and often the disk inside it


@pytest.mark.parametrize("name", NAMES)
def test_every_content_that_others_read_is_there_as_often(ours: dict[str, list[Row]], name: str) -> None:
    rows = truth(name)
    same = allowed(rows)
    found = Counter(same.get(row["sha256"]) for row in ours[name])
    musts = Counter(row["sha256"] for row in rows if row["need"] == "must" and row["kind"] in CONTENTS)
    missing = {sha: count - found[sha] for sha, count in musts.items() if sha and found[sha] < count}
    paths = [row["path"] for row in rows if row["sha256"] in missing]
    assert not missing, (
        f"{paths} of {[(row['path'], row['status'], row['reason']) for row in ours[name]][:40]}"
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_file_is_there_that_nobody_else_reads(ours: dict[str, list[Row]], name: str) -> None:
    same = allowed(truth(name))
    extra = [
        row for row in ours[name] if row["kind"] == "file" and row["sha256"] and row["sha256"] not in same
    ]
    assert extra == []


@pytest.mark.parametrize("name", NAMES)
def test_deleted_entries_are_named(ours: dict[str, list[Row]], name: str) -> None:
    named = {last(row["path"]) for row in ours[name] if row["kind"] == "deleted"}
    lost_letter = {each[1:] for each in named}  # of a short FAT name the first letter is gone
    wanted = [last(row["path"]) for row in truth(name) if row["need"] == "name"]
    assert [each for each in wanted if each not in named and each[1:] not in lost_letter] == []


@pytest.mark.parametrize("name", NAMES)
def test_messages_are_as_many(ours: dict[str, list[Row]], name: str) -> None:
    must = sum(row["kind"] == "message" and row["need"] == "must" for row in truth(name))
    may = sum(row["kind"] == "message" for row in truth(name))
    if may:
        assert must <= sum(row["kind"] == "message" for row in ours[name]) <= may


@pytest.mark.parametrize("name", NAMES)
def test_what_is_encrypted_is_said_to_be(ours: dict[str, list[Row]], name: str) -> None:
    if any(row["need"] == "encrypted" for row in truth(name)):
        told = [row for row in ours[name] if row["status"] == "encrypted"]
        assert told
        assert all(row["reason"] for row in told)


def test_the_case_balances_and_is_whole(case: Bench, ours: dict[str, list[Row]]) -> None:
    balanced([row for rows in ours.values() for row in rows], case.status())
    assert case.verify()["ok"]
