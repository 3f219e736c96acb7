"""What was counted on one snapshot of the index: paging counts once, and facets do not count contents again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

import tantivy
from tantivy import Query

from actionday.storage.index.counts import Counts, Facets, counted, faceted
from actionday.storage.index.node import Node

REMEMBERED = 256  # queries
T = TypeVar("T")


def asked(node: Node, filters: Mapping[str, Sequence[str]]) -> Hashable:
    """Return the key of a query within filters."""
    return node, tuple(sorted((field, tuple(values)) for field, values in filters.items()))


class Tallies:
    """Counts of queries on one searcher, by what was ``asked``."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema = schema
        self._searcher = searcher
        self._counts: OrderedDict[Hashable, Counts] = OrderedDict()
        self._facets: OrderedDict[Hashable, Facets] = OrderedDict()

    def counts(
        self, key: Hashable, query: Query, of_item: Callable[[], bool], facets: Sequence[str]
    ) -> Counts:
        """Return totals, with these facets and perhaps others; ``of_item`` is asked where they are not known yet."""
        known = self._counts.get(key)
        if known is not None:
            return Counts(known.total, known.contents, self.facets(key, query, facets))
        made = counted(self._schema, self._searcher, query, of_item(), facets)
        _keep(self._counts, key, made)
        _keep(self._facets, key, {**self._facets.get(key, {}), **made.facets})
        return made

    def facets(self, key: Hashable, query: Query, facets: Sequence[str]) -> Facets:
        """Return exact counts by value, of these facets and perhaps others."""
        known = self._facets.get(key, {})
        if missing := [name for name in facets if name not in known]:
            known = {**known, **faceted(self._searcher, query, missing)}
            _keep(self._facets, key, known)
        return known


def _keep(kept: OrderedDict[Hashable, T], key: Hashable, value: T) -> None:
    kept[key] = value
    if len(kept) > REMEMBERED:
        kept.popitem(last=False)
