"""The main process's loop: gives orders, takes what comes back, keeps containers and deadlines in view."""

import queue
from collections.abc import Callable

from actionday.model import Limits, Status
from actionday.model.identity import item_id
from actionday.pipeline import pending
from actionday.pipeline.aftermath import Aftermath
from actionday.pipeline.answers import Answers
from actionday.pipeline.conduct import Conduct
from actionday.pipeline.containers import BACKLOG, Containers, batch
from actionday.pipeline.exhibits import HASHES, Exhibit
from actionday.pipeline.jobs import BEHIND, Job, Jobs, Priority
from actionday.pipeline.keeping import Keeping
from actionday.pipeline.large import LargeObjects
from actionday.pipeline.messages import (
    Ask,
    Chain,
    Done,
    Examine,
    Expand,
    Frame,
    GoOn,
    HashHost,
    Host,
    Large,
    Listing,
    Located,
    Probe,
    Results,
    Scope,
)
from actionday.pipeline.pool import RECYCLE_JOBS, Event, Gone, Pool, WorkerProcess
from actionday.pipeline.slow import SlowLane
from actionday.pipeline.wire import FAULT, close_all
from actionday.pipeline.writer import Writer

TICK = 0.2
"""Seconds between looks at the deadlines."""
AHEAD = 2
"""Orders a worker holds, so that it never waits for the next."""


