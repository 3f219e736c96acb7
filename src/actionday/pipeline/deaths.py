"""Whose fault it was that a worker died, and when the fault must be our own."""

from typing import NamedTuple

from actionday.model import Broken
from actionday.pipeline.jobs import Jobs
from actionday.pipeline.marker import Phase
from actionday.pipeline.pool import Gone, WorkerProcess

MAX_DEATHS = 50
"""Workers that may die in a row without one order done or one culprit found: then it is not the evidence."""
MAX_FAULTS = 10
"""Workers that may fail of themselves, or as many as orders were done: no item must pay for a fault of the house."""


class Death(NamedTuple):
    """What a worker died of: the item it was at, why, and whether that is not to be tried again as it was."""

    item: bytes
    reason: str
    last: bool


class Deaths:
    """Counts the deaths since anything was done."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs, self._row = jobs, 0
        self._faults, self._done = 0, 0

    def none(self) -> None:
        """An order was done."""
        self._row = 0
        self._done += 1

    def of(self, worker: WorkerProcess, gone: Gone) -> Death:
        """Return what ``worker`` died of. Raises Broken when the fault is ours."""
        mark, why = worker.mark(), worker.ended()
        self._row += 1
        if self._row > MAX_DEATHS:
            raise Broken(f"{MAX_DEATHS} workers died without one order done; the last {why} {gone.why}")
        if worker.fault and "MemoryError" not in worker.fault:
            self._faults += 1
        if self._faults > max(MAX_FAULTS, self._done):
            raise Broken(f"workers fail again and again: {worker.fault}")
        slow = f"the reader took longer than {mark.allowed:.0f} s"
        reason = slow if worker.overdue else f"the reader {why}"
        if worker.breach:
            reason = f"the reader was taken over: it {worker.breach}"
        if self._jobs.elsewhere(mark.item, worker.orders):  # a forged mark, to put the blame on another
            mark = mark._replace(phase=Phase.IDLE)
        verdict = self._jobs.strike(mark, reason, overdue=worker.overdue or bool(worker.breach))
        if verdict is not None:  # the run has come further: this will not be tried again
            self._row = 0
        return Death(mark.item, reason, verdict is not None)
