"""What of a run is known to be left: contents waiting, streams not gone through, files not hashed."""

from collections.abc import Iterable, Mapping, Sequence

from actionday.model.progress import Left
from actionday.pipeline.exhibits import Exhibit
from actionday.pipeline.jobs import Job, Jobs
from actionday.pipeline.messages import Examine, Expand, HashHost, Host
from actionday.pipeline.meter import NOTHING, Metered


class Remaining:
    """Adds up, at every look, what the exhibits of a run still hold as far as anybody knows.

    Of a container that is being gone through that is its stream behind what was read or listed of it: for an
    archive with as much for each byte as came out so far, for a disk at most (what is free holds nothing).
    """

    def __init__(self, exhibits: Iterable[Exhibit]) -> None:
        self._all = list(exhibits)
        self._exhibits = {each.number: each for each in self._all if not each.complete}
        self._hashing: dict[int, int] = {}
        """Bytes of every file that is hashed, by its order."""

    def size(self) -> int:
        """Return the bytes of the exhibits themselves; 0 where those of a folder were not counted."""
        sizes = [each.contents_size for each in self._all]
        return 0 if None in sizes else sum(size for size in sizes if size is not None)

    def look(self, jobs: Jobs, metered: Sequence[Metered]) -> Left:
        """Return what is left; of content None where a folder was not counted."""
        far = {each.job: each for each in metered}
        batches = sum(
            max(0, job.size - job.done) for job in jobs.all.values() if not (_lists(job) or _slow(job))
        )
        unsent = sum(each.read for each in metered)
        lists = sum(_behind(job, far.get(number, NOTHING)) for number, job in jobs.all.items() if _lists(job))
        hashing, hashed = self._hashes(jobs.all, far)
        items = sum(job.unfinished() for job in jobs.all.values() if not _slow(job))
        return Left(self._unlisted(max(0, batches - unsent) + lists), hashed, hashing, items)

    def _unlisted(self, content: int) -> int | None:
        for each in self._exhibits.values():
            if each.is_folder:
                if each.contents_size is None:
                    return None
                content += max(0, each.contents_size - each.listed)
        return content

    def _hashes(self, jobs: Mapping[int, Job], far: Mapping[int, Metered]) -> tuple[int, int]:
        """Return the bytes that are still to be hashed, and those that were."""
        left = 0
        for number, job in jobs.items():
            if isinstance(job.order, HashHost):
                at = far.get(number, NOTHING)
                size = self._hashing[number] = at.size or self._size(job, job.order)
                left += max(0, size - at.walked)
        return left, sum(self._hashing.values()) - left

    def _size(self, job: Job, order: HashHost) -> int:
        """Return the bytes of a file; of the disk in one, which nobody has opened yet, those of its files."""
        exhibit, step = self._exhibits[job.exhibit], order.chain[-1]
        return exhibit.sources[step.number].size if isinstance(step, Host) else exhibit.size


def _lists(job: Job) -> bool:
    return isinstance(job.order, Expand)


def _slow(job: Job) -> bool:
    return isinstance(job.order, Examine) and job.order.slow is not None


def _behind(job: Job, at: Metered) -> int:
    """Return the bytes of content that a container may still hold behind what was read or listed of it."""
    left = max(0, (at.size or job.size) - max(at.walked, job.done))
    streamed = at.given and at.walked and not job.done  # else its contents are read by whoever is free
    return left * at.given // at.walked if streamed else left
