"""No column of the database is without its proof: every one is changed in turn, as the schema itself lists them.

A new table or column comes into these tests by itself; one that ``verify`` cannot prove has to be named in its output.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from kill_exhibits import disk, mbox
from spoiled import Bed, Column, Copy, site_of

from actionday.storage.database import migrate
from actionday.storage.ledger_store import LEDGER_DDL
from case_tools import Bench, crashed

UNPROVED = frozenset({"runs.progress", "ledger_head.given"})
"""What no check covers, and every proof says so."""


def columns() -> list[Column]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
        migrate(empty)
        empty.executescript(LEDGER_DDL)
        query = (
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c "
            "WHERE m.type = 'table' ORDER BY m.name, c.cid"
        )
        return [Column(*row) for row in empty.execute(query)]


COLUMNS = columns()
TABLES = sorted({each.table for each in COLUMNS})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Path:
    """A case with a row of every table: two runs, an archive, damaged files, an exhibit of one file."""
    root = tmp_path_factory.mktemp("columns")
    site = site_of(root, 2, {"broken.zip": b"PK\x03\x04broken"})
    (site / "torn.zip").write_bytes(b"PK\x03\x04torn")
    (root / "first.mbox").write_bytes(mbox(root, 2))
    bench = Bench(root / "case")
    (root / "secrets").write_text("kestrel\nsandpiper\n")
    assert bench.run("case", "secret", bench.folder, "--file", root / "secrets").returncode == 0
    bench.ingest(site, code=1)
    bench.ingest(root / "first.mbox")
    (root / "tree").mkdir()
    (root / "tree" / "a.txt").write_text("the kestrel hovers\n")
    image = disk(root / "tree", root / "disk.dd")
    bench.ingest(image)
    bench.ingest(image, space=True)  # what waited is done: a row is put in the place of another
    assert bench.verify()["ok"]
    return root


@pytest.fixture(scope="module")
def shared(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Bed:
    return Bed(Copy(whole, tmp_path_factory.mktemp("bed")).bench.folder)


@pytest.fixture
def bed(shared: Bed) -> Iterator[Bed]:
    yield shared
    shared.restore()


def other(value: Any) -> object:
    """Return another value of the same type."""
    if value is None:
        return "x"
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1]) if value else b"x"
    if isinstance(value, str):
        return value + "x"
    return 1 - value if value in (0, 1) else value + 1000


def typed(value: Any) -> object:
    """Return the same bytes, or the same number nearly, as another type."""
    if isinstance(value, str):
        return value.encode()
    return value.decode("latin-1") if isinstance(value, bytes) else (value or 0) + 0.5


def nothing(_: Any) -> object:
    return None


def noticed(bed: Bed, column: Column) -> None:
    """Assert that a proof names the change, or that it names the column as not proved."""
    proof = bed.proof()
    if str(column) in UNPROVED:
        assert any(line.startswith(f"{column}:") for line in proof.not_proved)
    else:
        assert not proof.ok, f"a change of {column} went unseen"


@pytest.mark.parametrize("column", COLUMNS, ids=str)
@pytest.mark.parametrize("change", [other, typed, nothing], ids=lambda change: change.__name__)
def test_a_changed_value_is_named(bed: Bed, column: Column, change: Callable[[Any], object]) -> None:
    rows = bed.rows(column.table)
    assert rows, f"the sample holds no row of {column.table}"
    for row in (rows[0], rows[-1]):
        value = change(row[column.name])
        if value != row[column.name] and bed.set(column, row, value):
            noticed(bed, column)
            bed.restore()


def json_cells(bed: Bed) -> list[tuple[Column, dict[str, Any]]]:
    """Return every column that holds an object of JSON somewhere, with a row in which it does."""
    found = []
    for column in COLUMNS:
        rows = bed.rows(column.table)
        texts = [row for row in rows if str(row[column.name]).startswith(('{"', '[{"'))]
        found += [(column, row) for row in texts[:1]]
    return found


def doubled_behind(text: str) -> str:
    """Put a second value of the last name behind the first: who takes the last of two reads another value."""
    at = text.rindex("}")
    return f'{text[:at]},"{text[:at].rpartition(chr(34) + ":")[0].rpartition(chr(34))[2]}":0{text[at:]}'


def doubled_before(text: str) -> str:
    """Put another value of the first name before the first: who takes the last of two reads the true one."""
    name = text.partition('{"')[2].partition('"')[0]
    return text.replace("{", f'{{"{name}":"evil",', 1)


def escaped(text: str) -> str:
    """Write the first letter of the first name by its number."""
    at = text.index('{"') + 2
    return f"{text[:at]}\\u{ord(text[at]):04x}{text[at + 1 :]}"


def numbered(form: str) -> Callable[[str], str]:
    """Return how the first whole number that is a value is written in another form."""
    return lambda text: re.sub(
        r":(\d+)([,}])", lambda found: f":{form.format(found[1])}{found[2]}", text, count=1
    )


ODDITIES: dict[str, Callable[[str], str]] = {
    "a name doubled behind": doubled_behind,
    "a name doubled before": doubled_before,
    "a name more": lambda text: text.replace("{", '{"extra":null,', 1),
    "not a number": lambda text: text.replace("{", '{"extra":NaN,', 1),
    "blanks behind": lambda text: text + "  \n",
    "a blank within": lambda text: text.replace('":', '": ', 1),
    "an escape": escaped,
    "a second document": lambda text: text + text,
    "a number with an exponent": numbered("{}e0"),
    "a number with a fraction": numbered("{}.00"),
    "a number below nothing": numbered("-{}"),
    "a truth for a number": numbered("true"),
}


@pytest.mark.parametrize("oddity", ODDITIES.values(), ids=ODDITIES)
def test_json_that_two_readers_may_take_for_two_things_is_named(
    bed: Bed, oddity: Callable[[str], str]
) -> None:
    cells = json_cells(bed)
    assert {str(column) for column, _ in cells} >= {"exhibits.sources", "facts.value", "items.meta"}
    for column, row in cells:
        changed = oddity(row[column.name])
        if changed != row[column.name]:  # there may be no number in it
            assert bed.set(column, row, changed)
            noticed(bed, column)
            bed.restore()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("seq", [None, 1.5, -1, 10**6], ids=str)
def test_a_row_more_is_named(bed: Bed, table: str, seq: float | None) -> None:
    """Also one whose checkpoint is a fraction: no digest asks for it, and it is neither below nor above all others."""
    row = dict(bed.rows(table)[-1])
    if seq is not None:
        if "seq" not in row:
            return
        row["seq"] = seq
    for name, value in row.items():
        if name in {"n", "number", "idx"}:
            row[name] = value + 1
        elif name in {"id", "item", "sha256", "key", "origin", "value"} and value is not None:
            row[name] = other(value)
    assert bed.add(table, row)
    assert not bed.proof().ok


@pytest.mark.parametrize("table", TABLES)
def test_a_row_less_is_named(bed: Bed, table: str) -> None:
    row = bed.rows(table)[-1]
    assert bed.remove(table, row)
    assert not bed.proof().ok


@pytest.mark.parametrize("spelled", [" {}", "{} ", "+{}", "0{}", "{}.0"])
def test_the_last_checkpoint_spelled_otherwise_is_named(bed: Bed, spelled: str) -> None:
    row = next(row for row in bed.rows("facts") if row["key"] == "seq")
    assert bed.set(Column("facts", "value"), row, spelled.format(row["value"]))
    assert "checkpoints" in str(bed.proof().first)


def test_two_items_of_one_checkpoint_that_changed_places_are_not_proved_and_that_is_said(bed: Bed) -> None:
    first, second = (row for row in bed.rows("items") if row["n"] in (1, 2))
    for row, n in ((first, 9999), (second, 1), ({**first, "n": 9999}, 2)):
        assert bed.set(Column("items", "n"), row, n)
    proof = bed.proof()
    assert proof.ok, proof.first
    assert any(line.startswith("items.n:") for line in proof.not_proved)


def test_what_is_excused_is_there_to_be_excused() -> None:
    assert {str(each) for each in COLUMNS} >= UNPROVED


@pytest.fixture
def cut_off(bench: Bench, tmp_path: Path) -> Bed:
    """A case whose one exhibit is still open, hashed, and gone through in part."""
    path = tmp_path / "box.mbox"
    path.write_bytes(mbox(tmp_path, 40))
    point = ("actionday.pipeline.writer:Writer.checkpoint", "after", 3)
    crashed(*point, "ingest", bench.folder, path, "--workers", 1)
    bed = Bed(bench.folder)
    (row,) = bed.rows("exhibits")
    assert (row["state"], '"md5":null' in row["sources"]) == ("open", False)
    return bed


def test_of_an_open_exhibit_every_column_is_proved_or_named(cut_off: Bed) -> None:
    (row,) = cut_off.rows("exhibits")
    assert cut_off.proof().ok
    changes = [(column, other(row[column.name])) for column in COLUMNS if column.table == "exhibits"]
    sources = Column("exhibits", "sources")
    spoiled = [oddity(row["sources"]) for oddity in ODDITIES.values()]
    spoiled += [
        row["sources"].replace(f'"{key}":"', f'"{key}":"0')
        for key in ("sha256", "md5", "sha1", "path", "mtime")
    ]
    spoiled += [row["sources"].replace('"named":true', '"named":1')]
    for column, value in [*changes, *((sources, each) for each in spoiled if each != row["sources"])]:
        assert cut_off.set(column, row, value), column
        assert not cut_off.proof().ok, (str(column), value)
        cut_off.restore()
