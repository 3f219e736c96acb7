"""Items chosen one by one, by a search, or as whole exhibits, as the table ``temp.found`` of the connection."""

from collections.abc import Iterable

from actionday.access.asked_item import asked_item
from actionday.access.found import find
from actionday.model import UsageError
from actionday.storage.case import Case


def choose(case: Case, items: Iterable[str], query: str, exhibits: Iterable[str]) -> None:
    """Fill ``temp.found`` with what was named, with every item where nothing was.

    Raises UsageError for what is not there, QueryError.
    """
    items, exhibits = list(items), list(exhibits)
    if not items and not exhibits and not query:
        exhibits = [str(row[0]) for row in case.database.execute("SELECT id FROM exhibits ORDER BY number")]
    if query:
        find(case, query)
    else:
        case.database.execute("PRAGMA temp_store=MEMORY")
        case.database.execute("DROP TABLE IF EXISTS temp.found")
        case.database.execute("CREATE TABLE temp.found (id BLOB PRIMARY KEY) WITHOUT ROWID")
    for words in items:
        found = asked_item(case.database, words)
        case.database.execute("INSERT OR IGNORE INTO temp.found VALUES (?)", (bytes.fromhex(found.item.id),))
    for name in exhibits:
        row = case.database.execute("SELECT number FROM exhibits WHERE id = ?", (name,)).fetchone()
        if row is None:
            raise UsageError(f"no exhibit {name!r} in this case")
        case.database.execute(
            "INSERT OR IGNORE INTO temp.found SELECT id FROM items WHERE exhibit = ?", (row[0],)
        )
