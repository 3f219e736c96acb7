"""Exact counts of what a query finds: items, contents, and how many in each language, type, exhibit, year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import tantivy
from tantivy import FieldType, Occur, Query

from actionday.storage.index.fields import FIELDS
from actionday.storage.index.node import Node, terms
from actionday.storage.index.schema import FURTHER

FACETS = {"language": "lang", "type": "mime", "exhibit": "exhibit", "year": "year", "script": "script",
          "kind": "kind", "status": "status"}  # fmt: skip
MOST_VALUES = 60_000  # of a facet: tantivy refuses 65,000
LOOKED_AT_ONCE = 200_000  # hits: 60 MB
ITEM_FILTERS = {"type", "exhibit", "kind", "status", "year"}  # two places of one content may differ in them
NUMBERS = 1 << 64  # of contents
Facets = dict[str, list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted of a query."""

    total: int
    contents: int
    facets: Facets = field(default_factory=dict)


def counted(
    schema: tantivy.Schema, searcher: tantivy.Searcher, query: Query, of_item: bool, facets: Sequence[str]
) -> Counts:
    """Return how many items and different contents a query finds, and its facets, in one pass if possible.

    Items without a content are no content. Where a query asks only for what a content's places share, either
    all of them are found or none, so it is enough to count the ``first`` of each. Otherwise (``of_item``), or
    where a content that was read in several ways is among them, each hit is looked at.
    """
    found = searcher.aggregate(query, {"items": {"stats": {"field": "first"}}, **_buckets(facets)})
    items = int(found["items"]["count"])
    each = of_item or int(found["items"]["max"] or 0) >= FURTHER
    contents = _contents(schema, searcher, query, items) if each else int(found["items"]["sum"] or 0)
    return Counts(items, contents, {name: _sorted(found[name]["buckets"]) for name in facets})


def faceted(searcher: tantivy.Searcher, query: Query, facets: Sequence[str]) -> Facets:
    """Return how many items a query finds in each value of its facets."""
    found = searcher.aggregate(query, _buckets(facets))
    return {name: _sorted(found[name]["buckets"]) for name in facets}


def _buckets(facets: Sequence[str]) -> dict[str, dict[str, dict[str, object]]]:
    return {name: {"terms": {"field": FACETS[name], "size": MOST_VALUES}} for name in facets}


def by_item(node: Node, filters: Iterable[str]) -> bool:
    """Tell whether the places of one content may differ in being found."""
    fields = {term.field for term in terms(node) if term.field}
    return any(FIELDS[field].of_item for field in fields) or not ITEM_FILTERS.isdisjoint(filters)


def matches(searcher: tantivy.Searcher, query: Query) -> int:
    """Return how many items a query finds."""
    return total(searcher.search(query, 1))


def total(result: tantivy.SearchResult) -> int:
    """Return how many hits there were beside those in the result."""
    return int(result.count)  # type: ignore[attr-defined]  # its stub forgets it


def _contents(schema: tantivy.Schema, searcher: tantivy.Searcher, query: Query, items: int) -> int:
    """Return how many contents the hits have, looked at in parts that no content lies in two of."""
    parts = items // LOOKED_AT_ONCE + 1
    return sum(
        _different(searcher, _part(schema, query, part * NUMBERS // parts, (part + 1) * NUMBERS // parts - 1))
        for part in range(parts)
    )


def _part(schema: tantivy.Schema, query: Query, low: int, high: int) -> Query:
    inside = Query.range_query(schema, "content", FieldType.Unsigned, low, high)
    both = Query.boolean_query([(Occur.Must, query), (Occur.Must, inside)])
    return Query.const_score_query(both, 0.0)


def _different(searcher: tantivy.Searcher, query: Query) -> int:
    if not (items := matches(searcher, query)):
        return 0
    hits = searcher.search(query, items, count=False).hits
    return len({*searcher.fast_field_values("content", [address for _, address in hits])})


def _sorted(buckets: list[dict[str, object]]) -> list[tuple[str, int]]:
    pairs = [(_name(bucket["key"]), int(str(bucket["doc_count"]))) for bucket in buckets]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _name(key: object) -> str:
    return str(int(key)) if isinstance(key, float) else str(key)
