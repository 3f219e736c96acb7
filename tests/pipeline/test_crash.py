"""Killed at every step of a run and gone on: the same export as of a run that nobody disturbed.

Each point is met for sure, unlike a random moment; ``test_kill.py`` has those.
"""

import json
import sqlite3
from pathlib import Path
from typing import NamedTuple

import pytest
from kill_exhibits import holding_little, large_zip, site

from case_tools import Bench, actionday, crashed, same

POINTS = [
    ("actionday.pipeline.acquisition:Acquisition._acquire", "after", 1),
    ("actionday.pipeline.ingest:Ingest._start_run", "after", 1),
    ("actionday.storage.objects.packs:Packs.put", "after", 1),
    ("actionday.storage.objects.packs:Packs.put_together", "after", 1),
    ("actionday.storage.objects.packs:Packs.flush", "before", 2),
    ("actionday.storage.objects.packs:Packs.flush", "after", 3),
    ("actionday.storage.index.index:Index.commit", "before", 2),
    ("actionday.storage.index.index:Index.commit", "after", 1),
    ("actionday.storage.index.index:Index.commit", "after", 3),
    ("actionday.storage.database.rows:insert", "before", 3),
    ("actionday.storage.database.rows:insert", "after", 9),
    ("actionday.storage.database.rows:digest_as_written", "after", 2),
    ("actionday.ledger:Ledger.append_many", "after", 2),
    ("actionday.pipeline.writer:Writer.checkpoint", "after", 1),
    ("actionday.pipeline.writer:Writer.checkpoint", "after", 3),
    ("actionday.storage.objects.packs:Packs.adopt", "after", 1),
    ("actionday.pipeline.scheduler:Scheduler._whole", "after", 1),
    ("actionday.pipeline.containers:Containers.close", "before", 1),
    ("actionday.pipeline.containers:Containers.close", "after", 2),
    ("actionday.pipeline.ingest:Ingest._complete", "before", 1),
    ("actionday.pipeline.ingest:Ingest._complete", "after", 1),
    ("actionday.pipeline.ingest:Ingest._finish", "before", 1),
    ("actionday.pipeline.ingest:Ingest._finish", "after", 1),
]


class Wanted(NamedTuple):
    sources: list[Path]
    exports: dict[str, list[str]]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return holding_little(tmp_path / "case")


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Wanted:
    """Two exhibits, and what a run says of them that nobody disturbed."""
    folder = tmp_path_factory.mktemp("exhibits")
    sources = [site(folder / "site"), large_zip(folder / "large.zip")]
    bench = holding_little(folder / "case")
    bench.ingest(*sources, code=1)
    return Wanted(sources, bench.exports())


def test_the_undisturbed_run_holds_what_the_points_are_about(wanted: Wanted) -> None:
    assert any('"path":"large.bin"' in line for line in wanted.exports["items"])
    assert any("broken.zip" in line for line in wanted.exports["issues"])


@pytest.mark.parametrize(("target", "when", "number"), POINTS, ids=lambda each: str(each).rpartition(":")[2])
def test_killed_at_this_point_and_gone_on_it_is_the_same(
    bench: Bench, wanted: Wanted, target: str, when: str, number: int
) -> None:
    assert (
        crashed(target, when, number, "ingest", bench.folder, *wanted.sources, "--workers", "2").returncode
        == -9
    )
    bench.ingest(*wanted.sources, "--workers", "1", code=1)
    same(bench.exports(), wanted.exports)
    assert bench.verify()["ok"]


def progress(bench: Bench) -> tuple[int, ...]:
    """Return how much is in: items, contents, containers gone through."""
    counts = ("items", "contents", "containers WHERE state = 'done'")
    with sqlite3.connect(bench.folder / "case.db") as database:
        return tuple(database.execute(f"SELECT COUNT(*) FROM {each}").fetchone()[0] for each in counts)


def test_every_run_gets_further_however_early_it_is_killed(bench: Bench, wanted: Wanted) -> None:
    """The first checkpoint of a run may hold an exhibit's hash alone, which every run takes anew; the second not."""
    words = ("ingest", bench.folder, *wanted.sources)
    checkpoint = "actionday.pipeline.writer:Writer.checkpoint"
    found = [progress(bench)]
    while len(found) < 2 or found[-1] != found[-2]:
        assert crashed(checkpoint, "after", 2, *words).returncode == -9
        found.append(progress(bench))
    assert len(found) > 3
    bench.ingest(*wanted.sources, code=1)
    assert progress(bench) == found[-1]  # nothing but the closing of the exhibits was left
    same(bench.exports(), wanted.exports)
    assert bench.verify()["ok"]