class Scheduler:
    """Runs everything that is queued to its end."""

    def __init__(
        self,
        pool: Pool,
        writer: Writer,
        answers: Answers,
        exhibits: dict[int, Exhibit],
        large: LargeObjects,
        limits: Limits,
        tick: Callable[["Scheduler"], None],
        slow: SlowLane,
    ) -> None:
        self._pool, self._writer, self._answers, self._exhibits = pool, writer, answers, exhibits
        self._tick, self._slow = tick, slow
        self.jobs = Jobs()
        self._keeping = Keeping(writer)
        self.containers = Containers(self.jobs, writer, answers, exhibits, self._keeping, known=pool.known)
        self._large = large
        self._conduct = Conduct(self.jobs, limits, known=pool.known)
        self._aftermath = Aftermath(
            self.jobs, self.containers.open_ones, writer, large, self._conduct, self._finished
        )
        answers.pending = self.inflight

    # what is put in

    def examine_large(self, exhibit: Exhibit, scope: Scope, found: Located) -> Job:
        """Queue a large content; that it is still to be examined is stored with the items around it."""
        item = item_id(scope.item, found.place)
        self._writer.update(pending.NEW, pending.large(exhibit.number, item, scope, found))
        job = batch(self.jobs, exhibit, scope, (found,))
        job.large = item
        return job

    def probe(self, exhibit: Exhibit, number: int) -> None:
        """Find out, now, which of its files a source of the exhibit needs beside it."""
        name, way = exhibit.name_of(number), (Host(number),)
        order = Probe(self.jobs.number(), exhibit.number, exhibit.root, name, way)
        self.jobs.add(Job(order, exhibit.number, None, Priority.ROOT))
        self.run()

    def hash(self, exhibit: Exhibit, chain: Chain, names: tuple[str, ...], container: bytes | None) -> None:
        """Queue the hashing of a file of the exhibit, or of the disk in it; ``container`` waits for it."""
        order = HashHost(self.jobs.number(), exhibit.number, chain, names)
        if (waiting := self.containers.open_ones.get(container or b"")) is not None:
            waiting.pending += 1
        self.jobs.add(Job(order, exhibit.number, container if waiting else None, Priority.HASH))

    def inflight(self, item: bytes) -> bool:
        """Say whether an item is in a batch that is waiting or at work, or being gone through."""
        return item in self.containers.open_ones or self.jobs.examining(item)

    # the loop

    def run(self) -> None:
        """Carry out everything queued and everything that comes of it."""
        self._pool.start()
        while self.jobs.all or self.containers:
            self.containers.feed()
            for exhibit, number in self._keeping.unordered(self._exhibits.values()):
                self.hash(exhibit, (Host(number),), HASHES, exhibit.root)
            self.jobs.ready()
            self._assign()
            self._receive()
            self._watch()
            if self._writer.due():
                self._writer.checkpoint()
            self._tick(self)

    def _assign(self) -> None:
        for worker in self._pool.workers:
            room = 1 if worker.jobs >= RECYCLE_JOBS - AHEAD else AHEAD
            while (
                not worker.stopping
                and len(worker.orders) < room
                and not any(isinstance(each, Expand) for each in worker.orders)
            ):
                if worker.orders and not isinstance(worker.orders[-1], Examine):
                    break
                job = (
                    self.jobs.take(*BEHIND)
                    if worker.orders
                    else self.jobs.next([worker.orders for worker in self._pool.workers])
                )
                if job is None:
                    break
                if (other := self.containers.told(job)) is None:
                    self._give(worker, job)
                else:
                    self.jobs.behind(job, other)

    def _give(self, worker: WorkerProcess, job: Job) -> None:
        worker.orders.append(job.order)
        worker.send(job.order)

    def _receive(self) -> None:
        try:
            event = self._pool.inbox.get(timeout=TICK)
        except queue.Empty:
            return
        self._handle(event)
        for _ in range(64):
            try:
                self._handle(self._pool.inbox.get_nowait())
            except queue.Empty:
                return

    def _watch(self) -> None:
        attended = self._pool.attended.look()
        for worker in self._pool.workers:
            if worker.orders and not worker.overdue and not worker.breach:
                worker.judge(attended)

    def _handle(self, event: Event) -> None:
        worker, message = event.worker, event.message
        if isinstance(message, Gone):
            self._gone(worker, message)
        elif worker not in self._pool.workers:
            close_all(event.descriptors)  # a last word of one that is forgotten: its orders were given anew
        elif worker.breach:
            close_all(event.descriptors)  # it is being killed: nothing more of it is believed
        elif breach := self._conduct.breach(message, worker):
            worker.break_off(breach)
        elif isinstance(message, Ask):
            worker.answer(self._answers.to, message)
        elif isinstance(message, Results):
            self._results(message)
        elif isinstance(message, Listing):
            self._listing(worker, message)
        elif isinstance(message, Frame):
            self._large.frame(message)
        elif isinstance(message, Large):
            self._whole(message)
        elif message.job == FAULT:
            worker.fault = message.reason
        elif message.job == 0:
            worker.ready = True
            self._pool.ready(message.facts)
        else:
            self._done(worker, message)

    def _results(self, results: Results) -> None:
        job = self.jobs.all.get(results.job)
        if job is None:
            return
        exhibit = self._exhibits[job.exhibit]
        results = self._keeping.own_row(exhibit, results)
        exhibit.took(results)
        job.took(results)
        self._store(job, results, again=job.again or exhibit.resumed)
        for kept in results.kept:
            self._writer.update(pending.KEPT, pending.kept(job.exhibit, kept))
            if kept.scope.item in self.containers.open_ones:
                self.containers.open_ones[kept.scope.item].scope = kept.scope
                self.containers.open_ones[kept.scope.item].size = kept.size
        self.containers.came(job.exhibit, results)

    def _store(self, job: Job, results: Results, *, again: bool) -> None:
        if isinstance(job.order, Examine) and job.order.slow is not None:
            self._slow.took(self._writer, self._exhibits, job.exhibit, results)
        else:
            self._writer.take(job.exhibit, self._exhibits[job.exhibit].id, results, again=again)

    def _listing(self, worker: WorkerProcess, listing: Listing) -> None:
        job = self.jobs.all.get(listing.job)
        if job is not None and isinstance(job.order, Expand):
            container = self.containers.open_ones[job.container or b""]
            found = job.listed(listing)
            if job.again or container.resumed:
                scope = job.order.scope.item
                found = tuple(each for each in found if not self._known(item_id(scope, each.place)))
            self.containers.examine(job, container, listing, found)
        self._go_on(worker)

    def _known(self, item: bytes) -> bool:
        return self._writer.has(item) or self.inflight(item)

    def _whole(self, large: Large) -> None:
        job = self.jobs.all.get(large.job)
        location = self._large.finish(large, self._writer)
        if job is None:
            return
        if location is not None:
            self._writer.objects.adopt(large.sha256, location)
        exhibit = self._exhibits[job.exhibit]
        if (job.again or exhibit.resumed) and self._known(item_id(large.scope.item, large.found.place)):
            return
        queued = self.examine_large(exhibit, large.scope, large.found)
        queued.again = job.again or exhibit.resumed
        if job.container is not None and job.container in self.containers.open_ones:
            queued.container = job.container
            self.containers.open_ones[job.container].pending += 1

    def _done(self, worker: WorkerProcess, done: Done) -> None:
        left = (each for each in worker.orders if getattr(each, "job", 0) != done.job)
        worker.orders = type(worker.orders)(left)
        worker.jobs += 1
        self._aftermath.deaths.none()
        self._conduct.forget([done.job])
        job = self.jobs.done(done.job)
        if job is not None:
            self._finished(job, done)
        if worker.jobs >= RECYCLE_JOBS and not worker.orders:
            worker.stop()

    def _go_on(self, worker: WorkerProcess) -> None:
        """Let a worker that lists go on; where too much is waiting it examines a batch before."""
        much = self.jobs.waiting(Priority.EXAMINE) > BACKLOG
        job = self.jobs.take_any(Priority.EXAMINE) if much else None  # never one that lists in its turn
        if job is not None:
            self.containers.told(job)
            self._give(worker, job)
        worker.send(GoOn())

    def _finished(self, job: Job, done: Done) -> None:
        if job.mark is not None:
            job.mark[1] = True
        if job.large is not None:
            self._writer.update(pending.EXAMINED, (job.large,))
            self.containers.listed([job.order.scope.item] if isinstance(job.order, Examine) else ())
        container = self.containers.open_ones.get(job.container or b"")
        if isinstance(job.order, HashHost):
            exhibit = self._exhibits[job.exhibit]
            if (differs := self._keeping.hashed(exhibit, job.order, done, container)) and container:
                container.differs(differs)
        elif isinstance(job.order, Expand) and container is not None:
            container.listed = True
            container.status, container.reason = done.status or Status.PARSED, done.reason
            if done.member is not None:
                self.containers.wholes.take(job.container or b"", container, done.member)
            exhibit = self._exhibits[job.exhibit]
            for way, names in container.imaged.told(job.order, container.scope, done):
                self.hash(exhibit, way, names, job.container)
            self._keeping.told(exhibit, container)
        elif done.status and isinstance(job.order, Examine):
            self._store(job, pending.unread(job.order, done), again=True)
        if container is None:
            return
        if not isinstance(job.order, Expand):
            container.pending -= 1
        if (place := container.low_water()) is not None:
            self._writer.update(pending.AFTER, (place, job.container))
        if container.finished and not self.containers.wholes.holds(job.container or b""):
            self.containers.close(job.container or b"", container)

    def _gone(self, worker: WorkerProcess, gone: Gone) -> None:
        if worker not in self._pool.workers:
            return
        if worker.stopping and not worker.orders:
            worker.ended()
        else:
            self._aftermath.of(worker, gone)
        self._pool.gone(worker)
        self._pool.start()
