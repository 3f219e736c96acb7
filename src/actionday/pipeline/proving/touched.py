"""Which evidence a difference touches: the first item, exhibit › path, and how many there are.

A hash or a place in a pack says nothing to whoever has to decide what a difference means for a case.
"""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from actionday.model.counted import grouped
from actionday.pipeline.proving.report import MOST_NAMED
from actionday.storage.case import Case

OF_OBJECTS = "sha256 IN (SELECT sha256 FROM contents WHERE sha256 IN ({0}) OR text IN ({0}))"
OF_CONTENT = "sha256 = ?1"
IN_PACK = (
    "SELECT sha256 FROM objects WHERE pack = ?1 AND (?2 IS NULL OR start = ?2) "
    "AND (?3 IS NULL OR start + stored > ?3)"
)


def by_object(case: Case, sha256: bytes) -> str:
    """Return what to say of a stored object: the items with its bytes, or whose text it is."""
    return _said(case, OF_OBJECTS.format("?1"), (sha256,))


class Place(NamedTuple):
    """Where in the packs something differs: all of a pack, its frame at ``start``, what does not end before ``behind``;
    or one object, or the text of a content, wherever it lies."""

    pack: int = 0
    start: int | None = None
    behind: int | None = None
    object: bytes | None = None
    content: bytes | None = None


NOWHERE = Place()
"""What the database reads nothing of."""


class Touched:
    """The items that differences touch, as far as they are named: each once."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._named, self._more, self._told = dict[str, None](), 0, 0

    def take(self, place: Place) -> str:
        """Return what to say of a difference, and keep its items."""
        condition, values = _meant(place)
        try:
            count = _count(self._case, condition, values)
            found = _places(self._case, condition, values, MOST_NAMED)
        except sqlite3.Error:
            return ""
        self._told += count > 1  # one line that names the one item says it all
        room = MOST_NAMED - len(self._named)
        self._named.update(dict.fromkeys(found[:room]))
        self._more += count - len(found[:room])
        return _phrase(count, found)

    def lines(self) -> list[str]:
        """Return a line an item, the first hundred, where the differences did not name each themselves."""
        if not self._told:
            return []
        more = [f"and {grouped(self._more)} more"] if self._more else []
        return [*(f"touched: {each}" for each in self._named), *more]


def _meant(place: Place) -> tuple[str, tuple[object, ...]]:
    if place.content is not None:
        return OF_CONTENT, (place.content,)
    if place.object is not None:
        return OF_OBJECTS.format("?1"), (place.object,)
    return OF_OBJECTS.format(IN_PACK), (place.pack, place.start, place.behind)


def by_content(case: Case, sha256: bytes) -> str:
    """Return what to say of a content."""
    return _said(case, OF_CONTENT, (sha256,))


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
        return _phrase(_count(case, condition, values), _places(case, condition, values, 1))
    except sqlite3.Error:
        return ""


def _phrase(count: int, found: Sequence[str]) -> str:
    if not found:
        return "; it touches no item"
    return (
        f"; it touches {found[0]}"
        if count == 1
        else f"; it touches {grouped(count)} items, the first {found[0]}"
    )


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
