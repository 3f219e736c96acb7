"""Every text of the case, one row a content; where the same bytes were read in several ways, one for each text.

Source: DESIGN section 6, ``export texts``.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from actionday.access import stored
from actionday.exchange.export import Export, Fields, Say
from actionday.model import Damaged
from actionday.storage.objects import Location, Packs

QUERY = (
    "SELECT c.sha256, c.language, c.script, c.confidence, c.characters, c.segments, "
    "o.pack, o.start, o.size, o.frames, o.skip, c.text "
    "FROM contents c JOIN objects o ON o.sha256 = c.text "
)
HELD = "WHERE EXISTS (SELECT 1 FROM items i WHERE i.sha256 = c.sha256 AND i.reading = c.reading) "
"""What an item was read as before the slow lane was done with it is no text of the case any more."""
FOUND = (
    "AND (c.sha256, c.reading) IN (SELECT i.sha256, i.reading FROM temp.found f JOIN items i ON i.id = f.id) "
)
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
        "problem",
    )

    def rows(self, database: sqlite3.Connection, packs: Packs, differs: Say) -> Iterator[Fields]:
        """Yield texts in the order in which they lie on disk: a frame is unpacked once, and no disk has to seek."""
        return _unpacked(database.execute(QUERY + HELD + ORDER), packs, differs)

    def found(self, database: sqlite3.Connection, packs: Packs, differs: Say) -> Iterator[Fields]:
        """Yield those of the items that were found, each once, in the same order."""
        return _unpacked(database.execute(QUERY + HELD + FOUND + ORDER), packs, differs)


def _unpacked(rows: Iterable[Sequence[Any]], packs: Packs, differs: Say) -> Iterator[Fields]:
    """Yield a row a text; one that is not as it was stored is left out of its row, which says so."""
    last: Sequence[Any] = ()
    for row in rows:
        if tuple(row) == last:  # readings that differ in what no text shows, a type or a title
            continue
        last = tuple(row)
        text, problem = None, None
        try:
            text = packs.whole(row[11], Location.of(row[6:11])).decode("utf-8", "replace")
        except (Damaged, OSError, msgspec.MsgspecError) as error:
            problem = f"the stored text cannot be read: {error}"
            differs(f"content {row[0].hex()}: {problem}")
        yield {
            "sha256": row[0].hex(),
            "language": row[1],
            "script": row[2],
            "confidence": row[3],
            "characters": row[4],
            "text": text,
            "segments": stored.records(row[5]) or [_whole(row)],
            "text_sha256": row[11].hex(),
            "problem": problem,
        }


def _whole(row: Sequence[Any]) -> dict[str, Any]:
    """Return the one segment of a text that is all in one language."""
    return {"start": 0, "end": row[4], "language": row[1], "script": row[2], "confidence": row[3]}


EXPORT: Export = Texts()
