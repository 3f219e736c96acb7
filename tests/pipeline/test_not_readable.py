"""Not there, not to be read, and a disk that fails are three things; each is told with what the system says."""

import errno
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from test_folder import without_privilege

from actionday.ledger import Action
from actionday.pipeline.proving import run, verify
from actionday.pipeline.proving.step import Step
from actionday.storage.case import Case
from case_tools import COMMAND, Bench, Done


@pytest.fixture
def bench(tmp_path: Path, signing_key: None) -> Bench:
    (tmp_path / "ev" / "site").mkdir(parents=True)
    (tmp_path / "ev" / "site" / "a.txt").write_text("the kestrel is above the mill\n")
    (tmp_path / "ev" / "b.txt").write_text("the heron is at the weir\n")
    found = Bench(tmp_path / "case")
    found.ingest(tmp_path / "ev" / "site", tmp_path / "ev" / "b.txt")
    return found


def alone(*words: object) -> Done:
    """Run the command as an account for which modes hold."""
    return subprocess.run(
        [*without_privilege(), *COMMAND, *map(str, words)], capture_output=True, text=True, check=False
    )


@contextmanager
def closed(path: Path) -> Iterator[None]:
    before = path.stat().st_mode & 0o7777
    path.chmod(0)
    try:
        yield
    finally:
        path.chmod(before)


@pytest.mark.parametrize(("name", "unread"), [("ev", 2), ("ev/site", 1), ("ev/b.txt", 1)])
@pytest.mark.parametrize("elsewhere", [False, True])
def test_an_exhibit_that_may_not_be_read_is_not_called_gone(
    bench: Bench, tmp_path: Path, name: str, unread: int, elsewhere: bool
) -> None:
    given = ("--exhibits", tmp_path) if elsewhere else ()
    with closed(tmp_path / name):
        done = alone("verify", bench.folder, *given)
        found = json.loads(alone("verify", bench.folder, "--json", *given).stdout)
    assert done.returncode == 1
    assert "NOT READ  exhibits" in done.stdout
    assert "Permission denied" in done.stdout
    assert "NOT FOUND" not in done.stdout
    assert "Moved?" not in done.stdout
    assert "but for what could not be read: not proved" in done.stdout
    assert found["absent"] == found["unread"]
    assert found["first"] is None
    counts = next(each for each in found["checks"] if each["name"] == "exhibits")["counts"]
    assert (counts["missing"], counts["unread"]) == (0, unread)
    with Case_(bench) as case:
        last = [each for _, each in case.ledger().entries() if each.action is Action.VERIFIED][-1]
    assert last.details["unread"] == last.details["absent"] == found["unread"]


@contextmanager
def Case_(bench: Bench) -> Iterator[Case]:
    case = Case.open(bench.folder)
    try:
        yield case
    finally:
        case.close()


def test_what_is_gone_is_still_not_found(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "ev" / "b.txt").unlink()
    with closed(tmp_path / "ev" / "site"):
        done = alone("verify", bench.folder)
    assert "NOT FOUND exhibits" in done.stdout
    assert "\nnot found: b.txt: not found at" in done.stdout
    assert "\ncannot be read: site: cannot be listed" in done.stdout
    assert "but for exhibits that were not found and what could not be read: not proved" in done.stdout
    assert "Moved?" in done.stdout


@pytest.mark.parametrize("words", [("export", "items", "-o"), ("show", "b.txt", "--reason", "r", "--bytes")])
def test_an_output_in_a_closed_folder_is_named_as_it_was_given(
    bench: Bench, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "out").mkdir()
    with closed(tmp_path / "out"):
        done = alone(words[0], bench.folder, *words[1:], tmp_path / "out" / "rows")
    assert (done.returncode, done.stderr) == (2, f"actionday: {tmp_path}/out/rows: Permission denied\n")


@pytest.mark.parametrize("option", ["--key", "--head", "--exhibits"])
def test_what_is_given_and_may_not_be_read_is_not_called_missing(
    bench: Bench, tmp_path: Path, option: str
) -> None:
    (tmp_path / "out" / "kept").mkdir(parents=True)
    with closed(tmp_path / "out"):
        done = alone("verify", bench.folder, option, tmp_path / "out" / "kept")
    assert done.returncode == 2
    assert "Permission denied" in done.stderr
    assert "exist" not in done.stderr
    assert "Errno" not in done.stderr


def failing(*_: Any, **__: Any) -> Any:
    raise OSError(errno.EIO, os.strerror(errno.EIO), "/somewhere")


def test_a_disk_that_fails_is_no_missing_case(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "lstat", failing)
    with pytest.raises(Exception, match=r"cannot be read from the disk, .*Input/output error") as told:
        Case.open(bench.folder)
    assert getattr(told.value, "exit_code", 0) == 2


def test_a_check_that_the_disk_does_not_let_run_accuses_nobody(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = tuple(Step(each.name, failing) if each.name == "objects" else each for each in run.STEPS)
    monkeypatch.setattr(run, "STEPS", steps)
    with Case_(bench) as case:
        proof = verify(case, lambda _: None)
    assert not proof.differs
    assert proof.unread == ("objects: cannot be read from the disk (Input/output error): not proved",)
