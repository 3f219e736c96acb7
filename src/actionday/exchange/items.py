"""Every item of the case, one row a place.

Source: DESIGN section 6, ``export items``.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from actionday.access import stored
from actionday.access.items import ITEM_COUNTED
from actionday.exchange.export import Export, Fields, Say
from actionday.model import Damaged
from actionday.storage.database.rows import READ
from actionday.storage.objects import Packs

QUERY = (
    "SELECT i.id, i.parent, e.id, i.path, i.raw, i.kind, i.size, i.sha256, c.md5, c.mime, i.mtime, i.status, "  # noqa: S608
    "i.reason, i.meta, c.sha1, c.text, c.meta, "
    f"{ITEM_COUNTED} FROM items i JOIN exhibits e ON e.number = i.exhibit "
    f"LEFT JOIN contents c ON {READ} "
)
FOUND = "WHERE i.id IN (SELECT id FROM temp.found) "
ORDER = "ORDER BY e.id, i.path, i.id"
TEXTS = (2, 3, 5, 6, 9, 10, 11, 12)
"""Columns that are written as they stand: what is no text and no number there is no value of a case."""
ODD = "its row in case.db holds values that no case has: somebody altered it. actionday verify names what differs"


class Items:
    """``export items``."""

    name = "items"
    fields: tuple[str, ...] = (
        "id",
        "parent",
        "exhibit",
        "path",
        "path_raw",
        "kind",
        "size",
        "sha256",
        "md5",
        "sha1",
        "mime",
        "mtime",
        "status",
        "reason",
        "meta",
        "text_sha256",
        "content",
        "counted",
    )

    def rows(self, database: sqlite3.Connection, packs: Packs, differs: Say) -> Iterator[Fields]:  # noqa: ARG002 - the contract
        """Yield items by exhibit, path and id."""
        return (_fields(row, differs) for row in database.execute(QUERY + ORDER))

    def found(self, database: sqlite3.Connection, packs: Packs, differs: Say) -> Iterator[Fields]:  # noqa: ARG002 - the contract
        """Yield those that were found, in the same order."""
        return (_fields(row, differs) for row in database.execute(QUERY + FOUND + ORDER))


def _fields(row: Sequence[Any], differs: Say) -> Fields:
    """Return the fields of a row. Raises Damaged for values that no case has."""
    if any(isinstance(row[at], bytes) for at in TEXTS):
        raise Damaged(f"item {row[0]!r:.80}: {ODD}")
    try:
        return _of(row, differs)
    except (AttributeError, TypeError, ValueError) as error:
        raise Damaged(f"item {row[0]!r:.80}: {ODD}") from error


def _of(row: Sequence[Any], differs: Say) -> Fields:
    meta, content = stored.facts(row[13]), stored.facts(row[16])
    if stored.TORN in meta or stored.TORN in content:
        differs(f"{row[2]}/{row[3]}: a {stored.TORN} stands in its metadata")
    return {
        "id": row[0].hex(),
        "parent": _hex(row[1]),
        "exhibit": row[2],
        "path": row[3],
        "path_raw": _hex(row[4]),
        "kind": row[5],
        "size": row[6],
        "sha256": _hex(row[7]),
        "md5": _hex(row[8]),
        "sha1": _hex(row[14]),
        "mime": row[9],
        "mtime": row[10],
        "status": row[11],
        "reason": row[12],
        "meta": meta,
        "text_sha256": _hex(row[15]),
        "content": content,
        "counted": bool(row[17]),
    }


def _hex(value: bytes | None) -> str | None:
    return value.hex() if value else None


EXPORT: Export = Items()
