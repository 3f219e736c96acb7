"""What a search finds, as a table of the connection that rows are joined with: every item, however many."""

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from actionday.access.search import Searcher, narrowed
from actionday.access.unsearched import Unsearched, deciding
from actionday.storage.case import Case
from actionday.storage.index import parse
from actionday.storage.index.node import And


class FoundItems(NamedTuple):
    """A search: its items stand in the table ``temp.found``; ``query`` as the ledger has that of a search."""

    query: str
    unsearched: Mapping[str, int] = {}
    """Items of the whole case without a text, by status, where a text decides what is found."""
    unhashed: Mapping[str, int] = {}
    """Items without a content that was read, by status, where type or SHA-256 decides."""
    undated: int = 0
    """Items without a time of their last change, where the year decides."""
    in_part: int = 0
    """Items, of those that the filters of the query leave, of whose text a part alone is there."""
    unlisted: int = 0
    """Folders and volumes of the case that were not listed to their end."""

    def as_data(self) -> dict[str, object]:
        """Return what ``export --json`` prints of it."""
        return {
            "query": self.query,
            "unsearched": dict(self.unsearched),
            "unhashed": dict(self.unhashed),
            "undated": self.undated,
            "in_part": self.in_part,
            "unlisted": self.unlisted,
        }


def find(case: Case, words: str, narrow: str = "") -> FoundItems:
    """Search and keep what was found for this connection. Raises QueryError, IndexDamaged.

    Nothing is recorded: what is exported of it is the access.
    """
    searcher = Searcher(case)
    try:
        _keep(case.database, searcher, words, narrow)
        node = And(tuple(parse(each) for each in (words, narrow) if each))
        by = deciding(node, ())
        in_part = searcher.in_part(node, {}) if by.text else 0
    finally:
        searcher.close()
    query, absent = narrowed(words, narrow), Unsearched()
    return FoundItems(
        query,
        absent.of(case.database) if by.text else {},
        absent.unhashed(case.database) if by.content else {},
        absent.undated(case.database) if by.time else 0,
        in_part,
        absent.unlisted(case.database),
    )


def _keep(database: sqlite3.Connection, searcher: Searcher, words: str, narrow: str) -> None:
    """Fill the table; it lies in memory, 40 bytes an item: an export leaves no files behind."""
    database.execute("PRAGMA temp_store=MEMORY")
    database.execute("DROP TABLE IF EXISTS temp.found")
    database.execute("CREATE TABLE temp.found (id BLOB PRIMARY KEY) WITHOUT ROWID")
    ids = ((bytes.fromhex(each),) for each in searcher.every(words, narrow=narrow))
    database.executemany("INSERT INTO temp.found VALUES (?)", ids)
