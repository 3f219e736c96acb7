"""A row that somebody altered is a difference of the database, and no word against the evidence it is about."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from spoiled import Copy, site_of

from actionday.app.cli.main import run
from actionday.app.cli.verify import _proof
from actionday.ledger import Ledger
from actionday.model import Damaged
from actionday.pipeline.acquisition import Acquisition
from actionday.pipeline.proving import Check, Trust
from actionday.pipeline.proving.step import UNTOLD
from actionday.pipeline.proving.told import Told, _take
from actionday.storage.case import Case
from actionday.storage.ledger_store import SqliteLogStore
from case_tools import Bench

SHA = "zeroblob(32)"
FILE = "in/page-1.txt"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Path:
    """A folder that holds a case and its exhibits, a folder and a file."""
    root = tmp_path_factory.mktemp("blames")
    bench = Bench(root / "case")
    (root / "one.txt").write_text("a file of its own\n")
    bench.ingest(site_of(root, 3, {}), root / "one.txt")
    return root


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Copy:
    return Copy(whole, tmp_path)


def checks(copy: Copy) -> dict[str, Check]:
    return {each.name: each for each in _proof(copy.bench.folder, Trust(), None, as_json=True).checks}


CHANGES = [
    f"UPDATE items SET sha256 = {SHA} WHERE path = '{FILE}'",
    f"UPDATE items SET mtime = '1999-01-01T00:00:00Z' WHERE path = '{FILE}'",
    f"UPDATE items SET kind = 'symlink' WHERE path = '{FILE}'",
    f"UPDATE items SET meta = 'zz' WHERE path = '{FILE}'",
    f"UPDATE items SET path = CAST(x'ff' AS TEXT) WHERE path = '{FILE}'",
    f"UPDATE items SET place = x'00' WHERE path = '{FILE}'",
    f"UPDATE items SET seq = 99, mtime = '1999-01-01T00:00:00Z' WHERE path = '{FILE}'",
    f"DELETE FROM items WHERE path = '{FILE}'",
]


@pytest.mark.parametrize("change", CHANGES, ids=[each[:45] for each in CHANGES])
def test_an_altered_row_of_an_item_says_nothing_against_its_exhibit(copy: Copy, change: str) -> None:
    copy.sql(change)
    found = checks(copy)
    assert not found["rows"].ok
    assert found["exhibits"].difference is None
    assert any("nothing is concluded" in line for line in found["exhibits"].not_proved)


def test_without_the_row_of_the_exhibit_itself_its_files_are_proved_all_the_same(copy: Copy) -> None:
    proved = checks(copy)["exhibits"].checked
    copy.sql("DELETE FROM items WHERE parent IS NULL")
    found = checks(copy)
    assert not found["rows"].ok
    assert (found["exhibits"].difference, found["exhibits"].checked) == (None, proved)


@pytest.mark.parametrize(
    "change",
    [
        'sources = replace(sources, \'"sha256":"\', \'"sha256":"00\')',
        "sources = replace(sources, 'one.txt', 'two.txt')",
        "sources = 'zz'",
        "state = 'open'",
    ],
)
def test_nor_does_an_altered_row_of_an_exhibit(copy: Copy, change: str) -> None:
    copy.sql(f"UPDATE exhibits SET {change}")
    found = checks(copy)
    assert not found["tables"].ok
    assert found["exhibits"].difference is None
    assert not found["exhibits"].absent


def test_a_file_that_is_altered_as_well_is_named_where_its_own_row_holds(whole: Path, tmp_path: Path) -> None:
    """The file of an exhibit stands in the ledger: its row is not needed to judge it."""
    copy = Copy(whole, tmp_path)
    one = whole / "one.txt"
    before = one.read_bytes()
    copy.sql(CHANGES[0])
    one.write_text("another text now!\n")
    try:
        assert "one.txt" in str(checks(copy)["exhibits"].difference)
    finally:
        one.write_bytes(before)


@pytest.mark.parametrize(
    "change",
    [
        CHANGES[0] + " OR 1",
        "UPDATE exhibits SET sources = replace(sources, '\"size\":18', '\"size\":19')",
        "UPDATE exhibits SET sources = 'zz' WHERE id = 'one.txt'",
        'UPDATE exhibits SET sources = replace(sources, \'"mtime":"20\', \'"mtime":"19\')',
    ],
)
def test_an_ingest_names_the_database_and_not_the_exhibit(
    copy: Copy, whole: Path, capsys: pytest.CaptureFixture[str], change: str
) -> None:
    copy.sql(change, "UPDATE items SET meta = NULL")  # else inode and ctime tell that nothing was written
    sources = [str(whole / name) for name in ("site", "one.txt")]
    assert run(["ingest", str(copy.bench.folder), *sources, "--workers", "1"]) == 1
    said = capsys.readouterr().err
    assert "case.db is not what the ledger recorded" in said
    assert "not as it was acquired" not in said


@pytest.mark.parametrize(
    "leaf",
    ["''", "'[]'", "replace(leaf, ':', ': ')", "leaf || char(0) || 'x'", "CAST(x'fffe' AS TEXT)"],
    ids=["empty", "a list", "other spaces", "a NUL behind it", "no UTF-8"],
)
def test_a_ledger_that_cannot_be_read_says_nothing_against_the_database(copy: Copy, leaf: str) -> None:
    """Nothing was "never recorded", and no number of checkpoints is known: there is nothing to compare with."""
    with closing(sqlite3.connect(copy.bench.folder / "case.db")) as database:
        guards = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    copy.sql(
        *(f"DROP TRIGGER {name}" for (name,) in guards),
        f"UPDATE ledger_entry SET leaf = {leaf} WHERE idx = 3",
    )
    found = checks(copy)
    assert not found["ledger"].ok
    for name in ("rows", "tables"):
        assert found[name].difference in (None, UNTOLD)
    assert found["exhibits"].ok
    assert found["objects"].ok


def test_checkpoints_with_a_gap_between_them_close_no_exhibit_too_early(copy: Copy) -> None:
    """What is behind the last checkpoint of an exhibit goes by its number, and not by how many there are."""
    with closing(Case.open(copy.bench.folder)) as case:
        entries = [each for _, each in Ledger(SqliteLogStore(case.database)).entries()]
    found = Told()
    for each in entries:
        seq = each.details.get("seq")
        _take(
            found,
            each if not isinstance(seq, int) else replace(each, details={**each.details, "seq": seq + 4}),
        )
    assert set(found.closed_at.values()) == {found.checkpoints[-1].details["seq"]}


def test_an_exhibit_is_not_blamed_where_a_row_holds_a_number_that_no_case_has(copy: Copy) -> None:
    """Whatever a spoiled case makes a reader raise is told as ``verify`` tells it, before an ingest blames a source."""
    copy.sql("UPDATE exhibits SET balance = '{\"parsed\": 1e400}', sources = 'zz'")
    with pytest.raises(Damaged, match="is not what the ledger recorded") as refused:
        Acquisition(Case.open(copy.bench.folder)).wanted([copy.root / "one.txt"], None)
    assert str(checks(copy)["tables"].difference) in str(refused.value)
