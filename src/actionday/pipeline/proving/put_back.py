"""Which line of the issue log is gone? That which, put back, makes the recorded digest; then nothing else differs.

What a line says stands, for many, in its item too: the reason of one that was not read whole, the hashes that an imager
noted. So stage and code alone have to be tried: some hundred lines an item, some µs each, up to ``rows.MOST_TRIED``.
"""

import sqlite3
from collections.abc import Iterator
from itertools import product

import msgspec

from actionday.ledger import Entry
from actionday.model.loss import FAILED_CODES, READ_WITH, Loss
from actionday.pipeline.imaged import MEDIA, STORED, unlike
from actionday.pipeline.proving.report import Subject
from actionday.pipeline.proving.touched import place
from actionday.storage.database.rows import Values, line_put_back

STAGES = ("read", "open", "list", "parse", "hash", "gap")
CODES = (*map(str, Loss), *sorted(FAILED_CODES), "unsupported", READ_WITH, "read_as_text")
NOT_WHOLE = "not whole: "
"""What an item says before the reason that its line has."""
WITHOUT = (
    "SELECT exhibit, id, path, reason FROM items i WHERE seq = ? AND typeof(reason) = 'text' AND status <> 'queued' "
    "AND NOT EXISTS (SELECT 1 FROM issues WHERE item = i.id AND reason = i.reason)"
)
IMAGED = "SELECT exhibit, id, path, meta FROM items WHERE seq = ? AND instr(meta, ?)"


def put_back(of: Subject, seq: int, checkpoint: Entry) -> str:
    """Return what is said of the one line that a checkpoint lacks; "" where that is not it, or cannot be told."""
    database, wanted = of.case.database, str(checkpoint.details["rows"])
    at = _gap(database, seq)
    found = None if at is None else line_put_back(database, seq, at, _lines(database, seq), wanted)
    if found is None:
        return ""
    _, exhibit, item, stage, path, code, reason = found
    name = database.execute("SELECT id FROM exhibits WHERE number = ?", (exhibit,)).fetchone()
    held = item.hex() if isinstance(item, bytes) else ""
    return (
        f"a line of the issue log was taken away: {code} ({stage}) of {place(name and name[0], path)} (item {held}): "
        f"{reason}; with it put back the rows are those that were recorded, and nothing else of them differs"
    )


def _gap(database: sqlite3.Connection, seq: int) -> int | None:
    """Return before which line of a checkpoint, by its place among them, one alone is gone; None where none can be."""
    query = "SELECT COALESCE(MAX(n), 0) FROM issues WHERE seq < ?"
    before, gap, count = database.execute(query, (seq,)).fetchone()[0], None, 0
    for (n,) in database.execute("SELECT n FROM issues WHERE seq = ? ORDER BY n", (seq,)):
        if n != before + 1:
            if gap is not None or n != before + 2:
                return None
            gap = count
        before, count = n, count + 1
    later = database.execute("SELECT MIN(n) FROM issues WHERE seq > ?", (seq,)).fetchone()[0]
    return count if gap is None and later in (None, before + 2) else gap


def _lines(database: sqlite3.Connection, seq: int) -> Iterator[Values]:
    """Yield the lines that may have been there."""
    for exhibit, item, path, meta in database.execute(IMAGED, (seq, f'"{STORED}"')):
        if reason := _unlike(meta):
            yield seq, exhibit, item, "hash", path, str(Loss.HASH_DIFFERS), reason
    for exhibit, item, path, reason in database.execute(WITHOUT, (seq,)):
        for why in dict.fromkeys((reason, reason.removeprefix(NOT_WHOLE))):
            for stage, code in product(STAGES, CODES):
                yield seq, exhibit, item, stage, path, code, why


def _unlike(meta: str) -> str:
    """Return how the disk of an image is not what its imager noted, by the facts of its item."""
    try:
        facts = msgspec.json.decode(meta)
        return unlike(facts[STORED], facts[MEDIA])
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return ""
