"""What a run goes on from, held against what the ledger vouches for.

Rows that a checkpoint stored never change, and its digest is in the ledger. Work that is still to be done does change:
the row of an exhibit that is open, and its containers, with the place behind which a run goes on. Whoever writes there
what was never so makes evidence vanish without a trace, so each ledger entry behind which they are other than before
(``exhibit.acquired``, ``exhibit.moved``, ``run.checkpoint``) has their digests as ``details.work``, and a run goes on
from nothing else. See ``docs/adr/0011-what-a-checkpoint-vouches-for.md``.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from actionday.ledger import Action, Json, beginning
from actionday.model import Damaged
from actionday.pipeline import pending
from actionday.storage.case import Case
from actionday.storage.case_parts import DATABASE
from actionday.storage.database.rows import Values
from actionday.storage.database.spoiled import cause
from actionday.storage.database.work import (
    MODULUS,
    added,
    containers_of,
    exhibit_digest,
    stored,
    sum_digest,
)

TAKEN = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})
ROW, CONTAINERS = "row", "containers"
TELLING = (
    Action.EXHIBIT_ACQUIRED,
    Action.EXHIBIT_MOVED,
    Action.EXHIBIT_CLOSED,
    Action.EXHIBIT_REOPENED,
    Action.RUN_STARTED,
    Action.RUN_CHECKPOINT,
)
LEAVES = (
    "SELECT leaf FROM ledger_entry WHERE leaf LIKE ? OR leaf LIKE ? OR leaf LIKE ? OR leaf LIKE ? OR leaf LIKE ? "
    "OR leaf LIKE ? ORDER BY idx"
)
"""How they are asked for where nobody has gone through the ledger yet."""
PARTS = {
    ROW: "its row in the table of exhibits",
    CONTAINERS: "its containers, which say where a run goes on",
}

ANEW = "; to take the exhibit in anew, give it another --exhibit"


class Altered(Damaged):
    """The database is not what the ledger recorded of it: nobody goes on from there."""

    def __init__(self, case: Case, what: str, then: str = "") -> None:
        super().__init__(
            f"{case.folder}: {DATABASE} is not what the ledger recorded ({what}): nothing more is read. "
            f"actionday verify names it{then}"
        )


@contextmanager
def unforeseen(case: Case) -> Iterator[None]:
    """Blame the database for rows that stand where only this run stores any."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode not in TAKEN:
            raise
        raise Altered(case, f"a row is there that no run stored: {error}") from error


class Touched(NamedTuple):
    """What a checkpoint is about to change, and what its containers add to the sums of their exhibits before."""

    items: list[bytes]
    exhibits: set[int]
    before: Mapping[int, int]


class Recorded:
    """What the ledger says of exhibits and of their work, leaf by leaf in its order."""

    def __init__(self) -> None:
        self.acquired: set[str] = set()
        self.closed: set[str] = set()
        self.work: dict[str, Json] = {}
        """Of those that are open, where it says it."""
        self.seq = 0
        """Of the last checkpoint."""
        self.items = 0
        """What the last run stored, by its checkpoints."""
        self.readable = True
        """Whether every leaf was an entry."""

    def take(self, leaf: bytes) -> None:
        """Take the next leaf of the actions in ``TELLING``."""
        try:
            self._take(leaf)
        except (ValueError, KeyError, TypeError):
            self.readable = False

    def _take(self, leaf: bytes) -> None:
        entry = msgspec.json.decode(leaf)
        action, subject, details = entry["action"], entry["subject"], entry["details"]
        if action == Action.EXHIBIT_ACQUIRED:
            self.acquired.add(subject)
        elif action == Action.EXHIBIT_CLOSED:
            self.closed.add(subject)
        elif action == Action.EXHIBIT_REOPENED:
            self.closed.discard(subject)
        elif action == Action.RUN_STARTED:
            self.items = 0
        elif action == Action.RUN_CHECKPOINT:
            self.seq = details["seq"]
            self.items += int(details.get("items", 0))
        take(self.work, action, details)


