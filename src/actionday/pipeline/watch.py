"""The files of one exhibit during a run: as they were when it began to read them, and how they changed since."""

from collections.abc import Sequence

from actionday.model import UsageError
from actionday.pipeline.custody import SourceFile, altered, replaced


class Watch:
    """Looks at the files; every change is told once."""

    def __init__(self, sources: Sequence[SourceFile]) -> None:
        self._sources = sources
        self._opening: dict[int, SourceFile] = {}
        self.changes: dict[int, str] = {}
        """How a file is no longer what it was, by its number."""
        self._proved: set[int] = set()

    def begin(self, number: int, facts: SourceFile) -> None:
        """Remember a file as it is before it is read."""
        self._opening[number] = facts

    def change(self, number: int, reason: str) -> str:
        """Note that a file changed; return the reason, "" when it was noted before."""
        if number in self.changes:
            return ""
        self.changes[number] = f"{self._sources[number].path}: {reason}"
        return self.changes[number]

    def look(self) -> list[str]:
        """Return what has changed since it was last looked at: size, time of change, or that a file is gone."""
        return [said for number in self._opening if (said := self._look(number))]

    def _look(self, number: int) -> str:
        before = self._opening[number]
        if before.folder or number in self.changes:
            return ""
        try:
            now = self._sources[number].now()
        except UsageError as error:
            return self.change(number, f"is no longer there while it is read ({error})")
        why = altered(before, now)
        if not why and (before.inode, before.device) != (now.inode, now.device):
            why = f"is another file (inode {now.inode}, it was {before.inode})"
        return self.change(number, f"{why}: it was changed while it was read") if why else ""

    def touched(self) -> list[int]:
        """Return the files of the same size and time that may still be others: to be hashed once more, once each."""
        found = []
        for number, before in self._opening.items():
            if before.folder or number in self.changes or number in self._proved:
                continue
            try:
                other = replaced(before, self._sources[number].now())
            except UsageError:
                continue
            if other:
                found.append(number)
        self._proved.update(found)
        return found
