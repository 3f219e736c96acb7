"""The table of runs: one row a run, a function of the ledger's entries but for its live progress.

Times are those of the entries, to the second, so that ``verify`` can hold one against the other.
"""

import sqlite3
from collections.abc import Mapping

import msgspec

from actionday.ledger import Action, Entry, Json, beginning
from actionday.ledger.entry import format_time
from actionday.model.counted import parted
from actionday.storage.case import Case, entry
from actionday.storage.database import transaction

STARTED = f"{beginning(Action.RUN_STARTED)}%"
"""What its leaves are like, in SQL."""


ENDS = {
    Action.RUN_FINISHED: "complete",
    Action.RUN_INTERRUPTED: "interrupted",
    Action.RUN_PAUSED: "paused",
}
"""The acts that end a run, and the state that each leaves it in."""


def second(time: str) -> str:
    """Return a time of the ledger as the table holds it."""
    return f"{time[:19]}Z"


def start(case: Case, parameters: Mapping[str, Json], stored: int = 0) -> int:
    """Record that a run begins; return its number. One that was killed before is recorded as interrupted first.

    ``stored``: how many items the last run stored, as its checkpoints in the ledger say.
    """
    with transaction(
        case.database
    ) as database:  # there is no moment at which no run is open behind a killed one
        _killed(case, database, stored)
        begun = entry(Action.RUN_STARTED, "", parameters)
        when = second(format_time(begun.time))
        made = database.execute(
            "INSERT INTO runs (state, actor, started, parameters, progress) VALUES ('running', ?, ?, ?, '{}')",
            (begun.actor, when, msgspec.json.encode(parameters).decode()),
        )
        number = made.lastrowid or 0
        named = Entry(begun.time, begun.actor, begun.action, f"run {number}", parameters)
        case.ledger().append(named)
    return number


def _killed(case: Case, database: sqlite3.Connection, stored: int) -> None:
    for (number,) in database.execute("SELECT n FROM runs WHERE state = 'running'").fetchall():
        items = parted(stored, "item")
        reason = f"killed: it never said that it ended; {items} had been stored by its last checkpoint"
        _ended(case, database, number, Action.RUN_INTERRUPTED, {"reason": reason})


def finish(case: Case, number: int, details: Mapping[str, Json]) -> None:
    """Record that a run has gone through everything."""
    with transaction(case.database) as database:
        _ended(case, database, number, Action.RUN_FINISHED, details)


def interrupt(case: Case, number: int, details: Mapping[str, Json]) -> None:
    """Record that a run was ended before it had gone through everything: ``details.reason``, and its seal."""
    with transaction(case.database) as database:
        _ended(case, database, number, Action.RUN_INTERRUPTED, details)


def pause(case: Case, number: int, details: Mapping[str, Json]) -> None:
    """Record that a run was paused: ``details.by`` asked for it; its seal."""
    with transaction(case.database) as database:
        _ended(case, database, number, Action.RUN_PAUSED, details)


def _ended(
    case: Case, database: sqlite3.Connection, number: int, action: Action, details: Mapping[str, Json]
) -> None:
    """Record an end within the caller's transaction."""
    ended = entry(action, f"run {number}", details)
    when = second(format_time(ended.time))
    database.execute("UPDATE runs SET state = ?, finished = ? WHERE n = ?", (ENDS[action], when, number))
    case.ledger().append(ended)
