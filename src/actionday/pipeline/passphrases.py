"""Passwords and keys given to a case: kept, and recorded without being told."""

from typing import NamedTuple

from actionday.ledger import Action
from actionday.model import NotAllowed, UsageError
from actionday.pipeline.proving.passphrases import details
from actionday.storage.case import Case, entry
from actionday.storage.database import transaction
from actionday.storage.database.passphrases import add, all_secrets, digest, secrets_in
from actionday.storage.ledger_store import SqliteLogStore

CLOSED = (
    "SELECT e.id, COUNT(*) FROM items i JOIN exhibits e ON e.number = i.exhibit "
    "WHERE i.status = 'encrypted' AND e.state = 'complete' GROUP BY e.number ORDER BY e.number"
)


class Given(NamedTuple):
    """How many were added, were known already, and are in the case now; and what they come too late for."""

    added: int
    known: int
    secrets: int
    closed: dict[str, int]
    """Of exhibits that were taken in before: how many items of each are encrypted. They stay as they are."""


def give(case: Case, data: bytes, name: str) -> Given:
    """Keep the secrets in ``data``, one a line; the ledger records how many came. Those known already are no entry.

    Raises UsageError where there is none, or ``name`` is no such file; NotAllowed on a case that cannot be written.
    """
    found = secrets_in(data, name)
    if not found:
        raise UsageError(f"{name}: no secret in it (one a line)")
    if case.readonly:
        raise NotAllowed(f"{case.folder}: {case.why_readonly}: nothing was added")
    with transaction(case.database) as database:
        batch = add(database, found)
        if batch.secrets:
            told = digest(batch.secrets, SqliteLogStore(database).origin())
            said = details(batch.number, len(batch.secrets), told)
            case.ledger().append(entry(Action.SECRET_ADDED, "", said))
        total = len(all_secrets(database))
        closed = dict(database.execute(CLOSED))
    return Given(len(batch.secrets), len(found) - len(batch.secrets), total, closed)
