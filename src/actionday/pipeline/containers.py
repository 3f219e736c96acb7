"""The containers of a run: opened, fed, waited for, and closed when all that is in them is stored."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from actionday.model import Status
from actionday.model.identity import item_id
from actionday.pipeline import inventory, pending
from actionday.pipeline.allowance import OfFolder
from actionday.pipeline.answers import Answers
from actionday.pipeline.assembling import Wholes, hand_down
from actionday.pipeline.exhibits import LISTING, Exhibit
from actionday.pipeline.folder_links import FolderLinks
from actionday.pipeline.jobs import Container, Job, Jobs, Priority
from actionday.pipeline.keeping import Keeping
from actionday.pipeline.messages import (
    Content,
    Examine,
    HashHost,
    Listing,
    Located,
    Opened,
    Results,
    Scope,
)
from actionday.pipeline.namesakes import Namesakes
from actionday.pipeline.outcome import both
from actionday.pipeline.writer import Writer

BACKLOG = 48
"""Batches that may wait before the one who lists has to help: 12,000 items, some 10 MB."""


def batch(jobs: Jobs, exhibit: Exhibit, scope: Scope, found: tuple[Located, ...]) -> Job:
    """Queue a batch of items to be examined."""
    order = Examine(jobs.number(), scope, found, exhibit.budget(scope.archive))
    job = Job(order, exhibit.number, None, Priority.EXAMINE)
    jobs.add(job)
    return job


class Deferred(NamedTuple):
    """A container that waits, with what is to be said of it to whoever opens it."""

    exhibit: int
    opened: Opened
    resumed: bool
    after: str | None


class Containers:
    """Those that are open, by their item."""

    def __init__(
        self,
        jobs: Jobs,
        writer: Writer,
        answers: Answers,
        exhibits: dict[int, Exhibit],
        keeping: Keeping,
        *,
        known: bool,
    ) -> None:
        self._jobs, self._writer, self._answers = jobs, writer, answers
        self._exhibits, self._keeping = exhibits, keeping
        self._namesakes = Namesakes(writer, answers, known=known)
        self.open_ones: dict[bytes, Container] = {}
        self._deferred: dict[bytes, list[Deferred]] = {}
        """Those that ask for what lies beside them, by what holds them: that must be stored before they are opened."""
        self._feeds: list[Iterator[None]] = []
        self.wholes = Wholes()

    def __bool__(self) -> bool:
        """Say whether anything is open or still to be listed."""
        return bool(self.open_ones or self._feeds)

    def open_folder(
        self, exhibit: Exhibit, opened: Opened, batches: Iterator[tuple[Located, ...]], *, resumed: bool
    ) -> None:
        """Queue a folder, whose batches are listed here as fast as they are examined."""
        container = self.open_ones[opened.row.id] = Container(exhibit.number, opened, opened.scope, resumed)
        if not resumed:
            self._writer.update(pending.NEW, pending.new(exhibit.number, opened))
        self._feeds.append(self._fed(exhibit, opened.row.id, container, batches))

    def _fed(
        self, exhibit: Exhibit, item: bytes, container: Container, batches: Iterator[tuple[Located, ...]]
    ) -> Iterator[None]:
        links = FolderLinks(Path(exhibit.sources[0].path), item)
        for found in OfFolder(exhibit.limits).judged(batches):
            again = links.again(found)
            if container.resumed:
                stored = self._writer.stored_ids([item_id(item, each.place) for each in found])
                found = tuple(each for each in found if item_id(item, each.place) not in stored)
            self._examine(exhibit, item, container, found, again)
            yield
        container.listed = True
        if container.finished:
            self.close(item, container)

    def examine(self, job: Job, container: Container, listing: Listing, found: tuple[Located, ...]) -> None:
        """Queue those of what was listed that are in ``found``."""
        item, exhibit = job.container or b"", self._exhibits[job.exhibit]
        if listing.after and found:
            queued = batch(self._jobs, exhibit, container.scope, found)
            container.pending, queued.container = container.pending + 1, item
            queued.mark = [listing.after, False]
            container.marks.append(queued.mark)
        else:
            self._examine(exhibit, item, container, found, listing.again)

    def _examine(
        self,
        exhibit: Exhibit,
        item: bytes,
        container: Container,
        found: tuple[Located, ...],
        again: dict[str, bytes],
    ) -> None:
        """Queue ``found``, further names of files behind all others; ``again``: the item of the first name of each."""
        new = tuple(each for each in found if each.place not in again)
        for part in (new, tuple(each for each in found if each.place in again)):
            if part:
                queued = batch(self._jobs, exhibit, container.scope, part)
                container.pending, queued.container = container.pending + 1, item
                queued.firsts = {} if part is new else again

    def told(self, job: Job) -> int | None:
        """Store those of a batch of further names whose file was read: what is left of it is to be read.

        Return the number of a batch that the first name of one of those is in, None where there is none.
        """
        order = job.order
        if not job.firsts or not isinstance(order, Examine):
            return None
        exhibit = self._exhibits[job.exhibit]
        results = self._namesakes.told(order.scope, order.job, job.firsts, order.found)
        self._writer.take(job.exhibit, exhibit.id, results, again=job.again or exhibit.resumed)
        made = {row.place for row in results.rows}
        job.leave(tuple(each for each in order.found if each.place not in made))
        return self._jobs.first_at_work(job)

    def open(self, exhibit: int, opened: Opened, *, resumed: bool = False, after: str | None = None) -> None:
        """Queue a container to be gone through."""
        item = opened.row.id
        self.open_ones[item] = Container(exhibit, opened, opened.scope, resumed)
        if not resumed:
            self._writer.update(pending.NEW, pending.new(exhibit, opened))
        parent = opened.row.parent
        if parent is None:
            self._await_hashes(exhibit, item)
        if opened.waits and parent is not None:
            self._deferred.setdefault(parent, []).append(Deferred(exhibit, opened, resumed, after))
        else:
            self._expand(exhibit, opened, resumed=resumed, after=after)

    def _await_hashes(self, exhibit: int, root: bytes) -> None:
        """Let the exhibit's own row wait for the hashes of its files."""
        for job in self._jobs.all.values():
            if isinstance(job.order, HashHost) and job.exhibit == exhibit and job.container is None:
                job.container = root
                self.open_ones[root].pending += 1

    def _expand(self, exhibit: int, opened: Opened, *, resumed: bool, after: str | None = None) -> None:
        budget = self._exhibits[exhibit].budget(opened.scope.account)
        self._jobs.expand(exhibit, opened, budget, resumed=resumed, after=after)

    def feed_by(self, batches: Iterator[None]) -> None:
        """Have jobs queued by ``batches`` as fast as they are done, a few at a step."""
        self._feeds.append(batches)

    def feed(self) -> None:
        """List folders as fast as what was found is examined; at the end open what several streams make."""
        if self._deferred and not self._jobs.all and not self._feeds:  # what holds them will never be listed
            self._release([parent for parent in self._deferred if parent not in self.open_ones])
        while self._feeds and self._jobs.waiting() < BACKLOG:
            try:
                next(self._feeds[0])
            except StopIteration:
                self._feeds.pop(0)
        if self.wholes and not self._jobs.all and not self._feeds and not self._deferred:
            self._assemble()

    def _assemble(self) -> None:
        """Open what the parts make that were found: no stream comes any more that could be a further one."""
        for exhibit in list(self._exhibits.values()):
            for opened, resumed, after in list(self.wholes.release(exhibit.root, exhibit.number)):
                self.open(exhibit.number, opened, resumed=resumed, after=after)

    def came(self, exhibit: int, results: Results) -> None:
        """Take the containers of a job's results; one gone through already is told again with its batch."""
        for opened in results.opened:
            if opened.row.id not in self.open_ones and not self._writer.listed(opened.row.id):
                self.open(exhibit, opened)
        if self._deferred:
            holders = [each.row.parent or b"" for each in results.opened]
            self.listed([*holders, *(row.id for row in results.rows)])

    def listed(self, items: Iterable[bytes]) -> None:
        """Open the images in those of ``items`` that are stored, each a container that was gone through at once.

        An archive comes in one piece or in several, its own row behind all that is in it but large contents.
        """
        holders = [
            each for each in dict.fromkeys(items) if each in self._deferred and each not in self.open_ones
        ]
        self._release(
            [each for each in holders if self._writer.listed(each) and not self._jobs.large_in(each)]
        )

    def _release(self, parents: Sequence[bytes]) -> None:
        """Open the images that waited for what lies beside them to be stored."""
        waiting = [each for parent in parents for each in self._deferred.pop(parent, ())]
        if waiting:
            self._writer.checkpoint()
        for each in waiting:
            self._expand(each.exhibit, each.opened, resumed=each.resumed, after=each.after)

    def close(self, item: bytes, container: Container) -> None:
        """Store that a container is gone through, with what became of it."""
        exhibit = self._exhibits[container.exhibit]
        row = container.opened.row
        parts = self.wholes.closed(item)
        if parts and not self._holds(item):
            for issue in hand_down(container, [part for _, part in parts]):
                self._writer.issue_once(container.exhibit, issue)
        if container.status != Status.PARSED:  # else it stays as it was read
            row = msgspec.structs.replace(row, status=container.status, reason=container.reason)
        elif container.unlike:
            row = msgspec.structs.replace(row, reason=both(container.unlike, row.reason))
        size = container.size if row.size is None and row.parent is not None else row.size
        row = msgspec.structs.replace(row, size=size, meta=container.imaged.beside(row.meta))
        if row.parent is None:
            row = self._keeping.said(exhibit, row)
            size = None if exhibit.is_folder else exhibit.size
            opened = exhibit.is_folder or self._holds(item)  # else it counts as an item of its own
            read = (
                row.sha256 is not None and row.sha256 == exhibit.sha256()
            )  # as a document, before it was opened
            row = msgspec.structs.replace(row, sha256=exhibit.sha256(), size=size, opened=opened)
            content = None if read else exhibit.content(container.opened.mime)
            if content is not None:
                self._writer.content(content)
                row = msgspec.structs.replace(row, reading=self._read_as(item, content))
            self._writer.update(pending.FOUND_OUT, exhibit.found_out_so_far())
            for part in inventory.part_ids(exhibit.facts.get(LISTING), item):
                self._writer.update(inventory.FORGOTTEN, (part,))
        self._writer.late(container.exhibit, exhibit.id, row, self._answers.terms(row))
        self._writer.update(pending.CLOSED, (item,))
        del self.open_ones[item]
        self._release([item])
        for part, own in parts:
            self.close(part, own)

    def _read_as(self, item: bytes, content: Content) -> bytes:
        """Return how an exhibit's own bytes were read: as the message that it is, else by nobody."""
        within = (each.opened.row for each in self.open_ones.values())
        found = [row.reading for row in within if row.parent == item and row.sha256 == content.sha256]
        return min([*found, *self._writer.read_within(item, content.sha256)], default=content.reading)

    def _holds(self, item: bytes) -> bool:
        """Say whether anything came out of a container."""
        within = (each.opened.row.parent for each in self.open_ones.values())
        return item in within or self._writer.has_children(item)
