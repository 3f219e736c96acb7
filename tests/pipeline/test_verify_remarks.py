"""What a person should know of a ledger and is no difference: a clock set back, an act of a later version."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from actionday.ledger import Action, Entry, UnknownAction
from actionday.storage.case import Case, moment
from actionday.storage.database import transaction
from case_tools import Bench

LATER = UnknownAction("head.stamped")


@pytest.fixture
def filled(bench: Bench, tmp_path: Path) -> Bench:
    (tmp_path / "one.txt").write_text("a text of its own\n")
    bench.ingest(tmp_path / "one.txt")
    return bench


def append(bench: Bench, entry: Entry) -> None:
    case = Case.open(bench.folder)
    with transaction(case.database):
        case.ledger().append(entry)
    case.close()


def remarks(bench: Bench) -> list[str]:
    """Return what ``verify`` remarks of a case that is whole; printed and in JSON it is the same."""
    found = bench.verify()
    assert (found["ok"], found["checks"][0]["difference"]) == (True, None)
    said = [line for line in found["checks"][0]["said"] if line.startswith("remark: ")]
    printed = bench.run("verify", bench.folder).stdout
    assert all(line in printed for line in said)
    return said


def test_a_time_that_goes_back_is_told_and_no_difference(filled: Bench) -> None:
    append(filled, Entry(datetime(1999, 1, 1, tzinfo=UTC), "Owner", Action.VIEWED, "x", {}))
    (said,) = remarks(filled)
    assert "time 1999-01-01T00:00:00Z is before the previous" in said


def test_an_act_of_a_later_version_is_told_and_no_difference(filled: Bench) -> None:
    append(filled, Entry(moment(), "Owner", LATER, "x", {"limits": {}}))
    (said,) = remarks(filled)
    assert "'head.stamped' is none that this version knows" in said


def test_an_act_of_a_later_version_is_exported_as_it_is(filled: Bench) -> None:
    append(filled, Entry(moment(), "Owner", LATER, "x", {"stamp": 7}))
    filled.search("text")
    found = filled.export("ledger")
    (row,) = [each for each in found if each["action"] == "head.stamped"]
    assert (row["actor"], row["subject"], row["details"]) == ("Owner", "x", {"stamp": 7})
    assert [each["action"] for each in found[-2:]] == ["searched", "export.begun"], "it goes on behind it"
