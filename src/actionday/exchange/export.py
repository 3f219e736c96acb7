"""Exporting one kind of row, to a file or a stream, with its ledger entry."""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol, runtime_checkable

import orjson

from actionday.access.found import FoundItems
from actionday.exchange._cells import cell, line
from actionday.ledger import Action, Json
from actionday.model import UsageError
from actionday.plugins import load
from actionday.storage.case import Case, is_case
from actionday.storage.case_parts import OBJECTS
from actionday.storage.held_rows import differing_rows
from actionday.storage.objects import Packs

Fields = Mapping[str, object]
Say = Callable[[str], None]
"""Is told of each thing that is not as it was stored or signed, in a sentence."""
MOST_SAID = 10
REPORT = "report"
"""What is exported for people, and has no rows (``reported.py``)."""
HELD_BY_ITSELF = ("ledger",)
"""Kinds of row that no checkpoint stored; they have their own proof."""


class Out(Protocol):
    """Where an export goes, row by row."""

    def write(self, data: bytes, /) -> int:
        """Take a row, or several; return how many bytes."""


class Written(NamedTuple):
    """What an export wrote; ``differing`` things were not as they were stored, ``said`` names the first of them.

    ``sha256``: in hex, of all that was written, as the ledger has it.
    """

    rows: int
    differing: int
    said: tuple[str, ...]
    sha256: str


class Export(Protocol):
    """A kind of row: its name, its fields in order, and the rows of a case in a fixed order."""

    name: str
    fields: tuple[str, ...]

    def rows(self, database: sqlite3.Connection, packs: Packs, differs: Say) -> Iterator[Fields]:
        """Yield the rows; unknown is None. What is not as it was stored is told to ``differs``, the rest goes on."""


@runtime_checkable
class Searchable(Export, Protocol):
    """A kind of row that a query can choose from."""

    def found(self, database: sqlite3.Connection, packs: Packs, differs: Say) -> Iterator[Fields]:
        """Yield, in the order of ``rows``, those of the items whose ids stand in the table ``temp.found``."""


def kinds() -> dict[str, Export]:
    """Return the registered kinds by name."""
    return {each.name: each for each in load("actionday.exchange", "EXPORT")[0]}


def export(case: Case, kind: str, form: str, out: Out, found: FoundItems | None = None) -> Written:
    """Write every row of ``kind``, or of what was found, to ``out``, record it, return what was. Raises UsageError.

    That it begins is in the ledger before the first byte is given: one that is killed leaves that much. The entry
    that ends it holds the query, the number of rows and bytes and the SHA-256 of what was written. Before anything is
    written, all rows are held against the signed digests of their checkpoints; what differs is told and counted.
    """
    one = _kind(kind)
    write = {"jsonl": _jsonl, "csv": _csv}.get(form)
    if write is None:
        raise UsageError(f"no format called {form!r}: there are jsonl, csv")
    packs = Packs(case.folder / OBJECTS)
    asked: dict[str, Json] = {"format": form, **({"query": found.query} if found else {})}
    begun = case.begin(Action.EXPORT_BEGUN, kind, asked)
    total, size, count, whole = sha256(), 0, 0, False
    said = _Said()
    case.database.execute("BEGIN")  # what is held is what is written
    try:
        if kind not in HELD_BY_ITSELF:
            for sentence in differing_rows(case.database):
                said(sentence)
        for data in write(one.fields, _rows(one, case.database, packs, said, found)):
            total.update(data)
            size += len(data)
            count += 1  # before it is written: what was seen last is counted wherever the signal comes
            out.write(data)
        whole = True
    finally:  # what somebody has seen is an access, also when they stopped in the middle
        if case.database.in_transaction:  # SQLite itself takes one back where the disk fails
            case.database.execute("ROLLBACK")
        packs.close()
        rows = count - 1 if form == "csv" and count else count
        details: dict[str, Json] = {
            **begun,
            **asked,
            "rows": rows,
            "bytes": size,
            "sha256": total.hexdigest(),
            "whole": whole,
            **({"differing": said.count} if said.count else {}),
        }
        case.log(Action.EXPORTED, kind, details)
    return Written(rows, said.count, tuple(said.first), total.hexdigest())


