"""An entry that is not as it was signed is a difference of the ledger; for want of it, nothing else is blamed."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from actionday.ledger import Action, Entry
from actionday.ledger.tlog import leaf_hash
from actionday.pipeline.proving import verify
from actionday.pipeline.proving.own import own_difference
from actionday.pipeline.proving.report import Subject
from actionday.pipeline.proving.tables import check_tables
from actionday.pipeline.proving.told import told, told_by
from actionday.storage.case import Case
from actionday.storage.case_parts import DATABASE, OBJECTS
from actionday.storage.objects import Packs
from case_tools import Bench


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of two exhibits."""
    folder = tmp_path_factory.mktemp("unread")
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name / "a.txt").write_text(f"the kestrel is above mill {name}\n")
    bench = Bench(folder / "case")
    bench.ingest(folder / "one", folder / "two")
    return folder / "case"


def entries(folder: Path) -> list[tuple[int, str]]:
    database = sqlite3.connect(folder / DATABASE)
    found = database.execute("SELECT idx, leaf FROM ledger_entry ORDER BY idx").fetchall()
    database.close()
    return [(number, json.loads(leaf)["action"]) for number, leaf in found]


SPOILED = {
    "no JSON": "UPDATE ledger_entry SET leaf = 'x' WHERE idx = ?",
    "other words": "UPDATE ledger_entry SET leaf = replace(leaf, 'e', 'i') WHERE idx = ?",
    "another actor": 'UPDATE ledger_entry SET leaf = replace(leaf, \'"actor":"\', \'"actor":"x\') WHERE idx = ?',
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_one_entry_is_blamed_and_nothing_else(taken_in: Path, tmp_path: Path, spoiled: str) -> None:
    every = entries(taken_in)
    for number, action in every if spoiled == "no JSON" else every[::4]:
        copy = shutil.copytree(taken_in, tmp_path / f"{number}")
        case = Case.open(copy)
        case.database.execute(SPOILED[spoiled], (number,))
        proof = verify(case, lambda _: None)
        blamed = {check.name: check.difference for check in proof.checks if not check.ok}
        assert blamed.keys() == {"ledger"}, (action, blamed)
        assert "not as it was signed" in own_difference(case)
        case.close()


def test_an_entry_with_a_hash_of_its_own_is_no_reason_to_blame_the_table(
    taken_in: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(taken_in, tmp_path / "copy")
    case = Case.open(copy)
    database = case.database
    leaf, hashes = database.execute(
        "SELECT leaf, hashes FROM ledger_entry WHERE leaf LIKE '%case.created%'"
    ).fetchone()
    forged = leaf.replace("Kestrel", "Kestrej")
    database.execute(
        "UPDATE ledger_entry SET leaf = ?, hashes = ? WHERE leaf = ?",
        (forged, leaf_hash(forged.encode()) + hashes[32:], leaf),
    )
    proof = verify(case, lambda _: None)
    assert [check.name for check in proof.checks if not check.ok] == ["ledger"]
    case.close()


def test_what_the_rest_of_the_ledger_says_is_held_all_the_same(taken_in: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(taken_in, tmp_path / "copy")
    case = Case.open(copy)
    case.database.execute(SPOILED["no JSON"], (1,))
    case.database.execute("UPDATE items SET reason = 'altered' WHERE path = 'a.txt'")
    proof = verify(case, lambda _: None)
    assert {check.name for check in proof.checks if not check.ok} == {"ledger", "rows"}
    case.close()


def test_a_checkpoint_that_leaves_numbers_out_closes_no_exhibit_too_early(
    taken_in: Path, tmp_path: Path
) -> None:
    """What came to an exhibit is held against the checkpoint before its end by number, not by how many there were."""
    copy = shutil.copytree(taken_in, tmp_path / "copy")
    case = Case.open(copy)
    case.database.execute("UPDATE items SET seq = seq + 5")
    case.database.execute("UPDATE issues SET seq = seq + 5")

    def later(entry: Entry) -> Entry:
        details: dict[str, Any] = dict(entry.details)
        if entry.action is Action.RUN_CHECKPOINT:
            details["seq"] += 5
        return Entry(entry.time, entry.actor, entry.action, entry.subject, details)

    recorded = told_by((number, later(each)) for number, each in case.ledger().entries())
    packs = Packs(case.folder / OBJECTS)
    assert check_tables(Subject(case, packs, recorded, False)).difference is None
    assert "after it was closed" in str(check_tables(Subject(case, packs, told(case), False)).difference)
    case.close()
