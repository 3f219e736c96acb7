"""What is still to be done in a run: orders waiting, containers being gone through, and who killed a worker."""

import heapq
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import count

import msgspec

from actionday.model import Status
from actionday.model.identity import item_id
from actionday.pipeline.imaged import Imaged
from actionday.pipeline.marker import Mark, Phase, mark_of
from actionday.pipeline.messages import (
    Examine,
    Expand,
    HashHost,
    Listing,
    Located,
    Opened,
    Order,
    Probe,
    Results,
    Scope,
    Verdict,
)

STRIKES = 2
"""An item whose worker dies twice is not tried again; once may have been somebody else's memory."""


class Priority(IntEnum):
    """Lower goes first: what was listed is examined before more is opened, so that little waits in memory.

    Hashing goes before everything: what was read of a file can be vouched for from then on, also after a kill.
    """

    HASH = 0
    ROOT = 1
    EXAMINE = 2
    EXPAND = 3
    SLOW = 4
    """What takes seconds: taken when nothing else is due."""


BEHIND = (Priority.ROOT, Priority.EXAMINE)
"""What a worker may be given beside an order that it has: what takes long is for one who is free."""
REST = tuple(each for each in Priority if each is not Priority.HASH)


class Container(msgspec.Struct):
    """A container whose items are not all in."""

    exhibit: int
    opened: Opened
    scope: Scope
    """That of its items: behind image layers, not that of its own bytes."""
    resumed: bool = False
    listed: bool = False
    pending: int = 0
    status: str = Status.PARSED
    reason: str = ""
    unlike: str = ""
    """How its disk, read to the end, is not what the imager noted."""
    size: int | None = None
    """Bytes of the stream that its items lie in, once that is known."""
    imaged: Imaged = msgspec.field(default_factory=Imaged)
    marks: deque[list[object]] = msgspec.field(default_factory=deque)
    """``[place, done]`` of what was listed, in order: how far everything is in."""

    @property
    def finished(self) -> bool:
        """Say whether every item is in."""
        return self.listed and self.pending == 0

    def differs(self, reason: str) -> None:
        """Call it unreadable for what its bytes do not give, where nothing else was said of it."""
        if self.status == Status.PARSED:
            self.status, self.reason = Status.UNREADABLE, reason

    def low_water(self) -> str | None:
        """Drop the marks that are done at the front; return the last of them, None if there is none new."""
        place = None
        while self.marks and self.marks[0][1]:
            place = str(self.marks.popleft()[0])
        return place


class Job(msgspec.Struct):
    """One order that is waiting or being carried out; ``container``: whose item it works for."""

    order: Examine | Expand | HashHost | Probe
    exhibit: int
    container: bytes | None
    priority: Priority
    mark: list[object] | None = None
    large: bytes | None = None
    """The item whose large content it examines."""
    again: bool = False
    deaths: int = 0
    """Workers that died at it since a culprit was found, or at all."""
    ids: frozenset[bytes] | None = None
    size: int = 0
    """Bytes of content that it is to read, of a container those of its stream."""
    done: int = 0
    """Of a batch the bytes that came in, of a container those that it listed."""
    came: int = 0
    """Of a batch the items that came in."""
    firsts: dict[str, bytes] = {}
    """Of a batch of further names, by their place: the item that each is another name of."""

    def __post_init__(self) -> None:
        if isinstance(self.order, Examine):
            self.size = sum(each.size or 0 for each in self.order.found if each.runs is not None)
        elif isinstance(self.order, Expand):
            self.size = self.order.size

    def took(self, results: Results) -> None:
        """Count what came in of a batch."""
        if isinstance(self.order, Examine):
            own = [row.size or 0 for row in results.rows if row.parent == self.order.scope.item]
            self.done, self.came = self.done + sum(own), self.came + len(own)

    def unfinished(self) -> int:
        """Return how many items of a batch did not come in yet."""
        return max(0, len(self.order.found) - self.came) if isinstance(self.order, Examine) else 0

    def leave(self, found: tuple[Located, ...]) -> None:
        """Let it be about ``found`` alone of what it was to examine."""
        self.order, self.ids = msgspec.structs.replace(self.order, found=found), None
        self.size = sum(each.size or 0 for each in found if each.runs is not None)

    def listed(self, listing: Listing) -> tuple[Located, ...]:
        """Count what a container listed, and return it."""
        self.done += sum(each.size or 0 for each in listing.found)
        return listing.found

    def items(self) -> frozenset[bytes]:
        """Return the ids of what it examines; made when first asked for, as only runs that go on ask."""
        if self.ids is None:
            self.ids = frozenset()
            if isinstance(self.order, Examine):
                scope = self.order.scope.item
                self.ids = frozenset(item_id(scope, each.place) for each in self.order.found)
        return self.ids

    def is_about(self, item: bytes) -> bool:
        """Say whether it is about one thing, and that thing is what a worker died of."""
        if isinstance(self.order, Expand):
            return self.order.scope.item == item
        return not isinstance(self.order, Examine) and mark_of(self.order.job) == item


