"""Of which case a proof is, and who made it when: without it, what a proof says belongs to nothing."""

import os

import msgspec

from actionday import __version__
from actionday.ledger import LedgerError
from actionday.ledger.entry import format_time
from actionday.pipeline.proving.told import Told
from actionday.storage.actor import actor, moment
from actionday.storage.case import Case
from actionday.storage.ledger_store import SqliteLogStore


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """The case's own facts, as its ledger has them, and those of the proof; "" where nobody knows."""

    name: str = ""
    authority: str = ""
    country: str = ""
    legal_basis: str = ""
    log: str = ""
    """The ledger's name, which no other case has."""
    entries: int = 0
    folder: str = ""
    time: str = msgspec.field(default_factory=lambda: format_time(moment().replace(microsecond=0)))
    """When it was made, UTC."""
    actor: str = msgspec.field(default_factory=actor)
    version: str = __version__


UNKNOWN = Circumstances(time="", actor="")


def circumstances(case: Case, recorded: Told, entries: int) -> Circumstances:
    """Return those of a proof that was made just now."""
    facts = dict(recorded.created.details) if recorded.created else {}
    known = {key: str(facts.get(key, "")) for key in ("name", "authority", "country", "legal_basis")}
    try:
        log = SqliteLogStore(case.database).origin()
    except LedgerError:
        log = ""
    folder = os.fsencode(case.folder.resolve()).decode("utf-8", "backslashreplace")
    return Circumstances(**known, log=log, entries=entries, folder=folder)
