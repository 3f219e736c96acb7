"""When a checkpoint is due: often while a run is young, and as seldom as ever when it is old."""

from itertools import pairwise

from actionday.pipeline.due import CHECKPOINT_BYTES, CHECKPOINT_SECONDS, FIRST_SECONDS, SOON_SECONDS, Due


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def checkpoints(seconds: float, *, rows: bool = True) -> list[float]:
    """Return the ages of a run at which checkpoints come, each made at once, if something always waits."""
    clock, made = Clock(), list[float]()
    due = Due(clock)
    while clock.now < 100 + seconds:
        clock.now += 0.1
        if due.now(waits=True, weight=0):
            due.made(rows=rows)
            made.append(clock.now - 100)
    return made


def test_texts_are_searchable_within_five_seconds_while_a_run_is_young() -> None:
    ages = [0.0, *checkpoints(24)]
    assert max(after - before for before, after in pairwise(ages)) <= 5.1
    assert ages[1] <= FIRST_SECONDS + 0.11


def test_an_old_run_makes_no_more_than_it_did() -> None:
    hour = checkpoints(3600)
    assert len(hour) <= 3600 / CHECKPOINT_SECONDS + 6
    assert hour[-1] - hour[-2] >= CHECKPOINT_SECONDS


def test_a_hash_alone_lets_the_first_come_as_soon_as_before() -> None:
    ages = checkpoints(10, rows=False)
    assert all(after - before <= FIRST_SECONDS + 0.11 for before, after in pairwise(ages))


def test_what_is_heavy_or_should_outlive_a_kill_does_not_wait() -> None:
    clock = Clock()
    due = Due(clock)
    assert not due.now(waits=True, weight=CHECKPOINT_BYTES - 1)
    assert due.now(waits=False, weight=CHECKPOINT_BYTES)
    due.soon()
    clock.now += SOON_SECONDS
    assert due.now(waits=True, weight=0)
    assert not due.now(waits=False, weight=0)
