"""Which exhibits are not wholly taken in: of those a search, a list and a count say less than there is."""

from typing import Any, NamedTuple

from actionday.access import stored
from actionday.storage.case import Case


class Unfinished(NamedTuple):
    """What is not in the case yet: ``exhibits`` by ID, since the run that began at ``since`` (UTC), None if unknown.

    ``state``: ``running`` while that run is at work, else ``paused`` or ``interrupted``. No ``exhibits``: all
    were gone through, and the run that was to close the intake did not come to its end.
    """

    state: str
    since: str | None
    exhibits: tuple[str, ...]

    def as_data(self) -> dict[str, object]:
        """Return what ``--json`` prints of it."""
        return {"state": self.state, "since": self.since, "exhibits": list(self.exhibits)}


def unfinished(case: Case) -> Unfinished | None:
    """Return what is not taken in to its end, None where everything was.

    An exhibit counts by its own state: one that an earlier run left open is unfinished whatever the last run did.
    """
    query = "SELECT state, started, parameters FROM runs ORDER BY n DESC"
    runs = [(state, started, _exhibits(given)) for state, started, given in case.database.execute(query)]
    states = dict(case.database.execute("SELECT id, state FROM exhibits ORDER BY number").fetchall())
    ended = not runs or runs[0][0] == "complete"
    left = tuple(str(name) for name, state in states.items() if state != "complete")
    if ended and not left:
        return None
    since = next((str(started) for _, started, given in runs if not left or left[0] in given), None)
    stopped = "paused" if runs and runs[0][0] == "paused" else "interrupted"
    return Unfinished("running" if not ended and case.busy() else stopped, since, left)


def _exhibits(parameters: Any) -> list[Any]:
    """Return the exhibits that a run was given."""
    found = stored.facts(parameters).get("exhibits")
    return found if isinstance(found, list) else []
