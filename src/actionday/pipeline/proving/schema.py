"""Is the database ours and nothing else? Its tables, indexes and triggers, and SQLite's own check of its pages.

Source: SQLite documentation, "The Schema Table", "PRAGMA integrity_check".
"""

import sqlite3

from actionday.model.counted import grouped
from actionday.pipeline.proving.report import Check, Subject
from actionday.storage.database.connection import apply, versions
from actionday.storage.ledger_store import LEDGER_DDL

SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
Found = dict[tuple[str, str], tuple[str, str | None]]

UNUSED = (
    "case.db: bytes that hold no value: the unused rest of its pages, free pages, and the counters that SQLite keeps "
    "in the file's head. Nothing reads them as part of the case"
)
HAS_DBSTAT = "SELECT EXISTS (SELECT 1 FROM pragma_module_list WHERE name = 'dbstat')"


def check_schema(of: Subject) -> Check:
    """Compare the schema with that of an empty case of the same version, and let SQLite check every page."""
    database = of.case.database
    difference = differing_schema(database)
    if difference is None:
        sound = str(database.execute("PRAGMA integrity_check(1)").fetchone()[0])
        difference = None if sound == "ok" else f"SQLite says: {' '.join(sound.split())[:300]}"
    checked = len(_schema(database)) if difference is None else 0
    not_proved = (f"{UNUSED}{_share(database)}",)
    return Check(
        name="schema",
        what="tables and indexes",
        checked=checked,
        difference=difference,
        not_proved=not_proved,
    )


def differing_schema(database: sqlite3.Connection) -> str | None:
    """Return how the schema is not that of an empty case of the same version, None where it is."""
    version = int(database.execute("PRAGMA user_version").fetchone()[0])
    return _differs(_wanted(version), _schema(database))


def _share(database: sqlite3.Connection) -> str:
    """Say how much of the file that is; its free pages alone where SQLite was built without dbstat."""
    try:
        pages, free, size = (
            int(database.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
        total, unused = pages * size, free * size
        said = "in free pages alone"
        if database.execute(HAS_DBSTAT).fetchone()[0]:
            unused += int(database.execute("SELECT COALESCE(SUM(unused), 0) FROM dbstat").fetchone()[0])
            said = "in free pages and in the unused rest of pages"
    except sqlite3.DatabaseError:
        return ""
    return f": {grouped(unused)} of the {grouped(total)} bytes of the file, {100 * unused // max(1, total)} %, {said}"


def _wanted(version: int) -> Found:
    """Return the schema that the migrations up to ``version`` make, and the ledger's."""
    empty = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for number, script in versions():
            if number <= version:
                apply(empty, number, script)
        empty.executescript(LEDGER_DDL)
        return _schema(empty)
    finally:
        empty.close()


def _schema(database: sqlite3.Connection) -> Found:
    return {(kind, name): (table, sql) for kind, name, table, sql in database.execute(SCHEMA)}


def _differs(wanted: Found, held: Found) -> str | None:
    for kind, name in held.keys() - wanted.keys():
        return f"{kind} {name!r} is none of ours"
    for kind, name in wanted.keys() - held.keys():
        return f"{kind} {name!r} is gone"
    for key, made in wanted.items():
        if held[key] != made:
            return f"{key[0]} {key[1]!r} is not as it was made"
    return None
