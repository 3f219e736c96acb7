"""Entries that were taken away at the end of the ledger, or changed there, are seen without a proof."""

import contextlib
import json
import sqlite3
import subprocess
import threading
from pathlib import Path

import pytest

from actionday.access.caveats import ledger_differs
from actionday.ledger import Action
from actionday.storage.case import Case
from case_tools import Bench, sentences


def taken_in(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "E"
    folder.mkdir()
    (folder / "note.txt").write_text(sentences(5, 1))
    bench.ingest(folder)


def test_status_says_that_the_newest_entry_is_gone(bench: Bench, tmp_path: Path) -> None:
    taken_in(bench, tmp_path)
    whole = bench.run("status", bench.folder, "--json")
    assert (whole.returncode, json.loads(whole.stdout)["ledger_differs"]) == (0, None)
    with contextlib.closing(sqlite3.connect(bench.folder / "case.db")) as database:
        for (guard,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {guard}")
        database.execute("DELETE FROM ledger_entry WHERE idx = (SELECT MAX(idx) FROM ledger_entry)")
        database.commit()
    cut = bench.run("status", bench.folder)
    assert cut.returncode == 1
    assert "NOT AS RECORDED: the log's head" in cut.stderr
    told = bench.run("status", bench.folder, "--json")
    assert told.returncode == 1
    assert "the log's head" in json.loads(told.stdout)["ledger_differs"]


def test_no_false_alarm_while_somebody_writes(bench: Bench, tmp_path: Path) -> None:
    taken_in(bench, tmp_path)
    done = threading.Event()

    def write() -> None:
        with contextlib.closing(Case.open(bench.folder)) as case:
            for _ in range(300):
                case.log(Action.VIEWED, "ledger", {})
        done.set()

    writer = threading.Thread(target=write)
    with contextlib.closing(Case.open(bench.folder)) as case:
        writer.start()
        said = [ledger_differs(case.database)]
        while not done.is_set():
            said.append(ledger_differs(case.database))
        writer.join()
    assert len(said) > 50
    assert set(said) == {""}


def altered(folder: Path, entry: int) -> bytes:
    """Change one letter of an entry; return the leaf that was there."""
    with contextlib.closing(sqlite3.connect(folder / "case.db")) as database:
        guards = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for guard, _ in guards:
            database.execute(f"DROP TRIGGER {guard}")
        query = "SELECT CAST(leaf AS BLOB) FROM ledger_entry WHERE idx = ?"
        (leaf,) = database.execute(query, (entry,)).fetchone()
        put(database, entry, leaf.replace(b"exhibit", b"exhibid", 1))
        for _, sql in guards:
            database.execute(sql)
        database.commit()
    return bytes(leaf)


def put(database: sqlite3.Connection, entry: int, leaf: bytes) -> None:
    database.execute("UPDATE ledger_entry SET leaf = CAST(? AS TEXT) WHERE idx = ?", (leaf, entry))


def test_a_proof_that_the_ledger_cannot_take_down_is_told_with_every_answer(
    bench: Bench, tmp_path: Path
) -> None:
    """It is no entry: the one before it, which held, must not stand for it."""
    taken_in(bench, tmp_path)
    assert bench.run("verify", bench.folder).returncode == 0
    leaf = altered(bench.folder, 2)
    assert bench.run("status", bench.folder).returncode == 0  # what nobody looked at nobody knows
    assert bench.run("verify", bench.folder).returncode == 1
    for asked in (
        ["status", bench.folder],
        ["search", bench.folder, "anything"],
        ["export", bench.folder, "items"],
    ):
        told = bench.run(*asked)
        assert told.returncode == 1, asked
        assert "NOT AS RECORDED: the verification of " in told.stderr
        assert "(not in the ledger) found a difference: ledger: entry 2" in told.stderr
    found = json.loads(bench.run("status", bench.folder, "--json").stdout)["not_as_recorded"]
    assert (found["entry"], found["checks"]) == (None, ["ledger"])
    with contextlib.closing(sqlite3.connect(bench.folder / "case.db")) as database:
        guards = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for guard, _ in guards:
            database.execute(f"DROP TRIGGER {guard}")
        put(database, 2, leaf)
        for _, sql in guards:
            database.execute(sql)
        database.commit()
    assert bench.run("verify", bench.folder).returncode == 0
    assert bench.run("status", bench.folder).returncode == 0
    assert not (bench.folder / "unlogged-proof.json").exists()


def test_what_somebody_puts_in_the_place_of_such_a_proof_is_no_more_than_that(
    bench: Bench, tmp_path: Path
) -> None:
    taken_in(bench, tmp_path)
    for content in (b"", b"{}", b"[" * 100_000, b'{"time": 1, "first": 2, "checks": 3}', b"\xff"):
        (bench.folder / "unlogged-proof.json").write_bytes(content)
        told = bench.run("status", bench.folder)
        assert told.returncode == 1
        assert "cannot be read" in told.stderr
    assert bench.run("verify", bench.folder).returncode == 0
    assert bench.run("status", bench.folder).returncode == 0


NOT_TOLD = "later answers will not tell that it found a difference"


def test_a_proof_of_a_read_only_medium_says_that_it_will_not_be_told_again(
    bench: Bench, tmp_path: Path
) -> None:
    taken_in(bench, tmp_path)
    altered(bench.folder, 2)
    for options in (["--bind"], ["-o", "remount,ro,bind"]):
        done = subprocess.run(
            ["mount", *options, str(bench.folder), str(bench.folder)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    try:
        told = bench.run("verify", bench.folder)
        asked = bench.run("verify", bench.folder, "--json")
    finally:
        for _ in range(2):
            subprocess.run(["umount", str(bench.folder)], capture_output=True, check=False)
    assert (told.returncode, asked.returncode) == (1, 1)
    (line,) = [each for each in told.stdout.splitlines() if "was not logged" in each]
    assert NOT_TOLD in line
    assert "unlogged-proof.json cannot be written: Read-only file system" in line
    assert NOT_TOLD in json.loads(asked.stdout)["unlogged"]


def test_what_stands_in_the_way_of_the_kept_proof_is_said_and_left_as_it_is(
    bench: Bench, tmp_path: Path
) -> None:
    taken_in(bench, tmp_path)
    altered(bench.folder, 2)
    (bench.folder / "unlogged-proof.json" / "notes").mkdir(parents=True)
    told = bench.run("verify", bench.folder)
    assert told.returncode == 1
    assert f"{NOT_TOLD}: keep this one (unlogged-proof.json cannot be written: Is a directory)" in told.stdout
    assert (bench.folder / "unlogged-proof.json" / "notes").is_dir()
    assert not (bench.folder / ".unlogged-proof.json.part").exists()


def test_where_the_proof_is_kept_nothing_is_written_through_a_link(bench: Bench, tmp_path: Path) -> None:
    taken_in(bench, tmp_path)
    altered(bench.folder, 2)
    other = tmp_path / "other"
    other.write_text("not ours")
    (bench.folder / ".unlogged-proof.json.part").symlink_to(other)
    told = bench.run("verify", bench.folder)
    assert NOT_TOLD not in told.stdout
    assert other.read_text() == "not ours"
    assert bench.run("status", bench.folder).returncode == 1
