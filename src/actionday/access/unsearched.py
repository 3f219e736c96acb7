"""Which items a search cannot find for want of a text, a content or a time: "0 items" says nothing of those."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from actionday.access.items import ITEM_COUNTED, TABLES
from actionday.storage.database.lacking import LISTED
from actionday.storage.database.rows import replaced
from actionday.storage.index import Node
from actionday.storage.index.node import terms

READ_WHOLE = ("parsed", "empty")
"""States of items that were read to their end: one of them without a text has none."""
QUERY = (
    f"SELECT i.status, COUNT(*) FROM {TABLES} "  # noqa: S608 - constants
    f"WHERE i.seq > ? AND i.seq <= ? AND i.status NOT IN {READ_WHOLE} AND c.text IS NULL AND {ITEM_COUNTED} GROUP BY 1"
)
UNLISTED = (
    "SELECT COUNT(*) FROM items i WHERE i.seq > ? AND i.seq <= ? "  # noqa: S608 - constants
    f"AND i.status IN ('encrypted', 'unreadable', 'quarantined') AND NOT {ITEM_COUNTED} "
    f"AND NOT ({LISTED.format(item='i.id')})"
)
"""Folders, volumes and containers that were not listed to their end: what is in them is no item that is counted."""
UNHASHED = (
    "SELECT i.status, COUNT(*) FROM items i WHERE i.seq > ? AND i.seq <= ? "  # noqa: S608 - constants
    f"AND +i.sha256 IS NULL AND {ITEM_COUNTED} GROUP BY 1"
)
"""Items whose bytes nobody has read: hash and type come from one pass over them, so that both are known or neither.

The plus keeps SQLite from the index on the hash: what was counted at an earlier checkpoint is not gone through again.
"""
UNDATED = (
    "SELECT COUNT(*) FROM items i WHERE i.seq > ? AND i.seq <= ? "  # noqa: S608 - constants
    f"AND i.mtime IS NULL AND {ITEM_COUNTED}"
)

OF_THE_TEXT = frozenset({None, "meta", "lang", "language", "script"})
"""Fields of a query that a content has to be read for: of one without a text they say nothing, neither yes nor no.

``OF_THE_CONTENT`` and ``OF_THE_TIME`` are not read out of a text; all others are known of every item.
"""
OF_THE_CONTENT = frozenset({"type", "sha256"})
OF_THE_TIME = frozenset({"year"})


class Deciding(NamedTuple):
    """What of the items decides what a query finds, so that it may miss, or under a NOT take in, those without."""

    text: bool
    content: bool
    time: bool


def deciding(node: Node, filters: Iterable[str]) -> Deciding:
    """Tell it of a query within filters, by their names."""
    asked = {term.field for term in terms(node)} | set(filters)
    return Deciding(*(not each.isdisjoint(asked) for each in (OF_THE_TEXT, OF_THE_CONTENT, OF_THE_TIME)))


class Unsearched:
    """Counts them by status, for one user at a time: each once, all anew where the slow lane replaced any."""

    def __init__(self) -> None:
        self._replaced = 0
        self._begin()

    def _begin(self) -> None:
        self._counts: Counter[str] = Counter()
        self._unhashed: Counter[str] = Counter()
        self._undated = 0
        self._unlisted = 0
        self._seq = 0

    def of(self, database: sqlite3.Connection) -> dict[str, int]:
        """Return how many there are of each status, at the last checkpoint."""
        self._update(database)
        return dict(sorted(self._counts.items()))

    def unhashed(self, database: sqlite3.Connection) -> dict[str, int]:
        """Return how many of each status have no SHA-256 and no type, at the last checkpoint."""
        self._update(database)
        return dict(sorted(self._unhashed.items()))

    def undated(self, database: sqlite3.Connection) -> int:
        """Return how many have no time of their last change, at the last checkpoint."""
        self._update(database)
        return self._undated

    def unlisted(self, database: sqlite3.Connection) -> int:
        """Return how many folders and volumes were not listed to their end, at the last checkpoint."""
        self._update(database)
        return self._unlisted

    def _update(self, database: sqlite3.Connection) -> None:
        seq = int(database.execute("SELECT value FROM facts WHERE key = 'seq'").fetchone()[0])
        if (anew := replaced(database)) != self._replaced:
            self._begin()
            self._replaced = anew
        if seq > self._seq:
            self._counts.update(dict(database.execute(QUERY, (self._seq, seq))))
            self._unhashed.update(dict(database.execute(UNHASHED, (self._seq, seq))))
            self._undated += int(database.execute(UNDATED, (self._seq, seq)).fetchone()[0])
            self._unlisted += int(database.execute(UNLISTED, (self._seq, seq)).fetchone()[0])
            self._seq = seq
