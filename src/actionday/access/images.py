"""The images and disks that lie within exhibits: what is said of one in a folder is what is said of one that is given.

An image in a folder, an archive or a mail is an item; what its imager noted and what of its disk lacks are facts of
that item, as they are of the exhibit where the image is one.
"""

import sqlite3
from collections import Counter, defaultdict
from typing import Any, Literal, NamedTuple

from actionday.access import stored
from actionday.access.exhibits import Exhibit, compared
from actionday.access.missing import IMAGED, hash_unknown
from actionday.storage.database.cut_disks import CutDisks, cut_by_exhibit

State = Literal["differs", "unknown", "not_compared", "pending", "equal", "none"]
STATES: tuple[State, ...] = ("differs", "unknown", "not_compared", "pending", "equal", "none")
"""The gravest first."""
WITHIN = (
    "SELECT i.exhibit, i.meta FROM items i JOIN containers c ON c.item = i.id "
    "WHERE i.parent IS NOT NULL AND i.kind <> 'volume' AND i.meta IS NOT NULL AND instr(i.meta, ?)"
)
"""What was opened: some hundreds of a case; each image is among it, also one of which nothing could be read."""


class Images(NamedTuple):
    """What is said of the images of an exhibit: how many in which state of their hash, and what of their disks lacks.

    ``within``: they lie in the exhibit, and are not the exhibit itself.
    """

    hashes: dict[State, int]
    cut: CutDisks | None
    within: bool


Within = tuple[dict[int, Counter[State]], dict[int, CutDisks]]


def within(database: sqlite3.Connection) -> Within:
    """Return the states of the hashes of images within each exhibit, and what lacks of its disks."""
    states: dict[int, Counter[State]] = defaultdict(Counter)
    for exhibit, meta in database.execute(WITHIN, (f'"{IMAGED}"',)):
        facts = stored.facts(meta)
        if IMAGED in facts:
            states[exhibit][hash_state(facts)] += 1
    return states, cut_by_exhibit(database)


def images_of(exhibit: Exhibit, found: Within) -> Images:
    """Return what is said of the images of an exhibit: of its own, or of those that lie in it."""
    states, cut = found
    inside = states.get(exhibit.number, Counter[State]())
    if IMAGED in exhibit.acquisition or not inside:
        own: dict[State, int] = {hash_state(exhibit.acquisition): 1}
        return Images(own, None if exhibit.missing else cut.get(exhibit.number), False)
    counts: dict[State, int] = {state: inside[state] for state in STATES if state in inside}
    return Images(counts, cut.get(exhibit.number), True)


def hash_state(facts: dict[str, Any]) -> State:
    """Return what is known of the hash that the imager of a disk noted, by the facts of its image."""
    noted = compared(facts)
    if hash_unknown(facts):
        return "unknown"
    if not noted:
        return "none"
    if any(each.equal is False for each in noted):
        return "differs"
    if any(each.why for each in noted):
        return "not_compared"
    return "pending" if any(each.equal is None for each in noted) else "equal"
