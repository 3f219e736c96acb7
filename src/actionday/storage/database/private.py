"""A database on a medium that cannot be written, with rows in its journal: read from a private copy.

SQLite needs an index of the journal (``-shm``) and can put none beside it there; opened as ``immutable``, the rows in
the journal would be missing without a word.

Source: SQLite documentation, "Write-Ahead Logging", section 5 (read-only databases).
"""

import shutil
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

from actionday.model import UsageError
from actionday.storage.room import no_room

WAL, SHM = "-wal", "-shm"


class PrivateCopy(sqlite3.Connection):
    """A connection to a copy, which is gone with it."""

    folder: "TemporaryDirectory[str] | None" = None


def needed(path: Path) -> bool:
    """Say whether a database that cannot be written has rows in a journal without an index."""
    wal, shm = (path.with_name(path.name + ending) for ending in (WAL, SHM))
    return wal.exists() and wal.stat().st_size > 0 and not shm.exists()


def opened(path: Path, timeout: float) -> sqlite3.Connection:
    """Return a connection to a copy of a database with all that its journal holds. Raises UsageError without room."""
    folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="actionday-case-", ignore_cleanup_errors=True)
    copy = Path(folder.name, path.name)
    try:
        for ending in ("", WAL):
            shutil.copyfile(path.with_name(path.name + ending), copy.with_name(copy.name + ending))
        taken_in = sqlite3.connect(copy, isolation_level=None)
        try:
            taken_in.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            taken_in.close()
    except (OSError, sqlite3.OperationalError) as error:
        if not no_room(error):
            raise
        raise UsageError(
            f"{path}{WAL} holds rows that are not in {path.name} yet; on a medium that cannot be written they are "
            f"read from a copy of both, for which {folder.name} has no room: make some, or name a place (TMPDIR)"
        ) from error
    made = sqlite3.connect(
        f"{copy.as_uri()}?mode=ro&immutable=1",
        uri=True,
        isolation_level=None,
        timeout=timeout,
        check_same_thread=False,
        factory=PrivateCopy,
    )
    made.folder = folder
    return made
