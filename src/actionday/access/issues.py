"""What could not be done: the issue log, grouped by code and listed by keyset."""

import sqlite3
from typing import Any, NamedTuple

from actionday.model import Loss
from actionday.model.loss import FAILED_CODES, tells_loss

PAGE = 50
BEHIND = 1 << 40
"""Added to the number of a remark: all of them come behind every loss."""
LOSS = f"(s.code IN ({','.join(repr(str(each)) for each in (*Loss, *sorted(FAILED_CODES)))}))"
LOST = f"COUNT(DISTINCT CASE WHEN {LOSS} THEN s.item END)"
PLACE = f"(s.n + {BEHIND} * NOT {LOSS})"


class Group(NamedTuple):
    """A code, how many lines of the log carry it, and whether they tell a loss or are remarks."""

    code: str
    number: int
    loss: bool


class Issue(NamedTuple):
    """One line of the log; ``n`` is its number, ``item`` an id in hex, ``size`` in bytes."""

    n: int
    stage: str
    exhibit: str | None
    path: str
    code: str
    reason: str
    item: str | None
    size: int | None
    status: str | None

    @property
    def loss(self) -> bool:
        """Say whether it names something that is not in the case; else it is a remark."""
        return tells_loss(self.code)


class IssuePage(NamedTuple):
    """A page of the log, losses before remarks; ``total``, ``losses`` and ``lost`` are exact.

    ``lost``: the items that the losses are about; one may have several lines.
    """

    issues: list[Issue]
    total: int
    losses: int
    lost: int
    next: int | None
    previous: int | None


def groups(database: sqlite3.Connection) -> list[Group]:
    """Return the codes of the log: losses before remarks, the most frequent first."""
    query = "SELECT code, COUNT(*) FROM issues GROUP BY code ORDER BY 2 DESC, 1"
    found = [Group(code, number, tells_loss(code)) for code, number in database.execute(query)]
    return sorted(found, key=lambda each: not each.loss)


def lost_items(database: sqlite3.Connection) -> int:
    """Return how many items the losses of the log are about."""
    return int(database.execute(f"SELECT {LOST} FROM issues s").fetchone()[0])  # noqa: S608 - constant


def stages(database: sqlite3.Connection) -> list[str]:
    """Return the stages that reported something."""
    return [row[0] for row in database.execute("SELECT DISTINCT stage FROM issues ORDER BY 1")]


def list_issues(
    database: sqlite3.Connection,
    *,
    code: str = "",
    stage: str = "",
    exhibit: str = "",
    item: str = "",
    after: int = 0,
    before: int = 0,
    limit: int = PAGE,
) -> IssuePage:
    """Return lines of the log in their order, losses first; "" is everything.

    ``after`` and ``before`` are the ``next`` and ``previous`` of another page.
    """
    where, values = _where(code, stage, exhibit, item)
    tables = "issues s LEFT JOIN exhibits e ON e.number = s.exhibit LEFT JOIN items i ON i.id = s.item"
    count = f"SELECT COUNT(*), COALESCE(SUM({LOSS}), 0), {LOST} FROM {tables} WHERE {where}"  # noqa: S608 - conditions of our own, values bound
    total, losses, lost = map(int, database.execute(count, values).fetchone())
    bound, order = (f"{PLACE} < {int(before)}", "DESC") if before else (f"{PLACE} > {int(after)}", "ASC")
    query = (
        f"SELECT s.n, s.stage, e.id, s.path, s.code, s.reason, s.item, i.size, i.status FROM {tables} "  # noqa: S608
        f"WHERE {where} AND {bound} ORDER BY {PLACE} {order} LIMIT ?"
    )
    rows = database.execute(query, [*values, limit + 1]).fetchall()
    more, rows = len(rows) > limit, rows[:limit]
    found = [_issue(row) for row in (reversed(rows) if before else rows)]
    ahead = bool(found) if before else more
    behind = more if before else bool(after)
    last = _place(found[-1]) if found and ahead else None
    return IssuePage(found, total, losses, lost, last, _place(found[0]) if found and behind else None)


def _place(issue: Issue) -> int:
    return issue.n if issue.loss else issue.n + BEHIND


def _where(code: str, stage: str, exhibit: str, item: str) -> tuple[str, list[object]]:
    parts, values = ["1"], list[object]()
    for value, column in ((code, "s.code"), (stage, "s.stage"), (exhibit, "e.id")):
        if value:
            parts.append(f"{column} = ?")
            values.append(value)
    if item:
        parts.append("s.item = ?")
        values.append(bytes.fromhex(item))
    return " AND ".join(parts), values


def _issue(row: tuple[Any, ...]) -> Issue:
    item = row[6].hex() if row[6] else None
    return Issue(row[0], row[1], row[2], row[3], row[4], row[5], item, row[7], row[8])
