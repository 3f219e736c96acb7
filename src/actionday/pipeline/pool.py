"""Worker processes: started, listened to, killed and replaced. Knows nothing of what they work on."""

import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from actionday.model import Broken
from actionday.pipeline.attended import Attended
from actionday.pipeline.inbox import Inbox
from actionday.pipeline.marker import Mark, Marker, Phase, processor_time
from actionday.pipeline.messages import Ask, Done, Frame, Large, Listing, Order, Report, Results, Setup
from actionday.pipeline.meter import Metered
from actionday.pipeline.processes import Processes
from actionday.pipeline.wire import Closed, Wire, close_all, pair

INBOX_BYTES = 48 << 20
"""Messages are of a few MiB each, but for those with a large text: of these one is dealt with at a time."""
MAX_UNSENT = 16
SILENT_SECONDS = 300.0
"""A worker on a busy machine may take a minute to start, and a checkpoint some seconds to answer it."""
RECYCLE_JOBS = 400
"""A worker is replaced after so many jobs: what a library leaks is given back."""


class Gone(NamedTuple):
    """A worker's connection has ended; ``why`` as far as the connection knows."""

    why: str


class Event(NamedTuple):
    """Something a worker said, or that it is gone."""

    worker: "WorkerProcess"
    message: Results | Listing | Frame | Large | Done | Ask | Gone
    descriptors: list[int]


class WorkerProcess:
    """One worker and the threads that listen and speak to it."""

    def __init__(
        self, processes: Processes, setup: Setup, inbox: "Inbox[Event]", beside: Sequence[int] = ()
    ) -> None:
        self.marker = Marker()
        ours, theirs = pair()
        self.process = processes.fork([theirs.fileno(), self.marker.descriptor])
        theirs.close()
        self.wire = Wire(ours, Report)
        self.wire.send(setup, list(beside))
        self.orders: deque[Order] = deque()
        """What it was sent and has not finished; the last begun is last but for those still waiting."""
        self.jobs = 0
        self.fault = ""
        """What it said before it died of itself."""
        self.breach = ""
        """Which rule it broke in what it sent (``conduct``)."""
        self.ready = False
        self.heard = time.monotonic()
        """When it last said something (seconds of the monotonic clock)."""
        self.stopping = False
        self.overdue = False
        self._first_seen = 0.0, 0.0
        """What began when (by its mark), and at which look that was seen."""
        self._outbox: queue.SimpleQueue[tuple[Order, list[int]] | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, args=(inbox,), daemon=True).start()
        threading.Thread(target=self._speak, daemon=True).start()

    def _listen(self, inbox: "Inbox[Event]") -> None:
        why, admitted = "", 0

        def admit(length: int) -> None:
            nonlocal admitted
            inbox.admit(length)
            admitted, self.heard = length, time.monotonic()

        try:
            while True:
                message, descriptors = self.wire.receive(admit)
                self.heard = time.monotonic()
                inbox.put(Event(self, message, descriptors), admitted)
                admitted = 0
                self.heard = time.monotonic()  # what it said next had to wait for the main process
        except Closed as closed:
            why = str(closed)
        except (
            Exception
        ) as error:  # whatever bytes make a decoder raise: without this thread nobody would listen
            why = f"sent what is no message: {type(error).__name__}: {error}"
            self.breach = self.breach or why[:300]
        self.kill()  # one that only closed its side would be waited for for ever
        inbox.forgo(admitted)
        inbox.put(Event(self, Gone(why), []), 0)

    def _speak(self) -> None:
        """Send what is to be sent, in a thread: a worker that is sending itself takes nothing meanwhile.

        Were the main process to wait for it, and it for room in our inbox, both would wait for ever.
        """
        while (message := self._outbox.get()) is not None:
            order, descriptors = message
            try:
                self.wire.send(order, descriptors)
            except Closed:  # its listener reports the end
                continue
            finally:
                close_all(descriptors)

    def send(self, order: Order, descriptors: list[int] | None = None) -> None:
        """Send an order, not waiting for it to be taken; ``descriptors`` are closed once sent."""
        self._outbox.put((order, descriptors or []))

    def answer(self, to: Callable[[Ask], tuple[Order, list[int]]], ask: Ask) -> None:
        """Send the answer to a question.

        An honest worker waits for it; one that asks on without taking answers would hold all our descriptors.
        """
        if self._outbox.qsize() > MAX_UNSENT:
            self.fault = "asked without waiting for the answers"
            self.kill()
        else:
            self.send(*to(ask))

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()

    def ended(self) -> str:
        """Wait for the end and say how it came."""
        code = self.process.wait()
        self._outbox.put(None)
        self.wire.close()
        if code < 0:
            return f"ended by signal {signal.Signals(-code).name}"
        said = self.fault.strip().rpartition("\n")[2]
        return f"ended with exit code {code}" + (f" ({said})" if said else "")

    def mark(self) -> Mark:
        """Return what it is doing."""
        return self.marker.get()

    def metered(self) -> Metered:
        """Return how far it is."""
        return self.marker.meter.get()

    def is_overdue(self, attended: float) -> bool:
        """Say whether what it does has taken too long; called at every look, of which ``attended`` is the time."""
        mark = self.mark()
        if mark.since != self._first_seen[0]:
            self._first_seen = mark.since, attended
        return mark.overdue(attended - self._first_seen[1], lambda: processor_time(self.process.number))

    def judge(self, attended: float) -> None:
        """End it where what it does has taken too long; it has an order."""
        if self.is_overdue(attended):
            self.overdue = True
            self.kill()
        elif self.is_silent():
            self.break_off(f"said nothing for {SILENT_SECONDS:.0f} s")

    def break_off(self, breach: str) -> None:
        """End it for the rule it broke; nothing more of it is believed."""
        self.breach = breach
        self.kill()

    def is_silent(self) -> bool:
        """Say whether it is long since anybody heard of it, though its mark says that it waits for the main process.

        An honest one waits for an answer or for room, some seconds. One that was taken over can write into the
        mark that it waits, and no deadline would run.
        """
        waits = self.mark().phase is Phase.IDLE and self._outbox.empty()
        return waits and time.monotonic() - self.heard > SILENT_SECONDS

    def stop(self) -> None:
        """Let it end by itself when it has nothing to do."""
        self.stopping = True
        self._outbox.put(None)
        self.wire.close_writing()


