"""Where an item comes from, as a court asks: its exhibit's hashes, who acquired that when and with what."""

import json
import sqlite3
from typing import Any, NamedTuple

from actionday.access import stored
from actionday.access.exhibits import Compared, Source, compared, sources_of
from actionday.access.ledger import HASH, Line, line
from actionday.access.missing import Missing, missing
from actionday.ledger import Action, beginning

MOST_SOURCES = 20
"""Sources named beside an item; an exhibit of more segments has them all on its own page."""
IMAGER = ("examiner", "software", "acquired", "evidence_number", "case_number")
"""What an imager noted that says who, when and with what."""


class Provenance(NamedTuple):
    """The exhibit of an item."""

    number: int
    id: str
    sources: list[Source]
    more: int
    """Sources beyond ``MOST_SOURCES``."""
    compared: list[Compared]
    """The imager's hashes beside ours."""
    missing: Missing | None
    """What of the disk in it cannot be had."""
    imager: dict[str, Any]
    """What the imager noted, in its own words; empty where none did."""
    entry: Line | None
    """The ledger's entry of the acquisition: when, and who did it."""
    version: str | None
    """The version of Actionday that acquired it."""


def provenance(database: sqlite3.Connection, number: int) -> Provenance | None:
    """Return where the items of an exhibit come from, None where there is no such exhibit."""
    row = database.execute(
        "SELECT id, sources, acquisition FROM exhibits WHERE number = ?", (number,)
    ).fetchone()
    if row is None:
        return None
    facts = stored.facts(row[2])
    sources = sources_of(row[1])
    noted = facts.get("ewf")
    return Provenance(
        number=number,
        id=row[0],
        sources=sources[:MOST_SOURCES],
        more=max(0, len(sources) - MOST_SOURCES),
        compared=compared(facts),
        missing=missing(facts),
        imager={key: noted[key] for key in IMAGER if key in noted} if isinstance(noted, dict) else {},
        entry=_acquired(database, row[0]),
        version=_version(database, row[0]),
    )


def _acquired(database: sqlite3.Connection, exhibit: str) -> Line | None:
    """Return the entry of the acquisition; its begin and its subject are the canonical form of a leaf."""
    begins = beginning(Action.EXHIBIT_ACQUIRED)
    query = (
        f"SELECT idx, CAST(leaf AS BLOB), {HASH} FROM ledger_entry WHERE substr(leaf, 1, ?) = ? "  # noqa: S608 - bound
        """AND instr(leaf, ',"subject":' || json_quote(?) || ',"time":') > 0 ORDER BY idx LIMIT 1"""
    )
    row = database.execute(query, (len(begins), begins, exhibit)).fetchone()
    return None if row is None else line(*row)


def _version(database: sqlite3.Connection, exhibit: str) -> str | None:
    """Return the version of the first run that was given this exhibit."""
    query = "SELECT parameters FROM runs WHERE instr(parameters, ?) > 0 ORDER BY n"
    for (text,) in database.execute(query, (json.dumps(exhibit, ensure_ascii=False),)):
        parameters = stored.facts(text)
        if exhibit in (parameters.get("exhibits") or ()):
            version = parameters.get("version")
            return str(version) if version else None
    return None
