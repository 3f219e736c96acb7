"""Exports: whole or not at all, harmless in a spreadsheet, recorded with the hash of what was written."""

import csv
import errno
import hashlib
import io
import json
import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionday.access.found import find
from actionday.access.ledger import list_entries
from actionday.app.cli.main import run
from actionday.exchange._cells import cell, guarded, line, plain
from actionday.exchange.export import Fields, Named, export, export_to, kinds
from actionday.model import UsageError
from actionday.storage.case import Case
from actionday.storage.index import index
from case_tools import Bench, Row, killed, rows_of, sha256

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
NAMES = [
    "=1+1",
    "+plus",
    "-minus",
    "@at",
    "\tTab",
    "\rreturn",
    "＝wide",
    "＋wide",
    "－wide",
    "＠wide",
    'quote",x',
    "two\nlines",
    "cmd;=cmd|calc.txt",
    "plain",
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Bench:
    root = tmp_path_factory.mktemp("filled")
    (root / "site").mkdir()
    for n, name in enumerate(NAMES):
        (root / "site" / name).write_text(f"{name} {n}\n")
    bench = Bench(root / "case")
    bench.ingest(root / "site")
    return bench


def test_x05_names_that_a_spreadsheet_would_run_are_harmless_in_csv_and_exact_in_jsonl(filled: Bench) -> None:
    done = filled.run("export", filled.folder, "items", "--format", "csv", text=False)
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))
    cells = {each for row in rows for each in row.values()}
    assert not [each for each in cells if each.startswith(FORMULA)]
    assert {row["path"] for row in filled.items()} == {"", *NAMES}
    shown = {plain(row["path"]) for row in rows}
    assert shown == {"", *NAMES}


def test_csv_and_jsonl_hold_the_same_rows(filled: Bench) -> None:
    for kind in ("items", "texts", "issues"):
        done = filled.run("export", filled.folder, kind, "--format", "csv", text=False)
        table = list(csv.reader(io.StringIO(done.stdout.decode(), newline="")))
        found = filled.export(kind)
        assert tuple(table[0]) == kinds()[kind].fields
        assert len(table) - 1 == len(found)
        for cells, row in zip(table[1:], found, strict=True):
            for field, shown in zip(table[0], cells, strict=True):
                value = row[field]
                back = plain(shown) if isinstance(value, str) else json.loads(shown or "null")
                assert back == value


def last_export(bench: Bench) -> Row:
    return [row for row in bench.export("ledger") if row["action"] == "exported"][-1]


def test_the_ledger_holds_the_rows_and_the_hash_of_what_was_written(filled: Bench, tmp_path: Path) -> None:
    out = tmp_path / "items.jsonl"
    done = filled.run("export", filled.folder, "items", "-o", out, "--json")
    said = json.loads(done.stdout)
    entry = last_export(filled)
    assert entry["subject"] == "items"
    assert entry["details"]["rows"] == said["rows"] == len(NAMES) + 1
    assert entry["details"]["sha256"] == sha256(out.read_bytes())
    assert entry["details"]["whole"] is True
    assert entry["actor"] == "tester"
    assert os.listdir(tmp_path) == ["items.jsonl"]


def test_a_file_that_was_there_stays_when_the_export_cannot_be(filled: Bench, tmp_path: Path) -> None:
    out = tmp_path / "items.jsonl"
    out.write_text("before\n")
    done = filled.run("export", filled.folder, "nonsense", "-o", out)
    assert done.returncode == 2
    assert out.read_text() == "before\n"
    assert os.listdir(tmp_path) == ["items.jsonl"]


