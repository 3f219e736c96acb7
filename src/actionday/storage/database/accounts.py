"""The account of each exhibit: what was found of it and what became of that, its losses, and what to name first.

Source: DESIGN invariant 5 (found = parsed + known good + skipped + failed, by exhibit).
"""

import sqlite3

import msgspec

from actionday.storage.database.balance import COUNTED, Balance, balance_of
from actionday.storage.database.disks import with_disks
from actionday.storage.database.lacking import TELLS_LOSS
from actionday.storage.database.own_files import each_of

MOST_GRAVE = 20
"""Items that a proof names one by one: a page of a report; ``export items`` has all."""
FAILED = "status IN ('encrypted', 'unreadable', 'quarantined')"
"""In the words of the index items_failed."""
WHOLE = "status = 'unsupported' AND kind IN ('exhibit', 'volume')"
"""An exhibit or a volume that nothing opened: all that may lie in it is unread."""


class Unread(msgspec.Struct, frozen=True):
    """An item that was not read: its exhibit, its path ("" is the exhibit as a whole), its state and why."""

    exhibit: str
    path: str
    status: str
    reason: str


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


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    """Every exhibit in the order of acquisition, and what of them was gravely not read: the first are named."""

    exhibits: tuple[Account, ...]
    grave: tuple[Unread, ...]
    """Items that are unreadable, encrypted or quarantined, and exhibits and volumes that nothing opened."""
    more: int
    """How many of them are not named."""

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
    grave, more = _grave(database)
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
            )
            for number, name, complete in exhibits
        ),
        grave=grave,
        more=more,
    )


def _by_exhibit(database: sqlite3.Connection, query: str) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for exhibit, name, number in database.execute(query):
        found.setdefault(exhibit, {})[name] = number
    return found


def _grave(database: sqlite3.Connection) -> tuple[tuple[Unread, ...], int]:
    """Return the first items that were gravely not read, those that hide the most before others, and how many more."""
    columns = (
        "CAST(COALESCE((SELECT id FROM exhibits WHERE number = exhibit), '') AS TEXT), CAST(path AS TEXT), "
        "CAST(status AS TEXT), CAST(COALESCE(reason, '') AS TEXT)"
    )
    named: list[Unread] = []
    total = 0
    for condition in (WHOLE, FAILED):
        total += int(database.execute(f"SELECT COUNT(*) FROM items WHERE {condition}").fetchone()[0])  # noqa: S608
        query = f"SELECT {columns} FROM items WHERE {condition} ORDER BY exhibit, path LIMIT ?"  # noqa: S608
        named += [Unread(*row) for row in database.execute(query, (MOST_GRAVE - len(named),))]
    return tuple(named), total - len(named)
