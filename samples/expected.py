"""What a case made of the network must show, read from ``truth.json`` (docs/sample-network.md)."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from actionday.model.language import macro_of

Rows = Iterable[Mapping[str, Any]]
Place = tuple[str | None, ...]
"""Exhibit, path and SHA-256, or exhibit and SHA-256."""
Places = Counter[Place]
SCRIPTS = ("Arab", "Cyrl", "Hans", "Hebr", "Thai", "Jpan", "Grek", "Kore", "Beng", "Latn")
"""Which scripts the three searches are taken from, in this order."""


class Search(NamedTuple):
    """A search and how many items it must find."""

    query: str
    language: str
    script: str
    items: int


class Exhibit(NamedTuple):
    """An exhibit: the names of its files, the first of which is given to ``ingest``, and its items."""

    id: str
    sources: tuple[str, ...]
    items: list[dict[str, Any]]


class Truth(NamedTuple):
    """What the generator wrote of the network."""

    exhibits: list[Exhibit]
    searches: list[Search]


def read_truth(path: Path) -> Truth:
    """Return the truth; fields not needed here are left out."""
    values = json.loads(path.read_text(encoding="utf-8"))
    exhibits = [Exhibit(each["id"], tuple(each["sources"]), each["items"]) for each in values["exhibits"]]
    searches = [Search(*(each[name] for name in Search._fields)) for each in values["searches"]]
    return Truth(exhibits, searches)


def three_scripts(truth: Truth) -> list[Search]:
    """Return a search of three scripts each, those that differ most from one another first."""
    first = {each.script: each for each in reversed(truth.searches)}
    return [first[script] for script in SCRIPTS if script in first][:3]


def places(truth: Truth, rows: Rows) -> tuple[int, int]:
    """Return how many of the items that must be found are there, and how many there must be.

    Where a part of the path is the reader's choice, exhibit and SHA-256 have to agree; else the path too.
    Each row counts once, so that a content in three places is expected three times.
    """
    exact, loose = _counted(rows)
    found = expected = 0
    for exhibit in truth.exhibits:
        named = [item["path"] + "/" for item in exhibit.items if item.get("loose")]
        for item in exhibit.items:
            if item["need"] != "must":
                continue
            expected += 1
            free = item.get("loose") or item["path"].startswith(tuple(named))
            counts = loose if free else exact
            keys = ((exhibit.sources[0], *(() if free else (item["path"],)), each) for each in _digests(item))
            found += any(_taken(counts, key) for key in keys)
    return found, expected


def entries(truth: Truth, rows: Rows) -> tuple[int, int]:
    """Return how many rows and messages stand below the files that hold them, and how many their writers counted.

    More than a writer counted is as wrong as fewer: each file gives no more than its own number.
    """
    told = Counter((row["exhibit"], path, row["kind"]) for row in rows for path in _above(row["path"]))
    found = expected = 0
    for exhibit in truth.exhibits:
        for item in exhibit.items:
            for kind, count in item.get("entries", {}).items():
                there = told[exhibit.sources[0], item["path"], kind]
                found += there if there <= count else 0
                expected += count
    return found, expected


def _above(path: str) -> Iterator[str]:
    """Yield the paths of what an item lies in."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _counted(rows: Rows) -> tuple[Places, Places]:
    exact: Places = Counter()
    loose: Places = Counter()
    for row in rows:
        exact[row["exhibit"], row["path"], row["sha256"]] += 1
        loose[row["exhibit"], row["sha256"]] += 1
    return exact, loose


def _digests(item: Mapping[str, Any]) -> Iterator[str | None]:
    """Yield the hashes an item may have, None where it may have none.

    A link and what is encrypted have no content to hash; a message may hold the empty line that ends it, or not.
    """
    yield item["sha256"]
    yield from item.get("alt", ())
    if item["kind"] == "symlink" or "encrypted" in item.get("statuses", ()):
        yield None


def _taken(counts: Places, key: Place) -> bool:
    if counts[key] < 1:
        return False
    counts[key] -= 1
    return True


def languages(truth: Truth, rows: Rows) -> dict[str, tuple[int, int]]:
    """Return for each language how many contents are told right, and how many there are.

    A language of the same macrolanguage is right too: Indonesian and Malay are told apart by single words.
    """
    told = {row["sha256"]: macro_of(row["language"]) for row in rows}
    expected: dict[str, str] = {}
    for exhibit in truth.exhibits:
        for item in exhibit.items:
            if item["need"] == "must" and "language" in item and "languages" not in item:
                expected[item["sha256"]] = item["language"]
    right = Counter(each for digest, each in expected.items() if told.get(digest) == macro_of(each))
    return {each: (right[each], count) for each, count in sorted(Counter(expected.values()).items())}
