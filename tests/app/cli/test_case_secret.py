"""``actionday case secret``: secrets are kept and proved, and stand in no record."""

import json
import sqlite3
from pathlib import Path

import pytest

from case_tools import Bench

WORDS = "kestrel-4711\nпароль с пробелом \nكلمة السر\n"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.txt").write_text("the station goes on air at noon\n")
    return Bench(tmp_path / "case")


def given(bench: Bench, data: bytes, tmp_path: Path, code: int = 0) -> dict[str, object]:
    file = tmp_path / "secrets.txt"
    file.write_bytes(data)
    done = bench.run("case", "secret", bench.folder, "--file", file, "--json")
    assert done.returncode == code, done.stderr
    return dict(json.loads(done.stdout or done.stderr))


def stored(bench: Bench) -> list[bytes]:
    with sqlite3.connect(bench.folder / "case.db") as database:
        return [bytes(value) for (value,) in database.execute("SELECT value FROM secrets ORDER BY n")]


def test_each_line_is_a_secret_as_it_is_typed(bench: Bench, tmp_path: Path) -> None:
    told = given(
        bench,
        b"\xef\xbb\xbf" + WORDS.replace("\n", "\r\n").encode() + b"\n\nkestrel-4711\n\xff\xfe key",
        tmp_path,
    )
    assert (told["added"], told["known"], told["secrets"]) == (4, 0, 4)
    assert stored(bench) == [*WORDS.encode().splitlines(), b"\xff\xfe key"]
    told = given(bench, b"new\nkestrel-4711\n", tmp_path)
    assert (told["added"], told["known"], told["secrets"]) == (1, 1, 5)


def test_the_ledger_tells_how_many_and_no_record_holds_one(bench: Bench, tmp_path: Path) -> None:
    given(bench, WORDS.encode(), tmp_path)
    given(bench, WORDS.encode(), tmp_path)
    bench.ingest(tmp_path / "site")
    entries = bench.export("ledger")
    added = [each["details"] for each in entries if each["action"] == "secret.added"]
    assert [(each["batch"], each["count"]) for each in added] == [(1, 3)], "nothing new is no entry"
    (run,) = [each["details"] for each in entries if each["action"] == "run.started"]
    assert run["secrets"] == 3
    everything = json.dumps([entries, bench.export("items"), bench.export("issues")], ensure_ascii=False)
    assert not [word for word in WORDS.split() if word in everything]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE secrets SET value = x'61' WHERE n = 2",
        "DELETE FROM secrets WHERE n = 3",
        "INSERT INTO secrets VALUES (4, 1, x'61')",
        "INSERT INTO secrets VALUES (4, 2, x'61')",
    ],
)
def test_a_changed_secret_is_a_difference_and_no_run_goes_by_it(
    bench: Bench, tmp_path: Path, change: str
) -> None:
    given(bench, WORDS.encode(), tmp_path)
    bench.ingest(tmp_path / "site")
    bench.verify()
    with sqlite3.connect(bench.folder / "case.db") as database:
        database.execute(change)
    done = bench.run("verify", bench.folder)
    assert done.returncode == 1
    assert "secret" in done.stdout
    again = bench.run("ingest", bench.folder, tmp_path / "site", "--exhibit", "other")
    assert again.returncode == 1
    assert "secrets of batch" in again.stderr or "nobody is recorded to have given" in again.stderr


@pytest.mark.parametrize("data", [b"", b"\n\r\n", b"a\0b\n", b"x" * 5000 + b"\n"])
def test_what_is_no_list_of_secrets_is_refused_without_telling_it(
    bench: Bench, tmp_path: Path, data: bytes
) -> None:
    told = given(bench, data, tmp_path, code=2)
    assert "secrets.txt" in str(told["error"])
    assert "xxxxx" not in str(told["error"])
    assert not [each for each in bench.export("ledger") if each["action"] == "secret.added"]
