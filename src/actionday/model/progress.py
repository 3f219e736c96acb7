"""How far a run is: rate, share and time left, told honestly."""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import msgspec

WINDOW_SECONDS = 30.0
"""A rate over half a minute is steady enough to read and quick enough to follow a slow disk."""
KNOWN_AFTER_SECONDS = 3.0
STALLED_SECONDS = 10.0
"""So long may pass without anything being finished before no speed of the past says when the rest will be."""
LEAST_SECONDS = 1.0
"""Left of what is not over, whatever the speed."""
MOST_SHARE = 0.999
"""Of a run that is not over: what is read is not yet stored."""


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """How far the slow lane is, in items; ``rate``: a second; ``eta``: seconds left, None while nobody can know."""

    done: int
    left: int
    rate: float
    eta: float | None


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A moment of a run; ``status --json`` and the ingest page show these fields."""

    state: str
    found: int
    parsed: int
    known_good: int
    skipped: int
    failed: int
    bytes: int
    """Of content that was read of the exhibits of this run, what was unpacked too, by all runs so far."""
    total: int
    """Bytes of the exhibits themselves; 0 while those of a folder are not counted."""
    rate: float
    """Bytes of content a second over the last ``WINDOW_SECONDS``."""
    eta: float | None
    """Seconds left; None while nobody can know."""
    failures: dict[str, int]
    """All lines of the issue log by code, ``losses`` and ``remarks`` together."""
    losses: dict[str, int] = {}
    """Those that say what is not in the case."""
    remarks: dict[str, int] = {}
    """The others."""
    share: float | None = None
    """What is done of what is known, 0 to 1, never falling; None while nobody can know."""
    fresh: int = 0
    """Those of ``bytes`` that this run read."""
    other: int = 0
    """Bytes of content of the other exhibits of the case."""
    seconds: float = 0.0
    """How long this run has taken."""
    path: str = ""
    """What was read last."""
    slow: Lane | None = None
    """The slow lane, once it has begun; None where nothing waits for it."""


class Rate:
    """Bytes a second and the time left, over a sliding window; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._begun = self._moved = clock()
        self._samples: deque[tuple[float, int]] = deque([(self._begun, 0)])

    def update(self, done: int) -> float:
        """Take the bytes done so far (never falling) and return the rate."""
        moment = self._clock()
        if done > self._samples[-1][1]:
            self._moved = moment
        self._samples.append((moment, done))
        while len(self._samples) > 2 and self._samples[1][0] < moment - WINDOW_SECONDS:
            self._samples.popleft()
        since, before = self._samples[0]
        return (done - before) / (moment - since) if moment > since else 0.0

    def left(self, done: int, total: int) -> float | None:
        """Return the seconds left at the present rate, or None while it cannot be known, or while nothing moves.

        Never less than it has waited already: what holds it up is not over.
        """
        moment = self._clock()
        since, before = self._samples[0]
        waited = moment - self._moved
        if moment - self._begun < KNOWN_AFTER_SECONDS or done <= before or total <= done:
            return None
        if waited > STALLED_SECONDS:
            return None
        return max((total - done) * (moment - since) / (done - before), waited, LEAST_SECONDS)


class Left(NamedTuple):
    """What of a run is known to be left, and of the hashing of its files also what is done, in bytes."""

    content: int | None
    """Of content that is to be read; None while nobody knows."""
    hashed: int
    hashing: int
    """Of files that are to be hashed."""
    items: int = 0
    """Items that are listed and not finished: what was read of them may still be worked on."""


class Course:
    """Share done and time left, from what was read and what is known to be left; ``clock`` gives seconds.

    What is left is found out on the way, so that the share may have to wait, but it never falls.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._content, self._hashing, self._items = Rate(clock), Rate(clock), Rate(clock)
        self.rate = 0.0
        """Bytes of content a second."""
        self.share: float | None = None
        self.eta: float | None = None

    def look(self, before: int, read: int, left: Left, finished: int = 0) -> None:
        """Take how many bytes were read ``before`` this run and in it (never falling), and what is left.

        ``finished``: items that are, by all runs.
        """
        self.rate = self._content.update(read)
        self._hashing.update(left.hashed)
        self._items.update(finished)
        if left.content is None:
            self.eta = None
            return
        share = min(
            _part(before + read, left.content),
            _part(left.hashed, left.hashing),
            _part(finished, left.items),
            MOST_SHARE,
        )
        self.share = max(self.share or 0.0, share)
        self.eta = self._time(read, left.content, left, finished)

    def _time(self, read: int, content: int, left: Left, finished: int) -> float | None:
        """Return the seconds for what takes longest; None where nothing is known to be left, or does not move.

        Bytes tell of large items and items of slow ones. Items may stand still while a large one is read.
        """
        reading = self._content.left(read, read + content)
        working = self._items.left(finished, finished + left.items)
        hashing = self._hashing.left(left.hashed, left.hashed + left.hashing)
        unknown = (
            content and reading is None,
            left.hashing and hashing is None,
            left.items and working is None and not content,
        )
        return None if any(unknown) else max(filter(None, (reading, working, hashing)), default=None)


def _part(done: int, left: int) -> float:
    return done / (done + left) if left else 1.0


PARSED = ("parsed", "empty")
SKIPPED = ("unsupported", "queued")
FAILED = ("encrypted", "unreadable", "quarantined")
