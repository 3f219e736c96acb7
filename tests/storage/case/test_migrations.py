"""A case of an older schema is brought to the newest with its data unharmed, once, and that is recorded."""

import os
import re
import sqlite3
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from actionday.access.items import COLUMNS, TABLES, Chosen, list_items
from actionday.ledger import Action
from actionday.ledger.keys import config_folder
from actionday.model import UsageError
from actionday.pipeline.proving import verify
from actionday.storage.case import Case
from actionday.storage.database import migrate, rows
from actionday.storage.database.connection import apply, versions
from case_tools import Bench

STATUSES = ("parsed", "encrypted", "unreadable", "quarantined", "unsupported", "empty")


def filled(database: sqlite3.Connection, count: int) -> None:
    database.execute("INSERT INTO exhibits VALUES (1, 'S-01', '[]', 'complete', 0, '{}', NULL)")
    for n in range(count):
        database.execute(
            "INSERT INTO items (id, exhibit, seq, place, path, kind, status, opened) VALUES (?, 1, 1, ?, ?, 'file', ?, 0)",
            (n.to_bytes(16, "big"), str(n), f"in/{n % 7}/{n}.txt", STATUSES[n % len(STATUSES)]),
        )


FIRST_ITEMS = "id, parent, exhibit, seq, place, path, raw, kind, size, sha256, mtime, status, reason, opened, runs, meta"
FIRST_CONTENTS = "sha256, md5, sha1, size, mime, seq, parser, meta, text, characters, language, script, confidence, segments"
FIRST_OBJECTS = "sha256, pack, start, stored, size, frames, seq"


def digest_of_the_first_schema(database: sqlite3.Connection) -> str:
    """Return the digest as it was defined before any column was added."""
    total = sha256()
    for columns, table, order in (
        (FIRST_ITEMS, "items", "id"),
        (FIRST_CONTENTS, "contents", "sha256"),
        (FIRST_OBJECTS, "objects", "sha256"),
        (rows.ISSUE_COLUMNS, "issues", "n"),
    ):
        for row in database.execute(f"SELECT {columns} FROM {table} WHERE seq = 1 ORDER BY {order}"):
            total.update(msgspec.msgpack.encode(row))
    return total.hexdigest()


def test_rows_and_their_digest_are_those_of_before(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "old.db", isolation_level=None)
    apply(database, *versions()[0])
    filled(database, 60)
    object_ = (bytes(32), 1, 52, 9, 20, b"\x91\x09", 1)
    database.execute(f"INSERT INTO objects ({FIRST_OBJECTS}) VALUES (?, ?, ?, ?, ?, ?, ?)", object_)
    for n in range(3):
        content = (bytes([n] * 32), bytes(16), bytes(20), n, "text/plain", 1, "text 1", *[None] * 7)
        database.execute(f"INSERT INTO contents ({FIRST_CONTENTS}) VALUES ({','.join('?' * 14)})", content)
    before = digest_of_the_first_schema(database)
    assert migrate(database) == versions()[-1][0]
    assert rows.digest(database, 1) == before
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_failed_is_listed_without_reading_all_that_did_not() -> None:
    database = sqlite3.connect(":memory:", isolation_level=None)
    migrate(database)
    filled(database, 600)
    for chosen in (
        Chosen(group="failed"),
        Chosen(status="encrypted"),
        Chosen(group="failed", exhibit="S-01"),
    ):
        where, values = chosen.where()
        query = (
            f"EXPLAIN QUERY PLAN SELECT {COLUMNS} FROM {TABLES} WHERE {where} ORDER BY i.exhibit, i.path, i.n"
        )
        plan = " ".join(row[3] for row in database.execute(query, values))
        assert "items_failed" in plan, plan
        assert "TEMP B-TREE" not in plan, plan
    found = list_items(database, Chosen(group="failed"), limit=1000)
    assert found.total == len(found.items) == 300
    assert [item.path for item in found.items] == sorted(item.path for item in found.items)
    assert {item.status for item in found.items} == {"encrypted", "unreadable", "quarantined"}
    assert list_items(database, Chosen(group="parsed")).total == 200


def as_the_first_schema_left_it(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE earlier")
        database.execute("DROP INDEX items_queued")
        database.execute("DROP INDEX contents_in_part")
        database.execute("DROP TABLE secrets")
        database.execute("DROP INDEX items_failed")
        database.execute("ALTER TABLE objects DROP COLUMN skip")
        database.execute("ALTER TABLE items DROP COLUMN reading")
        database.execute("ALTER TABLE contents RENAME TO readings")
        database.execute(re.search(r"CREATE TABLE contents \(.*?\) WITHOUT ROWID", versions()[0][1], re.S)[0])  # type: ignore[index]
        database.execute(f"INSERT INTO contents SELECT {FIRST_CONTENTS} FROM readings")
        database.execute("DROP TABLE readings")
        database.execute("PRAGMA user_version = 1")


def test_a_migration_that_cannot_be_recorded_has_not_been(tmp_path: Path, signing_key: None) -> None:
    facts = {"name": "Kestrel", "authority": "AN", "country": "ES", "legal_basis": "order 12/2026"}
    case = Case.create(tmp_path / "case", facts)
    as_the_first_schema_left_it(case.folder / "case.db")
    key = config_folder() / "ledger-key.pem"
    key.chmod(0o644)
    with pytest.raises(UsageError, match="others may use it"):
        Case.open(case.folder)
    assert case.database.execute("PRAGMA user_version").fetchone()[0] == 1
    key.chmod(0o600)
    case.close()
    case = Case.open(case.folder)
    moves = [each for _, each in case.ledger().entries() if each.action == Action.CASE_MIGRATED]
    assert [each.details for each in moves] == [{"from": 1, "to": versions()[-1][0]}]
    case.close()


def test_a_case_of_the_first_schema_is_migrated_once_recorded_and_whole(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("the schedule\n")
    before = [sys.executable, str(Path(__file__).with_name("as_before.py"))]
    words = ["ingest", str(bench.folder), str(tmp_path / "a.txt"), "--workers", "1"]
    subprocess.run([*before, *words], check=True, env={**os.environ, **bench.env}, capture_output=True)
    as_the_first_schema_left_it(bench.folder / "case.db")
    for _ in range(2):
        case = Case.open(bench.folder)
        proof = verify(case, lambda _: None)
        assert proof.ok, proof.first
        case.close()
    moves = [row["details"] for row in bench.export("ledger") if row["action"] == Action.CASE_MIGRATED]
    assert moves == [{"from": 1, "to": versions()[-1][0]}]
    (tmp_path / "b.txt").write_text("the schedule\n")
    bench.ingest(tmp_path / "b.txt")
    assert [row["text"] for row in bench.export("texts")] == ["the schedule\n"]
    assert bench.search("schedule")["contents"] == 1
    assert bench.verify()["ok"]


@pytest.mark.parametrize("schema", [1, versions()[-1][0] + 1], ids=["older", "newer"])
def test_a_read_only_case_of_another_schema_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, schema: int
) -> None:
    with sqlite3.connect(bench.folder / "case.db") as database:
        database.execute(f"PRAGMA user_version = {schema}")
    monkeypatch.setattr("os.access", lambda _, mode: not mode & os.W_OK)  # root may write everything
    with pytest.raises(UsageError, match=f"has schema {schema}"):
        Case.open(bench.folder)
