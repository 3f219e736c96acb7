"""Rows that somebody altered: no export gives them unremarked, and behind a proof that named them no other answer does."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from actionday.access.differing import Proofs, differing
from actionday.access.ledger import last_proof, list_entries
from actionday.app.cli.main import run
from actionday.ledger import Action
from actionday.pipeline.basis import basis
from actionday.pipeline.work import Altered
from actionday.storage.case import Case
from actionday.storage.database.rows import digest, digests
from case_tools import Bench, sentences

ALTERED = {
    "path": "UPDATE items SET path = 'other.txt' WHERE path = 'plain.txt'",
    "mtime": "UPDATE items SET mtime = '2020-01-01T00:00:00Z' WHERE path = 'plain.txt'",
    "status": "UPDATE items SET status = 'parsed', reason = NULL WHERE status = 'unreadable'",
    "an item that is gone": "DELETE FROM items WHERE path = 'plain.txt'",
    "an item more": "INSERT INTO items (id, exhibit, seq, place, path, kind, status, opened) "
    "VALUES (x'00', 1, 1, 'x', 'new.txt', 'file', 'parsed', 0)",
    "an item of no checkpoint": "INSERT INTO items (id, exhibit, seq, place, path, kind, status, opened) "
    "VALUES (x'00', 1, 900, 'x', 'new.txt', 'file', 'parsed', 0)",
    "the checkpoint of a row": "UPDATE items SET seq = seq + 0.5 WHERE path = 'plain.txt'",
    "an issue that is gone": "DELETE FROM issues",
    "language": "UPDATE contents SET language = 'arb' WHERE language = 'eng'",
    "where a text lies": "UPDATE objects SET size = size + 1",
    "an exhibit's ID": "UPDATE exhibits SET id = 'S-77' WHERE number = 1",
    "a text that is none": "UPDATE issues SET reason = CAST(x'ff' AS TEXT)",
}
TEXT = sentences(3, 1)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Path:
    """A case with a text, a damaged file, and several checkpoints."""
    root = tmp_path_factory.mktemp("altered")
    (root / "site").mkdir()
    (root / "site" / "plain.txt").write_text(TEXT)
    (root / "site" / "torn.zip").write_bytes(b"PK\x03\x04torn")
    (root / "later.txt").write_text(sentences(1, 2))
    bench = Bench(root / "case")
    bench.ingest(root / "site", code=1)
    bench.ingest(root / "later.txt")
    return bench.folder


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    shutil.copytree(kept, tmp_path / "case")
    return tmp_path / "case"


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "case.db")) as database, database:
        assert database.execute(statement).rowcount > 0


def test_the_digests_of_all_checkpoints_are_those_of_each(kept: Path) -> None:
    with closing(Case.open(kept)) as case:
        assert len(found := digests(case.database)) > 1
        assert found == {seq: digest(case.database, int(str(seq))) for seq in found}


@pytest.mark.parametrize("kind", ["items", "texts", "issues"])
def test_rows_as_they_were_stored_are_exported_without_a_word(
    kept: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", str(kept), kind]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("altered", ALTERED)
def test_an_export_names_rows_that_are_not_those_recorded(
    folder: Path, altered: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whichever kind of row is asked for: they are of one checkpoint. No verification was made before."""
    change(folder, ALTERED[altered])
    kind = "items" if "text" in altered else "issues"
    assert run(["export", str(folder), kind, "-o", str(tmp_path / "out"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["differing"] >= 1
    assert any(word in " ".join(told["differs"]) for word in ("checkpoint", "exhibit 1", "UTF-8"))
    with closing(Case.open(folder)) as case:
        entry = list_entries(case.database, action="exported").lines[0].entry
    assert entry is not None
    assert entry.details["differing"] == told["differing"]


def test_so_does_one_of_what_a_search_finds_and_one_to_standard_output(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, ALTERED["mtime"])
    assert run(["export", str(folder), "items", "--query", "name:plain"]) == 1
    said = capsys.readouterr()
    assert "2020-01-01" in said.out
    assert "DIFFERS: checkpoint 1 (" in said.err
    assert run(["export", str(folder), "ledger"]) == 0


ANSWERS = [
    ["search", "CASE", "path:nowhere"],
    ["search", "CASE", "name:plain"],
    ["export", "CASE", "items"],
    ["export", "CASE", "texts"],
    ["export", "CASE", "issues"],
    ["export", "CASE", "ledger"],
    ["show", "CASE", "site/plain.txt"],
    ["show", "CASE", "site/plain.txt", "--text"],
    ["show", "CASE", "site/plain.txt", "--bytes", "FILE", "--reason", "to be read", "--force"],
    ["status", "CASE"],
]


def test_behind_a_proof_that_differed_every_answer_says_so_until_one_holds(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = "UPDATE items SET mtime = (SELECT mtime FROM kept.items k WHERE k.id = items.id)"
    shutil.copy(folder / "case.db", tmp_path / "kept.db")
    change(folder, ALTERED["mtime"])
    assert run(["status", str(folder)]) == 0
    assert run(["verify", str(folder)]) == 1
    capsys.readouterr()
    places = {"CASE": str(folder), "FILE": str(tmp_path / "out")}
    for words in ANSWERS:
        given = [places.get(word, word) for word in words]
        assert run(given) == 1, words
        said = capsys.readouterr().err
        assert said.count("NOT AS RECORDED: the verification of 2") == 1, words
        assert "rows: the rows of checkpoint 1 are not those that were recorded" in said
        if "FILE" in words:  # a second worker would be started for it
            continue
        if words[0] == "export":
            given += ["-o", str(tmp_path / "rows"), "--force"]
        assert run([*given, "--json"]) == 1
        told = json.loads(capsys.readouterr().out)["not_as_recorded"]
        assert told["first"].startswith("rows: ")
        assert told["time"].endswith("Z")
    with closing(sqlite3.connect(folder / "case.db")) as database:
        database.execute("ATTACH ? AS kept", (str(tmp_path / "kept.db"),))
        with database:
            database.execute(before)
    assert run(["status", str(folder)]) == 1
    assert run(["verify", str(folder)]) == 0
    assert run(["status", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["not_as_recorded"] is None


OF_EXHIBITS = {
    "balance": "UPDATE exhibits SET balance = replace(balance, ':1', ':2') WHERE number = 1",
    "size": "UPDATE exhibits SET size = size + 1 WHERE number = 2",
    "sources": "UPDATE exhibits SET sources = replace(sources, 'site', 'sight') WHERE number = 1",
    "acquisition": "UPDATE exhibits SET acquisition = '{}' WHERE number = 2",
}


@pytest.mark.parametrize("altered", [*ALTERED, *OF_EXHIBITS])
def test_no_run_goes_on_over_them(folder: Path, altered: str) -> None:
    """Also one that takes in something else: it would put its own signature on a case that is not as it was."""
    change(folder, {**ALTERED, **OF_EXHIBITS}[altered])
    with closing(Case.open(folder)) as case, pytest.raises(Altered, match="actionday verify names it"):
        basis(case)


def test_an_ingest_says_which_row_it_is_and_records_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, ALTERED["mtime"])
    (tmp_path / "new.txt").write_text(TEXT)
    before = (folder / "case.db").read_bytes()
    assert run(["ingest", str(folder), str(tmp_path / "new.txt")]) == 1
    said = capsys.readouterr().err
    assert "the rows of checkpoint 1 are not those that were recorded" in said
    assert "site › plain.txt" in said
    assert (folder / "case.db").read_bytes() == before


def test_an_ingest_behind_a_proof_that_differed_says_so_at_its_end(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Here in what no ingest holds; nothing is read, for the exhibit is in the case."""
    with closing(Case.open(folder)) as case:
        case.log(Action.VERIFIED, "", {**FOUND, "first": "objects: torn", "differs": ["objects"]})  # type: ignore[dict-item]
        ((sources,),) = case.database.execute("SELECT sources FROM exhibits WHERE number = 2")
    (source,) = json.loads(sources)
    assert run(["ingest", str(folder), source["path"], "--workers", "1"]) == 0
    assert "NOT AS RECORDED" in capsys.readouterr().err


FOUND = {"ok": False, "first": "rows: altered", "head": "", "absent": [], "differs": ["rows"]}
HOLDS = {"ok": True, "first": None, "head": "ab", "absent": [], "differs": []}
COPY = {"exhibits": "/copy"}
TORN = {**FOUND, "first": "index: torn", "differs": ["index"]}
MENDED = {"mended": "index: made anew from the stored texts, because it was torn"}
GONE = {**HOLDS, "ok": False, "absent": ["S-01"]}
PROOFS = {
    "none": ([], None),
    "one that held": ([HOLDS], None),
    "one that differed": ([HOLDS, FOUND], "rows: altered"),
    "one that held behind it": ([FOUND, HOLDS], None),
    "an exhibit that was not found": ([FOUND, GONE], None),
    "one of an older version": ([{**FOUND, "differs": None}], "rows: altered"),
    "a head of another case": ([{**FOUND, "first": "head: other", "differs": ["head"]}], None),
    "a head, and rows": ([{**FOUND, "first": "head: other", "differs": ["head", "rows"]}], "head: other"),
    "a copy that differs": ([{**FOUND, "first": "exhibits: x", "differs": ["exhibits"], **COPY}], None),
    "a copy that holds says nothing of the case": ([FOUND, {**HOLDS, **COPY}], "rows: altered"),
    "an index that was made anew": ([TORN, MENDED], None),
    "an index that was made anew before": ([MENDED, TORN], "index: torn"),
    "an index that was made anew, and rows": (
        [{**TORN, "differs": ["index", "rows"]}, MENDED],
        "index: torn",
    ),
    "objects that were cut": ([TORN, {"mended": "objects: 7 bytes cut off"}], "index: torn"),
    "rows that differ beside a copy": ([HOLDS, {**FOUND, **COPY}], "rows: altered"),
}


@pytest.mark.parametrize("name", PROOFS)
def test_the_last_proof_that_speaks_of_the_case_counts(folder: Path, name: str) -> None:
    proofs, wanted = PROOFS[name]
    again = Proofs()
    with closing(Case.open(folder)) as case:
        for each in proofs:
            again.differing(case.database)
            if "mended" in each:
                case.log(Action.REPAIR, "", {"mended": [each["mended"]]})  # type: ignore[list-item]
                continue
            case.log(Action.VERIFIED, "", {key: value for key, value in each.items() if value is not None or key == "first"})  # type: ignore[misc]  # fmt: skip
        found = differing(case.database)
        assert found == again.differing(case.database) == again.differing(case.database)
        assert (found and found.first) == wanted


@pytest.mark.parametrize("at", [0, 20, -3], ids=["what it is", "its time", "what it found"])
def test_an_earlier_proof_does_not_stand_for_one_that_was_altered(folder: Path, at: int) -> None:
    with closing(Case.open(folder)) as case:
        for each in (HOLDS, FOUND):
            case.log(Action.VERIFIED, "", each)  # type: ignore[arg-type]
        assert (found := differing(case.database)) is not None and found.first == "rows: altered"
        number, leaf = case.database.execute(
            "SELECT idx, leaf FROM ledger_entry ORDER BY idx DESC LIMIT 1"
        ).fetchone()
        changed = bytearray(leaf.encode() if isinstance(leaf, str) else leaf)
        changed[at] ^= 1
        case.database.execute(
            "UPDATE ledger_entry SET leaf = ? WHERE idx = ?", (bytes(changed).decode("latin-1"), number)
        )
        found = differing(case.database)
        assert found is not None
        assert (found.entry, found.time, found.first) == (
            number,
            "",
            f"ledger: entry {number} is not as it was signed",
        )
        assert at >= 0 or last_proof(case.database) is None
