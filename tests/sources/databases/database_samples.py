"""Databases made by the real servers, with what they hold, for the tests of this room and the registry's contract."""

import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from database_servers import maria, postgres

PNG = bytes.fromhex("89504e470d0a1a0a") + bytes(range(256))
"""A long value: an attachment of its row."""
SHORT = bytes.fromhex("00ff10271a5c")
TRICKY = "tab\there\nnew\\line\\N '); -- \" x),('y"
WORDS = "Ünï ☃ שלום 𝄞"
PG = f"""
create schema "Net Work";
create table users(id int, name text, pic bytea, born date, score numeric(10,3), ok boolean, note text);
create table "Net Work"."odd ""name"(a int, "sel;ect" text, "b,c" text);
create table none();
create table empty(x int);
create function f() returns int language plpgsql as $x$ begin
COPY users (id) FROM stdin;
INSERT INTO users VALUES (1);
return 1; end $x$;
insert into users values (1, 'Mirela', '\\x{SHORT.hex()}', '2001-02-03', 1.10, true, $q${TRICKY}$q$),
 (2, '', null, null, null, false, '\\N'), (3, '{WORDS}', '\\x{PNG.hex()}', null, 1e5, null, E'\\b\\f\\r\\x01');
insert into "Net Work"."odd ""name" values (1, 'x),(''y', '"; --'), (2, null, '(');
insert into none default values;
insert into users(id, note) select i, repeat('word ' || i || ' ', 3) from generate_series(4, 40) i;
"""
PG_FORMS: tuple[tuple[str, ...], ...] = (
    (), ("--inserts",), ("--column-inserts", "--rows-per-insert=7"), ("-E", "LATIN1", "-t", "empty"),
)  # fmt: skip
MY = f"""
create database kestrel character set utf8mb4; use kestrel; set names utf8mb4;
create table users(id int primary key, name varchar(100), l1 varchar(100) character set latin1, pic blob, bits bit(5),
 born date, score decimal(10,3), note text comment 'a CHARACTER SET latin2, `x`');
create table `odd ``na),(me`(a int, `sel;ect` varbinary(20), `b,c` text) charset=cp1251;
create table empty(x int);
insert into users values (1, 'Mirela', null, x'{SHORT.hex()}', b'101', '2001-02-03', 1.10,
 'tab\\there\\nnew\\\\line\\\\N \\'); -- " x),(\\'y'),
 (2, '', 'Größe €', null, null, null, null, 'a\\Z\\0b'),
 (3, '{WORDS}', 'x', x'{PNG.hex()}', null, null, 1e5, '/* x */ # `');
insert into `odd ``na),(me` values (1, 'bin;\\'\\0),(', 'Привет'), (2, null, '(');
insert into users(id, note) select seq, repeat(concat('word ', seq, ' '), 3) from seq_4_to_40;
delimiter ;;
create trigger tr before insert on empty for each row begin
 if new.x = 1 then set new.x = 2; end if;
INSERT INTO `users` VALUES (99,'trigger');
 end;;
delimiter ;
"""
MY_FORMS: tuple[tuple[str, ...], ...] = (
    ("kestrel",), ("--hex-blob", "--skip-extended-insert", "--complete-insert", "kestrel"),
    ("--default-character-set=binary", "kestrel"), ("--databases", "kestrel"),
)  # fmt: skip


@cache
def pg_dumps() -> tuple[bytes, ...]:
    return tuple(postgres(PG, PG_FORMS))


@cache
def my_dumps() -> tuple[bytes, ...]:
    return tuple(maria(MY, MY_FORMS))


def rest(columns: tuple[str, ...], **values: Any) -> dict[str, Any]:
    return dict.fromkeys(columns) | values


LITE = """
create table users(id integer primary key, name text, pic blob, score real, n int, /* c, d */ note text default 'a,b',
 "odd, ""n" text);
create table w(a text, b int, c blob, primary key(b, a)) without rowid;
create table gen(a int, b as (a+1), c int as (a*2) stored);
create table keyed(a text, [k] INTEGER, primary key(k));
create index i on users(name);
create table gone(x text, y int);
create view v as select 1;
"""


def lite(path: Path, encoding: str = "UTF-8", page: int = 1024) -> sqlite3.Connection:
    """Make a database with every kind of value and table; rows of ``gone`` are deleted and not overwritten."""
    made = sqlite3.connect(path)
    made.executescript(
        f"pragma page_size={page}; pragma encoding='{encoding}'; pragma secure_delete=off; {LITE}"
    )
    rows = [
        (1, "Mirela", SHORT, 1.5, 2**53 + 1, None, ""), (-5, WORDS, PNG * 20, 1e300, -1, "long " * 2000, "x"),
        (2**40, "a\0b", b"", -0.25, 2**62, "", None),
    ]  # fmt: skip
    made.executemany("insert into users values(?,?,?,?,?,?,?)", rows)
    made.executemany(
        "insert into users(name, note) values(?,?)", [(f"user {n}", f"word {n} ") for n in range(300)]
    )
    made.executemany("insert into w values(?,?,?)", [(f"k{n}", n % 7, b"z" * n) for n in range(100)])
    made.execute("insert into gen(a) values(4)")
    made.execute("insert into keyed values('x', 77)")
    made.executemany("insert into gone values(?,?)", [(f"secret {n}", n) for n in range(200)])
    made.execute("alter table users add column extra text default 'later'")
    made.commit()
    made.execute("pragma secure_delete=off")
    made.execute("drop table gone")
    made.commit()
    return made


@cache
def lite_file() -> bytes:
    with TemporaryDirectory() as name:
        lite(Path(name) / "a").close()
        return (Path(name) / "a").read_bytes()


SAMPLES: dict[str, Callable[[], bytes]] = {
    "kestrel.pg.sql": lambda: pg_dumps()[0],
    "kestrel.sqlite": lite_file,
    "kestrel.mysql.sql": lambda: my_dumps()[0],
}
