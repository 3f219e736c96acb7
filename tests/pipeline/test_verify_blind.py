"""Nothing in a case is without its proof, or it is named as not proved; an interrupted case is said to be one."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from kill_exhibits import site
from spoiled import Copy, site_of

from actionday.storage.objects.packs import MAGIC
from case_tools import Bench, Done, crashed


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Path:
    """A folder that holds a case and its exhibits; each test spoils a copy."""
    root = tmp_path_factory.mktemp("blind")
    (site_of(root, 1, {}) / "link").symlink_to("in/page-0.txt")
    bench = Bench(root / "case")
    bench.ingest(root / "site")
    (root / "one.txt").write_text("a text of its own\n")
    bench.ingest(root / "one.txt")
    return root


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Copy:
    return Copy(whole, tmp_path)


CHANGES = {
    "the limits": ("UPDATE facts SET value = '{\"depth\":1}' WHERE key = 'limits'", "tables: fact 'limits'"),
    "a fact more": ("INSERT INTO facts VALUES ('judge', 'nobody')", "tables: fact 'judge'"),
    "a fact less": ("DELETE FROM facts WHERE key = 'purpose' OR key = 'country'", "tables: fact"),
    "an exhibit's state": ("UPDATE exhibits SET state = 'open' WHERE number = 1", "tables: the state of"),
    "an exhibit's size": ("UPDATE exhibits SET size = 7 WHERE number = 2", "tables: the size of"),
    "an exhibit's balance set to nothing": ("UPDATE exhibits SET balance = NULL", "tables: the balance of"),
    "an exhibit's balance that is no JSON": ("UPDATE exhibits SET balance = '{'", "tables: the balance of"),
    "an exhibit's sources": (
        "UPDATE exhibits SET sources = replace(sources, 'one.txt', 'two.txt')",
        "tables: the sources of",
    ),
    "an exhibit's number": (
        "PRAGMA foreign_keys = OFF; UPDATE exhibits SET number = 9 WHERE number = 2",
        "tables: exhibit",
    ),
    "an exhibit added": (
        "INSERT INTO exhibits VALUES (3, 'planted', '[]', 'open', 0, '{}', NULL)",
        "tables: exhibit 'planted' was never acquired",
    ),
    "where containers lie": ("UPDATE containers SET scope = randomblob(40)", "tables: the containers of"),
    "a container gone": (
        "DELETE FROM containers WHERE item = (SELECT MIN(item) FROM containers)",
        "tables: the containers of",
    ),
    "a container of no exhibit": (
        "INSERT INTO containers SELECT x'AA', 77, opener, scope, name, kind, size, state, after, row "
        "FROM containers LIMIT 1",
        "tables: container aa is of no exhibit",
    ),
    "a run's actor": ("UPDATE runs SET actor = 'nobody' WHERE n = 1", "tables: run 1"),
    "a run's beginning": ("UPDATE runs SET started = '2020-01-01T00:00:00Z' WHERE n = 2", "tables: run 2"),
    "a run's end": ("UPDATE runs SET finished = NULL WHERE n = 2", "tables: run 2"),
    "a run's state": ("UPDATE runs SET state = 'running' WHERE n = 1", "tables: run 1"),
    "a run's parameters": ("UPDATE runs SET parameters = '{}' WHERE n = 1", "tables: run 1"),
    "a run deleted": ("DELETE FROM runs WHERE n = 1", "tables: the table holds 1 run, the ledger 2"),
    "a run added": (
        "INSERT INTO runs SELECT 3, state, actor, started, finished, parameters, progress FROM runs WHERE n = 1",
        "tables: the table holds 3 runs",
    ),
    "a trigger": (
        "CREATE TRIGGER t AFTER INSERT ON issues BEGIN DELETE FROM issues; END",
        "schema: trigger 't' is none of ours",
    ),
    "a table": ("CREATE TABLE notes (text TEXT)", "schema: table 'notes' is none of ours"),
    "a view": ("CREATE VIEW v AS SELECT 1", "schema: view 'v' is none of ours"),
    "an index gone": ("DROP INDEX items_path", "schema: index 'items_path' is gone"),
    "an index made otherwise": (
        "DROP INDEX items_path; CREATE INDEX items_path ON items (path)",
        "schema: index 'items_path' is not as it was made",
    ),
}


@pytest.mark.parametrize(("statements", "said"), CHANGES.values(), ids=CHANGES)
def test_a_change_to_what_no_row_digest_covers_is_found(copy: Copy, statements: str, said: str) -> None:
    trigger = "TRIGGER" in statements
    copy.sql(*([statements] if trigger else statements.split("; ")))
    assert copy.first().startswith(said)


def test_a_trigger_is_never_let_go_off(copy: Copy, tmp_path: Path) -> None:
    """Whoever writes would carry out what somebody else put there, under their own name."""
    before = len(copy.bench.items())
    copy.sql("CREATE TRIGGER t AFTER INSERT ON ledger_entry BEGIN DELETE FROM items; DELETE FROM issues; END")
    proof = copy.bench.verify(code=1)
    assert proof["first"].startswith("schema: trigger 't' is none of ours")
    assert not proof["logged"]
    (tmp_path / "another.txt").write_text("kestrel")
    for words in (
        ("search", copy.bench.folder, "kestrel"),
        ("ingest", copy.bench.folder, tmp_path / "another.txt"),
    ):
        done = copy.bench.run(*words)
        assert done.returncode == 1, done.stderr
        assert re.search("trigger 't' (that )?is none of ours", done.stderr), done.stderr
    copy.sql("DROP TRIGGER t")
    assert copy.bench.verify()["ok"]  # until then every answer says that the last proof differed
    assert len(copy.bench.items()) == before
    copy.bench.verify()


def test_an_index_of_the_database_that_hides_rows_is_found(copy: Copy) -> None:
    """SQLite answers from an index without looking at the table: its own check compares the two."""
    copy.sql(
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE INDEX items_seq ON items (seq) WHERE seq > 5' WHERE name = 'items_seq'",
    )
    assert copy.first().startswith("schema: index 'items_seq'")


@pytest.mark.parametrize("name", ["pack-000002.pack", "pack-000077.pack"])
def test_a_file_among_the_packs_is_found(copy: Copy, name: str) -> None:
    (copy.bench.folder / "objects" / name).write_bytes(MAGIC + b"junk")
    assert copy.first() == f"objects: {name} is none of the case's packs"


def test_a_file_among_those_of_the_index_is_found(copy: Copy) -> None:
    (copy.bench.folder / "index" / f"{'0' * 32}.idx").write_text("x")
    assert copy.first().startswith(f"index: {'0' * 32}.idx is not in .managed.json")


@pytest.mark.parametrize("name", ["meta.json", "format.json", ".managed.json"])
@pytest.mark.parametrize("spoiled", ["{} ", "\n{}", "{}{}"])
def test_a_list_of_the_index_written_otherwise_is_found(copy: Copy, name: str, spoiled: str) -> None:
    path = copy.bench.folder / "index" / name
    path.write_text(spoiled.replace("{}", path.read_text()))
    assert copy.first().startswith("index: ")


@pytest.mark.parametrize("name", ["meta.json", "format.json"])
def test_a_name_that_stands_twice_in_a_list_of_the_index_is_found(copy: Copy, name: str) -> None:
    path = copy.bench.folder / "index" / name
    key = next(iter(json.loads(path.read_text())))
    path.write_text(path.read_text().replace("{", f'{{"{key}": 0, ', 1))
    assert copy.first().startswith("index: ")


OTHER_VERSIONS = {
    "another Unicode": ("unicodedata.unidata_version = '99.0'", "(here 99.0)"),
    "later rules": ("actionday.storage.index.normalise.VERSION = 99", "(here 99)"),
    "a later library": ("tantivy.__version__ = '9.9'", "(here 9.9)"),
}
"""What another installation has, of which the case knows nothing; and what is said of it."""


def elsewhere(copy: Copy, versions: str, command: str, *words: str) -> Done:
    """Run a command on the case as an installation of other versions does."""
    code = (
        "import sys, tantivy, unicodedata, actionday.storage.index.normalise\n"
        f"{versions}\n"
        "from actionday.app.cli.main import main\n"
        f"sys.argv = ['actionday', *{[command, str(copy.bench.folder), *words]!r}]\n"
        "main()"
    )
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize(("versions", "named"), OTHER_VERSIONS.values(), ids=OTHER_VERSIONS)
def test_an_index_of_other_versions_is_not_proved_and_no_difference(
    copy: Copy, versions: str, named: str
) -> None:
    done = elsewhere(copy, versions, "verify", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["ok"]
    (said,) = [line for line in found["not_proved"] if line.startswith("index: ")]
    assert named in said
    assert "the next ingest makes it anew" in said


def test_an_index_of_other_versions_is_still_held_against_the_seal(copy: Copy) -> None:
    path = next((copy.bench.folder / "index").glob("*.term"))
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)
    done = elsewhere(copy, OTHER_VERSIONS["later rules"][0], "verify", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["first"].startswith("index: ")


def test_other_versions_that_somebody_wrote_into_an_index_are_a_difference(copy: Copy) -> None:
    path = copy.bench.folder / "index" / "format.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"normaliser": 2}))
    assert "format.json is not as it was when the last run came to its end" in copy.first()


def test_an_index_of_older_rules_is_made_anew_by_the_next_run(copy: Copy) -> None:
    later = OTHER_VERSIONS["later rules"][0]
    assert "(here 99)" in elsewhere(copy, later, "search", "text").stderr
    done = elsewhere(copy, later, "ingest", str(copy.root / "one.txt"))
    assert done.returncode == 0, done.stderr
    assert "made anew" in done.stdout + done.stderr
    assert json.loads(elsewhere(copy, later, "search", "text", "--json").stdout)["total"]
    proved = json.loads(elsewhere(copy, later, "verify", "--json").stdout)
    assert proved["ok"]
    assert not [line for line in proved["not_proved"] if line.startswith("index: ")]


def test_a_note_of_ones_own_in_a_list_of_the_index_is_found(copy: Copy) -> None:
    """The library lets a commit carry a text of its own; none of ours does."""
    path = copy.bench.folder / "index" / "meta.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"payload": "hidden"}))
    assert copy.first().startswith("index: meta.json: 'payload'")


def test_a_list_that_a_killed_run_was_writing_is_named_and_no_difference(copy: Copy) -> None:
    """The library writes its lists beside and renames them: a kill in between leaves one that nobody reads."""
    (copy.bench.folder / "index" / ".tmpGykmPt").write_text("{")
    (said,) = [line for line in copy.bench.verify()["not_proved"] if ".tmpGykmPt" in line]
    assert "left by" not in said, "who made it is not known"
    assert "no part of the index" in said


@pytest.mark.parametrize("name", [".tantivy-meta.lock", ".tantivy-writer.lock"])
def test_a_lock_of_the_index_that_holds_something_is_found(copy: Copy, name: str) -> None:
    (copy.bench.folder / "index" / name).write_text("hidden")
    assert copy.first().startswith(f"index: {name} is not empty")


def listed(copy: Copy, *more: str) -> None:
    path = copy.bench.folder / "index" / ".managed.json"
    path.write_text(json.dumps([*json.loads(path.read_text()), *more], separators=(",", ":")) + "\n")


def test_a_name_in_the_list_of_the_index_that_is_none_of_its_files_is_found(copy: Copy) -> None:
    listed(copy, "a note to somebody")
    assert copy.first().startswith("index: .managed.json: 'a note to somebody' is no file of an index")


def test_a_name_that_stands_twice_in_the_list_of_files_is_found(copy: Copy) -> None:
    listed(copy, "meta.json", "meta.json")
    assert copy.first().startswith("index: .managed.json: lists 'meta.json' more than once")


def test_a_file_that_the_index_lists_and_that_is_not_there_is_named(copy: Copy) -> None:
    """A run that was killed may have listed what it never made."""
    listed(copy, f"{'0' * 32}.term")
    assert any(f"{'0' * 32}.term" in line for line in copy.bench.verify()["not_proved"])


@pytest.fixture
def evidence(copy: Copy) -> Iterator[Path]:
    """The folder that was taken in, as it was again afterwards."""
    kept = copy.root / "kept"
    shutil.copytree(copy.root / "site", kept, symlinks=True)
    yield copy.root / "site"
    shutil.rmtree(copy.root / "site")
    kept.rename(copy.root / "site")


def add(folder: Path) -> None:
    (folder / "in" / "planted.txt").write_text("planted")


def add_link(folder: Path) -> None:
    (folder / "other").symlink_to("/etc/passwd")


def date_back(folder: Path) -> None:
    os.utime(folder / "in" / "page-0.txt", (1, 1))


def open_up(folder: Path) -> None:
    (folder / "in" / "page-0.txt").chmod(0o777)


def rewrite_under_its_time(folder: Path) -> None:
    path = folder / "in" / "page-0.txt"
    facts = path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def turn(folder: Path) -> None:
    (folder / "link").unlink()
    (folder / "link").symlink_to("in")


def empty_directory_gone(folder: Path) -> None:
    (folder / "link").unlink()


DEEDS = {
    add: "in/planted.txt: is in the folder, and was not when it was taken in",
    add_link: "other: is in the folder, and was not when it was taken in",
    rewrite_under_its_time: "in/page-0.txt: its SHA-256 is ",
    turn: "link: its target is in, it was in/page-0.txt",
    empty_directory_gone: "link: is no longer in the folder",
}


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_a_folder_that_is_no_longer_what_was_taken_in_is_found(copy: Copy, evidence: Path, deed) -> None:
    deed(evidence)
    assert copy.first().startswith(f"exhibits: site: {evidence}/{DEEDS[deed]}")


REMARKS = {
    date_back: "in/page-0.txt: its bytes hold; its time of change is 1970-01-01T00:00:01Z, it was ",
    open_up: "in/page-0.txt: its bytes hold; its mode is 0777, it was 0644",
}


@pytest.mark.parametrize("deed", REMARKS, ids=lambda deed: deed.__name__)
def test_a_file_whose_bytes_hold_is_not_altered_and_what_is_another_is_said(
    copy: Copy, evidence: Path, deed
) -> None:
    deed(evidence)
    proof = copy.bench.verify()
    (found,) = [each for each in proof["checks"] if each["name"] == "exhibits"]
    assert any(line.startswith(f"remark: site: {evidence}/{REMARKS[deed]}") for line in found["said"])
    assert (found["counts"]["altered"], found["counts"]["remarked"]) == (0, 1)
    assert found["counts"]["held"] == found["counts"]["recorded"]
    assert any(each["remarked"] for each in proof["report"]["exhibits"])


def test_a_copy_that_was_put_back_is_whole_and_its_times_are_remarked(copy: Copy, tmp_path: Path) -> None:
    """``cp -r`` keeps bytes, and none of the times: as on a new disk, or restored from a backup."""
    kept = copy.root / "kept"
    for name in ("site", "one.txt"):
        kept.mkdir(exist_ok=True)
        (copy.root / name).rename(kept / name)
        subprocess.run(["cp", "-r", kept / name, copy.root], check=True)
        if name == "one.txt":
            os.utime(copy.root / name, (2, 2))
    try:
        done = copy.bench.run("verify", copy.bench.folder)
        proof = copy.bench.verify()
    finally:
        for name in ("site", "one.txt"):
            (copy.root / "back").mkdir(exist_ok=True)
            (copy.root / name).rename(copy.root / "back" / name)
            (kept / name).rename(copy.root / name)
    (found,) = [each for each in proof["checks"] if each["name"] == "exhibits"]
    counts = found["counts"]
    assert counts["held"] == counts["recorded"] == counts["remarked"]
    assert counts["altered"] == counts["missing"] == counts["added"] == counts["others"] == 0
    assert done.returncode == 0, done.stdout
    assert "its bytes hold; its time of change is 1970-01-01T00:00:02" in done.stdout
    assert "The case is whole" in done.stdout
    assert "DIFFERS" not in done.stdout


def test_what_no_proof_covers_is_named(copy: Copy) -> None:
    (copy.bench.folder / "judgement.odt").write_text("x")
    copy.sql("UPDATE runs SET progress = '{}'")  # for the eye alone
    found = copy.bench.verify()
    assert found["interrupted"] is None
    for said in ("runs.progress", "items.n", "the lock", "'judgement.odt'"):
        assert any(said in line for line in found["not_proved"]), said
    assert "not proved: 'judgement.odt'" in copy.bench.run("verify", copy.bench.folder).stdout


# interrupted


def stopped(bench: Bench, source: Path, sign: signal.Signals) -> None:
    """Stop an ingest once something of it is stored."""
    point = ("actionday.pipeline.writer:Writer.checkpoint", "after", 2)
    words = ("ingest", bench.folder, source, "--workers", 1)
    done = crashed(*point, *words, env={"CRASH_SIGNAL": str(int(sign))})
    assert done.returncode != 0
    with sqlite3.connect(bench.folder / "case.db", timeout=60) as database:
        assert database.execute("SELECT COUNT(*) FROM items").fetchone()[0] > 0


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_an_interrupted_case_is_whole_and_said_to_be_interrupted(
    bench: Bench, tmp_path: Path, sign: signal.Signals
) -> None:
    source = site(tmp_path / "site", 700)
    stopped(bench, source, sign)
    found = bench.verify()
    assert (found["ok"], found["first"]) == (True, None)
    assert found["interrupted"].startswith("run 1 was" if sign is signal.SIGKILL else "exhibit 'site'")
    assert any("what is not read yet" in line for line in found["not_proved"])
    said = bench.run("verify", bench.folder).stdout
    assert "The case is not complete" in said
    assert "NOT whole" not in said
    tampered(bench)


def tampered(bench: Bench) -> None:
    """An interrupted case is no licence: what was stored is proved as ever."""
    with sqlite3.connect(bench.folder / "case.db") as database:
        database.execute("UPDATE items SET path = path || 'x' WHERE n = 2")
    assert str(bench.verify(code=1)["first"]).startswith("rows: ")


def test_a_case_whose_ledger_is_not_as_signed_says_what_can_be_done(copy: Copy) -> None:
    copy.sql(
        "UPDATE ledger_entry SET hashes = zeroblob(length(hashes)) WHERE idx = (SELECT MAX(idx) FROM ledger_entry)"
    )
    for words in (("search", "text"), ("export", "items"), ("show", "one.txt")):
        done = copy.bench.run(words[0], copy.bench.folder, *words[1:])
        assert done.returncode == 1, done.stdout
        assert "the ledger is not as it was signed (" in done.stderr
        assert "actionday verify names what differs" in done.stderr
