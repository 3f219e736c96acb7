"""A full disk, a case that cannot be written, a run that is stopped while it only reads."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kill_exhibits import site
from small_disk import filled, more_room, small_disk

from actionday.app.web.desk import Desks
from actionday.ledger import Action
from actionday.storage.case import Unrecorded
from case_tools import Bench, same, sentences, until

__all__ = ["small_disk"]


def too_much(root: Path) -> Path:
    """Make a folder whose texts do not fit on the small disk."""
    source = site(root / "site", 250)
    for n in range(40):
        (source / f"noise-{n}.txt").write_text(sentences(900, 5000 + n))
    return source


def test_a_full_disk_is_said_nothing_is_lost_and_it_goes_on_when_there_is_room(
    small_disk: Path, tmp_path: Path
) -> None:
    source = too_much(tmp_path)
    whole = Bench(tmp_path / "whole")
    whole.ingest(source, code=1)
    bench = Bench(small_disk / "case")
    done = bench.run("ingest", bench.folder, source)
    assert done.returncode == 3
    assert "no space left on the device" in done.stderr
    assert "Traceback" not in done.stderr
    again = bench.run("ingest", bench.folder, source, "--json")
    assert again.returncode == 3
    assert "no space left" in json.loads(again.stderr.splitlines()[-1])["error"]
    more_room(small_disk)
    assert bench.status()["state"] == "interrupted"
    bench.ingest(source, code=1)
    same(bench.exports(), whole.exports())
    assert bench.verify()["ok"]


@pytest.mark.parametrize("most", [120 << 10, 300 << 10])
def test_a_limit_on_the_length_of_files_is_no_damage(bench: Bench, tmp_path: Path, most: int) -> None:
    source = too_much(tmp_path)
    command = [sys.executable, "-m", "actionday.app.cli.main", "ingest", bench.folder, source]
    done = subprocess.run(
        ["prlimit", f"--fsize={most}", *map(str, command)], capture_output=True, text=True, check=False
    )
    said = done.stderr.splitlines()[-1]
    assert done.returncode == 3, done.stderr
    assert f"a file of the case may not be longer than {most} bytes here" in said
    assert "ulimit -f" in said
    assert "verify" not in said
    bench.ingest(source, code=1)
    assert bench.verify()["ok"]


@pytest.mark.parametrize("beside", [True, False], ids=["a journal left", "no room for a journal"])
def test_on_a_full_disk_a_case_is_proved_and_what_is_not_logged_is_said(
    bench: Bench, small_disk: Path, tmp_path: Path, *, beside: bool
) -> None:
    (tmp_path / "note.txt").write_text("the kestrel schedule\n")
    bench.ingest(tmp_path / "note.txt")
    moved = Bench.__new__(Bench)
    moved.folder, moved.env = Path(shutil.copytree(bench.folder, small_disk / "case")), {}
    if beside:
        left_behind(moved)
    acts = len(bench.export("ledger"))
    filled(small_disk)
    found = moved.verify()
    assert (found["ok"], found["logged"], found["unlogged"]) == (
        True,
        False,
        "no space is left on the device",
    )
    assert found["entries"] >= acts - 1
    assert "not logged: no space is left on the device." in moved.run("verify", moved.folder).stdout
    done = moved.run("search", moved.folder, "kestrel")
    assert (done.returncode, "no space left" in done.stderr) == (3, True), (
        "a search that nobody records is none"
    )
    told = moved.status()
    assert (told["state"], told["found"]) == ("complete", 1)
    with closing(Desks(moved.folder)) as desks:
        for _ in range(2):  # each lets go of the case for the next
            with desks.borrow() as desk:
                assert desk.case.facts()["name"] == "Kestrel"
        with pytest.raises(Unrecorded, match="no space is left"), desks.borrow() as desk:
            desk.log(Action.VIEWED, "x", {})
    (tmp_path / "note.txt").write_text("the kestrel SCHEDULE\n")
    assert str(moved.verify(code=1)["first"]).startswith("exhibits: note.txt")
    more_room(small_disk)
    assert moved.verify(code=1)["logged"]


def left_behind(bench: Bench) -> None:
    """Let a process that reads the ledger be killed behind its act: its journal lies beside the database."""
    script = (
        "import os, signal, sys; from pathlib import Path; from actionday.storage.case import Case\n"
        "from actionday.ledger import Action\n"
        "case = Case.open(Path(sys.argv[1])); case.log(Action.VIEWED, 'x', {}); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(bench.folder)], check=False)
    (bench.folder / "case.db-shm").unlink()
    assert (bench.folder / "case.db-wal").stat().st_size > 0


def test_a_case_cut_off_by_a_full_disk_is_proved_before_there_is_room(
    small_disk: Path, tmp_path: Path
) -> None:
    bench = Bench(small_disk / "case")
    assert bench.run("ingest", bench.folder, too_much(tmp_path)).returncode == 3
    filled(small_disk)
    found = bench.verify()
    assert found["ok"], found["first"]
    assert (found["logged"], found["unlogged"]) == (False, "no space is left on the device")
    assert found["interrupted"]
    more_room(small_disk)
    found = bench.verify()
    assert (found["ok"], found["logged"], found["unlogged"]) == (True, True, None)
    assert found["interrupted"].startswith("run 1 was ended")


def test_an_export_to_a_full_disk_leaves_no_half_file(bench: Bench, small_disk: Path, tmp_path: Path) -> None:
    source = tmp_path / "site"
    source.mkdir()
    for n in range(9):
        (source / f"{n}.txt").write_text(sentences(9000, n))
    bench.ingest(source)
    done = bench.run("export", bench.folder, "texts", "-o", small_disk / "texts.jsonl")
    assert done.returncode in (1, 2)
    assert "No space left" in done.stderr or "no space left" in done.stderr
    assert os.listdir(small_disk) == []


@pytest.fixture
def readonly(bench: Bench, tmp_path: Path) -> Iterator[Bench]:
    """A complete case on a file system that is mounted read-only, or with modes that forbid writing."""
    (tmp_path / "note.txt").write_text("the kestrel schedule\n")
    bench.ingest(tmp_path / "note.txt")
    where = bench.folder
    done = subprocess.run(["mount", "--bind", str(where), str(where)], capture_output=True, check=False)
    if done.returncode == 0:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(where)], check=True)
        yield bench
        subprocess.run(["umount", str(where)], check=True)
    elif os.geteuid() != 0:
        for path in (where, *where.rglob("*")):
            path.chmod(path.stat().st_mode & 0o555)
        yield bench
        for path in (where, *where.rglob("*")):
            path.chmod(path.stat().st_mode | 0o700)
    else:
        pytest.skip("root writes all, and nothing can be mounted here")


@pytest.fixture
def with_journal(readonly: Bench) -> Iterator[Bench]:
    """The same, copied while a writer had rows in its journal, without the journal's index."""
    where = readonly.folder.with_name("copied")
    shutil.copytree(readonly.folder, where)
    with closing(sqlite3.connect(where / "case.db")) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("INSERT INTO facts (key, value) VALUES ('journalled', 'yes')")
        writer.commit()
        for name in ("case.db", "case.db-wal"):
            shutil.copyfile(where / name, where / f"{name}.kept")
    for name in ("case.db", "case.db-wal"):
        (where / f"{name}.kept").replace(where / name)
    copied = Bench.__new__(Bench)
    copied.folder, copied.env = where, {}
    subprocess.run(["mount", "--bind", str(where), str(where)], capture_output=True, check=False)
    done = subprocess.run(["mount", "-o", "remount,bind,ro", str(where)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("nothing can be mounted here")
    yield copied
    subprocess.run(["umount", str(where)], check=True)


def test_rows_in_a_journal_on_a_medium_that_cannot_be_written_are_read(with_journal: Bench) -> None:
    before = sorted(os.listdir(with_journal.folder))
    assert "case.db-wal" in before
    assert "case.db-shm" not in before
    assert with_journal.status()["state"] == "complete"
    found = with_journal.verify(code=1)
    assert "'journalled' of the case was never recorded" in found["first"]
    assert sorted(os.listdir(with_journal.folder)) == before


def test_a_case_that_cannot_be_written_is_searched_exported_and_verified_and_says_it_logs_nothing(
    readonly: Bench,
) -> None:
    found = readonly.search("kestrel")
    assert (found["total"], found["logged"]) == (1, False)
    assert "not logged" in readonly.run("search", readonly.folder, "kestrel").stderr
    assert len(readonly.items()) == 1
    said = "The case is read-only: this {} was not logged.\n"
    assert readonly.run("export", readonly.folder, "items").stderr == said.format("export")
    out = readonly.folder.parent / "items.jsonl"
    assert readonly.run("export", readonly.folder, "items", "-o", out).stderr == said.format("export")
    told = json.loads(readonly.run("export", readonly.folder, "items", "-o", out, "--force", "--json").stdout)
    assert (told["rows"], told["logged"]) == (1, False)
    words = ("show", readonly.folder, "note.txt", "--bytes", out, "--reason", "x", "--force")
    assert readonly.run(*words).stderr == said.format("download")
    assert json.loads(readonly.run(*words, "--json").stdout)["logged"] is False
    proof = readonly.verify()
    assert (proof["ok"], proof["logged"], proof["unlogged"]) == (True, False, "the case is read-only")
    assert "not logged" in readonly.run("verify", readonly.folder).stdout
    assert readonly.status()["state"] == "complete"
    done = readonly.run("ingest", readonly.folder, "/etc/hostname")
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True)


def test_a_copy_taken_while_nobody_writes_is_a_whole_case(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("the kestrel schedule\n")
    bench.ingest(tmp_path / "note.txt")
    shutil.copytree(bench.folder, tmp_path / "copy")
    other = Bench.__new__(Bench)
    other.folder, other.env = tmp_path / "copy", {}
    assert other.verify()["ok"]
    assert other.exports() == bench.exports()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "killed"])
