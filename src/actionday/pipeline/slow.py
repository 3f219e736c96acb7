"""The slow lane: what waits in the case is given to the workers one by one, behind everything else.

What the database has as ``queued`` is all the work there is: a run that is killed loses none of it. See
``docs/adr/0025-slow-lane.md``.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
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
from actionday.pipeline.surrounding import Surrounding
from actionday.pipeline.writer import Writer
from actionday.storage.database.rows import ITEM_COLUMNS, READ

AT_ONCE = 2000
"""Rows that are asked for at once, some MB."""
COLUMNS = ", ".join(f"i.{name.strip()}" for name in ITEM_COLUMNS.split(","))
IN_PART = (
    f"FROM contents c JOIN items i ON {READ} WHERE instr(c.meta, '\"pages_without_text\"') > 0 "
    "AND instr(c.parser, ' + ') = 0 AND +i.exhibit = ?1 AND +i.status = 'parsed'"
)
"""Documents that have a text, and pages which are pictures: in the words of the index contents_in_part."""
WAITING = (
    f"SELECT i.n, {COLUMNS}, c.mime FROM items i LEFT JOIN contents c ON {READ} WHERE i.n IN ("  # noqa: S608 - constants
    "SELECT n FROM items WHERE exhibit = ?1 AND status = 'queued' AND n > ?2 UNION "
    f"SELECT i.n {IN_PART} AND i.n > ?2 ORDER BY 1 LIMIT ?3) ORDER BY i.n"
)
ALIKE = (
    f"SELECT {COLUMNS} FROM items i JOIN items o ON o.id = ?1 AND (i.id = o.id OR i.sha256 = o.sha256 "  # noqa: S608
    "AND i.reading = o.reading AND i.status = o.status) WHERE i.status IN ('queued', 'parsed')"
)
KINDS = (
    "SELECT c.mime, CASE WHEN i.sha256 IS NULL THEN i.reason END, COUNT(*) FROM items i "  # noqa: S608 - constants
    f"LEFT JOIN contents c ON {READ} WHERE i.exhibit = ?1 AND i.status = 'queued' GROUP BY 1, 2 "
    f"UNION ALL SELECT c.mime, NULL, COUNT(*) {IN_PART} GROUP BY 1"
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
            name, row.kind, row.place, row.raw, size, row.mtime, None, row.reason, ((0, size),), row.meta
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
            for stored, number in self._alike(row.id):
                if number not in exhibits or stored.id in writer.ids:
                    continue
                if row.status == Status.QUEUED and stored.status != Status.QUEUED:
                    continue  # it was read, and what waits in it waits for the same as before
                if row.status == Status.QUEUED and row.reason == stored.reason:
                    continue
                same = row.sha256 is None or not row.reading or row.status == Status.QUEUED
                reading = stored.reading if same else row.reading
                new = msgspec.structs.replace(stored, status=row.status, reason=row.reason, reading=reading)
                writer.replace(number, exhibits[number].id, new, terms, before=stored.status)
                self._done += 1

    def _alike(self, item: bytes) -> list[tuple[Row, int]]:
        """Return the stored rows of an item and of all that hold the same bytes, which wait as it does."""
        found = self._database.execute(ALIKE, (item,)).fetchall()
        return [(as_stored.row(values), int(values[2])) for values in found]

    def lane(self) -> Lane | None:
        """Return how far it is; None where nothing waits."""
        if not self._all:
            return None
        rate = self._rate.update(self._done)
        left = max(0, self._all - self._done)
        return Lane(
            done=self._done, left=left, rate=round(rate, 2), eta=self._rate.left(self._done, self._all)
        )
