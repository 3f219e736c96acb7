"""Which items a search for words cannot find, because no text was read out of them: "0 items" says nothing of those."""

import sqlite3
from collections import Counter
from collections.abc import Iterable

from actionday.access.items import ITEM_COUNTED, TABLES
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
    f"AND i.status IN ('encrypted', 'unreadable', 'quarantined') AND NOT {ITEM_COUNTED}"
)
"""Folders, volumes and containers that were not listed to their end: what is in them is no item that is counted."""

OF_THE_TEXT = frozenset({None, "meta", "lang", "language", "script"})
"""Fields of a query that a content has to be read for: of one without a text they say nothing, neither yes nor no.

All others are known of every item, or what is not known of one is not read out of its text.
"""


def by_text(node: Node, filters: Iterable[str]) -> bool:
    """Tell whether a query within filters may miss, or under a NOT take in, what nobody has read."""
    return any(term.field in OF_THE_TEXT for term in terms(node)) or not OF_THE_TEXT.isdisjoint(filters)


class Unsearched:
    """Counts them by status, for one user at a time; items are only ever added, so that each is counted once."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._unlisted = 0
        self._seq = 0

    def of(self, database: sqlite3.Connection) -> dict[str, int]:
        """Return how many there are of each status, at the last checkpoint."""
        self._update(database)
        return dict(sorted(self._counts.items()))

    def unlisted(self, database: sqlite3.Connection) -> int:
        """Return how many folders and volumes were not listed to their end, at the last checkpoint."""
        self._update(database)
        return self._unlisted

    def _update(self, database: sqlite3.Connection) -> None:
        seq = int(database.execute("SELECT value FROM facts WHERE key = 'seq'").fetchone()[0])
        if seq > self._seq:
            self._counts.update(dict(database.execute(QUERY, (self._seq, seq))))
            self._unlisted += int(database.execute(UNLISTED, (self._seq, seq)).fetchone()[0])
            self._seq = seq
