"""What ``verify`` says is for people and scripts: exit codes that mean one thing, evidence instead of machinery."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from spoiled import Copy, site_of

from actionday.app.cli.main import run
from case_tools import Bench


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Path:
    """A folder that holds a case and its exhibits; one text lies in three places."""
    root = tmp_path_factory.mktemp("says")
    site = site_of(root, 3, {"b.txt": b"b\n" * 90})
    for name in ("copy-1.txt", "copy-2.txt"):
        shutil.copy(site / "in" / "page-0.txt", site / "in" / name)
    Bench(root / "case").ingest(site)
    with closing(sqlite3.connect(root / "case" / "case.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return root


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Copy:
    return Copy(whole, tmp_path)


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 0xFF]))


class Told:
    """What one ``verify`` said, in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *words: object) -> None:
        self.code = run(["verify", *map(str, words)])
        self.out, self.err = capsys.readouterr()

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


# exit codes


@pytest.mark.parametrize("how", ["byte 100", "no database", "empty", "cut", "another's"])
def test_a_database_that_cannot_be_read_is_a_difference(
    copy: Copy, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    path = copy.bench.folder / "case.db"
    if how == "byte 100":
        flip(path, 100)
    elif how == "another's":
        path.unlink()
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE notes (text TEXT)")
    else:
        before = path.read_bytes()
        path.write_bytes({"no database": b"x" * 9000, "empty": b"", "cut": before[:5000]}[how])
    kept = path.read_bytes()
    told = Told(capsys, copy.bench.folder, "--json")
    assert (told.code, told.data["ok"], told.data["head"], told.data["logged"]) == (1, False, None, False)
    assert "case.db is not what it was" in told.data["first"]
    assert path.read_bytes() == kept, "whatever it is now, it stays so"
    told = Told(capsys, copy.bench.folder)
    assert (told.code, "The case is NOT whole" in told.out, "Ledger head" in told.out) == (1, True, False)


@pytest.mark.parametrize("content", [b"", b"no database", b"x" * 9000])
def test_a_file_that_never_was_a_case_is_unusable_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (tmp_path / "case.db").write_bytes(content)
    told = Told(capsys, tmp_path)
    assert (told.code, told.out, "is no case database" in told.err) == (2, "", True)
    assert (tmp_path / "case.db").read_bytes() == content


def test_every_command_says_so_of_a_torn_database(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    flip(copy.bench.folder / "case.db", 100)
    assert run(["status", str(copy.bench.folder)]) == 1
    assert "case.db is not what it was" in capsys.readouterr().err


def test_no_byte_of_the_databases_head_is_called_a_wrong_argument_but_its_version(
    copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    path = copy.bench.folder / "case.db"
    whole = path.read_bytes()
    codes = {}
    for at in range(100):
        for left in copy.bench.folder.glob("case.db-*"):
            left.unlink()
        path.write_bytes(whole)
        flip(path, at)
        codes[at] = Told(capsys, copy.bench.folder).code
    version = range(60, 64)  # user_version: a newer Actionday may have made it
    assert {at for at, code in codes.items() if code not in (0, 1)} <= set(version), codes


def test_no_head_is_printed_of_a_ledger_that_differs(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    copy.sql("UPDATE ledger_entry SET leaf = replace(leaf, 'Kestrel', 'Kestrej')")
    told = Told(capsys, copy.bench.folder)
    assert (told.code, "Ledger head" in told.out, "No head" in told.out) == (1, False, True)
    assert Told(capsys, copy.bench.folder, "--json").data["head"] is None


def test_a_script_is_told_whether_a_case_is_complete(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    assert Told(capsys, copy.bench.folder, "--json").data["complete"] is True


# what no proof covers


def unused(path: Path) -> int:
    """Return where a page of the database has a byte that nothing uses."""
    data = path.read_bytes()
    size = int.from_bytes(data[16:18], "big")
    for start in range(size, len(data), size):
        kind, cells = data[start], int.from_bytes(data[start + 3 : start + 5], "big")
        content = int.from_bytes(data[start + 5 : start + 7], "big")
        begin = (12 if kind in (2, 5) else 8) + 2 * cells
        if kind in (2, 5, 10, 13) and content - begin > 300:
            return start + begin + 150
    raise AssertionError("no page has room")


def test_bytes_that_nothing_uses_and_files_that_are_no_part_of_the_case_are_named(
    copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    flip(copy.bench.folder / "case.db", unused(copy.bench.folder / "case.db"))
    (copy.bench.folder / "extra.txt").write_text("x")
    (copy.bench.folder / ".hidden").mkdir()
    told = Told(capsys, copy.bench.folder, "--json")
    assert told.code == 0
    for said in ("case.db: bytes that hold no value", "'extra.txt'", "'.hidden'"):
        assert any(said in line for line in told.data["not_proved"]), said


# which evidence


def first(told: Told) -> str:
    assert told.code == 1
    return str(told.data["first"])


def test_a_torn_text_is_said_to_be_of_its_items(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    """The frame that all small texts share: every item whose text lies in it is touched."""
    (pack,) = (copy.bench.folder / "objects").glob("pack-*.pack")
    flip(pack, pack.stat().st_size - 20)
    said = first(Told(capsys, copy.bench.folder, "--json"))
    assert said.startswith("objects: ")
    assert "; it touches " in said
    assert " items, the first site › " in said
    told = Told(capsys, copy.bench.folder)
    assert "0 objects" not in told.out


def test_one_object_is_said_to_be_of_its_three_items(
    whole: Path, copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    from actionday.pipeline.proving.touched import by_object
    from actionday.storage.case import Case

    case = Case.open(copy.bench.folder)
    try:
        query = (
            "SELECT c.text FROM contents c JOIN items i ON i.sha256 = c.sha256 WHERE i.path = 'in/copy-1.txt'"
        )
        (text,) = case.database.execute(query).fetchone()
        assert by_object(case, text) == "; it touches 3 items, the first site › in/copy-1.txt"
        assert by_object(case, b"x") == "; it touches no item"
    finally:
        case.close()


def test_a_changed_row_is_said_to_be_among_its_items(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    copy.sql("UPDATE items SET status = 'empty' WHERE path = 'in/page-2.txt'")
    said = first(Told(capsys, copy.bench.folder, "--json"))
    assert "it touches " in said
    assert "the first site" in said


def test_a_row_of_no_checkpoint_is_named(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    copy.sql("UPDATE items SET seq = 99 WHERE path IN ('in/page-1.txt', 'in/page-2.txt')")
    copy.sql(
        "UPDATE contents SET seq = 98 WHERE sha256 = (SELECT sha256 FROM items WHERE path = 'in/page-0.txt')"
    )
    assert first(Told(capsys, copy.bench.folder, "--json")).startswith("rows: ")


def test_a_document_that_differs_is_named_by_its_place_and_counted(
    copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    from actionday.storage.index import Index

    index = Index.open(copy.bench.folder / "index", heap_bytes=32 << 20, writable=True)
    index.rewind(0)
    index.close()
    said = first(Told(capsys, copy.bench.folder, "--json"))
    assert said.startswith("index: site ")
    assert "is not indexed as it is stored, and " in said


# words


@pytest.mark.parametrize("words", ["", "1234", "0" * 63, "A" * 64])
def test_what_is_no_head_is_told_what_one_looks_like_and_where_it_is_had(
    copy: Copy, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    told = Told(capsys, copy.bench.folder, "--head", words)
    assert told.code == 2
    assert "64 hex digits that verify prints last as 'Ledger head'" in told.err
