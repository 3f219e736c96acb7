"""SQLite databases, made by SQLite itself: cells are words of their own, whatever tree, chain or code they stand in."""

import hashlib
import plistlib
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from actionday.model import Damaged, Limits, Parsed
from actionday.model.loss import tells_loss
from actionday.parsers._sqlite_columns import row_number
from actionday.parsers.sqlite import DATABASE, LOG, PARSER
from actionday.testing.parsers import check_parser


@pytest.fixture
def base(tmp_path: Path) -> Callable[..., bytes]:
    def made(
        script: str, *rows: tuple[str, list[tuple[object, ...]]], after: str = "", pragma: str = ""
    ) -> bytes:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite"
        with closing(sqlite3.connect(path)) as database:
            database.executescript(f"pragma secure_delete=off; {pragma}; {script}")
            for statement, values in rows:
                database.executemany(statement, values)
            database.commit()
            database.executescript(after)
        return path.read_bytes()

    return made


def read(content: bytes, mime: str = DATABASE, limits: Limits | None = None) -> Parsed:
    return PARSER.parse(memoryview(content), mime, limits or Limits())


def lines(content: bytes) -> list[str]:
    return "".join(read(content).text).splitlines()


MESSAGES = "create table message(id integer primary key, sender text, body text, at real, data blob)"
INTO = "insert into message(sender, body, at, data) values (?, ?, ?, ?)"
ROWS: list[tuple[object, ...]] = [
    ("Mira", "Thursday", 1.5, b"a note in a blob"),
    ("Jon", "Friday", -7, bytes(range(256))),
    ("Eda", f"{'wave ' * 2000}tailword", None, "a letter in sixteen bits to you".encode("utf-16-le")),
    ("علا", "مرحبا", 1 << 40, b""),
]


@pytest.mark.parametrize(
    "pragma", ["pragma page_size=512", "pragma encoding='UTF-16le'", "pragma encoding='UTF-16be'"]
)
def test_rows_are_lines_and_cells_are_apart(base: Callable[..., bytes], pragma: str) -> None:
    content = base(MESSAGES, (INTO, ROWS), pragma=pragma)
    text = lines(content)
    assert text[0] == "message"
    assert text[1] == "1\tMira\tThursday\t1.5\ta note in a blob"
    assert text[2].startswith("2\tJon\tFriday\t-7")
    assert text[3].startswith("3\tEda\twave ")
    assert "tailword\t\ta letter in sixteen bits to you" in text[3]
    assert text[4] == "4\tعلا\tمرحبا\t1099511627776"
    parsed = read(content)
    assert "embedded_object" in [note.code for note in parsed.notes]
    assert not [note for note in parsed.notes if tells_loss(note.code)]
    assert parsed.meta == {"tables": 1}


def test_trees_of_many_pages_and_tables_without_numbers_are_whole(base: Callable[..., bytes]) -> None:
    many = [(f"name{at}", f"body{at}", at, None) for at in range(3000)]
    content = base(
        f"{MESSAGES}; create index who on message(sender); create table pair(a text primary key, b) without rowid;",
        (INTO, many), ("insert into pair values (?, ?)", [(f"key{at}", f"value{at}") for at in range(2000)]),
        pragma="pragma page_size=1024",
    )  # fmt: skip
    text = lines(content)
    assert text[1:3001] == [f"{at + 1}\tname{at}\tbody{at}\t{at}" for at in range(3000)]
    assert {f"key{at}\tvalue{at}" for at in range(2000)} <= set(text)
    assert sum("name1500" in line for line in text) == 1, "an index says nothing twice"
    assert not [note for note in read(content).notes if tells_loss(note.code)]


def test_what_was_deleted_stands_at_the_end_and_is_said(base: Callable[..., bytes]) -> None:
    rows = [("Mira", f"the tide of day {at} is high", at, None) for at in range(300)]
    content = base(
        f"{MESSAGES}; create table gone(a, b)", (INTO, rows), ("insert into gone values (?, ?)", [("left", "right")] * 300),
        after="drop table gone; delete from message where id between 50 and 250", pragma="pragma page_size=1024",
    )  # fmt: skip
    text = "".join(read(content).text)
    assert "150\tMira" not in text
    assert "Mira the tide of day 149 is high 149" in text.splitlines()
    assert "left right" in text.splitlines()
    assert "unlinked_part" in [note.code for note in read(content).notes]


