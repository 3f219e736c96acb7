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
from actionday.model.counted import FIGURE, THIN, grouped
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


def rows(told: Told) -> dict[str, Any]:
    assert told.code == 1
    found: dict[str, Any] = next(each for each in told.data["checks"] if each["name"] == "rows")
    return found


def test_a_changed_row_is_named_and_no_other(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    copy.sql("UPDATE items SET status = 'empty' WHERE path = 'in/page-2.txt'")
    found = rows(Told(capsys, copy.bench.folder, "--json"))
    assert "site › in/page-2.txt" in found["difference"]
    assert "is not as the index has it" in found["difference"]
    assert "page-1" not in json.dumps(found)
    assert any("exhibit site: 1 item is empty, recorded were 0" in line for line in found["said"])


def test_where_it_cannot_be_told_which_row_was_changed_no_item_is_accused(
    copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    copy.sql("UPDATE items SET meta = '{}' WHERE path = 'in/page-2.txt'")
    found = rows(Told(capsys, copy.bench.folder, "--json"))
    assert (
        "one of them or more, or one that is gone; which cannot be told from the index" in found["difference"]
    )
    assert "site ›" not in json.dumps(found, ensure_ascii=False)
    assert any("another value" in line for line in found["said"])


def test_a_deleted_item_is_named_by_its_place(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    copy.sql("DELETE FROM items WHERE path = 'in/page-2.txt'")
    told = Told(capsys, copy.bench.folder, "--json")
    assert "site › in/page-2.txt" in rows(told)["difference"]
    index = next(each for each in told.data["checks"] if each["name"] == "index")
    assert index["difference"].startswith("site › in/page-2.txt (item ")
    assert index["difference"].endswith("is in the index alone")


def test_a_line_of_the_issue_log_that_is_gone_is_named(
    copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(copy.bench.folder / "case.db")) as database:
        before = database.execute("SELECT COUNT(*) FROM issues").fetchone()[0]
    assert not before, "the whole case has none: two are planted, and one of them taken away"
    row = "INSERT INTO issues (n, seq, exhibit, stage, path, code, reason) VALUES ({}, 1, 1, 'read', '{}', 'x', 'y')"
    copy.sql(row.format(1, "in/a"), row.format(3, "in/c"))
    said = rows(Told(capsys, copy.bench.folder, "--json"))["difference"]
    assert "line 2 of the issue log: gone, between in/a and in/c" in said


def test_a_line_about_an_exhibit_as_a_whole_is_named_by_the_exhibit(
    copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    row = "INSERT INTO issues (n, seq, exhibit, stage, path, code, reason) VALUES ({}, 1, {}, 'read', '{}', 'x', 'y')"
    copy.sql(row.format(1, 1, ""), row.format(3, "NULL", ""))
    said = rows(Told(capsys, copy.bench.folder, "--json"))["difference"]
    gone = "gone, between exhibit site and a line about the case as a whole"
    assert f"line 2 of the issue log: {gone}" in said


def test_a_changed_list_of_a_pack_is_said_in_words(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    (pack,) = (copy.bench.folder / "objects").glob("*.pack")
    flip(pack, 20)  # behind the mark of the pack and that of its first head: the hash that is listed first
    told = Told(capsys, copy.bench.folder, "--json")
    said = next(each for each in told.data["checks"] if each["name"] == "objects")["difference"]
    assert "the pack's own list was changed: it names other contents than the database" in said, said


def test_the_figures_of_rows_and_balance_are_explained(
    copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Told(capsys, copy.bench.folder, "--json")
    check = next(each for each in told.data["checks"] if each["name"] == "rows")
    assert run(["status", str(copy.bench.folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["found"]
    items = check["checked"]
    assert items > found
    assert check["said"][0].startswith(
        f"{items} items: {found} in the balance (found); beside them folders, volumes and opened exhibits"
    )


# a pack, an index, a database that is not all there


def test_a_pack_that_was_cut_says_where_it_ends_and_what_it_touches(
    copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    (pack,) = (copy.bench.folder / "objects").glob("pack-*.pack")
    whole = pack.stat().st_size
    with pack.open("r+b") as file:
        file.truncate(whole - 10)
    told = Told(capsys, copy.bench.folder, "--json")
    check = next(each for each in told.data["checks"] if each["name"] == "objects")
    assert check["difference"].startswith(
        f"pack-000001.pack ends at {grouped(whole - 10)} of {grouped(whole)} bytes; it touches "
    )
    assert "touched: site › in/page-0.txt" in check["said"]
    pack.unlink()
    assert first(Told(capsys, copy.bench.folder, "--json")).startswith(
        "objects: pack-000001.pack is gone; it touches "
    )


def test_a_missing_index_is_said_to_be_that_and_is_not_made(
    copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(copy.bench.folder / "index")
    said = first(Told(capsys, copy.bench.folder, "--json"))
    assert said.startswith("index: the index is missing; no evidence is touched")
    assert not (copy.bench.folder / "index").exists()


def test_a_case_without_its_database_differs(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    (copy.bench.folder / "case.db").unlink()
    told = Told(capsys, copy.bench.folder, "--json")
    assert (told.code, told.data["ok"], told.data["logged"]) == (1, False, False)
    assert "case.db is gone" in told.data["first"]


def test_a_folder_of_another_program_is_no_case_without_its_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A repository of git has ``objects/`` and ``index``, many programs a ``lock``."""
    (tmp_path / "objects" / "pack").mkdir(parents=True)
    for name in ("index", "lock"):
        (tmp_path / name).write_text("x")
    assert Told(capsys, tmp_path).code == 2


SPOILED = {
    "a time of other bytes": "UPDATE items SET mtime = x'5A56872E' WHERE path = 'in/page-1.txt'",
    "a status of other bytes": "UPDATE items SET status = x'FF' WHERE path = 'in/page-1.txt'",
    "frames that are none": "UPDATE objects SET frames = x'FF00'",
    "segments that are no JSON": "UPDATE contents SET segments = '{'",
    "limits that are no JSON": "UPDATE facts SET value = '{' WHERE key = 'limits'",
    "a fact of the last checkpoint that is no number": "UPDATE facts SET value = 'x' WHERE key = 'seq'",
    "sources that are none": "UPDATE exhibits SET sources = '[1]'",
    "an entry that is no JSON": "UPDATE ledger_entry SET leaf = 'x' WHERE idx = 1",
    "a head that is none": "UPDATE ledger_head SET note = 'x'",
}
WORDS = (
    "Error",
    "Errno",
    "Exception",
    "invalid literal",
    "base 10",
    "Traceback",
    "Expecting",
    "malformed",
    "msgspec",
)


@pytest.mark.parametrize("statement", SPOILED.values(), ids=SPOILED)
def test_no_exceptions_own_words_are_in_a_proof(
    copy: Copy, capsys: pytest.CaptureFixture[str], statement: str
) -> None:
    copy.sql(statement)
    told = Told(capsys, copy.bench.folder)
    assert told.code == 1
    assert [word for word in WORDS if word in told.out + told.err] == []


def test_nor_where_files_are_gone_or_torn(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    (copy.bench.folder / "index" / "meta.json").write_text("{")
    (copy.bench.folder / "objects" / "pack-000001.pack").write_bytes(b"ADPACK1\n")
    told = Told(capsys, copy.bench.folder)
    assert told.code == 1
    assert [word for word in WORDS if word in told.out + told.err] == []


# the block for a report


def test_a_proof_says_of_which_case_it_is_and_who_made_it(
    copy: Copy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from actionday import __version__

    monkeypatch.setenv("ACTIONDAY_ACTOR", "Weber")
    told = Told(capsys, copy.bench.folder, "--json")
    report = told.data["report"]
    assert (report["case"], report["authority"], report["legal_basis"]) == (
        "Kestrel",
        "Sample office",
        "order 1/2026",
    )
    assert (report["actor"], report["version"]) == ("Weber", __version__)
    assert report["folder"] == str(copy.bench.folder.resolve())
    assert report["head"] == told.data["head"]
    assert report["entries"] == told.data["entries"]
    assert report["not_proved"] == told.data["not_proved"]
    assert report["reference"].startswith("actionday/case/")
    assert report["time"].endswith("Z")
    assert report["exhibits"] == [
        {
            "exhibit": "site",
            "path": str(copy.root / "site"),
            "sha256": None,
            "files": 6,
            "hashed": 6,
            "unhashed": 0,
            "remarked": 0,
            "open": False,
        }
    ]
    said = Told(capsys, copy.bench.folder).out.partition("\n\n")[2]
    assert said.startswith("Proof of case 'Kestrel'\n")
    for words in (
        "by Weber, with Actionday",
        "authority: Sample office (ES)",
        "holds: site: ",
        "Ledger head ",
    ):
        assert words in said


def test_the_share_of_the_database_that_holds_no_value_is_said(
    copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    size = (copy.bench.folder / "case.db").stat().st_size
    told = Told(capsys, copy.bench.folder, "--json")
    (line,) = (
        each for each in told.data["not_proved"] if each.startswith("case.db: bytes that hold no value")
    )
    unused, total = (int(word.replace(THIN, "")) for word in FIGURE.findall(line))
    assert total == size
    assert 0 < unused < size


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


@pytest.mark.parametrize("words", ["1234", "0" * 63, "A" * 64])
def test_what_is_no_head_is_told_what_one_looks_like_and_where_it_is_had(
    copy: Copy, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    told = Told(capsys, copy.bench.folder, "--head", words)
    assert told.code == 2
    assert "64 hex digits that verify prints last as 'Ledger head'" in told.err
