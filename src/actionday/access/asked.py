"""Values of a query that nothing in this case can have: an error at their place, never "nothing found"."""

import mimetypes
import sqlite3
from functools import cache

from actionday.storage.index import Index, Node, QueryError
from actionday.storage.index.endings import ENDINGS
from actionday.storage.index.fields import FAMILIES
from actionday.storage.index.node import Term, terms

MOST_TOLD = 20
"""Exhibits named in one error."""


def check_values(node: Node, index: Index, database: sqlite3.Connection) -> None:
    """Raise QueryError where ``exhibit:`` names none of the case's exhibits or ``type:`` nothing known as a type."""
    for term in terms(node):
        if term.field == "exhibit":
            _check_exhibit(term, database)
        elif term.field == "type" and not (
            is_type(term.text.lower()) or index.holds("type", term.text.lower())
        ):
            families = ", ".join(FAMILIES)
            raise QueryError(
                term.position,
                f"type: knows no {term.text!r}: a MIME type, its subtype, an ending such as txt, or one of "
                f"{families}; the ending of a name is found by name:",
            )


def _check_exhibit(term: Term, database: sqlite3.Connection) -> None:
    if database.execute("SELECT 1 FROM exhibits WHERE id = ?", (term.text,)).fetchone():
        return
    known = [
        str(row[0])
        for row in database.execute("SELECT id FROM exhibits ORDER BY number LIMIT ?", (MOST_TOLD,))
    ]
    told = f"it has {', '.join(known)}" if known else "it has none yet"
    raise QueryError(term.position, f"this case has no exhibit {term.text!r}; {told}")


def is_type(value: str) -> bool:
    """Say whether a value is a family, an ending, a MIME type that is known, or the subtype of one."""
    return value in FAMILIES or value in ENDINGS or value in _known_types()


def is_mime(value: str) -> bool:
    """Say whether a value is a whole MIME type that is known."""
    return "/" in value and value in _known_types()


def holds_type(database: sqlite3.Connection, mime: str) -> bool:
    """Say whether a content of the case has this very MIME type, whether or not anybody else knows it."""
    return database.execute("SELECT 1 FROM contents WHERE mime = ? LIMIT 1", (mime,)).fetchone() is not None


@cache
def _known_types() -> frozenset[str]:
    """Return the types that Python itself knows, and their subtypes: no file of the machine has a say."""
    maps = mimetypes.MimeTypes().types_map
    known = {mime for each in maps for mime in each.values()}
    return frozenset(known | {mime.partition("/")[2] for mime in known})
