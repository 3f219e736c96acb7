"""What a query would have the index read: told before it is asked, for nothing can stop the index once it reads.

Counted in postings: each costs 25 to 100 ns for exact counts, facets and a page together, measured on 200,000 texts.
A single word is bounded by the index itself, so that the dearest one is free: all is ``MOST`` and one word at most.
"""

from collections.abc import Iterable

import tantivy

from actionday.storage.index.beginnings import Beginnings
from actionday.storage.index.grammar import QueryError
from actionday.storage.index.node import Match, Node, Term, terms
from actionday.storage.index.query import META, NAME, OWN, TEXT, is_prefix, query_words, reach, readings

MOST = 150_000_000
FUZZY = {1: 500_000, 2: 1_000_000}  # by how many letters a word may differ: 14 and 57 ms on 220,000 words
GOES_ON = 10  # times as dear is the beginning of a word behind others: where it stands counts too
WHERE: dict[str | None, tuple[tuple[str, str], ...]] = {
    None: (TEXT, META, OWN),
    "meta": (META, OWN),
    "name": (NAME,),
    "path": (("path", "path"),),
}
WHOLE = {"exhibit": "exhibit", "kind": "kind", "status": "status", "script": "script", "language": "lang"}


def too_much(node: Node, cost: "Cost", most: int = MOST) -> QueryError | None:
    """Return what to say of the leaf by which a query asks for more than ``most``, its dearest leaf aside; or None."""
    leaves = terms(node)
    spent = dearest = 0
    for number, term in enumerate(leaves, 1):
        price = cost.of(term)
        spent, dearest = spent + price, max(dearest, price)
        if spent - dearest > most:
            first = f"its first {number:,} of {len(leaves):,} words"
            return QueryError(
                term.position,
                f"this query asks for too much at once: {first} stand for too many; ask in several parts, "
                "or with longer beginnings",
            )
    return None


class Cost:
    """Prices of the leaves of queries on one snapshot."""

    def __init__(self, searcher: tantivy.Searcher, beginnings: Beginnings) -> None:
        self._searcher = searcher
        self._beginnings = beginnings

    def of(self, term: Term) -> int:
        """Return how many postings are read for a leaf, about."""
        if term.field not in WHERE:
            return self._value(term)
        if term.match is Match.FUZZY:
            return FUZZY[reach(query_words(term.text)[0][0][1])]
        return sum(self._words(term, *where) for where in WHERE[term.field])

    def _words(self, term: Term, field: str, other: str) -> int:
        placed = query_words(term.text)[0]
        met, last = [words for _, words in readings(placed)], placed[-1][1]
        if term.match is not Match.PREFIX and not is_prefix(last):
            return min(self._held(field, words) for words in met) * len(met)
        begun = self._beginnings.postings(field, last)
        if len(met) > 1:
            before = min(self._held(field, words) for words in met[:-1])
            return before * len(met) + GOES_ON * begun
        return begun if other == field or is_prefix(last) else begun + self._beginnings.postings(other, last)

    def _held(self, field: str, words: Iterable[str]) -> int:
        return sum(self._searcher.doc_freq(field, word) for word in words)

    def _value(self, term: Term) -> int:
        """Return what a whole value is read for: of a set or a range no more than all items are."""
        if (field := WHOLE.get(term.field or "")) is None:
            return self._searcher.num_docs
        value = {"exhibit": term.text, "script": term.text.title()}.get(field, term.text.lower())
        return self._searcher.doc_freq(field, value)
