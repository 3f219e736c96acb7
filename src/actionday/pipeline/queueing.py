"""What a run begins with: each exhibit queued anew, or what an earlier run left open of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from actionday.model import Kind, Status
from actionday.model.loss import MOVED_UNHASHED
from actionday.pipeline.containers import batch
from actionday.pipeline.exhibits import HASHES, Exhibit
from actionday.pipeline.folder import Folder
from actionday.pipeline.inventory import is_kept, kept
from actionday.pipeline.messages import Host, Issue, Located, Opened, Row, Scope
from actionday.pipeline.pending import LARGE
from actionday.pipeline.resumed import Resumed, batches
from actionday.pipeline.scheduler import Scheduler
from actionday.pipeline.writer import Writer
from actionday.storage.case import Case
from actionday.storage.database.own_files import SEVERAL
from actionday.storage.database.rows import known

FOLDER, FILES = "folder", SEVERAL
"""Openers that are no plug-ins: a folder source, and an exhibit of several files that are each their own."""
UNLISTED = (
    "it was acquired by a version that recorded no listing of a folder: what came to it, went or was changed before it "
    "was read cannot be told"
)


class Queueing:
    """Gives a scheduler what is to be done of each exhibit."""

    def __init__(self, case: Case, scheduler: Scheduler, writer: Writer) -> None:
        self._case, self._scheduler, self._writer = case, scheduler, writer

    def queue(self, exhibit: Exhibit) -> None:
        """Queue an exhibit anew, or what of it is still open; first of all the hashing of its files."""
        self.hash(exhibit, exhibit.unhashed())
        query = "SELECT item, row, after, opener FROM containers WHERE exhibit = ? AND state = 'open'"
        stored = self._case.database.execute(query, (exhibit.number,)).fetchall()
        large = [row for _, row, _, opener in stored if opener == LARGE]
        open_ones = [
            (msgspec.msgpack.decode(row, type=Opened), after)
            for _, row, after, opener in stored
            if opener not in (LARGE, FOLDER, FILES)
        ]
        root_open = any(item == exhibit.root for item, *_ in stored)
        if root_open or not known(self._case.database, [exhibit.root], containers=False):
            if exhibit.is_folder:
                self._folder(exhibit, resumed=root_open)
            else:
                self._files(exhibit, resumed=root_open)
        open_ones.sort(key=lambda each: each[0].scope.depth)  # what holds others first
        for opened, after in open_ones:
            if self._scheduler.containers.wholes.left(opened, after):
                continue
            self._scheduler.containers.open(exhibit.number, opened, resumed=True, after=after)
        for scope, found in (msgspec.msgpack.decode(row, type=tuple[Scope, Located]) for row in large):
            self._scheduler.examine_large(exhibit, scope, found)

    def _files(self, exhibit: Exhibit, *, resumed: bool) -> None:
        """Queue the file of an exhibit; of several, those that belong to no other."""
        named = [number for number, source in enumerate(exhibit.sources) if source.named]
        for number in named if len(named) > 1 else ():
            if number not in exhibit.asked:
                self._scheduler.probe(exhibit, number)
        tops = exhibit.tops()
        if len(tops) > 1:
            self._several(exhibit, tops, resumed=resumed)
        elif not resumed:
            size = exhibit.sources[tops[0]].size
            name = exhibit.name_of(tops[0])
            time = exhibit.sources[tops[0]].time
            located = Located(name, Kind.EXHIBIT, "", None, size, time, None, "", ((0, size),), b"")
            scope = Scope(exhibit.number, exhibit.root, "", (Host(tops[0]),), 0, ())
            batch(self._scheduler.jobs, exhibit, scope, (located,))

    def _several(self, exhibit: Exhibit, tops: list[int], *, resumed: bool) -> None:
        row = _root(exhibit, Kind.EXHIBIT)
        scope = Scope(exhibit.number, exhibit.root, "", (), 1, ())
        opened = Opened(row, scope, FILES, exhibit.name, 0)
        files = tuple(
            Located(
                exhibit.name_of(number),
                Kind.FILE,
                str(number),
                None,
                exhibit.sources[number].size,
                exhibit.sources[number].time,
                None,
                "",
                ((0, exhibit.sources[number].size),),
                b"",
                step=Host(number),
            )
            for number in tops
        )
        self._scheduler.containers.open_folder(exhibit, opened, iter([files]), resumed=resumed)

    def hash(self, exhibit: Exhibit, numbers: Sequence[int]) -> None:
        """Queue the hashing of files of an exhibit; its own row waits for it."""
        for number in numbers:
            self._scheduler.hash(exhibit, (Host(number),), HASHES, None)

    def _folder(self, exhibit: Exhibit, *, resumed: bool) -> None:
        row = _root(exhibit, Kind.DIRECTORY)
        scope = Scope(exhibit.number, exhibit.root, "", (), 1, ())
        opened = Opened(row, scope, FOLDER, exhibit.name, 0)
        self._scheduler.containers.open_folder(exhibit, opened, self._listed(exhibit), resumed=resumed)

    def _listed(self, exhibit: Exhibit) -> Iterator[tuple[Located, ...]]:
        """Return what is to be read of a folder: what was listed when it was acquired, or is there as a run goes on."""
        database = self._case.database
        if not is_kept(database, exhibit.root):
            folder = Folder(Path(exhibit.sources[0].path), exclude=self._case.folder)
            unlisted = Issue(exhibit.root, "hash", "", MOVED_UNHASHED, UNLISTED)
            self._writer.issue_once(exhibit.number, unlisted)
            return batches(exhibit.counted(folder.items()), _size)
        if exhibit.resumed:
            return Resumed(exhibit, database, self._writer, self._case.folder).batches()
        return batches(exhibit.counted(kept(database, exhibit.root)), _size)


def _root(exhibit: Exhibit, kind: Kind) -> Row:
    """Return the exhibit's own row while what it holds is being gone through."""
    return Row(
        id=exhibit.root,
        parent=None,
        place="",
        path="",
        raw=None,
        kind=kind,
        size=None,
        sha256=None,
        mtime=None,
        status=Status.PARSED,
        reason="",
        opened=True,
        runs=None,
        meta=b"",
    )


def _size(each: Located) -> int:
    return each.size or 0
