"""What of an item's metadata a query found: the values that hold its words, each with its label, words marked."""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from actionday.model import Damaged
from actionday.storage.database.rows import READ
from actionday.storage.index import Sought, highlights, snippet
from actionday.storage.index.metadata import Fact, searched

MOST_SHOWN = 3
"""Values of a hit: who wants all has them with the item."""
FIELDS = (None, "meta")
"""What metadata are sought by."""
MOST_ASKED = 20
"""Words of a query of which it is told one by one whether the text has shown them already."""
WIDTH = 160
"""Characters of a value that are shown, around the word."""

Piece = tuple[str, bool]


class Told(NamedTuple):
    """A value of the metadata; ``label``: the keys that lead to it; ``pieces``: the value, what was found marked."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def value(self) -> str:
        """The value as plain text."""
        return "".join(text for text, _ in self.pieces)

    def as_data(self) -> dict[str, str]:
        """Return what ``search --json`` prints of it."""
        return {"label": self.label, "value": self.value}


def told(
    database: sqlite3.Connection, item: str, seeking: Sequence[Sought], text: Sequence[Piece]
) -> tuple[Told, ...]:
    """Return the values of an item and its content that hold what is sought and ``text``, its snippet, lacks."""
    words = _unmarked(seeking, "".join(piece for piece, _ in text))
    if not words:
        return ()
    found = (
        Told(fact.label, tuple(snippet(fact.value, words, width=WIDTH)))
        for fact in dict.fromkeys(_facts(database, item))
        if highlights(fact.value, words)
    )
    return tuple(islice(found, MOST_SHOWN))


def _unmarked(seeking: Sequence[Sought], text: str) -> list[Sought]:
    """Return what is sought in metadata and not marked in a snippet."""
    return [
        each
        for at, each in enumerate(seeking)
        if each.term.field or at >= MOST_ASKED or not highlights(text, [each])
    ]


def _facts(database: sqlite3.Connection, item: str) -> Iterator[Fact]:
    """Yield what is searched of the content, then of the item itself; nothing of what cannot be read."""
    query = f"SELECT c.meta, i.meta FROM items i LEFT JOIN contents c ON {READ} WHERE i.id = ?"  # noqa: S608 - a constant
    for stored in database.execute(query, (bytes.fromhex(item),)).fetchone() or ():
        try:
            yield from searched(stored)
        except (Damaged, TypeError):
            continue
