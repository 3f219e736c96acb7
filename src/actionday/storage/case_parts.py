"""What a case folder consists of, and what to say where its database is gone or is none any more."""

import os
import sqlite3
from pathlib import Path

from actionday.model import ActiondayError, Damaged, UsageError
from actionday.storage.database.spoiled import NO_SCHEMA, code_of, is_schema

DATABASE, INDEX, OBJECTS, TEMPORARY, LOCK = "case.db", "index", "objects", "tmp", "lock"
MADE_ANEW = "index: made anew"
"""How what was mended begins, in the entry of a ``repair``, where the index was."""
TORN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_ERROR})
"""What SQLite says of a file that is no database, or none of ours, any more; not of one that it may not open."""
BESIDE = (OBJECTS, INDEX, LOCK, f"{DATABASE}-wal")
"""What lies beside the database of a case into which something was taken in."""


LEFT = (f"{DATABASE}-wal", f"{OBJECTS}/pack-[0-9]*.pack", f"{INDEX}/format.json")
"""What is nobody else's: other programs have a folder ``objects`` or a file ``index`` as well."""
UNREAD = {
    sqlite3.SQLITE_IOERR: "cannot be read: the disk, or what it is mounted from, fails (input/output error)",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened by this account, or not with what SQLite puts beside it",
    sqlite3.SQLITE_PERM: "may not be read by this account",
}
"""What SQLite says of a database that it could not read: nothing against it."""
SAYS = {
    sqlite3.SQLITE_NOTADB: "it is no database any more",
    sqlite3.SQLITE_CORRUPT: "its pages are torn",
    sqlite3.SQLITE_FORMAT: "its head is torn",
}
OTHER_TABLES = "its tables are not those of a case"


class TornDatabase(Damaged):
    """The database of a case that cannot be read as one: damaged or changed, which its neighbours tell.

    ``schema``: whether its schema is at fault.
    """

    code = "torn_database"

    def __init__(self, reason: str, *, schema: bool = False) -> None:
        super().__init__(reason)
        self.schema = schema


def gone(folder: Path) -> ActiondayError:
    """Return what to say where there is no database: packs, an index or a journal tell that there was one."""
    left = [each for pattern in LEFT for each in sorted(folder.glob(pattern))]
    if not left:
        return UsageError(f"{folder}: no case there (no {DATABASE})")
    return TornDatabase(
        f"{folder}: {DATABASE} is gone, the rows and the ledger of a case: {left[0].relative_to(folder)} is still there"
    )


def unusable(folder: Path, error: Exception) -> ActiondayError:
    """Return what to say of a database that cannot be opened: what lies beside it tells whether it was a case's."""
    code = code_of(error) or sqlite3.SQLITE_ERROR
    if code in UNREAD:
        return UsageError(f"{folder / DATABASE}: {UNREAD[code]}; nothing is said of what it holds")
    beside = [name for name in BESIDE if os.path.lexists(folder / name)]
    if code in TORN and beside:
        why = NO_SCHEMA if is_schema(error) else SAYS.get(code, OTHER_TABLES)
        return TornDatabase(
            f"{folder}: {DATABASE} is not what it was: it cannot be read as a case's database "
            f"({why}), and {beside[0]} beside it is a case's",
            schema=is_schema(error),
        )
    return UsageError(f"{folder}: {DATABASE} is no case database: {error}")
