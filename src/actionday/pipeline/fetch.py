"""An item's own bytes, for pages: read and decoded by one locked worker, never by the process that serves."""

import threading
from collections.abc import Callable

import msgspec

from actionday.model import Damaged, ItemError
from actionday.model.errors import Refused
from actionday.model.names import text_of
from actionday.pipeline.answers import Answers
from actionday.pipeline.custody import SourceFile
from actionday.pipeline.exhibits import Exhibit
from actionday.pipeline.locate import Place, place_of
from actionday.pipeline.messages import Ask, Done, Order, Preview, Read, Setup
from actionday.pipeline.pool import Event, Gone, Pool, WorkerProcess
from actionday.pipeline.wire import FAULT
from actionday.storage.case import Case
from actionday.storage.case_parts import OBJECTS
from actionday.storage.database.passphrases import all_secrets
from actionday.storage.objects import Packs

MAX_PREVIEW = 64 << 20
FIRST = 1


class NotKept(ItemError):
    """The item has no bytes that could be read again (a directory, an encrypted member)."""

    code = "no_content"


class Fetcher:
    """Reads contents of a case. Safe from several threads: one request after another."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._packs = Packs(case.folder / OBJECTS)
        self._exhibits: dict[int, Exhibit] = {}
        self._answers = Answers(case, self._packs, None, self._exhibits)
        self._pool: Pool | None = None
        self._worker: WorkerProcess | None = None
        self._lock = threading.Lock()
        self._job = FIRST

    def read(self, item: bytes, offset: int, length: int) -> bytes:
        """Return ``length`` bytes of an item's content from ``offset``, fewer at its end.

        Raises NotKept, or Damaged, which names the exhibit and the file where one of it is not to be had.
        """
        place = self._place(item)
        length = max(0, min(length, place.size - offset))
        return self._carry_out(lambda job: Read(job, place.exhibit, place.chain, offset, length), place)

    def preview(self, item: bytes, *, clear: bool) -> bytes:
        """Return a PNG of a picture: 96 px, grey and blurred, or up to 1024 px and ``clear``. Raises as ``read``."""
        place = self._place(item)
        if place.size > MAX_PREVIEW:
            raise Damaged(f"no preview of a picture of {place.size} bytes")
        return self._carry_out(lambda job: Preview(job, place.exhibit, place.chain, place.size, clear), place)

    def _place(self, item: bytes) -> Place:
        place = place_of(self._case.database, item)
        if place is None:
            raise NotKept("this item has no content of its own")
        return place

    def _carry_out(self, order: "Callable[[int], Order]", place: Place) -> bytes:
        with self._lock:
            self._open_exhibit(place.exhibit)
            worker, pool = self._ready()
            self._job += 1
            worker.send(order(self._job))
            return self._answer(worker, pool)

    def _open_exhibit(self, number: int) -> None:
        if number not in self._exhibits:
            query = "SELECT id, sources FROM exhibits WHERE number = ?"
            name, sources = self._case.database.execute(query, (number,)).fetchone()
            files = msgspec.json.decode(sources, type=list[SourceFile])
            try:
                self._exhibits[number] = Exhibit(number, name, files, self._case.limits, resumed=True)
            except OSError as error:  # a folder is held open from the beginning
                why = _said(error.strerror or str(error))
                raise Damaged(f"exhibit {name!r}: {files[0].path}: {why}") from error

    def _ready(self) -> tuple[WorkerProcess, Pool]:
        if self._pool is None or self._worker not in self._pool.workers:
            self._pool = Pool(1, Setup(self._case.limits, secrets=tuple(all_secrets(self._case.database))))
            self._pool.start()
            self._worker = self._pool.workers[0]
        assert self._worker is not None
        return self._worker, self._pool

    def _answer(self, worker: WorkerProcess, pool: Pool) -> bytes:
        lacking: list[str] = []
        """Files of the exhibit that could not be opened, each with its reason: the worker knows their numbers alone."""
        while True:
            event = self._next(worker, pool)
            message = event.message
            if isinstance(message, Gone):
                reason = "took too long" if worker.overdue else worker.ended()
                pool.gone(worker)
                raise Damaged(f"the reader {reason}")
            if isinstance(message, Ask):
                answer, descriptors = self._answers.to(message)
                if answer.error and message.what == "host":
                    lacking.append(f"{self._named(message)}: {_said(answer.error)}")
                worker.send(answer, descriptors)
            elif isinstance(message, Done) and message.job == FAULT:
                worker.fault = message.reason
            elif isinstance(message, Done) and message.job == 0:
                pool.ready(message.facts)
            elif isinstance(message, Done) and message.job == self._job:
                if message.status:
                    raise Damaged(_why(lacking, message.reason))
                return message.data

    def _named(self, ask: Ask) -> str:
        """Return the name of a file on the host, as a person looks for it."""
        exhibit = self._exhibits.get(ask.exhibit)
        if exhibit is None or not ask.number < len(exhibit.sources):
            return "a file of no exhibit"
        path = exhibit.sources[ask.number].path
        within = f"/{text_of(ask.path)[0]}" if ask.path else ""
        return f"exhibit {exhibit.id!r}: {path}{within}"

    def _next(self, worker: WorkerProcess, pool: Pool) -> Event:
        while True:
            event = pool.next(0.2)
            if event is not None:
                return event
            if worker.is_overdue(pool.attended.look()):
                worker.overdue = True
                worker.kill()

    def close(self) -> None:
        """End the worker."""
        if self._pool is not None:
            self._pool.close()
        self._answers.close()
        self._packs.close()
        for exhibit in self._exhibits.values():
            exhibit.close()


def _said(system: str) -> str:
    """Return what the ``system`` says of the account that asks now, which need not be the one that took it in."""
    return f"this account may not read it ({system})" if system in Refused.said else system


def _why(lacking: list[str], reason: str) -> str:
    """Return why bytes are not to be had, beginning with the files that could not be opened."""
    if not lacking:
        return reason
    said, reason = "; ".join(dict.fromkeys(lacking)), _said(Refused.system(reason))
    return said if reason and said.endswith(f": {reason}") else f"{said}; {reason}"
