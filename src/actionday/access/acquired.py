"""How an exhibit was acquired, as it is shown with its own item: files, their hashes, what the imager told."""

import sqlite3
from typing import Any, NamedTuple

from actionday.access import stored
from actionday.access.exhibits import Compared, Source, compared, sources_of
from actionday.access.items import Item
from actionday.access.missing import IMAGED, Missing, hash_unknown, missing


class Acquired(NamedTuple):
    """The acquisition of an exhibit; ``facts``: what the imager told, and of a folder what was listed in it."""

    state: str
    size: int
    sources: list[Source]
    compared: list[Compared]
    """The imager's hashes of the disk beside ours; empty where it noted none."""
    facts: dict[str, Any]

    @property
    def imaged(self) -> bool:
        """Say whether an imager wrote it, who could have noted a hash."""
        return IMAGED in self.facts

    @property
    def missing(self) -> Missing | None:
        """Return what of the disk in it cannot be had."""
        return missing(self.facts)

    @property
    def hash_unknown(self) -> str:
        """Return why it is not known what hash the imager noted; "" where it noted one, or none."""
        return hash_unknown(self.facts)

    def as_data(self) -> dict[str, Any]:
        """Return it as ``show --json`` has it."""
        return {
            "state": self.state,
            "size": self.size,
            "sources": [each._asdict() for each in self.sources],
            "compared": [{**each._asdict(), "equal": each.equal} for each in self.compared],
            "facts": self.facts,
        }


def acquired(database: sqlite3.Connection, item: Item) -> Acquired | None:
    """Return how the exhibit was acquired whose own item it is; None for an item within one."""
    if item.parent is not None:
        return None
    query = "SELECT state, size, sources, acquisition FROM exhibits WHERE number = ?"
    row = database.execute(query, (item.number,)).fetchone()
    if row is None:
        return None
    facts = stored.facts(row[3])
    told = {key: value for key, value in facts.items() if key != "sources"}
    return Acquired(row[0], row[1], sources_of(row[2]), compared(facts), told)
