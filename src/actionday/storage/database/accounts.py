"""The account of each exhibit: what was found of it and what became of that, its losses, and what to name first.

Source: DESIGN invariant 5 (found = parsed + known good + skipped + failed, by exhibit).
"""

import sqlite3
from typing import Any, Literal

import msgspec

from actionday.model.errors import APART
from actionday.model.lacks import BEHIND_GAP, NOT_HAD
from actionday.model.loss import HOLDS_NOTHING
from actionday.storage.database.balance import COUNTED, Balance, balance_of
from actionday.storage.database.disks import with_disks
from actionday.storage.database.elsewhere import elsewhere
from actionday.storage.database.lacking import TELLS_LOSS
from actionday.storage.database.own_files import each_of

MOST_GRAVE = 20
"""Items that a proof names one by one: a page of a report; ``export items`` has all."""
FAILED = "status IN ('encrypted', 'unreadable', 'quarantined')"
"""In the words of the index items_failed."""
WHOLE = "status = 'unsupported' AND kind IN ('exhibit', 'volume', 'shadow')"
"""An exhibit or a volume that nothing opened: all that may lie in it is unread."""
SAME = (
    "EXISTS (SELECT 1 FROM items AS inner WHERE inner.exhibit = items.exhibit AND +inner.parent = items.parent "
    "AND inner.path > items.path || '/{first}' AND inner.path < items.path || '{last}'{more})"
)
"""Something that came out of the same as an item is called as if it lay in it. By the index on path: the plus keeps the
one on parent from the thousands that came out of a disk."""
LISTED = SAME.format(first="", last="0", more="")
BEHIND = SAME.format(
    first=f"{BEHIND_GAP} @",
    last=f"/{BEHIND_GAP} A",
    more=" AND substr(inner.place, 1, length(items.place) + 5) = items.place || ':gap+'",
)
BELOW = (
    f"EXISTS (SELECT 1 FROM items AS inner WHERE inner.parent = items.id) OR items.kind = 'directory' AND {LISTED} "  # noqa: S608
    f"OR {BEHIND}"
)
"""Something came out of an item, is listed in it, a folder, or stands behind a gap in it. Of the last its place tells:
several items may have one path, and of any name there may be one that begins with it."""
IN_PART = (
    f"{BELOW} OR EXISTS (SELECT 1 FROM contents WHERE sha256 = items.sha256 AND reading = items.reading "  # noqa: S608
    "AND text IS NOT NULL) OR (sha256 IS NOT NULL AND size > 0 "
    f"AND CASE WHEN json_valid(meta) THEN json_type(meta, '$.{NOT_HAD}') IS NOT NULL END)"
)
"""Or a text of it is kept, or its bytes up to where they cannot be had."""
GRAVE = (
    "SELECT CAST(COALESCE((SELECT id FROM exhibits WHERE number = exhibit), '') AS TEXT), CAST(path AS TEXT), "  # noqa: S608
    f"CAST(status AS TEXT), CAST(COALESCE(reason, '') AS TEXT), {IN_PART}, {COUNTED}, exhibit, hex(sha256) FROM items "
    "WHERE id IN (SELECT id FROM items WHERE {condition} ORDER BY exhibit, path LIMIT ?) ORDER BY exhibit, path"
)
"""What is asked of each is asked of those that are named alone."""


UNEXAMINED = (
    "SELECT COALESCE(SUM(CAST(size AS INT)), 0) FROM items WHERE status = 'queued' AND kind = 'unallocated'"
)
"""By the index on what is queued."""
HOLLOW = "SELECT exhibit FROM issues WHERE code = ?"
"""By the index on the code of an issue."""


