"""A file of known hashes becomes a set of the case: read, sorted, written, and recorded in the ledger last.

Until its entry stands the set never happened; from then on it is whole. What a kill leaves is gone on with by the same
command, or swept by the next.
"""

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from actionday.exchange.hashes._contract import Batch, Format
from actionday.exchange.hashes._given import Given
from actionday.ledger import Action, Entry, Json, LedgerError
from actionday.model import Claim, Damaged, UsageError
from actionday.model.counted import parted
from actionday.model.stated import stated
from actionday.plugins import load
from actionday.storage.case import Case, entry
from actionday.storage.database import transaction
from actionday.storage.hashes.sets import HASHES as FOLDER
from actionday.storage.hashes.sets import MOST_SETS, file_of, named, recorded

if TYPE_CHECKING:
    from actionday.storage.hashes.gathering import Gathering, Page, Source
    from actionday.storage.hashes.writing import Written

ROOM = "actionday.exchange.hashes"
PIECE = 4 << 20
LONGEST_NAME = 200
KEPT_BAD = 100
"""Bad rows that are named in the answer; the ledger names the first ``IN_LEDGER``."""
IN_LEDGER = 20


class Moment(msgspec.Struct):
    """How far an import is: ``stage`` is hashing, reading, sorting or done."""

    stage: str = "hashing"
    rows: int = 0
    seconds: float = 0.0
    rate: float = 0.0
    """Rows a second, of those read in this call."""


class Imported(NamedTuple):
    """What came of it. ``already``: the same file is a set of the case under this name; nothing was done."""

    number: int
    name: str
    kind: str
    version: str
    rows: dict[str, int]
    read: int
    blank: int
    bad: dict[str, int]
    first_bad: list[tuple[str, str]]
    already: bool
    resumed: int
    """Rows that an import had read which was cut off, 0 where none was."""
    dropped: str
    size: int


class Pace:
    """Tells how far an import is, to whoever looks."""

    def __init__(self) -> None:
        self._stage, self._rows, self._before, self._begun = "hashing", 0, 0, time.monotonic()

    def stage(self, name: str, rows: int = 0) -> None:
        """Begin a stage, with rows that were read before."""
        self._stage, self._rows, self._before, self._begun = name, rows, rows, time.monotonic()

    def more(self, rows: int) -> None:
        """Take in rows."""
        self._rows += rows

    def moment(self) -> Moment:
        """Return how far it is."""
        passed = time.monotonic() - self._begun
        return Moment(self._stage, self._rows, passed, (self._rows - self._before) / max(passed, 1e-9))


def import_set(
    case: Case, path: Path, name: str, kind: str, pace: Pace, *, run_bytes: int | None = None
) -> Imported:
    """Import the file at ``path`` as a set called ``name`` ("": as its format or itself is called) of ``kind`` ("":
    as its format is for).

    Raises UsageError before anything is written where it is no such file or the case is locked, and Damaged where
    the file breaks off: then nothing of it is in the case.
    """
    from actionday.storage.hashes import gathering as hold  # numpy, which no other command should wait for

    given = Given(path)
    format_ = format_of(given)
    page = hold.Page(
        source=hold.Source(path.name, 0, ""),
        name=stated("--name", name or format_.called or given.name, LONGEST_NAME),
        kind=_kind(format_, kind, path),
        format=format_.name,
        version=format_.version(given),
    )
    with case.lock("hashes import"):
        entries = _recorded(case)
        before = path.stat()
        page.source = _source(path, hold.Source)
        if found := next((each for each in entries if _is(each, page)), None):
            hold.forget(case.folder / FOLDER, page)
            return _already(found)
        number = len(entries) + 1
        if number > MOST_SETS:
            raise UsageError(f"{case.folder}: has {MOST_SETS} sets of known hashes, no more can be held")
        held = hold.Gathering(case.folder / FOLDER, page, run_bytes or hold.RUN_BYTES)
        resumed = held.page.rows if held.resumed else 0
        pace.stage("reading", held.page.rows)
        for batch in format_.batches(given, held.page.position):
            _take(held, batch)
            pace.more(batch.rows)
        held.save()
        after = path.stat()
        if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            held.forget()
            raise UsageError(f"{path}: was changed while it was read: nothing of it is in the case")
        if not held.page.runs:
            held.forget()
            raise UsageError(f"{path}: {_none_of(held.page)}")
        pace.stage("sorting", held.page.rows)
        written = held.write(case.folder / FOLDER / file_of(number))
        details = _details(number, held.page, written)
        with transaction(case.database):
            case.ledger().append(entry(Action.HASHES_IMPORTED, page.name, details))
        held.forget()
        pace.stage("done", held.page.rows)
        return _imported(page.name, details, held.page.first_bad, resumed=resumed, dropped=held.dropped)


