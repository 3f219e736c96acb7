"""The ledger in SQLite: the store's contract, transactions, two writers, damage, kills."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from actionday.ledger import Ledger, LedgerError, verify_log
from actionday.storage.ledger_store import LEDGER_DDL, SqliteLogStore, create_log
from actionday.testing.ledger import ORIGIN, check_log_store, entry, signer

A, B = signer(1), signer(2)
TRUSTED = [A.verifier, B.verifier]


def opened(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.execute("PRAGMA journal_mode = WAL")
    return connection


def made(path: Path | str) -> sqlite3.Connection:
    connection = opened(path)
    connection.executescript(LEDGER_DDL)
    connection.execute("BEGIN IMMEDIATE")
    create_log(connection, ORIGIN)
    connection.execute("COMMIT")
    return connection


@pytest.fixture
def case(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(made(tmp_path / "case.db")) as connection:
        yield connection


def append(connection: sqlite3.Connection, ledger: Ledger, number: int) -> int:
    connection.execute("BEGIN IMMEDIATE")
    index = ledger.append(entry(number))
    connection.execute("COMMIT")
    return index


def test_the_store_keeps_the_contract(tmp_path: Path) -> None:
    paths = (tmp_path / f"{number}.db" for number in range(99))
    connections = []

    def make_store() -> SqliteLogStore:
        connections.append(made(next(paths)))
        connections[-1].execute("BEGIN IMMEDIATE")
        return SqliteLogStore(connections[-1])

    check_log_store(make_store)
    for connection in connections:
        connection.close()


def test_an_append_outside_a_transaction_is_refused(case: sqlite3.Connection) -> None:
    with pytest.raises(LedgerError, match="BEGIN IMMEDIATE"):
        Ledger(SqliteLogStore(case), A).append(entry(0))
    assert SqliteLogStore(case).size() == 0


def test_what_the_caller_rolls_back_never_happened(case: sqlite3.Connection) -> None:
    ledger = Ledger(SqliteLogStore(case), A)
    append(case, ledger, 0)
    case.execute("BEGIN IMMEDIATE")
    ledger.append_many(entry(number) for number in range(1, 9))
    case.execute("ROLLBACK")
    assert append(case, ledger, 9) == 2
    report = verify_log(SqliteLogStore(case), TRUSTED)
    assert (report.ok, report.size) == (True, 3)


def test_two_connections_in_turn_write_one_log(tmp_path: Path) -> None:
    made(tmp_path / "case.db").close()
    with closing(opened(tmp_path / "case.db")) as one, closing(opened(tmp_path / "case.db")) as two:
        writers = [(one, Ledger(SqliteLogStore(one), A)), (two, Ledger(SqliteLogStore(two), B))]
        for number in range(30):
            append(*writers[number % 2 if number < 20 else number % 3 == 0], number)
        reports = [verify_log(SqliteLogStore(connection), TRUSTED) for connection, _ in writers]
    assert reports[0] == reports[1]
    assert (reports[0].ok, reports[0].size, reports[0].heads) == (True, 32, 1)


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_ledger_store import SqliteLogStore, Ledger, append, opened, signer
connection = opened(sys.argv[2])
ledger = Ledger(SqliteLogStore(connection), signer(int(sys.argv[3])))
for number in range(int(sys.argv[4])):
    print(append(connection, ledger, number), flush=True)
"""


