"""Columns of MySQL and MariaDB: which hold bytes, and in which character set their text is.

Source: MySQL 8.0, "CREATE TABLE", 10.10 (character sets), 11.3 (string types); MariaDB, "Supported Character Sets".
"""

import re
from typing import NamedTuple

from actionday.sources.databases._definition import taken_apart

CHARSETS = {
    "utf8": "utf-8", "utf8mb3": "utf-8", "utf8mb4": "utf-8", "latin1": "mysql-latin1", "latin2": "iso8859-2",
    "latin5": "iso8859-9", "latin7": "iso8859-13", "cp1250": "cp1250", "cp1251": "cp1251", "cp1256": "cp1256",
    "cp1257": "cp1257", "cp850": "cp850", "cp852": "cp852", "cp866": "cp866", "cp932": "cp932", "sjis": "cp932",
    "koi8r": "koi8-r", "koi8u": "koi8-u", "greek": "iso8859-7", "hebrew": "iso8859-8", "ascii": "ascii",
    "gbk": "gbk", "gb2312": "gb2312", "gb18030": "gb18030", "big5": "cp950", "euckr": "cp949", "ujis": "euc_jp",
    "eucjpms": "euc_jp", "tis620": "tis-620", "macroman": "mac-roman", "macce": "mac-latin2", "ucs2": "utf-16-be",
    "utf16": "utf-16-be", "utf16le": "utf-16-le", "utf32": "utf-32-be",
}  # fmt: skip
_COLUMN = re.compile(
    rb"(`(?>(?:[^`]|``)*)`|\"(?>(?:[^\"]|\"\")*)\"|[\w$\x80-\xff]++)\s++([a-z]+)(.*)",
    re.DOTALL | re.IGNORECASE,
)
_NO_COLUMN = re.compile(
    rb"(?:CONSTRAINT|PRIMARY|UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL|FOREIGN|CHECK|PERIOD|LIKE)\b", re.IGNORECASE
)
_CHARSET = re.compile(rb"(?:CHARACTER SET|CHARSET)[ =]+(\w+)", re.IGNORECASE)
_BINARY = re.compile(
    r"binary|varbinary|\w*blob|bit|geometry|point|linestring|polygon|multi\w+|geomcollection|geometrycollection"
)
_TEXT = re.compile(r"\w*text|char|varchar|enum|set|json|uuid|inet\d")


class Column(NamedTuple):
    """One column: its name, the codec of its text, whether it holds bytes."""

    name: str
    codec: str
    binary: bool = False
    text: bool = True


def columns(text: bytes, begin: int) -> list[Column]:
    """Return the columns of a CREATE TABLE, whose opening bracket ends before ``begin``."""
    definition = taken_apart(text, begin)
    said = _CHARSET.search(definition.rest)
    default = said[1].decode("ascii", "replace").lower() if said else "utf8mb4"
    found = (_COLUMN.match(part) for part in definition.parts if not _NO_COLUMN.match(part))
    return [_column(each[1], each[2], each[3], default) for each in found if each]


def _column(name: bytes, kind: bytes, rest: bytes, default: str) -> Column:
    told = kind.decode("ascii", "replace").lower()
    charset = _CHARSET.search(rest.partition(b"COMMENT")[0])
    said = charset[1].decode("ascii", "replace").lower() if charset else default
    binary = _BINARY.fullmatch(told) is not None or said == "binary"
    return Column(named(name), CHARSETS.get(said, "utf-8"), binary, _TEXT.fullmatch(told) is not None)


def named(raw: bytes) -> str:
    """Return an identifier without its quotes."""
    if raw[:1] in (b"`", b'"'):
        raw = raw[1:-1].replace(raw[:1] * 2, raw[:1])
    return raw.replace(b"``", b"`").decode("utf-8", "backslashreplace")
