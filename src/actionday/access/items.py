"""Items by what they are, by where they lie, and one item with everything that is stored of it.

Lists go by keyset: ``after`` and ``before`` are ids of items, so that a page costs the same anywhere in a case.
"""

import re
import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from actionday.access import stored
from actionday.model.language import REPORTING_THRESHOLD
from actionday.model.progress import FAILED, PARSED, SKIPPED
from actionday.storage.database.balance import COUNTED
from actionday.storage.database.lacking import TELLS_LOSS
from actionday.storage.database.rows import READ

PAGE = 50
GROUPS = {"parsed": PARSED, "known_good": ("known_good",), "skipped": SKIPPED, "failed": FAILED}
HAS_LOSS = f"EXISTS (SELECT 1 FROM issues s WHERE s.item = i.id AND s.{TELLS_LOSS})"  # noqa: S608 - constants
"""By the index on the item of an issue: 3 µs an item."""
ITEM_COUNTED = re.sub(r"\b(kind|opened|status)\b", r"i.\1", COUNTED)
COLUMNS = (
    "i.id, i.parent, e.id, i.path, i.raw, i.kind, i.size, i.sha256, i.mtime, i.status, i.reason, i.meta, "
    "i.opened, "
    "c.mime, c.language, c.characters, i.place, e.number, c.confidence, "
    "CASE WHEN json_valid(c.meta) THEN COALESCE(json_extract(c.meta, '$.subject'), json_extract(c.meta, '$.title')) END"
    f", {HAS_LOSS}, {ITEM_COUNTED}"
)
TABLES = f"items i JOIN exhibits e ON e.number = i.exhibit LEFT JOIN contents c ON {READ}"
FAILED_ALONE = "i.status IN ('encrypted', 'unreadable', 'quarantined')"
"""In the very words of the index ``items_failed``: so SQLite knows that it holds all of them."""


class Item(NamedTuple):
    """One item as it is stored; ``id`` and hashes in hex, ``mtime`` RFC 3339 UTC.

    ``title``: what the content calls itself (a subject, a page's title), cut at 300 characters. ``lost``: the issue
    log tells of something in it that is not in the case, whatever its status. ``counted``: it is one of the balance.
    """

    id: str
    parent: str | None
    exhibit: str
    path: str
    raw: bytes | None
    kind: str
    size: int | None
    sha256: str | None
    mtime: str | None
    status: str
    reason: str | None
    meta: dict[str, Any]
    opened: bool
    mime: str | None
    language: str | None
    characters: int | None
    place: str
    number: int
    confidence: float | None
    title: str | None
    lost: bool = False
    counted: bool = True

    @property
    def is_guess(self) -> bool:
        """Whether the language is named and not reported: the model was not sure."""
        return self.language not in (None, "und") and (self.confidence or 0) < REPORTING_THRESHOLD

    @property
    def not_whole(self) -> bool:
        """Say whether it has losses and its status alone does not tell them."""
        return self.lost and self.status not in FAILED

    @property
    def name(self) -> str:
        """Last part of the path; the exhibit's ID for the exhibit itself."""
        return self.path.rpartition("/")[2] or self.exhibit

    @property
    def folder(self) -> str:
        """The path without its last part."""
        return self.path.rpartition("/")[0]


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed to; "" is everything. ``unknown`` asks for items of which nobody knows it.

    ``group``: parsed, known_good, skipped or failed; ``period``: a year or a month, ``2026`` or ``2026-03``.
    """

    status: str = ""
    group: str = ""
    exhibit: str = ""
    type: str = ""
    language: str = ""
    period: str = ""
    reason: str = ""

    def where(self) -> tuple[str, list[object]]:
        """Return the condition and its values. Only what the balance counts is listed."""
        parts, values = [ITEM_COUNTED], list[object]()
        if self.group == "failed" or self.status in FAILED:
            parts.append(FAILED_ALONE)
        for value, column in (
            (self.status, "i.status"),
            (self.exhibit, "e.id"),
            (self.type, "c.mime"),
            (self.language, "c.language"),
            (self.reason, "i.reason"),
        ):
            if value == "unknown":
                parts.append(f"{column} IS NULL")
            elif value:
                parts.append(f"{column} = ?")
                values.append(value)
        if self.group and self.group != "failed":
            statuses = GROUPS.get(self.group, ())
            parts.append(f"i.status IN ({','.join('?' * len(statuses))})")
            values += statuses
        if self.period == "unknown":
            parts.append("i.mtime IS NULL")
        elif self.period:
            parts.append("i.mtime IS NOT NULL AND substr(i.mtime, 1, ?) = ? AND ? <= 7")
            values += [len(self.period), self.period, len(self.period)]
        return " AND ".join(parts), values


class ItemPage(NamedTuple):
    """One page of a list; ``total`` is exact. ``next`` and ``previous`` are the ids to go on from."""

    items: list[Item]
    total: int
    next: str | None
    previous: str | None


def list_items(
    database: sqlite3.Connection,
    chosen: Chosen,
    *,
    after: str = "",
    before: str = "",
    limit: int = PAGE,
    total: int | None = None,
) -> ItemPage:
    """Return a page by exhibit, path and order of storing; ``after`` and ``before`` are ids in hex.

    ``total`` is counted where it is not given (a ``Tally`` knows it without counting).
    """
    where, values = chosen.where()
    if total is None:
        count = f"SELECT COUNT(*) FROM {TABLES} WHERE {where}"  # noqa: S608 - conditions of our own, values bound
        total = int(database.execute(count, values).fetchone()[0])
    back = bool(before)
    cursor = _cursor(database, before or after)
    if cursor is not None:
        sign = "<" if back else ">"
        where = f"{where} AND (i.exhibit, i.path, i.n) {sign} (?, ?, ?)"
        values = [*values, *cursor]
    order = "DESC" if back else "ASC"
    query = (
        f"SELECT {COLUMNS} FROM {TABLES} WHERE {where} "  # noqa: S608 - as above
        f"ORDER BY i.exhibit {order}, i.path {order}, i.n {order} LIMIT ?"
    )
    rows = database.execute(query, [*values, limit + 1]).fetchall()
    more, rows = len(rows) > limit, rows[:limit]
    found = [item_of(row) for row in (reversed(rows) if back else rows)]
    ahead = more if not back else bool(found)
    behind = more if back else cursor is not None
    return ItemPage(
        found,
        total,
        found[-1].id if found and ahead else None,
        found[0].id if found and behind else None,
    )


def _cursor(database: sqlite3.Connection, item: str) -> tuple[int, str, int] | None:
    if not item:
        return None
    row = database.execute("SELECT exhibit, path, n FROM items WHERE id = ?", (_bytes(item),)).fetchone()
    return None if row is None else (row[0], row[1], row[2])


def _bytes(text: str) -> bytes:
    """Return the bytes of an id in hex; none at all for what is no hex, which no item has."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def find_item(database: sqlite3.Connection, item: str) -> Item | None:
    """Return an item by its id in hex."""
    query = f"SELECT {COLUMNS} FROM {TABLES} WHERE i.id = ?"  # noqa: S608 - constants
    row = database.execute(query, (_bytes(item),)).fetchone()
    return None if row is None else item_of(row)


