"""The files of an index that have their checksum: each is read once, and again when it is written to or replaced.

tantivy reads a torn file without a word and finds less in it. A segment is never changed once it is written, so that
what was read is known by its inode, size and times: to look whether anything changed takes 0.3 ms. A CRC-32 is of
3 GB a second and tells what a disk or a copy did; what somebody did on purpose is told by the seal, when it is proved.
"""

from collections.abc import Callable
from pathlib import Path

from actionday.model import Transient
from actionday.storage.index.folder import META, IndexDamaged, damage, sound

TRIES = 5
UNSETTLED = (
    f"the index was written to {TRIES} times in a row while it was looked at, and nobody can vouch for it so: "
    "ask again"
)
UNREADABLE = "its files cannot be read from the disk"
Facts = tuple[int, int, int, int, int]


class Checked:
    """What was read of one index, in whatever folder it is linked. Safe from any thread: at worst it reads twice."""

    def __init__(self) -> None:
        self._known: dict[str, Facts] = {}

    def hold(self, folder: Path) -> None:
        """Raise ``IndexDamaged`` where a file of the last commit is missing or differs from its checksum."""
        listed = _facts(folder / META)
        found: dict[str, Facts] = {}

        def is_sound(file: Path) -> bool:
            facts = _facts(file)
            if facts is None or (self._known.get(file.name) != facts and not sound(file)):
                return False
            found[file.name] = facts
            return True

        try:
            torn = damage(folder, is_sound)
        except OSError as error:
            raise IndexDamaged(UNREADABLE) from error
        if not torn and listed:
            found[META] = listed
        self._known = found
        if torn:
            raise IndexDamaged(torn[0])

    def settle(self, folder: Path, see: Callable[[], None]) -> None:
        """See what is in the folder as it was held: a writer at work may commit in between. Raises as ``hold``.

        Raises Transient where it does so each time: what nobody held is no answer.
        """
        for _ in range(TRIES):
            if not self.same(folder):
                self.hold(folder)
            see()
            if self.same(folder):
                return
        raise Transient(UNSETTLED)

    def same(self, folder: Path) -> bool:
        """Tell whether all is as it was when all was sound: no file is read."""
        known = self._known
        return META in known and all(_facts(folder / name) == facts for name, facts in known.items())


def _facts(file: Path) -> Facts | None:
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
