"""What becomes of the orders of a worker that is gone: tried again, cut into halves, or ended with the reason."""

from collections.abc import Callable

import msgspec

from actionday.model import Status
from actionday.pipeline.conduct import Conduct
from actionday.pipeline.deaths import Deaths
from actionday.pipeline.jobs import Container, Job, Jobs
from actionday.pipeline.large import LargeObjects
from actionday.pipeline.messages import Done, Examine, Expand, Issue
from actionday.pipeline.pool import Gone, WorkerProcess
from actionday.pipeline.writer import Writer

MOST_DEATHS = 4
"""Workers an order may cost without a culprit found. The mark by which one is found lies with the worker, and one
that was taken over may write what it likes there: then the order is halved until one item is left."""


class Aftermath:
    """Decides over orders; ``finished`` takes the end of a job as if its worker had reported it."""

    def __init__(
        self,
        jobs: Jobs,
        containers: dict[bytes, Container],
        writer: Writer,
        large: LargeObjects,
        conduct: Conduct,
        finished: Callable[[Job, Done], None],
    ) -> None:
        self._jobs, self._containers, self._writer = jobs, containers, writer
        self._large, self._conduct, self._finished = large, conduct, finished
        self.deaths = Deaths(jobs)

    def of(self, worker: WorkerProcess, gone: Gone) -> None:
        """Deal with everything that ``worker`` had to do. Raises Broken when the fault is ours."""
        death = self.deaths.of(worker, gone)
        numbers = [getattr(order, "job", 0) for order in worker.orders]
        self._large.forget(numbers)
        self._conduct.forget(numbers)
        at_work = _at_work(worker, numbers)
        for order, number in zip(worker.orders, numbers, strict=True):
            job = self._jobs.all.get(number)
            if job is None:
                continue
            job.deaths = 0 if death.last else job.deaths + (number == at_work)
            if death.last and job.is_about(death.item):
                self._end(job, death.reason)
            elif job.deaths < MOST_DEATHS:
                self._jobs.again(order)
            elif isinstance(job.order, Examine) and len(job.order.found) > 1:
                self._halve(job, job.order)
            else:
                self._end(job, death.reason)

    def _end(self, job: Job, reason: str) -> None:
        """End a job that nobody survives."""
        del self._jobs.all[job.order.job]
        if isinstance(job.order, Expand):
            scope = job.order.scope
            issue = Issue(scope.item, "list", scope.path, str(Status.QUARANTINED), reason)
            self._writer.issue(job.exhibit, issue)
        self._finished(job, Done(job.order.job, Status.QUARANTINED, reason))

    def _halve(self, job: Job, order: Examine) -> None:
        """Make two jobs of one; the first half has a mark of its own before the other's."""
        del self._jobs.all[order.job]
        middle = len(order.found) // 2
        container = self._containers.get(job.container or b"")
        first: list[object] | None = None
        if container is not None:
            container.pending += 1
            if job.mark is not None:
                first = [order.found[middle - 1].place, False]
                container.marks.insert(container.marks.index(job.mark), first)
        for found, mark in ((order.found[:middle], first), (order.found[middle:], job.mark)):
            half = msgspec.structs.replace(order, job=self._jobs.number(), found=found)
            self._jobs.add(Job(half, job.exhibit, job.container, job.priority, mark, again=True))


def _at_work(worker: WorkerProcess, numbers: list[int]) -> int:
    """Return the job a worker was at, 0 for none: what it was given while it lists comes before it lists on."""
    lists = bool(worker.orders) and isinstance(worker.orders[0], Expand)
    return numbers[1] if lists and len(numbers) > 1 else next(iter(numbers), 0)
