"""A case at a glance: what was found and what became of it, by exhibit, type, language and time."""

from collections import Counter
from typing import NamedTuple

from actionday.access.exhibits import Exhibit, exhibits
from actionday.access.issues import Group, groups
from actionday.access.tally import Tally
from actionday.storage.case import Case
from actionday.storage.database.balance import Balance

TOP = 10
MOST_MONTHS = 36
"""More bars than that cannot be read side by side: then years are shown."""
UNKNOWN = "unknown"


class Bar(NamedTuple):
    """A value and how many items have it; ``key`` is "unknown" where nobody knows it."""

    key: str
    number: int


class Bars(NamedTuple):
    """The most frequent values, and how many further values and items there are."""

    bars: list[Bar]
    other_values: int
    other_items: int


class Overview(NamedTuple):
    """Everything the overview shows; ``seq`` is the checkpoint it stands on.

    ``guesses``: of the items of a language, how many have it as a guess; languages without one are not in it.
    """

    seq: int
    balance: Balance
    exhibits: list[Exhibit]
    types: Bars
    languages: Bars
    guesses: dict[str, int]
    times: Bars
    issues: list[Group]
    contents: int


def overview(case: Case, tally: Tally) -> Overview:
    """Return the figures of a case at its last checkpoint."""
    seq = tally.update(case.database)
    return Overview(
        seq,
        tally.balance(),
        exhibits(case.database, tally),
        _most(tally.by(lambda cell: cell.type), TOP),
        _most(tally.by(lambda cell: cell.language), TOP),
        guesses(tally),
        _times(tally),
        groups(case.database),
        int(case.database.execute("SELECT COUNT(DISTINCT sha256) FROM contents").fetchone()[0]),
    )


def guesses(tally: Tally) -> dict[str, int]:
    """Return how many items have a language as a guess; languages without one are not in it."""
    found = tally.by(lambda cell: cell.language if cell.guess else None)
    return {key: number for key, number in found.items() if key}


def every_value(tally: Tally) -> dict[str, list[Bar]]:
    """Return all types and languages, the most frequent first."""
    types, tongues = tally.by(lambda cell: cell.type), tally.by(lambda cell: cell.language)
    return {"type": _most(types, len(types)).bars, "language": _most(tongues, len(tongues)).bars}


def _most(counts: Counter[str | None], top: int) -> Bars:
    known = sorted(
        (Bar(key, n) for key, n in counts.items() if key is not None), key=lambda bar: (-bar.number, bar.key)
    )
    return _cut(known[:top], known[top:], counts[None])


def _times(tally: Tally) -> Bars:
    counts = tally.by(lambda cell: cell.month)
    if len(counts) > MOST_MONTHS:
        counts = tally.by(lambda cell: cell.month and cell.month[:4])
    known = sorted(Bar(key, n) for key, n in counts.items() if key is not None)
    return _cut(known[-MOST_MONTHS:], known[:-MOST_MONTHS], counts[None])


def _cut(shown: list[Bar], rest: list[Bar], unknown: int) -> Bars:
    """Return bars that add up: those shown, the unknown behind them, and what was left out."""
    last = [Bar(UNKNOWN, unknown)] if unknown else []
    return Bars(shown + last, len(rest), sum(bar.number for bar in rest))