class Jobs:
    """The orders of a run, by priority and then in order of creation."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._waiting: dict[Priority, list[int]] = {priority: [] for priority in Priority}
        self._behind: dict[int, int] = {}
        """Jobs that wait for another to be done, and for which."""
        self.all: dict[int, Job] = {}
        self.skip: dict[bytes, Verdict] = {}
        self._strikes: Counter[bytes] = Counter()

    def number(self) -> int:
        """Return the number for the next order."""
        return next(self._numbers)

    def add(self, job: Job) -> None:
        """Queue a job."""
        self.all[job.order.job] = job
        heapq.heappush(self._waiting[job.priority], job.order.job)

    def first_at_work(self, job: Job) -> int | None:
        """Return the number of a batch ordered before ``job``, of further names, that the first of one is in."""
        if not isinstance(job.order, Examine):
            return None
        firsts = {job.firsts[each.place] for each in job.order.found}
        before = (each for number, each in self.all.items() if firsts and number < job.order.job)
        return next((each.order.job for each in before if not firsts.isdisjoint(each.items())), None)

    def behind(self, job: Job, other: int) -> None:
        """Let a batch that was taken wait until the one with the number ``other``, which is lower, is done."""
        self._behind[job.order.job] = other

    def ready(self) -> None:
        """Queue the jobs again that waited for one that is done."""
        for number in [each for each, other in self._behind.items() if other not in self.all]:
            self._queue_again(number)

    def _queue_again(self, number: int) -> None:
        del self._behind[number]
        if (job := self.all.get(number)) is not None:
            self.add(job)

    def expand(self, exhibit: int, opened: Opened, budget: int, *, resumed: bool, after: str | None) -> None:
        """Queue the opening of a container; ``budget``: bytes that may still be unpacked of its exhibit."""
        order = Expand(
            self.number(),
            opened.scope,
            opened.name,
            opened.row.kind,
            opened.opener,
            opened.size,
            budget,
            after,
            resumed,
        )
        priority = Priority.ROOT if opened.row.parent is None else Priority.EXPAND
        self.add(Job(order, exhibit, opened.row.id, priority))

    def large_in(self, parent: bytes) -> bool:
        """Say whether a large content of a container is still to be examined."""
        large = (job for job in self.all.values() if job.large is not None)
        return any(isinstance(job.order, Examine) and job.order.scope.item == parent for job in large)

    def examining(self, item: bytes) -> bool:
        """Say whether an item is in a batch that is waiting or at work."""
        return any(item in job.items() for job in self.all.values())

    def elsewhere(self, item: bytes, orders: Iterable[Order]) -> bool:
        """Say whether an item is in a batch that is none of ``orders``: whose worker cannot have been at it."""
        own = {getattr(order, "job", 0) for order in orders}
        if any(self.all[number].is_about(item) for number in own if number in self.all):
            return False
        return any(item in job.items() for number, job in self.all.items() if number not in own)

    def waiting(self, *priorities: Priority) -> int:
        """Return how many orders nobody has taken, of some priorities or of all."""
        queued = sum(len(self._waiting[each]) for each in priorities or Priority)
        return queued + (len(self._behind) if not priorities or Priority.EXAMINE in priorities else 0)

    def take(self, *priorities: Priority) -> Job | None:
        """Return the next job of one of ``priorities`` (else of any), with what must be skipped by now."""
        for priority in sorted(priorities or Priority):
            waiting = self._waiting[priority]
            while waiting:
                job = self.all.get(heapq.heappop(waiting))
                if job is not None:
                    if self.skip and isinstance(job.order, Examine | Expand):
                        job.order = msgspec.structs.replace(job.order, skip=dict(self.skip))
                    return job
        return None

    def take_any(self, priority: Priority) -> Job | None:
        """Return the next job of ``priority``, be it one that waits for another: there is room for no more of them."""
        if (job := self.take(priority)) is None and self._behind:
            self._queue_again(min(self._behind))
            job = self.take(priority)
        return job

    def next(self, at_work: Sequence[Iterable[Order]]) -> Job | None:
        """Return the next job; hashing goes first, but never takes every worker from what is to be read."""
        hashing = sum(isinstance(each, HashHost) for orders in at_work for each in orders)
        full = hashing >= max(1, len(at_work) // 2)
        return (self.take(*REST) if full else None) or self.take()

    def done(self, number: int) -> Job | None:
        """Forget a job that is finished."""
        return self.all.pop(number, None)

    def again(self, order: Order) -> None:
        """Queue a job once more: its worker is gone. What it had sent already is kept."""
        job = self.all.get(getattr(order, "job", 0))
        if job is not None:
            job.again = True
            if isinstance(job.order, Expand):
                job.order = msgspec.structs.replace(job.order, resumed=True)
            self.add(job)

    def strike(self, mark: Mark, why: str, *, overdue: bool) -> Verdict | None:
        """Note who was at work when a worker died; return the verdict once there is one."""
        if mark.phase is Phase.IDLE:
            return None
        self._strikes[mark.item] += STRIKES if overdue else 1
        if self._strikes[mark.item] < STRIKES:
            return None
        verdict = Verdict(why, mark.phase is not Phase.READING)
        earlier = self.skip.get(mark.item)
        if earlier is not None and earlier.readable:  # even its strings, or its hash, kill: leave it alone
            verdict = Verdict(why, False)
        self.skip[mark.item] = verdict
        return verdict
