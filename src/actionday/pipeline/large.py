"""Objects too large to be held: they grow in temporary files of the case and become packs of their own."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from actionday.pipeline.messages import Frame, Large
from actionday.pipeline.writer import Writer
from actionday.storage.objects import Location, Packs
from actionday.storage.objects.packs import HEAD, MAGIC


class LargeObjects:
    """One file for each job that is sending an object just now."""

    def __init__(self, folder: Path, packs: Packs) -> None:
        self._folder, self._packs = folder, packs
        self._files: dict[int, BinaryIO] = {}
        self._frames: dict[int, list[int]] = {}

    def frame(self, frame: Frame) -> None:
        """Append a frame to the job's object."""
        file = self._files.get(frame.job)
        if file is None:
            file = self._files[frame.job] = (self._folder / f"object-{frame.job}").open("wb")
            file.write(MAGIC + bytes(HEAD.size))
            self._frames[frame.job] = []
        file.write(frame.data)
        self._frames[frame.job].append(len(frame.data))

    def finish(self, large: Large, writer: Writer) -> Location | None:
        """Keep the job's object; return where it lies, None if the case has it already."""
        file, frames = self._files.pop(large.job), self._frames.pop(large.job)
        file.close()
        path = Path(file.name)
        if writer.objects.stored(large.sha256):
            path.unlink()
            return None
        return self._packs.adopt(path, large.sha256, large.size, frames)

    def forget(self, jobs: Iterable[int]) -> None:
        """Drop what the jobs of a dead worker had begun."""
        for job in jobs:
            file = self._files.pop(job, None)
            self._frames.pop(job, None)
            if file is not None:
                file.close()
                Path(file.name).unlink(missing_ok=True)
