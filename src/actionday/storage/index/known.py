"""What of a snapshot of the index the database knows: the writer commits the index first, and may be killed then.

Costs one look at the least and greatest ``seq`` of each segment, and a clause more in each query while there is more.
"""

import tantivy
from tantivy import FieldType, Occur, Query

from actionday.storage.index.counts import matches
from actionday.storage.index.folder import guarded

LARGEST = (1 << 63) - 1


def numbered(schema: tantivy.Schema, field: str, low: int, high: int) -> Query:
    """Return the query for a range of a number, both ends with it."""
    return Query.range_query(schema, field, FieldType.Unsigned, low, high)


def largest(searcher: tantivy.Searcher, field: str) -> int:
    """Return the largest value of a number, 0 where there is none. Raises IndexDamaged."""
    found = guarded(lambda: searcher.aggregate(Query.all_query(), {"max": {"max": {"field": field}}}))
    return int(found["max"]["value"] or 0)


class Known:
    """The documents of a snapshot up to a transaction; all of them where none is named."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher, seq: int | None) -> None:
        self.searcher = searcher
        self._schema, self._seq = schema, seq
        self.later = 0 if seq is None else matches(searcher, numbered(schema, "seq", seq + 1, LARGEST))
        """How many documents there are that no transaction knows."""

    def within(self, query: Query) -> Query:
        """Return the query for what is found and known."""
        if not self.later or self._seq is None:
            return query
        known = Query.const_score_query(numbered(self._schema, "seq", 0, self._seq), 0.0)
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, known)])

    def frequency(self, field: str, value: str) -> int:
        """Return how many known documents have a word or a whole value."""
        found = self.searcher.doc_freq(field, value)
        if not found or not self.later:
            return found
        return matches(self.searcher, self.within(Query.term_query(self._schema, field, value)))