class Pool:
    """A fixed number of workers; one that ends is replaced."""

    def __init__(self, count: int, setup: Setup, beside: Sequence[int] = ()) -> None:
        """``beside``: descriptors that go with ``setup`` to each worker; they stay the caller's to close."""
        self.inbox: Inbox[Event] = Inbox(INBOX_BYTES)
        self._processes = Processes()
        self.attended = Attended()
        self._setup, self._beside = setup, beside
        self.known = bool(setup.hash_sets)
        """Whether its workers know files by their hashes."""
        self._count = count
        self.workers: list[WorkerProcess] = []

    def start(self) -> None:
        """Start the workers that are missing."""
        while len(self.workers) < self._count:
            if self._processes.gone:  # a machine short of memory may end it like any other
                self._processes.close()
                self._processes = Processes()
            self.workers.append(WorkerProcess(self._processes, self._setup, self.inbox, self._beside))

    def next(self, seconds: float) -> Event | None:
        """Return the next event, None when there is none within ``seconds``."""
        try:
            return self.inbox.get(timeout=seconds)
        except queue.Empty:
            return None

    def metered(self) -> list[Metered]:
        """Return how far every worker is."""
        return [worker.metered() for worker in self.workers]

    def gone(self, worker: WorkerProcess) -> None:
        """Forget a worker that has ended."""
        if worker in self.workers:
            self.workers.remove(worker)
        worker.marker.close()

    def ready(self, facts: bytes) -> None:
        """Look at the locks a worker reports at its start. Raises Broken when evidence would lie open."""
        locks = msgspec.json.decode(facts)["locks"]
        if not (locks["seccomp"] or (locks["landlock"] and locks["network_namespace"])):
            raise Broken(
                "the sandbox cannot be closed: neither seccomp (package libseccomp2) nor Landlock with a network "
                "namespace works here; see actionday doctor"
            )

    def close(self) -> None:
        """End every worker."""
        for worker in self.workers:
            worker.kill()
        for worker in self.workers:
            worker.ended()
        self._processes.close()
