"""One run of ingest: exhibits registered, everything queued gone through, exhibits closed with their balance."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from unicodedata import unidata_version

import msgspec

from actionday import __version__
from actionday.ledger import Action, Json
from actionday.model.errors import Paused
from actionday.model.progress import Progress
from actionday.pipeline import runs
from actionday.pipeline.acquisition import Acquisition
from actionday.pipeline.answers import Answers
from actionday.pipeline.basis import basis
from actionday.pipeline.came_to import Outcome, outcome
from actionday.pipeline.exhibits import Exhibit
from actionday.pipeline.interruption import Interruption
from actionday.pipeline.keeping import Keeping
from actionday.pipeline.known_files import sought
from actionday.pipeline.large import LargeObjects
from actionday.pipeline.memory import few_arenas
from actionday.pipeline.messages import Issue, Setup
from actionday.pipeline.pool import Pool
from actionday.pipeline.queueing import Queueing
from actionday.pipeline.remaining import Remaining
from actionday.pipeline.reopening import reopen
from actionday.pipeline.repair import repair, sealed_anew
from actionday.pipeline.scheduler import Scheduler
from actionday.pipeline.seal import Seal
from actionday.pipeline.slow import SlowLane
from actionday.pipeline.telling import Telling, listing
from actionday.pipeline.work import Altered
from actionday.pipeline.writer import Writer
from actionday.storage.case import Case, entry
from actionday.storage.case_parts import INDEX, OBJECTS
from actionday.storage.database import transaction
from actionday.storage.database.balance import balance
from actionday.storage.database.passphrases import all_secrets
from actionday.storage.database.rows import containers_digest
from actionday.storage.hashes.known import Named
from actionday.storage.hashes.sets import BAD, held, told
from actionday.storage.index import Index, IndexDamaged, Sealing
from actionday.storage.objects import Packs
from actionday.storage.room import no_room

SAY_SECONDS = 1.0
HEAP_BYTES = 128 << 20


class Ingest:
    """A run over ``sources``; ``say`` is called about once a second with the progress."""

    def __init__(
        self,
        case: Case,
        workers: int,
        say: Callable[[Progress], None],
        *,
        slow: bool = True,
        without: Collection[str] = (),
    ) -> None:
        """``slow``: whether the slow lane is gone through behind all else; ``without``: plug-ins of it left out."""
        self._case, self._count, self._say = case, workers, say
        self._lane = SlowLane(case.database, without, time.monotonic, on=slow)
        self._said = 0.0
        self._interruption = Interruption()
        self._run = self._stored = 0
        self.exhibits: dict[int, Exhibit] = {}
        self._unproved: list[tuple[int, Issue]] = []
        self._notes: list[str] = []
        self._seal: Seal | None = None
        self._sealed_at = 0
        self._sets: tuple[Named, ...] = ()

    def run(self, sources: Sequence[Path], exhibit: str | None) -> Outcome:
        """Ingest, or go on where an earlier run stopped. Raises UsageError before anything is touched."""
        begun = time.monotonic()
        few_arenas()
        with ExitStack() as stack:
            stack.enter_context(self._case.lock("ingest"))
            found = basis(self._case)
            self._case.go_by(found.limits)
            self._sets = found.hash_sets
            beside = stack.enter_context(held(self._case.folder, self._sets))
            acquisition = Acquisition(self._case, found.recorded)
            wanted = acquisition.wanted(sources, exhibit)
            self._notes += acquisition.said
            temporary = stack.enter_context(self._case.temporary())
            packs = Packs(self._case.folder / OBJECTS)
            stack.callback(packs.close)
            self._seal, self._sealed_at = found.seal, self._case.seq
            self._stored = found.recorded.items
            self.exhibits |= acquisition.register(
                wanted, temporary, lambda *each: self._unproved.append(each), self._listing
            )
            stack.callback(self._close_exhibits)
            self._start_run()  # before anything is mended: what changes without a run is a difference
            sealing = Sealing(self._case.folder / INDEX)
            stack.callback(sealing.close)
            index, repaired = self._repaired(packs, sealing)
            stack.callback(index.close, hurried=True)
            self._work = acquisition.work
            writer = Writer(self._case, index, packs, acquisition.work, sealing)
            for number, issue in self._unproved:
                writer.issue_once(number, issue)
            answers = Answers(self._case, packs, writer, self.exhibits)
            stack.callback(answers.close)
            pool = Pool(self._count, self._setup(), beside)
            stack.callback(pool.close)
            large = LargeObjects(temporary, packs)
            telling = Telling(self._case, self._run, self.exhibits, self._say)
            remaining = Remaining(self.exhibits.values())

            def tick(at_work: Scheduler) -> None:
                self._interruption.check(temporary)
                if time.monotonic() - self._said >= SAY_SECONDS:
                    self._said = time.monotonic()
                    metered = pool.metered()
                    left = remaining.look(at_work.jobs, metered)
                    telling.running(writer, metered, left, remaining.size(), self._lane.lane())

            limits = self._case.limits
            scheduler = Scheduler(pool, writer, answers, self.exhibits, large, limits, tick, self._lane)
            try:
                with self._interruption.heard():
                    self._go_through(scheduler, writer)
                    telling.complete(writer, remaining.size())
                    repaired += self._finish(writer, packs)
                    sealing.forget()
            except BaseException as error:
                self._interrupted(writer, error)
                raise
        return outcome(
            self._case.database, self.exhibits, time.monotonic() - begun, repaired=repaired, said=self._notes
        )

    # before

    def _setup(self) -> Setup:
        sizes = {number: each.size for number, each in self.exhibits.items()}
        return Setup(self._case.limits, sizes, tuple(all_secrets(self._case.database)), self._sets)

    def _start_run(self) -> None:
        parameters: dict[str, Json] = {
            "version": __version__,
            "unicode": unidata_version,  # of the interpreter: what is a letter, and so what is read as text
            "workers": self._count,
            "limits": msgspec.to_builtins(self._case.limits),
            "secrets": len(all_secrets(self._case.database)),
            "exhibits": [each.id for each in self.exhibits.values()],
        }
        if left_out := self._lane.left_out:
            parameters["without"] = [*left_out]
        if self._sets:
            parameters["hash_sets"] = told(self._sets)
        self._run = runs.start(self._case, parameters, self._stored)

    def _repaired(self, packs: Packs, sealing: Sealing) -> tuple[Index, list[str]]:
        try:
            index, mended = repair(self._case, packs, HEAP_BYTES, self._seal, sealing)
            self._seal = None if mended else self._seal
            return index, mended
        except BaseException as error:
            if not no_room(error):
                runs.interrupt(self._case, self._run, {"reason": _reason(error)})
            raise

    def _listing(self, entries: int, size: int) -> None:
        if time.monotonic() - self._said >= SAY_SECONDS:
            self._said = time.monotonic()
            self._say(listing(entries, size))

    # the run itself

    def _go_through(self, scheduler: Scheduler, writer: Writer) -> None:
        queueing = Queueing(self._case, scheduler, writer)
        for exhibit in self.exhibits.values():
            if not exhibit.complete:
                queueing.queue(exhibit)
        scheduler.run()
        for exhibit in self.exhibits.values():
            while not exhibit.complete and (missing := exhibit.unhashed()):
                queueing.hash(exhibit, missing)
                scheduler.run()
        writer.checkpoint()
        self._slowly(scheduler, writer)
        keeping = Keeping(writer)
        for exhibit in self.exhibits.values():
            if exhibit.complete:
                self._notes.append(_taken(exhibit))
                continue
            keeping.at_end(exhibit, self._case.database, self._case.folder)
            self._notes += keeping.same_bytes(exhibit, self._case.database)
            self._notes += keeping.as_a_whole(exhibit, self._case.database)
        writer.checkpoint()
        if any(each.kind == BAD for each in self._sets):
            self._notes += sought(self._case.database, self.exhibits)
        for exhibit in self.exhibits.values():
            if not exhibit.complete:
                self._complete(exhibit)

    def _slowly(self, scheduler: Scheduler, writer: Writer) -> None:
        """Go through what waits for the slow lane; an exhibit that was closed with some of it is opened again."""
        for exhibit in self.exhibits.values():
            waiting = self._lane.waiting(exhibit.number)
            self._notes += waiting.said(exhibit.id)
            if waiting.able and exhibit.complete:
                reopen(self._case, self._work, exhibit, waiting.able)
            if waiting.able:
                scheduler.containers.feed_by(self._lane.orders(exhibit, scheduler.jobs, scheduler.containers))
        scheduler.run()
        writer.checkpoint()

    # after

    def _complete(self, exhibit: Exhibit) -> None:
        found = balance(self._case.database, exhibit.number)
        with transaction(self._case.database) as database:
            self._work.close(database, exhibit.number)
            database.execute(
                "UPDATE exhibits SET state = 'complete', sources = ?, size = ?, acquisition = ?, balance = ? "
                "WHERE number = ?",
                (
                    msgspec.json.encode(exhibit.sources).decode(),
                    exhibit.size,
                    msgspec.json.encode(exhibit.acquisition()).decode(),
                    msgspec.json.encode(found).decode(),
                    exhibit.number,
                ),
            )
            details = {
                "balance": msgspec.to_builtins(found),
                "acquisition": exhibit.acquisition(),
                "containers": containers_digest(database, exhibit.number),
            }
            self._case.ledger().append(entry(Action.EXHIBIT_CLOSED, exhibit.id, details))
        exhibit.complete = True

    def _finish(self, writer: Writer, packs: Packs) -> list[str]:
        """Record the end with the seal of the index; return what had to be mended for it."""
        found = balance(self._case.database)
        sealed: Mapping[str, Json]
        try:
            sealed, mended = self._sealed(writer, hurried=False), []
        except IndexDamaged as damage:
            sealed, said = sealed_anew(self._case, packs, HEAP_BYTES, damage)
            mended = [said]
        details: dict[str, Json] = {"balance": msgspec.to_builtins(found), "index": {**sealed}}
        runs.finish(self._case, self._run, details)
        return mended

    def _sealed(self, writer: Writer, *, hurried: bool) -> dict[str, Json]:
        """Return the seal of the index, which nothing is added to behind it."""
        kept = self._seal if writer.seq == self._sealed_at else None
        return {**(kept.segments if kept and kept.last else writer.seal(hurried=hurried))}

    def _interrupted(self, writer: Writer, error: BaseException) -> None:
        """Keep what is in, and say why the run ended."""
        if no_room(error):  # a full disk would fill the same way again: the next run says what this one was
            return
        if isinstance(error, Altered):  # what is in the case is nothing that more may be put beside
            runs.interrupt(self._case, self._run, {"reason": _reason(error)})
            return
        writer.checkpoint()
        details: dict[str, Json] = {"reason": _reason(error)}
        if isinstance(error, Paused):
            details["by"] = error.by
        with suppress(IndexDamaged):  # of one that was altered nothing is sealed: the next run makes it anew
            details["index"] = self._sealed(writer, hurried=True)
        ended = runs.pause if isinstance(error, Paused) else runs.interrupt
        ended(self._case, self._run, details)

    def _close_exhibits(self) -> None:
        for exhibit in self.exhibits.values():
            exhibit.close()


def _taken(exhibit: Exhibit) -> str:
    """Return what to say of an exhibit that was given again."""
    said = f"exhibit {exhibit.id!r} had been taken in before: nothing of it was read again"
    if exhibit.compared:
        return said
    return f"{said}, nor hashed: that it still is what was taken in is for actionday verify to prove"


def _reason(error: BaseException) -> str:
    if isinstance(error, Paused):
        return f"paused by {error.by}"
    return (
        "interrupted by the user"
        if isinstance(error, KeyboardInterrupt)
        else f"{type(error).__name__}: {error}"[:1000]
    )
