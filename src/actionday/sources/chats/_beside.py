"""Which of the files that messages name are beside the export: the items that they are.

An export is opened when all that lies beside it is stored (``waits``), so that a file not found is not there.
"""

from collections.abc import Callable, Sequence

from actionday.model import Context, Stream
from actionday.model.counted import counted

MOST_KEPT = 100_000
"""Names of which it is remembered whether they are there: a sticker is sent a thousand times."""
MISSING = "missing_files"


class Beside:
    """Looks for files by their paths, from the folder of the export; counts those that are not there."""

    def __init__(self, around: Context) -> None:
        self._around = around
        self._known: dict[str, bool] = {}
        self.named, self.missing = 0, 0
        glance: Callable[[str], Stream | None] = getattr(around, "glance", around.sibling)
        self._look = glance

    def files(self, paths: Sequence[str]) -> list[dict[str, object]]:
        """Return for each path whether the file is there, as the metadata of a message has it."""
        return [
            {"path": path, "there": True} if self._there(path) else {"path": path, "missing": True}
            for path in paths
        ]

    def say(self) -> None:
        """Put into the issue log how many files are not there."""
        if self.missing:
            files = counted(self.named, "file that messages name", "files that messages name")
            are = "is" if self.missing == 1 else "are"
            self._around.note(
                MISSING, f"chat: of {files} {self.missing} {are} not in the exhibit, beside the export"
            )

    def _there(self, path: str) -> bool:
        there = self._known.get(path)
        if there is None:
            there = self._found(path)
            if len(self._known) < MOST_KEPT:
                self._known[path] = there
        self.named += 1
        self.missing += not there
        return there

    def _found(self, path: str) -> bool:
        parts = path.split("/")
        if not path or "\0" in path or any(each in ("", ".", "..") for each in parts):
            return False
        try:
            found = self._look(path)
        except OSError:  # it is there, and cannot be opened
            return True
        return found is not None and path not in getattr(self._around, "outside", ())
