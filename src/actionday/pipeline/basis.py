"""What a run goes by when it begins, held against the signed ledger before anything is acted on.

A fact that somebody altered, a seal that nobody signed, a table that is not ours: whoever goes by one of these records
it anew under his own name, and then it is vouched for. So a run asks the ledger, and only once every leaf of it has its
hash; and where the database says something else, nothing is read.
"""

from typing import NamedTuple

from actionday.ledger import Action, LedgerError, Seen, vouched
from actionday.model import Damaged, Limits
from actionday.pipeline.proving.own import own_difference
from actionday.pipeline.proving.passphrases import differing_secrets
from actionday.pipeline.proving.schema import differing_schema
from actionday.pipeline.proving.tables import differing_closed, differing_facts, differing_runs
from actionday.pipeline.proving.told import told_by
from actionday.pipeline.runs import ENDS
from actionday.pipeline.seal import Seal, last_seal
from actionday.pipeline.work import TELLING as OF_WORK
from actionday.pipeline.work import Altered, Recorded
from actionday.storage import held_rows
from actionday.storage.case import Case
from actionday.storage.hashes.known import Named
from actionday.storage.hashes.sets import named
from actionday.storage.ledger_store import SqliteLogStore

TELLING = (
    *held_rows.TELLING,
    Action.CASE_CREATED,
    Action.LIMITS_CHANGED,
    Action.SECRET_ADDED,
    Action.HASHES_IMPORTED,
    Action.EXHIBIT_CLOSED,
    Action.EXHIBIT_REOPENED,
    Action.EXHIBIT_MOVED,
    Action.REPAIR,
    Action.RUN_STARTED,
    *ENDS,
)


class Basis(NamedTuple):
    """What was held."""

    limits: Limits
    seal: Seal | None
    """That of the index, None where nobody vouches for it."""
    recorded: Recorded
    """What it says of exhibits and of the work still to be done, from the same pass."""
    hash_sets: tuple[Named, ...]
    """The sets of known hashes that it says were imported; ``hashes.sets.held`` holds their files against it."""


def basis(case: Case) -> Basis:
    """Return what a run goes by. Raises Damaged where the case is not what its ledger recorded."""
    case.database.execute("BEGIN")
    try:
        if difference := differing_schema(case.database):
            raise Altered(case, f"schema: {difference}")
        recorded = Recorded()
        entries = vouched(SqliteLogStore(case.database), TELLING, Seen(OF_WORK, recorded.take))
        told = told_by(enumerate(entries))
        if difference := differing_facts(case.facts(), told) or differing_runs(case, told):
            raise Altered(case, difference)
        if difference := differing_secrets(case, told.secrets):
            raise Altered(case, difference)
        if difference := differing_closed(case, told) or next(held_rows.unlike(case.database, entries), None):
            raise Altered(case, own_difference(case) or difference)
        return Basis(case.limits, last_seal(entries), recorded, tuple(named(entries)))
    except LedgerError as error:
        raise Damaged(
            f"{case.folder}: the ledger is not as it was signed ({error}): nothing is read. actionday verify names it"
        ) from error
    finally:
        if case.database.in_transaction:  # SQLite itself takes one back where the disk fails
            case.database.execute("ROLLBACK")
