"""Which exhibit a file on the host belongs to, where a search that found nothing asked for the name of one.

Of a disk that nobody could read nothing but that name is known, and it stands in no text. Costs one pass over the
sources of all exhibits (some 5 µs a file), of searches without a hit alone.
"""

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from actionday.access.exhibits import sources_of
from actionday.storage.index import Node, QueryError, parse
from actionday.storage.index.node import Match, Term, terms
from actionday.storage.index.written import written

MOST = 10
"""Files told of: a name may be that of a file of every exhibit."""
NAMING = frozenset({None, "name", "path"})


class OfExhibit(NamedTuple):
    """A file of an exhibit, or the exhibit itself, by its name; ``query`` finds the ``total`` items of it."""

    file: str
    query: str
    total: int


def of_exhibits(
    database: sqlite3.Connection, words: str, count: Callable[[Node], int]
) -> tuple[OfExhibit, ...]:
    """Return the exhibits that have a file called as something in ``words``, or all of it, in any case."""
    asked = {term.text.casefold() for term in terms(parse(words)) if term.field in NAMING}
    asked.add(words.strip().casefold())
    found: list[OfExhibit] = []
    for exhibit, sources in database.execute("SELECT id, sources FROM exhibits ORDER BY number"):
        names = dict.fromkeys([exhibit, *(each.path.rpartition("/")[2] for each in sources_of(sources))])
        for name in names:
            if name.casefold() in asked and (told := _told(name, exhibit, count)):
                found.append(told)
                break
        if len(found) == MOST:
            break
    return tuple(found)


def _told(name: str, exhibit: str, count: Callable[[Node], int]) -> OfExhibit | None:
    """Return what to say of a file; None for an exhibit whose ID no query can hold, as one with a quotation mark."""
    whole = f"exhibit:{exhibit}"
    for query in (whole, written(Term("exhibit", exhibit, Match.PHRASE, 0))):
        try:
            node = parse(query)
        except QueryError:
            continue
        if [(each.field, each.text) for each in terms(node)] == [("exhibit", exhibit)]:
            return OfExhibit(name, query, count(node))
    return None
