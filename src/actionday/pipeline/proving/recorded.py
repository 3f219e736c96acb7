"""Are the rows those the ledger vouches for? Each checkpoint's digest is made anew."""

from actionday.pipeline.proving.report import Check, Subject
from actionday.storage.case import Case
from actionday.storage.database import rows

ORDER = "items.n: the order in which rows of one checkpoint were stored"


def check_rows(of: Subject) -> Check:
    """Recompute the digest of every checkpoint's rows; rows of no checkpoint are a difference too."""
    case = of.case
    checked, last = 0, 0
    for each in of.told.checkpoints:
        seq = each.details["seq"]
        if seq != last + 1 or not isinstance(seq, int):
            return _rows(checked, f"checkpoint {seq} follows {last}")
        last = seq
        if rows.digest(case.database, seq) != each.details["rows"]:
            return _rows(checked, _where(case, seq))
        checked += int(str(each.details["items"]))
    if case.fact("seq") != str(last):
        return _rows(checked, f"the ledger knows {last} checkpoints, the database {case.fact('seq')}")
    return _rows(checked, _strays(case, last) or _misnumbered(case))


def _strays(case: Case, last: int) -> str | None:
    """Return which table holds rows that no digest covers: their checkpoint is none, or no whole number."""
    for table in ("items", "contents", "objects", "issues"):
        query = f"SELECT 1 FROM {table} WHERE typeof(seq) <> 'integer' OR seq > ? OR seq < 1 LIMIT 1"  # noqa: S608
        if case.database.execute(query, (last,)).fetchone():
            return f"{table} holds rows of no checkpoint"
    return None


def _misnumbered(case: Case) -> str | None:
    """Return which table is not numbered as it was stored: from 1, without a gap, one checkpoint after the other.

    The digests hold the order of the issues within a checkpoint, and nobody holds that of the items.
    """
    for table in ("items", "issues"):
        before, seq = 0, 1
        for n, now in case.database.execute(f"SELECT n, seq FROM {table} ORDER BY n"):  # noqa: S608 - constants
            if n != before + 1 or now < seq:
                return f"{table}.n: {n} follows {before}, of checkpoints {now} and {seq}"
            before, seq = n, now
    return None


def _rows(checked: int, difference: str | None) -> Check:
    return Check(name="rows", what="items", checked=checked, difference=difference, not_proved=(ORDER,))


def _where(case: Case, seq: int) -> str:
    """Say which rows a digest covers: it cannot tell which of them was changed."""
    query = "SELECT COUNT(*), MIN(path), MAX(path) FROM items WHERE seq = ?"
    count, first, last = case.database.execute(query, (seq,)).fetchone()
    return (
        f"the rows of checkpoint {seq} ({count} items, {first!r} … {last!r}) are not those that were recorded"
    )
