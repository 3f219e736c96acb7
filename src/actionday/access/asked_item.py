"""An item as a person names it: by its id or the beginning of one, by EXHIBIT/PATH, or by the SHA-256 of a content."""

import re
import sqlite3
from typing import NamedTuple

from actionday.access.items import COLUMNS, TABLES, Item, find_item, item_of, places
from actionday.model import UsageError

MOST_TOLD = 10
"""Items named where several are meant."""
HEX = re.compile("[0-9a-f]+")
ID_DIGITS, HASH_DIGITS = 32, 64


class Asked(NamedTuple):
    """An item, and what the ledger calls what was looked at: the item, or the content it is the first place of."""

    item: Item
    subject: str


def asked_item(database: sqlite3.Connection, words: str) -> Asked:
    """Return the item that ``words`` name. Raises UsageError where there is none, or more than one."""
    exhibit, slash, path = words.partition("/")
    found = _at(database, exhibit, path) if slash else _at(database, words, "")
    digits = words.lower()
    if not found and HEX.fullmatch(digits) and len(digits) == HASH_DIGITS:
        found = places(database, digits, limit=1).items
        if found:
            return Asked(found[0], digits)
    if not found and HEX.fullmatch(digits) and len(digits) <= ID_DIGITS:
        whole = find_item(database, digits) if len(digits) == ID_DIGITS else None
        found = [whole] if whole else _beginning(database, digits)
    if not found:
        raise UsageError(
            f"{words!r} is no item of this case: an id or its beginning, EXHIBIT/PATH, or a SHA-256"
        )
    if len(found) > 1:
        told = "; ".join(f"{each.id} {each.exhibit}/{each.path}" for each in found[:MOST_TOLD])
        more = "; and others" if len(found) > MOST_TOLD else ""
        raise UsageError(f"{words!r} names more than one item: {told}{more}")
    return Asked(found[0], found[0].id)


def _at(database: sqlite3.Connection, exhibit: str, path: str) -> list[Item]:
    """Return the items at a path: a damaged disk and a tar may hold two of one name."""
    query = f"SELECT {COLUMNS} FROM {TABLES} WHERE e.id = ? AND i.path = ? ORDER BY i.n LIMIT ?"  # noqa: S608
    return [item_of(row) for row in database.execute(query, (exhibit, path, MOST_TOLD + 1))]


def _beginning(database: sqlite3.Connection, digits: str) -> list[Item]:
    first, last = (bytes.fromhex(digits.ljust(ID_DIGITS, fill)) for fill in "0f")
    query = f"SELECT {COLUMNS} FROM {TABLES} WHERE i.id BETWEEN ? AND ? ORDER BY i.id LIMIT ?"  # noqa: S608
    return [item_of(row) for row in database.execute(query, (first, last, MOST_TOLD + 1))]
