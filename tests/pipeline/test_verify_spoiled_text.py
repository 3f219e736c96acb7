"""A bit in the schema, a text that is no UTF-8, a value of another type: a difference under its right name."""

import sqlite3
from pathlib import Path

import pytest
from spoiled import Copy, site_of

from actionday.app.cli.main import run
from actionday.app.cli.verify import _proof
from actionday.model import Damaged
from actionday.pipeline.proving import Proof, Trust
from actionday.storage.database.spoiled import NO_SCHEMA, NO_TEXT, TORN_PAGES
from actionday.storage.objects import Location
from case_tools import Bench

PAGE = 4096


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Path:
    """A folder that holds a case and its exhibit."""
    root = tmp_path_factory.mktemp("spoiled-text")
    bench = Bench(root / "case")
    bench.ingest(site_of(root, 2, {}))
    return root


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Copy:
    return Copy(whole, tmp_path)


def proved(folder: Path) -> Proof:
    return _proof(folder, Trust(), None, as_json=True)


def spoil(folder: Path, data: bytes, at: int, mask: int) -> None:
    for beside in ("case.db-wal", "case.db-shm"):
        (folder / beside).unlink(missing_ok=True)
    (folder / "case.db").write_bytes(data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :])


def test_a_bit_in_the_schema_is_a_difference_of_the_schema(
    copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copy.bench.folder
    data = (folder / "case.db").read_bytes()
    spoil(folder, data, data.index(b"CREATE TABLE items") + 7, 0x80)
    assert NO_SCHEMA in str(proved(folder).first)
    assert str(proved(folder).first).startswith("schema: ")
    for command in ("status", "verify"):
        assert run([command, str(folder)]) == 1
        assert "schema" in "".join(capsys.readouterr())


@pytest.mark.parametrize("mask", [0x80, 0x01])
def test_no_bit_of_the_first_page_is_called_a_fault_of_ours(copy: Copy, mask: int) -> None:
    """Each is a difference, or lies where nobody reads; none raises but for the format's number."""
    folder = copy.bench.folder
    data = (folder / "case.db").read_bytes()
    for at in range(101, PAGE, 97):
        spoil(folder, data, at, mask)
        proved(folder)


@pytest.mark.parametrize("column", ["id", "path", "raw", "meta", "size"])
def test_a_text_that_is_no_utf_8_is_named_with_its_column(copy: Copy, column: str) -> None:
    copy.sql(f"UPDATE items SET {column} = CAST(x'ff80' AS TEXT) WHERE n = 3")
    first = str(proved(copy.bench.folder).first)
    assert f"items.{column}: {NO_TEXT}" in first
    assert "torn" not in first


@pytest.mark.parametrize("table", ["exhibits.id", "runs.actor", "facts.value"])
def test_nor_are_pages_blamed_for_a_text_of_another_table(copy: Copy, table: str) -> None:
    name, _, column = table.partition(".")
    copy.sql(f"UPDATE {name} SET {column} = CAST(x'ff80' AS TEXT)")
    found = proved(copy.bench.folder)
    assert found.differs
    assert TORN_PAGES not in str([check.difference for check in found.checks])


@pytest.mark.parametrize("value", ["-5", "9223372036854775807", "1.5", "'zz'", "x'ff'"])
@pytest.mark.parametrize("column", ["start", "size", "pack", "skip"])
def test_a_place_that_no_object_has_is_the_rows_fault_and_not_the_disks(
    copy: Copy, column: str, value: str
) -> None:
    try:
        copy.sql(f"UPDATE objects SET {column} = {value} WHERE sha256 = (SELECT MIN(sha256) FROM objects)")
    except sqlite3.IntegrityError:
        pytest.skip("the schema does not take it")
    said = str([check.difference for check in proved(copy.bench.folder).checks])
    assert "disk" not in said
    assert "rows of checkpoint" in said


def test_a_location_of_other_types_is_damaged() -> None:
    with pytest.raises(Damaged):
        Location.of((1, -5, 3, b"\x91\x03", 0))
    with pytest.raises(Damaged):
        Location.of((1, 8, 3, "no bytes", 0))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("id = 7", "no case"),
        ("path = x'ff'", "no case"),
        ("sha256 = 'zz'", "no case"),
        ("meta = 'zz'", "a stored value that cannot be read"),
        ("path = CAST(x'ff' AS TEXT)", "no case"),
    ],
)
def test_an_export_says_that_a_row_is_no_row_of_a_case(
    copy: Copy, capsys: pytest.CaptureFixture[str], change: str, told: str
) -> None:
    copy.sql(f"UPDATE items SET {change} WHERE n = 3")
    assert run(["export", str(copy.bench.folder), "items", "-o", str(copy.bench.folder.parent / "out")]) == 1
    said = capsys.readouterr().err
    assert told in said
    assert "fault of Actionday" not in said
