"""The ledger, one row an entry; ``docs/ledger-format.md`` says what each holds."""

import sqlite3
from collections.abc import Iterator

from actionday.exchange.export import Export, Fields
from actionday.ledger import Ledger
from actionday.model.times import stamp
from actionday.storage.ledger_store import SqliteLogStore
from actionday.storage.objects import Packs


class LedgerRows:
    """``export ledger``."""

    name = "ledger"
    fields: tuple[str, ...] = ("index", "time", "actor", "action", "subject", "details")

    def rows(self, database: sqlite3.Connection, packs: Packs) -> Iterator[Fields]:  # noqa: ARG002 - the contract
        """Yield entries in their order."""
        ledger = Ledger(SqliteLogStore(database))
        for index, each in ledger.entries():
            yield {
                "index": index,
                "time": stamp(each.time),
                "actor": each.actor,
                "action": str(each.action),
                "subject": each.subject,
                "details": dict(each.details),
            }


EXPORT: Export = LedgerRows()
