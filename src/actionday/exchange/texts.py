"""Every text of the case, one row a content.

Source: DESIGN section 6, ``export texts``.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from actionday.exchange.export import Export, Fields
from actionday.storage.objects import Location, Packs

QUERY = (
    "SELECT c.sha256, c.language, c.script, c.confidence, c.characters, c.segments, "
    "o.pack, o.start, o.size, o.frames, o.skip "
    "FROM contents c JOIN objects o ON o.sha256 = c.text "
)
FOUND = "WHERE c.sha256 IN (SELECT i.sha256 FROM temp.found f JOIN items i ON i.id = f.id) "
ORDER = "ORDER BY o.pack, o.start, o.skip, c.sha256"


class Texts:
    """``export texts``."""

    name = "texts"
    fields: tuple[str, ...] = ("sha256", "language", "script", "confidence", "characters", "text", "segments")

    def rows(self, database: sqlite3.Connection, packs: Packs) -> Iterator[Fields]:
        """Yield texts in the order in which they lie on disk: a frame is unpacked once, and no disk has to seek."""
        return _unpacked(database.execute(QUERY + ORDER), packs)

    def found(self, database: sqlite3.Connection, packs: Packs) -> Iterator[Fields]:
        """Yield those of the items that were found, each once, in the same order."""
        return _unpacked(database.execute(QUERY + FOUND + ORDER), packs)


def _unpacked(rows: Iterable[Sequence[Any]], packs: Packs) -> Iterator[Fields]:
    for row in rows:
        data = packs.stream(Location.of(row[6:11])).read()
        yield {
            "sha256": row[0].hex(),
            "language": row[1],
            "script": row[2],
            "confidence": row[3],
            "characters": row[4],
            "text": data.decode("utf-8", "replace"),
            "segments": orjson.loads(row[5]) if row[5] else [_whole(row)],
        }


def _whole(row: Sequence[Any]) -> Fields:
    """Return the one segment of a text that is all in one language."""
    return {"start": 0, "end": row[4], "language": row[1], "script": row[2], "confidence": row[3]}


EXPORT: Export = Texts()
