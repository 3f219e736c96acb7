"""How far a run is: rate and time left, told honestly."""

from collections import deque
from collections.abc import Callable

import msgspec

WINDOW_SECONDS = 30.0
"""A rate over half a minute is steady enough to read and quick enough to follow a slow disk."""
KNOWN_AFTER_SECONDS = 3.0


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A moment of a run; ``status --json`` and the ingest page show these fields."""

    state: str
    found: int
    parsed: int
    known_good: int
    skipped: int
    failed: int
    bytes: int
    total: int
    """Bytes of the exhibits; 0 while a folder is still being listed."""
    rate: float
    """Bytes a second over the last ``WINDOW_SECONDS``."""
    eta: float | None
    """Seconds left; None while nobody can know."""
    failures: dict[str, int]
    path: str = ""
    """What was read last."""


class Rate:
    """Bytes a second and the time left, over a sliding window; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._begun = clock()
        self._samples: deque[tuple[float, int]] = deque([(self._begun, 0)])

    def update(self, done: int) -> float:
        """Take the bytes done so far (never falling) and return the rate."""
        moment = self._clock()
        self._samples.append((moment, done))
        while len(self._samples) > 2 and self._samples[1][0] < moment - WINDOW_SECONDS:
            self._samples.popleft()
        since, before = self._samples[0]
        return (done - before) / (moment - since) if moment > since else 0.0

    def left(self, done: int, total: int) -> float | None:
        """Return the seconds left at the present rate, or None while it cannot be known."""
        moment = self._clock()
        since, before = self._samples[0]
        if moment - self._begun < KNOWN_AFTER_SECONDS or done <= before or total <= done:
            return None
        return (total - done) * (moment - since) / (done - before)


PARSED = ("parsed", "empty")
SKIPPED = ("unsupported", "queued")
FAILED = ("encrypted", "unreadable", "quarantined")
