"""Is it the case itself that differs? Asked before an exhibit is blamed for not being what a row says."""

from actionday.pipeline.proving.recorded import check_rows
from actionday.pipeline.proving.report import Subject
from actionday.pipeline.proving.step import Step, carried_out, told_of
from actionday.pipeline.proving.tables import check_tables
from actionday.storage.case import Case
from actionday.storage.case_parts import OBJECTS
from actionday.storage.objects import Packs

ROWS = Step("rows", check_rows, recorded=True)
TABLES = Step("tables", check_tables, recorded=True)


def own_difference(case: Case) -> str:
    """Return the first way in which rows and tables are not what the ledger recorded, "" where they are. Reads all.

    It is told as ``verify`` tells it. Raises NotReadable.
    """
    packs = Packs(case.folder / OBJECTS)
    try:
        recorded = told_of(case)
        if recorded.unread:
            return f"entry {recorded.unread[0]} of its ledger is not as it was signed"
        of = Subject(case, packs, recorded, recorded.unfinished is not None)
        checks = (carried_out(step, of) for step in (TABLES, ROWS))
        return next((each.difference for each in checks if each.difference), "")
    finally:
        packs.close()
