"""Before a run stores anything: rows that no checkpoint stored would be taken for its own, and signed by it."""

from actionday.pipeline.proving.recorded import KEYS, strays
from actionday.pipeline.work import Altered
from actionday.storage.case import Case


def hold_rows(case: Case, last: int) -> None:
    """Raise Altered where rows lie behind the last checkpoint that the ledger knows, or another is said to be it."""
    if case.fact("seq") != str(last):
        raise Altered(case, f"its last checkpoint is {last}, the database says {case.fact('seq')}")
    for table in KEYS:
        query = f"SELECT EXISTS (SELECT 1 FROM {table} WHERE seq > ?)"  # noqa: S608 - constants
        if case.database.execute(query, (last,)).fetchone()[0]:
            raise Altered(case, strays(case, last) or f"{table} holds rows of no checkpoint")
