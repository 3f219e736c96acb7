"""What of a case was not examined, and why: by reason, the largest by name, what a secret opened, what a set marked.

Source: DESIGN invariant 5; the states are those of ``lacking``, the items those that the balance counts, and beside
them the folders, volumes and opened exhibits that failed, which no balance counts.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from actionday.storage.database.balance import COUNTED
from actionday.storage.database.lacking import AMONG_NOT_READ

FAILED = "status IN ('encrypted', 'unreadable', 'quarantined')"
"""In the words of the index items_failed."""
UNEXAMINED = f"({AMONG_NOT_READ} AND {COUNTED} OR {FAILED} AND NOT {COUNTED})"
GROUPS = (
    f"SELECT status, {COUNTED}, COALESCE(reason, ''), COUNT(*) AS number, COALESCE(SUM(size), 0), SUM(size IS NULL) "  # noqa: S608
    "FROM items WHERE {which} GROUP BY 1, 2, 3 ORDER BY number DESC, 1, 2, 3"
)
LARGEST = (
    f"SELECT e.id, i.path, i.status, COALESCE(i.reason, ''), i.size, i.counted FROM (SELECT n, exhibit, path, status, "  # noqa: S608
    f"reason, size, id, {COUNTED} AS counted FROM items WHERE {UNEXAMINED} "
    "ORDER BY size IS NULL, size DESC, exhibit, path, id LIMIT ?) i "
    "LEFT JOIN exhibits e ON e.number = i.exhibit ORDER BY i.size IS NULL, i.size DESC, i.exhibit, i.path, i.id"
)
OPENED_BY = '"secret":'
OPENED = (
    "SELECT e.id, i.path, i.meta, c.meta FROM items i LEFT JOIN contents c ON c.sha256 = i.sha256 "
    "AND c.reading = i.reading LEFT JOIN exhibits e ON e.number = i.exhibit "
    "WHERE instr(i.meta, ?1) OR instr(c.meta, ?1) ORDER BY i.exhibit, i.path, i.id"
)
MARKED = "SELECT COUNT(*) FROM items WHERE meta LIKE '%\"known_hash\":[%'"
"""In a text of somebody else's the quotation marks would be escaped."""


class Reason(msgspec.Struct, frozen=True):
    """Items of one state and one reason: how many, the sum of their own sizes, and how many have none that is known."""

    status: str
    counted: bool
    """Whether the balance counts them; else they are folders, volumes and exhibits that were opened."""
    reason: str
    number: int
    bytes: int
    sizeless: int


class Reasons(msgspec.Struct, frozen=True):
    """The most frequent reasons, and what the others have together."""

    named: tuple[Reason, ...]
    others: int
    other_items: int
    other_bytes: int


class Left(msgspec.Struct, frozen=True):
    """An item that was not examined."""

    exhibit: str
    path: str
    status: str
    reason: str
    size: int | None
    counted: bool


class Opened(msgspec.Struct, frozen=True):
    """An item that a secret of the case opened: which, by its number; ``what`` the facts call it, "" for itself."""

    exhibit: str
    path: str
    what: str
    secret: int


def reasons(database: sqlite3.Connection, most: int, *, which: str = UNEXAMINED) -> Reasons:
    """Return why items were not examined, the ``most`` frequent reasons one by one. Goes once through the items.

    Reasons may be as many as items, for they name places: SQLite sorts them, and of those beyond ``most`` only sums
    are kept here.
    """
    named: list[Reason] = []
    others = items = size = 0
    for status, counted, reason, number, total, sizeless in database.execute(GROUPS.format(which=which)):
        if len(named) < most:
            named.append(Reason(status, bool(counted), reason, number, total, sizeless))
        else:
            others, items, size = others + 1, items + number, size + total
    return Reasons(tuple(named), others, items, size)


def known_good(database: sqlite3.Connection, most: int) -> Reasons:
    """Return by which sets items were known good, and so not examined."""
    return reasons(database, most, which=f"status = 'known_good' AND {COUNTED}")


def largest(database: sqlite3.Connection, most: int) -> list[Left]:
    """Return the largest items that were not examined, those of unknown size last."""
    return [
        Left(exhibit or "", path, status, reason, size, bool(counted))
        for exhibit, path, status, reason, size, counted in database.execute(LARGEST, (most,))
    ]


def marked(database: sqlite3.Connection) -> int:
    """Return how many items were read and have a hash that is in a set of known hashes."""
    return int(database.execute(MARKED).fetchone()[0])


def opened(database: sqlite3.Connection) -> Iterator[Opened]:
    """Yield what secrets opened, in the order of exhibits and paths. Goes once through the facts of all items."""
    for exhibit, path, *texts in database.execute(OPENED, (OPENED_BY,)):
        seen = set[tuple[str, int]]()
        for what, number in (each for text in texts for each in _secrets(text)):
            if (what, number) not in seen:
                seen.add((what, number))
                yield Opened(exhibit or "", path, what, number)


def _secrets(text: str | None) -> Iterator[tuple[str, int]]:
    try:
        facts: Any = msgspec.json.decode(text or "{}")
    except msgspec.MsgspecError:  # torn: verify names it
        return
    if not isinstance(facts, dict):
        return
    for name, value in facts.items():
        if name == "secret" and type(value) is int:
            yield "", value
        elif isinstance(value, dict) and type(value.get("secret")) is int:
            yield str(name), value["secret"]
