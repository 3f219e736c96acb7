"""Whether a run still moves: one that says it is running and does not change has stalled."""

import threading
from datetime import UTC, datetime
from typing import Any, NamedTuple

STALLED_SECONDS = 60


class Moment(NamedTuple):
    """What is live: status, and for how many seconds nothing has changed while the run says it is running."""

    status: dict[str, Any]
    quiet: float
    state: str


class Watch:
    """Sees whether a run still moves, from one look to the next, whoever looks. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: tuple[object, ...] = ()
        self._since = datetime.now(UTC)

    def look(self, found: dict[str, Any]) -> Moment:
        """Take a status; "stalled" when nothing changed for ``STALLED_SECONDS``."""
        moment = datetime.now(UTC)
        mark = (found["found"], found["bytes"], found["path"], found["state"], found["failed"])
        with self._lock:
            if mark != self._last:
                self._last, self._since = mark, moment
            quiet = (moment - self._since).total_seconds()
        stalled = found["state"] == "running" and quiet >= STALLED_SECONDS
        return Moment(found, quiet, "stalled" if stalled else str(found["state"]))
