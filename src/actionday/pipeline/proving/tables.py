"""Are the facts of the case, its secrets, exhibits, containers and runs those the ledger recorded?"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from actionday.ledger import Entry
from actionday.model.counted import grouped, parted
from actionday.pipeline.custody import SourceFile
from actionday.pipeline.proving.passphrases import differing_secrets
from actionday.pipeline.proving.report import Check, Subject
from actionday.pipeline.proving.told import Told
from actionday.pipeline.proving.written import read, same
from actionday.pipeline.work import differing, work_of
from actionday.storage.case import Case
from actionday.storage.database import rows
from actionday.storage.database.balance import balance

UNSAID = (
    "the facts of the case, its exhibits and its runs: not all of them are as the rest of the ledger says, and what "
    "the entries said that are not as they were signed (see ledger above) nobody knows"
)
PROGRESS = "runs.progress: how far a run was, for the eye alone"
WORK = frozenset({"seq", "limits"})
"""Facts that stand in no entry of their own: ``rows`` proves the one, the last run's entry the other."""
MANY = frozenset({"sources", "containers"})
"""Parts of an exhibit of which there are several."""

FACTS = ("path", "size", "folder", "named", "mtime", "ctime", "device", "inode")
"""Of a source, recorded when it was acquired."""
HASHES = {"sha256": "SHA-256", "md5": "MD5", "sha1": "SHA-1", "size_at_end": "size"}
"""Of a source, recorded when it was hashed."""
OPEN = (
    "is still open, and its last checkpoint is of a version that said nothing of it: its containers, and what opening "
    "it told of its files and of its acquisition"
)


class Exhibit(NamedTuple):
    """A row of the table."""

    number: int
    id: str
    sources: Any
    state: str
    size: int
    acquisition: Any
    balance: Any


def check_tables(of: Subject) -> Check:
    """Compare each fact, exhibit and run with what the ledger recorded of it, both ways."""
    checked, open_ones = 0, []
    exhibits = _stored(of.case)
    for difference in (
        of.told.again,
        _facts(of),
        _secrets(of),
        *_exhibits(of, exhibits),
        _orphans(of.case),
        _runs(of),
    ):
        if difference and of.told.unread:
            return Check(name="tables", what="facts", checked=checked, not_proved=(PROGRESS, UNSAID))
        if difference:
            return Check(name="tables", what="facts", checked=checked, difference=difference)
        checked += 1
    for each in exhibits:
        if each.id not in of.told.closed and each.id not in of.told.work:
            open_ones.append(f"exhibit {each.id!r} {OPEN}")
    return Check(name="tables", what="facts", checked=checked, not_proved=(PROGRESS, *open_ones))


def _facts(of: Subject) -> str | None:
    return differing_facts(of.case.facts(), of.told) or of.told.ungiven


def _secrets(of: Subject) -> str | None:
    return differing_secrets(of.case, of.told.secrets)


def differing_facts(facts: Mapping[str, str], told: Told) -> str | None:
    """Return which fact of the case is not what the ledger says, None where all are."""
    recorded = dict(told.created.details) if told.created else {}
    recorded.pop("limits", None)
    for key, value in recorded.items():
        if facts.get(key) != value:
            return f"fact {key!r} of the case is {facts.get(key)!r}, recorded was {value!r}"
    if unknown := sorted(facts.keys() - recorded.keys() - WORK):
        return f"fact {unknown[0]!r} of the case was never recorded"
    limits = told.limits
    if limits is not None and not same(read(facts.get("limits")), limits):
        return f"fact 'limits' of the case is {facts.get('limits')!r}, recorded was {limits!r}"
    return None


def _stored(case: Case) -> list[Exhibit]:
    query = "SELECT number, id, sources, state, size, acquisition, balance FROM exhibits ORDER BY number"
    return [
        Exhibit(n, name, read(sources), state, size, read(acquisition), read(counted))
        for n, name, sources, state, size, acquisition, counted in case.database.execute(query)
    ]


def _exhibits(of: Subject, stored: list[Exhibit]) -> Iterator[str | None]:
    """Yield for each acquired exhibit how its row differs; a row of none comes last."""
    rows_of = {each.id: each for each in stored}
    for number, acquired in enumerate(of.told.acquired, start=1):
        row = rows_of.pop(acquired.subject, None)
        if row is None:
            yield f"exhibit {acquired.subject!r} is gone from the table"
        elif row.number != number:
            yield f"exhibit {row.id!r} has the number {row.number}, it was acquired as the {number}."
        else:
            closed = of.told.closed.get(row.id)
            yield _open(of, row, acquired) if closed is None else _closed(of, row, closed)
    for name in rows_of:
        yield f"exhibit {name!r} was never acquired"


def _added(of: Subject, row: Exhibit) -> str | None:
    """Return how something came to a closed exhibit: what was closed is never gone on with."""
    for table in ("items", "issues"):
        query = f"SELECT path FROM {table} WHERE exhibit = ? AND seq > ? ORDER BY n"  # noqa: S608 - constants
        found = of.case.database.execute(query, (row.number, of.told.closed_at[row.id])).fetchall()
        if found:
            more = f", and {grouped(len(found) - 1)} more" if len(found) > 1 else ""
            return f"{table} came to exhibit {row.id!r} after it was closed: {row.id} › {found[0][0]}{more}"
    return None


