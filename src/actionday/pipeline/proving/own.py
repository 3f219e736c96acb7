"""Is it the case itself that differs? Asked before an exhibit is blamed for not being what a row says."""

import sqlite3

from actionday.ledger import LedgerError
from actionday.pipeline.proving.recorded import check_rows
from actionday.pipeline.proving.report import Subject
from actionday.pipeline.proving.tables import check_tables
from actionday.pipeline.proving.told import told
from actionday.storage.case import Case
from actionday.storage.case_parts import OBJECTS
from actionday.storage.objects import Packs

UNREADABLE = "its rows cannot be read"


def own_difference(case: Case) -> str:
    """Return the first way in which rows and tables are not what the ledger recorded, "" where they are. Reads all."""
    packs = Packs(case.folder / OBJECTS)
    try:
        recorded = told(case)
        if recorded.unread:
            return f"entry {recorded.unread[0]} of its ledger is not as it was signed"
        of = Subject(case, packs, recorded, recorded.unfinished is not None)
        return next((each.difference for each in (check_tables(of), check_rows(of)) if each.difference), "")
    except (LedgerError, sqlite3.DatabaseError, ValueError, TypeError, KeyError, AttributeError):
        return UNREADABLE
    finally:
        packs.close()
