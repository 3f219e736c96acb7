"""Giving out the intake report of a case, recorded in the ledger before its first byte and behind its last."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from actionday.exchange.export import REPORT, Out, whole_at
from actionday.exchange.report import _html as html
from actionday.exchange.report import _pdf as pdf
from actionday.exchange.report._compose import compose
from actionday.exchange.report._words import words
from actionday.ledger import Action, Json
from actionday.model import UsageError
from actionday.storage.actor import actor, moment
from actionday.storage.case import Case
from actionday.storage.held_rows import differing_rows

FORMS = {"html": html.pieces, "pdf": pdf.pieces}
MOST_SAID = 10


class Given(NamedTuple):
    """What was given: its form and language, its bytes and their SHA-256 in hex.

    ``differing`` checkpoints are not as they were recorded; ``said`` names the first of them.
    """

    form: str
    language: str
    size: int
    sha256: str
    differing: int
    said: tuple[str, ...]


def form_of(path: Path | None, form: str | None) -> str:
    """Return the form that is asked for, by its name or else by the end of the file's. Raises UsageError."""
    found = form or (path.suffix.lower().removeprefix(".") if path else "")
    if found not in FORMS:
        raise UsageError(f"a report is html or pdf, not {found!r}: name a FILE.html or FILE.pdf, or --format")
    return found


def report(case: Case, form: str, language: str, out: Out, made: datetime | None = None) -> Given:
    """Write the report to ``out``, record it, return what was. Raises UsageError.

    That it begins is in the ledger before anything of the case is told: one that is killed leaves that much. All rows
    are held against the signed digests of their checkpoints first, as by every export.
    """
    words(language)
    asked: dict[str, Json] = {"format": form, "language": language}
    begun = case.begin(Action.EXPORT_BEGUN, REPORT, asked)
    total, size, whole = sha256(), 0, False
    said = list[str]()
    case.database.execute("BEGIN")  # all figures are of one moment
    try:
        said += differing_rows(case.database)
        made = made or moment()
        for piece in FORMS[form](compose(case, language, made, actor(), altered=said)):
            total.update(piece)
            size += len(piece)
            out.write(piece)
        whole = True
    finally:
        if case.database.in_transaction:  # SQLite itself takes one back where the disk fails
            case.database.execute("ROLLBACK")
        details: dict[str, Json] = {
            **begun,
            **asked,
            "bytes": size,
            "sha256": total.hexdigest(),
            "whole": whole,
        }
        case.log(Action.EXPORTED, REPORT, details | ({"differing": len(said)} if said else {}))
    return Given(form, language, size, total.hexdigest(), len(said), tuple(said[:MOST_SAID]))


def report_to(case: Case, form: str, language: str, path: Path, *, force: bool = False) -> Given:
    """Write to ``path``, which appears whole or not at all, under the rules of every export. Raises UsageError."""
    with whole_at(case, path, force=force) as out:
        return report(case, form, language, out)
