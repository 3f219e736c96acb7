"""Rows deleted of pages that are still in use, held against what the library was told to delete."""

import json
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from actionday.model import Damaged, Found, Kind
from actionday.sources.databases.sqlite import SOURCE
from actionday.testing.context import Alone, Bytes, content

Row = tuple[dict[str, Any], Found]


def gone(data: bytes) -> list[Row]:
    stream = Bytes(data)
    found = [each for each in SOURCE.items(stream, Alone("a")) if each.kind is Kind.DELETED]
    return [(json.loads(content(each, stream)), each) for each in found]


def made(path: Path, sql: str, rows: list[tuple[Any, ...]], deleted: str, encoding: str = "UTF-8") -> bytes:
    with closing(sqlite3.connect(path)) as base:
        base.executescript(
            f"pragma encoding='{encoding}'; pragma secure_delete=off; pragma page_size=1024; {sql}"
        )
        marks = ",".join("?" * len(rows[0]))
        base.executemany(f"insert into t values({marks})", rows)
        base.commit()
        base.execute("pragma secure_delete=off")
        base.execute(f"delete from t where {deleted}")
        base.commit()
    return path.read_bytes()


PEOPLE = [(n, f"person {n} of the Kestrel club", n * 1000, None if n % 3 else b"\0\1") for n in range(1, 60)]
KEYED = "create table t(id integer primary key, name text, figure int, raw blob)"


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le"])
def test_single_rows_are_read_out_of_free_blocks(tmp_path: Path, encoding: str) -> None:
    """The first value is the number of the row, which has no bytes but those that are gone."""
    found = gone(made(tmp_path / "a", KEYED, PEOPLE, "id in (3, 9, 20)", encoding))
    assert {row["name"]: (row["id"], row["figure"]) for row, _ in found} == {
        f"person {n} of the Kestrel club": (None, n * 1000) for n in (3, 9, 20)}  # fmt: skip
    assert {each.meta["table"] for _, each in found} == {"t"}
    assert {each.meta["deleted"] for _, each in found} <= {
        "in a free block of a page",
        "before the cells of a page",
    }


def test_a_table_without_such_a_number_needs_longer_numbers(tmp_path: Path) -> None:
    """Where the type of the first value is gone too, nothing is claimed; from row 128 on its bytes lie behind it."""
    rows = [(f"name {n}", n) for n in range(300)]
    found = gone(made(tmp_path / "a", "create table t(name text, n int)", rows, "n in (5, 200, 250)"))
    assert {row["n"] for row, _ in found} == {200, 250}


@pytest.mark.parametrize("order", ["10, 11, 12, 13", "13, 12, 11, 10", "12, 10, 13, 11"])
def test_neighbours_that_were_deleted_are_told_apart(tmp_path: Path, order: str) -> None:
    """Their free blocks are one now: what was its beginning before still says how long it was."""
    made(tmp_path / "a", KEYED, PEOPLE, "id < 0")
    with closing(sqlite3.connect(tmp_path / "a")) as base:
        base.execute("pragma secure_delete=off")
        base.executemany("delete from t where id = ?", [(each,) for each in order.split(", ")])
        base.commit()
    found = {row["figure"] for row, _ in gone((tmp_path / "a").read_bytes())}
    assert found <= {10_000, 11_000, 12_000, 13_000}
    assert len(found) >= (3 if order.startswith("12") else 4)


def test_what_stands_in_a_table_is_no_deleted_row(tmp_path: Path) -> None:
    """Pages are split and joined: copies of rows stay behind in free bytes."""
    rows = [(n, f"{n} " * random.Random(n).randrange(1, 60), n, None) for n in range(2000)]
    data = made(tmp_path / "a", KEYED, rows, "id % 7 = 0")
    found = gone(data)
    assert found
    assert all(row["figure"] % 7 == 0 for row, _ in found)
    assert all(
        row["name"] == f"{row['figure']} " * random.Random(row["figure"]).randrange(1, 60) for row, _ in found
    )
    assert len({each.place for _, each in found}) == len(found)


def test_where_deleted_bytes_are_overwritten_none_is_found(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a")) as base:
        base.executescript(f"pragma secure_delete=on; {KEYED}")
        base.executemany("insert into t values(?,?,?,?)", PEOPLE)
        base.execute("delete from t where id < 20")
        base.commit()
    assert gone((tmp_path / "a").read_bytes()) == []


def test_hostile_free_blocks_end(tmp_path: Path) -> None:
    whole = made(tmp_path / "a", KEYED, PEOPLE, "id % 2 = 0")
    dice, began = random.Random(4711), time.process_time()
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(3):
            data[dice.randrange(1024, len(data))] = dice.randrange(256)
        try:
            gone(bytes(data))
        except Damaged as error:
            assert "sqlite" in str(error)
    assert time.process_time() - began < 60
