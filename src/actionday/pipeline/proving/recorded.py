"""Are the rows those the ledger vouches for? Each checkpoint's digest is made anew."""

import sqlite3
from collections.abc import Mapping
from contextlib import suppress

from actionday.ledger import Entry
from actionday.model.counted import grouped, parted
from actionday.pipeline.proving.narrowed import extent, narrowed
from actionday.pipeline.proving.readings import misnamed
from actionday.pipeline.proving.report import Check, Subject
from actionday.pipeline.proving.touched import by_content, by_object, item
from actionday.storage.case import Case
from actionday.storage.database import rows
from actionday.storage.database.balance import COUNTED
from actionday.storage.database.spoiled import NO_TEXT, is_no_text

ORDER = (
    "items.n: in which order the items of one checkpoint were stored (some seconds of an ingest); "
    "every other value of an item is proved"
)


UNSAID = (
    "rows of checkpoints whose entries are not as they were signed (see ledger above), if there are any: what was "
    "recorded of them nobody knows"
)
UNTOLD = (
    "one of them or more, or one that is gone; which cannot be told from the index, the stored contents and "
    "the balances"
)
FIRST_STORED = (
    "SELECT n, COALESCE((SELECT MIN(seq) FROM earlier e WHERE e.n = i.n), seq), path FROM items i ORDER BY n"
)
"""Which checkpoint stored an item first: another one may have put its row anew behind it."""
KEYS = {"items": "id", "contents": "sha256", "objects": "sha256", "issues": "path"}
"""Tables whose rows belong to a checkpoint, and what tells which evidence a row is of."""


def check_rows(of: Subject) -> Check:
    """Recompute the digest of every checkpoint's rows; rows of no checkpoint are a difference too."""
    case, found = of.case, _found(of.case)
    checked, last = 0, 0
    of.pace.expect(sum(_items(each) for each in of.told.checkpoints), "items")
    for each in of.told.checkpoints:
        seq = each.details["seq"]
        if not isinstance(seq, int) or seq <= last or (seq != last + 1 and not of.told.unread):
            return _rows(checked, f"checkpoint {seq} follows {last}")
        last = seq
        try:
            same = _holds(of, each, seq, found)
        except (sqlite3.OperationalError, OverflowError) as error:
            if isinstance(error, sqlite3.OperationalError) and not is_no_text(error):
                raise
            _doubt(of, found, behind=seq)
            return _rows(
                checked, f"the rows of checkpoint {seq} are not those that were recorded: {_odd(case, seq)}"
            )
        if not same:
            _doubt(of, found, behind=seq)
            return _narrowed(of, checked, each, seq)
        of.pace.more(_items(each))
        checked += int(str(each.details["items"]))
    if of.told.unread:
        return _rows(checked, None, not_proved=(UNSAID,))
    if case.fact("seq") != str(last):
        return _rows(
            checked, f"the ledger knows {parted(last, 'checkpoint')}, the database {case.fact('seq')}"
        )
    difference = strays(case, last) or _misnumbered(case) or misnamed(case)
    return _rows(checked, difference, () if difference else _balance_of(of))


def _items(checkpoint: Entry) -> int:
    """Return how many items a checkpoint stored, for the eye alone."""
    count = checkpoint.details.get("items")
    return count if isinstance(count, int) else 0


Digests = Mapping[object, str]


def _found(case: Case) -> Digests | None:
    """Return the digests of all checkpoints as they are stored, in one pass; None where one of the rows has none."""
    try:
        return rows.digests(case.database)
    except (sqlite3.OperationalError, OverflowError) as error:
        if isinstance(error, sqlite3.OperationalError) and not is_no_text(error):
            raise
        return None


def _holds(of: Subject, checkpoint: Entry, seq: int, found: Digests | None) -> bool:
    """Say whether the rows of a checkpoint are those that were recorded; those that are not are doubted."""
    of.doubted.add(seq)
    now = rows.digest(of.case.database, seq) if found is None else found.get(seq, rows.NO_ROWS)
    same = bool(now == checkpoint.details["rows"])
    if same:
        of.doubted.discard(seq)
    return same


