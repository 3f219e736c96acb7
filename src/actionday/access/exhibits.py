"""Exhibits: what was acquired, its hashes, the imager's hash against ours, and the tree of what is inside."""

import re
import sqlite3
from typing import Any, NamedTuple, Protocol

from actionday.access import stored
from actionday.access.items import COLUMNS, TABLES, Item, item_of
from actionday.access.missing import IMAGED, Missing, hash_unknown, missing, not_compared
from actionday.storage.database.balance import COUNTED, Balance

FIGURES = re.compile("([0-9]+)")
PAGE = 100


class Source(NamedTuple):
    """One file or folder of an exhibit on the host."""

    path: str
    size: int
    folder: bool
    named: bool
    sha256: str | None
    md5: str | None
    sha1: str | None


class Compared(NamedTuple):
    """A hash that the imager stored, and ours of the same bytes; ``equal`` is None while ours is not known."""

    algorithm: str
    stored: str
    ours: str | None
    why: str | None = None
    """Why there is none of ours and will be none: the disk cannot be read whole."""

    @property
    def equal(self) -> bool | None:
        """Say whether both are the same."""
        return None if self.ours is None else self.ours == self.stored


class Exhibit(NamedTuple):
    """One exhibit; ``acquisition`` holds what the imager stored, ``root`` says whether it could be opened."""

    number: int
    id: str
    state: str
    size: int
    sources: list[Source]
    acquisition: dict[str, Any]
    balance: Balance
    root: Item | None
    compared: list[Compared]
    losses: int
    """Lines of the issue log that tell what of it is not in the case."""
    degraded: int
    """Arrays and groups of disks in it that are read without a disk that is missing."""

    @property
    def missing(self) -> Missing | None:
        """Return what of the disk in it cannot be had."""
        return missing(self.acquisition)

    @property
    def hash_unknown(self) -> str:
        """Return why it is not known what hash its imager noted."""
        return hash_unknown(self.acquisition)

    @property
    def not_whole(self) -> bool:
        """Say whether a part of it is known not to be there or could not be listed: not all its files can be told."""
        return self.missing is not None or (self.root is not None and self.root.status == "unreadable")

    @property
    def differs(self) -> bool:
        """Say whether a stored hash is not ours: the image is not what its imager made."""
        return any(each.equal is False for each in self.compared)


class Branch(NamedTuple):
    """A name in a folder of the tree; ``item`` is None where only what lies below is known.

    ``below``: everything under it, folders and volumes too; ``counted``: the items among that, as in the balance.
    """

    name: str
    path: str
    item: Item | None
    below: int
    counted: int


class Folder(NamedTuple):
    """A page of a folder's names; ``next`` is the name to go on from."""

    branches: list[Branch]
    next: str | None


def exhibit_numbers(database: sqlite3.Connection) -> dict[str, int]:
    """Return the number of every exhibit by its ID, in the order of acquisition."""
    return dict(database.execute("SELECT id, number FROM exhibits ORDER BY number"))


class Counts(Protocol):
    """What is counted of exhibits by their number, as a ``Tally`` keeps it."""

    def balance(self, exhibit: int | None = None) -> Balance:
        """Return the balance of an exhibit."""

    def losses(self, exhibit: int) -> int:
        """Return how many lines tell a loss of it."""

    def degraded(self, exhibit: int) -> int:
        """Return how many arrays in it are read without a disk."""


def exhibits(database: sqlite3.Connection, counts: Counts) -> list[Exhibit]:
    """Return every exhibit in the order of acquisition."""
    rows = database.execute(
        "SELECT number, id, state, size, sources, acquisition FROM exhibits ORDER BY number"
    )
    return [_exhibit(database, row, counts) for row in rows.fetchall()]


def is_open(database: sqlite3.Connection, number: int) -> bool:
    """Say whether an exhibit was not gone through to its end."""
    row = database.execute("SELECT state FROM exhibits WHERE number = ?", (number,)).fetchone()
    return row is not None and row[0] != "complete"


def find_exhibit(database: sqlite3.Connection, number: int, counts: Counts) -> Exhibit | None:
    """Return an exhibit by its number."""
    query = "SELECT number, id, state, size, sources, acquisition FROM exhibits WHERE number = ?"
    row = database.execute(query, (number,)).fetchone()
    return None if row is None else _exhibit(database, row, counts)


