"""Which evidence a difference touches: the first item, exhibit › path, and how many there are.

A hash or a place in a pack says nothing to whoever has to decide what a difference means for a case.
"""

import sqlite3
from collections.abc import Sequence

from actionday.storage.case import Case

OF_OBJECTS = "sha256 IN (SELECT sha256 FROM contents WHERE sha256 IN ({0}) OR text IN ({0}))"


def by_object(case: Case, sha256: bytes) -> str:
    """Return what to say of a stored object: the items with its bytes, or whose text it is."""
    return _said(case, OF_OBJECTS.format("?1"), (sha256,))


def by_place(case: Case, pack: int, start: int | None = None, behind: int | None = None) -> str:
    """Return what to say of all that lies in a pack, in the frame at ``start``, or does not end before ``behind``."""
    chosen = (
        "SELECT sha256 FROM objects WHERE pack = ?1 AND (?2 IS NULL OR start = ?2) "
        "AND (?3 IS NULL OR start + stored > ?3)"
    )
    return _said(case, OF_OBJECTS.format(chosen), (pack, start, behind))


def by_content(case: Case, sha256: bytes) -> str:
    """Return what to say of a content."""
    return _said(case, "sha256 = ?1", (sha256,))


def by_checkpoint(case: Case, seq: int) -> str:
    """Return what to say of the rows of a checkpoint."""
    return _said(case, "seq = ?1", (seq,))


def item(case: Case, hexadecimal: str) -> str:
    """Return where an item is: exhibit › path, and its id; the id alone where it has no row."""
    found = _first(case, "id = ?1", (bytes.fromhex(hexadecimal),))
    return f"{found} (item {hexadecimal})" if found else f"item {hexadecimal}"


def _said(case: Case, condition: str, values: Sequence[object]) -> str:
    """Return how many items meet a condition and the first; "" where the rows cannot be asked."""
    query = f"SELECT COUNT(*) FROM items WHERE {condition}"  # noqa: S608 - conditions of our own, values bound
    try:
        count = int(case.database.execute(query, values).fetchone()[0])
        if not count:
            return "; it touches no item"
        first = _first(case, condition, values)
    except sqlite3.Error:
        return ""
    return f"; it touches {first}" if count == 1 else f"; it touches {count} items, the first {first}"


def _first(case: Case, condition: str, values: Sequence[object]) -> str:
    query = (
        "SELECT (SELECT id FROM exhibits WHERE number = exhibit), path FROM items "  # noqa: S608 - as above
        f"WHERE {condition} ORDER BY exhibit, path LIMIT 1"
    )
    row = case.database.execute(query, values).fetchone()
    return " › ".join(str(part) for part in row if part not in (None, "")) if row else ""
