"""A case folder: ``case.db``, ``index/``, ``objects/``, ``tmp/`` and the lock of the one that writes.

Source: ``docs/case-format.md``.
"""

import errno
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from actionday.ledger import Action, Entry, Json, KeyFileError, Ledger, LedgerError, installation_signer
from actionday.model import ActiondayError, Limits, UsageError
from actionday.storage.actor import actor, moment
from actionday.storage.case_lock import held, is_held, said_by
from actionday.storage.case_parts import (
    DATABASE,
    LOCK,
    TEMPORARY,
    gone,
    unusable,
)
from actionday.storage.database import ForeignSchema, check_newest, connect, migrate, transaction
from actionday.storage.ledger_store import LEDGER_DDL, SqliteLogStore, create_log
from actionday.storage.plain import check_plain
from actionday.storage.readable import NotReadable, check_files, check_folder, is_there
from actionday.storage.room import NO_ROOM, no_room

READ_ONLY = "the case is read-only"
UNRECORDED = (
    "nothing is shown or given out that cannot be recorded. actionday verify names what differs; a copy that cannot be "
    "written is read all the same"
)

NO_RECORD = (
    f"{NO_ROOM}: this would stand in the ledger, which has no room for it, and nothing is shown or given out that "
    "cannot be recorded. What needs no entry is shown all the same"
)


class Unrecorded(ActiondayError):
    """An act that the ledger has no room for."""

    exit_code = 3


