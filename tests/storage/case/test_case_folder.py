"""The case folder: facts, migrations, the lock, and what is refused."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from actionday.ledger import Action
from actionday.model import UsageError
from actionday.storage.case import Case
from actionday.storage.database import migrate, transaction
from actionday.storage.database.balance import balance_of
from actionday.storage.database.connection import versions
from actionday.storage.database.rows import known

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
FACTS = {"name": "K", "authority": "A", "country": "ES", "legal_basis": "x", "retain_until": "2031-01-01"}


@pytest.fixture
def case(tmp_path: Path, signing_key: None) -> Case:
    return Case.create(tmp_path / "case", FACTS)


def test_migrations_are_numbered_without_gap_and_bring_a_case_to_the_newest(tmp_path: Path) -> None:
    numbers = [number for number, _ in versions()]
    assert numbers == list(range(1, len(numbers) + 1))
    database = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    assert migrate(database) == numbers[-1]
    tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"facts", "exhibits", "items", "contents", "objects", "issues", "containers", "runs"} <= tables
    assert migrate(database) == numbers[-1]


def test_a_case_of_a_newer_actionday_is_refused(case: Case) -> None:
    case.database.execute("PRAGMA user_version = 999")
    case.close()
    with pytest.raises(UsageError, match="schema 999"):
        Case.open(case.folder)


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to be looked at" * 30])
def test_a_database_that_is_none_is_refused_with_its_reason(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "case.db").write_bytes(content)
    with pytest.raises(UsageError, match="no case database"):
        Case.open(tmp_path)


def test_a_transaction_is_all_or_nothing(case: Case) -> None:
    with pytest.raises(ZeroDivisionError), transaction(case.database):
        case.put({"name": "other"})
        raise ZeroDivisionError
    assert case.fact("name") == "K"


def test_what_is_logged_is_logged_with_the_act(case: Case) -> None:
    assert case.log(Action.SEARCHED, "words", {"total": 1})
    assert [entry.action for _, entry in case.ledger().entries()][-1] is Action.SEARCHED


def test_the_lock_is_held_by_one_and_names_it(case: Case) -> None:
    script = (
        "import sys; from pathlib import Path; from actionday.storage.case import Case\n"
        "case = Case.open(Path(sys.argv[1]))\n"
        "with case.lock('test'):\n    print('held', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(case.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert case.busy()
        with (
            pytest.raises(
                UsageError, match=f"being written by process {holder.pid} \\(test, since {TIME}\\)"
            ),
            case.lock("x"),
        ):
            pass
        holder.communicate("")
    assert not case.busy()
    with case.lock("x"):
        assert case.busy()


def test_one_that_only_looks_does_not_refuse_a_writer(case: Case) -> None:
    """``status`` takes the lock for a moment to see whether it is free."""
    script = (
        "import sys; from pathlib import Path; from actionday.storage.case import Case\n"
        "case = Case.open(Path(sys.argv[1])); print('on', flush=True)\n"
        "for _ in range(20000): case.busy()\n"
    )
    with case.lock("first"):
        pass
    with subprocess.Popen([sys.executable, "-c", script, str(case.folder)], stdout=subprocess.PIPE) as looker:
        assert looker.stdout is not None
        looker.stdout.readline()
        for _ in range(20):
            with case.lock("again"):
                pass
        looker.kill()


def test_temporary_files_are_gone_at_the_end_and_those_of_the_dead_at_the_start(case: Case) -> None:
    left = case.folder / "tmp"
    left.mkdir()
    (left / "of-the-dead").touch()
    with case.temporary() as folder:
        assert list(folder.iterdir()) == []
        (folder / "mine").touch()
    assert not left.exists()


def test_the_balance_adds_up_only_when_every_status_is_known() -> None:
    found = balance_of(
        {"parsed": 3, "empty": 1, "queued": 2, "encrypted": 1, "known_good": 4, "unsupported": 1}
    )
    assert (found.found, found.parsed, found.skipped, found.failed, found.known_good) == (12, 4, 3, 1, 4)
    assert found.adds_up
    assert not balance_of({"parsed": 1, "something new": 1}).adds_up


def test_a_container_that_is_done_is_known_by_its_row_alone(case: Case) -> None:
    """An archive whose stream is noted but whose row is not yet stored has still to be gone through."""
    insert = "INSERT INTO containers (item, exhibit, opener, scope, name, kind, size, state) VALUES (?, 1, '', '', '', '', 0, ?)"
    case.database.execute(insert, (b"a" * 16, "open"))
    case.database.execute(insert, (b"b" * 16, "done"))
    assert known(case.database, [b"a" * 16, b"b" * 16, b"c" * 16]) == {b"a" * 16}
    assert known(case.database, [b"a" * 16], containers=False) == set()


def test_known_asks_in_parts_however_many_ids_there_are(case: Case) -> None:
    ids = [n.to_bytes(16, "big") for n in range(1501)]
    insert = "INSERT INTO containers (item, exhibit, opener, scope, name, kind, size, state) VALUES (?, 1, '', '', '', '', 0, 'open')"
    case.database.executemany(insert, [(each,) for each in ids[::2]])
    assert known(case.database, ids) == set(ids[::2])
