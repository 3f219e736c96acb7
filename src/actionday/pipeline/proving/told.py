"""What the ledger says of the case, gathered in one pass: what the tables are held against.

Whoever holds a key may append, and every entry stands under some key: so what was said once is not said anew by a
later entry. A case is created once, an exhibit acquired once and closed once (once more each time it was
reopened for what waited for the slow lane), a run ends once; an entry that says it again is a difference, and the first
one counts.
"""

from collections.abc import Iterable, Iterator

import msgspec

from actionday.ledger import Action, BadEntry, Entry, Json, UnknownAction, parse_entry
from actionday.ledger.entry import format_time
from actionday.ledger.tlog import HASH_SIZE, leaf_hash
from actionday.pipeline.proving.passphrases import Given, given
from actionday.pipeline.proving.written import same
from actionday.pipeline.runs import ENDS, second
from actionday.pipeline.work import take
from actionday.storage.case import Case
from actionday.storage.ledger_store import SqliteLogStore


class Run(msgspec.Struct):
    """One run, as its entries tell it; the fields of the table but the progress."""

    state: str
    actor: str
    started: str
    finished: str | None
    parameters: Json


class Told(msgspec.Struct):
    """Everything recorded that a table repeats."""

    created: Entry | None = None
    limits: Json = None
    """Those the case was made with or was given since; where its first entry names none, those of its first run."""
    ungiven: str | None = None
    """The first run that went by other limits than the case had."""
    checkpoints: list[Entry] = []
    acquired: list[Entry] = []
    moved: dict[str, Entry] = {}
    """Where the sources of an exhibit were found since it was acquired or closed."""
    hashed: dict[tuple[str, int], Entry] = {}
    """The first hash of each source of an exhibit."""
    closed: dict[str, Entry] = {}
    closed_at: dict[str, int] = {}
    """The last checkpoint before an exhibit was closed: nothing comes to it behind it."""
    work: dict[str, Json] = {}
    """Digests of what is still to be done of an open exhibit, where the last entry that could say it does."""
    secrets: list[Given] = []
    """The secrets that were given, by what added them."""
    runs: list[Run] = []
    hashes: list[Entry] = []
    """The imports of sets of known hashes."""
    index: Json = None
    """What the index's segments hashed to when the last run ended, by itself; None behind anything else."""
    misnumbered: str | None = None
    """The first entry of a run whose number is not the next."""
    unread: list[int] = []
    """Entries that are not as they were signed: what they said is not known, so nothing is blamed for want of it."""
    again: str | None = None
    """The first entry that says anew what may be said once only."""
    readable: bool = True
    """Whether it could be read at all: else nothing here speaks for or against anything."""

    @property
    def last(self) -> int:
        """Number of the last checkpoint, 0 before the first."""
        seq = self.checkpoints[-1].details.get("seq") if self.checkpoints else 0
        return seq if isinstance(seq, int) else 0

    @property
    def unfinished(self) -> str | None:
        """The last run when it was started and never ended: killed, or going on."""
        return f"run {len(self.runs)}" if self.runs and self.runs[-1].state == "running" else None


def told(case: Case) -> Told:
    """Return what the ledger says, apart from leaves that have not their hash. Raises LedgerError or ValueError."""
    store, unread = SqliteLogStore(case.database), list[int]()
    found = told_by(_read(store, unread))
    if unread:
        found.unread = unread
        found.index = None  # whether it was made anew since
    return found


def _read(store: SqliteLogStore, unread: list[int]) -> Iterator[tuple[int, Entry]]:
    for row in store.rows(0, store.size()):
        try:
            if row.hashes[:HASH_SIZE] != leaf_hash(row.leaf):
                raise BadEntry("not that of its hash")
            yield row.index, parse_entry(row.leaf)
        except BadEntry:
            unread.append(row.index)


def told_by(entries: Iterable[tuple[int, Entry]]) -> Told:
    """Return what entries of a ledger say, each with its number."""
    found = Told()
    for number, each in entries:
        if isinstance(each.action, UnknownAction):
            continue  # told of the ledger; what it means for a table is not known
        if said := _said_again(found, each):
            found.again = found.again or f"entry {number}: {said}"
            continue
        _take(found, each)
    return found


