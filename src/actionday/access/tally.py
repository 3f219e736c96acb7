"""How many items there are of each kind, kept up to date checkpoint by checkpoint.

Items are added, each with the number of the checkpoint that stored it, so that a tally once taken
needs the new ones alone: a million items are counted once (2 s), then a page costs a millisecond.
"""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from actionday.access.guesses import Doubt, passages
from actionday.access.items import GROUPS, ITEM_COUNTED, Chosen
from actionday.access.stored import records
from actionday.model.language import REPORTING_THRESHOLD
from actionday.storage.database.balance import Balance, balance_of
from actionday.storage.database.lacking import TELLS_LOSS
from actionday.storage.database.rows import READ, replaced

MONTH = 7
"""Characters of ``2026-03``."""
QUERY = (
    "SELECT i.exhibit, i.status, c.mime, c.language, substr(i.mtime, 1, 7), "  # noqa: S608
    "c.language <> 'und' AND COALESCE(c.confidence, 0) < ?, COUNT(*) FROM items i "
    f"LEFT JOIN contents c ON {READ} "
    f"WHERE i.seq > ? AND i.seq <= ? AND {ITEM_COUNTED} GROUP BY 1, 2, 3, 4, 5, 6"
)
PASSAGES = (
    "SELECT c.language, c.segments FROM {first} CROSS JOIN {second} "  # noqa: S608 - constants
    f"ON {READ} WHERE i.seq > ? AND i.seq <= ? AND c.segments <> '' AND {ITEM_COUNTED}"
)
"""Texts of more than one language, one in seventy or less: of a whole case they are looked for first, of what a
checkpoint brought its items are."""
OF_ALL = PASSAGES.format(first="contents c", second="items i")
OF_NEW = PASSAGES.format(first="items i", second="contents c")
LOSSES = f"SELECT exhibit, COUNT(*) FROM issues WHERE seq > ? AND seq <= ? AND {TELLS_LOSS} GROUP BY 1"  # noqa: S608

DEGRADED = (
    "SELECT exhibit, COUNT(DISTINCT item) FROM issues WHERE seq > ? AND seq <= ? AND code = ? GROUP BY 1"
)


def read_without_a_disk(database: sqlite3.Connection) -> dict[int, int]:
    """Return how many arrays and groups of disks are read without a disk that is missing, by the exhibit's number."""
    return dict(database.execute(DEGRADED, (-1, 1 << 62, "degraded")))


class Cell(NamedTuple):
    """What items are counted by; None where nobody knows it. ``guess``: whether the language is one."""

    exhibit: int
    status: str
    type: str | None
    language: str | None
    month: str | None
    guess: int | None


class Tally:
    """Counts of one case. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cells: Counter[Cell] = Counter()
        self._losses: Counter[int | None] = Counter()
        self._degraded: Counter[int | None] = Counter()
        self._passages: Counter[tuple[str, bool]] = Counter()
        """Items by a language that is not the first of their text, and by whether it is a guess there."""
        self._seq = self._replaced = 0

    def update(self, database: sqlite3.Connection) -> int:
        """Count what was stored since; return the checkpoint that the counts stand on."""
        with self._lock:
            seq = int(database.execute("SELECT value FROM facts WHERE key = 'seq'").fetchone()[0])
            if (anew := replaced(database)) != self._replaced:
                self._cells, self._losses, self._passages = Counter(), Counter(), Counter()
                self._seq, self._replaced = 0, anew
            if seq > self._seq:
                for *cell, number in database.execute(QUERY, (REPORTING_THRESHOLD, self._seq, seq)):
                    self._cells[Cell(*cell)] += number
                for lead, segments in database.execute(OF_NEW if self._seq else OF_ALL, (self._seq, seq)):
                    for code, guess in passages(records(segments)).items():
                        self._passages[code, guess] += code != lead
                self._losses.update(dict(database.execute(LOSSES, (self._seq, seq))))
                self._degraded.update(dict(database.execute(DEGRADED, (self._seq, seq, "degraded"))))
                self._seq = seq
            return self._seq

    def by(self, key: Callable[[Cell], str | None]) -> Counter[str | None]:
        """Return the number of items for each value of ``key``."""
        found: Counter[str | None] = Counter()
        with self._lock:
            for cell, number in self._cells.items():
                found[key(cell)] += number
        return found

    def doubts(self) -> dict[str, Doubt]:
        """Return the languages that are a guess in any item, as the first of its text or in a passage, by code."""
        guesses, items = Counter[str](), Counter[str]()
        with self._lock:
            found = [(cell.language, bool(cell.guess), number) for cell, number in self._cells.items()]
            found += [(code, guess, number) for (code, guess), number in self._passages.items()]
        for code, guess, number in found:
            if code and code != "und":
                items[code] += number
                guesses[code] += number if guess else 0
        return {code: Doubt(number, items[code]) for code, number in guesses.items() if number}

    def balance(self, exhibit: int | None = None) -> Balance:
        """Return the balance of the case or of an exhibit by its number."""
        counts: Counter[str] = Counter()
        with self._lock:
            for cell, number in self._cells.items():
                if exhibit is None or cell.exhibit == exhibit:
                    counts[cell.status] += number
        return balance_of(counts)

    def losses(self, exhibit: int) -> int:
        """Return how many lines of the issue log tell that something of an exhibit is not in the case."""
        with self._lock:
            return self._losses[exhibit]

    def degraded(self, exhibit: int) -> int:
        """Return how many arrays and groups of disks of an exhibit are read without a disk that is missing."""
        with self._lock:
            return self._degraded[exhibit]

    def total(self, chosen: Chosen, exhibits: dict[str, int]) -> int:
        """Return how many items ``list_items`` would list, ``chosen.reason`` aside; ``exhibits``: numbers by ID."""
        with self._lock:
            return sum(number for cell, number in self._cells.items() if _meets(cell, chosen, exhibits))


def _meets(cell: Cell, chosen: Chosen, exhibits: dict[str, int]) -> bool:
    return (
        (not chosen.exhibit or cell.exhibit == exhibits.get(chosen.exhibit))
        and _is(cell.status, chosen.status)
        and _is(cell.type, chosen.type)
        and _is(cell.language, chosen.language)
        and (not chosen.group or cell.status in GROUPS.get(chosen.group, ()))
        and (
            _is(cell.month, chosen.period)
            if chosen.period == "unknown"
            else (cell.month or "").startswith(chosen.period)
        )
    )


def _is(value: str | None, wanted: str) -> bool:
    return not wanted or (value is None if wanted == "unknown" else value == wanted)
