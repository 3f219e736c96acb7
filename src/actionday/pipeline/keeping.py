"""Custody during a run: what the files of an exhibit hash to, and that they are still what they were, is written down.

What changed is a line of the issue log, once, and the exhibit's own row says it where it is not stored yet.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from actionday.ledger import Action
from actionday.model import Damaged, Loss, Status
from actionday.model.loss import HOLDS_NOTHING, NOT_RECOGNISED, SAME_BYTES
from actionday.pipeline import pending
from actionday.pipeline.alike import holds_nothing, known_unread, not_recognised, same_folder
from actionday.pipeline.custody import SourceFile, hash_of
from actionday.pipeline.exhibits import Exhibit
from actionday.pipeline.headless import headless
from actionday.pipeline.jobs import Container
from actionday.pipeline.messages import Done, HashHost, Host, Issue, Results, Row
from actionday.pipeline.outcome import READ
from actionday.pipeline.relisting import Pair, changed_since, listed_again
from actionday.pipeline.writer import Writer
from actionday.storage.database.elsewhere import elsewhere

UNKNOWN = (
    "no disk, archive, mailbox or document is known in it (encrypted as a whole, overwritten, or in a form that is not "
    "read): it is kept with its hashes, and nothing else of it can be found"
)

NOT_IN_CASE = "nothing of what it holds is in the case"
AGAIN = "whether what was read is there as it was read is not known"


class Keeping:
    """Writes to the issue log and the ledger through ``writer``."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def hashed(self, exhibit: Exhibit, order: HashHost, done: Done, container: Container | None) -> str:
        """Keep what a file of an exhibit, or the disk in ``container``, hashes to; return how it is not what it was.

        That of a file is kept at once, and in the ledger.
        """
        step = order.chain[-1]
        if not isinstance(step, Host):
            return "" if container is None else self._disk_hashed(exhibit, order, done, container)
        if differs := exhibit.hashed(step.number, done):
            self._writer.issue_once(exhibit.number, Issue(exhibit.root, "hash", "", Loss.CHANGED, differs))
        if not done.status:
            details = exhibit.hash_record(step.number, msgspec.json.decode(done.facts))
            self._writer.record(Action.EXHIBIT_HASHED, exhibit.id, details)
            self._writer.update(pending.FOUND_OUT, exhibit.found_out_so_far())
            self._writer.soon()
        return differs

    def _disk_hashed(self, exhibit: Exhibit, order: HashHost, done: Done, container: Container) -> str:
        row = container.opened.row
        differs = container.imaged.hashed(order.chain, done)
        if differs is not None:
            issue = Issue(row.id, "hash", row.path, differs.code, differs.reason)
            self._writer.issue_once(exhibit.number, issue)
        self.told(exhibit, container)
        if (
            differs is not None and differs.code == Loss.HASH_DIFFERS
        ):  # all of it was read: that is no failure to read
            container.unlike = differs.reason
            return ""
        return "" if differs is None else differs.reason

    def told(self, exhibit: Exhibit, container: Container) -> None:
        """Keep what images told of an exhibit itself among the facts of its acquisition, as its own item has it."""
        if container.opened.row.parent is None:
            exhibit.facts |= container.imaged.facts

    def unordered(self, exhibits: Iterable[Exhibit]) -> Iterator[tuple[Exhibit, int]]:
        """Yield the files that were found beside those of an exhibit, once each: they are to be hashed."""
        for exhibit in exhibits:
            while exhibit.found:
                yield exhibit, exhibit.found.pop()

    def look(self, exhibit: Exhibit) -> str:
        """Look at the files of an exhibit; return the first change there is, each in the issue log once."""
        for reason in exhibit.watch.look():
            self._changed(exhibit, reason)
        return next(iter(exhibit.watch.changes.values()), "")

    def own_row(self, exhibit: Exhibit, results: Results) -> Results:
        """Return results in which the row of an exhibit that is a document says that its file changed."""
        row = next((each for each in results.rows if each.id == exhibit.root), None)
        if row is None:
            return results
        if why := exhibit.read_as(row.sha256):
            self._changed(exhibit, why)
        said = self.said(exhibit, row)
        rows = tuple(said if each is row else each for each in results.rows)
        return msgspec.structs.replace(results, rows=rows)

    def said(self, exhibit: Exhibit, row: Row) -> Row:
        """Return the exhibit's own row, unreadable where a file of it changed and it had not failed otherwise."""
        changed = self.look(exhibit)
        if not changed or row.status not in READ:
            return row
        return msgspec.structs.replace(row, status=Status.UNREADABLE, reason=changed)

    def at_end(self, exhibit: Exhibit, database: sqlite3.Connection, case: Path) -> None:
        """Compare everything once more with what it was; what was touched and not written to is hashed again."""
        self.look(exhibit)
        for number in exhibit.watch.touched():
            source = exhibit.sources[number]
            found = _hashed_now(source)
            if source.sha256 is not None and found != source.sha256:
                why = f"its SHA-256 is {found} at the end, it was {source.sha256}: it was changed while it was read"
                self._changed(exhibit, exhibit.watch.change(number, why))
        if exhibit.is_folder:
            self._folder_at_end(exhibit, database, case)

    def same_bytes(self, exhibit: Exhibit, database: sqlite3.Connection) -> list[str]:
        """Say which files of an exhibit are, byte for byte, those of one with a lower number; return the sentences."""
        ours = {each.sha256: Path(each.path).name for each in exhibit.sources if each.sha256}
        query = "SELECT id, sources FROM exhibits WHERE number < ? ORDER BY number"
        said = []
        for name, sources in database.execute(query, (exhibit.number,)).fetchall() if ours else ():
            for each in msgspec.json.decode(sources, type=list[SourceFile]):
                if each.sha256 in ours:
                    reason = f"{ours[each.sha256]} has the same bytes as {Path(each.path).name} of exhibit {name!r}"
                    self._writer.issue_once(
                        exhibit.number, Issue(exhibit.root, "hash", "", SAME_BYTES, reason)
                    )
                    said.append(f"exhibit {exhibit.id!r}: {reason}")
        return said

    def as_a_whole(self, exhibit: Exhibit, database: sqlite3.Connection) -> list[str]:
        """Say that a folder is like another, that an exhibit holds nothing, or nothing known; return the sentences."""
        found = []
        if exhibit.is_folder and (reason := same_folder(database, exhibit.number)):
            found.append(Issue(exhibit.root, "hash", "", SAME_BYTES, reason))
        if reason := holds_nothing(database, exhibit.number):
            found.append(Issue(exhibit.root, "list", "", HOLDS_NOTHING, reason))
        if not_recognised(database, exhibit.number):
            found.append(Issue(exhibit.root, "read", "", NOT_RECOGNISED, UNKNOWN))
        for first, why in headless(database, exhibit.number, Path(exhibit.sources[0].path).name):
            found.append(Issue(exhibit.root, "open", first, Loss.SEGMENT_MISSING, why))
        for each in found:
            self._writer.issue_once(exhibit.number, each)
        said = [each.reason for each in found]
        if known := known_unread(database, exhibit.number):  # its line stands in the log already, as a loss
            said.append(f"{known}: {_elsewhere(database, exhibit)}")
        return [f"exhibit {exhibit.id!r}: {each}" for each in said]

    def _folder_at_end(self, exhibit: Exhibit, database: sqlite3.Connection, case: Path) -> None:
        folder = Path(exhibit.sources[0].path)
        try:
            for pair in listed_again(database, exhibit.number, exhibit.id, folder, case):
                self._at_end(exhibit, folder, pair)
        except Damaged as error:
            self._changed(exhibit, f"the folder cannot be listed again: {error}")

    def _at_end(self, exhibit: Exhibit, folder: Path, pair: Pair) -> None:
        """Say how a thing in a folder is not as it was; of what cannot be looked at again, that it cannot."""
        item = None if pair.row is None else pair.row.item
        path = pair.row.path if pair.row else pair.found.name if pair.found else ""
        if pair.untold is not None:
            if pair.untold.when == "then":
                return  # the issue log says of the folder that it could not be listed
            item, path, why = None, pair.untold.at, f"{pair.untold.cause}: {AGAIN}"
        else:
            try:
                why = changed_since(folder, pair)
            except OSError as error:
                why = f"cannot be read again ({error.strerror}): {AGAIN}"
        if why:
            self._writer.issue_once(exhibit.number, Issue(item, "hash", path, Loss.CHANGED, why))

    def _changed(self, exhibit: Exhibit, reason: str) -> None:
        self._writer.issue_once(exhibit.number, Issue(exhibit.root, "hash", "", Loss.CHANGED, reason))


def _elsewhere(database: sqlite3.Connection, exhibit: Exhibit) -> str:
    """Return that nothing of what an exhibit holds is in the case, unless all its bytes were opened in another one.

    It is so when it is said: an exhibit that is taken in later may have them too.
    """
    hashes = [each.sha256 for each in exhibit.sources if each.sha256]
    found = elsewhere(database, exhibit.number, *hashes) if len(hashes) == len(exhibit.sources) else None
    if found is None:
        return NOT_IN_CASE
    too = f"exhibit {found.exhibit!r} has these bytes too, and they were"
    return f"{too} opened there" if found.opened else f"{NOT_IN_CASE}; {too} not opened there either"


def _hashed_now(source: SourceFile) -> str:
    try:
        return hash_of(os.fsencode(source.path)).hex()
    except OSError as error:
        return f"not to be had ({error.strerror})"
