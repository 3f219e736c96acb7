"""A run goes by nothing that the signed ledger does not say: else it would sign anew what somebody altered."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from actionday.ledger import Action, LedgerError
from actionday.model import Damaged
from actionday.pipeline import runs
from actionday.pipeline.acquisition import Acquisition
from actionday.pipeline.basis import basis
from actionday.pipeline.proving.report import Subject
from actionday.pipeline.proving.tables import check_tables
from actionday.pipeline.proving.told import told
from actionday.pipeline.work import Work, recorded_in
from actionday.storage.case import Case, entry
from actionday.storage.case_parts import OBJECTS
from actionday.storage.database import transaction
from actionday.storage.database.rows import NO_ROWS
from actionday.storage.objects import Packs
from case_tools import Bench

FACTS = {
    "name": "Kestrel",
    "authority": "Police of Weststadt",
    "country": "de",
    "legal_basis": "order 7",
    "retain_until": "2030-01-01",
    "purpose": "prosecution",
}
FORGED = "0" * 64
SEALED = {"meta.json": "a" * 64}


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """A case in which one run ended and sealed, and another was killed behind a checkpoint."""
    made = Case.create(tmp_path / "case", FACTS)
    number = runs.start(made, {})
    runs.finish(made, number, {"index": SEALED})
    yield made
    made.close()


def checkpoint(case: Case) -> None:
    runs.start(case, {})
    made = {"index": "b" * 64, "items": 0, "rows": NO_ROWS, "seq": 1}
    with transaction(case.database):
        case.ledger().append(entry(Action.RUN_CHECKPOINT, "", made))


def test_a_case_as_it_was_written_is_gone_on_with(case: Case) -> None:
    found = basis(case)
    assert found.seal is not None
    assert (found.seal.segments, found.seal.last) == (SEALED, True)
    assert found.limits == case.limits
    checkpoint(case)
    stored = basis(case).seal
    assert stored is not None
    assert (stored.stored, stored.last) == ("b" * 64, False)


LEAF = 'UPDATE ledger_entry SET leaf = replace(leaf, {!r}, {!r}) WHERE leaf LIKE \'{{"action":"{}"%\''
ALTERED = {
    "a limit": ("UPDATE facts SET value = replace(value, '\"depth\":32', '\"depth\":1')", "limits"),
    "a limit written twice": ("UPDATE facts SET value = replace(value, '{', '{\"depth\":1,') WHERE key = 'limits'", "limits"),
    "another fact": ("UPDATE facts SET value = 'Other' WHERE key = 'authority'", "authority"),
    "a fact more": ("INSERT INTO facts (key, value) VALUES ('passed', 'yes')", "passed"),
    "a run that ended": ("UPDATE runs SET state = 'running', finished = NULL", "run 1"),
    "a run more": ("INSERT INTO runs (n, state, actor, started, parameters, progress) VALUES (900, 'complete', 'x', 'y', '{}', '{}')", "3 runs"),
    "a table": ("CREATE TABLE notes (text TEXT)", "notes"),
    "an index": ("CREATE INDEX few ON items (path) WHERE n > 5", "few"),
    "an index that is gone": ("DROP INDEX ledger_joining", "ledger_joining"),
    "the seal of the last run": (LEAF.format("a" * 64, FORGED, "run.finished"), "entry"),
    "the seal of the last checkpoint": (LEAF.format("b" * 64, FORGED, "run.checkpoint"), "entry"),
    "limits in the first entry": (LEAF.format('"depth":32', '"depth":1', "case.created"), "entry"),
    "an action that hides a seal": (LEAF.format("run.finished", "run.paused", "run.finished"), "entry"),
    "an entry that is no JSON": ("UPDATE ledger_entry SET leaf = 'x' WHERE idx = 1", "entry 1"),
    "an entry that is gone": ("DELETE FROM ledger_entry WHERE idx = 2", "entry"),
    "the last entry": ("DELETE FROM ledger_entry WHERE idx = (SELECT MAX(idx) FROM ledger_entry)", "head"),
    "the head": ("DELETE FROM ledger_head", "head"),
    "the head's key": ("UPDATE ledger_head SET key = replace(key, '+', '+0')", "key"),
}  # fmt: skip


@pytest.mark.parametrize("altered", ALTERED)
def test_nothing_is_gone_by_that_the_ledger_does_not_say(case: Case, altered: str) -> None:
    statement, named = ALTERED[altered]
    checkpoint(case)
    assert case.database.execute(statement).rowcount != 0
    with pytest.raises(Damaged, match=named) as refused:
        basis(case)
    assert "actionday verify" in str(refused.value)
    assert not case.database.in_transaction


def test_a_leaf_with_its_own_hash_is_not_believed_either(case: Case) -> None:
    """Whoever alters a leaf hashes it as well: the head still signs the other one."""
    from actionday.ledger.tlog import leaf_hash

    ((number, leaf),) = case.database.execute(
        "SELECT idx, leaf FROM ledger_entry WHERE leaf LIKE '%run.finished%'"
    )
    forged = leaf.replace("a" * 64, FORGED)
    hashes = case.database.execute("SELECT hashes FROM ledger_entry WHERE idx = ?", (number,)).fetchone()[0]
    hashes = leaf_hash(forged.encode()) + hashes[32:]
    case.database.execute(
        "UPDATE ledger_entry SET leaf = ?, hashes = ? WHERE idx = ?", (forged, hashes, number)
    )
    with pytest.raises((Damaged, LedgerError), match=r"entry|head"):
        basis(case)


def test_limits_that_the_ledger_gave_since_are_gone_by(case: Case) -> None:
    limits = json.loads(case.fact("limits")) | {"depth": 3}
    with transaction(case.database):
        case.put({"limits": json.dumps(limits, separators=(",", ":"))})
        case.ledger().append(entry(Action.LIMITS_CHANGED, "", {"limits": limits}))
    assert basis(case).limits.depth == 3


def test_a_run_that_went_by_other_limits_does_not_give_them(case: Case) -> None:
    """As an older version did: it took an altered row, and its own entry then said the same."""
    limits = json.loads(case.fact("limits")) | {"depth": 1}
    case.put({"limits": json.dumps(limits, separators=(",", ":"))})
    runs.finish(case, runs.start(case, {"limits": limits}), {"index": SEALED})
    packs = Packs(case.folder / OBJECTS)
    assert "limits" in str(check_tables(Subject(case, packs, told(case), False)).difference)
    case.put({"limits": case.fact("limits").replace('"depth":1', '"depth":32')})
    assert "nobody gave" in str(check_tables(Subject(case, packs, told(case), False)).difference)


def test_an_ingest_says_what_was_altered_and_records_nothing(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("the kestrel is above the mill\n")
    database = sqlite3.connect(bench.folder / "case.db")
    with database:
        database.execute(ALTERED["a limit"][0])
        before = database.execute("SELECT COUNT(*) FROM ledger_entry").fetchone()
    said = bench.run("ingest", bench.folder, tmp_path / "a.txt")
    assert (said.returncode, "limits" in said.stderr) == (1, True), said.stderr
    assert database.execute("SELECT COUNT(*) FROM ledger_entry").fetchone() == before
    database.close()


def test_what_a_run_goes_on_from_is_read_in_the_same_pass(case: Case, tmp_path: Path) -> None:
    """The ledger grows with every search: once through it is held and read, and it is not gone through again."""
    (tmp_path / "note.txt").write_text("a note")
    acquisition = Acquisition(case)
    wanted = acquisition.wanted([tmp_path / "note.txt"], None)
    (exhibit,) = acquisition.register(wanted, tmp_path, print).values()
    exhibit.close()
    checkpoint(case)
    asked = list[str]()
    case.database.set_trace_callback(asked.append)
    found = basis(case).recorded
    again = Work(case, found)
    runs.start(case, {}, found.items)
    case.database.set_trace_callback(None)
    assert sum("FROM ledger_entry" in each and "LIKE" in each for each in asked) == 0
    assert vars(found) == vars(recorded_in(case)) | {"items": 0}
    assert (found.acquired, found.closed, again.seq) == ({"note.txt"}, set(), 1)
