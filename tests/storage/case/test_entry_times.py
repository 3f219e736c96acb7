"""An entry has the time of its turn: one that waited for another is not before it."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from actionday.ledger import Action
from actionday.storage.case import Case, entry
from actionday.storage.database import transaction
from actionday.storage.ledger_store import SqliteLogStore

FACTS = {"name": "K", "authority": "A", "country": "ES", "legal_basis": "x", "retain_until": "2031-01-01"}


def logged(case: Case) -> None:
    case.log(Action.SEARCHED, "kestrel", {})


def begun(case: Case) -> None:
    case.begin(Action.EXPORT_BEGUN, "items", {})


@pytest.mark.parametrize("act", [logged, begun])
def test_who_waits_for_the_ledger_takes_the_time_behind_it(
    tmp_path: Path, signing_key: None, act: Callable[[Case], None]
) -> None:
    first = Case.create(tmp_path / "case", FACTS)
    second = Case.open(tmp_path / "case")
    asked = threading.Event()
    second.database.set_trace_callback(lambda said: asked.set() if said.startswith("BEGIN") else None)
    waiting = threading.Thread(target=act, args=(second,))
    with transaction(first.database):
        waiting.start()
        assert asked.wait(30), "else it did not wait for its turn"
        first.ledger().append(entry(Action.VIEWED, "item", {}))
    waiting.join()
    *_, viewed, waited = (each for _, each in first.ledger().entries())
    assert viewed.action is Action.VIEWED
    assert viewed.time <= waited.time
    assert SqliteLogStore(first.database).size() == 4
