"""Further names of a file that was read: their rows are made from its row, and nobody reads its bytes again.

A worker that lists a container says which item each further name repeats; that is held here against the row of that
item before anything is made of it. What cannot be told from it, or is not in yet, is read as any other file is:
the rows, texts and lines are the same either way.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from actionday.model import Kind, Status
from actionday.model.identity import item_id
from actionday.pipeline.answers import Answers
from actionday.pipeline.earlier import state
from actionday.pipeline.known_files import KNOWN_HASH
from actionday.pipeline.messages import Host, Issue, Located, Results, Row, Scope, Terms
from actionday.pipeline.placing import joined, row_of
from actionday.pipeline.writer import Writer
from actionday.storage.database.rows import ITEM_COLUMNS, ITEMS_BY_ID, among

FROM_READING = frozenset({"read", "parse", "open"})
"""Stages whose lines say what reading the bytes gave; others speak of the item alone."""
LONGEST_TEXT = 1 << 20
"""Bytes of a text up to which its words are told here; workers do it side by side, and read a longer one anew."""
MOST_TEXT = 8 << 20
"""Bytes of texts of one listing whose words are told here: about a second, in which no worker is listened to."""
KEPT_TEXT = 32 << 20
"""Bytes of texts whose words are kept: snapshots name the same files in the same order."""


LINES = "SELECT item, stage, path, code, reason FROM issues WHERE item"
COLUMNS = ITEM_COLUMNS.split(", ")


class First(NamedTuple):
    """An item that was read, with the lines that reading it wrote."""

    path: str
    kind: str
    parent: bytes
    size: int
    sha256: bytes
    status: str
    reason: str
    runs: bytes
    reading: bytes
    mtime: str | None
    meta: str | None
    issues: tuple[Issue, ...]

    def named_again(self, each: Located, scope: Scope) -> bool:
        """Say whether ``each`` in the container of ``scope`` is a name of this very file, and is read as it was.

        It may be an earlier state of that which holds this one: whoever listed it has seen that its bytes are the same.
        """
        before = state(scope)
        return (
            self.parent in (scope.item, before and before.item)
            and (self.kind, self.size) == (each.kind, each.size)
            and each.kind == Kind.FILE
            and self.runs == msgspec.msgpack.encode(each.runs)
            and self.path.rpartition("/")[2] == each.name.rpartition("/")[2]
            and not (each.status or each.reason or each.notes)
            and (each.step is None or self._unchanged(each))
            and all(line.stage in FROM_READING and line.path.startswith(self.path) for line in self.issues)
        )

    def _unchanged(self, each: Located) -> bool:
        """Say whether a file of a folder is as it was when it was read: all names have the times of their inode."""
        return isinstance(each.step, Host) and (self.mtime, self.meta) == (each.mtime, each.meta.decode())

    def row(self, each: Located, scope: Scope) -> Row:
        """Return the row of ``each``, as reading it would give it."""
        item, path = item_id(scope.item, each.place), joined(scope.path, each.name)
        row = row_of(item, scope.item, path, each, status=self.status, reason=self.reason)
        return msgspec.structs.replace(row, size=self.size, sha256=self.sha256, reading=self.reading)

    def lines(self, row: Row) -> Iterable[Issue]:
        """Yield the lines that reading ``row`` would write."""
        for line in self.issues:
            path = row.path + line.path[len(self.path) :]
            yield Issue(row.id, line.stage, path, line.code, line.reason)


class Namesakes:
    """Makes the rows of further names out of those of the first."""

    def __init__(self, writer: Writer, answers: Answers, *, known: bool = False) -> None:
        """``known``: the run has sets of known hashes. What an earlier run stored may have gone by others."""
        self._writer, self._answers = writer, answers
        self._since: int | None = writer.seq if known else None
        self._kept: OrderedDict[tuple[bytes, bytes], tuple[int, Terms | None]] = OrderedDict()
        self._weight = 0

    def told(self, scope: Scope, job: int, again: dict[str, bytes], found: tuple[Located, ...]) -> Results:
        """Return the rows of those of ``found`` whose file was read, with their words and lines.

        ``again``: by the place of each the item of which it is a further name.
        """
        firsts = self._firsts({again[each.place] for each in found})
        rows: list[Row] = []
        terms: list[Terms] = []
        issues: list[Issue] = []
        room = MOST_TEXT
        for each in found:
            first = firsts.get(again[each.place])
            if first is None or not first.named_again(each, scope):
                continue
            row = first.row(each, scope)
            size, words = self._words(row, room)
            if size > room:
                continue
            room -= size
            rows.append(row)
            issues += first.lines(row)
            if words is not None:
                terms.append(msgspec.structs.replace(words, item=row.id))
        return Results(job, tuple(rows), terms=tuple(terms), issues=tuple(issues))

    def _firsts(self, items: set[bytes]) -> dict[bytes, First]:
        """Return those of ``items`` whose bytes were read, that hold nothing, and whose lines are stored, if any.

        None that a limit stopped: that may have been the machine's fault, and costs no other name its reading.
        """
        fresh = {
            item: self._writer.ids[item] for item in items & self._writer.ids.keys() - self._writer.noted
        }
        stored = [*(items - self._writer.ids.keys())]
        lines: defaultdict[bytes, list[Issue]] = defaultdict(list)
        for row in among(self._writer.database, LINES, stored):
            lines[row[0]].append(Issue(*row))
        rows = (*fresh.values(), *among(self._writer.database, ITEMS_BY_ID, stored))
        found = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
        return {
            of["id"]: _first(of, tuple(lines[of["id"]]))
            for of in found
            if of["sha256"] and not of["opened"] and of["status"] != Status.QUARANTINED and self._as_now(of)
        }

    def _as_now(self, of: Mapping[str, Any]) -> bool:
        """Say whether the sets of this run made the row, and nothing of them is a fact of the item alone."""
        fresh = self._since is None or of["seq"] > self._since
        return fresh and f'"{KNOWN_HASH}":' not in (of["meta"] or "")

    def _words(self, row: Row, room: int) -> tuple[int, Terms | None]:
        """Return how long the text of ``row`` is in bytes, and its words; none where it is longer than ``room``."""
        assert row.sha256 is not None
        key = row.sha256, row.reading
        if (kept := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return kept
        text = self._writer.text_of(*key)
        if text is None:
            return 0, None
        location = self._writer.objects.location(text)
        if location is None or location.size > min(room, LONGEST_TEXT):
            return MOST_TEXT + 1, None
        size, words = self._kept[key] = location.size, self._answers.terms(row)
        self._weight += size
        while self._weight > KEPT_TEXT:
            self._weight -= self._kept.popitem(last=False)[1][0]
        return size, words


def _first(of: dict[str, Any], issues: tuple[Issue, ...]) -> First:
    kept = {name: of[name] for name in First._fields if name in of}
    return First(**kept, issues=issues)._replace(reason=of["reason"] or "")
