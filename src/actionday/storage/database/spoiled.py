"""What an error of SQLite says of the database itself: which is at fault, its pages, a text in it, or the disk.

Source: SQLite documentation, "Result and Error Codes"; Python's ``sqlite3``: a text that is no UTF-8 is an
``OperationalError`` without a code of SQLite's, a message of SQLite's own that is none a ``UnicodeDecodeError``.
"""

import sqlite3

PAGES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})
NO_TEXT = "a text in case.db is no UTF-8, which no case holds: somebody altered it, or a disk spoiled it"
NO_SCHEMA = "the words of its schema are not as they were written"
TORN_PAGES = "SQLite cannot read the pages of case.db that are needed, they are torn"
NO_DISK = "the disk that case.db lies on cannot be read or written (SQLite: {})"


def cause(error: BaseException) -> str:
    """Return what an error says against the database, "" where it says nothing of it."""
    if is_no_text(error):
        return NO_TEXT
    if is_schema(error):
        return NO_SCHEMA
    if not isinstance(error, sqlite3.Error):
        return ""
    code = code_of(error)
    if code in PAGES:
        return TORN_PAGES
    return NO_DISK.format(error) if code == sqlite3.SQLITE_IOERR else ""


def code_of(error: BaseException) -> int:
    """Return SQLite's primary code of an error, 0 where it has none."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def is_no_text(error: BaseException) -> bool:
    """Say whether a column of text holds bytes that are no UTF-8."""
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith("Could not decode to UTF-8")


def is_schema(error: BaseException) -> bool:
    """Say whether the schema itself cannot be read: then no statement can."""
    if isinstance(error, UnicodeDecodeError):  # SQLite quotes the schema in what it says
        return True
    return isinstance(error, sqlite3.DatabaseError) and str(error).startswith("malformed database schema")
