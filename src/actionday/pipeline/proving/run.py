"""``verify``: every check in the order in which one rests on the other."""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from actionday.ledger import Action, Json, LedgerError, verify_log
from actionday.model import ActiondayError
from actionday.pipeline.proving.circumstances import UNKNOWN, Circumstances, circumstances
from actionday.pipeline.proving.exhibits import check_exhibits
from actionday.pipeline.proving.hashes import check_hashes
from actionday.pipeline.proving.heads import check_heads, cut_off
from actionday.pipeline.proving.indexed import check_index
from actionday.pipeline.proving.left import left
from actionday.pipeline.proving.logged import what_is_logged
from actionday.pipeline.proving.own import ROWS, TABLES
from actionday.pipeline.proving.pace import Pace
from actionday.pipeline.proving.remarks import remarks
from actionday.pipeline.proving.report import Check, Proof, Subject
from actionday.pipeline.proving.schema import check_schema
from actionday.pipeline.proving.signers import Trust, standing
from actionday.pipeline.proving.step import Step, carried_out, told_of
from actionday.pipeline.proving.stored import check_objects
from actionday.pipeline.proving.surroundings import check_folder
from actionday.pipeline.proving.told import Told
from actionday.pipeline.seal import last_run
from actionday.storage.case import Case
from actionday.storage.case_parts import OBJECTS, TornDatabase
from actionday.storage.database.accounts import accounts
from actionday.storage.database.lacking import lacking
from actionday.storage.ledger_store import SqliteLogStore
from actionday.storage.objects import Packs
from actionday.storage.readable import check_whole
from actionday.storage.room import no_room, why_no_room
from actionday.storage.unlogged import forget, keep

LOG = logging.getLogger(__name__)
Say = Callable[[str], None]
Figures = TypeVar("Figures")
GIVEN = (
    "ledger_head.given: the mark that a head of the ledger was handed out; it decides only whether that head stays in "
    "the case when a newer one comes"
)
NO_LEDGER = "the ledger cannot be read: its tables are torn, or not as they were made"


STEPS = (
    Step("schema", check_schema),
    ROWS,
    TABLES,
    Step("objects", check_objects),
    Step("index", check_index),
    Step("exhibits", check_exhibits),
    Step("folder", check_folder),
)

SETS = Step("hashes", check_hashes)
"""Where sets of known hashes were imported."""
NOT_TOLD = "and later answers will not tell that it found a difference: keep this one"
MOST_BEGUN = 3
"""Times that a case is proved while runs begin in it: one that grows from the start is proved as it grows."""


NOTHING = Trust()
"""Nothing from outside: this installation's own key, and those listed beside it."""


def verify(
    case: Case,
    say: Say,
    trust: Trust = NOTHING,
    elsewhere: Path | None = None,
    *,
    pace: Pace | None = None,
) -> Proof:
    """Prove the case whole, offline; ``say`` is told what is being checked. The ledger comes first.

    ``elsewhere``: a folder below which alone exhibits are looked for. ``pace`` counts what was gone through.

    All checks are of one moment: while a run adds to the case, or after one was killed, what was stored by then is
    proved, and what lies behind it is named. That a run is open is what the ledger says: a lock alone, which anybody
    can hold, excuses nothing. Where a run began in the midst of it and something differs, all is proved once more, as
    of a case that grows: a run is no difference. Raises NotReadable where this account may not read all of the case:
    then nothing is known of it.
    """
    check_whole(case.folder)
    for _ in range(MOST_BEGUN):
        before = _last_run(case)
        found = _proved(case, say, trust, elsewhere, pace or Pace())
        if not found.differs or _last_run(case) == before:
            break
    details = what_is_logged(found, elsewhere)
    whole_ledger = found.checks[0].ok  # a broken one is not made longer
    unlogged = _log(case, details) if whole_ledger else "the ledger differs"
    if not unlogged:
        forget(case.folder)
    elif found.differs:
        checks = tuple(check.name for check in found.checks if not check.ok)
        if lost := keep(case.folder, str(found.first), checks):
            unlogged = f"{unlogged}; {NOT_TOLD} ({lost})"
    return msgspec.structs.replace(found, logged=not unlogged, unlogged=unlogged)


