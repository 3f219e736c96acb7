"""``actionday pause``: a run stops where all is whole, another case goes first, and it goes on."""

import json
import random
import time
from pathlib import Path

import pytest

from case_tools import Bench, sentences, until

FILES = 3000


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A folder that takes some seconds."""
    folder = tmp_path / "large"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number:04}.txt").write_text(sentences(12, number))
    return folder


def paused(bench: Bench, folder: Path) -> dict[str, object]:
    """Begin to take in a folder, and pause that once something of it is stored; return what pausing said."""
    run = bench.begin("ingest", bench.folder, folder, "--workers", "1")
    until(lambda: bench.status()["found"] > 0)
    done = bench.run("pause", bench.folder, "--json", env={"ACTIONDAY_ACTOR": "coordinator"})
    assert done.returncode == 0, done.stderr
    out, said = run.communicate(timeout=60)
    assert run.returncode == 130, out + said
    assert "paused by coordinator: run the same command again to go on" in said
    return dict(json.loads(done.stdout))


def test_a_paused_run_is_whole_says_so_and_goes_on(bench: Bench, large: Path, tmp_path: Path) -> None:
    told = paused(bench, large)
    assert (told["run"], told["state"]) == (1, "paused")
    status = bench.status()
    assert (status["state"], status["unfinished"]["state"]) == ("paused", "paused")
    assert 0 < status["found"] < FILES
    assert bench.verify()["complete"] is False
    entry = [each for each in bench.export("ledger") if each["action"] == "run.paused"]
    assert [(each["subject"], each["details"]["by"]) for each in entry] == [("run 1", "coordinator")]
    assert entry[0]["details"]["index"]
    other = Bench(tmp_path / "urgent")
    (tmp_path / "a.txt").write_text("the urgent one\n")
    other.ingest(tmp_path / "a.txt")
    bench.ingest(large)
    assert (bench.status()["state"], bench.status()["found"]) == ("complete", FILES)
    assert bench.verify()["complete"]
    again = Bench(tmp_path / "undisturbed")
    again.ingest(large)
    assert bench.exports() == again.exports()


def test_where_no_run_is_at_work_there_is_nothing_to_pause(bench: Bench, tmp_path: Path) -> None:
    done = bench.run("pause", bench.folder)
    assert (done.returncode, "no run is at work" in done.stderr) == (2, True)
    (tmp_path / "a.txt").write_text("one\n")
    bench.ingest(tmp_path / "a.txt")
    assert bench.run("pause", bench.folder).returncode == 2
    assert not [each for each in bench.export("ledger") if each["action"] == "run.paused"]


def test_who_does_not_wait_is_told_that_it_is_still_at_work(bench: Bench, large: Path) -> None:
    run = bench.begin("ingest", bench.folder, large, "--workers", "1")
    until(lambda: bench.status()["found"] > 0)
    done = bench.run("pause", bench.folder, "--wait", "0")
    if done.returncode == 1:  # it may have ended within the moment that takes
        assert "is still at work" in done.stdout
    run.kill()
    run.wait()
    time.sleep(random.random() / 10)
    assert bench.run("pause", bench.folder).returncode == 2, "one that was killed is none at work"
