"""Databases in a whole run: rows in place, files in them opened, the log beside a database read wherever both lie."""

import io
import json
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import pytest

from case_tools import Bench, sha256

HIDDEN = "stands in the log alone"


@pytest.fixture
def logged(tmp_path: Path) -> dict[str, bytes]:
    """A database whose last row is in its log, as a seized machine has it: nobody closed it."""
    made = sqlite3.connect(tmp_path / "w.sqlite")
    made.execute("pragma journal_mode=wal")
    made.execute("create table t(a integer primary key, b text)")
    made.commit()
    made.execute("pragma wal_checkpoint(truncate)")
    made.execute("insert into t(b) values(?)", (HIDDEN,))
    made.commit()
    files = {name: (tmp_path / name).read_bytes() for name in ("w.sqlite", "w.sqlite-wal")}
    made.close()
    return files


def put(files: dict[str, bytes], where: Path, kind: str) -> Path:
    if kind in ("folder", "file"):
        where.mkdir()
        for name, data in files.items():
            (where / name).write_bytes(data)
        return where if kind == "folder" else where / "w.sqlite"
    if kind == "zip":
        with zipfile.ZipFile(where, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, data in files.items():
                packed.writestr(name, data)
        return where
    with tarfile.open(where, "w") as made:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
    return where


@pytest.mark.parametrize("kind", ["folder", "file", "zip", "tar"])
def test_a_row_that_is_in_the_log_alone_is_found_wherever_the_database_lies(
    bench: Bench, tmp_path: Path, logged: dict[str, bytes], kind: str
) -> None:
    bench.ingest(put(logged, tmp_path / "where", kind))
    wanted = json.dumps({"a": 1, "b": HIDDEN}, separators=(",", ":")).encode()
    found = [row for row in bench.items() if row["kind"] == "row" and row["sha256"] == sha256(wanted)]
    assert [row["path"].rpartition("w.sqlite/")[2] or row["path"] for row in found] == ["t/1"]


def test_a_file_in_a_cell_of_a_dump_is_opened_and_a_row_is_cited(bench: Bench, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("letter.txt", "The heron meets the kestrel at the mill.")
    dump = (
        "-- MySQL dump 10.13\n/*!40101 SET NAMES utf8mb4 */;\nCREATE TABLE `files` (\n  `id` int,\n  `data` longblob\n);\n"
        f"INSERT INTO `files` VALUES (1,0x{packed.getvalue().hex()}),(2,NULL);\n-- Dump completed\n"
    )
    (tmp_path / "forum.sql").write_text(dump)
    bench.ingest(tmp_path / "forum.sql")
    rows = {row["path"]: row for row in bench.items()}
    assert rows["files/000000001/data/letter.txt"]["status"] == "parsed"
    assert rows["files/000000002"]["kind"] == "row"
    assert rows["statements"]["kind"] == "system"
    assert {row["status"] for row in rows.values()} == {"parsed"}
    assert rows["files"]["kind"] == "directory"
    assert bench.export("issues") == []
