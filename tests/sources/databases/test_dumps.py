"""Dumps of real servers: the rows are those the server was given, whatever the form of the dump."""

import base64
import hashlib
import json
import random
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from database_samples import (
    MY_FORMS,
    PG_FORMS,
    PNG,
    SHORT,
    TRICKY,
    WORDS,
    my_dumps,
    pg_dumps,
    rest,
)

from actionday.model import Claim, Kind, Source, Status
from actionday.sources.databases.mysqldump import SOURCE as MYSQL
from actionday.sources.databases.pgdump import SOURCE as POSTGRES
from actionday.testing.context import Alone, Bytes, Glance, content
from actionday.testing.sources import listing

Tables = dict[str, list[dict[str, Any]]]
USERS = ("id", "name", "pic", "born", "score", "ok", "note")
MY_USERS = ("id", "name", "l1", "pic", "bits", "born", "score", "note")
LONG = {"sha256": hashlib.sha256(PNG).hexdigest(), "size": len(PNG)}


def b64(raw: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(raw).decode()}


def tables(source: Source, data: bytes) -> Tables:
    stream, found = Bytes(data), Tables()
    for each in source.items(stream, Alone("d.sql")):
        if each.kind is Kind.DIRECTORY:
            found[each.name] = []
        elif each.kind is Kind.ROW:
            found[each.name.rpartition("/")[0]].append(json.loads(content(each, stream)))
    return found


