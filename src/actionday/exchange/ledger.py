"""The ledger, one row an entry; ``docs/ledger-format.md`` says what each holds."""

import sqlite3
from collections.abc import Iterator

from actionday.exchange.export import Export, Fields, Say
from actionday.ledger import BadEntry, Differs, LedgerError, Row
from actionday.ledger.entry import parse_entry
from actionday.ledger.tlog import leaf_hash
from actionday.ledger.walk import Due, Walk
from actionday.model.times import stamp
from actionday.storage.ledger_store import SqliteLogStore
from actionday.storage.objects import Packs


class LedgerRows:
    """``export ledger``."""

    name = "ledger"
    fields: tuple[str, ...] = ("index", "time", "actor", "action", "subject", "details", "problem")

    def rows(self, database: sqlite3.Connection, packs: Packs, differs: Say) -> Iterator[Fields]:  # noqa: ARG002 - the contract
        """Yield entries in their order, each held against the hashes and heads that were signed."""
        store = SqliteLogStore(database)
        size = store.size()  # before the heads: one that is appended meanwhile brings a head of its own
        heads = [Due(head.size, head.note, head.key) for head in store.heads()]
        held = _Held(Walk(_origin(store, differs), None, iter(heads)))
        for row in store.rows(0, max([size, *(head.size for head in heads)])):
            problem = held.problem(row)
            if problem:
                differs(f"entry {row.index}: {problem}")
            yield {**_fields(row), "problem": problem or None}
        if missing := held.end():
            differs(f"the ledger: {missing}")


class _Held:
    """What is not as it was signed: the first thing of all, and behind it each leaf that has not its own hash."""

    def __init__(self, walk: Walk) -> None:
        self._walk, self._going = walk, True

    def problem(self, row: Row) -> str:
        """Return what is wrong with an entry or with a head that ends with it, "" for nothing."""
        if not self._going:
            return (
                "" if leaf_hash(row.leaf) == row.hashes[:32] else "its leaf has not the hash that is stored"
            )
        try:
            self._walk.entry(row.index, row.leaf, row.hashes)
        except Differs as error:
            self._going = False
            return str(error)
        return ""

    def end(self) -> str:
        """Return what is wrong with the end of the log, where nothing was before."""
        try:
            if self._going:
                self._walk.end()
        except Differs as error:
            return str(error)
        return ""


def _origin(store: SqliteLogStore, differs: Say) -> str:
    try:
        return store.origin()
    except LedgerError as error:
        differs(f"the ledger: {error}")
        return ""


def _fields(row: Row) -> Fields:
    """Return what an entry says; nothing of one that cannot be read."""
    try:
        each = parse_entry(row.leaf)
    except BadEntry:
        return {"index": row.index, **dict.fromkeys(LedgerRows.fields[1:-1])}
    return {
        "index": row.index,
        "time": stamp(each.time),
        "actor": each.actor,
        "action": str(each.action),
        "subject": each.subject,
        "details": dict(each.details),
    }


EXPORT: Export = LedgerRows()