def _doubt(of: Subject, found: Digests | None, *, behind: int) -> None:
    """Find out which of the later checkpoints differ as well: nothing is to be concluded from their rows."""
    for each in of.told.checkpoints:
        seq = each.details["seq"]
        if isinstance(seq, int) and seq > behind:
            with suppress(sqlite3.OperationalError, OverflowError):  # they stay doubted
                _holds(of, each, seq, found)


def _odd(case: Case, seq: int) -> str:
    """Return which row of a checkpoint holds a text that is no UTF-8."""
    for table, key in KEYS.items():
        columns = [name for _, name, *_ in case.database.execute(f"PRAGMA table_info({table})")]
        chosen = ", ".join(f"CAST({name} AS BLOB), typeof({name})" for name in columns)
        query = f"SELECT CAST({key} AS BLOB), {chosen} FROM {table} WHERE seq = ?"  # noqa: S608 - constants
        for found, *values in case.database.execute(query, (seq,)):
            for name, value, kind in zip(columns, values[::2], values[1::2], strict=True):
                if kind == "text" and not _is_text(value):
                    return f"{table}.{name}: {NO_TEXT}{_touched(case, table, found)}"
    return NO_TEXT


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def strays(case: Case, last: int) -> str | None:
    """Return which table holds rows that no digest covers: their checkpoint is none, or no whole number."""
    for table, key in KEYS.items():
        query = (
            f"SELECT {key}, COUNT(*) OVER () FROM {table} "  # noqa: S608 - constants
            "WHERE typeof(seq) <> 'integer' OR seq > ? OR seq < 1 LIMIT 1"
        )
        if found := case.database.execute(query, (last,)).fetchone():
            return f"{table} holds rows of no checkpoint, {grouped(found[1])} of them{_touched(case, table, found[0])}"
    return None


def _touched(case: Case, table: str, key: object) -> str:
    """Say of which evidence a row is; "" where its key is nothing one could look up."""
    if table == "issues":
        return f"; the first is of {key.decode(errors='replace') if isinstance(key, bytes) else key}"
    if not isinstance(key, bytes):
        return ""
    if table == "items":
        return f"; the first is {item(case, key.hex())}"
    return by_content(case, key) if table == "contents" else by_object(case, key)


def _misnumbered(case: Case) -> str | None:
    """Return which table is not numbered as it was stored: from 1, without a gap, one checkpoint after the other.

    The digests hold the order of the issues within a checkpoint, and nobody holds that of the items.
    """
    for table in ("items", "issues"):
        before, seq = 0, 1
        query = FIRST_STORED if table == "items" else f"SELECT n, seq, path FROM {table} ORDER BY n"  # noqa: S608
        for n, now, path in case.database.execute(query):
            if n != before + 1 or now < seq:
                return f"{table}.n: {n} follows {before}, of checkpoints {now} and {seq}; it is of {path}"
            before, seq = n, now
    return None


def _rows(
    checked: int, difference: str | None, said: tuple[str, ...] = (), not_proved: tuple[str, ...] = ()
) -> Check:
    return Check(
        name="rows",
        what="items",
        checked=checked,
        difference=difference,
        said=said,
        not_proved=(ORDER, *not_proved),
    )


def _narrowed(of: Subject, checked: int, checkpoint: Entry, seq: int) -> Check:
    """Name the rows that differ; where they cannot be told, accuse none of the others."""
    difference = f"the rows of checkpoint {seq} are not those that were recorded"
    rows_of, found = extent(of, seq), narrowed(of, checkpoint)
    if not found.named:
        return _rows(checked, f"{difference}: {UNTOLD} ({rows_of})", tuple(found.said))
    others = f"whether others of the rows of checkpoint {seq} ({rows_of}) differ as well cannot be told"
    return Check(
        name="rows",
        what="items",
        checked=checked,
        difference=f"{difference}: {found.named[0]}",
        more=tuple(found.named[1:]),
        said=(*found.said, *([] if found.all else [others])),
        not_proved=(ORDER,),
    )


def _balance_of(of: Subject) -> tuple[str, ...]:
    """Say how the number of items and that of the balance belong together."""
    query = f"SELECT COUNT(*), COALESCE(SUM({COUNTED}), 0) FROM items"  # noqa: S608 - a constant
    items, found = of.case.database.execute(query).fetchone()
    return (
        f"{parted(items, 'item')}: {grouped(found)} in the balance (found); beside them folders, volumes and opened "
        f"exhibits, which no balance counts: {grouped(items - found)}",
    )