class Unread(msgspec.Struct, frozen=True):
    """An item that was not read: its exhibit, its path ("" is the exhibit as a whole), its state and why."""

    exhibit: str
    path: str
    status: str
    reason: str
    in_part: bool = False
    """Whether something of it is in the case all the same: items out of it, a text, its bytes up to where they end."""
    also_in: str | None = None
    """Of a part whose first is no file of its exhibit: another exhibit that has its bytes, "" where none has."""
    also_opened: bool = False
    """Whether they were opened there."""
    counted: bool = True
    """Whether the balance counts it: no folder, volume or exhibit that was opened."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One exhibit: its balance, its lines of the issue log that tell a loss by code, and whether it holds a disk.

    ``complete``: it was gone through to its end. Else the figures are those so far, and a disk's files may be missing.
    """

    exhibit: str
    balance: Balance
    losses: dict[str, int]
    disk: bool
    complete: bool
    files: int
    """Files of the host that it consists of; none of a folder."""
    files_counted: int
    """Those of them that its balance counts."""
    hollow: bool
    """Whether it was listed or read to its end, and nothing is in it: no file, no byte, or none but zeros."""


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    """Every exhibit in the order of acquisition, and what of them was gravely not read: the first are named."""

    exhibits: tuple[Account, ...]
    grave: tuple[Unread, ...]
    """Items that are unreadable, encrypted or quarantined, and exhibits and volumes that nothing opened."""
    more: int
    """How many of them are not named."""
    whole: int
    """Of all of them: exhibits and volumes that nothing opened, which the balance counts as skipped."""
    unexamined: int = 0
    """Bytes of space that belongs to no file and waits to be looked through; no balance counts it."""

    @property
    def failed(self) -> int:
        """Of all of them: those that the balance counts as failed."""
        return sum(each.balance.failed for each in self.exhibits)

    @property
    def uncounted(self) -> int:
        """Of all of them: folders, volumes and exhibits that were opened, which no balance counts."""
        return len(self.grave) + self.more - self.whole - self.failed

    @property
    def nothing(self) -> Literal["", "exhibit", "item", "content"]:
        """Return what a case that was gone through to its end has none of, so that a proof of it proves nothing of any.

        No exhibit; no item that a balance counts; or of its items none that is more than an empty one. Where something
        could not be read or listed nobody knows what was in it, and of that no balance tells: a volume is not counted.
        """
        if not self.exhibits:
            return "exhibit"
        if self.open or self.grave or self.more or any(each.losses for each in self.exhibits):
            return ""
        if not any(each.balance.found for each in self.exhibits):
            return "item"
        return "content" if all(each.hollow for each in self.exhibits) else ""

    @property
    def disks(self) -> tuple[str, ...]:
        """Exhibits, gone through to their end, in which a disk was opened: what belongs to no file was not read."""
        return tuple(each.exhibit for each in self.exhibits if each.disk and each.complete)

    @property
    def open_disks(self) -> tuple[str, ...]:
        """Exhibits in which a disk was opened, and of which not all was gone through: files may be unread too."""
        return tuple(each.exhibit for each in self.exhibits if each.disk and not each.complete)

    @property
    def open(self) -> tuple[str, ...]:
        """Exhibits that were not gone through to their end."""
        return tuple(each.exhibit for each in self.exhibits if not each.complete)


def accounts(database: sqlite3.Connection) -> Accounts:
    """Return the accounts of a case. Goes once through the items and once through the issue log. Raises sqlite3.Error.

    A row that was altered may hold any kind of value: each is taken as text.
    """
    counted = f"SELECT exhibit, CAST(COALESCE(status, '') AS TEXT), COUNT(*) FROM items WHERE {COUNTED} GROUP BY 1, 2"  # noqa: S608 - constants
    lost = f"SELECT exhibit, CAST(code AS TEXT), COUNT(*) FROM issues WHERE {TELLS_LOSS} GROUP BY 1, 2 ORDER BY 1, 2"  # noqa: S608
    balances, losses = _by_exhibit(database, counted), _by_exhibit(database, lost)
    disks, own = with_disks(database), dict(each_of(database))
    exhibits = database.execute(
        "SELECT number, CAST(id AS TEXT), state = 'complete' FROM exhibits ORDER BY number"
    )
    hollow = {each for (each,) in database.execute(HOLLOW, (HOLDS_NOTHING,))}
    grave, whole, failed = _grave(database)
    return Accounts(
        exhibits=tuple(
            Account(
                exhibit=name,
                balance=balance_of(balances.get(number, {})),
                losses=losses.get(number, {}),
                disk=number in disks,
                complete=bool(complete),
                files=own[number].files,
                files_counted=own[number].counted,
                hollow=number in hollow,
            )
            for number, name, complete in exhibits
        ),
        grave=grave,
        more=whole + failed - len(grave),
        whole=whole,
        unexamined=int(database.execute(UNEXAMINED).fetchone()[0]),
    )


def _by_exhibit(database: sqlite3.Connection, query: str) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for exhibit, name, number in database.execute(query):
        found.setdefault(exhibit, {})[name] = number
    return found


def _grave(database: sqlite3.Connection) -> tuple[tuple[Unread, ...], int, int]:
    """Return the first items that were gravely not read, those that hide the most before others.

    And how many there are in all: exhibits and volumes as a whole, and items that failed.
    """
    named: list[Unread] = []
    totals = []
    for condition in (WHOLE, FAILED):
        totals.append(int(database.execute(f"SELECT COUNT(*) FROM items WHERE {condition}").fetchone()[0]))  # noqa: S608
        rows = database.execute(GRAVE.format(condition=condition), (MOST_GRAVE - len(named),))
        named += [_unread(database, row) for row in rows]
    return tuple(named), totals[0], totals[1]


def _unread(database: sqlite3.Connection, row: tuple[Any, ...]) -> Unread:
    exhibit, path, status, reason, in_part, counted, number, sha256 = row
    apart = reason.endswith(APART) and not path
    found = elsewhere(database, number, sha256.lower()) if apart else None
    return Unread(
        exhibit,
        path,
        status,
        reason,
        bool(in_part),
        (found.exhibit if found else "") if apart else None,
        found is not None and found.opened,
        bool(counted),
    )