def format_of(given: Given) -> Format:
    """Return the format that claims a file. Raises UsageError where none does, or several alike."""
    formats: list[Format] = load(ROOM, "HASHES")[0]
    claims = [(each.claims(given.head, given.name), each) for each in formats]
    best = max((claim for claim, _ in claims), default=Claim.NO)
    found = [each for claim, each in claims if claim == best]
    if best == Claim.NO or len(found) != 1:
        raise UsageError(
            f"{given.path}: is no list of hashes that is known here: NSRL RDS 2 or 3, Project VIC or CAID JSON, "
            "or lines of MD5, SHA-1 or SHA-256"
        )
    return found[0]


def _kind(format_: Format, kind: str, path: Path) -> str:
    if kind and kind != format_.kind and format_.only:
        raise UsageError(
            f"{path}: holds files that are sought: none of them is taken for known good (--kind {kind})"
        )
    return kind or format_.kind


def _recorded(case: Case) -> list[Entry]:
    try:
        entries = recorded(case.database)
    except LedgerError as error:
        raise Damaged(
            f"{case.folder}: the ledger is not as it was signed ({error}). actionday verify names it"
        ) from error
    named(entries)
    return entries


def _source(path: Path, source: "type[Source]") -> "Source":
    total, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            total.update(piece)
            size += len(piece)
    return source(path.name, size, total.hexdigest())


def _is(each: Entry, page: "Page") -> bool:
    source = each.details["source"]
    same = isinstance(source, dict) and source.get("sha256") == page.source.sha256
    return same and each.subject == page.name and each.details["kind"] == page.kind


def _take(held: "Gathering", batch: Batch) -> None:
    page = held.page
    page.rows += batch.rows
    page.blank += batch.blank
    for where, reason in batch.bad:
        page.bad[reason] = page.bad.get(reason, 0) + 1
        if len(page.first_bad) < KEPT_BAD:
            page.first_bad.append((where, reason))
    page.position = {**batch.position}
    if held.add(batch.digests):
        held.save()


def _none_of(page: "Page") -> str:
    if not page.first_bad:
        return "holds no row: no set was made of it"
    where, reason = page.first_bad[0]
    return f"no set was made of it, as none of {parted(page.rows, 'row')} gives a hash; {where}: {reason}"


def _details(number: int, page: "Page", written: "Written") -> dict[str, Json]:
    return {
        "number": number,
        "kind": page.kind,
        "version": page.version,
        "format": page.format,
        "sha256": written.sha256,
        "size": written.size,
        "source": {"name": page.source.name, "size": page.source.size, "sha256": page.source.sha256},
        "rows": {**written.rows},
        "read": page.rows,
        "blank": page.blank,
        "bad": {**page.bad},
        "first_bad": [list(each) for each in page.first_bad[:IN_LEDGER]],
    }


class _Entry(msgspec.Struct):
    """The details of an import, as its entry has them."""

    number: int
    kind: str
    version: str
    size: int
    rows: dict[str, int]
    read: int
    blank: int
    bad: dict[str, int]
    first_bad: list[tuple[str, str]]


def _already(found: Entry) -> Imported:
    details = msgspec.convert(dict(found.details), _Entry)
    return _imported(found.subject, dict(found.details), details.first_bad, already=True)


def _imported(
    name: str,
    details: dict[str, Json],
    first_bad: list[tuple[str, str]],
    *,
    already: bool = False,
    resumed: int = 0,
    dropped: str = "",
) -> Imported:
    told = msgspec.convert(details, _Entry)
    return Imported(
        number=told.number, name=name, kind=told.kind, version=told.version, rows=told.rows, read=told.read,
        blank=told.blank, bad=told.bad, first_bad=first_bad, already=already, resumed=resumed, dropped=dropped,
        size=told.size,
    )  # fmt: skip
