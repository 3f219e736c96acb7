"""The slow lane: what waits in the case is given to the workers one by one, behind everything else.

What the database has as ``queued`` is all the work there is: a run that is killed loses none of it. See
``docs/adr/draft-slow-lane.md``.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from actionday.model import Kind, SlowParser, Status
from actionday.model.counted import parted
from actionday.model.progress import Lane, Rate
from actionday.model.waiting import awaited
from actionday.parsers import Parsers
from actionday.pipeline import as_stored
from actionday.pipeline.containers import Containers
from actionday.pipeline.exhibits import Exhibit
from actionday.pipeline.jobs import Job, Jobs, Priority
from actionday.pipeline.locate import place_of
from actionday.pipeline.messages import Examine, Located, Opened, Results, Row, Scope, Slow
from actionday.pipeline.outcome import both
from actionday.pipeline.surrounding import Surrounding
from actionday.pipeline.writer import Writer
from actionday.storage.database.rows import ITEM_COLUMNS, READ

AT_ONCE = 200
"""Rows that are asked for at once."""
COLUMNS = ", ".join(f"i.{name.strip()}" for name in ITEM_COLUMNS.split(","))
WAITING = (
    f"SELECT i.n, {COLUMNS}, c.mime FROM items i LEFT JOIN contents c ON {READ} "  # noqa: S608 - constants
    "WHERE i.exhibit = ? AND i.status = 'queued' AND i.n > ? ORDER BY i.n LIMIT ?"
)
ALIKE = f"SELECT {COLUMNS} FROM items i WHERE i.sha256 = ? AND +i.status = 'queued'"  # noqa: S608 - constants
KINDS = (
    "SELECT c.mime, CASE WHEN i.sha256 IS NULL THEN i.reason END, COUNT(*) FROM items i "  # noqa: S608 - constants
    f"LEFT JOIN contents c ON {READ} WHERE i.exhibit = ? AND i.status = 'queued' GROUP BY 1, 2"
)


class Waiting(NamedTuple):
    """What of an exhibit waits: how many items can be done now, and how many cannot, by the reason."""

    able: int
    unable: Mapping[str, int]

    def said(self, exhibit: str) -> list[str]:
        """Return sentences on what cannot be done."""
        return [
            f"exhibit {exhibit!r}: {parted(count, 'item')} {'waits' if count == 1 else 'wait'} ({why})"
            for why, count in sorted(self.unable.items())
        ]


class SlowLane:
    """Takes what is queued of exhibits to its end; ``without``: plug-ins that are switched off, by name."""

    def __init__(
        self,
        database: sqlite3.Connection,
        without: Collection[str],
        clock: Callable[[], float],
        *,
        on: bool = True,
    ) -> None:
        """``on``: whether anything of it is to be done."""
        self._database, self._without, self._rate, self._on = database, frozenset(without), Rate(clock), on
        self._readers: Parsers | None = None
        self._ordered: set[bytes] = set()
        """SHA-256 of what was ordered: it is read once, for all items that hold it."""
        self._around = Surrounding(database)
        self._all = self._done = 0

    @property
    def left_out(self) -> list[str]:
        """What is not to be done, as a run records it; nothing where all is."""
        return sorted(self._without) if self._on else ["slow"]

    def waiting(self, exhibit: int) -> Waiting:
        """Return how many items of an exhibit wait, and why those do that cannot be done."""
        able, unable = 0, Counter[str]()
        for mime, reason, count in self._database.execute(KINDS, (exhibit,)).fetchall():
            why = self._why_not(mime, reason)
            if why:
                unable[why] += count
            else:
                able += count
        return Waiting(able, unable)

    def _why_not(self, mime: str | None, reason: str | None) -> str:
        """Return why what has a type, or (not read yet) a reason, cannot be done, "" where it can."""
        if not self._on:
            return "the slow lane is switched off"
        if reason is not None:
            name = awaited(reason)
            return f"{name}: switched off" if name in self._without else ""
        reader = None if mime is None else self._reader(mime)
        if reader is None:
            return f"{mime or 'what nobody knows'}: nobody here reads it slowly"
        if reader.slow in self._without:
            return f"{reader.slow}: switched off"
        return f"{reader.slow}: {lacks}" if (lacks := reader.lacks()) else ""

    def _reader(self, mime: str) -> SlowParser | None:
        if self._readers is None:  # loaded only where something waits
            self._readers = Parsers.load()
        return self._readers.slow(mime)

    # what is put in

    def orders(self, exhibit: Exhibit, jobs: Jobs, containers: Containers) -> Iterator[None]:
        """Queue what waits of an exhibit, a little at a time: whoever iterates says when."""
        self._all += self.waiting(exhibit.number).able
        after = -1
        while found := self._database.execute(WAITING, (exhibit.number, after, AT_ONCE)).fetchall():
            after = found[-1][0]
            for _, *values, mime in found:
                row = as_stored.row(values)
                if self._why_not(mime, row.reason if row.sha256 is None else None):
                    continue
                if row.sha256 is None:
                    self._open(exhibit, row, containers)
                elif row.sha256 not in self._ordered:
                    self._ordered.add(row.sha256)
                    self._order(exhibit, row, jobs)
                yield

    def _order(self, exhibit: Exhibit, row: Row, jobs: Jobs) -> None:
        place = place_of(self._database, row.id)
        if place is None:
            return
        own = row.kind == Kind.EXHIBIT
        scope = Scope(exhibit.number, row.parent or row.id, "", place.chain, 1, ())
        name, size = "" if own else row.path, row.size or 0
        located = Located(
            name, row.kind, row.place, row.raw, size, row.mtime, None, "", ((0, size),), row.meta
        )
        slow = Slow(row.sha256 or b"", self._around.of(exhibit.number, row.path))
        order = Examine(jobs.number(), scope, (located,), exhibit.budget(b""), slow=slow)
        jobs.add(Job(order, exhibit.number, None, Priority.SLOW))

    def _open(self, exhibit: Exhibit, row: Row, containers: Containers) -> None:
        """Queue what is opened as a container, unless an earlier run began with it."""
        place = place_of(self._database, row.id)
        if place is None or row.id in containers.open_ones:
            return
        scope = Scope(exhibit.number, row.id, row.path, place.chain, 2, ())
        name = row.path.rpartition("/")[2]
        begun = msgspec.structs.replace(row, status=Status.PARSED, reason="", opened=True)
        containers.open(exhibit.number, Opened(begun, scope, "", name, row.size or 0))

    # what comes back

    def took(self, writer: Writer, exhibits: Mapping[int, Exhibit], exhibit: int, results: Results) -> None:
        """Store what came of an order: the item, and all that hold the same bytes, in the place of what waited."""
        writer.take(exhibit, exhibits[exhibit].id, msgspec.structs.replace(results, rows=()), again=True)
        for row in results.rows:
            terms = next((each for each in results.terms if each.item == row.id), None)
            for stored, number in self._alike(row):
                if number not in exhibits or stored.id in writer.ids:
                    continue
                if row.status == Status.QUEUED and row.reason == stored.reason:
                    continue  # it waits for the same as before
                changed = row.sha256 is None or not row.reading or row.status == Status.QUEUED
                new = msgspec.structs.replace(
                    stored,
                    status=row.status,
                    reason=both(_own(stored.reason), row.reason),
                    reading=stored.reading if changed else row.reading,
                )
                writer.replace(number, exhibits[number].id, new, terms)
                self._done += 1

    def _alike(self, row: Row) -> Iterable[tuple[Row, int]]:
        query = f"SELECT {ITEM_COLUMNS} FROM items WHERE id = ? AND status = 'queued'"  # noqa: S608
        own = self._database.execute(query, (row.id,)).fetchall()
        if row.sha256 is not None and own and own[0][9] == row.sha256:
            own = self._database.execute(ALIKE, (row.sha256,)).fetchall()
        return [(as_stored.row(values), int(values[2])) for values in own]

    def lane(self) -> Lane | None:
        """Return how far it is; None where nothing waits."""
        if not self._all:
            return None
        rate = self._rate.update(self._done)
        left = max(0, self._all - self._done)
        return Lane(
            done=self._done, left=left, rate=round(rate, 2), eta=self._rate.left(self._done, self._all)
        )


def _own(reason: str) -> str:
    """Return what the source of an item said of it, which stands before what it waits for; "" for nothing."""
    before = reason.rpartition("; ")[0]
    return "" if "wait" in before else before
