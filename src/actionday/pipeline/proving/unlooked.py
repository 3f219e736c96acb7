"""What stands in a folder of an exhibit and cannot be compared: part of the folder could not be looked at, then or now.

Nobody is said to have added a file that stands where nothing could be listed at the intake, or to have taken one away
that cannot be listed now.
"""

from pathlib import Path

from actionday.model import Kind
from actionday.model.counted import counted
from actionday.pipeline.proving.found import Exhibit, Result
from actionday.pipeline.proving.report import MOST_NAMED
from actionday.pipeline.relisting import Pair
from actionday.pipeline.unlisted import Untold

NO_PART = "no part of the case, and whether they stood there then is not known"


class Unlooked:
    """Counts, of one exhibit, what stands where nothing could be looked at; each such place is one line."""

    def __init__(self, exhibit: Exhibit, folder: Path) -> None:
        self._exhibit, self._folder = exhibit, folder
        self._files: dict[tuple[str, str], int] = {}
        self._last: dict[tuple[str, str], Untold] = {}

    def take(self, pair: Pair) -> bool:
        """Say whether nothing can be told of a pair; if so it is counted."""
        if (untold := pair.untold) is None:
            return False
        came = pair.found is not None and pair.found.kind == Kind.FILE
        went = pair.row is not None and pair.row.sha256 is not None
        self.count(untold, file=came if untold.when == "then" else went)
        return True

    def count(self, untold: Untold, *, file: bool) -> None:
        """Count something of which nothing can be told."""
        key = (untold.when, untold.at)
        self._files[key] = self._files.get(key, 0) + file
        self._last[key] = untold

    def told(self, found: Result) -> None:
        """Give ``found`` a line for each place: not proved, and where it was recorded, not there to be proved."""
        for when, into in (("then", found.not_proved), ("now", found.unread)):
            places = [untold for untold in self._last.values() if untold.when == when]
            into += [self._line(untold, self._files[when, untold.at]) for untold in places[:MOST_NAMED]]
            if len(places) > MOST_NAMED:
                more = counted(len(places) - MOST_NAMED, "more folder")
                into.append(f"{self._name(when)}: and {more} that could not be listed")
        found.unlisted += sum(count for (when, _), count in self._files.items() if when == "then")

    def _name(self, when: str) -> str:
        return f"exhibit {self._exhibit.id!r}" if when == "then" else self._exhibit.id

    def _line(self, untold: Untold, files: int) -> str:
        where = f"{self._name(untold.when)}: {self._folder}/{untold.at}: {untold.cause}"
        if untold.when == "now":
            recorded = (
                f"{counted(files, 'file')} recorded {'in' if untold.folder else 'of'} it" if files else "it"
            )
            return f"{where}: {recorded}: not proved"
        stand = "stands" if files == 1 else "stand"
        return f"{where}; {counted(files, 'file')} {stand} there now, {NO_PART}"
