"""How many bytes a folder holds, counted beside the run: while it is listed nobody could say what is left."""

import os
import threading
from pathlib import Path


class Census:
    """Counts the files below ``folder`` in a thread of its own, names alone; ``exclude`` is passed over."""

    def __init__(self, folder: Path, exclude: Path) -> None:
        self.total: int | None = None
        """Bytes of all files; None until they are counted. What cannot be listed is not in it."""
        self._folder, self._ended = os.fsencode(folder), False
        facts = exclude.stat()
        self._exclude = facts.st_dev, facts.st_ino
        threading.Thread(target=self._count, daemon=True).start()

    def end(self) -> None:
        """Count no further."""
        self._ended = True

    def _count(self) -> None:
        total, waiting = 0, [self._folder]
        while waiting and not self._ended:
            try:
                with os.scandir(waiting.pop()) as entries:
                    for entry in entries:
                        total += self._size(entry, waiting)
            except OSError:  # the listing says so, as an item
                continue
        if not self._ended:
            self.total = total

    def _size(self, entry: os.DirEntry[bytes], waiting: list[bytes]) -> int:
        try:
            if entry.is_dir(follow_symlinks=False):
                facts = entry.stat(follow_symlinks=False)
                if (facts.st_dev, facts.st_ino) != self._exclude:
                    waiting.append(entry.path)
                return 0
            return entry.stat(follow_symlinks=False).st_size if entry.is_file(follow_symlinks=False) else 0
        except OSError:
            return 0
