"""NSRL Reference Data Set, version 3: an SQLite database, whole (table METADATA) or minimal (table FILE).

A row is kept by its SHA-256; one without, by its SHA-1 or MD5. Views are not asked: what they join is in the table.

Source: NIST, "RDSv3: the NSRL's SQLite publication" (tables FILE, METADATA, PKG, MFG, OS, VERSION).
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from itertools import repeat
from pathlib import Path
from urllib.parse import quote

from actionday.exchange.hashes._contract import Bad, Batch, Position, strongest
from actionday.exchange.hashes._given import Given
from actionday.model import Claim, Damaged, UsageError
from actionday.storage.hashes.layout import WIDTHS

MAGIC = b"SQLite format 3\0"
TABLES = ("METADATA", "FILE")
AT_ONCE = 50_000
"""Rows of a batch: some 10 MiB."""
LONGEST = 100


class RdsSqlite:
    """RDS 3.x."""

    name, called, kind, only = "nsrl-rds-3", "NSRL RDS", "good", False

    def claims(self, head: bytes, name: str) -> Claim:  # noqa: ARG002 - what it begins with says it
        """Claim a database of SQLite."""
        return Claim.MAGIC if head.startswith(MAGIC) else Claim.NO

    def version(self, given: Given) -> str:
        """Return what the table VERSION says of the last edition in it."""
        with closing(_opened(given)) as database:
            try:
                found = database.execute("SELECT version FROM VERSION ORDER BY rowid DESC LIMIT 1").fetchone()
            except sqlite3.DatabaseError:  # a set of somebody's own need not have one
                return ""
        text = str(found[0]) if found and found[0] is not None else ""
        return "".join(each for each in text if each.isprintable())[:LONGEST].strip()

    def batches(self, given: Given, position: Position) -> Iterator[Batch]:
        """Yield the rows of the table in the order of their numbers. Raises Damaged where a page cannot be read."""
        with closing(_opened(given)) as database:
            try:
                table, columns = _columns(database, given.path)
                yield from _batches(database, table, columns, int(position.get("row", -(1 << 63))))
            except (sqlite3.DatabaseError, OverflowError) as error:
                raise Damaged(f"{given.path}: cannot be read to its end: {error}") from error


def _opened(given: Given) -> sqlite3.Connection:
    if given.member:
        raise UsageError(
            f"{given.path}: a database in an archive cannot be read: unpack {given.member} first"
        )
    wal = Path(f"{given.path}-wal")
    if wal.exists() and wal.stat().st_size:
        raise UsageError(
            f"{wal}: holds rows that are not in {given.path.name} yet: close the program that writes it"
        )
    name = quote(str(given.path.absolute()))
    database = sqlite3.connect(f"file:{name}?mode=ro&immutable=1", uri=True)
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    database.execute("PRAGMA trusted_schema = OFF")
    return database


def _columns(database: sqlite3.Connection, path: Path) -> tuple[str, list[str]]:
    """Return the table of files and its columns of hashes, the strongest first. Raises UsageError."""
    tables = {
        str(name).upper(): str(name)
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    for wanted in TABLES:
        if wanted in tables:
            there = {
                str(row[1]).lower().replace("-", ""): str(row[1])
                for row in database.execute(f"PRAGMA table_info({tables[wanted]})")
            }
            if columns := [there[name] for name in WIDTHS if name in there]:
                return tables[wanted], columns
    raise UsageError(
        f"{path}: is a database without a table FILE or METADATA that has a column sha256, sha1 or md5"
    )


def _batches(database: sqlite3.Connection, table: str, columns: list[str], row: int) -> Iterator[Batch]:
    names = [each.lower().replace("-", "") for each in columns]
    chosen = ", ".join(f'"{each}"' for each in columns)
    query = f"SELECT rowid, {chosen} FROM {table} WHERE rowid > ? ORDER BY rowid"  # noqa: S608 - one of two names
    cursor = database.execute(query, (row,))
    width = 2 * WIDTHS[names[0]]
    while found := cursor.fetchmany(AT_ONCE):
        position = {"row": found[-1][0]}
        first = [each[1] for each in found]
        packed = _packed(first, width)
        if packed is not None:
            yield Batch({(names[0], ""): packed}, len(found), 0, [], position)
            continue
        digests, bad = defaultdict[tuple[str, str], list[bytes]](list), list[Bad]()
        for number, *cells in found:
            said = strongest({name: str(cell or "") for name, cell in zip(names, cells, strict=True)})
            if isinstance(said, str):
                bad.append(Bad(f"row {number}", said))
            else:
                digests[said[0], ""].append(said[1])
        yield Batch({key: b"".join(each) for key, each in digests.items()}, len(found), 0, bad, position)


def _packed(texts: list[object], width: int) -> bytes | None:
    """Return the digests of texts that are each ``width`` hexadecimal digits, None where one is not."""
    if not all(map(isinstance, texts, repeat(str))) or set(map(len, texts)) != {width}:  # type: ignore[arg-type]
        return None
    whole = "".join(texts)  # type: ignore[arg-type]
    try:
        return bytes.fromhex(whole) if not any(each.isspace() for each in set(whole)) else None
    except ValueError:
        return None


HASHES = RdsSqlite()
