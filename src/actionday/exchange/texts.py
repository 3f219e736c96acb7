"""Every text of the case, one row a content; where the same bytes were read in several ways, one for each text.

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
    "o.pack, o.start, o.size, o.frames, o.skip, c.text "
    "FROM contents c JOIN objects o ON o.sha256 = c.text "
)
FOUND = "WHERE (c.sha256, c.reading) IN (SELECT i.sha256, i.reading FROM temp.found f JOIN items i ON i.id = f.id) "
ORDER = "ORDER BY o.pack, o.start, o.skip, c.sha256, c.language, c.script, c.confidence, c.segments"


class Texts:
    """``export texts``."""

    name = "texts"
    fields: tuple[str, ...] = (
        "sha256",
        "language",
        "script",
        "confidence",
        "characters",
        "text",
        "segments",
        "text_sha256",
    )

    def rows(self, database: sqlite3.Connection, packs: Packs) -> Iterator[Fields]:
        """Yield texts in the order in which they lie on disk: a frame is unpacked once, and no disk has to seek."""
        return _unpacked(database.execute(QUERY + ORDER), packs)

    def found(self, database: sqlite3.Connection, packs: Packs) -> Iterator[Fields]:
        """Yield those of the items that were found, each once, in the same order."""
        return _unpacked(database.execute(QUERY + FOUND + ORDER), packs)


def _unpacked(rows: Iterable[Sequence[Any]], packs: Packs) -> Iterator[Fields]:
    last: Sequence[Any] = ()
    for row in rows:
        if tuple(row) == last:  # readings that differ in what no text shows, a type or a title
            continue
        last = tuple(row)
        data = packs.stream(Location.of(row[6:11])).read()
        yield {
            "sha256": row[0].hex(),
            "language": row[1],
            "script": row[2],
            "confidence": row[3],
            "characters": row[4],
            "text": data.decode("utf-8", "replace"),
            "segments": orjson.loads(row[5]) if row[5] else [_whole(row)],
            "text_sha256": row[11].hex(),
        }


def _whole(row: Sequence[Any]) -> Fields:
    """Return the one segment of a text that is all in one language."""
    return {"start": 0, "end": row[4], "language": row[1], "script": row[2], "confidence": row[3]}


EXPORT: Export = Texts()
