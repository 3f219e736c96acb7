"""A folder with which a run goes on, beside what it held when it was acquired: what came, went or was changed is told.

What the ledger vouches for is that something was there; what came since is taken in all the same, and its line in the
issue log says so, as one says of what is gone that it was never read.
"""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from actionday.model import Kind, Loss, Status
from actionday.model.counted import counted
from actionday.model.identity import item_id
from actionday.model.loss import MOVED_UNHASHED
from actionday.pipeline.exhibits import Exhibit
from actionday.pipeline.folder import Folder
from actionday.pipeline.inventory import kept, path_of
from actionday.pipeline.messages import Issue, Located, Results
from actionday.pipeline.placing import row_of
from actionday.pipeline.relisting import GONE, WITHIN, facts_of
from actionday.pipeline.unlisted import Unlisted, Untold, take, why_unseen
from actionday.pipeline.writer import Writer
from actionday.storage.database.rows import known

FOLDER_BATCH = 256
BATCH_BYTES = 16 << 20
CAME = "was not in the folder when the exhibit was acquired: it was first listed by a later run"
FIRST = "it was first listed by a later run"
NEVER_READ = "it was never read"
SINCE = "when the exhibit was acquired"
UNPROVED = (
    "it has the size and the time of change that it had when the exhibit was acquired, but it had not been read when "
    "the run before was cut off: that its content is the same cannot be proved"
)
MOST_NAMED = 100
"""Files that were touched, one line each: a folder that was copied has nothing else."""
Each = TypeVar("Each")


class Beside(NamedTuple):
    """Something in a folder as it was listed and as it is listed now; one is None where it came or went."""

    before: Located | None
    now: Located | None
    untold: Untold | None = None
    """Why its absence from one of them tells nothing: a folder above it could not be listed, then or now."""

    @property
    def place(self) -> str:
        """Its place in the folder."""
        return (
            self.now.place if self.now is not None else self.before.place if self.before is not None else ""
        )


def beside(before: Iterator[Located], now: Iterator[Located]) -> Iterator[Beside]:
    """Put two listings side by side, each in the order of a ``Folder``; neither is held."""
    unlisted = Unlisted("then"), Unlisted("now")
    for pair in _side_by_side(before, now):
        for found, each in zip(unlisted, pair[:2], strict=True):
            if each is not None and (each.status or found):
                take(found, path_of(each), each)
        lacking = unlisted[0] if pair.before is None else unlisted[1] if pair.now is None else None
        each = pair.now or pair.before
        if lacking and each is not None:
            pair = pair._replace(untold=lacking.over(path_of(each)))
        yield pair


def _side_by_side(before: Iterator[Located], now: Iterator[Located]) -> Iterator[Beside]:
    old, new = next(before, None), next(now, None)
    while old is not None or new is not None:
        if new is None or (old is not None and _order(old) < _order(new)):
            yield Beside(old, None)
            old = next(before, None)
        elif old is None or _order(new) < _order(old):
            yield Beside(None, new)
            new = next(now, None)
        else:
            yield Beside(old, new)
            old, new = next(before, None), next(now, None)


def _order(each: Located) -> list[bytes]:
    return path_of(each).split(b"/")


def difference(pair: Beside, *, times: bool = True) -> str:
    """Return how something is not what was listed, "" where nothing says so."""
    before, now, untold = pair
    if untold is not None:
        return f"is in {untold.at!r}, which {untold.cause}: {FIRST if now is not None else NEVER_READ}"
    if before is None:
        return CAME
    if now is None:
        return GONE
    if why_unseen(before) or why_unseen(now):
        return ""  # its own row says that it could not be looked at
    if before.kind != now.kind:
        return f"it is a {now.kind}, it was a {before.kind} {SINCE}"
    if before.size != now.size:
        return f"has {counted(now.size or 0, 'byte')}, it had {before.size} {SINCE}"
    target, other = _target(now), _target(before)
    if target != other and Status.UNREADABLE not in (before.status, now.status):
        return f"points to {target!r}, it pointed to {other!r} {SINCE}"
    if times and before.kind != Kind.DIRECTORY and before.mtime != now.mtime:
        return f"was changed at {now.mtime}, it had been at {before.mtime} {SINCE}"
    return ""


def _target(each: Located) -> object:
    return facts_of(each.meta).get("target") if each.kind == Kind.SYMLINK else None


