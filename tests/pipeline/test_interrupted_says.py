"""A proof of a case whose ingest was killed says nothing of what was not gone through but that it was not."""

import json
import shutil
import signal
from pathlib import Path

import pytest
from kill_exhibits import disk, holding_little, site

from actionday.storage.case import Case
from case_tools import Bench, crashed, needs

pytestmark = [pytest.mark.tools, needs("mkfs.ext4")]
INTERRUPTED = "run 1 was ended before it had gone through everything"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Bench:
    """A disk that was opened, and a folder of which some files are stored, when the process was killed."""
    folder = tmp_path_factory.mktemp("cut")
    raw = disk(site(folder / "inside", 40), folder / "server.dd")
    bench = holding_little(folder / "case")
    point = ("actionday.pipeline.writer:Writer.checkpoint", "after", 8)
    words = ("ingest", bench.folder, raw, site(folder / "site", 120), "--workers", 1)
    done = crashed(*point, *words)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return bench


def proof(bench: Bench) -> str:
    return bench.run("verify", bench.folder).stdout.replace("\n    ", " ")


def test_a_proof_marks_each_exhibit_that_was_not_gone_through(bench: Bench) -> None:
    said = proof(bench)
    assert "\nexhibit: site: NOT gone through to its end: so far found " in said
    assert "\nexhibit: server.dd: NOT gone through to its end: so far found " in said
    (held,) = (line for line in said.splitlines() if line.startswith("holds: site: "))
    assert ": folder, NOT gone through to its end: " in held
    assert "of its files so far, with the SHA-256 that the case has of each" in held
    assert f"The case is not complete: {INTERRUPTED}. Not gone through to the end: server.dd, site. " in said


def test_it_does_not_say_that_the_files_of_such_a_disk_are_read(bench: Bench) -> None:
    said = proof(bench)
    assert (
        "\nnot read of disks (in server.dd, NOT gone through to the end): what was not gone through yet "
        "(files too), free space, "
    ) in said
    assert said.count("not read of disks") == 1


def test_what_it_says_of_losses_is_said_of_what_was_gone_through(bench: Bench) -> None:
    (said,) = (line for line in proof(bench).splitlines() if line.startswith("not in the case: "))
    assert " found so far, and of those alone: " in said
    assert said.endswith("; what is not gone through yet may hold more.")


def test_so_does_its_json(bench: Bench) -> None:
    found = json.loads(bench.run("verify", bench.folder, "--json").stdout)
    status = json.loads(bench.run("status", bench.folder, "--json").stdout)
    assert found["unfinished"] == status["unfinished"], "in the words of every other answer"
    assert found["unfinished"]["exhibits"] == ["server.dd", "site"]
    assert [each["complete"] for each in found["accounts"]["exhibits"]] == [False, False]
    disks = found["report"]["not_read_of_disks"]
    assert disks == found["not_read_of_disks"]
    assert (disks["exhibits"], disks["open"]["exhibits"]) == ([], ["server.dd"])
    assert "(files too)" in disks["open"]["what"]
    assert [each["open"] for each in found["report"]["exhibits"]] == [True, True]
    assert "so far" in found["report"]["not_in_the_case"][-1]


def test_an_item_that_holds_others_is_not_shown_as_whole(bench: Bench) -> None:
    done = bench.run("show", bench.folder, "server.dd")
    assert done.returncode == 0, done.stderr
    said = done.stdout
    lines = {line.split("  ")[0].strip(): line for line in said.splitlines()}
    assert "server.dd, NOT gone through to its end" in lines["exhibit"]
    assert "parsed, as far as it was gone through" in lines["status"]
    assert "what was not gone through yet (files too), free space" in lines["not read"]


def test_once_it_has_ended_nothing_of_it_is_said(bench: Bench, tmp_path: Path) -> None:
    ended = Bench(tmp_path / "unused")
    ended.folder = Path(shutil.copytree(bench.folder, tmp_path / "case"))
    sources = (bench.folder.parent / "server.dd", bench.folder.parent / "site")
    ended.run("ingest", ended.folder, *sources, "--workers", 1)
    said = proof(ended) + ended.run("show", ended.folder, "server.dd").stdout
    assert "gone through" not in said
    assert "so far" not in said
    assert "\nnot read of disks (in server.dd): free space, " in said
    assert json.loads(ended.run("verify", ended.folder, "--json").stdout)["unfinished"] is None


def test_while_the_run_is_at_work_it_is_said_to_be(bench: Bench) -> None:
    case = Case.open(bench.folder)
    with case.lock("ingest"):
        found = json.loads(bench.run("verify", bench.folder, "--json").stdout)
    case.close()
    assert found["unfinished"]["state"] == "running"
    assert found["interrupted"] == "run 1 is going on"
