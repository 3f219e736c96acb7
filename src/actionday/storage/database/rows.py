"""Rows in and out: what a checkpoint stores, and the digest by which the ledger vouches for it."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from operator import itemgetter
from typing import Any

import msgspec

ITEM_COLUMNS = "id, parent, exhibit, seq, place, path, raw, kind, size, sha256, mtime, status, reason, opened, runs, meta, reading"
CONTENT_COLUMNS = "sha256, md5, sha1, size, mime, seq, parser, meta, text, characters, language, script, confidence, segments, reading"
OBJECT_COLUMNS = "sha256, pack, start, stored, size, frames, seq, skip"
ISSUE_COLUMNS = "seq, exhibit, item, stage, path, code, reason"

READ = "c.sha256 = i.sha256 AND c.reading = i.reading"
"""Which row of ``contents c`` an item of ``items i`` has: the same bytes may be read in several ways."""

ITEMS_BY_ID = f"SELECT {ITEM_COLUMNS} FROM items WHERE id"
EARLIER = f"INSERT INTO earlier (n, {ITEM_COLUMNS}) SELECT n, {ITEM_COLUMNS} FROM items WHERE id = ?1"
"""Keeps a row of ``items`` as it was, within the transaction that puts another in its place."""
ANEW = f"UPDATE items SET ({ITEM_COLUMNS}) = ({','.join('?' * 17)}) WHERE id = ?1"
ITEMS = f"INSERT INTO items ({ITEM_COLUMNS}) VALUES ({','.join('?' * 17)})"
CONTENTS = f"INSERT INTO contents ({CONTENT_COLUMNS}) VALUES ({','.join('?' * 15)})"
OBJECTS = f"INSERT INTO objects ({OBJECT_COLUMNS}) VALUES ({','.join('?' * 8)})"
ISSUES = f"INSERT INTO issues ({ISSUE_COLUMNS}) VALUES ({','.join('?' * 7)})"
BY_HASH = frozenset({CONTENTS, OBJECTS})
"""Tables kept by their first column: in its order the rows of a checkpoint take a tenth less time, and less room."""

Values = tuple[object, ...]


def insert(connection: sqlite3.Connection, statement: str, rows: Iterable[Values]) -> None:
    """Insert rows by one of the statements above, within the caller's transaction."""
    ordered = sorted(rows, key=itemgetter(0)) if statement in BY_HASH else rows
    connection.executemany(statement, ordered)


def replace(connection: sqlite3.Connection, rows: Sequence[Values]) -> None:
    """Put rows of items in the place of those with the same id, which are kept as they were in ``earlier``.

    Their number stays: whoever lists items in the order of storing finds them where they stood.
    """
    connection.executemany(EARLIER, [row[:1] for row in rows])
    connection.executemany(ANEW, rows)


def replaced(connection: sqlite3.Connection) -> int:
    """Return how many rows of items were put in the place of others: who counts what is added begins anew with it."""
    return int(connection.execute("SELECT COUNT(*) FROM earlier").fetchone()[0])


DIGESTED: tuple[tuple[str, object], ...] = (
    (
        f"SELECT {ITEM_COLUMNS} FROM items WHERE seq = ?1 UNION ALL "
        f"SELECT {ITEM_COLUMNS} FROM earlier WHERE seq = ?1 ORDER BY id",
        b"",
    ),
    (f"SELECT {CONTENT_COLUMNS} FROM contents WHERE seq = ? ORDER BY sha256, reading", b""),
    (f"SELECT {OBJECT_COLUMNS} FROM objects WHERE seq = ? ORDER BY sha256", 0),
    (f"SELECT {ISSUE_COLUMNS} FROM issues WHERE seq = ? ORDER BY n", None),
)
"""Each query and its order are part of the case format: the ledger's digests depend on them.

Beside it the value with which its last column is left out: that of rows from before there was such a column.
"""


def digest(connection: sqlite3.Connection, seq: int) -> str:
    """Return the SHA-256 over everything that checkpoint ``seq`` stored, as hex.

    Each row as a msgpack array, in the order of the queries above (``docs/case-format.md``); a column that
    was added later is left out where it holds what it was filled with, so that older cases keep their digests.
    """
    return _digest((connection.execute(query, (seq,)), filler) for query, filler in DIGESTED)


MOST_TRIED = 64 << 20
"""Bytes that are hashed to find a line that is gone: some tenths of a second."""


def line_put_back(
    connection: sqlite3.Connection, seq: int, at: int, lines: Iterable[Values], wanted: str
) -> Values | None:
    """Return which of ``lines``, as the ``at``-th of the issue log's in a checkpoint, makes its digest ``wanted``.

    None where none does, or none of those that ``MOST_TRIED`` allows; each costs what stands behind it.
    """
    total, encode, left = sha256(), msgspec.msgpack.Encoder().encode, MOST_TRIED
    for query, filler in DIGESTED[:-1]:
        for row in connection.execute(query, (seq,)):
            total.update(_encoded(encode, row, filler))
    behind = bytearray()
    for number, row in enumerate(connection.execute(DIGESTED[-1][0], (seq,))):
        if number < at:
            total.update(encode(row))
        else:
            behind.extend(encode(row))
            if len(behind) > left:
                return None
    for line in lines:
        one = encode(line) + behind
        left -= len(one)
        if left < 0:
            return None
        tried = total.copy()
        tried.update(one)
        if tried.hexdigest() == wanted:
            return line
    return None


