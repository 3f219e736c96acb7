"""Where else in a case bytes of an exhibit are, as a file of another or an item in it, and if they were opened there.

Source: DESIGN invariant 5 (what was not read is named: equal bytes that nobody read either are no comfort).
"""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import ReadWith
from actionday.model.identity import exhibit_item_id

SOURCES = "SELECT number, CAST(id AS TEXT) FROM exhibits WHERE number <> ? AND instr(sources, ?)"
ITEMS = (
    "SELECT items.exhibit, CAST(exhibits.id AS TEXT), items.id, CAST(items.path AS TEXT), "
    "CAST(COALESCE(items.reason, '') AS TEXT) FROM items JOIN exhibits ON exhibits.number = items.exhibit "
    "WHERE items.sha256 = ? AND items.exhibit <> ?"
)
"""By the index on the SHA-256 of an item."""
OPENED = (
    "SELECT 1 FROM items WHERE {} AND opened = 1 AND (status = 'parsed' "
    "OR EXISTS (SELECT 1 FROM items AS inner WHERE inner.parent = items.id)) LIMIT 1"
)
"""Opened to its end or with something that came out: what was recognised and is not read has the mark as well."""
BY_ID, BY_PATH = OPENED.format("id = ?"), OPENED.format("exhibit = ? AND path = ?")
BELOW = "SELECT 1 FROM items WHERE parent = ? AND sha256 = ? LIMIT 1"


class Elsewhere(NamedTuple):
    """``exhibit``: the first other one that has all of the bytes; ``opened``: whether all of them were opened there."""

    exhibit: str
    opened: bool


def elsewhere(database: sqlite3.Connection, number: int, *sha256: str) -> Elsewhere | None:
    """Return where else all contents (SHA-256 in hex) of an exhibit are, before others where they were opened.

    None where no other exhibit has them all, as far as it was gone through. Costs one pass over the exhibits' rows, and
    for each item with these bytes at most two look-ups by an index. Raises sqlite3.Error.
    """
    if not sha256:
        return None
    each = [_places(database, number, content) for content in set(sha256)]
    common = set.intersection(*(set(places) for places in each))
    found = [(not all(places[key] for places in each), key) for key in common]
    if not found:
        return None
    closed, (_, name) = min(found)
    return Elsewhere(name, not closed)


def _places(database: sqlite3.Connection, number: int, sha256: str) -> dict[tuple[int, str], bool]:
    """Return the other exhibits that have a content, by number and name, and whether it was opened there."""
    found: dict[tuple[int, str], bool] = {}
    for key, opened in (*_as_file(database, number, sha256), *_as_item(database, number, sha256)):
        found[key] = found.get(key, False) or opened
    return found


def _as_file(
    database: sqlite3.Connection, number: int, sha256: str
) -> Iterator[tuple[tuple[int, str], bool]]:
    """Yield the exhibits of whose files one has a SHA-256; one that is an item by itself is judged as such."""
    query = (number, f'"sha256":"{sha256}"')  # as our own writer has it
    for other, name in database.execute(SOURCES, query).fetchall():
        root = exhibit_item_id(name)
        alone = database.execute(BELOW, (root, bytes.fromhex(sha256))).fetchone() is not None
        yield (other, name), not alone and database.execute(BY_ID, (root,)).fetchone() is not None


def _as_item(
    database: sqlite3.Connection, number: int, sha256: str
) -> Iterator[tuple[tuple[int, str], bool]]:
    """Yield the exhibits in which an item has a SHA-256: one that is read with another is as opened as that is."""
    for other, name, item, path, reason in database.execute(ITEMS, (bytes.fromhex(sha256), number)):
        if first := ReadWith.file_of(reason):
            folder = path.rpartition("/")[0]
            beside = (other, f"{folder}/{first}" if folder else first)
            yield (other, name), database.execute(BY_PATH, beside).fetchone() is not None
        else:
            yield (other, name), database.execute(BY_ID, (item,)).fetchone() is not None
