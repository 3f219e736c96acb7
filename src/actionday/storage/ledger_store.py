"""The ledger kept in a case's SQLite database.

Three tables, made by ``LEDGER_DDL`` and described in ``docs/ledger-format.md``. Works on a connection that
the caller opened; the caller owns every transaction. Leaves and notes are text, so that any SQLite shell
shows them, and are read back as the bytes they are, so that no damage is hidden by decoding.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from actionday.ledger import Head, LedgerError, Row
from actionday.ledger.entry import MAX_LEAF
from actionday.ledger.note import MAX_NOTE
from actionday.storage.database.spoiled import PAGES, cause, code_of

LEDGER_DDL = """
CREATE TABLE ledger_log (
    origin TEXT NOT NULL
) STRICT;
CREATE TABLE ledger_entry (
    idx INTEGER PRIMARY KEY CHECK (idx >= 0),
    leaf TEXT NOT NULL,
    hashes BLOB NOT NULL
) STRICT;
CREATE INDEX ledger_joining ON ledger_entry (idx) WHERE substr(leaf, 1, 22) = '{"action":"key.added",';
CREATE TABLE ledger_head (
    size INTEGER NOT NULL CHECK (size > 0),
    key TEXT NOT NULL,
    given INTEGER NOT NULL DEFAULT 0 CHECK (given IN (0, 1)),
    note TEXT NOT NULL,
    PRIMARY KEY (size, key)
) STRICT, WITHOUT ROWID;
"""

MAX_HASHES = 64 * 32  # bytes: one hash a level, and an index has at most 63 bits
MAX_KEY = 4096  # bytes: a verifier key has some 100

# One byte more than may be is read, so that what is too long is seen as such and never loaded whole.
_ROW = f"""SELECT idx, substr(CAST(leaf AS BLOB), 1, {MAX_LEAF + 1}),
    substr(CAST(hashes AS BLOB), 1, {MAX_HASHES + 1}) FROM ledger_entry"""  # noqa: S608 - constants
_HEAD = f"""SELECT substr(CAST(key AS BLOB), 1, {MAX_KEY + 1}), size,
    substr(CAST(note AS BLOB), 1, {4 * MAX_NOTE + 1}) FROM ledger_head"""  # noqa: S608 - constants


def create_log(connection: sqlite3.Connection, origin: str) -> None:
    """Name the log in tables that ``LEDGER_DDL`` has just made, within the caller's transaction.

    ``origin`` is the log's name for good: unlike any other log's, one printable word, so that no head
    of another case fits this one. Raises ``LedgerError`` if there is a log already.
    """
    if not origin or not origin.isprintable() or " " in origin or "+" in origin:
        raise LedgerError(f"origin {origin!r}: one printable word without a plus")
    with _damage():
        if connection.execute("SELECT 1 FROM ledger_log").fetchone():
            raise LedgerError("this database has a ledger already")
        connection.execute("INSERT INTO ledger_log (origin) VALUES (?)", (origin,))


class SqliteLogStore:
    """``actionday.ledger.LogStore`` over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def origin(self) -> str:
        """Return the log's name."""
        rows = self._all("SELECT CAST(origin AS BLOB) FROM ledger_log LIMIT 2")
        if len(rows) != 1:
            raise LedgerError("no ledger here" if not rows else "a ledger with two names")
        return _str(rows[0][0])

    def size(self) -> int:
        """Return 1 + the highest index, 0 for an empty log."""
        ((size,),) = self._all("SELECT coalesce(max(idx), -1) + 1 FROM ledger_entry")
        return _int(size)

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows at the end; the caller holds the write transaction."""
        if not self._connection.in_transaction:
            raise LedgerError("an append needs the caller's transaction: BEGIN IMMEDIATE")
        if rows and rows[0].index != self.size():
            raise LedgerError(f"entry {rows[0].index} does not follow the last of {self.size()}")
        values = ((row.index, row.leaf.decode(), row.hashes) for row in rows)
        with _damage():
            self._connection.executemany(
                "INSERT INTO ledger_entry (idx, leaf, hashes) VALUES (?, ?, ?)", values
            )

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Yield the rows with start <= index < stop, by index."""
        query = f"{_ROW} WHERE idx >= ? AND idx < ? ORDER BY idx"
        return (_row(values) for values in self._each(query, (start, stop)))

    def scan(self) -> Iterator[Row]:
        """Yield every row that is there, by index."""
        return (_row(values) for values in self._each(f"{_ROW} ORDER BY idx"))

    def hashes(self, indexes: Sequence[int]) -> Sequence[bytes]:
        """Return the stored hashes of these rows, in this order."""
        query = f"""SELECT idx, substr(CAST(hashes AS BLOB), 1, {MAX_HASHES}) FROM ledger_entry
            WHERE idx IN (SELECT value FROM json_each(?))"""  # noqa: S608 - a constant
        found = {index: _bytes(hashes) for index, hashes in self._all(query, (json.dumps(list(indexes)),))}
        try:
            return [found[index] for index in indexes]
        except KeyError as missing:
            raise LedgerError(f"entry {missing} is not stored") from None

    def joinings(self) -> Iterator[Row]:
        """Yield the rows of ``key.added`` entries, by index; the condition is the index's, to the letter."""
        query = f"""{_ROW} WHERE substr(leaf, 1, 22) = '{{"action":"key.added",' ORDER BY idx"""
        return (_row(values) for values in self._each(query))

    def latest(self) -> Head | None:
        """Return the head of the greatest size."""
        return _first(self._all(f"{_HEAD} ORDER BY size DESC LIMIT 1"))

    def head_of(self, key: str) -> Head | None:
        """Return the head of the greatest size signed by ``key``."""
        return _first(self._all(f"{_HEAD} WHERE key = ? ORDER BY size DESC LIMIT 1", (key,)))

    def heads(self) -> Iterator[Head]:
        """Yield every kept head, by size."""
        return (_head(values) for values in self._each(f"{_HEAD} ORDER BY size, key"))

    def put_head(self, head: Head, replaced: Head | None) -> None:
        """Keep ``head``; forget ``replaced`` unless it was given out."""
        with _damage():
            if replaced is not None:
                self._connection.execute(
                    "DELETE FROM ledger_head WHERE size = ? AND key = ? AND NOT given",
                    (replaced.size, replaced.key),
                )
            self._connection.execute("INSERT INTO ledger_head (key, size, note) VALUES (?, ?, ?)", head)

    def mark_given(self, head: Head) -> None:
        """Note that ``head`` left the house."""
        with _damage():
            self._connection.execute(
                "UPDATE ledger_head SET given = 1 WHERE size = ? AND key = ? AND NOT given",
                (head.size, head.key),
            )

    def _each(self, query: str, values: Iterable[object] = ()) -> Iterator[tuple[object, ...]]:
        with _damage():
            yield from self._connection.cursor().execute(query, tuple(values))

    def _all(self, query: str, values: Iterable[object] = ()) -> list[tuple[object, ...]]:
        return list(self._each(query, values))


@contextmanager
def _damage() -> Iterator[None]:
    """Turn what SQLite says of a damaged, locked or foreign file into the ledger's own error."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        said = (
            "they are torn: SQLite cannot read their pages"
            if code_of(error) in PAGES
            else cause(error) or error
        )
        raise LedgerError(f"the ledger's tables: {said}") from error


def _row(values: tuple[object, ...]) -> Row:
    index, leaf, hashes = values
    return Row(_int(index), _bytes(leaf), _bytes(hashes))


def _head(values: tuple[object, ...]) -> Head:
    key, size, note = values
    return Head(_str(key), _int(size), _str(note))


def _first(rows: list[tuple[object, ...]]) -> Head | None:
    return _head(rows[0]) if rows else None


def _int(value: object) -> int:
    return value if isinstance(value, int) else -1


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _str(value: object) -> str:
    """Return stored text; bytes that are no UTF-8 become U+FFFD, which no key, name or note of ours holds."""
    return _bytes(value).decode(errors="replace")
