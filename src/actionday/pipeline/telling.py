"""What a run says of itself, once a second: counts and bytes of its exhibits by all runs, share done, time left."""

import time
from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from actionday.model.loss import tells_loss
from actionday.model.progress import Course, Lane, Left, Progress
from actionday.pipeline.meter import Metered
from actionday.pipeline.writer import Writer
from actionday.storage.case import Case
from actionday.storage.database.balance import (
    Balance,
    balance,
    balance_of,
    content_bytes,
    issue_codes,
)


def listing(entries: int, size: int) -> Progress:
    """Return the moment at which so much of a folder is listed: nothing of it is read yet."""
    return Progress(
        state="listing",
        found=entries,
        parsed=0,
        known_good=0,
        skipped=0,
        failed=0,
        bytes=0,
        total=size,
        rate=0.0,
        eta=None,
        failures={},
    )


class Telling:
    """Knows what was stored of ``exhibits`` before run ``number`` began; ``say`` takes what is told."""

    def __init__(
        self, case: Case, number: int, exhibits: Iterable[int], say: Callable[[Progress], None]
    ) -> None:
        self._case, self._number, self._exhibits, self._say = case, number, tuple(exhibits), say
        self._begun = time.monotonic()
        self._course = Course(time.monotonic)
        self._counts = Counter(balance(case.database, *self._exhibits).by_status)
        self._codes = Counter(issue_codes(case.database, *self._exhibits))
        self._before = content_bytes(case.database, *self._exhibits)
        self._other = content_bytes(case.database) - self._before
        self._read = 0

    def running(
        self, writer: Writer, metered: Iterable[Metered], left: Left, size: int, slow: Lane | None
    ) -> None:
        """Tell of a moment: what is taken in, what the workers have read beyond that, what is left."""
        unsent = sum(each.read for each in metered)
        self._read = max(self._read, writer.bytes + unsent)  # what was read of something that failed was read
        counts = self._counts + writer.counts
        self._course.look(self._before, self._read, left, counts.total())
        found = balance_of(counts)
        codes = self._codes + writer.failures
        told = self._progress("running", found, codes, self._before + self._read, size)
        self._tell(msgspec.structs.replace(told, slow=slow), writer)

    def complete(self, writer: Writer, size: int) -> None:
        """Tell of the end, from what is stored."""
        database = self._case.database
        found, codes = balance(database, *self._exhibits), Counter(issue_codes(database, *self._exhibits))
        read = content_bytes(database, *self._exhibits)
        told = self._progress("complete", found, codes, read, size)
        self._tell(msgspec.structs.replace(told, share=1.0, eta=None), writer)

    def _progress(self, state: str, found: Balance, codes: Counter[str], read: int, size: int) -> Progress:
        failures = dict(sorted(codes.items()))
        seconds = time.monotonic() - self._begun
        return Progress(
            state=state,
            found=found.found,
            parsed=found.parsed,
            known_good=found.known_good,
            skipped=found.skipped,
            failed=found.failed,
            bytes=read,
            total=size,
            rate=round(self._course.rate, 1),
            eta=self._course.eta,
            failures=failures,
            losses={code: count for code, count in failures.items() if tells_loss(code)},
            remarks={code: count for code, count in failures.items() if not tells_loss(code)},
            share=self._course.share,
            fresh=read - self._before,
            other=self._other,
            seconds=round(seconds, 1),
        )

    def _tell(self, progress: Progress, writer: Writer) -> None:
        progress = msgspec.structs.replace(progress, path=writer.last_path)
        self._case.database.execute(
            "UPDATE runs SET progress = ? WHERE n = ?",
            (msgspec.json.encode(progress).decode(), self._number),
        )
        self._say(progress)
