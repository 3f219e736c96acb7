"""Which exhibits a run was to go through and did not, as the ledger tells it."""

import msgspec

from actionday.pipeline.proving.told import Told


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """What is not in the case yet, in the words of every other answer of it.

    ``state``: ``running`` while a run is at work, else ``paused`` or ``interrupted``; ``since``: when the run
    began that left the first of the ``exhibits`` (UTC), None if unknown. No exhibits: all were gone through, and
    the run did not end.
    """

    state: str
    since: str | None
    exhibits: tuple[str, ...]


def left(recorded: Told, *, busy: bool) -> Left | None:
    """Return what was not gone through; None where all was, or entries cannot be read: which would end it is unknown.

    One pass over exhibits and runs.
    """
    exhibits = tuple(each.subject for each in recorded.acquired if each.subject not in recorded.closed)
    if recorded.unread or not (exhibits or recorded.unfinished):
        return None
    runs = reversed(recorded.runs)
    since = next((run.started for run in runs if not exhibits or exhibits[0] in _given(run.parameters)), None)
    last = recorded.runs[-1].state if recorded.runs else ""
    stopped = last if last == "paused" else "interrupted"
    return Left(state="running" if busy and recorded.unfinished else stopped, since=since, exhibits=exhibits)


def _given(parameters: object) -> list[object]:
    """Return the exhibits that a run was given."""
    found = parameters.get("exhibits") if isinstance(parameters, dict) else None
    return found if isinstance(found, list) else []