class Work:
    """The work still to be done of the exhibits of a run, as it was last vouched for."""

    def __init__(self, case: Case, recorded: Recorded | None = None) -> None:
        """Raises Altered where an entry cannot be read."""
        self._case, self._recorded = case, recorded or recorded_in(case)
        if not self._recorded.readable:
            raise Altered(case, "an entry of the ledger cannot be read")
        self._names: dict[int, str] = {}
        self._rows: dict[int, str] = {}
        self._sums: dict[int, int] = {}
        self._next: tuple[dict[int, str], dict[int, int]] = ({}, {})

    # before a run

    @property
    def seq(self) -> int:
        """Number of the last checkpoint in the ledger, 0 before the first."""
        return self._recorded.seq

    def hold(self, name: str, number: int | None, state: str) -> None:
        """Hold an exhibit against the ledger before it is gone on with. Raises Altered.

        ``number`` None: the table has no such exhibit. One that an older version left open is taken as it is found.
        """
        acquired, closed = name in self._recorded.acquired, name in self._recorded.closed
        if acquired != (number is not None):
            held = "is gone from the table" if acquired else "was never acquired"
            raise Altered(self._case, f"exhibit {name!r} {held}")
        if number is None:
            return
        if (state == "complete") != closed:
            ever = "closed it" if closed else "never closed it"
            raise Altered(self._case, f"exhibit {name!r} is {state!r} in the table, the ledger {ever}")
        if closed:
            return
        try:
            self._look(name, number)
        except (sqlite3.OperationalError, OverflowError) as error:
            raise Altered(self._case, f"exhibit {name!r}: {cause(error) or error}") from error
        if difference := differing(self._of(number), self._recorded.work.get(name)):
            raise Altered(self._case, f"exhibit {name!r}: {difference}", ANEW)

    def begin(self, name: str, number: int) -> dict[str, Json]:
        """Take a new exhibit, within the transaction that made it; return what the ledger says of it."""
        self._look(name, number)
        return {name: self._of(number)}

    @contextmanager
    def moved(self, name: str, number: int) -> Iterator[Callable[[], dict[str, Json]]]:
        """Hold the row of an exhibit before it is changed in this transaction; gives what to tell of it then."""
        if number not in self._rows:  # one that is closed
            yield dict
            return
        self._same_row(self._case.database, number)

        def told() -> dict[str, Json]:
            self._rows[number] = exhibit_digest(self._case.database, number)
            return {"work": {name: self._of(number)}}

        yield told

    def _look(self, name: str, number: int) -> None:
        self._names[number] = name
        self._rows[number] = exhibit_digest(self._case.database, number)
        self._sums[number] = containers_of(self._case.database, number)

    def _of(self, number: int) -> dict[str, Json]:
        return {ROW: self._rows[number], CONTAINERS: sum_digest(self._sums[number])}

    # in a run

    def touched(self, database: sqlite3.Connection, updates: Sequence[tuple[str, Values]]) -> Touched:
        """Return what a checkpoint is about to change, within its transaction. Raises Altered."""
        found = [pending.touched(*each) for each in updates]
        items = list(dict.fromkeys(item for item, _ in found if item is not None))
        exhibits = {number for _, number in found if number is not None}
        for number in exhibits & self._rows.keys():
            self._same_row(database, number)
        return Touched(items, exhibits, _by_exhibit(stored(database, items)))

    def told(self, database: sqlite3.Connection, touched: Touched) -> dict[str, Json]:
        """Return what the ledger says of the exhibits whose work changed, in the checkpoint's transaction."""
        now = _by_exhibit(stored(database, touched.items))
        changed = (now.keys() | touched.before.keys() | touched.exhibits) & self._rows.keys()
        rows, sums = self._next = ({}, {})
        found: dict[str, Json] = {}
        for number in sorted(changed):
            rows[number] = exhibit_digest(database, number)
            sums[number] = (self._sums[number] - touched.before.get(number, 0) + now.get(number, 0)) % MODULUS
            found[self._names[number]] = {ROW: rows[number], CONTAINERS: sum_digest(sums[number])}
        return found

    def settle(self) -> None:
        """Take note that the checkpoint is stored."""
        rows, sums = self._next
        self._rows |= rows
        self._sums |= sums
        self._next = ({}, {})

    def close(self, database: sqlite3.Connection, number: int) -> None:
        """Hold an exhibit against what this run made of it, before it is closed with it. Raises Altered."""
        self._same_row(database, number)
        if containers_of(database, number) != self._sums[number]:
            raise Altered(self._case, f"exhibit {self._names[number]!r}: {PARTS[CONTAINERS]}")

    def _same_row(self, database: sqlite3.Connection, number: int) -> None:
        if exhibit_digest(database, number) != self._rows[number]:
            raise Altered(self._case, f"exhibit {self._names[number]!r}: {PARTS[ROW]}")


def recorded_in(case: Case) -> Recorded:
    """Return what the ledger says, where nobody has gone through it yet."""
    found = Recorded()
    for (leaf,) in case.database.execute(LEAVES, [f"{beginning(action)}%" for action in TELLING]):
        found.take(leaf)
    return found


def take(work: dict[str, Json], action: str, details: Mapping[str, Json]) -> None:
    """Take what an entry says of work still to be done into ``work``, in the order of the ledger.

    A checkpoint of an older version says nothing: what was said before is no longer so.
    """
    said = details.get("work")
    if isinstance(said, Mapping):
        work |= said
    elif action == Action.RUN_CHECKPOINT:
        work.clear()


def differing(found: Mapping[str, Json], recorded: Json) -> str:
    """Return which part of the work of an exhibit is not as it was last recorded, "" for none."""
    if not isinstance(recorded, Mapping):
        return ""
    other = next((part for part in PARTS if found[part] != recorded.get(part)), None)
    return f"{PARTS[other]}: not as the last checkpoint left it" if other else ""


def work_of(database: sqlite3.Connection, number: int) -> dict[str, Json]:
    """Return the digests of an exhibit's work as it is stored. Reads all of its containers."""
    return {
        ROW: exhibit_digest(database, number),
        CONTAINERS: sum_digest(containers_of(database, number)),
    }


def _by_exhibit(found: Iterator[Values]) -> Mapping[int, int]:
    total: Counter[int] = Counter()
    for row in found:
        number = row[1] if isinstance(row[1], int) else -1
        total[number] = (total[number] + added([row])) % MODULUS
    return total
