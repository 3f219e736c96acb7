"""What may be said once is not said anew: a later entry of the ledger, under whichever key, takes no earlier one's place."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from spoiled import Copy, site_of

from actionday.ledger import Action, Entry, Json, Ledger
from actionday.storage.case import Case, entry
from actionday.storage.database import rows, transaction
from actionday.storage.database.balance import balance
from actionday.storage.ledger_store import SqliteLogStore
from case_tools import Bench


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Path:
    """A folder that holds a case and its exhibits; each test spoils a copy."""
    root = tmp_path_factory.mktemp("again")
    site_of(root, 2, {})
    (root / "one.txt").write_text("a text of its own\n")
    bench = Bench(root / "case")
    bench.ingest(root / "site", root / "one.txt")
    return root


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Copy:
    return Copy(whole, tmp_path)


@pytest.fixture
def case(copy: Copy) -> Iterator[Case]:
    """The case as somebody has it who can write it and has a key."""
    opened = Case.open(copy.bench.folder)
    yield opened
    opened.close()


def last(case: Case, action: Action, subject: str = "") -> Entry:
    found = [each for _, each in Ledger(SqliteLogStore(case.database)).entries() if each.action is action]
    return [each for each in found if subject in ("", each.subject)][-1]


def details_of(found: Entry) -> dict[str, Any]:
    """Return the details of an entry, to be changed."""
    details: dict[str, Any] = json.loads(json.dumps(found.details))
    return details


def append(case: Case, action: Action, subject: str, details: dict[str, Json]) -> None:
    case.ledger().append(entry(action, subject, details))


def test_a_case_that_is_created_again_with_other_facts_is_a_difference(copy: Copy, case: Case) -> None:
    details = details_of(last(case, Action.CASE_CREATED)) | {"authority": "Nobody"}
    with transaction(case.database):
        case.put({"authority": "Nobody"})
        append(case, Action.CASE_CREATED, "", details)
    assert "the case was created before" in copy.first()


def test_an_exhibit_that_is_closed_again_with_another_acquisition_is_a_difference(
    copy: Copy, case: Case
) -> None:
    details = details_of(last(case, Action.EXHIBIT_CLOSED, "one.txt"))
    details["acquisition"]["forged"] = "the imager says nothing"
    acquisition = msgspec.json.encode(details["acquisition"]).decode()
    with transaction(case.database) as database:
        database.execute("UPDATE exhibits SET acquisition = ? WHERE id = 'one.txt'", (acquisition,))
        append(case, Action.EXHIBIT_CLOSED, "one.txt", details)
    assert "exhibit 'one.txt' was closed before" in copy.first()


def test_an_exhibit_that_is_acquired_again_is_a_difference(copy: Copy, case: Case) -> None:
    with transaction(case.database):
        append(case, Action.EXHIBIT_ACQUIRED, "site", details_of(last(case, Action.EXHIBIT_ACQUIRED, "site")))
    assert "exhibit 'site' was acquired before" in copy.first()


def planted(case: Case, kind: str) -> None:
    """Add an item to the exhibit that was closed, with a checkpoint that vouches for it."""
    database, names = case.database, rows.ITEM_COLUMNS.split(", ")
    query = f"SELECT {rows.ITEM_COLUMNS} FROM items WHERE exhibit = 1 AND kind = ? LIMIT 1"
    row = dict(zip(names, database.execute(query, (kind,)).fetchone(), strict=True))
    row |= {"id": bytes(16), "seq": case.seq + 1, "path": "in/planted", "place": f"{row['place']}x"}
    database.execute(rows.ITEMS, tuple(row[name] for name in names))
    case.put({"seq": str(row["seq"])})
    digest = rows.digest(database, row["seq"])
    append(case, Action.RUN_CHECKPOINT, "", {"seq": row["seq"], "rows": digest, "items": 1})


@pytest.mark.parametrize("kind", ["file", "directory"])
def test_what_comes_to_an_exhibit_after_it_was_closed_is_a_difference(
    copy: Copy, case: Case, kind: str
) -> None:
    """A directory stands in no balance: nothing else would tell of it."""
    with transaction(case.database):
        planted(case, kind)
    shutil.rmtree(copy.bench.folder / "index")
    assert copy.first().startswith(
        "tables: items came to exhibit 'site' after it was closed: site › in/planted"
    )


def test_a_planted_item_is_found_also_where_the_exhibit_is_closed_again_over_it(
    copy: Copy, case: Case
) -> None:
    with transaction(case.database) as database:
        planted(case, "file")
        found = balance(database, 1)
        database.execute(
            "UPDATE exhibits SET balance = ? WHERE number = 1", (msgspec.json.encode(found).decode(),)
        )
        details = details_of(last(case, Action.EXHIBIT_CLOSED, "site"))
        append(case, Action.EXHIBIT_CLOSED, "site", details | {"balance": msgspec.to_builtins(found)})
    assert "exhibit 'site' was closed before" in copy.first()


def test_a_run_that_ends_again_and_seals_another_index_is_a_difference(copy: Copy, case: Case) -> None:
    details = details_of(last(case, Action.RUN_FINISHED)) | {"index": {"meta.json": "0" * 64}}
    with transaction(case.database):
        append(case, Action.RUN_FINISHED, "run 1", details)
    assert "run 1 had ended before" in copy.first()


def test_a_run_that_stores_nothing_and_seals_another_index_is_a_difference(copy: Copy, case: Case) -> None:
    from actionday.pipeline import runs

    details = details_of(last(case, Action.RUN_FINISHED)) | {"index": {"meta.json": "0" * 64}}
    runs.finish(case, runs.start(case, details_of(last(case, Action.RUN_STARTED))), details)
    assert "run 2 seals another index than the run before it" in copy.first()


def test_taking_in_again_what_is_closed_says_nothing_twice(copy: Copy, whole: Path) -> None:
    copy.bench.ingest(whole / "site", whole / "one.txt")
    copy.bench.verify()