def test_only_what_is_refused_of_the_output_is_laid_at_its_door(
    filled: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "none" / "items.jsonl"
    with pytest.raises(UsageError, match=f"{out}: No such file"):
        export_to(Case.open(filled.folder), "items", "jsonl", out)
    with (
        Path("/dev/full").open("wb", buffering=0) as full,
        pytest.raises(UsageError, match="mine: No space left"),
    ):
        Named(full, Path("mine")).write(b"row")

    class Failing(type(kinds()["items"])):  # type: ignore[misc]
        """Its pack lies on a failing disk."""

        def rows(self, *given: object) -> Iterator[Fields]:
            yield from super().rows(*given)
            raise OSError(errno.EIO, os.strerror(errno.EIO), "objects/pack-000001.pack")

    monkeypatch.setattr("actionday.exchange.export.kinds", lambda: {"items": Failing()})
    with pytest.raises(OSError, match="pack-000001"):
        export_to(Case.open(filled.folder), "items", "jsonl", tmp_path / "items.jsonl")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("left", ["file", "link"])
def test_what_a_killed_process_left_is_no_place_to_write_through(
    filled: Bench, tmp_path: Path, left: str
) -> None:
    other, part = tmp_path / "other", tmp_path / f".{os.getpid()}.part"
    other.write_text("mine")
    if left == "link":
        part.symlink_to(other)
    else:
        part.write_text("half of an export")
    case = Case.open(filled.folder)
    rows = export_to(case, "items", "jsonl", tmp_path / "items.jsonl").rows
    case.close()
    assert rows == len((tmp_path / "items.jsonl").read_text().splitlines()) == len(NAMES) + 1
    assert other.read_text() == "mine"
    assert sorted(os.listdir(tmp_path)) == ["items.jsonl", "other"]


def test_rows_come_in_a_fixed_order(filled: Bench) -> None:
    once, again = (filled.run("export", filled.folder, "items").stdout for _ in range(2))
    assert once == again
    rows = rows_of(once)
    assert rows == sorted(rows, key=lambda row: (row["exhibit"], row["path"].encode(), row["id"]))


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Bench:
    """A case whose list of items is larger than a pipe."""
    root = tmp_path_factory.mktemp("long")
    (root / "site").mkdir()
    for n in range(800):
        (root / "site" / f"a-name-that-is-long-enough-to-fill-a-pipe-in-time-{n:04}").write_text(f"{n}\n")
    bench = Bench(root / "case")
    bench.ingest(root / "site")
    return bench


@pytest.mark.parametrize("how", [None, signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_export_read_only_in_part_is_recorded_as_such(long: Bench, how: signal.Signals | None) -> None:
    """Whoever read it closed the pipe, stopped it, or closed the terminal: what they saw by then is an access."""
    before = len(long.export("ledger"))
    process = long.begin("export", long.folder, "items")
    assert process.stdout is not None
    process.stdout.readline()
    if how is not None:
        process.send_signal(how)
        process.wait()
    process.stdout.close()
    process.wait()
    since = long.export("ledger")[before:]
    details = next(
        row["details"] for row in since if row["action"] == "exported" and row["subject"] == "items"
    )
    assert details["whole"] is False
    assert 0 < details["rows"] < 801
    assert long.verify()["ok"]


def test_an_export_that_is_killed_was_recorded_before_its_first_byte(long: Bench) -> None:
    before = len(long.export("ledger"))
    process = long.begin("export", long.folder, "items")
    assert process.stdout is not None
    process.stdout.readline()
    killed(process)
    since = long.export("ledger")[before:]
    (begun,) = [row for row in since if row["subject"] == "items"]
    assert (begun["action"], begun["details"]) == ("export.begun", {"format": "jsonl"})
    proof = long.verify()
    assert proof["ok"]
    said = [line for check in proof["checks"] if check["name"] == "ledger" for line in check["said"]]
    remark = f"remark: entry {begun['index']}: export.begun of 'items': begun, and no entry ends it"
    assert [line for line in said if line.startswith(remark)]
    assert not [line for line in said if f"entry {begun['index'] + 1}:" in line]
    database = sqlite3.connect(long.folder / "case.db")
    marked = {line.number: line.unended for line in list_entries(database, action="export.begun").lines}
    database.close()
    assert marked.pop(begun["index"])
    assert marked
    assert not any(marked.values())


def test_what_ends_an_export_names_where_it_began(filled: Bench) -> None:
    written = filled.run("export", filled.folder, "items").stdout.encode()
    end = [
        row for row in filled.export("ledger") if row["action"] == "exported" and row["subject"] == "items"
    ][-1]
    begun = filled.export("ledger")[end["details"]["begun"]]
    assert (begun["action"], begun["subject"]) == ("export.begun", "items")
    assert end["details"]["bytes"] == len(written)
    assert end["details"]["sha256"] == hashlib.sha256(written).hexdigest()


def test_no_export_is_written_into_a_case_this_or_another(filled: Bench, long: Bench, tmp_path: Path) -> None:
    before = (long.folder / "case.db").read_bytes()
    for out in (
        long.folder / "case.db",
        long.folder / "objects" / "x",
        long.folder / "new",
        filled.folder / "y",
    ):
        done = filled.run("export", filled.folder, "items", "--force", "-o", out)
        assert done.returncode == 2
        assert "lies in a case" in done.stderr
    assert (long.folder / "case.db").read_bytes() == before


@pytest.mark.parametrize("what", ["pipe", "link", "link that leads nowhere", "folder", "device"])
def test_nothing_but_a_regular_file_is_written_over(filled: Bench, tmp_path: Path, what: str) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    other.write_text("mine")
    match what:
        case "pipe":
            os.mkfifo(out)
        case "folder":
            out.mkdir()
        case "device":
            out = Path("/dev/null")
        case _:
            out.symlink_to(other if what == "link" else tmp_path / "nowhere")
    before = out.lstat()
    case = Case.open(filled.folder)
    for force in (False, True):
        with pytest.raises(UsageError, match="no regular file"):
            export_to(case, "items", "jsonl", out, force=force)
        if what != "folder":  # click itself says that of a folder
            words = ["show", str(filled.folder), "site/plain", "--bytes", str(out), "--reason", "to be read"]
            assert run([*words, *(["--force"] if force else [])]) == 2
    case.close()
    assert (out.lstat().st_ino, out.lstat().st_mode) == (before.st_ino, before.st_mode)
    assert other.read_text() == "mine"
    assert sorted(set(os.listdir(tmp_path)) - {"out"}) == ["other"]


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_names_its_fields_and_gives_just_those(filled: Bench, kind: str) -> None:
    for row in filled.export(kind):
        assert tuple(row) == kinds()[kind].fields


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("cmd;=cmd|calc.txt", "cmd;'=cmd|calc.txt"),
        ("\n=1+1", "\n'=1+1"),
        (" =1", "' =1"),
        ('a;"=1', "a;'\"=1"),
        ("a\t@x", "a\t'@x"),
        ("\tx", "'\tx"),
        ("'=1", "''=1"),
        ("a-b = c", "a-b = c"),
        ({"k": ["=x", "b;-c", -2]}, '{"k":["\\u003dx","b;\\u002dc",-2]}'),
        (-5, "-5"),
    ],
)
def test_no_part_of_a_cell_is_run_whatever_parts_the_cells(value: object, shown: str) -> None:
    assert cell(value) == shown
    back = plain(shown) if isinstance(value, str) else json.loads(shown)
    assert back == value


@pytest.mark.parametrize("text", ["a;b", "a,b", "a\tb", 'a"b', "a\nb", "a\rb"])
def test_what_may_part_cells_is_quoted(text: str) -> None:
    written = line([text, "x"])
    assert written.startswith(b'"')
    assert next(csv.reader(io.StringIO(written.decode(), newline=""))) == [text, "x"]


@given(st.text("a=;,'\"\t\r\n -\uff1d"))
def test_every_cell_leads_back_to_its_text(text: str) -> None:
    assert plain(guarded(text)) == text
    assert json.loads(cell([text, {text: -1}])) == [text, {text: -1}]


def test_a_text_of_blank_lines_takes_linear_time() -> None:
    assert guarded("\n" * 2_000_000) == "\n" * 2_000_000


def test_the_name_of_an_export_may_be_as_long_as_names_can_be(filled: Bench, tmp_path: Path) -> None:
    long, too_long = tmp_path / ("x" * 250), tmp_path / ("y" * 300)
    assert filled.run("export", filled.folder, "items", "-o", long).returncode == 0
    assert long.stat().st_size
    done = filled.run("export", filled.folder, "items", "-o", too_long)
    assert done.returncode == 2
    assert f"{too_long}: File name too long" in done.stderr


QUERIES = [
    ("plain OR plus",),
    ("name:calc* NOT tab",),
    ("kind:file", "--lang", "und"),
    ("nowhere-to-be-found",),
]


def said(capture: pytest.CaptureFixture[bytes], *words: object) -> bytes:
    """Return what a command prints, run in this process."""
    assert run([str(each) for each in words]) == 0
    return capture.readouterr().out


def ledger(capture: pytest.CaptureFixture[bytes], case: Bench) -> list[Row]:
    return rows_of(said(capture, "export", case.folder, "ledger").decode())


@pytest.mark.parametrize("query", QUERIES, ids=" ".join)
def test_a_query_exports_what_its_search_finds_in_every_format(
    filled: Bench, query: tuple[str, ...], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    hits = json.loads(said(capsysbinary, "search", filled.folder, *query, "--limit", 100, "--json"))["hits"]
    recorded = ledger(capsysbinary, filled)[-2]["subject"]  # the last of all is that this export begins
    ids, contents = ({hit[key] for hit in hits} for key in ("id", "sha256"))
    for kind, key, wanted in (("items", "id", ids), ("texts", "sha256", contents)):
        rows = rows_of(said(capsysbinary, "export", filled.folder, kind).decode())
        chosen = [row for row in rows if row[key] in wanted]
        words = ("export", filled.folder, kind, "--query", *query)
        given = said(capsysbinary, *words)
        assert rows_of(given.decode()) == chosen
        entry = ledger(capsysbinary, filled)[-2]
        assert (entry["action"], entry["subject"]) == ("exported", kind)
        begun = rows_of(said(capsysbinary, "export", filled.folder, "ledger").decode())[
            entry["details"].pop("begun")
        ]
        assert (begun["action"], begun["details"]) == ("export.begun", {"format": "jsonl", "query": recorded})
        assert entry["details"] == {
            "format": "jsonl", "query": recorded, "rows": len(chosen), "bytes": len(given), "sha256": sha256(given),
            "whole": True,
        }  # fmt: skip
        table = said(capsysbinary, *words, "--format", "csv").decode()
        assert len(list(csv.DictReader(io.StringIO(table, newline="")))) == len(chosen)


def test_a_language_alone_chooses_too(filled: Bench, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = rows_of(said(capsysbinary, "export", filled.folder, "texts").decode())
    und = rows_of(said(capsysbinary, "export", filled.folder, "texts", "--lang", "und").decode())
    assert und == [row for row in rows if row["language"] == "und"]
    assert und


def test_every_item_is_exported_however_many_are_found(long: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BATCH", 70)
    case, out = Case.open(long.folder), io.BytesIO()
    try:
        assert export(case, "items", "jsonl", out, find(case, "name:fill NOT name:0013")).rows == 799
    finally:
        case.close()
    names = [row["path"] for row in rows_of(out.getvalue().decode())]
    assert names == [row["path"] for row in long.items() if row["path"] and "0013" not in row["path"]]


@pytest.mark.parametrize(
    "words",
    [("(",), ("",), ("lang:nowhere",), ("exhibit:S-99",), ("kestrel", "--lang", "arabic")],
    ids=" ".join,
)
def test_a_query_that_is_none_is_answered_as_a_search_and_nothing_is_written(
    filled: Bench, tmp_path: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["search", str(filled.folder), *words]) == 2
    wanted = capsys.readouterr().err.replace("actionday search", "actionday export")
    before = sha256((filled.folder / "case.db").read_bytes())
    assert run(["export", str(filled.folder), "items", "--query", *words, "-o", str(tmp_path / "out")]) == 2
    assert capsys.readouterr() == ("", wanted)
    assert (sha256((filled.folder / "case.db").read_bytes()), os.listdir(tmp_path)) == (before, [])


@pytest.mark.parametrize("kind", ["issues", "ledger"])
def test_what_is_no_item_is_exported_whole(
    filled: Bench, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", str(filled.folder), kind, "--query", "kestrel"]) == 2
    assert "a query chooses items or texts" in capsys.readouterr().err


def test_what_a_content_says_of_itself_stands_with_its_items(filled: Bench) -> None:
    contents: dict[str, object] = {}
    database = sqlite3.connect(filled.folder / "case.db")
    for sha, meta in database.execute("SELECT sha256, meta FROM contents"):
        contents[sha.hex()] = json.loads(meta) if meta else {}
    database.close()
    rows = filled.items()
    assert any(row["content"] for row in rows)
    for row in rows:
        assert row["content"] == contents.get(row["sha256"], {})