ALL: tuple[tuple[str, int], ...] = (
    (
        f"SELECT {ITEM_COLUMNS} FROM items UNION ALL SELECT {ITEM_COLUMNS} FROM earlier ORDER BY seq, id",
        3,
    ),
    (f"SELECT {CONTENT_COLUMNS} FROM contents ORDER BY sha256, reading", 5),
    (f"SELECT {OBJECT_COLUMNS} FROM objects ORDER BY sha256", 6),
    (f"SELECT {ISSUE_COLUMNS} FROM issues ORDER BY seq, n", 0),
)
"""The queries of ``DIGESTED`` for all checkpoints at once, and in which column ``seq`` is: of each in the same order."""


def digests(connection: sqlite3.Connection) -> dict[object, str]:
    """Return what ``digest`` gives, of every checkpoint that any row says to be of: each table is read once.

    3 to 4 µs a row. A ``seq`` that no checkpoint can have (a text, a fraction) is a key like any other.
    """
    totals: defaultdict[object, Any] = defaultdict(sha256)
    encode = msgspec.msgpack.Encoder().encode
    for (query, at), (_, filler) in zip(ALL, DIGESTED, strict=True):
        for row in connection.execute(query):
            totals[row[at]].update(_encoded(encode, row, filler))
    return {seq: total.hexdigest() for seq, total in totals.items()}


NO_ROWS = sha256().hexdigest()
"""The digest of a checkpoint that stored no row."""


def digest_as_written(
    items: Iterable[Values], contents: Iterable[Values], found: Iterable[Values], issues: Iterable[Values]
) -> str:
    """Return the same digest of what is about to be stored: rows that somebody put beside it are not in it."""
    ordered = (
        sorted(items, key=itemgetter(0)),
        sorted(contents, key=itemgetter(0, -1)),
        sorted(found, key=itemgetter(0)),
        issues,
    )
    return _digest((rows, filler) for rows, (_, filler) in zip(ordered, DIGESTED, strict=True))


def _digest(tables: Iterable[tuple[Iterable[Values], object]]) -> str:
    total = sha256()
    encode = msgspec.msgpack.Encoder().encode
    for rows, filler in tables:
        for row in rows:
            total.update(_encoded(encode, row, filler))
    return total.hexdigest()


def _encoded(encode: Callable[[object], bytes], row: Values, filler: object) -> bytes:
    return encode(row[:-1] if filler is not None and row[-1] == filler else row)


CONTAINER_COLUMNS = "item, exhibit, opener, scope, name, kind, size, state, after, row"
CONTAINERS = f"SELECT {CONTAINER_COLUMNS} FROM containers WHERE exhibit = ? ORDER BY item"


def containers_digest(connection: sqlite3.Connection, exhibit: int) -> str:
    """Return the SHA-256 over an exhibit's containers, as hex: they tell where its items lie.

    Each row as a msgpack array, in the order of the query (``docs/case-format.md``).
    """
    total = sha256()
    encode = msgspec.msgpack.Encoder().encode
    for row in connection.execute(CONTAINERS, (exhibit,)):
        total.update(encode(row))
    return total.hexdigest()


def known(connection: sqlite3.Connection, ids: Sequence[bytes], *, containers: bool = True) -> set[bytes]:
    """Return those of ``ids`` that are stored as items or (with ``containers``) are containers still open."""
    found = {row[0] for row in among(connection, "SELECT id FROM items WHERE id", ids)}
    if containers:
        query = "SELECT item FROM containers WHERE state = 'open' AND item"
        found.update(row[0] for row in among(connection, query, ids))
    return found


def among(connection: sqlite3.Connection, query: str, keys: Sequence[bytes]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query, which ends with a column, where that is one of ``keys``.

    500 are asked for at once: one by one each takes 15 µs, nearly all of it for the asking.
    """
    for at in range(0, len(keys), 500):
        part = keys[at : at + 500]
        yield from connection.execute(f"{query} IN ({','.join('?' * len(part))})", part)


def has_issue(connection: sqlite3.Connection, line: Values) -> bool:
    """Say whether the issue log has this line: exhibit, item, stage, path, code, reason."""
    query = "SELECT 1 FROM issues WHERE exhibit IS ? AND item IS ? AND stage = ? AND path = ? AND code = ? AND reason = ?"
    return connection.execute(query, line).fetchone() is not None


def pack_ends(connection: sqlite3.Connection) -> dict[int, int]:
    """Return, for every pack, the offset behind its last object."""
    return dict(connection.execute("SELECT pack, MAX(start + stored) FROM objects GROUP BY pack"))
