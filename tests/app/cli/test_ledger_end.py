"""Entries that were taken away at the end of the ledger, or changed there, are seen without a proof."""

import contextlib
import json
import sqlite3
import threading
from pathlib import Path

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
