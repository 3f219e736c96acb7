"""Opening the database of a case, and bringing it to the newest schema.

Source: SQLite documentation, "Write-Ahead Logging" (section 8, no shared memory), "PRAGMA synchronous".
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from actionday.model import Damaged, UsageError
from actionday.storage.database import private

BUSY_SECONDS = 60
"""A search that logs itself waits for a checkpoint of the pipeline; the longest seen took 3 s."""
CACHE_KIB = 16 << 10
"""Of the writing connection. The system holds the file in its own cache too: 64 MiB were no faster."""


OURS = "SELECT 1 FROM facts LIMIT 1"
"""Fails on what is no case: asked before a connection writes into the file which kind of journal it has."""


def connect(
    path: Path, *, readonly: bool = False, alone: bool = False, existing: bool = True
) -> sqlite3.Connection:
    """Return a connection in autocommit mode; pages read while the pipeline writes (WAL).

    A case on read-only media is opened ``immutable``, or from a copy where its journal holds rows: nothing beside it
    can be created there. ``alone``: nobody else
    may open it meanwhile, and the journal's index is kept in memory, so that a full disk has not to hold it.
    ``existing``: a file that holds no case is left as it is. Raises sqlite3.DatabaseError.
    """
    if readonly and private.needed(path):
        return private.opened(path, BUSY_SECONDS)
    if readonly:
        return sqlite3.connect(
            _read_only_uri(path),
            uri=True,
            isolation_level=None,
            timeout=BUSY_SECONDS,
            check_same_thread=False,
        )
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)
    try:
        if alone:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        if existing:
            connection.execute(OURS)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        connection.execute("PRAGMA foreign_keys=ON")
    except (sqlite3.Error, UnicodeError):
        connection.close()  # the error keeps it alive, and its locks with it
        raise
    return connection


def _read_only_uri(path: Path) -> str:
    wal = path.with_name(path.name + "-wal")
    immutable = not wal.exists() or wal.stat().st_size == 0
    return f"{path.resolve().as_uri()}?mode=ro" + ("&immutable=1" if immutable else "")


FOREIGN = "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view') LIMIT 1"
"""What a case has none of: whoever put one there has rows altered, or left out, by the next who writes."""


class ForeignSchema(Damaged):
    """The database has a trigger or a view, which no case has."""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Run the block in one write transaction: all of it, or nothing.

    Raises ForeignSchema where the database would do more than it is told: then nothing is written.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        if found := connection.execute(FOREIGN).fetchone():
            raise ForeignSchema(
                f"case.db has a {found[0]} {found[1]!r} that is none of ours: nothing is written"
            )
        yield connection
    except BaseException:
        if connection.in_transaction:  # SQLite itself takes one back for which there is no room
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def versions() -> list[tuple[int, str]]:
    """Return the numbered migrations of the folder, in order: ``(number, SQL)``."""
    folder = files("actionday.storage.database") / "migrations"
    named = ((re.match(r"(\d{4})_\w+\.sql$", entry.name), entry) for entry in folder.iterdir())
    return sorted((int(match[1]), entry.read_text("utf-8")) for match, entry in named if match)


def migrate(connection: sqlite3.Connection, record: Callable[[int, int], object] | None = None) -> int:
    """Bring the schema to the newest version in one transaction; return the version.

    ``record`` is called in it with the versions before and after, where there was one before: a case is never brought
    to a newer schema without a word. Raises UsageError when the case was written by a newer Actionday.
    """
    current, newest = _schemas(connection)
    if current < newest:
        with transaction(connection):
            current, _ = _schemas(connection)  # another process may have been quicker
            for number, script in versions():
                if number > current:
                    _carry_out(connection, number, script)
            if record is not None and 0 < current < newest:
                record(current, newest)
    return newest


def check_newest(connection: sqlite3.Connection) -> None:
    """Refuse a case that cannot be brought to the newest schema, because nothing can be written. Raises UsageError."""
    current, newest = _schemas(connection)
    if current < newest:
        again = "open it once where it can be written"
        raise UsageError(f"the case has schema {current}, this Actionday reads {newest}: {again}")


def _schemas(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return the schema of a case and the newest. Raises UsageError when the case's is newer."""
    current: int = connection.execute("PRAGMA user_version").fetchone()[0]
    newest = versions()[-1][0]
    if current > newest:
        raise UsageError(f"the case has schema {current}, this Actionday knows {newest}: use a newer one")
    return current, newest


def apply(connection: sqlite3.Connection, number: int, script: str) -> None:
    """Carry out one migration in a transaction of its own."""
    with transaction(connection):
        _carry_out(connection, number, script)


def _carry_out(connection: sqlite3.Connection, number: int, script: str) -> None:
    for statement in _statements(script):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script (``executescript`` would commit behind our back)."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
