"""The images and disks that lie within exhibits: what is said of one in a folder is what is said of one that is given.

An image in a folder, an archive or a mail is an item; what its imager noted and what of its disk lacks are facts of
that item, as they are of the exhibit where the image is one.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from actionday.access import stored
from actionday.access.exhibits import Compared, Exhibit, compared
from actionday.access.items import Item
from actionday.access.missing import IMAGED, Missing, hash_unknown, missing
from actionday.storage.database.cut_disks import CutDisks, cut_by_exhibit

State = Literal["differs", "unknown", "not_compared", "pending", "equal", "none"]
STATES: tuple[State, ...] = ("differs", "unknown", "not_compared", "pending", "equal", "none")
"""The gravest first."""
WITHIN = (
    "SELECT i.exhibit, i.meta FROM items i JOIN containers c ON c.item = i.id "
    "WHERE i.parent IS NOT NULL AND i.kind NOT IN ('volume', 'shadow') AND i.meta IS NOT NULL AND instr(i.meta, ?)"
)
"""What was opened: some hundreds of a case; each image is among it, also one of which nothing could be read."""
BELOW = (
    "SELECT i.id, i.path, i.meta FROM containers c CROSS JOIN items i ON i.id = c.item WHERE i.parent IS NOT NULL "
    "AND i.kind NOT IN ('volume', 'shadow') AND i.meta IS NOT NULL AND instr(i.meta, ?) "
    "AND c.exhibit = ? AND i.path >= ? AND i.path < ? ORDER BY i.path, i.n"
)
"""By what was opened, never by all items: SQLite keeps the order of a CROSS JOIN."""
MOST_NAMED = 20
"""Images that are named with their hashes; how many more there are is said."""
LAST = "\U0010ffff"
"""Comes behind every path."""


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


class Image(NamedTuple):
    """An image that lies in an exhibit: its item, what its imager noted beside ours, what of it lacks."""

    id: str
    path: str
    compared: list[Compared]
    hash_unknown: str
    missing: Missing | None

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def differs(self) -> bool:
        """Say whether a stored hash is not ours: the image is not what its imager made."""
        return any(each.equal is False for each in self.compared)


class Imaged(NamedTuple):
    """The first images that lie somewhere, how many more there are, and how many of all are not as they were made."""

    images: list[Image]
    more: int
    differing: int

    @property
    def more_differing(self) -> int:
        """Return how many of those that are not named are not as they were made."""
        return self.differing - sum(each.differs for each in self.images)

    def as_data(self) -> list[dict[str, Any]]:
        """Return those that are named as ``show --json`` has them."""
        return [
            {
                "id": each.id,
                "path": each.path,
                "compared": [{**one._asdict(), "equal": one.equal} for one in each.compared],
                "hash_unknown": each.hash_unknown or None,
                "missing": each.missing._asdict() if each.missing else None,
            }
            for each in self.images
        ]


NO_IMAGES = Imaged([], 0, 0)


def imaged(database: sqlite3.Connection, exhibit: int, path: str = "") -> Imaged:
    """Return the images below ``path`` of an exhibit, in the order of their paths; its own is none of them.

    Goes through what was opened of it, some hundreds, and reads the facts of each image.
    """
    prefix, end = (f"{path}/", f"{path}0") if path else ("", LAST)
    found, count, differing = list[Image](), 0, 0
    for item, where, meta in database.execute(BELOW, (f'"{IMAGED}"', exhibit, prefix, end)):
        facts = stored.facts(meta)
        if IMAGED not in facts:
            continue
        one = image_of(item.hex(), where, facts)
        count, differing = count + 1, differing + one.differs
        if count <= MOST_NAMED:
            found.append(one)
    return Imaged(found, count - len(found), differing)


def on_the_way(items: Iterable[Item]) -> list[Image]:
    """Return those among an item and what it lies in that are images, and no exhibits by themselves."""
    return [image_of(each.id, each.path, each.meta) for each in items if each.parent and IMAGED in each.meta]


def image_of(item: str, path: str, facts: dict[str, Any]) -> Image:
    """Return what is said of an image by its facts."""
    return Image(item, path, compared(facts), hash_unknown(facts), missing(facts))


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