def _proved(case: Case, say: Say, trust: Trust, elsewhere: Path | None, pace: Pace) -> Proof:
    """Return what every check of one moment finds."""
    packs = Packs(case.folder / OBJECTS)
    case.database.execute("BEGIN")
    try:
        recorded = told_of(case)
        pace.begin("ledger", 1, len(STEPS) + 1 + bool(recorded.hashes))
        say("ledger")
        log = _ledger(case, trust)
        if log.broken_at is not None and not recorded.unread:  # a leaf may have been hashed by who altered it
            recorded.unread, recorded.index = [log.broken_at], None
        busy = case.busy()
        growing = recorded.unfinished is not None or bool(recorded.unread)
        of = Subject(case, packs, recorded, growing, elsewhere, pace=pace)
        checks = list(log.checks)
        steps = STEPS if not recorded.hashes else (*STEPS[:-1], SETS, STEPS[-1])
        for number, step in enumerate(steps, start=2):
            pace.begin(step.name, number, len(steps) + 1)
            say(step.name)
            checks.append(carried_out(step, of))
        unread, told = _told(case, lacking), _told(case, accounts)
    finally:
        if case.database.in_transaction:  # SQLite itself takes one back where the disk fails
            case.database.execute("ROLLBACK")
        packs.close()
    return Proof(
        checks=tuple(checks),
        logged=False,
        head=log.root,
        interrupted=_interrupted(recorded, busy=busy),
        left=left(recorded, busy=busy),
        vouched=log.vouched,
        made=circumstances(case, recorded, log.checks[0].checked),
        lacking=unread,
        accounts=told,
    )


def _told(case: Case, of: Callable[[sqlite3.Connection], Figures]) -> Figures | None:
    """Return what was found and never read, as the rows of this moment have it; None where they cannot be read."""
    try:
        return of(case.database)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError):
        LOG.info("what is lacking", exc_info=True)
        return None


def _last_run(case: Case) -> int:
    """Return which run began last: it writes its entry before it changes anything."""
    try:
        return last_run(case)
    except (
        sqlite3.DatabaseError,
        UnicodeDecodeError,
    ):  # a ledger that cannot be read differs whoever is at work
        return -1


def torn(damage: TornDatabase, folder: Path | None = None) -> Proof:
    """Return the proof of a case whose database cannot be read: it differs, and nothing else can be asked."""
    name = "schema" if damage.schema else "ledger"
    check = Check(name=name, what="entries", checked=0, difference=str(damage))
    made = UNKNOWN if folder is None else Circumstances(folder=str(folder))
    unlogged = "the database cannot be read"
    return Proof(checks=(check,), logged=False, unlogged=unlogged, head="", vouched=False, made=made)


def _log(case: Case, details: dict[str, Json]) -> str:
    """Record the proof; return why it could not be, "" when it is: what was found out holds all the same."""
    try:
        return "" if case.log(Action.VERIFIED, "", details) else case.why_readonly
    except (ActiondayError, LedgerError, sqlite3.Error, OSError, UnicodeDecodeError) as error:
        return why_no_room(error) if no_room(error) else str(error)


def _interrupted(recorded: Told, *, busy: bool) -> str | None:
    """Say which run did not go through everything it was given, while an exhibit is open."""
    if recorded.unread:
        return None  # which entries would end it is not known
    if busy and recorded.unfinished:
        return f"{recorded.unfinished} is going on"
    if recorded.unfinished:
        return f"{recorded.unfinished} was ended before it had gone through everything"
    open_ones = [each.subject for each in recorded.acquired if each.subject not in recorded.closed]
    if open_ones:
        return f"exhibit {open_ones[0]!r} has not been gone through to its end"
    return None


class _Log(NamedTuple):
    """The checks of the log, its root ("" where it differs), and whether somebody here vouches for its keys."""

    checks: tuple[Check, ...]
    root: str
    vouched: bool
    broken_at: int | None = None
    """Where its entries are not under its hashes and heads: at that entry, or at one before it."""


def _ledger(case: Case, trust: Trust) -> _Log:
    """Return what the log shows, and apart from it what the heads show that were given.

    The root of a log that differs is "": nobody may note it down.
    """
    store = SqliteLogStore(case.database)
    try:
        report = verify_log(store, None)
        if report.difference is not None:
            return _differing(report.size, str(report.difference), remarks(report))
        keys = standing(store, trust)
    except (LedgerError, sqlite3.DatabaseError, OSError, UnicodeError):
        LOG.info("check ledger", exc_info=True)
        return _differing(0, NO_LEDGER)
    found = Check(
        name="ledger",
        what="entries",
        checked=report.size,
        difference=keys.problem or None,
        said=(*keys.said, *remarks(report)),
        not_proved=(*filter(None, (keys.doubt,)), cut_off(keys.heads), GIVEN),
    )
    given = (check_heads(keys.heads),) if trust.heads else ()
    vouched = not (keys.problem or keys.doubt or keys.heads.foreign)
    return _Log((found, *given), "" if keys.problem else report.root.hex(), vouched)


def _differing(checked: int, difference: str, said: tuple[str, ...] = ()) -> _Log:
    found = Check(name="ledger", what="entries", checked=checked, difference=difference, said=said)
    return _Log((found,), "", True, checked)
