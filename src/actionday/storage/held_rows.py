"""Rows held against the digests that the signed ledger has of them: before they leave a case, or are gone on with.

Every row of ``items``, ``contents``, ``objects`` and ``issues`` is of one checkpoint, whose entry has one digest of all
its rows: all four tables are read, whichever is asked for, in 3 to 4 µs a row. Source: ``docs/adr/0012-held-rows.md``.
"""

import sqlite3
from collections.abc import Iterable, Iterator

from actionday.ledger import Action, Entry, LedgerError, vouched
from actionday.model.counted import parted
from actionday.storage.database.rows import NO_ROWS, digests
from actionday.storage.database.spoiled import cause
from actionday.storage.ledger_store import SqliteLogStore

TELLING = (Action.EXHIBIT_ACQUIRED, Action.RUN_CHECKPOINT)
"""Entries that say what rows there are, and whose."""
ODD = "a row of case.db holds values that no case has"
OTHER = "its rows in case.db are not those that were recorded"


def differing_rows(database: sqlite3.Connection) -> list[str]:
    """Return in sentences which rows are not what the ledger recorded, within the caller's read transaction.

    Which row of a checkpoint it is, ``verify`` tells. A ledger that is not as it was signed says nothing of them, and
    is itself the sentence.
    """
    try:
        entries = vouched(SqliteLogStore(database), TELLING)
    except LedgerError as error:
        return [f"the ledger is not as it was signed ({error}): nothing vouches for the rows of case.db"]
    return list(unlike(database, entries))


def unlike(database: sqlite3.Connection, entries: Iterable[Entry]) -> Iterator[str]:
    """Yield in sentences how rows differ from what entries say that were held; those of ``TELLING`` say it."""
    told = list(entries)
    yield from _exhibits(database, [each.subject for each in told if each.action is Action.EXHIBIT_ACQUIRED])
    try:
        found = digests(database)
    except (sqlite3.OperationalError, OverflowError) as error:
        if isinstance(error, sqlite3.OperationalError) and not cause(error):
            raise
        yield cause(error) or ODD
        return
    for each in told:
        if each.action is Action.RUN_CHECKPOINT:
            seq = each.details.get("seq")
            key = seq if isinstance(seq, int) else None
            if found.pop(key, NO_ROWS) != each.details.get("rows"):
                items = each.details.get("items")
                much = parted(items, "item") if isinstance(items, int) else "no number of items"
                yield f"checkpoint {seq} ({much}): {OTHER}"
    if found:
        yield f"rows of {parted(len(found), 'checkpoint')} are in case.db that the ledger has no entry of"


def _exhibits(database: sqlite3.Connection, acquired: Iterable[str]) -> Iterator[str]:
    """Yield which exhibit has not the ID with which it was acquired: items go by the number of their row."""
    wanted = dict(enumerate(dict.fromkeys(acquired), start=1))
    stored = dict(database.execute("SELECT number, id FROM exhibits ORDER BY number").fetchall())
    for number in sorted(wanted.keys() | stored.keys()):
        if wanted.get(number) != stored.get(number):
            recorded = f"the ledger acquired {wanted.get(number)!r} as it"
            yield f"exhibit {number} is {stored.get(number)!r} in case.db, {recorded}"
