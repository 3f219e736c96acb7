"""The entries of the ledger that concern chosen items, each with its way up to the head."""

import sqlite3
import zipfile
from base64 import b64encode
from typing import NamedTuple

import orjson

from actionday.exchange._bundle_rows import exhibits_of
from actionday.ledger import Action, Entry
from actionday.storage.case import Case
from actionday.storage.database import transaction

ENTRIES, HEAD = "ledger/entries.jsonl", "ledger/head"
OF_THE_CASE = frozenset(
    {
        Action.CASE_CREATED,
        Action.CASE_MIGRATED,
        Action.KEY_ADDED,
        Action.SECRET_ADDED,
        Action.LIMITS_CHANGED,
        Action.RUN_STARTED,
        Action.RUN_FINISHED,
        Action.RUN_INTERRUPTED,
        Action.RUN_PAUSED,
        Action.REPAIR,
        Action.VERIFIED,
    }
)
"""What concerns every item."""
OF_EXHIBITS = frozenset(
    {
        Action.EXHIBIT_ACQUIRED,
        Action.EXHIBIT_HASHED,
        Action.EXHIBIT_MOVED,
        Action.EXHIBIT_OPENED,
        Action.EXHIBIT_CLOSED,
        Action.EXHIBIT_REOPENED,
    }
)
OF_ITEMS = frozenset({Action.VIEWED, Action.DOWNLOAD_BEGUN, Action.DOWNLOADED})


class Concerned(NamedTuple):
    """What an entry may be about: exhibits, items, contents, and the checkpoints that stored them."""

    exhibits: frozenset[str]
    items: frozenset[str]
    checkpoints: frozenset[int]

    @classmethod
    def of(cls, database: sqlite3.Connection) -> "Concerned":
        """Return what the chosen items are, by ``temp.found``."""
        query = "SELECT i.id, i.sha256, i.seq FROM temp.found f JOIN items i ON i.id = f.id"
        rows = database.execute(query).fetchall()
        named = {each.hex() for item, content, _ in rows for each in (item, content) if each}
        return cls(frozenset(exhibits_of(database)), frozenset(named), frozenset(row[2] for row in rows))

    def by(self, entry: Entry) -> bool:
        """Say whether an entry concerns them."""
        if entry.action in OF_THE_CASE:
            return True
        if entry.action in OF_EXHIBITS:
            return entry.subject in self.exhibits
        if entry.action in OF_ITEMS:
            return entry.subject in self.items or str(entry.details.get("sha256")) in self.items
        return entry.action is Action.RUN_CHECKPOINT and entry.details.get("seq") in self.checkpoints


def write_ledger(case: Case, out: zipfile.ZipFile, concerned: Concerned) -> int:
    """Write the entries with their proofs, and the head that they lead to, which stays; return how many."""
    with transaction(case.database):  # nothing is appended between head and proofs
        ledger = case.ledger()
        note, size, count = ledger.signed_head(), ledger.head().size, 0
        with out.open(ENTRIES, "w", force_zip64=True) as file:
            _, last = next(ledger.entries(size - 1))
            own = {size - 1, last.details.get("begun")}
            for number, entry in ledger.entries():
                if number not in own and not concerned.by(entry):
                    continue
                way = [b64encode(each).decode() for each in ledger.inclusion_proof(number, size)]
                row = {"number": number, "leaf": entry.leaf().decode(), "way": way}
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
                count += 1
    out.writestr(HEAD, note)
    return count
