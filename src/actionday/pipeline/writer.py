"""The only one that writes a case during a run: objects, then index, then one transaction with rows and ledger.

Results are collected until a checkpoint. What the database does not know never happened; what it knows is whole.
"""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence

from actionday.ledger import Action, Json
from actionday.model import Kind, Loss, Status
from actionday.model.loss import tells_loss
from actionday.model.progress import FAILED
from actionday.pipeline import as_stored
from actionday.pipeline.documents import NO_FACTS, Facts, KnownFacts, Place, codes, document
from actionday.pipeline.due import Due
from actionday.pipeline.memory import give_back
from actionday.pipeline.messages import Content, Issue, Results, Row, Terms
from actionday.pipeline.objects import Objects
from actionday.pipeline.work import Work, unforeseen
from actionday.storage.case import Case, entry
from actionday.storage.database import rows, transaction
from actionday.storage.index import Document, Index, Sealing
from actionday.storage.index.metadata import NO_WORDS
from actionday.storage.objects import Packs


class Writer:
    """Takes results in, makes checkpoints."""

    def __init__(self, case: Case, index: Index, packs: Packs, work: Work, sealing: Sealing) -> None:
        self._case, self._index, self._packs, self._work = case, index, packs, work
        self.database = case.database
        self.seq = case.seq
        self._sealing = sealing
        self._facts = KnownFacts(case.database)
        self.objects = Objects(case.database, packs)
        self._clear()
        self._due = Due()
        self.counts: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self.bytes = 0
        """Of the contents of all items taken in, as ``content_bytes`` counts them."""
        self.last_path = ""

    def _clear(self) -> None:
        self._rows: list[rows.Values] = []
        self._anew: dict[bytes, rows.Values] = {}
        self._contents: list[rows.Values] = []
        self.objects.clear()
        self._issues: list[rows.Values] = []
        self._lines: set[rows.Values] = set()
        self._updates: list[tuple[str, rows.Values]] = []
        self.ids: dict[bytes, rows.Values] = {}
        self.noted: set[bytes | None] = set()
        self._entries: list[tuple[Action, str, Mapping[str, Json]]] = []
        self._weight = 0

    # what comes in

    def take(self, exhibit: int, exhibit_id: str, results: Results, *, again: bool) -> None:
        """Add the results of a job; ``again``: some of its items may be stored already and are left out."""
        self.objects.take(results)
        hashes = (row.sha256 for row in results.rows if row.sha256)
        self._facts.look_up([*(each.sha256 for each in results.contents), *hashes])
        for content in results.contents:
            self.content(content)
        fresh = self._fresh(results.rows)
        if len(fresh) < len(results.rows) and not again:
            self._twice(exhibit, results.rows, fresh)
        spoken: dict[tuple[bytes, bytes | None], Terms] = {
            (each.item, each.sha256): each for each in results.terms
        }
        self._index.add(self._document(exhibit_id, row, spoken.get((row.id, row.sha256))) for row in fresh)
        for row in fresh:
            self.row(exhibit, row)
        for issue in results.issues:
            self.issue_once(exhibit, issue)
        for row in fresh:
            self._failed(exhibit, row)
        self._weight += sum(sum(map(len, each.body)) for each in results.terms)

    def _failed(self, exhibit: int, row: Row) -> None:
        """See to it that what failed, and a volume that nobody reads, has a line in the issue log that says so."""
        unread = row.status == Status.UNSUPPORTED and as_stored.holds_others(row)
        if not (row.status in FAILED or unread) or any(
            each[2] == row.id and tells_loss(str(each[5])) for each in self._issues
        ):
            return
        stored = self._case.database.execute("SELECT code FROM issues WHERE item = ?", (row.id,))
        if not any(tells_loss(code) for (code,) in stored):
            code = Loss.VOLUME_UNREAD if unread else row.status
            self.issue(exhibit, Issue(row.id, "read", row.path, code, row.reason))

    def _fresh(self, found: Sequence[Row]) -> list[Row]:
        stored = rows.known(self._case.database, [row.id for row in found], containers=False)
        firsts: dict[bytes, Row] = {}
        for row in found:
            firsts.setdefault(row.id, row)
        return [row for row in firsts.values() if row.id not in self.ids and row.id not in stored]

    def _twice(self, exhibit: int, found: Sequence[Row], fresh: Sequence[Row]) -> None:
        """Say which items stand at a place that another has: a defect of their source, still no end of the run."""
        kept = {id(row) for row in fresh}
        for row in found:
            if id(row) not in kept:
                reason = f"its source gave two items the place {row.place!r}; this one is not listed"
                self.issue(exhibit, Issue(row.id, "list", row.path, Loss.PLACE_TWICE, reason))

    def has(self, item: bytes) -> bool:
        """Say whether an item is stored, or about to be."""
        return item in self.ids or bool(rows.known(self._case.database, [item]))

    def listed(self, item: bytes) -> bool:
        """Say whether the row of an item is stored, or about to be."""
        return item in self.ids or bool(rows.known(self._case.database, [item], containers=False))

    def has_children(self, item: bytes) -> bool:
        """Say whether anything that came out of a container is stored, or about to be."""
        query = "SELECT 1 FROM items WHERE parent = ? LIMIT 1"
        return any(row[1] == item for row in self._rows) or bool(
            self._case.database.execute(query, (item,)).fetchone()
        )

    def stored_ids(self, items: Sequence[bytes]) -> set[bytes]:
        """Return those items that are stored, or about to be."""
        return rows.known(self._case.database, items) | self.ids.keys() & {*items}

    def row(self, exhibit: int, row: Row) -> None:
        """Add an item; its index document must have been added."""
        self.last_path = row.path
        self._rows.append(as_stored.item(row, exhibit, self.seq + 1))
        self.ids[row.id] = self._rows[-1]
        if as_stored.is_counted(row):
            self.counts[row.status] += 1
        if row.sha256 is not None and not (row.kind == Kind.EXHIBIT and row.opened):
            self.bytes += row.size or 0

    def late(self, exhibit: int, exhibit_id: str, row: Row, terms: Terms | None) -> None:
        """Add the item of a container that has been gone through."""
        if as_stored.waits(self._case.database, row.id):
            self.replace(exhibit, exhibit_id, row, terms)
            return
        self._index.add([self._document(exhibit_id, row, terms)])
        self.row(exhibit, row)
        self._failed(exhibit, row)

    def replace(
        self, exhibit: int, exhibit_id: str, row: Row, terms: Terms | None, *, before: str = Status.QUEUED
    ) -> None:
        """Put an item in the place of itself as it waited, of status ``before``; that is stored, and kept as it was."""
        self.last_path = row.path
        self._index.add([self._document(exhibit_id, row, terms)], anew=True)
        self._anew[row.id] = self.ids[row.id] = as_stored.item(row, exhibit, self.seq + 1)
        if as_stored.is_counted(row):
            self.counts[before] -= 1
            self.counts[row.status] += 1
        self._failed(exhibit, row)
        self._weight += sum(map(len, terms.body)) if terms else 0

    def issue(self, exhibit: int | None, issue: Issue) -> None:
        """Add a line to the issue log."""
        line = _line(exhibit, issue)
        self._issues.append((self.seq + 1, *line))
        self._lines.add(line)
        self.noted.add(issue.item)
        self.failures[issue.code] += 1

    def issue_once(self, exhibit: int, issue: Issue) -> None:
        """Add a line to the issue log unless it stands there: what is gone through again says the same again.

        Nor does a line stand twice that was said twice at once, or a run that was killed would have fewer.
        """
        line = _line(exhibit, issue)
        if line not in self._lines and not rows.has_issue(self._case.database, line):
            self.issue(exhibit, issue)

    def content(self, content: Content) -> None:
        """Add a content if it is new, or was not read in this way before."""
        if content.reading in self._facts.of(content.sha256):
            return
        languages = codes(content.language, content.segments.decode() if content.segments else None)
        meta = content.meta.decode() if content.meta else None
        facts = Facts(content.mime, languages, content.script, meta, content.text)
        self._facts.add(content.sha256, content.reading, facts)
        self._contents.append(as_stored.content(content, self.seq + 1))

    def text_of(self, sha256: bytes, reading: bytes) -> bytes | None:
        """Return the SHA-256 of a content's text as it was read, stored or about to be."""
        facts = self._facts.of(sha256).get(reading)
        return None if facts is None else facts.text

    def read_within(self, item: bytes, sha256: bytes) -> list[bytes]:
        """Return how items that came out of a container and are all of it were read, as a message of its file is."""
        query = "SELECT reading FROM items WHERE +parent = ? AND sha256 = ?"  # by hash: it may hold a million
        fresh = [row[-1:] for row in self._rows if row[1] == item and row[9] == sha256]
        stored = self._case.database.execute(query, (item, sha256)).fetchall()
        return [bytes(each) for (each,) in (*fresh, *stored)]

    def update(self, statement: str, values: rows.Values) -> None:
        """Run a statement in the next checkpoint's transaction (work state: containers, exhibits)."""
        self._updates.append((statement, values))

    def record(self, action: Action, subject: str, details: Mapping[str, Json]) -> None:
        """Add a ledger entry to the next checkpoint."""
        self._entries.append((action, subject, details))

    # index documents

    def _document(self, exhibit_id: str, row: Row, terms: Terms | None) -> Document:
        readings = self._facts.of(row.sha256) if row.sha256 else {}
        shown = (row.path, row.kind, row.status, row.mtime, row.sha256)
        place = Place(row.id, self.seq + 1, exhibit_id, *shown, row.meta)
        words = (terms.body, terms.alt) if terms else NO_WORDS
        facts = readings.get(row.reading, NO_FACTS)
        return document(place, facts, words, otherwise=len(readings) > (row.reading in readings))

    # checkpoints

    def due(self) -> bool:
        """Say whether it is time for a checkpoint."""
        waits = bool(self._rows or self._anew or self._entries)
        return self._due.now(waits=waits, weight=self._weight + self.objects.weight)

    def soon(self) -> None:
        """Let the next checkpoint come soon: something came in that should outlive a kill."""
        self._due.soon()

    def checkpoint(self) -> None:
        """Make everything taken so far durable, in the order that a kill at any moment leaves whole."""
        taken = (
            self._rows,
            self._anew,
            self._updates,
            self._entries,
            self._issues,
            self.objects.fresh,
            self._contents,
        )
        if not any(taken):
            return
        seq = self.seq + 1
        self._packs.flush()
        self._sealing.before()
        self._index.commit(seq)
        sealed = self._sealing.now()
        with transaction(self._case.database) as database, unforeseen(self._case):
            touched = self._work.touched(database, self._updates)
            written = self._insert(database, seq)
            self._case.put({"seq": str(seq)})
            details: dict[str, Json] = {"seq": seq, "items": len(self._rows), "rows": written}
            details |= {"anew": len(self._anew)} if self._anew else {}
            details |= {"work": self._work.told(database, touched), **({"index": sealed} if sealed else {})}
            entries = [(Action.RUN_CHECKPOINT, "", details), *self._entries]
            self._case.ledger().append_many([entry(*each) for each in entries])
        self.seq = seq
        self._work.settle()
        self._due.made(rows=bool(self._rows or self._anew))
        self._facts.settle()
        self._clear()
        give_back()

    def seal(self, *, hurried: bool) -> dict[str, str]:
        """Close the index and return the digests of its segments; nothing can be added behind it.

        ``hurried``: see ``Index.close``. Raises IndexDamaged where somebody altered one while the run went on.
        """
        self._index.close(hurried=hurried)
        return self._sealing.last()

    def _insert(self, database: sqlite3.Connection, seq: int) -> str:
        """Store what was taken in; return the digest of that, not of what the tables hold."""
        found = list(self.objects.rows(seq))
        rows.insert(database, rows.ITEMS, self._rows)
        rows.replace(database, list(self._anew.values()))
        rows.insert(database, rows.CONTENTS, self._contents)
        rows.insert(database, rows.OBJECTS, found)
        rows.insert(database, rows.ISSUES, self._issues)
        for statement, values in self._updates:
            database.execute(statement, values)
        return rows.digest_as_written(
            [*self._rows, *self._anew.values()], self._contents, found, self._issues
        )


def _line(exhibit: int | None, issue: Issue) -> rows.Values:
    return exhibit, issue.item, issue.stage, issue.path, issue.code, issue.reason
