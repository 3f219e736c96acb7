"""``/c/<case>/``: found = parsed + known good + skipped + failed, and what it consists of; every figure a link."""

import itertools
import re
from typing import Any

from litestar import Response

from actionday.access.ledger import last_proof
from actionday.access.overview import Bars, overview
from actionday.access.status import status
from actionday.app.web.takes import FORMAT
from actionday.app.web.visit import Visit, page
from actionday.storage.database.balance import Balance

YEAR = 4
"""Characters of a year."""
STEP = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?", re.ASCII)
MOST_STEPS, MOST_MARKS = 120, 8
"""Columns with the empty ones between; more than that, and only those with items are drawn. And years named under
them: a telephone has room for no more."""
FEW = 12
"""Columns up to which each month is named."""
PARTS = (("parsed", "done"), ("known_good", ""), ("skipped", ""), ("failed", "failed"))


@page("/c/{case:str}/", takes={"format": FORMAT}, logs=False)
def show(visit: Visit) -> Response[Any]:
    """Show the case at a glance; ``format=json`` gives what ``status --json`` prints."""
    if visit.wants_json:
        return visit.json(status(visit.case))
    found = overview(visit.case, visit.house.tally)
    times = _rows(visit, found.times, "period")
    return visit.render(
        "overview/page.html",
        found=found,
        parts=("balance",),
        sum=_sum(visit, found.balance),
        types=_rows(visit, found.types, "type"),
        tongues=_rows(visit, found.languages, "language"),
        times=times,
        timeline=timeline(times),
        places=_exhibits(visit, found.exhibits),
        proof=last_proof(visit.case.database),
    )


def _sum(visit: Visit, found: Balance) -> list[dict[str, Any]]:
    counts = {
        "parsed": found.parsed,
        "known_good": found.known_good,
        "skipped": found.skipped,
        "failed": found.failed,
    }
    return [
        {"group": group, "tone": tone if counts[group] else "", "count": counts[group],
         "href": visit.link("items", group=group)}
        for group, tone in PARTS
    ]  # fmt: skip


def _rows(visit: Visit, bars: Bars, name: str) -> list[dict[str, Any]]:
    return [
        {"key": bar.key, "count": bar.number, "unknown": bar.key == "unknown",
         "href": visit.link("items", **{name: bar.key})}
        for bar in bars.bars
    ]  # fmt: skip


def timeline(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that have a time, months or years without an item between them too: a gap is seen."""
    by_key = {row["key"]: row for row in rows if not row["unknown"]}
    keys = _steps(min(by_key), max(by_key)) if by_key and all(map(STEP.fullmatch, by_key)) else sorted(by_key)
    if len(keys) > MOST_STEPS:
        keys = _with_gaps(sorted(by_key))
    empty = {"count": 0, "href": "", "unknown": False}
    years = -(-len(keys) // MOST_MARKS)
    return [
        {
            **empty,
            "key": key,
            **by_key.get(key, {}),
            "mark": _mark(key, keys[:at], years, few=len(keys) <= FEW),
        }
        for at, key in enumerate(keys)
    ]


def _with_gaps(keys: list[str]) -> list[str]:
    """Return the keys with "" wherever one or more steps between two of them are left out."""
    found = keys[:1]
    for before, key in itertools.pairwise(keys):
        found += [key] if len(_steps(before, key)) <= 2 else ["", key]
    return found


def _mark(key: str, before: list[str], years: int, *, few: bool) -> str:
    """Return what stands under a column, after those ``before``: of few the month, with its year where that is new.

    Else the year where it is new, or every nth year.
    """
    if not key:
        return "…"
    if len(key) == YEAR:
        return key if len(before) % years == 0 else ""
    new = key[:YEAR] != next((each[:YEAR] for each in reversed(before) if each), "")
    if few:
        return key if new else key[YEAR + 1 :]
    return key[:YEAR] if new else ""


def _steps(first: str, last: str) -> list[str]:
    """Return every month ``2026-03`` or year ``2026`` from the first to the last."""
    if len(first) == YEAR:
        return [f"{year:04d}" for year in range(int(first), int(last) + 1)]
    months = range(int(first[:4]) * 12 + int(first[5:]) - 1, int(last[:4]) * 12 + int(last[5:]))
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in months]


def _exhibits(visit: Visit, found: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "key": each.id,
            "count": each.balance.found,
            "unknown": False,
            "href": visit.link("items", exhibit=each.id),
        }
        for each in found
    ]


ROUTES = [show]