def test_killed_while_the_index_is_made_anew_it_is_made_anew_again(bench: Bench, wanted: Wanted) -> None:
    bench.ingest(*wanted.sources, code=1)
    (bench.folder / "index" / "meta.json").unlink()
    words = ("ingest", bench.folder, *wanted.sources)
    assert crashed("actionday.pipeline.repair:rebuild", "before", 1, *words).returncode == -9
    assert crashed("actionday.storage.index.index:Index.add", "after", 1, *words).returncode == -9
    done = actionday(*words)
    assert (done.returncode, "index: made anew" in done.stdout) == (1, True)
    assert bench.verify()["ok"]
    same(bench.exports(), wanted.exports)


COMMITTED = ("actionday.storage.index.index:Index.commit", "after")


def listed_files(index: Path) -> set[str]:
    """Return the files of segments that the index's folder has and its last commit does not name."""
    named = {
        each["segment_id"].replace("-", "")
        for each in json.loads((index / "meta.json").read_text())["segments"]
    }
    return {
        file.name for file in index.glob(f"{'[0-9a-f]' * 32}.*") if file.name.partition(".")[0] not in named
    }


@pytest.mark.parametrize(
    "point",
    [(*COMMITTED, 3), ("actionday.storage.database.rows:insert", "before", 9)],
    ids=["unsealed", "sealed"],
)
def test_what_the_index_alone_holds_of_a_killed_run_is_undone_and_nothing_is_made_anew(
    bench: Bench, wanted: Wanted, point: tuple[str, str, int]
) -> None:
    words = ("ingest", bench.folder, *wanted.sources)
    assert crashed(*point, *words).returncode == -9
    assert bench.verify()["ok"]
    done = actionday(*words)
    assert "repaired: index: put back to checkpoint" in done.stdout
    assert "made anew" not in json.dumps(bench.export("ledger"))
    assert not listed_files(bench.folder / "index")
    assert bench.verify()["ok"]
    same(bench.exports(), wanted.exports)


def test_what_a_run_over_one_more_exhibit_leaves_is_undone_too(
    bench: Bench, wanted: Wanted, tmp_path: Path
) -> None:
    bench.ingest(*wanted.sources, code=1)
    (tmp_path / "one.txt").write_text("one more exhibit, of the harbour\n")
    assert crashed(*COMMITTED, 2, "ingest", bench.folder, tmp_path / "one.txt").returncode == -9
    done = actionday("ingest", bench.folder, tmp_path / "one.txt")
    assert (done.returncode, "index: put back to checkpoint" in done.stdout) == (0, True)
    assert bench.search("exhibit harbour name:one")["total"] == 1
    assert bench.verify()["ok"]


@pytest.mark.parametrize("spoilt", ["list", "segment", "gone"])
def test_it_is_made_anew_where_what_is_gone_back_to_is_not_what_was_sealed(
    bench: Bench, wanted: Wanted, spoilt: str
) -> None:
    words, index = ("ingest", bench.folder, *wanted.sources), bench.folder / "index"
    assert crashed(*COMMITTED, 3, *words).returncode == -9
    kept = index / "meta.json.kept"
    segment = json.loads(kept.read_text())["segments"][0]["segment_id"].replace("-", "")
    if spoilt == "gone":
        kept.unlink()
    file = {"list": kept, "segment": index / f"{segment}.store", "gone": index / "format.json"}[spoilt]
    file.write_bytes(file.read_bytes().replace(b"1", b"2", 1) if spoilt != "gone" else file.read_bytes())
    done = actionday(*words)
    assert "index: made anew" in done.stdout
    assert "put back" not in done.stdout
    assert bench.verify()["ok"]


def test_killed_while_the_index_is_made_anew_the_case_is_whole_as_far_as_it_was_stored_and_searched(
    bench: Bench, wanted: Wanted
) -> None:
    """It is made beside the earlier one, which verify and search go by until the new one is there."""
    words, index = ("ingest", bench.folder, *wanted.sources), bench.folder / "index"
    assert crashed(*COMMITTED, 3, *words).returncode == -9
    (index / "meta.json.kept").unlink()  # as a merge may make it of no use
    before = sorted(file.name for file in index.iterdir())
    found = bench.search("kind:file")["total"]
    for point in (("Index.add", "after", 1), ("Index.commit", "after", 1), ("Index.close", "after", 1)):
        target, when, number = point
        assert crashed(f"actionday.storage.index.index:{target}", when, number, *words).returncode == -9
        proof = bench.verify()
        assert (proof["ok"], proof["complete"]) == (True, False)
        assert bench.search("kind:file")["total"] == found
    assert crashed("actionday.pipeline.repair:take_place", "before", 1, *words).returncode == -9
    assert sorted(file.name for file in index.iterdir()) == before
    assert crashed("actionday.pipeline.repair:take_place", "after", 1, *words).returncode == -9
    assert bench.verify()["ok"]
    assert "made anew" in actionday(*words).stdout
    assert bench.verify()["ok"]
    same(bench.exports(), wanted.exports)
