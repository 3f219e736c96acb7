"""What of a dump is no row: definitions, comments, functions, settings, as one item in its place.

Source: DESIGN, invariant 5: nothing is lost silently; what no row holds is found by its words as well.
"""

from collections.abc import Iterator

from actionday.model import Context, Found, Kind, Run

MOST = 4096
"""Ranges that the item has; the bytes behind them are told of in the issue log."""
LINE_END = 2
"""Bytes between two statements of rows that are not kept: so few can only be the end of a line."""
NAME = "statements"
PLACE = "rest"


class Rest:
    """Ranges of the stream that no row takes, in order."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._at = 0
        self._dropped = 0
        self._said: set[bytes] = set()

    def rows(self, begin: int, end: int, head: bytes = b"") -> None:
        """Take down that rows stand at ``begin`` .. ``end``, behind ``head``, which need not be kept twice."""
        if head and head in self._said:
            begin -= len(head)
        elif len(self._said) < MOST:
            self._said.add(head)
        if begin - self._at > LINE_END:
            self._take(begin)
        self._at = max(self._at, end)

    def _take(self, upto: int) -> None:
        length = upto - self._at
        if length <= 0:
            return
        if len(self._runs) < MOST:
            self._runs.append((self._at, length))
        else:
            self._dropped += length
        self._at = upto

    def found(self, size: int, around: Context, name: str) -> Iterator[Found]:
        """Yield the item, where it has any byte; ``size``: of the stream."""
        self._take(size)
        if self._dropped:
            why = f"{name}: {self._dropped} bytes between rows stand in none of its items"
            around.note("unclaimed", f"{why}: more than {MOST} ranges")
        if self._runs:
            total = sum(length for _, length in self._runs)
            yield Found(name=NAME, kind=Kind.SYSTEM, place=PLACE, size=total, runs=tuple(self._runs))
