"""The house functions behind the pages, against slow references."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import integers, lists, sampled_from, sets, text, tuples

from actionday.access import exhibits, items
from actionday.access.concerning import custody
from actionday.access.items import Chosen, find_item, list_items, places
from actionday.access.ledger import head, list_entries
from actionday.access.overview import every_value, overview
from actionday.access.tally import Tally
from actionday.model.identity import item_id
from actionday.storage.case import Case
from actionday.storage.database.connection import versions
from conftest import Made

PARTS = sampled_from(["a", "a-b", "a.b", "a0", "b", "ü", "نشرة", " ", "..", "A", "a b", "~"])


@pytest.fixture
def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    for _, script in versions():
        connection.executescript(script)
    connection.execute("INSERT INTO exhibits VALUES (1, 'S-1', '[]', 'open', 0, '{}', NULL)")
    return connection


def _fill(database: sqlite3.Connection, paths: list[str]) -> None:
    database.execute("DELETE FROM items")
    database.executemany(
        "INSERT INTO items (id, exhibit, seq, place, path, kind, status, opened) VALUES (?, 1, 1, ?, ?, 'file', 'parsed', 0)",
        [(item_id(b"root", str(n)), str(n), path) for n, path in enumerate(paths)],
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sets(lists(PARTS, min_size=1, max_size=4).map("/".join), max_size=25))
def test_the_tree_is_what_the_paths_say(database: sqlite3.Connection, paths: set[str]) -> None:
    """Every name directly below a folder, once, with the number of items below it."""
    _fill(database, [*sorted(paths), ""])
    for folder in {"", *(path.rpartition("/")[0] for path in paths), *paths}:
        prefix = f"{folder}/" if folder else ""
        below = [path[len(prefix) :] for path in paths if path.startswith(prefix) and path != folder]
        expected = {
            name: sum(rest.startswith(f"{name}/") for rest in below)
            for name in {rest.partition("/")[0] for rest in below}
        }
        found = exhibits.folder(database, 1, folder).branches
        assert {branch.name: branch.below for branch in found} == expected
        assert len(found) == len(expected)


def test_below_a_folder_the_items_of_the_balance_are_counted(database: sqlite3.Connection) -> None:
    _fill(database, ["d", "d/e", "d/e/x", "d/p1", "d/p1/y", "d/z"])
    database.execute("UPDATE items SET kind = 'directory' WHERE path IN ('d', 'd/e')")
    database.execute("UPDATE items SET kind = 'volume' WHERE path = 'd/p1'")
    (branch,) = exhibits.folder(database, 1, "").branches
    assert (branch.below, branch.counted) == (5, 3)


def test_names_of_one_page_stand_as_people_count(database: sqlite3.Connection) -> None:
    named = ["d1", "d2", "d10", "d010a", "d11-2", "d11-10", "e", "é", "1" * 5_000, "٣"]
    _fill(database, named)
    found = [branch.name for branch in exhibits.folder(database, 1, "").branches]
    assert found == ["1" * 5_000, "d1", "d2", "d10", "d010a", "d11-2", "d11-10", "e", "é", "٣"]


def test_a_large_folder_comes_in_pages_without_a_gap(database: sqlite3.Connection) -> None:
    _fill(database, [f"d/{number:04d}/x" for number in range(333)])
    names: list[str] = []
    after: str | None = ""
    while after is not None:
        page = exhibits.folder(database, 1, "d", after)
        names += [branch.name for branch in page.branches]
        after = page.next
    assert names == [f"{number:04d}" for number in range(333)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists(text(max_size=3), max_size=30))
def test_keyset_pages_hold_everything_once_in_order(database: sqlite3.Connection, paths: list[str]) -> None:
    _fill(database, [path.encode("utf-8", "replace").decode() for path in paths])
    whole = [item.id for item in list_items(database, Chosen(), limit=1000).items]
    found: list[str] = []
    after = ""
    while True:
        page = list_items(database, Chosen(), after=after, limit=7)
        found += [item.id for item in page.items]
        assert page.total == len(paths)
        if page.next is None:
            break
        after = page.next
    assert found == whole


def test_values_that_are_no_filter_find_nothing_and_break_nothing(made: Made) -> None:
    case = Case.open(made.folder)
    for hostile in ("' OR 1=1 --", "\x00", "x" * 5000, "unknown'"):
        for name in ("status", "exhibit", "type", "language", "period", "reason", "group"):
            assert list_items(case.database, Chosen(**{name: hostile})).total == 0
        assert find_item(case.database, hostile) is None
        assert places(case.database, hostile).total == 0
        assert list_entries(case.database, action=hostile).total == 0
        assert list_entries(case.database, actor=hostile).total == 0
    case.close()


def test_the_overview_and_the_lists_agree_on_every_value(made: Made) -> None:
    case = Case.open(made.folder)
    tally = Tally()
    found = overview(case, tally)
    numbers = exhibits.exhibit_numbers(case.database)
    assert found.balance.adds_up
    for bars, name in ((found.types, "type"), (found.languages, "language"), (found.times, "period")):
        for bar in bars.bars:
            chosen = Chosen(**{name: bar.key})
            assert list_items(case.database, chosen).total == tally.total(chosen, numbers) == bar.number, (
                name,
                bar,
            )
    assert sum(bar.number for bar in every_value(tally)["type"]) == found.balance.found
    for group in items.GROUPS:
        assert list_items(case.database, Chosen(group=group)).total == getattr(found.balance, group)
    case.close()


def test_the_ledger_is_listed_whole_in_pages_and_filters_are_exact(made: Made) -> None:
    from actionday.ledger import Ledger
    from actionday.storage.ledger_store import SqliteLogStore

    case = Case.open(made.folder)
    every = list(Ledger(SqliteLogStore(case.database)).entries())
    found: list[int] = []
    older: int | None = len(every)
    while older:
        page = list_entries(case.database, older=older, limit=7)
        found += [line.number for line in page.lines]
        older = page.older
    assert found == [index for index, _ in reversed(every)]
    for action in {str(entry.action) for _, entry in every}:
        expected = [index for index, entry in every if str(entry.action) == action]
        assert list_entries(case.database, action=action).total == len(expected)
    assert list_entries(case.database, actor="tester").total == len(
        [e for _, e in every if e.actor == "tester"]
    )
    assert [line.number for line in custody(case.database, "S-03").lines] == [
        n for n, e in reversed(every) if e.subject == "S-03" and str(e.action).startswith("exhibit.")
    ]
    assert head(case).size == len(every)
    case.close()


def test_a_leaf_that_was_changed_is_said_to_be_unreadable_and_the_others_stay(
    tmp_path: Path, signing_key: None
) -> None:
    from made_case import FACTS

    case = Case.create(tmp_path / "case", FACTS)
    case.database.execute("UPDATE ledger_entry SET leaf = '{broken' WHERE idx = 1")
    lines = list_entries(case.database).lines
    assert [line.entry is None for line in lines] == [True, False]
    assert lines[0].damage
    case.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lists(
        tuples(
            sampled_from(["parsed", "queued", "encrypted"]),
            sampled_from([None, "2026-03-04T00:00:00Z", "2025-12-01T00:00:00Z"]),
            integers(1, 4),
        ),
        max_size=30,
    ),
    sampled_from(["", "2026", "2026-03", "2", "unknown", "2026-03-04"]),
    sampled_from(["", "failed", "skipped", "x"]),
)
def test_a_tally_taken_in_steps_is_what_counting_everything_gives(
    database: sqlite3.Connection, rows: list[tuple[str, str | None, int]], period: str, group: str
) -> None:
    """Whatever the checkpoints were, the counts are those of the database."""
    database.execute("DELETE FROM items")
    tally, chosen = Tally(), Chosen(period=period, group=group)
    for seq in range(1, 5):
        database.executemany(
            "INSERT INTO items (id, exhibit, seq, place, path, kind, status, mtime, opened) "
            "VALUES (?, 1, ?, ?, ?, 'file', ?, ?, 0)",
            [
                (item_id(b"t", str(n)), seq, str(n), str(n), row[0], row[1])
                for n, row in enumerate(rows)
                if row[2] == seq
            ],
        )
        database.execute("INSERT OR REPLACE INTO facts VALUES ('seq', ?)", (str(seq),))
        tally.update(database)
        assert tally.balance() == tally.balance(1)
        assert tally.balance().found == list_items(database, Chosen()).total
        assert tally.total(chosen, {"S-1": 1}) == list_items(database, chosen).total
