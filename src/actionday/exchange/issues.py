"""What the stages could not do, one row a line of the issue log.

Source: DESIGN section 6, ``export issues``.
"""

import sqlite3
from collections.abc import Iterator

from actionday.exchange.export import Export, Fields, Say
from actionday.storage.objects import Packs

QUERY = (
    "SELECT s.stage, e.id, s.path, s.code, s.reason FROM issues s LEFT JOIN exhibits e ON e.number = s.exhibit "
    "ORDER BY e.id, s.path, s.stage, s.code, s.reason"
)


class Issues:
    """``export issues``."""

    name = "issues"
    fields: tuple[str, ...] = ("stage", "exhibit", "path", "code", "reason")

    def rows(self, database: sqlite3.Connection, packs: Packs, differs: Say) -> Iterator[Fields]:  # noqa: ARG002 - the contract
        """Yield issues by exhibit and path."""
        for row in database.execute(QUERY):
            yield dict(zip(self.fields, row, strict=True))


EXPORT: Export = Issues()
