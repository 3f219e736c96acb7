"""What a query would have the index read: told before it is asked, for nothing can stop the index once it reads.

Counted in nanoseconds of exact counts, four facets and a page together, measured on 200,000 texts and on 150,000 words
of one beginning. The dearest leaf is free: a single word is bounded by the index itself, and need not be weighed.
"""

from collections.abc import Iterable

import tantivy

from actionday.storage.index.beginnings import WEIGHED, Beginnings
from actionday.storage.index.grammar import QueryError
from actionday.storage.index.node import Match, Node, Term, terms
from actionday.storage.index.query import META, NAME, OWN, TEXT, is_prefix, query_words, reach, readings

MOST = 5_000_000_000
POSTING = 30  # of a word or a whole value, OR being dearer than AND
SCANNED = 10  # an item, where all are looked at for a set or a range
FOLLOWED = 150  # a posting of a phrase's rarest word, for each of its words
BEGUN, BEGUN_WORD = 100, 1_800  # a posting and a word of a beginning
GOES_ON, GOES_ON_WORD = 1_000, 8_500  # the same behind other words: where it stands counts too
UNWEIGHED = 5  # times as many words as are weighed are taken for granted where there are more
FUZZY = {
    1: 17_000_000,
    2: 33_000_000,
}  # by how many letters may differ; half of it: lists of names are looked for
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
    light = [leaf for leaf in leaves if not is_begun(leaf)]
    if len(light) >= len(leaves) - 1 and sum(map(cost.of, light)) <= most:
        return None
    spent = dearest = 0
    for number, term in enumerate(leaves, 1):
        price = cost.of(term)
        spent, dearest = spent + price, max(dearest, price)
        if spent - dearest > most:
            return QueryError(
                term.position,
                f"this query asks for too much at once: its first {number:,} of {len(leaves):,} words stand for "
                "too many; ask in several parts, or with longer beginnings",
            )
    return None


def is_begun(term: Term) -> bool:
    """Tell whether words have to be listed to know what a leaf costs."""
    if term.field not in WHERE or term.match is Match.FUZZY:
        return False
    return term.match is Match.PREFIX or is_prefix(query_words(term.text)[0][-1][1])


class Cost:
    """Prices of the leaves of queries on one snapshot."""

    def __init__(self, searcher: tantivy.Searcher, beginnings: Beginnings) -> None:
        self._searcher = searcher
        self._beginnings = beginnings

    def of(self, term: Term) -> int:
        """Return how many nanoseconds a leaf takes, about."""
        if term.field not in WHERE:
            return self._value(term)
        if term.match is Match.FUZZY:
            return FUZZY[reach(query_words(term.text)[0][0][1])]
        return sum(self._words(term, *where) for where in WHERE[term.field])

    def _words(self, term: Term, field: str, other: str) -> int:
        placed = query_words(term.text)[0]
        met, last = [words for _, words in readings(placed)], placed[-1][1]
        if term.match is not Match.PREFIX and not is_prefix(last):
            rarest = min(self._held(field, words) for words in met)
            return rarest * (POSTING if len(met) == 1 else FOLLOWED * len(met))
        if len(met) > 1:
            before = min(self._held(field, words) for words in met[:-1])
            return before * len(met) * FOLLOWED + self._begun(field, last, GOES_ON, GOES_ON_WORD)
        fields = {field} if is_prefix(last) else {field, other}
        return sum(self._begun(each, last, BEGUN, BEGUN_WORD) for each in fields)

    def _begun(self, field: str, beginning: str, posting: int, word: int) -> int:
        words, postings = self._beginnings.weighed(field, beginning)
        return postings * posting + (words if words < WEIGHED else words * UNWEIGHED) * word

    def _held(self, field: str, words: Iterable[str]) -> int:
        return sum(self._searcher.doc_freq(field, word) for word in words)

    def _value(self, term: Term) -> int:
        """Return what a whole value is read for: of a set or a range no more than all items are."""
        if (field := WHOLE.get(term.field or "")) is None:
            return self._searcher.num_docs * SCANNED
        value = {"exhibit": term.text, "script": term.text.title()}.get(field, term.text.lower())
        return self._searcher.doc_freq(field, value) * POSTING
