"""The exhibits as the ledger has them, and which rows nothing is to be concluded from.

A row that somebody altered is a difference of the database; it says nothing of the evidence that it was about.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from actionday.ledger import Entry
from actionday.pipeline.custody import SourceFile
from actionday.pipeline.proving.report import Subject
from actionday.pipeline.relisting import Row

Acquired = tuple[int, str, list[SourceFile], bool]


def acquired(of: Subject) -> Iterator[Acquired]:
    """Yield number, name and files of each exhibit, and whether it was gone through to its end."""
    numbers = dict[str, int]()
    if (
        of.told.unread or not of.told.acquired
    ):  # of what cannot be read, the rows are all that is left to go by
        known = {each.subject for each in of.told.acquired}
        numbers = {name: number for number, name, *_ in _stored(of)}
        yield from (each for each in _stored(of) if each[1] not in known)
    for number, each in enumerate(of.told.acquired, start=1):
        n = numbers.get(each.subject, number)
        yield n, each.subject, _sources(of, n, each), each.subject in of.told.closed


def _stored(of: Subject) -> Iterator[Acquired]:
    """Yield the exhibits as the table has them."""
    query = "SELECT number, id, sources, state FROM exhibits ORDER BY number"
    for number, name, sources, state in of.case.database.execute(query):
        yield number, name, msgspec.json.decode(sources, type=list[SourceFile]), state == "complete"


def doubtful(of: Subject, row: Row | None) -> bool:
    """Say whether a row is of a checkpoint that differs, or of none; without one, whether rows may be gone."""
    if row is None:
        return bool(of.doubted)
    seq: object = row.seq
    last = of.told.last
    return seq in of.doubted or (last > 0 and not (isinstance(seq, int) and 0 < seq <= last))


def _sources(of: Subject, number: int, first: Entry) -> list[SourceFile]:
    """Return the files of an exhibit, each with the hash that was recorded of it."""
    name = first.subject
    latest = of.told.moved.get(name) or of.told.closed.get(name) or first
    facts: Any = latest.details.get("acquisition", latest.details)
    found = msgspec.convert(facts["sources"], list[SourceFile])
    if name not in of.told.closed:
        found += _beside(of, number)[len(found) :]
    for n, source in enumerate(found):
        if (entry := of.told.hashed.get((name, n))) is not None:
            source.sha256 = str(entry.details["sha256"])
    return found


def _beside(of: Subject, number: int) -> list[SourceFile]:
    """Return the files in the row of an open exhibit: only it names as yet what was found beside the others."""
    row = of.case.database.execute("SELECT sources FROM exhibits WHERE number = ?", (number,)).fetchone()
    try:
        return msgspec.json.decode(row[0], type=list[SourceFile]) if row else []
    except (msgspec.MsgspecError, TypeError):
        return []  # ``tables`` says that it differs
