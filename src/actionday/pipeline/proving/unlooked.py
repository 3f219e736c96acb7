"""What stands in a folder of an exhibit and cannot be compared: part of the folder could not be looked at, then or now.

Nobody is said to have added a file that stands where nothing could be listed at the intake, or to have taken one away
that cannot be listed now. What has a name in the case and no SHA-256 is an item of it, and not proved.
"""

from pathlib import Path

from actionday.model import Kind, Status
from actionday.model.counted import parted
from actionday.model.errors import Refused
from actionday.pipeline.proving.found import Exhibit, Result
from actionday.pipeline.proving.report import MOST_NAMED
from actionday.pipeline.relisting import Pair, Row
from actionday.pipeline.unlisted import Untold

NO_PART = "no part of the case, and whether they stood there then is not known"
WITHIN = "what is in it is no part of the case"
ELSE = "what else is in it is no part of the case"
NAMED = "it is in the case by its name, as an item not read; what stands there now cannot be compared"
NO_HASH = "it has no SHA-256: that its bytes are those that stood there is not proved"


class Unlooked:
    """Counts, of one exhibit, what stands where nothing could be looked at; each such place is one line.

    A file of which the case has no SHA-256 is a line too.
    """

    def __init__(self, exhibit: Exhibit, folder: Path) -> None:
        self._exhibit, self._folder = exhibit, folder
        self._files: dict[tuple[str, str], int] = {}
        self._last: dict[tuple[str, str], Untold] = {}
        self._bare: list[Row] = []
        self._bare_more = 0

    def take(self, pair: Pair) -> bool:
        """Say whether nothing can be told of a pair; if so it is counted."""
        if (untold := pair.untold) is None:
            if pair.row is not None and pair.found is not None:
                self._recorded(pair.row)
            return False
        came = pair.row is None and pair.found is not None and pair.found.kind == Kind.FILE
        went = pair.row is not None and pair.row.sha256 is not None
        self.count(untold, file=came if untold.when == "then" else went)
        return True

    def _recorded(self, row: Row) -> None:
        """Keep what was recorded as not listed, or as a file without a SHA-256."""
        above = ("then", row.path.rpartition("/")[0])
        if above in self._last:
            self._last[above] = self._last[above]._replace(partly=True)
        if row.sha256 is not None or row.gone:
            return
        if row.kind == Kind.DIRECTORY and row.status == Status.UNREADABLE:
            self.count(Untold("then", row.path, Refused.system(row.reason or ""), True), file=False)
        elif row.kind == Kind.FILE and len(self._bare) < MOST_NAMED:
            self._bare.append(row)
        elif row.kind == Kind.FILE:
            self._bare_more += 1

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
                more = parted(len(places) - MOST_NAMED, "more folder")
                into.append(f"{self._name(when)}: and {more} that could not be listed")
        found.not_proved += [
            f"{self._name('then')}: {self._folder}/{row.path}: {row.reason or 'not read'}: {NO_HASH}"
            for row in self._bare
        ]
        if self._bare_more:
            more = parted(self._bare_more, "more file")
            found.not_proved.append(f"{self._name('then')}: and {more} without a SHA-256: not proved")
        found.unlisted += sum(count for (when, _), count in self._files.items() if when == "then")

    def _name(self, when: str) -> str:
        return f"exhibit {self._exhibit.id!r}" if when == "then" else self._exhibit.id

    def _line(self, untold: Untold, files: int) -> str:
        where = f"{self._name(untold.when)}: {self._folder}/{untold.at}: {untold.cause}"
        if untold.when == "now":
            recorded = (
                f"{parted(files, 'file')} recorded {'in' if untold.folder else 'of'} it" if files else "it"
            )
            return f"{where}: {recorded}: not proved"
        stand = "stands" if files == 1 else "stand"
        there = "there" if untold.folder else "below it"
        known = "" if untold.folder else f"; {NAMED}"
        now = f"; {parted(files, 'file')} {stand} {there} now, {NO_PART}" if files else ""
        within = "" if known or now else f"; {ELSE if untold.partly else WITHIN}"
        return f"{where}{known}{now}{within}"