@pytest.mark.parametrize("command", ["export", "verify"])
def test_k03_stopped_while_reading_the_case_is_as_before(
    bench: Bench, tmp_path: Path, command: str, sign: signal.Signals
) -> None:
    source = tmp_path / "site"
    source.mkdir()
    for n in range(30):
        (source / f"{n}.txt").write_text(sentences(4000, n))
    bench.ingest(source)
    words = ("export", bench.folder, "texts") if command == "export" else ("verify", bench.folder)
    process = bench.begin(*words)
    if command == "export":
        assert process.stdout is not None
        process.stdout.read(1000)  # it writes, and is stopped in the midst of it
    else:
        until(lambda: any("pack-" in each for each in held(process.pid)) or process.poll() is not None)
    process.send_signal(sign)
    process.communicate()
    assert process.returncode != 3
    assert bench.verify()["ok"]
    assert len(bench.items()) == 31
    if command == "export" and sign == signal.SIGINT:
        details = [row["details"] for row in bench.export("ledger") if row["action"] == "exported"]
        assert details[0]["whole"] is False
        assert details[0]["rows"] < 30


def held(pid: int) -> list[str]:
    """Return the files that a process has open."""
    found = []
    try:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            found.append(os.readlink(link))
    except OSError:
        return found
    return found