def _exhibit(database: sqlite3.Connection, row: tuple[Any, ...], counts: Counts) -> Exhibit:
    facts = stored.facts(row[5])
    sources = sources_of(row[4])
    root = f"SELECT {COLUMNS} FROM {TABLES} WHERE i.exhibit = ? AND i.path = '' AND i.parent IS NULL LIMIT 1"  # noqa: S608
    found = database.execute(root, (row[0],)).fetchone()
    return Exhibit(
        number=row[0],
        id=row[1],
        state=row[2],
        size=max(row[3], sum(each.size for each in sources)),  # the row has all of them once it is complete
        sources=sources,
        acquisition=facts,
        balance=counts.balance(row[0]),
        root=None if found is None else item_of(found),
        compared=compared(facts),
        losses=counts.losses(row[0]),
        degraded=counts.degraded(row[0]),
    )


def sources_of(text: str) -> list[Source]:
    """Return the sources of an exhibit as the database holds them."""
    return [_source(each) for each in stored.records(text)]


def _source(facts: dict[str, Any]) -> Source:
    return Source(
        str(facts.get("path", "?")),
        int(facts.get("size") or 0),
        facts.get("folder", False),
        facts.get("named", True),
        facts.get("sha256"),
        facts.get("md5"),
        facts.get("sha1"),
    )


def compared(facts: dict[str, Any]) -> list[Compared]:
    """Return the hashes that an imager stored (over the disk inside, not over its files) beside ours."""
    noted, media = (part if isinstance(part := facts.get(key), dict) else {} for key in (IMAGED, "media"))
    why = not_compared(facts)
    return [
        Compared(name, str(noted[name]).lower(), media.get(name), None if media.get(name) else why)
        for name in ("md5", "sha1", "sha256")
        if isinstance(noted.get(name), str)
    ]


def folder(database: sqlite3.Connection, exhibit: int, path: str, after: str = "") -> Folder:
    """Return the names directly below ``path`` ("" is the root), in order, from behind ``after``.

    Goes from name to name by the index on paths, so that a folder of a million files costs a page: one of several
    pages is in the order of the characters; all of one page are as people count, d2 before d10.
    """
    prefix = f"{path}/" if path else ""
    at = prefix + after + "0" if after else prefix
    seen: set[str] = set()
    found: list[Branch] = []
    query = "SELECT path FROM items WHERE exhibit = ? AND path >= ? AND path < ? ORDER BY path LIMIT 1"
    end = f"{path}0" if path else "\U0010ffff"
    while len(found) <= PAGE:
        row = database.execute(query, (exhibit, at, end)).fetchone()
        if row is None:
            return Folder(found if after else sorted(found, key=_as_people_count), None)
        name = row[0][len(prefix) :].partition("/")[0]
        whole = prefix + name
        if row[0] == prefix or not row[0]:
            at = f"{row[0]}\0"
            continue
        exact = row[0] == whole
        if name not in seen and (exact or not _exists(database, exhibit, whole)):
            seen.add(name)
            found.append(_branch(database, exhibit, name, whole))
        at = f"{whole}\0" if exact else f"{whole}0"
    last = found[PAGE - 1]
    return Folder(found[:PAGE], last.name)


def _as_people_count(branch: Branch) -> list[tuple[int, str]]:
    """Return what to sort a name by: its figures by their number, all else by its characters."""
    parts = (part.lstrip("0") if n % 2 else part for n, part in enumerate(FIGURES.split(branch.name)))
    return [(len(part) if n % 2 else 0, part) for n, part in enumerate(parts)]


def _exists(database: sqlite3.Connection, exhibit: int, path: str) -> bool:
    query = "SELECT 1 FROM items WHERE exhibit = ? AND path = ? LIMIT 1"
    return database.execute(query, (exhibit, path)).fetchone() is not None


def _branch(database: sqlite3.Connection, exhibit: int, name: str, path: str) -> Branch:
    query = f"SELECT {COLUMNS} FROM {TABLES} WHERE i.exhibit = ? AND i.path = ? ORDER BY i.n LIMIT 1"  # noqa: S608
    row = database.execute(query, (exhibit, path)).fetchone()
    below = (
        f"SELECT COUNT(*), COALESCE(SUM({COUNTED}), 0) FROM items "  # noqa: S608 - constant
        "WHERE exhibit = ? AND path >= ? AND path < ?"
    )
    count, counted = database.execute(below, (exhibit, f"{path}/", f"{path}0")).fetchone()
    return Branch(name, path, None if row is None else item_of(row), int(count), int(counted))


def hash_differs(database: sqlite3.Connection, number: int) -> bool:
    """Say whether a hash that the imager stored with an exhibit is not ours."""
    row = database.execute("SELECT acquisition FROM exhibits WHERE number = ?", (number,)).fetchone()
    return row is not None and any(each.equal is False for each in compared(stored.facts(row[0])))