def _touched(pair: Beside) -> str:
    """Return what tells that a file of the same size and time may be another, "" for nothing."""
    if pair.before is None or pair.now is None or pair.now.kind != Kind.FILE:
        return ""
    if pair.before.meta == pair.now.meta:
        return ""
    before, now = facts_of(pair.before.meta), facts_of(pair.now.meta)
    told = [f"{key} {now.get(key)}, it was {before.get(key)}" for key in sorted(WITHIN)]
    return "; ".join(
        each for key, each in zip(sorted(WITHIN), told, strict=True) if before.get(key) != now.get(key)
    )


def unstored(
    database: sqlite3.Connection, root: bytes, pairs: Iterator[Beside]
) -> Iterator[tuple[bytes, Beside]]:
    """Yield, with their ids, the pairs whose item has no row yet."""
    for part in batches(pairs, _size):
        ids = [item_id(root, pair.place) for pair in part]
        there = known(database, ids, containers=False)
        yield from ((item, pair) for item, pair in zip(ids, part, strict=True) if item not in there)


class Resumed:
    """Lists an open exhibit's folder for a run that goes on; ``writer`` takes what is told."""

    def __init__(self, exhibit: Exhibit, database: sqlite3.Connection, writer: Writer, case: Path) -> None:
        self._exhibit, self._database, self._writer, self._case = exhibit, database, writer, case
        self._touched = 0

    def batches(self) -> Iterator[tuple[Located, ...]]:
        """Yield what is in the folder now. Raises Damaged when it cannot be listed."""
        exhibit = self._exhibit
        folder = Folder(Path(exhibit.sources[0].path), exclude=self._case)
        pairs = beside(kept(self._database, exhibit.root), exhibit.counted(folder.items()))
        for part in batches(pairs, _size):
            self._tell(part)
            yield tuple(pair.now for pair in part if pair.now is not None)
        if self._touched > MOST_NAMED:
            more = counted(self._touched - MOST_NAMED, "more file")
            reason = f"{more} of another inode or ctime: of each, {UNPROVED}"
            self._writer.issue_once(exhibit.number, Issue(exhibit.root, "hash", "", MOVED_UNHASHED, reason))

    def _tell(self, part: tuple[Beside, ...]) -> None:
        ids = [item_id(self._exhibit.root, pair.place) for pair in part]
        stored = known(self._database, ids, containers=False) | self._writer.ids.keys() & {*ids}
        for item, pair in zip(ids, part, strict=True):
            if item in stored:
                continue
            if why := difference(pair):
                self._differs(item, pair, why)
            elif other := _touched(pair):
                self._may_be_another(item, pair, other)

    def _differs(self, item: bytes, pair: Beside, why: str) -> None:
        exhibit, each = self._exhibit, pair.now or pair.before
        assert each is not None
        code = MOVED_UNHASHED if pair.untold is not None and pair.now is not None else Loss.CHANGED
        issue = Issue(item, "list", each.name, code, why)
        if pair.now is None and not self._writer.has(item):  # one that was being gone through has its own row
            row = row_of(item, exhibit.root, each.name, each, status=Status.UNREADABLE, reason=why)
            self._writer.take(exhibit.number, exhibit.id, Results(0, (row,), issues=(issue,)), again=True)
        else:
            self._writer.issue_once(exhibit.number, issue)

    def _may_be_another(self, item: bytes, pair: Beside, other: str) -> None:
        assert pair.now is not None
        self._touched += 1
        if self._touched <= MOST_NAMED:
            issue = Issue(item, "hash", pair.now.name, MOVED_UNHASHED, f"{other}; {UNPROVED}")
            self._writer.issue_once(self._exhibit.number, issue)


def batches(items: Iterator[Each], size: Callable[[Each], int]) -> Iterator[tuple[Each, ...]]:
    """Yield items in parts of as many, or of as many bytes, as a job takes."""
    part: list[Each] = []
    total = 0
    for each in items:
        part.append(each)
        total += size(each)
        if len(part) >= FOLDER_BATCH or total >= BATCH_BYTES:
            yield tuple(part)
            part, total = [], 0
    if part:
        yield tuple(part)


def _size(pair: Beside) -> int:
    return 0 if pair.now is None else pair.now.size or 0
