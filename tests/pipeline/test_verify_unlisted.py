"""What could not be listed or read, then or now, is told so: nobody added it, took it away or altered it."""

import errno
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_folder import without_privilege

from actionday.pipeline import folder as folders
from actionday.pipeline import relisting
from actionday.pipeline.proving import Check, verify
from actionday.pipeline.resumed import beside, difference
from actionday.storage.case import Case
from case_tools import COMMAND, Bench


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "closed" / "deep").mkdir(parents=True)
    (folder / "closed" / "one.txt").write_text("the kestrel is above the mill\n")
    (folder / "closed" / "deep" / "two.txt").write_text("the heron is at the weir\n")
    (folder / "open.txt").write_text("seen\n")
    return folder


@pytest.fixture
def bench(tmp_path: Path, signing_key: None) -> Bench:
    return Bench(tmp_path / "case")


def alone(*words: object, code: int) -> str:
    """Run the command as an account for which modes hold; return all that it said."""
    done = subprocess.run(
        [*without_privilege(), *COMMAND, *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def exhibits(bench: Bench) -> Check:
    case = Case.open(bench.folder)
    try:
        return {each.name: each for each in verify(case, lambda _: None).checks}["exhibits"]
    finally:
        case.close()


@pytest.fixture
def closed(source: Path) -> Iterator[Path]:
    """A folder that nobody but root may list, its times as they were; it can be listed again at the end."""
    path = source / "closed"
    path.chmod(0)
    yield path
    path.chmod(0o700)


def test_what_could_not_be_listed_at_the_intake_is_nobodys_addition(
    bench: Bench, source: Path, closed: Path
) -> None:
    """The same mode all the while: another account looks, and sees what stood there."""
    alone("ingest", bench.folder, source, "--workers", 1, code=1)
    found = exhibits(bench)  # root, or the owner after chmod
    if os.geteuid() == 0:
        assert found.difference is None, found
        said = (
            "could not be listed when the exhibit was acquired (Permission denied); 2 files stand there now"
        )
        assert sum(said in line for line in found.not_proved) == 1, found.not_proved
        assert found.counts is not None
        assert (found.counts.added, found.counts.unlisted, found.counts.held) == (0, 2, 1)
        again = bench.ingest(source, code=2).stderr
        assert "could not be listed when the exhibit was acquired" in again
        assert "was not when" not in again
        assert "give it another --exhibit" in again
        assert bench.ingest(source, "--exhibit", "again").returncode == 0


def test_what_cannot_be_listed_now_is_not_gone(bench: Bench, source: Path) -> None:
    (source / "closed").chmod(0)
    bench.ingest(source, code=0 if os.geteuid() == 0 else 1)
    if os.geteuid() != 0:
        pytest.skip("only root takes in what its own mode closes")
    try:
        said = alone("verify", bench.folder, code=1)
        refused = alone("ingest", bench.folder, source, "--workers", 1, code=2)
    finally:
        (source / "closed").chmod(0o700)
    assert "DIFFERS" not in said
    assert "no longer in the folder" not in said
    assert "closed: cannot be listed now (Permission denied): 2 files recorded in it: not proved" in said
    assert (
        "cannot be listed now (Permission denied): whether it is what was acquired cannot be told" in refused
    )


@pytest.mark.parametrize("by_root", [False, True])
def test_what_was_named_and_never_looked_at_is_an_item_and_not_proved(
    bench: Bench, source: Path, *, by_root: bool
) -> None:
    """A folder that may be listed and not entered, and a file that may not be read: names are in the case, no byte."""
    if by_root and os.geteuid() != 0:
        pytest.skip("only root sees what its own mode closes")
    (source / "closed" / "deep" / "three.txt").write_text("three\n")
    (source / "secret.txt").write_text("nobody's\n")
    (source / "secret.txt").chmod(0)
    (source / "none").mkdir()
    (source / "none").chmod(0)
    (source / "closed").chmod(0o444)
    try:
        said = alone("ingest", bench.folder, source, "--workers", 1, code=1)
        assert "unreadable   3" in said
        proof = bench.verify() if by_root else json.loads(alone("verify", bench.folder, "--json", code=0))
    finally:
        for name in ("closed", "none", "secret.txt"):
            (source / name).chmod(0o755)
    lines = [line for line in proof["not_proved"] if str(source) in line]
    assert len(lines) == 4, lines
    about = {line.partition(f"{source}/")[2].partition(":")[0]: line for line in lines}
    for name in ("closed/deep", "closed/one.txt"):
        assert "could not be looked at when the exhibit was acquired" in about[name]
        assert "it is in the case by its name, as an item not read" in about[name]
    assert "no part of the case" not in about["closed/one.txt"]
    assert ("2 files stand below it now, no part of the case" in about["closed/deep"]) == by_root
    assert about["secret.txt"].endswith(
        "it has no SHA-256: that its bytes are those that stood there is not proved"
    )
    assert about["none"].endswith("(Permission denied); what is in it is no part of the case")
    (counts,) = [each["counts"] for each in proof["checks"] if each["name"] == "exhibits"]
    assert (counts["held"], counts["altered"], counts["unlisted"]) == (1, 0, 2 if by_root else 0)


class _Failing:
    """A listing that fails behind its first name, as one of a disk with a bad block does."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __enter__(self) -> "_Failing":
        return self

    def __exit__(self, *_: object) -> None:
        self._real.close()

    def __iter__(self) -> Iterator[Any]:
        yield sorted(self._real, key=lambda each: each.name)[0]
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def failing(monkeypatch: pytest.MonkeyPatch, name: bytes) -> None:
    real = os.scandir

    def scandir(path: Any) -> Any:
        return _Failing(real(path)) if os.path.basename(path) == name else real(path)

    monkeypatch.setattr(folders.os, "scandir", scandir)


def test_a_listing_that_fails_half_way_accuses_nobody(
    bench: Bench, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.ingest(source)
    failing(monkeypatch, b"closed")
    found = exhibits(bench)
    assert found.difference is None
    (line,) = found.absent
    assert (
        "closed: cannot be listed to its end now (Input/output error): 1 file recorded in it: not proved"
        in line
    )
    assert found.counts is not None
    assert (found.counts.held, found.counts.unread, found.counts.missing) == (2, 1, 0)


def test_an_error_of_the_disk_is_no_difference(
    bench: Bench, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.ingest(source)
    real = relisting.hash_of

    def hash_of(path: bytes, *given: Any) -> bytes:
        if path.endswith(b"one.txt"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, *given)

    monkeypatch.setattr(relisting, "hash_of", hash_of)
    found = exhibits(bench)
    assert found.difference is None
    (line,) = found.absent
    assert "cannot be read at" in line
    assert "closed/one.txt (Input/output error): not proved" in line
    (source / "open.txt").write_text("SEEN\n")
    assert "open.txt: its SHA-256 is" in str(exhibits(bench).difference)  # what can be read still differs


def test_a_run_that_goes_on_accuses_nobody_either(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(folders.Folder(source).items())
    with monkeypatch.context() as patched:
        failing(patched, b"closed")
        part = list(folders.Folder(source).items())
    assert len(part) == len(whole) - 1
    came = [why for pair in beside(iter(part), iter(whole)) if (why := difference(pair))]
    went = [why for pair in beside(iter(whole), iter(part)) if (why := difference(pair))]
    then = "is in 'closed', which could not be listed to its end when the exhibit was acquired (Input/output error)"
    assert came == [f"{then}: it was first listed by a later run"]
    assert went == [
        "is in 'closed', which cannot be listed to its end now (Input/output error): it was never read"
    ]
