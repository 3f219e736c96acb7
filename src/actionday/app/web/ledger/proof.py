"""Proving the case from the page: one run at a time, in a thread of its own, its steps told while it works."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from actionday.model import ActiondayError
from actionday.model.times import now
from actionday.storage.case import Case

if TYPE_CHECKING:
    from actionday.pipeline.proving import Proof
    from actionday.pipeline.proving.pace import Moment, Pace


class Stage(NamedTuple):
    """How far it is: ``running`` with the step at work, or what came out; all empty before the first."""

    running: bool = False
    since: str = ""
    step: str = ""
    far: "Moment | None" = None
    """What of that step is gone through, at the moment one asks."""
    proof: "Proof | None" = None
    problem: str = ""


class Proving:
    """Starts a proof and keeps what came of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._stage = Stage()
        self._pace: Pace | None = None
        self._thread: threading.Thread | None = None

    @property
    def stage(self) -> Stage:
        """How far it is."""
        with self._lock:
            pace = self._pace
            return self._stage._replace(far=pace.moment()) if pace else self._stage

    def start(self) -> bool:
        """Begin, unless one is at work already; say whether it began."""
        with self._lock:
            if self._stage.running:
                return False
            self._stage = Stage(running=True, since=now())
        self._thread = threading.Thread(target=self._run, name="verify", daemon=True)
        self._thread.start()
        return True

    def wait(self, seconds: float) -> None:
        """Wait until it has ended, at most so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        from actionday.pipeline.proving.pace import Pace

        with self._lock:
            self._pace = pace = Pace()
        try:
            self._end(Stage(proof=_prove(self._folder, self._say, pace)))
        except (ActiondayError, OSError) as error:
            self._end(Stage(problem=str(error)))

    def _say(self, step: str) -> None:
        with self._lock:
            self._stage = self._stage._replace(step=step)

    def _end(self, stage: Stage) -> None:
        with self._lock:
            self._stage, self._pace = stage, None


def _prove(folder: Path, say: Callable[[str], None], pace: "Pace") -> "Proof":
    from actionday.pipeline.proving import verify

    case = Case.open(folder, on_full_disk=True)
    try:
        return verify(case, say, pace=pace)
    finally:
        case.close()
