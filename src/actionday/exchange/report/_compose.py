"""One report out of the tables of a case, by the functions that ``status``, ``export`` and ``verify`` use."""

from collections.abc import Sequence
from datetime import datetime

from actionday.access.status import status
from actionday.exchange.report._of_case import balance_of, of_case, proof_of
from actionday.exchange.report._of_custody import custody, of_runs, software
from actionday.exchange.report._of_exhibits import of_exhibits
from actionday.exchange.report._of_unread import MOST_REASONS, annexe, of_known, of_secrets, of_unread
from actionday.exchange.report._page import Report, visible
from actionday.exchange.report._words import words
from actionday.model.times import stamp
from actionday.storage.case import Case
from actionday.storage.database.accounts import accounts
from actionday.storage.database.unexamined import reasons


def compose(case: Case, language: str, made: datetime, by: str, *, altered: Sequence[str] = ()) -> Report:
    """Return the report of a case in ``language`` (en, ar), made at ``made`` by ``by``: a function of these alone.

    ``altered``: what was found just now not to be as it was recorded, in sentences.

    MUST be called within a transaction: all figures are of one moment. Raises UsageError for another language. What it
    names is bounded; it goes some ten times through the items and three times through the ledger.
    """
    say = words(language)
    told, found = status(case), accounts(case.database)
    why = reasons(case.database, MOST_REASONS)
    sections = [
        of_case(case, told, say, stamp(made), by, altered),
        balance_of(told, say),
        *of_exhibits(case, found, say),
        of_unread(told, found, why, say),
        of_secrets(case, told, say),
        of_known(case, say),
        custody(case, say),
        of_runs(case, say),
        software(say),
        proof_of(case, say),
        annexe(case, why, say),
    ]
    name = visible(case.facts().get("name", ""))
    return Report(say("Intake report"), name, stamp(made), language, sections)
