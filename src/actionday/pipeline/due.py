"""When the next checkpoint is due: soon at first, so that a case can be searched at once, then less and less often."""

import time
from collections.abc import Callable

CHECKPOINT_SECONDS = 8.0
CHECKPOINT_BYTES = 96 << 20
"""A checkpoint costs two file syncs and an index segment: every 8 s or 96 MiB of terms keeps both below 3 %."""
FIRST_SECONDS = 2.0
"""The first comes sooner, so that a case can be searched at once."""
GROWTH = 8
"""By a second in so many of a run's age the next ones come later: eleven in the first 48 s instead of six. What can be
searched behind the first is little, and on a busy machine the second took another half a minute. At 0.4 s each (two
thousand texts of 40 KB) that is 2 s of a run, of an hour less than 0.1 %."""
SOON_SECONDS = 0.2
"""Of a disk in a thousand segments, many hashes then share one checkpoint."""


class Due:
    """Tells by the ``clock``, in seconds, and by what has come in."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._begun = clock, clock()
        self._next = self._begun + FIRST_SECONDS

    def now(self, *, waits: bool, weight: int) -> bool:
        """Say whether it is time: something ``waits``, of ``weight`` bytes."""
        return (waits and self._clock() >= self._next) or weight >= CHECKPOINT_BYTES

    def soon(self) -> None:
        """Let the next come soon."""
        self._next = min(self._next, self._clock() + SOON_SECONDS)

    def made(self, *, rows: bool) -> None:
        """One was made; a hash alone (no ``rows``) makes nothing searchable, and the next is the first still."""
        now = self._clock()
        age = now - self._begun if rows else 0.0
        self._next = now + min(CHECKPOINT_SECONDS, FIRST_SECONDS + age / GROWTH)