class _Said:
    """Counts what is not as it was stored, and keeps the first sentences of it."""

    def __init__(self) -> None:
        self.count, self.first = 0, list[str]()

    def __call__(self, sentence: str) -> None:
        self.count += 1
        if self.count <= MOST_SAID:
            self.first.append(sentence)


def check_searchable(kind: str) -> None:
    """Raise UsageError for a kind of row that no query chooses from, or that there is not."""
    if not isinstance(_kind(kind), Searchable):
        fit = sorted(name for name, each in kinds().items() if isinstance(each, Searchable))
        raise UsageError(f"a query chooses {' or '.join(fit)}: {kind} are exported whole")


def _kind(name: str) -> Export:
    known = kinds()
    if name not in known:
        raise UsageError(f"no export called {name!r}: there are {', '.join(sorted((*known, REPORT)))}")
    return known[name]


def _rows(
    one: Export, database: sqlite3.Connection, packs: Packs, differs: Say, found: FoundItems | None
) -> Iterator[Fields]:
    if found is None:
        return one.rows(database, packs, differs)
    assert isinstance(one, Searchable), one.name
    return one.found(database, packs, differs)


def export_to(
    case: Case, kind: str, form: str, path: Path, *, force: bool = False, found: FoundItems | None = None
) -> Written:
    """Write to ``path``, which appears whole or not at all. Raises UsageError.

    A file that is there stays, unless ``force``; nothing is ever written into a case or onto evidence.
    """
    with whole_at(case, path, force=force) as out:
        return export(case, kind, form, out, found)


@contextmanager
def whole_at(case: Case, path: Path, *, force: bool) -> Iterator["Named"]:
    """Give a file to write to that is at ``path`` once all went well, and nowhere else. Raises UsageError."""
    check_writable(case, path, force=force)
    part = path.with_name(f".{os.getpid()}.part")  # short: ``path`` may be as long as names can be
    with refused(path):
        part.unlink(missing_ok=True)  # a process of this number was killed, or a link leads elsewhere
        out = part.open("xb")
    try:
        yield Named(out, path)
        with refused(path):
            out.flush()
            os.fsync(out.fileno())
            part.replace(path)
    finally:
        with suppress(OSError):  # where it could not be written, that is said already
            out.close()
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """Raise UsageError, naming the file that is written, for what the system refuses of it."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error


class Named:
    """Where rows go, with its name: what of the case cannot be read meanwhile is not laid at its door."""

    def __init__(self, out: BinaryIO, path: Path) -> None:
        self._out, self._path = out, path

    def write(self, data: bytes, /) -> int:
        """Take rows. Raises UsageError."""
        with refused(self._path):
            return self._out.write(data)


def check_writable(case: Case, path: Path, *, force: bool) -> None:
    """Raise UsageError for a file in a case, evidence, or one that is there; ``force`` writes over the last.

    What is there and no regular file is never written over: a device, a pipe, a link (also one that leads nowhere).
    """
    try:
        present = os.path.lexists(path)
        regular = not present or stat.S_ISREG(path.lstat().st_mode)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    target = path.parent.resolve() / path.name
    if any(map(is_case, target.parents)):
        raise UsageError(f"{path}: lies in a case: export to another folder")
    for (sources,) in case.database.execute("SELECT sources FROM exhibits"):
        for each in orjson.loads(sources):
            source = Path(str(each["path"]))
            if (
                target == source
                or path.resolve() == source
                or (each["folder"] and target.is_relative_to(source))
            ):
                raise UsageError(f"{path}: is evidence, which is never written")
    if not regular:
        raise UsageError(
            f"{path}: is no regular file (a folder, link, device or pipe), and is never written over"
        )
    if present and not force:
        raise UsageError(f"{path}: is there already; --force writes over it")


def _jsonl(_: tuple[str, ...], rows: Iterable[Fields]) -> Iterator[bytes]:
    for row in rows:
        yield orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def _csv(fields: tuple[str, ...], rows: Iterable[Fields]) -> Iterator[bytes]:
    yield line(fields)
    for row in rows:
        yield line([cell(row.get(field)) for field in fields])