def _said_again(found: Told, each: Entry) -> str:
    """Return what an entry says that was said before, "" for one that says it first. No run of ours writes one."""
    if each.action is Action.CASE_CREATED:
        return "the case was created before" if found.created else ""
    if each.action is Action.EXHIBIT_ACQUIRED:
        known = any(one.subject == each.subject for one in found.acquired)
        return f"exhibit {each.subject!r} was acquired before" if known else ""
    if each.action is Action.EXHIBIT_CLOSED:
        return f"exhibit {each.subject!r} was closed before" if each.subject in found.closed else ""
    if each.action is Action.EXHIBIT_REOPENED:
        return (
            ""
            if each.subject in found.closed
            else f"exhibit {each.subject!r} was reopened, and is not closed"
        )
    if each.action in ENDS and found.runs:
        if found.runs[-1].state != "running":
            return f"{each.subject} had ended before"
        sealed = each.details.get("index", found.index)
        if found.index is not None and sealed != found.index:
            return f"{each.subject} seals another index than the run before it, and stored nothing"
    return ""


def _take(found: Told, each: Entry) -> None:
    take(found.work, each.action, each.details)
    if each.action is Action.CASE_CREATED:
        found.created = each
    elif each.action is Action.RUN_CHECKPOINT:
        found.checkpoints.append(each)
        found.index = None
    elif each.action is Action.REPAIR:
        found.index = None
    elif each.action is Action.SECRET_ADDED and (told_of := given(each)):
        found.secrets.append(told_of)
    elif each.action is Action.HASHES_IMPORTED:
        found.hashes.append(each)
    elif each.action is Action.EXHIBIT_ACQUIRED:
        found.acquired.append(each)
    elif each.action is Action.EXHIBIT_MOVED:
        found.moved[each.subject] = each
    elif each.action is Action.EXHIBIT_HASHED:
        found.hashed.setdefault((each.subject, _number(each)), each)
    elif each.action is Action.EXHIBIT_CLOSED:
        found.closed[each.subject] = each
        found.closed_at[each.subject] = found.last
        found.moved.pop(each.subject, None)  # it was closed with its sources where they are
    elif each.action is Action.EXHIBIT_REOPENED:
        del found.closed[each.subject], found.closed_at[each.subject]
        found.moved[each.subject] = each  # its sources are where they are, whatever was closed with others
    elif each.action is Action.RUN_STARTED or each.action in ENDS:
        _run(found, each)
    _limits(found, each)


def _limits(found: Told, each: Entry) -> None:
    """Take limits where they are given; a run has those that were, and gives none."""
    limits = each.details.get("limits")
    if each.action is Action.RUN_STARTED and isinstance(found.limits, dict) and limits is not None:
        if not isinstance(limits, dict) or any(
            not same(limits.get(name), value) for name, value in found.limits.items()
        ):
            found.ungiven = (
                found.ungiven or f"{each.subject} went by limits that nobody gave the case: {limits!r}"
            )
    elif limits is not None:
        found.limits = limits


def _number(each: Entry) -> int:
    number = each.details["number"]
    return number if isinstance(number, int) else -1


def _run(found: Told, each: Entry) -> None:
    when = second(format_time(each.time))
    if each.action is Action.RUN_STARTED:
        if found.runs and found.runs[-1].state == "running":
            found.runs[-1].state, found.runs[-1].finished = "interrupted", when
        found.runs.append(Run("running", each.actor, when, None, dict(each.details)))
    elif found.runs:
        state = ENDS[Action(each.action)]
        found.runs[-1].state, found.runs[-1].finished = state, when
        kept = found.index if state == "complete" else None  # one that was killed says nothing of an index
        found.index = each.details.get("index", kept)
    if each.subject != f"run {len(found.runs)}":
        found.misnumbered = found.misnumbered or f"{each.action} of {each.subject!r}"