class Case:
    """An open case. Read-only when its folder cannot be written: then nothing is logged, and that is said."""

    def __init__(self, folder: Path, *, why_readonly: str = "", existing: bool = True) -> None:
        self.folder = folder
        self.why_readonly = why_readonly
        self.readonly = bool(why_readonly)
        self._limits: Limits | None = None
        self.cut_off = why_readonly == NO_ROOM
        """Whether it is read-only for want of room: then it has its database alone, and should let go of it soon."""
        self.database: sqlite3.Connection = connect(
            folder / DATABASE,
            readonly=why_readonly == READ_ONLY,
            alone=self.cut_off,
            existing=existing,
        )

    @classmethod
    def create(cls, folder: Path, facts: Mapping[str, str]) -> "Case":
        """Make a case in ``folder``, which must not exist or be empty. Raises UsageError."""
        try:
            if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
                raise UsageError(f"{folder}: exists and is not an empty folder")
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder}: {error.strerror}") from error
        case = cls(folder, existing=False)
        migrate(case.database)
        with transaction(case.database):
            for statement in LEDGER_DDL.split(";"):
                if statement.strip():
                    case.database.execute(statement)
            create_log(case.database, f"actionday/case/{secrets.token_hex(16)}")
            limits = Limits()
            case._put({**facts, "seq": "0", "limits": msgspec.json.encode(limits).decode()})
            details = {**facts, "limits": msgspec.to_builtins(limits)}
            case.ledger().append(entry(Action.CASE_CREATED, "", details))
        return case

    @classmethod
    def open(cls, folder: Path, *, on_full_disk: bool = False) -> "Case":
        """Open an existing case, read-only if it has to be. Raises UsageError, and Damaged for what leads elsewhere.

        Raises TornDatabase where something lies beside the database, or where it was, that only a case has, and
        UsageError for a file that never was one; NotReadable (a UsageError) where this account may not read it.

        ``on_full_disk``: read-only as well where there is no room for what SQLite puts beside a database. Who only
        reads asks for it; a search that nobody records is no search, and ``log`` raises there.
        """
        check_folder(folder)
        if not is_there(folder / DATABASE):
            raise gone(folder)
        _check_parts(folder)
        writable = os.access(folder / DATABASE, os.W_OK) and os.access(folder, os.W_OK)
        try:
            return cls._opened(folder, READ_ONLY if not writable else "")
        except (sqlite3.DatabaseError, UnicodeDecodeError, KeyError) as error:
            if not no_room(error):
                raise unusable(folder, error) from error
            if not on_full_disk:
                raise
        return cls._opened(folder, NO_ROOM)

    @classmethod
    def _opened(cls, folder: Path, why_readonly: str) -> "Case":
        case = cls(folder, why_readonly=why_readonly)
        try:
            if case.readonly:
                check_newest(case.database)
            else:
                case._migrate()
            case.fact("seq")
        except BaseException:
            case.close()
            raise
        return case

    def _migrate(self) -> None:
        def record(before: int, after: int) -> None:
            self.ledger().append(entry(Action.CASE_MIGRATED, "", {"from": before, "to": after}))

        migrate(self.database, record)

    def _put(self, facts: Mapping[str, str]) -> None:
        self.database.executemany(
            "INSERT INTO facts (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            list(facts.items()),
        )

    def put(self, facts: Mapping[str, str]) -> None:
        """Keep facts of the case, within the caller's transaction."""
        self._put(facts)

    def fact(self, key: str) -> str:
        """Return a fact. Raises KeyError."""
        row = self.database.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return str(row[0])

    def facts(self) -> dict[str, str]:
        """Return every fact."""
        return dict(self.database.execute("SELECT key, value FROM facts"))

    @property
    def seq(self) -> int:
        """Number of the last checkpoint."""
        return int(self.fact("seq"))

    def go_by(self, limits: Limits) -> None:
        """Take the limits from whoever held them against the ledger; the row is not asked again."""
        self._limits = limits

    @property
    def limits(self) -> Limits:
        """The limits of the case."""
        return self._limits or msgspec.json.decode(self.fact("limits"), type=Limits)

    def ledger(self, *, sign: bool = True) -> Ledger:
        """Return the ledger, able to sign unless the case is read-only. Raises UsageError without a key."""
        store = SqliteLogStore(self.database)
        if self.readonly or not sign:
            return Ledger(store)
        try:
            return Ledger(store, installation_signer())
        except KeyFileError as error:
            raise UsageError(str(error)) from error

    def log(self, action: Action, subject: str, details: Mapping[str, Json]) -> bool:
        """Record one act in a transaction of its own; return False when the case is read-only.

        Raises Unrecorded where there is no room for it: what nobody records is not done.
        """
        self._check_room()
        if self.readonly:
            return False
        self._record(action, subject, details)
        return True

    def begin(self, action: Action, subject: str, details: Mapping[str, Json]) -> dict[str, Json]:
        """Record, before anything of it is given, that an act begins; return what the entry that ends it says of that.

        ``begun`` is the number of the entry; nothing on a read-only case. Raises as ``log``.
        """
        self._check_room()
        if self.readonly:
            return {}
        return {"begun": self._record(action, subject, details)}

    def _check_room(self) -> None:
        if self.cut_off:
            raise Unrecorded(f"{self.folder}: {NO_RECORD}") from OSError(errno.ENOSPC, NO_ROOM)

    def _record(self, action: Action, subject: str, details: Mapping[str, Json]) -> int:
        """Append an entry in a transaction of its own; return its number. Raises LedgerError where none can stand."""
        try:
            with transaction(self.database):
                return self.ledger().append(entry(action, subject, details))
        except ForeignSchema as error:
            raise LedgerError(f"{self.folder}: {error}; {UNRECORDED}") from error
        except LedgerError as error:
            raise LedgerError(
                f"{self.folder}: the ledger is not as it was signed ({error}); {UNRECORDED}"
            ) from error

    @contextmanager
    def lock(self, purpose: str) -> Iterator[None]:
        """Hold the case's lock for writing. Raises UsageError naming the process that has it."""
        if self.readonly:
            raise UsageError(f"{self.folder}: cannot be written")
        with held(self.folder / LOCK, purpose):
            yield

    def busy(self) -> bool:
        """Say whether a process is writing the case just now."""
        return is_held(self.folder / LOCK)

    def holder(self) -> str:
        """Return who says to hold the lock, "" where nobody holds it."""
        return said_by(self.folder / LOCK) if self.busy() else ""

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """Give a folder for temporary files, empty at the start and gone at the end."""
        folder = self.folder / TEMPORARY
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)  # a server may hold a name in it (.nfs…) that cannot be removed yet
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def _check_parts(folder: Path) -> None:
    """Check that the case is files and folders of its own, and that this account may read those every command needs."""
    try:
        check_plain(folder)
    except PermissionError as error:
        raise NotReadable(Path(error.filename)) from error
    except OSError as error:
        raise NotReadable(Path(error.filename or folder), error.strerror or str(error)) from error
    check_files(folder)


def entry(action: Action, subject: str, details: Mapping[str, Json]) -> Entry:
    """Return a ledger entry of now, by the present actor.

    MUST be called within the transaction that appends it: whoever takes its time before its turn comes puts an earlier
    time behind a later one, as if a clock had been set back.
    """
    return Entry(moment(), actor(), action, subject, details)


def is_case(folder: Path) -> bool:
    """Say whether a folder is that of a case, this one or another."""
    return os.path.lexists(folder / DATABASE)
