"""The rows of a bundle: of chosen items, their texts, what the issue log says of them, and their exhibits."""

import sqlite3
from collections.abc import Iterator

import orjson

from actionday.exchange.export import Fields, Say, Searchable, kinds
from actionday.storage.objects import Packs

ROWS = ("exhibits", "items", "texts", "issues")
EXHIBITS = (
    "SELECT e.id, e.state, e.size, e.sources FROM exhibits e WHERE e.number IN "
    "(SELECT i.exhibit FROM temp.found f JOIN items i ON i.id = f.id) ORDER BY e.number"
)
ISSUES = (
    "SELECT s.stage, e.id, s.path, s.code, s.reason FROM issues s JOIN exhibits e ON e.number = s.exhibit "
    "WHERE s.item IN (SELECT id FROM temp.found) OR s.path = '' AND s.exhibit IN "
    "(SELECT i.exhibit FROM temp.found f JOIN items i ON i.id = f.id) "
    "ORDER BY e.id, s.path, s.stage, s.code, s.reason"
)
SOURCE = ("path", "size", "folder", "named", "sha256", "md5", "sha1")


def rows_of(kind: str, database: sqlite3.Connection, packs: Packs, differs: Say) -> Iterator[Fields]:
    """Yield the rows of one kind for the items whose ids stand in ``temp.found``."""
    if kind == "exhibits":
        yield from _exhibits(database)
    elif kind == "issues":
        names = ("stage", "exhibit", "path", "code", "reason")
        yield from (dict(zip(names, row, strict=True)) for row in database.execute(ISSUES))
    else:
        one = kinds()[kind]
        assert isinstance(one, Searchable), kind
        yield from one.found(database, packs, differs)


def _exhibits(database: sqlite3.Connection) -> Iterator[Fields]:
    for name, state, size, sources in database.execute(EXHIBITS):
        files = [{key: each.get(key) for key in SOURCE} for each in orjson.loads(sources)]
        yield {"id": name, "state": state, "size": size, "sources": files}


def exhibits_of(database: sqlite3.Connection) -> list[str]:
    """Return the IDs of the exhibits of the chosen items."""
    return [str(row[0]) for row in database.execute(EXHIBITS)]
