"""What could not be done: the issue log, by code, by what happened, and line by line.

What tells that something is not in the case is a loss, any other line a remark: the words of every command and page.
"""

import sqlite3
from typing import Any, NamedTuple

from actionday.model.loss import tells_failure, tells_loss
from actionday.storage.database.lacking import TELLS_LOSS

PAGE = 50
PLACES = 3
"""Places that are named of what happened at many."""
TABLES = "issues s LEFT JOIN exhibits e ON e.number = s.exhibit LEFT JOIN items i ON i.id = s.item"
COLUMNS = "s.n, s.stage, e.id, s.path, s.code, s.reason, s.item, i.size, i.status"
BEHIND = 1 << 40
"""Added to the number of a remark: all of them come behind every loss."""
LOSS = f"(s.{TELLS_LOSS})"
LOST = f"COUNT(DISTINCT CASE WHEN {LOSS} THEN s.item END)"
PLACE = f"(s.n + {BEHIND} * NOT {LOSS})"


class Group(NamedTuple):
    """A code, how many lines of the log carry it, and whether they tell a loss or are remarks."""

    code: str
    number: int
    loss: bool


class Happening(NamedTuple):
    """The lines of the log that say the same, code, stage and reason: ``number`` of them, at ``places``.

    ``places`` are the first few; ``n`` is the number of the first line.
    """

    n: int
    code: str
    stage: str
    reason: str
    number: int
    places: "list[Issue]"

    @property
    def loss(self) -> bool:
        """Say whether it is a loss; else it is a remark."""
        return tells_loss(self.code)


class HappeningPage(NamedTuple):
    """A page of what happened, losses before remarks; ``kinds`` counts all of it, the rest is as in IssuePage."""

    happenings: list[Happening]
    kinds: int
    total: int
    losses: int
    lost: int
    next: int | None
    previous: int | None


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

    @property
    def failure(self) -> bool:
        """Say whether it tells that something could not be done; else it is a mere note."""
        return tells_failure(self.code)


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
    reason: str = "",
    item: str = "",
    after: int = 0,
    before: int = 0,
    limit: int = PAGE,
) -> IssuePage:
    """Return lines of the log in their order, losses first; "" is everything.

    ``after`` and ``before`` are the ``next`` and ``previous`` of another page.
    """
    where, values = _where(code=code, stage=stage, exhibit=exhibit, reason=reason, item=item)
    total, losses, lost = _counts(database, where, values)
    bound, order = (f"{PLACE} < {int(before)}", "DESC") if before else (f"{PLACE} > {int(after)}", "ASC")
    query = (
        f"SELECT {COLUMNS} FROM {TABLES} WHERE {where} AND {bound} "  # noqa: S608 - as above
        f"ORDER BY {PLACE} {order} LIMIT ?"
    )
    rows = database.execute(query, [*values, limit + 1]).fetchall()
    more, rows = len(rows) > limit, rows[:limit]
    found = [_issue(row) for row in (reversed(rows) if before else rows)]
    ahead = bool(found) if before else more
    behind = more if before else bool(after)
    last = _place(found[-1]) if found and ahead else None
    return IssuePage(found, total, losses, lost, last, _place(found[0]) if found and behind else None)


def happenings(
    database: sqlite3.Connection,
    *,
    kind: str = "",
    code: str = "",
    stage: str = "",
    exhibit: str = "",
    after: int = 0,
    before: int = 0,
    limit: int = PAGE,
) -> HappeningPage:
    """Return what happened in the order in which it was first met, losses before remarks; "" is everything.

    ``kind``: ``losses`` or ``remarks``. ``after`` and ``before`` are the ``next`` and ``previous`` of another page.
    """
    where, values = _where(kind=kind, code=code, stage=stage, exhibit=exhibit)
    total, losses, lost = _counts(database, where, values)
    same = "s.code, s.stage, s.reason"
    grouped = (
        f"SELECT MIN(s.n) n, {same}, COUNT(*) number, MIN({PLACE}) place "  # noqa: S608 - as above
        f"FROM {TABLES} WHERE {where} GROUP BY {same}"
    )
    kinds = int(database.execute(f"SELECT COUNT(*) FROM ({grouped})", values).fetchone()[0])  # noqa: S608
    bound, order = (f"place < {int(before)}", "DESC") if before else (f"place > {int(after)}", "ASC")
    query = (
        f"SELECT n, code, stage, reason, number, place FROM ({grouped}) "  # noqa: S608 - as above
        f"WHERE {bound} ORDER BY place {order} LIMIT ?"
    )
    rows = database.execute(query, [*values, limit + 1]).fetchall()
    more, rows = len(rows) > limit, rows[:limit]
    rows = rows[::-1] if before else rows
    places = _first_places(database, where, values, [row[0] for row in rows])
    found = [Happening(n, code, at, why, number, places[n]) for n, code, at, why, number, _ in rows]
    ahead, behind = (bool(rows), more) if before else (more, bool(after))
    return HappeningPage(
        found,
        kinds,
        total,
        losses,
        lost,
        rows[-1][5] if rows and ahead else None,
        rows[0][5] if rows and behind else None,
    )


def _first_places(
    database: sqlite3.Connection, where: str, values: list[object], firsts: list[int]
) -> dict[int, list[Issue]]:
    """Return the first lines of what happened, by the number of the first line, for those of ``firsts``."""
    ranked = (
        f"SELECT {COLUMNS}, ROW_NUMBER() OVER same place, MIN(s.n) OVER same first "  # noqa: S608 - as above
        f"FROM {TABLES} WHERE {where} WINDOW same AS (PARTITION BY s.code, s.stage, s.reason ORDER BY s.n)"
    )
    marks = ",".join("?" * len(firsts))
    query = f"SELECT * FROM ({ranked}) WHERE place <= ? AND first IN ({marks}) ORDER BY n"  # noqa: S608 - as above
    found: dict[int, list[Issue]] = {first: [] for first in firsts}
    for row in database.execute(query, [*values, PLACES, *firsts]):
        found[row[10]].append(_issue(row))
    return found


def _counts(database: sqlite3.Connection, where: str, values: list[object]) -> tuple[int, int, int]:
    """Return how many lines there are, how many of them are losses, and how many items these are about."""
    query = f"SELECT COUNT(*), COALESCE(SUM({LOSS}), 0), {LOST} FROM {TABLES} WHERE {where}"  # noqa: S608 - conditions of our own, values bound
    total, losses, lost = map(int, database.execute(query, values).fetchone())
    return total, losses, lost


def _place(issue: Issue) -> int:
    return issue.n if issue.loss else issue.n + BEHIND


def _where(
    *, kind: str = "", code: str = "", stage: str = "", exhibit: str = "", reason: str = "", item: str = ""
) -> tuple[str, list[object]]:
    parts, values = ["1"], list[object]()
    for value, column in ((code, "s.code"), (stage, "s.stage"), (exhibit, "e.id"), (reason, "s.reason")):
        if value:
            parts.append(f"{column} = ?")
            values.append(value)
    if kind:
        parts.append(LOSS if kind == "losses" else f"NOT {LOSS}")
    if item:
        parts.append("s.item = ?")
        values.append(bytes.fromhex(item))
    return " AND ".join(parts), values


def _issue(row: tuple[Any, ...]) -> Issue:
    item = row[6].hex() if row[6] else None
    return Issue(row[0], row[1], row[2], row[3], row[4], row[5], item, row[7], row[8])
