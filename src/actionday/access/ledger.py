"""The ledger as a person reads it: entries newest first, its head, and the last proof that the case is whole."""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from actionday.ledger import Action, Entry, Json, Ledger, LedgerError, beginning
from actionday.ledger.entry import ENDS, parse_entry
from actionday.ledger.tlog import HASH_SIZE, leaf_hash
from actionday.storage.case import Case
from actionday.storage.ledger_store import SqliteLogStore

PAGE = 50
HASH = f"substr(CAST(hashes AS BLOB), 1, {HASH_SIZE})"
SHOWN_LEAF = 300
"""Bytes of an altered leaf that are shown."""


class Line(NamedTuple):
    """One entry by its number; ``entry`` is None when it cannot be read, then ``damage`` says why.

    ``unended``: it says that an act began, and no entry says that it ended. ``altered``: its leaf is another than the
    one whose hash is stored; then ``entry`` is None and ``damage`` has what it reads now.
    """

    number: int
    entry: Entry | None
    damage: str
    unended: bool = False
    altered: bool = False


class LedgerPage(NamedTuple):
    """A page, newest first; ``total`` is exact for what was asked."""

    lines: list[Line]
    total: int
    older: int | None
    newer: int | None


class Head(NamedTuple):
    """The latest signed head; ``root`` in hex. ``damage`` says why it cannot be shown."""

    size: int
    root: str
    origin: str
    keys: int
    damage: str = ""


class Proved(NamedTuple):
    """The last verification on record: when, by whom, and the first thing that differed."""

    number: int
    entry: Entry
    ok: bool
    first: str | None
    absent: bool = False
    """Nothing differed, and an exhibit was not where it had been."""
    head: str = ""
    """The root that was verified, in hex; "" where the entry has none."""
    unread: bool = False
    """All that is absent is there, or may be, and could not be read."""
    vouched: bool | None = None
    """False where nobody vouched for the ledger's keys: whole in itself. None: an entry of an older version, which
    does not say."""


def list_entries(
    database: sqlite3.Connection,
    *,
    action: str = "",
    actor: str = "",
    older: int = 0,
    newer: int = -1,
    limit: int = PAGE,
) -> LedgerPage:
    """Return entries with index < ``older`` (or > ``newer``), newest first; "" is everything.

    The conditions rest on the canonical form of a leaf: names in order, no white space, quotes escaped.
    """
    where, values = _where(action, actor)
    count = f"SELECT COUNT(*) FROM ledger_entry WHERE {where}"  # noqa: S608 - conditions of our own, values bound
    total = int(database.execute(count, values).fetchone()[0])
    back = newer >= 0
    bound = f"idx > {int(newer)}" if back else f"idx < {int(older)}" if older else "1"
    query = (
        f"SELECT idx, substr(CAST(leaf AS BLOB), 1, 1048577), {HASH} FROM ledger_entry WHERE {where} AND {bound} "  # noqa: S608
        f"ORDER BY idx {'ASC' if back else 'DESC'} LIMIT ?"
    )
    rows = database.execute(query, [*values, limit + 1]).fetchall()
    more, rows = len(rows) > limit, rows[:limit]
    lines = ended(database, [line(*row) for row in (reversed(rows) if back else rows)])
    behind = bool(lines) if back else more
    ahead = more if back else bool(older)
    return LedgerPage(
        lines,
        total,
        lines[-1].number if lines and behind else None,
        lines[0].number if lines and ahead else None,
    )


def ended(database: sqlite3.Connection, lines: list[Line]) -> list[Line]:
    """Return the lines, those marked that say that something began which no entry ends; one pass for all of them."""
    begun = {each.number for each in lines if each.entry is not None and each.entry.action in ENDS.values()}
    if not begun:
        return lines
    where = " OR ".join("substr(leaf, 1, ?) = ?" for _ in ENDS)
    begins = [beginning(action) for action in ENDS]
    query = (
        f"SELECT idx, substr(CAST(leaf AS BLOB), 1, 1048577), {HASH} FROM ledger_entry "  # noqa: S608 - bound
        f"WHERE idx > ? AND ({where})"
    )
    values = [min(begun), *(value for each in begins for value in (len(each), each))]
    for row in database.execute(query, values):
        if (end := line(*row).entry) is not None:
            begun -= {number for number in [end.details.get("begun")] if isinstance(number, int)}
    return [each._replace(unended=each.number in begun) for each in lines]


def _where(action: str, actor: str) -> tuple[str, list[object]]:
    parts, values = ["1"], list[object]()
    if action:
        begins = beginning(action)
        parts.append("substr(leaf, 1, ?) = ?")
        values += [len(begins), begins]
    if actor:
        parts.append("""instr(substr(leaf, 1, 2000), '","actor":' || json_quote(?) || ',"details":') > 0""")
        values.append(actor)
    return " AND ".join(parts), values


def line(index: int, leaf: bytes, signed: bytes) -> Line:
    """Return an entry by its number, the bytes of its leaf, and the hash stored of it.

    That the hash is the one that was signed is for a proof of the whole ledger.
    """
    if (found := leaf_hash(leaf)) != signed:
        told = leaf[:SHOWN_LEAF].decode("utf-8", "replace")
        said = f"leaf hash {signed.hex() or 'none'}, that of what stands here now is {found.hex()}: {told}"
        return Line(index, None, said, altered=True)
    try:
        return Line(index, parse_entry(leaf), "")
    except LedgerError as error:
        return Line(index, None, str(error))


def head(case: Case) -> Head:
    """Return the latest head, its signature checked against the key kept beside it."""
    ledger = Ledger(SqliteLogStore(case.database))
    try:
        found = ledger.head()
        return Head(found.size, found.root.hex(), found.origin, len(ledger.keys()))
    except LedgerError as error:
        return Head(0, "", "", 0, str(error))


def last_proof(database: sqlite3.Connection) -> Proved | None:
    """Return the last verification that was recorded; None where its entry is not as it was signed."""
    for each in _of(database, Action.VERIFIED):
        if each.altered:  # an earlier one is not the last
            return None
        if each.entry is not None:
            details = each.entry.details
            first = details.get("first")
            ok, absent = details.get("ok") is True, not first and bool(details.get("absent"))
            unread = absent and details.get("absent") == details.get("unread")
            said = str(first) if first else None
            vouched = details.get("vouched")
            said_vouched = vouched is True if vouched is not None else None
            return Proved(each.number, each.entry, ok, said, absent, _root(details), unread,
                          said_vouched)  # fmt: skip
    return None


def _root(details: Mapping[str, Json]) -> str:
    root = details.get("head")
    return root if isinstance(root, str) else ""


def _of(database: sqlite3.Connection, action: Action) -> Iterator[Line]:
    """Yield the newest entries of a kind; nothing is counted, for this stands beside every item."""
    where, values = _where(str(action), "")
    query = (
        f"SELECT idx, CAST(leaf AS BLOB), {HASH} FROM ledger_entry WHERE {where} ORDER BY idx DESC LIMIT 5"  # noqa: S608
    )
    for row in database.execute(query, values):
        yield line(*row)
