"""Are the rows those the ledger vouches for? Each checkpoint's digest is made anew."""

from actionday.pipeline.proving.report import Check, Subject
from actionday.pipeline.proving.touched import by_checkpoint, by_content, by_object, item
from actionday.storage.case import Case
from actionday.storage.database import rows

ORDER = (
    "items.n: in which order the items of one checkpoint were stored (some seconds of an ingest); "
    "every other value of an item is proved"
)


KEYS = {"items": "id", "contents": "sha256", "objects": "sha256", "issues": "path"}
"""Tables whose rows belong to a checkpoint, and what tells which evidence a row is of."""


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
    for table, key in KEYS.items():
        query = f"SELECT {key} FROM {table} WHERE typeof(seq) <> 'integer' OR seq > ? OR seq < 1"  # noqa: S608
        if found := case.database.execute(query, (last,)).fetchall():
            return f"{table} holds rows of no checkpoint, {len(found)} of them{_touched(case, table, found[0][0])}"
    return None


def _touched(case: Case, table: str, key: object) -> str:
    """Say of which evidence a row is; "" where its key is nothing one could look up."""
    if table == "issues":
        return f"; the first is of {key}"
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
        query = f"SELECT n, seq, path FROM {table} ORDER BY n"  # noqa: S608 - constants
        for n, now, path in case.database.execute(query):
            if n != before + 1 or now < seq:
                return f"{table}.n: {n} follows {before}, of checkpoints {now} and {seq}; it is of {path}"
            before, seq = n, now
    return None


def _rows(checked: int, difference: str | None) -> Check:
    return Check(name="rows", what="items", checked=checked, difference=difference, not_proved=(ORDER,))


def _where(case: Case, seq: int) -> str:
    """Say which rows a digest covers: it cannot tell which of them was changed."""
    said = f"the rows of checkpoint {seq} are not those that were recorded, one of them or more"
    return f"{said}{by_checkpoint(case, seq)}"
