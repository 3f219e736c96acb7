"""What outside checks rely on: help, JSON everywhere, exit codes, fields and their types."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from kill_exhibits import site

from actionday.app.cli.main import COMMANDS
from case_tools import BASIS, FACTS, Bench, actionday, sentences

HEAVY = [
    "tantivy",
    "numpy",
    "cryptography",
    "msgspec",
    "orjson",
    "sqlite3",
    "zstandard",
    "rich",
    "jinja2",
    "litestar",
    "uvicorn",
    "pytsk3",
    "dissect",
    "libarchive",
    "PIL",
    "pypdfium2",
    "xberg",
    "chardet",
    "fastwarc",
    "resiliparse",
    "asyncio",
]
CALLS = [(), *((name,) for name in sorted(COMMANDS)), ("case", "create"), ("hashes", "import")]


@pytest.mark.parametrize("words", CALLS, ids=lambda words: " ".join(words) or "itself")
def test_help_has_an_example_and_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    """How long it takes is measured in ``bench``; what makes it long is what is imported."""
    script = (
        "import sys; from actionday.app.cli.main import run\n"
        f"code = run({[*words, '--help']!r})\n"
        "print('MODULES', code, *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    said, _, told = done.stdout.partition("MODULES ")
    code, *modules = told.split()
    assert code == "0"
    assert "Example:" in said
    assert re.search(r"^\s+actionday ", said, re.MULTILINE)
    assert sorted(set(modules) & set(HEAVY)) == []


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"case", "hashes"}))
def test_every_command_takes_json(name: str) -> None:
    done = actionday(name, "--help")
    assert "--json" in done.stdout


@pytest.mark.parametrize("words", [("case", "create"), ("hashes", "import")])
def test_commands_of_two_words_take_json_too(words: tuple[str, ...]) -> None:
    assert "--json" in actionday(*words, "--help").stdout


BAD = {
    "no such command": (("nonsense",), 2),
    "no case there": (("status", "/nowhere/at/all"), 2),
    "a missing argument": (("ingest",), 2),
    "an unknown option": (("status", "--nonsense", "x"), 2),
    "no such kind": (("export", "CASE", "nonsense"), 2),
    "no such format": (("export", "CASE", "items", "--format", "nonsense"), 2),
    "no such source": (("ingest", "CASE", "/nowhere/at/all"), 2),
    "no workers": (("ingest", "CASE", "/etc/hostname", "--workers", "0"), 2),
    "an engine that is not there": (("ingest", "CASE", "/etc/hostname", "--engine", "ray"), 2),
    "a malformed query": (("search", "CASE", "(a"), 2),
    "an offset below zero": (("search", "CASE", "a", "--offset", "-1"), 2),
    "a language that is none": (("search", "CASE", "a", "--lang", "klingon"), 2),
    "a file that cannot be written": (("export", "CASE", "items", "-o", "/nowhere/at/all/x"), 2),
}


@pytest.mark.parametrize(("words", "code"), BAD.values(), ids=BAD)
def test_an_error_is_a_sentence_or_json_on_stderr(bench: Bench, words: tuple[str, ...], code: int) -> None:
    given = [str(bench.folder) if word == "CASE" else word for word in words]
    plain = actionday(*given)
    assert (plain.returncode, plain.stdout) == (code, "")
    assert plain.stderr.startswith("actionday: ")
    assert "Traceback" not in plain.stderr
    told = actionday(*given, "--json")
    assert (told.returncode, told.stdout) == (code, "")
    said = json.loads(told.stderr)
    assert said["exit_code"] == code
    assert said["error"]


CREATED = {
    "a country that is none": ("--country", "SPAIN"),
    "a date that is none": ("--retain-until", "2031-13-01"),
}


@pytest.mark.parametrize(("option", "value"), CREATED.values(), ids=CREATED)
def test_a_case_with_nonsense_in_its_facts_is_not_created(tmp_path: Path, option: str, value: str) -> None:
    done = actionday("case", "create", tmp_path / "case", *FACTS, *BASIS, option, value)
    assert done.returncode == 2
    assert value in done.stderr
    assert not (tmp_path / "case").exists()


def test_a_case_is_created_in_no_folder_that_holds_anything(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").touch()
    assert actionday("case", "create", tmp_path / "there", *FACTS, *BASIS).returncode == 2
    assert actionday("case", "create", tmp_path / "there" / "file", *FACTS, *BASIS).returncode == 2
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == ["file"]


def test_the_facts_of_a_case_are_in_its_first_ledger_entry(tmp_path: Path) -> None:
    made = actionday("case", "create", tmp_path / "case", *FACTS, *BASIS, "--purpose", "test", "--json")
    said = json.loads(made.stdout)
    assert (said["name"], said["country"], said["purpose"]) == ("Kestrel", "ES", "test")
    done = actionday("export", tmp_path / "case", "ledger")
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    created = next(row for row in entries if row["action"] == "case.created")
    assert created["details"]["legal_basis"] == "order 1/2026"
    assert created["actor"] == "tester"


# fields


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Bench:
    root = tmp_path_factory.mktemp("filled")
    bench = Bench(root / "case")
    single = root / "single.txt"
    single.write_text(sentences(2, 1))
    bench.ingest(site(root / "site", 10), single, code=1)
    return bench


NULL = type(None)
ITEM = {
    "id": (str,),
    "parent": (str, NULL),
    "exhibit": (str,),
    "path": (str,),
    "path_raw": (str, NULL),
    "kind": (str,),
    "size": (int, NULL),
    "sha256": (str, NULL),
    "md5": (str, NULL),
    "mime": (str, NULL),
    "mtime": (str, NULL),
    "status": (str,),
    "reason": (str, NULL),
    "counted": (bool,),
}
TEXT = {
    "sha256": (str,),
    "language": (str,),
    "script": (str,),
    "confidence": (float,),
    "characters": (int,),
    "text": (str,),
    "segments": (list,),
}
ISSUE = {"stage": (str,), "exhibit": (str,), "path": (str,), "code": (str,), "reason": (str,)}
STATUS = {
    "state": (str,),
    "found": (int,),
    "parsed": (int,),
    "known_good": (int,),
    "skipped": (int,),
    "failed": (int,),
    "bytes": (int,),
    "rate": (float,),
    "eta": (float, NULL),
    "failures": (dict,),
}
KINDS = "exhibit directory volume file deleted stream system symlink special member message attachment record revisit row"
STATUSES = "parsed known_good empty unreadable quarantined unsupported encrypted queued"
HEX = {"id": 32, "parent": 32, "sha256": 64, "md5": 32, "sha1": 40}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def typed(row: dict, fields: dict) -> None:
    assert set(fields) <= set(row), set(fields) - set(row)
    for field, types in fields.items():
        assert type(row[field]) in types, (field, row[field])


def test_items_have_the_fields_and_types_of_the_contract(filled: Bench) -> None:
    rows = filled.items()
    ids = {row["id"] for row in rows}
    assert len(ids) == len(rows)
    for row in rows:
        typed(row, ITEM)
        assert row["kind"] in KINDS.split()
        assert row["status"] in STATUSES.split()
        assert row["parent"] is None or row["parent"] in ids
        assert all(row[field] != "" for field in row if field != "path"), row
        for field, length in HEX.items():
            assert row[field] is None or re.fullmatch(f"[0-9a-f]{{{length}}}", row[field])
        assert row["mtime"] is None or TIME.fullmatch(row["mtime"])
        assert (row["sha256"] is None) == (row["mime"] is None) == (row["md5"] is None)
        assert row["path_raw"] is None or b"\xe9" in bytes.fromhex(row["path_raw"])
        if row["kind"] in ("directory", "symlink", "special"):
            assert (row["size"], row["sha256"]) == (None, None), row
        if row["status"] in ("unreadable", "quarantined", "unsupported", "encrypted", "queued"):
            assert row["reason"], row
    for row in rows:
        if row["parent"] is None:
            assert row["path"] == ""
            assert row["kind"] in ("exhibit", "directory")


def test_the_last_part_of_a_path_is_the_entry_and_the_rest_its_containers(filled: Bench) -> None:
    rows = filled.items()
    paths = {(row["exhibit"], row["path"]): row for row in rows}
    deep = paths["site", "backup/site.tar.gz/a/inner.zip/letter.eml"]
    assert deep["kind"] == "member"
    assert paths["site", "mail/letter.eml"]["kind"] == "file"
    message = next(row for row in rows if row["parent"] == paths["site", "mail/letter.eml"]["id"])
    assert message["kind"] == "message"
    attachment = next(row for row in rows if row["parent"] == message["id"])
    assert (attachment["kind"], attachment["path"].rpartition("/")[2]) == ("attachment", "note-901.txt")


def test_texts_and_issues_have_the_fields_and_types_of_the_contract(filled: Bench) -> None:
    texts, issues = filled.export("texts"), filled.export("issues")
    hashes = {row["sha256"] for row in filled.items()}
    assert len({row["sha256"] for row in texts}) == len(texts) > 10
    for row in texts:
        typed(row, TEXT)
        assert row["sha256"] in hashes
        assert re.fullmatch("[a-z]{3}", row["language"])
        assert re.fullmatch("[A-Z][a-z]{3}", row["script"])
        assert 0.0 <= row["confidence"] <= 1.0
        assert row["characters"] == len(row["text"]) > 0
        at = 0
        for part in row["segments"]:
            assert set(part) == {"start", "end", "language", "script", "confidence"}
            assert at <= part["start"] < part["end"] <= row["characters"]
            at = part["end"]
    assert issues
    for row in issues:
        typed(row, ISSUE)
        assert set(row) == set(ISSUE)


def test_status_has_the_fields_of_the_contract_and_its_counts_are_those_of_the_items(filled: Bench) -> None:
    status = filled.status()
    typed(status, STATUS)
    assert status["found"] == sum(status[part] for part in ("parsed", "known_good", "skipped", "failed"))
    assert sum(status["failures"].values()) == len(filled.export("issues"))
    rows = filled.items()
    counts = Counter(row["status"] for row in rows if row["counted"])
    assert (status["found"], status["by_status"]) == (counts.total(), counts)
    assert status["listed"] == len(rows) > counts.total()


def test_one_field_name_has_one_type_everywhere(filled: Bench) -> None:
    types: dict[str, set[type]] = {}
    for kind in ("items", "texts", "issues", "ledger"):
        for row in filled.export(kind):
            for field, value in row.items():
                if value is not None:
                    types.setdefault(field, set()).add(type(value))
    assert {field: found for field, found in types.items() if len(found) > 1} == {}


def test_ids_and_exports_are_those_of_any_other_case(filled: Bench, tmp_path: Path) -> None:
    other = Bench(tmp_path / "other")
    sources = filled.folder.parent
    other.ingest(sources / "single.txt", sources / "site", "--workers", 1, code=1)
    assert other.exports() == filled.exports()


def test_ingest_prints_its_summary_as_json_and_its_progress_on_stderr(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("a note\n")
    done = bench.run("ingest", bench.folder, tmp_path / "note.txt", "--json")
    said = json.loads(done.stdout)
    assert (said["found"], said["parsed"], said["exhibits"]) == (1, 1, ["note.txt"])
    moments = [json.loads(line) for line in done.stderr.splitlines()]
    assert moments[-1]["state"] == "complete"
    assert {"found", "bytes", "rate", "eta", "failures"} <= set(moments[-1])


def test_piped_progress_is_plain_lines(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("a note\n")
    done = bench.run("ingest", bench.folder, tmp_path / "note.txt")
    assert done.stderr.splitlines()[-1].startswith("complete: 1 item,")
    assert "\x1b" not in done.stdout + done.stderr
    assert "(adds up)" in done.stdout


def test_names_that_would_drive_a_terminal_are_shown_harmless(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a\x1b]0;owned\x07\u202etxt.exe").write_text("kestrel words\n")
    bench.ingest(tmp_path / "site")
    shown = bench.run("search", bench.folder, "kestrel").stdout
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "<U+001B>" in shown


@pytest.mark.parametrize("words", [("ingest", "bad\udcff.txt"), ("ingest", "d\udcff"), ("search", "secret\udcff"),
                                   ("ingest", "one.txt", "--exhibit", "e\udcff")], ids=str)  # fmt: skip
def test_bytes_that_are_no_utf_8_are_an_unusable_argument(
    bench: Bench, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "bad\udcff.txt").write_text("evidence\n")
    (tmp_path / "d\udcff").mkdir()
    (tmp_path / "one.txt").write_text("evidence\n")
    done = bench.run(words[0], bench.folder, *words[1:], cwd=tmp_path)
    assert done.returncode == 2
    assert "no UTF-8" in done.stderr
    assert "fault" not in done.stderr
    assert bench.items() == []


def test_a_source_below_a_folder_with_such_a_name_is_refused_alike(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "d\udcff").mkdir()
    (tmp_path / "d\udcff" / "one.txt").write_text("evidence\n")
    done = bench.run("ingest", bench.folder, "one.txt", cwd=tmp_path / "d\udcff")
    assert done.returncode == 2
    assert "no UTF-8" in done.stderr
