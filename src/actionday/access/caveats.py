"""What has to be said with every answer of a case: what is missing in it, and that it was not as it was recorded."""

import sqlite3
from typing import NamedTuple

from actionday.access.differing import Differing, differing
from actionday.access.unfinished import Unfinished, unfinished
from actionday.ledger import Ledger
from actionday.storage.case import Case
from actionday.storage.ledger_store import SqliteLogStore


class Caveats(NamedTuple):
    """``unfinished``: what is not wholly taken in; ``differing``: the last proof, where it differed; else None.

    ``ledger``: how the entries do not end as their head says, "" where they do; nobody needs a proof to see that.
    """

    unfinished: Unfinished | None = None
    differing: Differing | None = None
    ledger: str = ""

    def as_data(self) -> dict[str, object]:
        """Return the fields that ``--json`` has of them."""
        return {
            "unfinished": self.unfinished and self.unfinished.as_data(),
            "not_as_recorded": self.differing and self.differing.as_data(),
            "ledger_differs": self.ledger or None,
        }


def caveats(case: Case) -> Caveats:
    """Return what has to be said."""
    return Caveats(unfinished(case), differing(case.database), ledger_differs(case.database))


def ledger_differs(database: sqlite3.Connection) -> str:
    """Return how the ledger does not end as its head says, "" where it does."""
    alone = not database.in_transaction
    if alone:
        database.execute("BEGIN")  # entries and their head of one moment: an ingest may be writing
    try:
        return Ledger(SqliteLogStore(database)).stands()
    finally:
        if alone:
            database.rollback()
