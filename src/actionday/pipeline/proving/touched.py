"""Which evidence a difference touches: the first item, exhibit › path, and how many there are.

A hash or a place in a pack says nothing to whoever has to decide what a difference means for a case.
"""

import sqlite3
from collections.abc import Sequence

from actionday.pipeline.proving.report import MOST_NAMED
from actionday.storage.case import Case

OF_OBJECTS = "sha256 IN (SELECT sha256 FROM contents WHERE sha256 IN ({0}) OR text IN ({0}))"
IN_PACK = (
    "SELECT sha256 FROM objects WHERE pack = ?1 AND (?2 IS NULL OR start = ?2) "
    "AND (?3 IS NULL OR start + stored > ?3)"
)


def by_object(case: Case, sha256: bytes) -> str:
    """Return what to say of a stored object: the items with its bytes, or whose text it is."""
    return _said(case, OF_OBJECTS.format("?1"), (sha256,))


def by_place(case: Case, pack: int, start: int | None = None, behind: int | None = None) -> str:
    """Return what to say of all that lies in a pack, in the frame at ``start``, or does not end before ``behind``."""
    return _said(case, OF_OBJECTS.format(IN_PACK), (pack, start, behind))


def all_by_place(case: Case, pack: int, behind: int | None = None) -> list[str]:
    """Return every item of what lies in a pack, or does not end before ``behind``: a line each, the first hundred."""
    values = (pack, None, behind)
    try:
        found = _places(case, OF_OBJECTS.format(IN_PACK), values, MOST_NAMED)
        left = _count(case, OF_OBJECTS.format(IN_PACK), values) - len(found)
    except sqlite3.Error:
        return []
    return [*(f"touched: {each}" for each in found), *([f"and {left} more"] if left else [])]


def by_content(case: Case, sha256: bytes) -> str:
    """Return what to say of a content."""
    return _said(case, "sha256 = ?1", (sha256,))


def item(case: Case, hexadecimal: str) -> str:
    """Return where an item is: exhibit › path, and its id; the id alone where it has no row."""
    try:
        found = _first(case, "id = ?1", (bytes.fromhex(hexadecimal),))
    except (ValueError, sqlite3.Error):  # an id that is none of ours, a path that is no text
        found = ""
    return f"{found} (item {hexadecimal})" if found else f"item {hexadecimal}"


def _said(case: Case, condition: str, values: Sequence[object]) -> str:
    """Return how many items meet a condition and the first; "" where the rows cannot be asked."""
    try:
        count = _count(case, condition, values)
        if not count:
            return "; it touches no item"
        first = _first(case, condition, values)
    except sqlite3.Error:
        return ""
    return f"; it touches {first}" if count == 1 else f"; it touches {count} items, the first {first}"


def _count(case: Case, condition: str, values: Sequence[object]) -> int:
    query = f"SELECT COUNT(*) FROM items WHERE {condition}"  # noqa: S608 - conditions of our own, values bound
    return int(case.database.execute(query, values).fetchone()[0])


def _first(case: Case, condition: str, values: Sequence[object]) -> str:
    return next(iter(_places(case, condition, values, 1)), "")


def _places(case: Case, condition: str, values: Sequence[object], most: int) -> list[str]:
    query = (
        "SELECT (SELECT id FROM exhibits WHERE number = exhibit), path FROM items "  # noqa: S608 - as above
        f"WHERE {condition} ORDER BY exhibit, path LIMIT {most}"
    )
    return [place(*row) for row in case.database.execute(query, values)]


def place(exhibit: object, path: object) -> str:
    """Return where an item is: exhibit › path."""
    return " › ".join(str(part) for part in (exhibit, path) if part not in (None, ""))