def test_k06_an_index_that_is_torn_is_made_anew_and_said_so(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("the kestrel schedule\n")
    bench.ingest(tmp_path / "note.txt")
    before = bench.exports()
    index = bench.folder / "index"
    spoilers = {
        "meta.json cut": lambda: (index / "meta.json").write_bytes((index / "meta.json").read_bytes()[:40]),
        "meta.json empty": lambda: (index / "meta.json").write_bytes(b""),
        "a segment gone": lambda: next(index.glob("*.store")).unlink(),
        "a segment cut": lambda: os.truncate(next(index.glob("*.term")), 10),
        "all gone": lambda: shutil.rmtree(index),
        "a folder of nothing": lambda: [path.unlink() for path in index.iterdir()],
    }
    for name, spoil in spoilers.items():
        spoil()
        assert bench.verify(code=1)["first"].startswith("index: "), name
        done = bench.ingest(tmp_path / "note.txt")
        assert "repaired: index: made anew from the stored texts" in done.stdout, name
        assert bench.search("kestrel")["total"] == 1
        assert bench.verify()["ok"]
        assert bench.exports() == before
    repairs = [row for row in bench.export("ledger") if row["action"] == "repair"]
    assert len(repairs) == len(spoilers)


def test_a_search_on_a_torn_index_says_how_it_is_mended(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("the kestrel schedule\n")
    bench.ingest(tmp_path / "note.txt")
    (bench.folder / "index" / "meta.json").write_bytes(b"{")
    done = bench.run("search", bench.folder, "kestrel")
    assert done.returncode in (1, 2)
    assert "makes it anew" in done.stderr
    assert "fault of Actionday" not in done.stderr
