"""Long tables: the first rows are items, later ones stand in pages, none is lost, a run goes on behind any of them."""

import json
import sqlite3
from pathlib import Path

import pytest

from actionday.model import Found, Kind, Source
from actionday.sources.databases._paged import ALONE, PAGE, PAGE_BYTES
from actionday.sources.databases.mysqldump import SOURCE as MYSQL
from actionday.sources.databases.pgdump import SOURCE as POSTGRES
from actionday.sources.databases.sqlite import SOURCE as SQLITE
from actionday.testing.context import Alone, Bytes, content
from actionday.testing.sources import listing

MANY = ALONE + 3 * PAGE + 40
LONG = "8950" * 40


def copy() -> bytes:
    """Rows of which one has a long value, one has too few, and one table stands between two parts of another."""
    head = b"CREATE TABLE public.t (\n    a integer,\n    b bytea\n);\nCREATE TABLE public.u (\n    a integer\n);\n"
    rows = [b"%d\t\\N\n" % n for n in range(1, MANY + 1)]
    rows[ALONE + 99] = f"{ALONE + 100}\t\\\\x{LONG}\n".encode()
    rows[ALONE + 199] = b"broken\n"
    first, second = b"".join(rows[: ALONE + 300]), b"".join(rows[ALONE + 300 :])
    begin, end = b"COPY public.t (a, b) FROM stdin;\n", b"\\.\n\n"
    return head + begin + first + end + b"COPY public.u (a) FROM stdin;\n1\n" + end + begin + second + end


def insert() -> bytes:
    values = ",".join(f"({n},NULL)" for n in range(1, MANY + 1))
    return f"CREATE TABLE `t` (\n  `a` int,\n  `b` text\n);\nINSERT INTO `t` VALUES {values};\n".encode()


def lite(path: Path) -> bytes:
    made = sqlite3.connect(path)
    made.execute("create table t(a integer primary key, b text)")
    made.executemany("insert into t(b) values(?)", [(None,)] * MANY)
    made.commit()
    made.close()
    return path.read_bytes()


def rows(found: list[Found], stream: Bytes, table: str) -> list[int]:
    """Return the first value of each row of ``table``, in the order of the items."""
    held = [each for each in found if each.kind is Kind.ROW and each.status is None]
    lines = [
        line
        for each in held
        if each.name.startswith(f"{table}/")
        for line in content(each, stream).splitlines()
    ]
    return [int(json.loads(line)["a"]) for line in lines]


@pytest.mark.parametrize("form", ["pgdump", "mysqldump", "sqlite"])
def test_no_row_is_lost_and_few_are_items(form: str, tmp_path: Path) -> None:
    sources: dict[str, tuple[Source, bytes]] = {
        "pgdump": (POSTGRES, copy()), "mysqldump": (MYSQL, insert()), "sqlite": (SQLITE, lite(tmp_path / "a")),
    }  # fmt: skip
    source, data = sources[form]
    stream = Bytes(data)
    found = list(source.items(stream, Alone("a")))
    table = "public.t" if form == "pgdump" else "t"
    wanted = [n for n in range(1, MANY + 1) if form != "pgdump" or n != ALONE + 200]
    assert rows(found, stream, table) == wanted
    pages = [each for each in found if each.meta.get("rows")]
    assert 4 <= len(pages) <= 7
    assert sum(int(str(each.meta["rows"])) for each in pages) >= 3 * PAGE
    assert pages[0].name.rpartition("/")[2].lstrip("0").startswith(str(ALONE + 1))
    alone = [
        each for each in found if each.kind is Kind.ROW and each.name.startswith(table) and not each.meta
    ]
    assert len(alone) == (ALONE + 2 if form == "pgdump" else ALONE)


def test_a_row_with_a_long_value_is_no_part_of_a_page() -> None:
    found = list(POSTGRES.items(Bytes(copy()), Alone("a")))
    at = next(n for n, each in enumerate(found) if each.kind is Kind.ATTACHMENT)
    assert found[at].name == f"{found[at - 1].name}/b"
    assert found[at - 2].meta == {"rows": 99}


def test_a_run_goes_on_behind_any_page() -> None:
    for source, data in ((POSTGRES, copy()), (MYSQL, insert())):
        whole = listing(source, "a", data).items
        kept = [
            n for n, each in enumerate(whole) if whole[n].kind is Kind.ROW and (n > ALONE - 2 or n % 97 == 0)
        ]
        for n in kept:
            context = Alone("a", after=whole[n].place)
            rest = [each.name for each in source.items(Bytes(data), context)]
            assert rest == [each.name for each in whole[n + 1 :]], whole[n].name


def test_a_page_of_long_rows_ends_by_its_bytes() -> None:
    lines = b"".join(b"%d\t%s\n" % (n, b"x" * 9000) for n in range(ALONE + 100))
    data = b"COPY public.t (a, b) FROM stdin;\n" + lines + b"\\.\n"
    pages = [each for each in POSTGRES.items(Bytes(data), Alone("a")) if each.meta.get("rows")]
    assert len(pages) == 4
    assert all(each.size is not None and each.size < PAGE_BYTES + 9100 for each in pages)