def _open(of: Subject, row: Exhibit, acquired: Entry) -> str | None:
    if row.state != "open" or row.balance is not None:
        return f"exhibit {row.id!r} is {row.state!r} in the table, the ledger never closed it"
    if not isinstance(row.acquisition, dict):
        return f"the acquisition of exhibit {row.id!r} is not written as we write it"
    latest = of.told.moved.get(row.id, acquired)
    if not _sources_as(row, latest.details["sources"], acquired, every=latest is not acquired):
        return f"the sources of exhibit {row.id!r} are not what was recorded"
    if (work := of.told.work.get(row.id)) and (
        other := differing(work_of(of.case.database, row.number), work)
    ):
        return f"exhibit {row.id!r}: {other}"
    return _hashes(of, row)


def _sources_as(row: Exhibit, recorded: Any, acquired: Entry, *, every: bool) -> bool:
    """Say whether the sources begin with the recorded ones; ``every``: those not named were recorded as well."""
    if not isinstance(row.sources, list) or not all(_fields_known(each) for each in row.sources):
        return False
    held = [each for each in row.sources if every or each["named"]]
    if len(held) < len(recorded) or row.size != acquired.details["size"]:
        return False
    return not any(_other(now, then) for now, then in zip(held, recorded, strict=False))


def _fields_known(source: Any) -> bool:
    return isinstance(source, dict) and source.keys() <= set(SourceFile.__struct_fields__)


def _other(held: Any, recorded: Any) -> bool:
    """Say whether a source is not the one recorded; what it hashes to stands in entries of its own."""
    return any(not same(held.get(key), recorded.get(key)) for key in FACTS)


def _hashes(of: Subject, row: Exhibit) -> str | None:
    for number, each in enumerate(row.sources):
        entry = of.told.hashed.get((row.id, number))
        for key, name in HASHES.items():
            held = each.get(key)
            if entry is not None and not same(
                held, entry.details.get("size" if key == "size_at_end" else key)
            ):
                return f"the {name} of {each['path']!r} of exhibit {row.id!r} is not the one that was recorded first"
            if entry is None and held is not None and row.state == "open":
                return f"the {name} of {each['path']!r} of exhibit {row.id!r} was never recorded"
    return None


def _closed(of: Subject, row: Exhibit, closed: Entry) -> str | None:
    case = of.case
    if added := _added(of, row):
        return added
    if difference := _differing_closed(of.told, row):
        return difference
    now = msgspec.to_builtins(balance(case.database, row.number))
    pairs = (
        ("balance", now, closed.details["balance"]),
        ("containers", rows.containers_digest(case.database, row.number), closed.details.get("containers")),
    )
    return _differing_part(row, pairs) or _hashes(of, row)


def differing_closed(case: Case, told: Told) -> str | None:
    """Return which row of an exhibit is not what was recorded when it was closed, None where all are.

    What its items and containers are is not asked: checkpoints tell of the ones, and nothing is gone on with there.
    """
    found = (_differing_closed(told, row) for row in _stored(case) if row.id in told.closed)
    return next(filter(None, found), None)


def _differing_closed(told: Told, row: Exhibit) -> str | None:
    closed, moved = told.closed[row.id], told.moved.get(row.id)
    recorded: Any = closed.details["acquisition"]
    pairs = (
        ("state", row.state, "complete"),
        ("acquisition", row.acquisition, recorded),
        ("sources", row.sources, recorded["sources"] if moved is None else moved.details["sources"]),
        ("size", row.size, sum(each["size"] for each in recorded["sources"])),
        ("balance", row.balance, closed.details["balance"]),
    )
    return _differing_part(row, pairs)


def _differing_part(row: Exhibit, pairs: Iterable[tuple[str, Any, Any]]) -> str | None:
    for what, held, wanted in pairs:
        if not same(held, wanted):
            verb = "are" if what in MANY else "is"
            return f"the {what} of exhibit {row.id!r} {verb} not what was recorded"
    return None


def _orphans(case: Case) -> str | None:
    query = "SELECT hex(item) FROM containers WHERE exhibit NOT IN (SELECT number FROM exhibits) LIMIT 1"
    found = case.database.execute(query).fetchone()
    return f"container {found[0].lower()} is of no exhibit" if found else None


def _runs(of: Subject) -> str | None:
    if of.told.misnumbered:
        return f"the ledger's {of.told.misnumbered} is not of the run before it"
    return differing_runs(of.case, of.told)


def differing_runs(case: Case, told: Told) -> str | None:
    """Return which row of the table of runs is not what the ledger says, None where all are."""
    query = "SELECT n, state, actor, started, finished, parameters FROM runs ORDER BY n"
    stored = case.database.execute(query).fetchall()
    if len(stored) != len(told.runs):
        return f"the table holds {parted(len(stored), 'run')}, the ledger {grouped(len(told.runs))}"
    for number, (row, run) in enumerate(zip(stored, told.runs, strict=True), start=1):
        wanted = (number, run.state, run.actor, run.started, run.finished)
        if row[:5] != wanted or not same(read(row[5]), run.parameters):
            return f"run {row[0]} is not what was recorded of run {number}"
    return None
