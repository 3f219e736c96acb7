"""What of a run is known to be left: contents waiting, streams not gone through, files not hashed."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from actionday.model.progress import Left
from actionday.pipeline.census import Census
from actionday.pipeline.exhibits import Exhibit
from actionday.pipeline.jobs import Job, Jobs
from actionday.pipeline.messages import Expand, HashHost, Host
from actionday.pipeline.meter import NOTHING, Metered


class Remaining:
    """Adds up, at every look, what the exhibits of a run still hold as far as anybody knows.

    Of a container that is being gone through that is its stream behind what was read or listed of it: for an
    archive with as much for each byte as came out so far, for a disk at most (what is free holds nothing).
    """

    def __init__(self, exhibits: Iterable[Exhibit], case: Path) -> None:
        self._all = list(exhibits)
        self._exhibits = {each.number: each for each in self._all if not each.complete}
        self._folders = {
            number: Census(Path(each.sources[0].path), case)
            for number, each in self._exhibits.items()
            if each.is_folder
        }
        self._hashing: dict[int, int] = {}
        """Bytes of every file that is hashed, by its order."""

    def size(self) -> int:
        """Return the bytes of the exhibits themselves; 0 while those of a folder are not counted."""
        total = 0
        for each in self._all:
            census = self._folders.get(each.number)
            counted = census.total if census else None if each.is_folder else each.size
            if counted is None:
                return 0
            total += counted
        return total

    def look(self, jobs: Jobs, metered: Sequence[Metered]) -> Left:
        """Return what is left; of content None while a folder is not counted."""
        far = {each.job: each for each in metered}
        batches = sum(max(0, job.size - job.done) for job in jobs.all.values() if not _lists(job))
        unsent = sum(each.read for each in metered)
        lists = sum(_behind(job, far.get(number, NOTHING)) for number, job in jobs.all.items() if _lists(job))
        hashing, hashed = self._hashes(jobs.all, far)
        return Left(self._unlisted(max(0, batches - unsent) + lists), hashed, hashing)

    def _unlisted(self, content: int) -> int | None:
        for number, census in self._folders.items():
            if census.total is None:
                return None
            content += max(0, census.total - self._exhibits[number].listed)
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

    def close(self) -> None:
        """Count no further."""
        for census in self._folders.values():
            census.end()


def _lists(job: Job) -> bool:
    return isinstance(job.order, Expand)


def _behind(job: Job, at: Metered) -> int:
    """Return the bytes of content that a container may still hold behind what was read or listed of it."""
    left = max(0, (at.size or job.size) - max(at.walked, job.done))
    streamed = at.given and at.walked and not job.done  # else its contents are read by whoever is free
    return left * at.given // at.walked if streamed else left