def find_items(database: sqlite3.Connection, items: Sequence[str]) -> dict[str, Item]:
    """Return items by their ids in hex; at most some hundred."""
    marks = ",".join("?" * len(items))
    query = f"SELECT {COLUMNS} FROM {TABLES} WHERE i.id IN ({marks})"  # noqa: S608 - constants
    rows = database.execute(query, [_bytes(each) for each in items])
    return {found.id: found for found in map(item_of, rows)}


def places(database: sqlite3.Connection, sha256: str, *, after: str = "", limit: int = PAGE) -> ItemPage:
    """Return the items that hold a content, by exhibit and path."""
    wanted = _bytes(sha256)
    total = int(database.execute("SELECT COUNT(*) FROM items WHERE sha256 = ?", (wanted,)).fetchone()[0])
    cursor = _cursor(database, after) or (-1, "", -1)
    query = (
        f"SELECT {COLUMNS} FROM {TABLES} WHERE i.sha256 = ? AND (i.exhibit, i.path, i.n) > (?, ?, ?) "  # noqa: S608
        "ORDER BY i.exhibit, i.path, i.n LIMIT ?"
    )
    rows = database.execute(query, (wanted, *cursor, limit + 1)).fetchall()
    found = [item_of(row) for row in rows[:limit]]
    return ItemPage(found, total, found[-1].id if found and len(rows) > limit else None, None)


def inside(database: sqlite3.Connection, item: str) -> int:
    """Return how many items came directly out of an item."""
    query = "SELECT COUNT(*) FROM items WHERE parent = ?"
    return int(database.execute(query, (_bytes(item),)).fetchone()[0])


def ancestors(database: sqlite3.Connection, item: Item) -> list[Item]:
    """Return the containers an item came out of, outermost first; at most as deep as the case allows."""
    found: list[Item] = []
    parent = item.parent
    while parent is not None and len(found) < 64:
        above = find_item(database, parent)
        if above is None:
            break
        found.append(above)
        parent = above.parent
    return found[::-1]


def item_of(row: tuple[Any, ...]) -> Item:
    """Return the item of a row of ``COLUMNS``."""
    return Item(
        id=row[0].hex(),
        parent=row[1].hex() if row[1] else None,
        exhibit=row[2],
        path=row[3],
        raw=row[4],
        kind=row[5],
        size=row[6],
        sha256=row[7].hex() if row[7] else None,
        mtime=row[8],
        status=row[9],
        reason=row[10],
        meta=stored.facts(row[11]),
        opened=bool(row[12]),
        mime=row[13],
        language=row[14],
        characters=row[15],
        place=row[16],
        number=row[17],
        confidence=row[18],
        title=str(row[19])[:300] if row[19] else None,
        lost=bool(row[20]),
        counted=bool(row[21]),
    )
