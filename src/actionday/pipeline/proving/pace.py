"""How far a proof is: the step at work, and what of it is done, counted where it is read.

The steps count, in one thread; who shows it asks for a moment whenever it likes, from another.
"""

import time
from collections.abc import Callable

import msgspec

from actionday.model.progress import MOST_SHARE, Rate

BYTES = "bytes"
MOST = 1 << 62
"""No case has more of anything."""


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A moment of a proof; ``verify --json`` writes these fields on stderr while it works."""

    state: str = "verifying"
    stage: str
    """The check at work, by its name; "" before the first."""
    number: int
    """Which one of ``stages`` it is, from 1."""
    stages: int
    done: int
    total: int
    """How much of ``unit`` the stage goes through; 0 while nobody knows, and where it is not counted."""
    unit: str
    """What is counted in this stage: bytes, items, documents; "" where nothing is."""
    rate: float
    """Of ``unit`` a second over the last half minute."""
    eta: float | None
    """Seconds left of this stage; None while nobody can know."""
    share: float | None
    """What of this stage is done, 0 to 1; None while nobody can know."""
    seconds: float
    """How long the proof has taken."""
    path: str = ""
    """Which file is read."""


class _Stage:
    """What is known of the step at work; another one begins with another of these."""

    def __init__(self, name: str, number: int, clock: Callable[[], float]) -> None:
        self.name, self.number = name, number
        self.done, self.total = 0, 0
        self.unit, self.path = "", ""
        self.rate = Rate(clock)


class Pace:
    """Counts what a proof has gone through; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._begun = clock, clock()
        self._stages = 0
        self._stage = _Stage("", 0, clock)

    def begin(self, stage: str, number: int, stages: int) -> None:
        """Say which step is at work, and the how manieth it is."""
        self._stages, self._stage = stages, _Stage(stage, number, self._clock)

    def expect(self, total: object, unit: str) -> None:
        """Say how much the step goes through; what a spoiled row gives that is no such number is not known."""
        known = isinstance(total, int | float) and 0 <= total < MOST and int(total)
        self._stage.total, self._stage.unit = known or 0, unit

    def more(self, count: int) -> None:
        """Count what was gone through."""
        self._stage.done += count

    def read(self, path: str) -> None:
        """Say which file is read now."""
        self._stage.path = path

    def moment(self) -> Moment:
        """Return how far it is."""
        stage = self._stage
        done, total = stage.done, stage.total
        return Moment(
            stage=stage.name,
            number=stage.number,
            stages=self._stages,
            done=done,
            total=total,
            unit=stage.unit,
            rate=stage.rate.update(done),
            eta=stage.rate.left(done, total),
            share=min(done / total, MOST_SHARE) if total else None,
            seconds=self._clock() - self._begun,
            path=stage.path,
        )
