"""Saved views: addresses of pages with a name, a person and a note. The ledger holds them, nothing else does.

A view is saved by one entry and withdrawn by another that says why; nothing is ever overwritten.
"""

import re
import threading
from typing import NamedTuple

from actionday.access.ledger import HASH, Line, line
from actionday.ledger import Action
from actionday.model import UsageError
from actionday.model.stated import stated
from actionday.storage.case import Case

SAVED, WITHDRAWN = str(Action.VIEW_SAVED), str(Action.VIEW_WITHDRAWN)
LONGEST_NAME, LONGEST_NOTE, LONGEST_PAGE = 120, 2000, 8000
PAGE = re.compile(r"(search|items|issues|ledger|exhibits|ingest|[xih]/[0-9a-f]{1,64})?(\?[\x21-\x7e]*)?")
"""What may be kept: a page of the case and its query, never another address."""


class View(NamedTuple):
    """A saved view: ``number`` is that of its entry, ``page`` leads from the case's root."""

    number: int
    name: str
    page: str
    note: str
    actor: str
    time: str


class Views:
    """The views of one case, read out of the ledger's new entries. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._views: dict[int, View] = {}
        self._seen = -1

    def all(self, case: Case) -> list[View]:
        """Return the views that are not withdrawn, by name."""
        with self._lock:
            self._update(case)
            return sorted(self._views.values(), key=lambda view: (view.name.casefold(), view.number))

    def _update(self, case: Case) -> None:
        last = case.database.execute("SELECT MAX(idx) FROM ledger_entry").fetchone()[0]
        query = (
            f"SELECT idx, CAST(leaf AS BLOB), {HASH} FROM ledger_entry WHERE idx > ? AND idx <= ? "  # noqa: S608 - bound
            """AND substr(leaf, 1, 16) = '{"action":"view.' ORDER BY idx"""
        )
        for row in case.database.execute(query, (self._seen, -1 if last is None else last)):
            self._take(line(*row))
        self._seen = -1 if last is None else int(last)

    def _take(self, one: Line) -> None:
        index, entry = one.number, one.entry
        if entry is None:
            return  # the ledger's page and verify name it
        if entry.action is Action.VIEW_WITHDRAWN:
            self._views.pop(int(entry.subject) if entry.subject.isdecimal() else -1, None)
        elif entry.action is Action.VIEW_SAVED and PAGE.fullmatch(page := str(entry.details.get("page"))):
            time = entry.time.isoformat().replace("+00:00", "Z")
            note = str(entry.details.get("note", ""))
            self._views[index] = View(index, entry.subject, page, note, entry.actor, time)


def save(case: Case, name: str, page: str, note: str) -> None:
    """Record a view. Raises UsageError for what cannot be one."""
    if not name.strip():
        raise UsageError("a saved view needs a name")
    name = stated("the name of a saved view", " ".join(name.split()), LONGEST_NAME)
    note = stated("the note of a saved view", note, LONGEST_NOTE) if note.strip() else ""
    if len(page) > LONGEST_PAGE or not PAGE.fullmatch(page):
        raise UsageError("this address is no page of the case that can be saved")
    case.log(Action.VIEW_SAVED, name, {"page": page, "note": note})


def withdraw(case: Case, view: View, reason: str) -> None:
    """Record that a view is no longer offered. Raises UsageError without a reason."""
    if not reason.strip():
        raise UsageError("withdrawing a saved view needs a reason")
    details = {"name": view.name, "reason": stated("the reason of withdrawing a saved view", reason)}
    case.log(Action.VIEW_WITHDRAWN, str(view.number), details)
