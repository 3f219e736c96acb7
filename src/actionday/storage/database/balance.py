"""The balance of a case or an exhibit: found = parsed + known good + skipped + failed, by status and reason.

Source: DESIGN invariant 5; directories, volumes, shadow copies, space of no file, and opened exhibits are not counted,
unless nobody here reads them or a volume needs a key: then they are all that was found of what they hold.
"""

import sqlite3
from collections.abc import Mapping, Sequence

import msgspec

from actionday.model.progress import FAILED, PARSED, SKIPPED

UNREAD = (
    "(kind IN ('volume', 'shadow') AND status IN ('unsupported', 'encrypted') "
    "OR kind = 'exhibit' AND opened = 1 AND status = 'unsupported')"
)
"""A volume that is not read here or needs a key, or a whole exhibit that was recognised and is not read."""
COUNTED = (
    "(kind NOT IN ('directory', 'volume', 'shadow', 'unallocated') "
    f"AND NOT (kind = 'exhibit' AND opened = 1) OR {UNREAD})"
)


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of items; ``by_status`` adds up to ``found``."""

    found: int
    parsed: int
    known_good: int
    skipped: int
    failed: int
    by_status: dict[str, int]

    @property
    def adds_up(self) -> bool:
        """Say whether nothing was lost between the lines."""
        return self.found == self.parsed + self.known_good + self.skipped + self.failed


def balance_of(counts: Mapping[str, int]) -> Balance:
    """Return the balance of counts by status."""
    return Balance(
        found=sum(counts.values()),
        parsed=sum(counts.get(status, 0) for status in PARSED),
        known_good=counts.get("known_good", 0),
        skipped=sum(counts.get(status, 0) for status in SKIPPED),
        failed=sum(counts.get(status, 0) for status in FAILED),
        by_status=dict(sorted(counts.items())),
    )


def balance(connection: sqlite3.Connection, *exhibits: int) -> Balance:
    """Return the balance of exhibits by number, or of the whole case, from the stored items."""
    query = f"SELECT status, COUNT(*) FROM items WHERE {COUNTED}"  # noqa: S608 - constant
    if not exhibits:
        found = connection.execute(f"{query} GROUP BY status")
    else:
        found = connection.execute(f"{query} AND {_among(exhibits)} GROUP BY status", exhibits)
    return balance_of(dict(found))


def content_bytes(connection: sqlite3.Connection, *exhibits: int) -> int:
    """Return the bytes of the contents that were read, of exhibits by number or of the whole case.

    What was unpacked counts, each place for itself; an exhibit that was opened as a container does not.
    """
    read = "sha256 IS NOT NULL AND NOT (kind = 'exhibit' AND opened = 1)"
    among = f" AND {_among(exhibits)}" if exhibits else ""
    query = f"SELECT COALESCE(SUM(size), 0) FROM items WHERE {read}{among}"  # noqa: S608 - constant
    return int(connection.execute(query, exhibits).fetchone()[0])


def issue_codes(connection: sqlite3.Connection, *exhibits: int) -> dict[str, int]:
    """Return how many lines of the issue log carry each code, of exhibits by number or of the whole case."""
    among = f" WHERE {_among(exhibits)}" if exhibits else ""
    query = f"SELECT code, COUNT(*) FROM issues{among} GROUP BY code ORDER BY code"  # noqa: S608 - constant
    return dict(connection.execute(query, exhibits).fetchall())


def run_failed(connection: sqlite3.Connection, exhibits: Sequence[int]) -> int:
    """Return how many rows of ``exhibits`` (at least one) say that they failed, what is encrypted left out.

    Directories, volumes and opened exhibits count: one that could not be listed whole hides others.
    """
    failed = (
        "SELECT COUNT(*) FROM items WHERE status IN ('encrypted', 'unreadable', 'quarantined') "  # noqa: S608
        f"AND status <> 'encrypted' AND {_among(exhibits)}"  # in the words of the index items_failed
    )
    return int(connection.execute(failed, exhibits).fetchone()[0])


def _among(exhibits: Sequence[int]) -> str:
    return f"exhibit IN ({','.join('?' * len(exhibits))})"
