"""A dump of a database says in which code it is: it is read so, unless its letters say that it is not."""

from time import process_time

import pytest

from actionday.model import Limits
from actionday.parsers import Parsers

PARSERS = Parsers.load()
GERMAN = (
    "Größe der Brücke über den Fluß",
    "später am Mühlenbach",
    "Äpfel und Öl für die Straße",
    "Café, déjà vu",
)
RUSSIAN = ("Встреча у старого моста вечером", "не опаздывать", "Радио вещает каждый вечер")
SAYS = (
    "/*!40101 SET NAMES {} */;",
    "SET NAMES '{}';",
    "SET client_encoding = '{}';",
    "set client_encoding to {};",
    "\\encoding {}",
)
NAMED = [
    ("latin1", "cp1252", "cp1252", GERMAN), ("WIN1252", "cp1252", "cp1252", GERMAN),
    ("koi8r", "koi8-r", "koi8-r", RUSSIAN), ("KOI8R", "koi8-r", "koi8-r", RUSSIAN),
    ("cp1251", "cp1251", "cp1251", RUSSIAN), ("WIN1251", "cp1251", "cp1251", RUSSIAN), ("WIN866", "cp866", "cp866", RUSSIAN),
    ("latin2", "iso8859-2", "iso8859-2", ("żółw przy moście",)), ("hebrew", "iso8859-8", "iso8859-8", ("הפגישה בערב",)),
    ("greek", "iso8859-7", "iso8859-7", ("Η συνάντηση το βράδυ",)), ("gbk", "gb18030", "gbk", ("会议将于星期四举行",)),
    ("sjis", "cp932", "shift_jis", ("木曜日の夕方に古い橋で",)), ("EUC_KR", "cp949", "euc_kr", ("목요일 저녁에 만나자",)),
]  # fmt: skip


def dump(says: str, rows: tuple[str, ...], code: str) -> bytes:
    """As mysqldump and pg_dump write it: some lines of ASCII, and rows of which few say anything in letters."""
    head = f"-- MySQL dump 10.13\n--\n{says}\nCREATE TABLE m (id int, t text);\n"
    values = ",".join(f"({number},'{row}')" for number, row in enumerate(("plain", "words", *rows)))
    return (head + f"INSERT INTO m VALUES {values};\n").encode(code)


def read(data: bytes) -> tuple[str, dict[str, object], list[str]]:
    parsed = PARSERS.parse("application/sql", data, Limits())
    assert parsed is not None
    return "".join(parsed.text), dict(parsed.meta), [note.code for note in parsed.notes]


@pytest.mark.parametrize("says", SAYS)
@pytest.mark.parametrize(("name", "codec", "code", "rows"), NAMED)
def test_a_dump_is_read_in_the_code_that_it_names(
    says: str, name: str, codec: str, code: str, rows: tuple[str, ...]
) -> None:
    text, meta, notes = read(dump(says.format(name), rows, code))
    assert all(row in text for row in rows)
    assert (meta["encoding"], meta["encoding_confidence"], notes) == (codec, 0.9, [])


@pytest.mark.parametrize("number", range(1, 5))
def test_few_letters_in_a_long_dump_are_in_the_code_that_it_names(number: int) -> None:
    text, meta, notes = read(dump("SET NAMES latin1;", ("plain",) * 400 + GERMAN[:number], "cp1252"))
    assert GERMAN[number - 1] in text
    assert (meta["encoding"], notes) == ("cp1252", [])


@pytest.mark.parametrize(
    ("named", "rows", "code"),
    [("latin1", RUSSIAN, "cp1251"), ("latin1", RUSSIAN, "koi8-r"), ("koi8r", GERMAN, "cp1252"),
     ("latin1", RUSSIAN, "utf-8"), ("utf8", GERMAN, "cp1252"), ("utf8mb4", RUSSIAN, "utf-8"), ("nosuch", GERMAN, "cp1252")],
)  # fmt: skip
def test_a_name_that_the_letters_contradict_is_not_believed(
    named: str, rows: tuple[str, ...], code: str
) -> None:
    text, meta, _ = read(dump(f"SET NAMES {named};", rows * 8, code))
    assert all(row in text for row in rows)
    assert meta["encoding"] == code


def test_rows_of_utf_8_beside_others_stay_what_they_are() -> None:
    data = dump("SET NAMES latin1;", RUSSIAN * 5, "utf-8") + dump("", GERMAN, "cp1252")
    text, _, _ = read(data)
    assert all(row in text for row in (*RUSSIAN, *GERMAN))


@pytest.mark.parametrize("unit", [b"\xc0", b"a\xc0", b"\xc0 ", b"\xc0\xc0\xc0\xc0a"])
@pytest.mark.parametrize("name", ["latin1", "koi8r"])
def test_no_row_of_letters_takes_longer_than_its_length(name: str, unit: bytes) -> None:
    begun = process_time()
    read(f"SET NAMES {name};\n".encode() + unit * (65_536 // len(unit)))
    assert process_time() - begun < 3


def test_what_is_said_of_names_in_a_text_is_no_name_of_its_code() -> None:
    text, meta, _ = read(
        ("We used to write SET NAMES koi8r in each.\n" + "\n".join(RUSSIAN * 5)).encode("cp1251")
    )
    assert RUSSIAN[0] in text
    assert meta["encoding"] == "cp1251"
