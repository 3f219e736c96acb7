"""Taking exhibits into a case: which are asked for, and that a known one still is what was acquired.

Nothing is written before everything that was asked for can be used.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from actionday.ledger import Action, Json
from actionday.model import Damaged, UsageError
from actionday.model.identity import exhibit_item_id
from actionday.model.loss import MOVED_UNHASHED
from actionday.pipeline.beginning import hold_rows
from actionday.pipeline.custody import SourceFile, altered, source_file
from actionday.pipeline.exhibits import LISTING, Exhibit, check_id
from actionday.pipeline.folder import Folder
from actionday.pipeline.inventory import Inventory
from actionday.pipeline.known_folder import NOT_TOLD, as_listed
from actionday.pipeline.messages import Issue
from actionday.pipeline.moved import at_home, is_other, other_bytes, refound, unproved
from actionday.pipeline.proving.own import own_difference
from actionday.pipeline.relisting import listed_again
from actionday.pipeline.together import files_of, given_alone, together
from actionday.pipeline.work import Recorded, Work
from actionday.storage.case import Case, entry
from actionday.storage.case_parts import DATABASE
from actionday.storage.database import transaction


class Wanted(NamedTuple):
    """An exhibit asked for, with the files given; of a known one every file as it was and as it is."""

    name: str
    given: list[SourceFile]
    before: list[SourceFile]
    now: list[SourceFile]
    complete: bool

    @property
    def moved(self) -> bool:
        """Say whether a file of it lies elsewhere now, or was written anew: then its bytes are compared."""
        return any(is_other(*pair) for pair in zip(self.before, self.now, strict=True))


class Acquisition:
    """The exhibits of one run."""

    def __init__(self, case: Case, recorded: Recorded | None = None) -> None:
        """``recorded``: what the ledger says, where it was gone through. Raises Damaged for rows it does not know."""
        self._case, self.work = case, Work(case, recorded)
        hold_rows(case, self.work.seq)
        self.said: list[str] = []
        """What the person should know of the sources given."""

    def wanted(self, sources: Sequence[Path], exhibit: str | None) -> list[Wanted]:
        """Return the exhibits asked for. Raises UsageError."""
        if not sources:
            raise UsageError("no source given")
        files = [self._source(path, exhibit) for path in sources]
        links = {
            file.path: path.absolute()
            for path, file in zip(sources, files, strict=True)
            if path.is_symlink() and not file.folder
        }
        for path, file in zip(sources, files, strict=True):
            if path.is_symlink():
                self.said.append(f"{path}: a link to {file.path}, which is what is read")
        for each in files:
            self._apart(Path(each.path))
        if exhibit is not None:
            if len(files) > 1 and any(each.folder for each in files):
                raise UsageError("a folder is an exhibit of its own: give it without the others")
            asked = [(check_id(exhibit), files)]
        else:
            groups = together(files, files_of(self._case, [_name(each) for each in files]), links)
            self.said += filter(None, (group.said() for group in groups))
            asked = [(check_id(_name(group.first)), group.files) for group in groups]
        names = [name for name, _ in asked]
        for name in names:
            if names.count(name) > 1:
                raise UsageError(f"two sources would both be exhibit {name!r}: give each its --exhibit")
        return [self._asked(name, given) for name, given in asked]

    def _source(self, path: Path, exhibit: str | None) -> SourceFile:
        """Return what the host says of a source. Raises UsageError, which names the exhibit where it is known here."""
        try:
            return source_file(path)
        except UsageError as error:
            name = exhibit or _name(SourceFile(str(path), 0, folder=False))
            known = self._case.database.execute("SELECT 1 FROM exhibits WHERE id = ?", (name,)).fetchone()
            raise UsageError(f"exhibit {name!r}: {error}" if known else str(error)) from error

    def _asked(self, name: str, given: list[SourceFile]) -> Wanted:
        """Return an exhibit asked for. Raises Damaged where not it, but what the case has of it was changed."""
        try:
            return self._known(name, given)
        except (UsageError, msgspec.MsgspecError) as blamed:
            if difference := own_difference(self._case):
                raise Damaged(
                    f"{self._case.folder}: {DATABASE} is not what the ledger recorded ({difference}): whether exhibit "
                    f"{name!r} is what was acquired cannot be told; nothing is read. actionday verify names it"
                ) from blamed
            raise

    def _apart(self, source: Path) -> None:
        """Raise UsageError for a source that holds the case or lies in it: the case would be its own evidence."""
        case = self._case.folder.resolve()
        if source == case or source.is_relative_to(case):
            raise UsageError(f"{source}: is in the case itself ({case}): a case is no evidence of its own")
        if case.is_relative_to(source):
            raise UsageError(
                f"{source}: holds the case ({case}), which would grow while it is read: put it elsewhere"
            )

    def _known(self, name: str, given: list[SourceFile]) -> Wanted:
        query = "SELECT number, sources, state FROM exhibits WHERE id = ?"
        row = self._case.database.execute(query, (name,)).fetchone()
        self.work.hold(name, row and row[0], row and row[2])
        if row is None:
            return Wanted(name, given, [], [], complete=False)
        before = msgspec.json.decode(row[1], type=list[SourceFile])
        complete = row[2] == "complete"
        now = self._now(name, before, given, complete=complete)
        found = Wanted(name, given, before, now, complete)
        if found.moved:
            self._proved(row[0], found)
        elif given[0].folder:
            self._as_listed(row[0], found)
        return found

    def _as_listed(self, number: int, found: Wanted) -> None:
        """Raise UsageError for a folder that holds more, less or other than when it was acquired.

        It would not be read again: what has come to it must not pass for taken in. Of one that is still open, what is
        stored already is not read again either, and what is not yet may have come since.
        """
        folder = Path(found.given[0].path)
        try:
            pairs = listed_again(self._case.database, number, found.name, folder, self._case.folder)
            fixed = (pair for pair in pairs if found.complete or pair.row is not None)
            why = next((why for pair in fixed if (why := as_listed(folder, pair, times=found.complete))), "")
        except Damaged as error:
            why = f"{error}: {NOT_TOLD}"
        if why:
            raise UsageError(f"exhibit {found.name!r}: {why}")

    def _now(
        self, name: str, before: list[SourceFile], given: list[SourceFile], *, complete: bool
    ) -> list[SourceFile]:
        """Return every file of a known exhibit as it is now. Raises UsageError where it is not what it was."""
        named = [each for each in before if each.named]
        beside = frozenset(Path(each.path).name for each in before if not each.named)
        given = [each for each in given if Path(each.path).name not in beside]
        if len(given) == 1:  # the first of a set, all of which were given when it was taken in
            named = given_alone(given[0], named)
        if [Path(each.path).name for each in named] != [Path(each.path).name for each in given]:
            raise UsageError(
                f"exhibit {name!r} has other sources already: {', '.join(e.path for e in named)}"
            )
        waiting, folder = iter(given), Path(given[0].path).parent
        now = []
        for each in before:
            new = next(waiting) if each in named else _beside(each, folder, complete=complete)
            new.named, new.called = each.named, each.called
            why = altered(each, new)
            if why and not (each.sha256 is not None and new.size == each.size):
                raise UsageError(
                    f"exhibit {name!r}: {new.path} {why}: it is not as it was acquired, nothing is read"
                )
            now.append(new)
        return now

    def _proved(self, number: int, found: Wanted) -> None:
        """Raise UsageError unless files at another place, or of another time, are by their hashes those acquired."""
        for before, now in zip(found.before, found.now, strict=True):
            if not is_other(before, now):
                continue
            if before.folder:
                why = refound(self._case, number, found.name, Path(now.path))
            elif before.sha256 is None:
                why = ""  # size and time are the same: told as a remark
            else:
                why = other_bytes(before, now)
            if why and now.path == before.path:
                raise UsageError(
                    f"exhibit {found.name!r}: {now.path} {altered(before, now)}; {why}: it is not as it was acquired, "
                    "nothing is read"
                )
            if why:
                raise UsageError(
                    f"exhibit {found.name!r} was acquired at {before.path}; {now.path} is not the same: {why}"
                )

    # what is written

    def register(
        self,
        wanted: Sequence[Wanted],
        temporary: Path,
        say: Callable[[int, Issue], None],
        tell: Callable[[int, int], None] = lambda *_: None,
    ) -> dict[int, Exhibit]:
        """Return the exhibits by number, the new ones acquired; ``say`` takes what cannot be proved of one.

        Folders are listed before the first is acquired: who is interrupted meanwhile has recorded nothing. ``tell``
        takes how far a listing is. Raises Damaged for one that cannot be listed.
        """
        inventories = {
            each.name: self._inventory(Path(each.given[0].path), temporary, tell)
            for each in wanted
            if not each.before and each.given[0].folder
        }
        found = {}
        for each in wanted:
            exhibit = (
                self._reopened(each, say) if each.before else self._acquire(each, inventories.get(each.name))
            )
            found[exhibit.number] = exhibit
        return found

    def _inventory(self, folder: Path, temporary: Path, tell: Callable[[int, int], None]) -> Inventory:
        return Inventory(Folder(folder, exclude=self._case.folder).items(), temporary, tell)

    def _reopened(self, wanted: Wanted, say: Callable[[int, Issue], None]) -> Exhibit:
        query = "SELECT number, acquisition FROM exhibits WHERE id = ?"
        number, acquisition = self._case.database.execute(query, (wanted.name,)).fetchone()
        sources = [at_home(*pair) for pair in zip(wanted.before, wanted.now, strict=True)]
        if wanted.moved:
            self._move(number, wanted, sources)
        exhibit = Exhibit(number, wanted.name, sources, self._case.limits, resumed=True)
        exhibit.complete = wanted.complete
        exhibit.compared = wanted.moved
        exhibit.facts = {} if wanted.complete else msgspec.json.decode(acquisition)
        if not wanted.complete:
            self._watched(exhibit, wanted)
            for before, now in zip(wanted.before, wanted.now, strict=True):
                if reason := unproved(before, now):
                    say(number, Issue(exhibit.root, "hash", "", MOVED_UNHASHED, reason))
        return exhibit

    def _watched(self, exhibit: Exhibit, wanted: Wanted) -> None:
        for number, now in enumerate(wanted.now or wanted.given):
            exhibit.watch.begin(number, now)

    def _move(self, number: int, wanted: Wanted, sources: list[SourceFile]) -> None:
        details: dict[str, Json] = {
            "from": [each.path for each in wanted.before],
            "sources": msgspec.to_builtins(sources),
        }
        with transaction(self._case.database) as database, self.work.moved(wanted.name, number) as told:
            database.execute(
                "UPDATE exhibits SET sources = ? WHERE number = ?",
                (msgspec.json.encode(sources).decode(), number),
            )
            details |= told()
            self._case.ledger().append(entry(Action.EXHIBIT_MOVED, wanted.name, details))

    def _acquire(self, wanted: Wanted, inventory: Inventory | None) -> Exhibit:
        files = wanted.given
        sources = msgspec.json.encode(files).decode()
        size = sum(each.size for each in files)
        listing: dict[str, Json] = {} if inventory is None else {LISTING: inventory.told()}
        with transaction(self._case.database) as database:
            number = int(database.execute("SELECT COALESCE(MAX(number), 0) + 1 FROM exhibits").fetchone()[0])
            database.execute(
                "INSERT INTO exhibits (number, id, sources, state, size, acquisition) "
                "VALUES (?, ?, ?, 'open', ?, ?)",
                (number, wanted.name, sources, size, msgspec.json.encode(listing).decode()),
            )
            if inventory is not None:
                inventory.keep(database, number, exhibit_item_id(wanted.name))
            details = {"sources": msgspec.to_builtins(files), "size": size, **listing}
            details["work"] = self.work.begin(wanted.name, number)
            self._case.ledger().append(entry(Action.EXHIBIT_ACQUIRED, wanted.name, details))
        exhibit = Exhibit(number, wanted.name, files, self._case.limits, resumed=False)
        exhibit.facts = {**listing}
        self._watched(exhibit, wanted)
        return exhibit


def _beside(before: SourceFile, folder: Path, *, complete: bool) -> SourceFile:
    """Return a file that was found beside a named one, where that one lies now. Raises UsageError."""
    try:
        return source_file(folder / Path(before.path).name, named=False)
    except UsageError:
        if complete:  # its content is in the case; ``verify`` says that it is gone
            return before
        raise


def _name(source: SourceFile) -> str:
    return os.fsencode(Path(source.path).name).decode("utf-8", "backslashreplace") or "root"