def test_a_write_ahead_log_gives_the_rows_of_its_pages(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.executescript("pragma journal_mode=wal; create table message(sender, body)")
        database.execute("insert into message values ('Mira', 'Thursday')")
        database.commit()
        content = Path(f"{path}-wal").read_bytes()
    assert "Mira\tThursday" in "".join(read(content, LOG).text).splitlines()


def test_a_file_that_claims_pages_twice_ends_and_is_said_to_be_damaged(base: Callable[..., bytes]) -> None:
    content = bytearray(base(MESSAGES, (INTO, [("n" * 9, "b" * 9, at, None) for at in range(500)]),
                             pragma="pragma page_size=512"))  # fmt: skip
    inner = next(at for at in range(512, len(content), 512) if content[at] == 5)
    content[inner + 8 : inner + 12] = (inner // 512 + 1).to_bytes(4, "big")
    parsed = read(bytes(content))
    assert any(tells_loss(note.code) for note in parsed.notes)
    assert sum(map(len, parsed.text)) < 4 * len(content)


def test_more_rows_than_the_limit_are_said_to_be_cut_and_no_header_is_damage(
    base: Callable[..., bytes],
) -> None:
    content = base(MESSAGES, (INTO, [("Mira", "tide", at, None) for at in range(500)]))
    assert "text_cut" in [note.code for note in read(content, limits=Limits(text=1000)).notes]
    with pytest.raises(Damaged):
        read(content[:50])


def test_the_contract_holds(base: Callable[..., bytes]) -> None:
    rows = [("Mira", f"body {at} of the series", at, b"bytes of a note") for at in range(40)]
    check_parser(PARSER, DATABASE, base(MESSAGES, (INTO, rows), after="delete from message where id > 20"))


KEYS = (
    ("CREATE TABLE `c` (`phone` INTEGER NOT NULL, `name` TEXT, PRIMARY KEY(`phone`))", 0),
    ("create table c(name text, phone integer primary key)", 1),
    ("create table c(phone integer constraint pk primary key, name)", 0),
    ("create table c(phone integer default 0 not null primary key, name)", 0),
    ("create table c(phone integer unique primary key, name)", 0),
    ("create table c(--one (by\n phone integer primary key autoincrement, name)", 0),
    ("create table c(/* a, */ 'phone' integer primary key, name)", 0),
    (
        "create table c(name, \"the phone\" INTEGER, check (name not in ('a,b', ')')),"
        " constraint k primary key ([the phone] desc))",
        1,
    ),
    ("create table c(made text as (name || 'x'), name, phone integer primary key)", 1),
    ("create table c(name, phone integer, primary key(phone, name))", None),
    ("create table c(name, phone int primary key)", None),
    ("create table c(name, phone integer primary key desc)", None),
)  # fmt: skip


@pytest.mark.parametrize(("statement", "column"), KEYS)
def test_the_number_of_a_row_is_read_wherever_it_is_declared(
    base: Callable[..., bytes], statement: str, column: int | None
) -> None:
    names = ("'the phone'", "name") if "the phone" in statement else ("phone", "name")
    quoted = ", ".join(f'"{name.strip(chr(39))}"' for name in names)
    content = base(statement, (f"insert into c({quoted}) values (?, ?)", [(491511234501, "Mira")]))
    assert sorted(lines(content)[1].split("\t"))[:2] == ["491511234501", "Mira"]
    assert lines(content)[1].count("491511234501") == 1
    assert row_number(statement) == column


BLOBS = (
    b"\0\1pangolin at the inn\0",
    b"\0\0\0" + "the pangolin at the inn".encode("utf-16-le"),
    b"\n\x18" + "панголин ночью".encode() + b"\x10\1",
    b"\x08\x96\1\x12\x08pangolin\x1a\x10" + bytes(range(200, 240)),
    plistlib.dumps({"told": "панголин"}, fmt=plistlib.FMT_BINARY),
)


@pytest.mark.parametrize("blob", BLOBS)
def test_a_blob_that_holds_words_between_other_bytes_is_read(base: Callable[..., bytes], blob: bytes) -> None:
    content = base("create table c(a)", ("insert into c values (?)", [(blob,)]))
    assert re.search("pangolin|панголин", "".join(read(content).text))
    assert "embedded_object" not in [note.code for note in read(content).notes]


def test_blobs_that_are_no_text_are_counted_in_a_sentence(base: Callable[..., bytes]) -> None:
    keys = [(hashlib.sha256(bytes([at])).digest()[:size],) for at in range(99) for size in (16, 20, 32)]
    one, many = (
        read(base("create table c(a)", ("insert into c values (?)", rows))).reason
        for rows in (keys[:1], keys)
    )
    assert one == "1 value in cells that is no text: not read"
    assert many == "297 values in cells that are no text: not read"


def test_bytes_that_the_database_leaves_to_others_are_read(base: Callable[..., bytes]) -> None:
    """A page ends before its own end where the header says so; twenty bytes of the header are kept free."""
    content = bytearray(
        base("create table c(a); insert into c values ('Mira')", pragma="pragma page_size=1024")
    )
    told = b"the pangolin is at the old inn by the river"
    size, reserved = 1024, 64
    made = bytearray(reserved_in(content, size, reserved))
    made[72:92] = b"meet at the old mill"
    made[2 * size - reserved : 2 * size - reserved + len(told)] = told
    parsed = read(bytes(made))
    text = "".join(parsed.text)
    assert told.decode() in text and "meet at the old mill" in text and "Mira" in text
    assert not [note for note in parsed.notes if tells_loss(note.code)]


def reserved_in(content: bytearray, size: int, reserved: int) -> bytes:
    """Return a database of pages with one cell each whose last bytes are reserved: the cells move up by as many."""
    made = bytearray()
    for at in range(0, len(content), size):
        page, head = content[at : at + size], 100 if at == 0 else 0
        begin = int.from_bytes(page[head + 5 : head + 7], "big")
        cells = page[begin:]
        page[begin - reserved : size] = cells + bytes(reserved)
        for place in (head + 5, head + 8):
            page[place : place + 2] = (begin - reserved).to_bytes(2, "big")
        made += page
    made[20] = reserved
    return bytes(made)
