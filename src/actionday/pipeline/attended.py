"""Time as a watcher may count it."""

import time
from collections.abc import Callable

LONGEST_GAP = 1.0
"""Seconds between two looks that count. What is longer was no waiting for a worker: the machine slept, was halted
with all that ran on it, or had no processor for the watcher either. The clocks go on meanwhile, a process's own
processor time too, where a virtual machine is halted."""


class Attended:
    """Seconds during which somebody looked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._last, self._seconds = clock, clock(), 0.0

    def look(self) -> float:
        """Return the attended seconds until now; this is a look."""
        moment = self._clock()
        self._seconds += min(max(0.0, moment - self._last), LONGEST_GAP)
        self._last = moment
        return self._seconds
