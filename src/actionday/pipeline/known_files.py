"""What the case's sets of known hashes say of a content: need it be read, or is it sought?

Known good is what a set calls so that somebody gave to the case from outside, and no other set calls bad. It is listed
and hashed, and nothing is made of it: neither parsed nor opened.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable

import msgspec

from actionday.model import Kind
from actionday.model.counted import parted
from actionday.pipeline.messages import Located
from actionday.pipeline.reading import Body
from actionday.storage.hashes.known import Known, Match
from actionday.storage.hashes.sets import GOOD

KNOWN_HASH = "known_hash"
"""The fact of an item that says which sets its hash is in, where it is read all the same."""

MARKED = f"SELECT exhibit, meta FROM items WHERE meta LIKE '%\"{KNOWN_HASH}\":[%'"  # noqa: S608 - a constant
"""Items that have the fact; in a text of somebody else's the quotation marks would be escaped."""


class KnownFiles:
    """Judges contents once they are hashed; 2 µs a set."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def judged(self, each: Located, body: Body) -> tuple[Located, str]:
        """Return the item with what the sets say of it among its facts, and why it need not be read, "" where it must.

        Nothing is known of bytes that were not all had, nor of none: nobody seeks the empty file. An exhibit is never
        passed over: somebody gave it to be read.
        """
        whole = body.size > 0 and body.error is None and not body.gaps and each.status is None
        if not self._known or not whole:
            return each, ""
        matches = self._known.matches(body.sha256, body.md5, body.sha1)
        if not matches:
            return each, ""
        if each.kind != Kind.EXHIBIT and (reason := reason_of(matches)):
            return each, "; ".join(filter(None, (each.reason, reason)))
        facts: dict[str, object] = msgspec.json.decode(each.meta) if each.meta else {}
        facts[KNOWN_HASH] = [told(match) for match in matches]
        return msgspec.structs.replace(each, meta=msgspec.json.encode(facts)), ""


def reason_of(matches: list[Match]) -> str:
    """Return the reason of an item that is known good, "" where one of the sets calls it bad, or none calls it good."""
    if not matches or any(match.named.kind != GOOD for match in matches):
        return ""
    return f"its hash is in {', '.join(f'{match.named.called} ({match.by})' for match in matches)}"


def told(match: Match) -> dict[str, object]:
    """Return what an item's facts say of a match."""
    said: dict[str, object] = {
        "set": match.named.name,
        "version": match.named.version,
        "kind": match.named.kind,
        "by": match.by,
        "category": list(match.labels),
    }
    return {key: value for key, value in said.items() if value}


def sought(database: sqlite3.Connection, exhibits: Iterable[int]) -> list[str]:
    """Return in sentences how many items of ``exhibits`` have a hash that a bad set has: by set, and by category.

    Goes through all items once: 1 s for some millions.
    """
    found = Counter[tuple[str, str]]()
    wanted = set(exhibits)
    for number, meta in database.execute(MARKED):
        for each in msgspec.json.decode(meta).get(KNOWN_HASH, ()) if number in wanted else ():
            if each["kind"] != GOOD:
                named = f"{each['set']} {each.get('version', '')}".strip()
                found.update((named, category) for category in each.get("category") or ("",))
    return [
        f"sought: {parted(count, 'item')} with a hash of {named}{f', category {category}' if category else ''}"
        for (named, category), count in sorted(found.items())
    ]