def writer(path: Path, key: int, count: int) -> "subprocess.Popen[str]":
    """Start a process that appends ``count`` entries, one transaction each, and prints their indexes."""
    here = str(Path(__file__).parent)
    arguments = [sys.executable, "-c", WRITER, here, str(path), str(key), str(count)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def test_three_processes_at_once_write_one_log(tmp_path: Path) -> None:
    path = tmp_path / "case.db"
    made(path).close()
    processes = [writer(path, key, 60) for key in (1, 2, 2)]
    indexes = [int(line) for process in processes for line in process.communicate()[0].split()]
    assert [process.returncode for process in processes] == [0, 0, 0]
    with closing(opened(path)) as connection:
        store = SqliteLogStore(connection)
        report = verify_log(store, TRUSTED)
        joined = [row.index for row in store.joinings()]
    assert report.ok, report.difference
    assert len(joined) == 2
    assert sorted([*indexes, *joined]) == list(range(182)) == list(range(report.size))


def test_a_kill_between_or_within_appends_leaves_a_whole_log(tmp_path: Path) -> None:
    """What was told as written is there; the log verifies and goes on."""
    path, random, told = tmp_path / "case.db", Random(7), -1
    made(path).close()
    for _ in range(4):
        process = writer(path, 1, 100_000)
        assert process.stdout is not None
        for _ in range(random.randint(1, 40)):
            told = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        told = max([told, *map(int, process.communicate()[0].split("\n")[:-1])])
        with closing(opened(path)) as connection:
            report = verify_log(SqliteLogStore(connection), TRUSTED)
            assert report.ok, report.difference
            assert report.size > told
            assert append(connection, Ledger(SqliteLogStore(connection), B), 0) >= report.size


TAMPERINGS = {
    "leaf": "UPDATE ledger_entry SET leaf = replace(leaf, 'query', 'quest') WHERE idx = 5",
    "leaf as a number": "UPDATE ledger_entry SET leaf = 7 WHERE idx = 5",
    "leaf with a NUL behind": "UPDATE ledger_entry SET leaf = leaf || char(0) || 'x' WHERE idx = 5",
    "leaf too long": "UPDATE ledger_entry SET leaf = hex(zeroblob(5000000)) WHERE idx = 5",
    "no leaf": "UPDATE ledger_entry SET leaf = '' WHERE idx = 5",
    "no hashes": "UPDATE ledger_entry SET hashes = zeroblob(0) WHERE idx = 5",
    "hashes too long": "UPDATE ledger_entry SET hashes = CAST(hashes || zeroblob(9000000) AS BLOB) WHERE idx = 5",
    "row gone": "DELETE FROM ledger_entry WHERE idx = 5",
    "row moved": "UPDATE ledger_entry SET idx = 500 WHERE idx = 5",
    "rows swapped": "UPDATE ledger_entry SET leaf = (SELECT leaf FROM ledger_entry WHERE idx = 6) WHERE idx = 5",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_row_changed_behind_our_back_is_named(case: sqlite3.Connection, statement: str) -> None:
    case.execute("BEGIN IMMEDIATE")
    Ledger(SqliteLogStore(case), A).append_many(entry(number) for number in range(9))
    case.execute("COMMIT")
    assert verify_log(SqliteLogStore(case), TRUSTED).ok
    case.execute(statement)
    report = verify_log(SqliteLogStore(case), TRUSTED)
    assert report.difference is not None
    assert report.difference.entry == 5


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger_log",
        "INSERT INTO ledger_log VALUES ('two')",
        "UPDATE ledger_log SET origin = 'x'",
        "DELETE FROM ledger_head",
        "UPDATE ledger_head SET note = ''",
        "UPDATE ledger_head SET key = ''",
        "UPDATE ledger_head SET size = 99",
        "UPDATE ledger_head SET note = x'ff'||note",
        "DELETE FROM ledger_entry",
        "DROP TABLE ledger_entry",
        "DROP TABLE ledger_head",
        "DROP TABLE ledger_log",
    ],
)
def test_whatever_else_is_changed_the_log_is_not_in_order(case: sqlite3.Connection, statement: str) -> None:
    append(case, Ledger(SqliteLogStore(case), A), 0)
    case.execute(statement)
    report = verify_log(SqliteLogStore(case), TRUSTED)
    assert not report.ok
    with pytest.raises(LedgerError):
        append(case, Ledger(SqliteLogStore(case), A), 1)


def test_joinings_are_found_without_reading_the_log(case: sqlite3.Connection) -> None:
    append(case, Ledger(SqliteLogStore(case), A), 0)
    assert [row.index for row in SqliteLogStore(case).joinings()] == [0]
    plan = case.execute(
        """EXPLAIN QUERY PLAN SELECT leaf FROM ledger_entry
        WHERE substr(leaf, 1, 22) = '{"action":"key.added",' ORDER BY idx"""
    ).fetchall()
    assert "ledger_joining" in str(plan), "found by its index, not by reading the log"


def test_any_byte_of_the_file_flipped_gives_a_report_never_a_false_one(tmp_path: Path) -> None:
    """Bit rot anywhere in the file: the same log as before, or a named difference; never an exception."""
    path, random = tmp_path / "case.db", Random(3)
    with closing(made(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        Ledger(SqliteLogStore(connection), A).append_many(entry(number) for number in range(60))
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = DELETE")
        whole = verify_log(SqliteLogStore(connection), TRUSTED)
    raw, found = path.read_bytes(), 0
    for _ in range(400):
        damaged = bytearray(raw)
        damaged[random.randrange(len(raw))] ^= 1 << random.randrange(8)
        path.write_bytes(damaged)
        with closing(sqlite3.connect(path)) as connection:
            report = verify_log(SqliteLogStore(connection), TRUSTED)
        assert report == whole or not report.ok
        found += not report.ok
    assert found > 100


def test_a_database_without_a_ledger_is_said_to_have_none(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "empty.db")) as connection:
        report = verify_log(SqliteLogStore(connection), TRUSTED)
    assert "no such table: ledger_log" in str(report.difference)


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "line\nbreak", "tab\t"])
def test_a_log_needs_a_name_that_a_head_can_carry(tmp_path: Path, origin: str) -> None:
    with closing(opened(tmp_path / "case.db")) as connection:
        connection.executescript(LEDGER_DDL)
        with pytest.raises(LedgerError, match="origin"):
            create_log(connection, origin)


def test_a_log_is_named_once(case: sqlite3.Connection) -> None:
    with pytest.raises(LedgerError, match="already"):
        create_log(case, "another")
    assert SqliteLogStore(case).origin() == ORIGIN
