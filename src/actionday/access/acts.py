"""How often each act stands in the ledger, and the newest entries of some of them: one pass for all of them."""

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection
from typing import NamedTuple

from actionday.access.ledger import HASH, Line, line

BEGINS = re.compile(rb'\{"action":"([a-z0-9._-]+)",')
"""Names in a leaf stand in order, ``action`` first."""
HEAD = 128
"""Bytes in which that stands: an action has at most 100 characters."""
UNKNOWN = "?"


class Acts(NamedTuple):
    """``counts`` by action, "?" for a leaf that is none of an entry; ``lines``: the newest of some, oldest first."""

    counts: dict[str, int]
    lines: list[Line]


def acts(database: sqlite3.Connection, named: Collection[str], most: int) -> Acts:
    """Return all acts counted, and of each of ``named`` the newest ``most`` entries. 4 µs an entry."""
    counts, newest = Counter[str](), defaultdict[str, list[int]](list)
    query = "SELECT idx, substr(CAST(leaf AS BLOB), 1, ?) FROM ledger_entry ORDER BY idx DESC"
    for number, head in database.execute(query, (HEAD,)):
        found = BEGINS.match(head or b"")
        action = found[1].decode() if found else UNKNOWN
        counts[action] += 1
        if action in named and counts[action] <= most:
            newest[action].append(number)
    wanted = sorted(number for numbers in newest.values() for number in numbers)
    one = f"SELECT idx, CAST(leaf AS BLOB), {HASH} FROM ledger_entry WHERE idx = ?"  # noqa: S608 - a constant
    return Acts(
        dict(sorted(counts.items())), [line(*database.execute(one, (each,)).fetchone()) for each in wanted]
    )
