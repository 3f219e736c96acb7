"""SQLite held against its own library: the same rows, with the log and without, and what is no row of it any more."""

import base64
import hashlib
import json
import random
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from database_samples import lite, lite_file

from actionday.model import Damaged, Kind
from actionday.sources.databases._canonical import INLINE, SAFE, Layout, ecmascript
from actionday.sources.databases.sqlite import SOURCE
from actionday.testing.context import Alone, Bytes, content
from actionday.testing.sources import listing


def told(value: Any) -> Any:
    if isinstance(value, bytes) and len(value) <= INLINE:
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, bytes):
        return {"sha256": hashlib.sha256(value).hexdigest(), "size": len(value)}
    return {"integer": str(value)} if isinstance(value, int) and not -SAFE <= value <= SAFE else value


def rows(data: bytes, **beside: bytes) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    stream = Bytes(data)
    around = Alone("a", beside={f"a-{name}": each for name, each in beside.items()})
    for each in SOURCE.items(stream, around):
        if each.kind is Kind.DIRECTORY:
            found[each.name] = []
        elif each.kind is Kind.ROW:
            found[each.name.rpartition("/")[0]].append(json.loads(content(each, stream)))
        elif each.kind is Kind.DELETED:
            found.setdefault("deleted", []).append((each.meta["deleted"], json.loads(content(each, stream))))
    return found


def oracle(path: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(path)) as made:
        made.row_factory = sqlite3.Row
        names = [row[0] for row in made.execute("select name from sqlite_schema where type = 'table'")]
        return {
            name: [
                {key: told(row[key]) for key in tuple(row.keys()) if (name, key) != ("gen", "b")}
                for row in made.execute(f'select * from "{name}"')
            ]
            for name in names
        }


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
@pytest.mark.parametrize("page", [512, 1024, 65536])
def test_rows_are_those_that_the_library_reads(tmp_path: Path, encoding: str, page: int) -> None:
    lite(tmp_path / "a", encoding, page).close()
    found, wanted = rows((tmp_path / "a").read_bytes()), oracle(tmp_path / "a")
    assert len(found.pop("sqlite_schema")) == 6
    found.pop("deleted", None)
    found["w"].sort(key=lambda row: (row["b"], row["a"]))  # the upper pages of its tree come before the lower
    assert found == wanted


def test_rows_of_a_dropped_table_are_found_and_marked() -> None:
    gone = rows(lite_file())["deleted"]
    secrets = {row["column1"] for where, row in gone if str(row["column1"]).startswith("secret")}
    assert {where for where, _ in gone} == {"on the freelist"}
    assert len(secrets) > 130
    assert not [row for _, row in gone if str(row.get("column2", "")).startswith("user")]


def test_the_log_counts_up_to_its_last_commit_and_nothing_is_touched(tmp_path: Path) -> None:
    made = lite(tmp_path / "a")
    made.execute("pragma journal_mode=wal")
    made.execute("pragma wal_autocheckpoint=0")
    made.execute("pragma cache_size=2")
    made.execute("pragma cache_spill=2")
    before = (tmp_path / "a").read_bytes()
    made.execute("update users set name = 'changed' where id = 1")
    made.execute("delete from users where name = 'user 7'")
    made.executemany("insert into users(name) values(?)", [(f"new {n}",) for n in range(200)])
    made.commit()
    made.executemany("insert into users(name) values(?)", [(f"never {n}" * 20,) for n in range(500)])
    log = (tmp_path / "a-wal").read_bytes()
    made.rollback()
    data = (tmp_path / "a").read_bytes()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a").write_bytes(data)
    (tmp_path / "b" / "a-wal").write_bytes(log)
    found, wanted = rows(data, wal=log), oracle(tmp_path / "b" / "a")
    made.close()
    assert data == before
    assert found["users"] == wanted["users"]
    gone = found["deleted"]
    named = {where: {row.get("column2") for at, row in gone if at == where} for where, _ in gone}
    assert "user 7" in named["in the file, replaced by the log"]
    assert "Mirela" in named["in the file, replaced by the log"]
    assert "user 8" not in named["in the file, replaced by the log"], "it is there still"
    assert any(str(name).startswith("never") for name in named["in the log, not committed"])
    assert rows(data)["users"] != wanted["users"], "the log was not needed: nothing is tested here"


def test_a_log_that_is_damaged_counts_up_to_the_damage(tmp_path: Path) -> None:
    made = lite(tmp_path / "a")
    made.execute("pragma journal_mode=wal")
    for n in range(3):
        made.execute("insert into keyed values(?, ?)", (f"round {n}", 100 + n))
        made.commit()
    data, log = (tmp_path / "a").read_bytes(), (tmp_path / "a-wal").read_bytes()
    made.close()
    hurt = bytearray(log)
    hurt[len(log) - 500] ^= 1
    assert [row["k"] for row in rows(data, wal=log)["keyed"]] == [77, 100, 101, 102]
    assert [row["k"] for row in rows(data, wal=bytes(hurt))["keyed"]] == [77, 100, 101]


def test_a_cut_file_says_so_and_gives_the_tables_before() -> None:
    data = lite_file()
    for cut in range(1024, len(data) - 1, 1500):
        with pytest.raises(Damaged):
            list(SOURCE.items(Bytes(data[:cut]), Alone("a")))


def test_hostile_pages_end_and_say_so() -> None:
    data, dice = lite_file(), random.Random(7)
    for _ in range(300):
        hurt = bytearray(data)
        for _ in range(dice.randrange(1, 30)):
            at = dice.randrange(100, len(hurt))
            hurt[at] = dice.choice([0, 1, 2, 5, 10, 13, 127, 128, 255, dice.randrange(256)])
        whole = listing(SOURCE, "a", bytes(hurt))
        places = [each.place for each in whole.items]
        assert len(places) == len(set(places))
        assert sum(len(each) for each in whole.contents) < 40 * len(data)


def test_numbers_stand_as_ecmascript_writes_them() -> None:
    """Known answers of RFC 8785, appendix B."""
    for bits, wanted in {
        "0000000000000000": "0", "8000000000000000": "0", "0000000000000001": "5e-324", "7fefffffffffffff":
        "1.7976931348623157e+308", "4340000000000000": "9007199254740992", "4430000000000000": "295147905179352830000",
        "44b52d02c7e14af5": "9.999999999999997e+22", "44b52d02c7e14af6": "1e+23", "444b1ae4d6e2ef50": "1e+21",
        "3eb0c6f7a0b5ed8d": "0.000001", "3eb0c6f7a0b5ed8c": "9.999999999999997e-7", "41b3de4355555553": "333333333.3333332",
        "becbf647612f3696": "-0.0000033333333333333333",
    }.items():  # fmt: skip
        assert ecmascript(struct.unpack(">d", bytes.fromhex(bits))[0]) == wanted


def test_keys_are_sorted_by_their_utf_16() -> None:
    assert Layout(["\ufb33", "\U0001f600", "a", "1", "a"]).json([1, 2, 3, 4, 5]) == (
        '{"1":4,"a":3,"a (2)":5,"\U0001f600":2,"\ufb33":1}'.encode()
    )
