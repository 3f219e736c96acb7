"""How many of the items that a query finds have one of some contents."""

from collections.abc import Iterable

import tantivy
from tantivy import Occur, Query

from actionday.storage.index.counts import matches
from actionday.storage.index.known import largest, numbered
from actionday.storage.index.schema import content_number

AT_ONCE = 200_000
"""Documents of one round: 60 MB."""


def among(schema: tantivy.Schema, searcher: tantivy.Searcher, query: Query, contents: Iterable[bytes]) -> int:
    """Return that number. Some 1 µs for each item that the query finds."""
    wanted, found = {content_number(each.hex()) for each in contents}, 0
    last = largest(searcher, "serial")
    for start in range(1, last + 1, AT_ONCE):
        part = numbered(schema, "serial", start, start + AT_ONCE - 1)
        has = Query.range_query(schema, "content", tantivy.FieldType.Unsigned, 0, (1 << 64) - 1)
        both = Query.boolean_query([(Occur.Must, query), (Occur.Must, part), (Occur.Must, has)])
        only = Query.const_score_query(both, 0.0)
        if count := matches(searcher, only):
            hits = searcher.search(only, count, count=False).hits
            values = searcher.fast_field_values("content", [address for _, address in hits])
            found += sum(value in wanted for value in values)
    return found
