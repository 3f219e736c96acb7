"""What the ledger says of the case, gathered in one pass: what the tables are held against.

Whoever holds a key may append, and every entry stands under some key: so what was said once is not said anew by a
later entry. A case is created once, an exhibit acquired once and closed once, a run ends once; an entry that says it
again is a difference, and the first one counts.
"""

import msgspec

from actionday.ledger import Action, Entry, Json, Ledger, UnknownAction
from actionday.ledger.entry import format_time
from actionday.pipeline.runs import second
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
    """Those of the last entry that names them."""
    checkpoints: list[Entry] = []
    acquired: list[Entry] = []
    moved: dict[str, Entry] = {}
    """Where the sources of an exhibit were found since it was acquired or closed."""
    hashed: dict[tuple[str, int], Entry] = {}
    """The first hash of each source of an exhibit."""
    closed: dict[str, Entry] = {}
    closed_at: dict[str, int] = {}
    """The number of the last checkpoint when an exhibit was closed: nothing comes to it behind that."""
    runs: list[Run] = []
    index: Json = None
    """What the index's segments hashed to when the last run ended, by itself; None behind anything else."""
    misnumbered: str | None = None
    """The first entry of a run whose number is not the next."""
    again: str | None = None
    """The first entry that says anew what may be said once only."""
    readable: bool = True
    """Whether it could be read at all: else nothing here speaks for or against anything."""

    @property
    def unfinished(self) -> str | None:
        """The last run when it was started and never ended: killed, or going on."""
        return f"run {len(self.runs)}" if self.runs and self.runs[-1].state == "running" else None


def told(case: Case) -> Told:
    """Return what the ledger says. Raises LedgerError or ValueError for one that cannot be read."""
    found = Told()
    for number, each in Ledger(SqliteLogStore(case.database)).entries():
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
    if each.action in (Action.RUN_FINISHED, Action.RUN_INTERRUPTED) and found.runs:
        if found.runs[-1].state != "running":
            return f"{each.subject} had ended before"
        sealed = each.details.get("index", found.index)
        if found.index is not None and sealed != found.index:
            return f"{each.subject} seals another index than the run before it, and stored nothing"
    return ""


def _take(found: Told, each: Entry) -> None:
    if each.action is Action.CASE_CREATED:
        found.created = each
    elif each.action is Action.RUN_CHECKPOINT:
        found.checkpoints.append(each)
        found.index = None
    elif each.action is Action.REPAIR:
        found.index = None
    elif each.action is Action.EXHIBIT_ACQUIRED:
        found.acquired.append(each)
    elif each.action is Action.EXHIBIT_MOVED:
        found.moved[each.subject] = each
    elif each.action is Action.EXHIBIT_HASHED:
        found.hashed.setdefault((each.subject, _number(each)), each)
    elif each.action is Action.EXHIBIT_CLOSED:
        found.closed[each.subject] = each
        found.closed_at[each.subject] = _last(found.checkpoints)
        found.moved.pop(each.subject, None)  # it was closed with its sources where they are
    elif each.action in (Action.RUN_STARTED, Action.RUN_FINISHED, Action.RUN_INTERRUPTED):
        _run(found, each)
    found.limits = each.details.get("limits", found.limits)


def _last(checkpoints: list[Entry]) -> int:
    """Return the number of the last checkpoint by its own word: ``rows`` proves that they follow one another."""
    number = checkpoints[-1].details.get("seq") if checkpoints else 0
    return number if isinstance(number, int) else len(checkpoints)


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
        state = "complete" if each.action is Action.RUN_FINISHED else "interrupted"
        found.runs[-1].state, found.runs[-1].finished = state, when
        kept = found.index if state == "complete" else None  # one that was killed says nothing of an index
        found.index = each.details.get("index", kept)
    if each.subject != f"run {len(found.runs)}":
        found.misnumbered = found.misnumbered or f"{each.action} of {each.subject!r}"
