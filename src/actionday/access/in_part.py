"""Items of whose text a part alone is there: what stands in the rest of them no words find, and "0 items" is no answer.

Which of them a query leaves is told by what of it narrows and does not ask a text: fields, and the filters of a page.
"""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence

from actionday.access.items import ITEM_COUNTED, TABLES
from actionday.access.unsearched import READ_WHOLE
from actionday.model.loss import TEXT_IN_PART
from actionday.storage.database.rows import replaced
from actionday.storage.index import EVERYTHING, Index, Node
from actionday.storage.index.node import And, terms

WORDS = frozenset({None, "meta"})
"""Fields of what is sought in a text or in metadata: no filter."""
COUNTED = f"SELECT i.sha256, COUNT(*) FROM {TABLES} WHERE c.text IS NOT NULL AND {ITEM_COUNTED} AND "  # noqa: S608
BY_STATUS = f"{COUNTED} i.seq > ? AND i.seq <= ? AND i.status NOT IN {READ_WHOLE} GROUP BY 1"
"""Damaged, encrypted, stopped, waiting, or read by nobody here but for passages: with a text all the same."""
BY_ISSUE = (
    f"{COUNTED} i.status IN {READ_WHOLE} AND i.id IN "  # noqa: S608 - constants
    f"(SELECT item FROM issues WHERE code IN ({','.join(map(repr, sorted(TEXT_IN_PART)))})) GROUP BY 1"
)
"""By the index on the code of an issue; a line may come before or behind the row of its item."""


class InPart:
    """Counts them, for one user at a time."""

    def __init__(self) -> None:
        self._by_status: Counter[bytes] = Counter()
        self._by_issue: Mapping[bytes, int] = {}
        self._seq, self._replaced = -1, 0

    def of(
        self, database: sqlite3.Connection, index: Index, node: Node, filters: Mapping[str, Sequence[str]]
    ) -> int:
        """Return how many of them are left by the filters of a query, at the last checkpoint.

        Of a query with filters what they find is looked at, 1 µs an item; items with the same bytes count alike.
        """
        self._update(database)
        narrow = narrowing(node)
        if not self._by_status and not self._by_issue:
            return 0
        if narrow == EVERYTHING and not any(filters.values()):
            return sum(self._by_status.values()) + sum(self._by_issue.values())
        return index.among(narrow, filters, self._by_status.keys() | self._by_issue.keys())

    def _update(self, database: sqlite3.Connection) -> None:
        seq = int(database.execute("SELECT value FROM facts WHERE key = 'seq'").fetchone()[0])
        if (anew := replaced(database)) != self._replaced:
            self._by_status, self._seq, self._replaced = Counter(), -1, anew
        if seq > self._seq:
            self._by_status.update(dict(database.execute(BY_STATUS, (max(0, self._seq), seq))))
            self._by_issue = dict(database.execute(BY_ISSUE))
            self._seq = seq


def narrowing(node: Node) -> Node:
    """Return what of a query narrows, whatever words it asks for: those of its parts, all to be met, without a word."""
    parts = node.parts if isinstance(node, And) else (node,)
    kept = tuple(narrowing(each) if isinstance(each, And) else each for each in parts)
    left = [
        each for each in kept if each != EVERYTHING and WORDS.isdisjoint(term.field for term in terms(each))
    ]
    return left[0] if len(left) == 1 else And(tuple(left))
