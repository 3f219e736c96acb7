"""``hashes import``: what is in the case is whole, once, recorded, and the same after a kill at any moment."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from bench.hashes import write
from hash_files import hexes, of, rds2, rds3, vics

from actionday.storage.case import Case
from actionday.storage.hashes.known import Known
from actionday.storage.hashes.sets import held, mapped, named, recorded
from case_tools import Bench, begin, needs, until

CRASH = Path(__file__).with_name("crash_import.py")
CONTENTS = [of(n) for n in range(700)]


def imported(bench: Bench, *words: object, code: int = 0) -> dict[str, object]:
    done = bench.run("hashes", "import", bench.folder, *words, "--json")
    assert done.returncode == code, done.stdout + done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    assert found.pop("seconds", 1)
    return found


def known(folder: Path) -> Known:
    """Return the look-up in all sets of a case, held against its ledger."""
    case = Case.open(folder)
    try:
        sets = named(recorded(case.database))
        with held(folder, sets) as descriptors:
            return mapped([os.dup(each) for each in descriptors], sets)
    finally:
        case.close()


def told(bench: Bench, data: bytes) -> list[tuple[str, str, str, tuple[str, ...]]]:
    found = {name: bytes.fromhex(each) for name, each in hexes(data).items()}
    matches = known(bench.folder).matches(found["sha256"], found["md5"], found["sha1"])
    return [(each.named.called, each.named.kind, each.by, each.labels) for each in matches]


@needs("sqlite3")
def test_sets_of_every_format_are_looked_up_in_the_order_of_their_import(
    bench: Bench, tmp_path: Path
) -> None:
    imported(bench, rds2(tmp_path / "NSRLFile.txt", CONTENTS[:9]), "--name", "old")
    imported(bench, rds3(tmp_path / "rds.db", CONTENTS[:5]))
    imported(bench, vics(tmp_path / "vic.json", [(CONTENTS[0], 1), (CONTENTS[7], 2), (CONTENTS[7], 3)]))
    (tmp_path / "mine.md5").write_text(hexes(CONTENTS[8])["md5"] + "  x\n")
    imported(bench, tmp_path / "mine.md5")
    assert told(bench, CONTENTS[0]) == [
        ("old", "good", "SHA-1", ()),
        ("NSRL RDS 2026.03.1", "good", "SHA-256", ()),
        ("vic.json VICS 1.3", "bad", "SHA-1", ("1",)),
    ]
    assert told(bench, CONTENTS[7]) == [
        ("old", "good", "SHA-1", ()),
        ("vic.json VICS 1.3", "bad", "SHA-1", ("2", "3")),
    ]
    assert told(bench, CONTENTS[8]) == [("old", "good", "SHA-1", ()), ("mine.md5", "bad", "MD5", ())]
    assert told(bench, CONTENTS[20]) == []
    entries = [each for each in bench.export("ledger") if each["action"] == "hashes.imported"]
    assert [each["subject"] for each in entries] == ["old", "NSRL RDS", "vic.json", "mine.md5"]


def test_h03_bad_rows_are_named_and_counted_in_answer_and_ledger(bench: Bench, tmp_path: Path) -> None:
    good = hexes(of(1))["sha256"]
    (tmp_path / "list").write_text(f"{good}\n{good[:63]}\n\n{good}0\nnothing\n  {good.upper()}  \n")
    found = imported(bench, tmp_path / "list", code=1)
    wanted = "MD5 has 32, SHA-1 has 40, SHA-256 has 64"
    assert found["rows"] == {"sha256": 1}
    assert (found["read"], found["blank"]) == (5, 1)
    assert found["bad"] == {
        f"63 hexadecimal digits: {wanted}": 1,
        f"65 hexadecimal digits: {wanted}": 1,
        "no hash in it": 1,
    }
    assert [each[0] for each in found["first_bad"]] == ["line 2", "line 4", "line 5"]  # type: ignore[attr-defined]
    (entry,) = [each for each in bench.export("ledger") if each["action"] == "hashes.imported"]
    assert entry["details"]["bad"] == found["bad"]
    said = bench.run("hashes", "import", bench.folder, tmp_path / "list", "--name", "again")
    assert said.returncode == 1
    assert "line 2: 63 hexadecimal digits" in said.stdout
    assert "from the next ingest on" in said.stdout


def test_the_same_file_is_not_imported_twice(bench: Bench, tmp_path: Path) -> None:
    path = rds2(tmp_path / "NSRLFile.txt", CONTENTS, '"XX"\r\n')
    first = imported(bench, path, code=1)
    assert imported(bench, path) == {**first, "already": True}
    assert len(list((bench.folder / "hashes").iterdir())) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["empty"], "holds no row"),
        (["words"], "line 1: no hash in it"),
        (["missing"], "no file there"),
        (["vic.json", "--kind", "good"], "files that are sought"),
        (["list", "--name", "..."], "neither a letter nor a digit"),
    ],
    ids=lambda each: each[0] if isinstance(each, list) else "",
)
def test_what_cannot_be_a_set_is_refused_and_leaves_nothing(
    bench: Bench, tmp_path: Path, words: list[str], said: str
) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "words").write_text("these are\nno hashes\n")
    (tmp_path / "list").write_text(hexes(of(1))["md5"])
    vics(tmp_path / "vic.json", [(of(1), 1)])
    done = bench.run("hashes", "import", bench.folder, tmp_path / words[0], *words[1:])
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
    assert not list((bench.folder / "hashes").glob("*"))
    assert "hashes.imported" not in [each["action"] for each in bench.export("ledger")]


def test_a_second_writer_is_refused(bench: Bench, tmp_path: Path) -> None:
    path = rds2(tmp_path / "NSRLFile.txt", CONTENTS)
    case = Case.open(bench.folder)
    with case.lock("ingest"):
        done = bench.run("hashes", "import", bench.folder, path)
    case.close()
    assert done.returncode == 2
    assert "ingest" in done.stderr


GATHERING = "actionday.storage.hashes.gathering"
POINTS = [
    *((f"{GATHERING}:write_run", when, n) for when in ("before", "after") for n in (1, 3)),
    *((f"{GATHERING}:replace", when, n) for when in ("before", "after") for n in (1, 4)),
    (f"{GATHERING}:merged", "after", 1),
    (f"{GATHERING}:write", "before", 1),
    (f"{GATHERING}:write", "after", 1),
    (f"{GATHERING}:Gathering.write", "after", 1),
    ("actionday.ledger:Ledger.append", "after", 1),
    (f"{GATHERING}:Gathering.forget", "before", 1),
    (f"{GATHERING}:_sweep", "before", 2),
]


@pytest.mark.parametrize(
    "point", POINTS, ids=lambda each: f"{each[0].rpartition(':')[2]}-{each[1]}-{each[2]}"
)
def test_h07_a_kill_loses_and_doubles_nothing(
    bench: Bench, tmp_path: Path, point: tuple[str, str, int]
) -> None:
    path = rds2(tmp_path / "NSRLFile.txt", [*CONTENTS, *CONTENTS[:50]], '"XX"\r\n')
    whole = Bench(tmp_path / "whole")
    wanted = imported(whole, path, code=1)
    command = [sys.executable, CRASH, *map(str, point), "hashes", "import", bench.folder, path]
    killed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert killed.returncode == -9, killed.stdout + killed.stderr
    found = json.loads(bench.run("hashes", "import", bench.folder, path, "--json").stdout)
    del found["seconds"]
    assert {**found, "resumed": 0, "already": False} == wanted
    assert [each.name for each in sorted((bench.folder / "hashes").iterdir())] == ["set-000001.hashes"]
    assert (bench.folder / "hashes/set-000001.hashes").read_bytes() == (
        whole.folder / "hashes/set-000001.hashes"
    ).read_bytes()
    assert [each["action"] for each in bench.export("ledger")].count("hashes.imported") == 1
    if point[0].endswith("replace") and point[2] == 4:
        assert found["resumed"]


def test_an_import_of_another_file_gives_up_the_one_that_was_cut_off_and_says_so(
    bench: Bench, tmp_path: Path
) -> None:
    path = rds2(tmp_path / "NSRLFile.txt", CONTENTS)
    command = [
        sys.executable,
        CRASH,
        f"{GATHERING}:replace",
        "after",
        "2",
        "hashes",
        "import",
        bench.folder,
        path,
    ]
    assert subprocess.run(command, capture_output=True, check=False).returncode == -9
    assert (bench.folder / "hashes/import.json").exists()
    (tmp_path / "list").write_text(hexes(of(1))["md5"])
    assert imported(bench, tmp_path / "list")["dropped"] == "NSRLFile.txt"
    assert [each.name for each in (bench.folder / "hashes").iterdir()] == ["set-000001.hashes"]


def test_kills_at_any_time_end_in_the_same_set(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text("".join(f"{hexes(of(n))['sha1']}\n" for n in range(60_000)))
    for wait in (0.4, 0.6, 0.9):
        process = begin("hashes", "import", bench.folder, path)
        until(lambda each=process, moment=wait: _waited(each, moment), step=0.01)
        process.kill()
        process.communicate()
    found = imported(bench, path)
    assert found["rows"] == {"sha1": 60_000}
    assert found["read"] == 60_000


def _waited(process: subprocess.Popen[str], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return True


@needs("sqlite3")
def test_h07_a_million_rows_of_rds_2_and_3_are_read_and_the_rate_is_said(
    bench: Bench, tmp_path: Path
) -> None:
    kept = write(tmp_path / "NSRLFile.txt", 1_000_000)
    with closing(sqlite3.connect(tmp_path / "rds.db")) as database:
        database.execute("CREATE TABLE FILE (sha256 VARCHAR, sha1 VARCHAR, md5 VARCHAR, file_name VARCHAR)")
        rows = ((f"{n:064X}", f"{n:040X}", f"{n:032X}", "x.dll") for n in range(1_000_000))
        database.executemany("INSERT INTO FILE VALUES (?, ?, ?, ?)", rows)
        database.commit()
    for name, algorithm in (("NSRLFile.txt", "SHA-1"), ("rds.db", "SHA-256")):
        done = bench.run("hashes", "import", bench.folder, tmp_path / name, "--name", name)
        assert done.returncode == 0, done.stderr
        said = done.stdout.replace("\u202f", "")
        assert f"1000000 {algorithm}" in said
        assert re.search(r"1000000 rows read in \d+ s, [1-9]\d+ a second", said)
    look = known(bench.folder)
    none = bytes(32), bytes(16), bytes(20)
    assert all(look.matches(none[0], none[1], each) for each in kept[::1000])
    assert [each.by for each in look.matches((999_999).to_bytes(32, "big"), *none[1:])] == ["SHA-256"]
    assert look.matches((1_000_000).to_bytes(32, "big"), b"\xff" * 16, b"\xff" * 20) == []