def words(columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [rest(columns, id=str(n), note=f"word {n} " * 3) for n in range(4, 41)]


@pytest.mark.parametrize("form", range(3), ids=[" ".join(each) or "copy" for each in PG_FORMS[:3]])
def test_rows_of_postgres_are_those_the_server_holds(form: int) -> None:
    yes, no = ("true", "false") if form else ("t", "f")
    found = tables(POSTGRES, pg_dumps()[form])
    assert found["Net Work.odd \"name"] == [
        {"a": "1", "sel;ect": "x),('y", "b,c": '"; --'}, {"a": "2", "sel;ect": None, "b,c": "("},
    ]  # fmt: skip
    assert found["public.none"] == [{}]
    assert found["public.empty"] == []
    assert found["public.users"] == [
        rest(
            USERS,
            id="1",
            name="Mirela",
            pic=b64(SHORT),
            born="2001-02-03",
            score="1.100",
            ok=yes,
            note=TRICKY,
        ),
        rest(USERS, id="2", name="", ok=no, note="\\N"),
        rest(USERS, id="3", name=WORDS, pic=LONG, score="100000.000", note="\b\f\r\1"),
        *words(USERS),
    ]


@pytest.mark.parametrize("form", range(4), ids=[" ".join(each) for each in MY_FORMS])
def test_w04_rows_of_mysql_are_those_the_server_holds(form: int) -> None:
    before = "kestrel/" if "--databases" in MY_FORMS[form] else ""
    found = tables(MYSQL, my_dumps()[form])
    assert found[f"{before}odd `na),(me"] == [
        {"a": "1", "sel;ect": b64(b"bin;'\0),("), "b,c": "Привет"}, {"a": "2", "sel;ect": None, "b,c": "("},
    ]  # fmt: skip
    assert found[f"{before}empty"] == []
    first = {"id": "1", "name": "Mirela", "pic": b64(SHORT), "bits": b64(b"\5"), "born": "2001-02-03"}
    assert found[f"{before}users"] == [
        rest(MY_USERS, **first, score="1.100", note=TRICKY),
        rest(MY_USERS, id="2", name="", l1="Größe €", note="a\x1a\0b"),
        rest(MY_USERS, id="3", name=WORDS, l1="x", pic=LONG, score="100000.000", note="/* x */ # `"),
        *words(MY_USERS),
    ]


ALL = [(POSTGRES, pg_dumps), (MYSQL, my_dumps)]


@pytest.mark.parametrize(("source", "dumps"), ALL, ids=["pgdump", "mysqldump"])
def test_a_long_value_is_an_attachment_of_its_row(
    source: Source, dumps: Callable[[], tuple[bytes, ...]]
) -> None:
    for data in dumps()[:3]:
        whole = listing(source, "d.sql", data)
        named = {each.name.rpartition("/")[2]: body for each, body in zip(whole.items, whole.contents, strict=True)
                 if each.kind is Kind.ATTACHMENT}  # fmt: skip
        assert named == {"pic": PNG}


@pytest.mark.parametrize(("source", "dumps"), ALL, ids=["pgdump", "mysqldump"])
def test_what_is_no_row_is_in_one_item_with_all_of_its_words(
    source: Source, dumps: Callable[[], tuple[bytes, ...]]
) -> None:
    for data in dumps()[:3]:
        whole = listing(source, "d.sql", data)
        last, body = whole.items[-1], whole.contents[-1]
        assert (last.kind, last.name) == (Kind.SYSTEM, "statements")
        assert isinstance(body, bytes)
        assert b"dump" in body
        assert b"CREATE TABLE" in body
        assert b"word 7 word" not in body
        assert any(each in body.lower() for each in (b"plpgsql", b"trigger"))
        assert len(last.runs or ()) < 60
        assert source.claims(Glance(last.name, body, last.kind)) is Claim.NO, "it would be opened for ever"


@pytest.mark.parametrize(("source", "dumps"), ALL, ids=["pgdump", "mysqldump"])
def test_every_cut_in_a_row_is_noticed(source: Source, dumps: Callable[[], tuple[bytes, ...]]) -> None:
    for data in dumps()[:3]:
        begun, end = data.index(b"word 4 "), data.index(b"word 39 ")
        for cut in range(begun, end, 23):
            cut_off = listing(source, "d.sql", data[:cut])
            assert "breaks off" in cut_off.end, cut
            rows = [each for each in cut_off.items if each.kind is Kind.ROW]
            assert any(each.name.endswith(("users/000000003", "users/000000002")) for each in rows)


@pytest.mark.parametrize(("source", "dumps"), ALL, ids=["pgdump", "mysqldump"])
def test_hostile_bytes_never_raise_but_what_is_an_item_s(
    source: Source, dumps: Callable[[], tuple[bytes, ...]]
) -> None:
    dice = random.Random(4)
    for data in dumps()[:2]:
        for _ in range(400):
            hurt = bytearray(data)
            for _ in range(dice.randrange(1, 12)):
                at = dice.randrange(len(hurt))
                what = dice.randrange(3)
                if what == 0:
                    hurt[at] = dice.choice(b"'\"\\;(),`\n\t$E/*-\0\xff")
                elif what == 1:
                    del hurt[at : at + dice.randrange(1, 200)]
                else:
                    hurt[at:at] = dice.choice(
                        [b"'", b"$$", b"/*", b"INSERT INTO `a` VALUES (", b"\\.\n", b"(" * 50]
                    )
            whole = listing(source, "d.sql", bytes(hurt))
            places = [each.place for each in whole.items]
            assert len(places) == len(set(places))


def test_a_row_with_other_values_than_columns_is_kept_as_it_stands_and_told_once_a_kind() -> None:
    lines = b"".join(b"%d\tx\n" % n for n in range(5)) + b"6\tx\ty\n7\n" + b"8\tz\n"
    data = b"COPY public.t (a, b) FROM stdin;\n" + lines + b"\\.\n"
    around = Alone("d.sql")
    found = [each for each in POSTGRES.items(Bytes(data), around) if each.kind is Kind.ROW]
    assert [each.status for each in found].count(Status.UNREADABLE) == 2
    assert content(found[5], Bytes(data)) == b"6\tx\ty"
    assert [(each.code, each.path) for each in around.notes] == [("row", "public.t")]
    assert "2 rows with other values than the table has columns" in around.notes[0].reason


def test_text_that_is_not_in_its_character_set_keeps_its_bytes() -> None:
    data = b"COPY public.t (a, b) FROM stdin;\n1\t\xff\xfe\n2\tok\n\\.\n"
    assert tables(POSTGRES, data)["public.t"] == [{"a": "1", "b": b64(b"\xff\xfe")}, {"a": "2", "b": "ok"}]
    data = b"SET NAMES utf8mb4;\nCREATE TABLE `t` (\n `a` text\n);\nINSERT INTO `t` VALUES ('\xff'),('ok');\n"
    around = Alone("d.sql")
    kinds = [each.kind for each in MYSQL.items(Bytes(data), around)]
    assert kinds.count(Kind.ROW) == 2
    assert tables(MYSQL, data)["t"] == [{"a": b64(b"\xff")}, {"a": "ok"}]
    assert [each.code for each in around.notes] == ["charset"]


def test_a_statement_without_end_costs_no_more_memory_than_what_is_held() -> None:
    data = b"CREATE TABLE `a` (`b` int);\nINSERT INTO `a` VALUES (1);\nSET x = '" + b"y" * (24 << 20)
    stream = Bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises(Exception, match="breaks off in the statement"):
            list(MYSQL.items(stream, Alone("d.sql")))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20


MYSQL_LAYOUTS = (
    b"CREATE TABLE `posts` (`id` int NOT NULL, `said` varchar(64) DEFAULT 'a, (b', `mark` enum('x,y',')'),"
    b" `raw` varbinary(16), PRIMARY KEY (`id`, `said`)) ENGINE=InnoDB DEFAULT CHARSET=cp1251;\n",
    b"CREATE TABLE posts(\n  id int(11) -- the number, (of it)\n , said text /* , */ NOT NULL\n, `mark` char(1)\n"
    b" , raw blob, KEY by_id (id),\n CONSTRAINT c CHECK (id > 0 AND said <> '),'))\nDEFAULT CHARACTER SET = cp1251;\n",
)


@pytest.mark.parametrize("definition", MYSQL_LAYOUTS)
def test_a_definition_in_lines_of_any_kind_has_all_its_columns(definition: bytes) -> None:
    dump = (
        b"-- MySQL dump 10.13\n"
        + definition
        + b"INSERT INTO `posts` VALUES (1,'\xef\xf0\xe8','x',0x00ff);\n-- Dump completed\n"
    )
    assert tables(MYSQL, dump) == {"posts": [{"id": "1", "said": "при", "mark": "x", "raw": b64(b"\0\xff")}]}


def test_a_postgresql_definition_in_one_line_has_all_its_columns() -> None:
    dump = (
        b"--\n-- PostgreSQL database dump\n--\nSET client_encoding = 'UTF8';\n"
        b"CREATE TABLE public.m (id integer, price numeric(10,2) DEFAULT 0.5, raw bytea, CONSTRAINT c CHECK (id > 0));\n"
        b"INSERT INTO public.m VALUES (1, 2.50, '\\x00ff');\n"
        b"--\n-- PostgreSQL database dump complete\n--\n"
    )
    assert tables(POSTGRES, dump) == {"public.m": [{"id": "1", "price": "2.50", "raw": b64(b"\0\xff")}]}
