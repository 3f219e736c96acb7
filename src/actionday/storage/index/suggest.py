"""Nothing found? For each word that the index does not hold, the nearest that it does."""

from collections import Counter
from collections.abc import Sequence

import tantivy

from actionday.storage.index.nearby import near
from actionday.storage.index.node import Match, Node, Term, sought
from actionday.storage.index.normalise import tokens
from actionday.storage.index.query import query_words, reach
from actionday.storage.index.unspaced import RUNS

MOST_TERMS = 5_000  # of those that begin with the same letter, the most frequent ones are looked at: 20 ms
WORDS = ("body", "meta", "own")  # the fields that a word without a field is sought in
MOST_WORDS = 10  # of a query


def suggestions(searcher: tantivy.Searcher, node: Node) -> list[tuple[str, str]]:
    """Return pairs of a missing word and the nearest word of the index, the most frequent of equally near.

    Words are as ``normalise`` leaves them; a suggestion begins with the same letter and is as near as
    ``word~`` reaches. Words of scripts without spaces have none.
    """
    missing = [word for word in dict.fromkeys(_words(node)) if not _held(searcher, word)]
    pairs = ((word, _nearest(searcher, word)) for word in missing[:MOST_WORDS])
    return [(word, better) for word, better in pairs if better is not None]


def corrected(query: str, node: Node, pairs: Sequence[tuple[str, str]]) -> str:
    """Return ``query``, of which ``node`` is the tree, with each missing word replaced where it stands."""
    better = dict(pairs)
    spans = [
        (at + token.start, at + token.end, better[token.word])
        for at, text in ((term.position + (term.match is Match.PHRASE), term.text) for term in _whole(node))
        for token in tokens(text)
        if token.word in better
    ]
    for start, end, word in sorted(spans, reverse=True):
        query = query[:start] + word + query[end:]
    return query


def _held(searcher: tantivy.Searcher, word: str) -> bool:
    return any(searcher.doc_freq(field, word) for field in WORDS)


def _whole(node: Node) -> list[Term]:
    return [term for term in sought(node) if term.match in (Match.WORD, Match.PHRASE)]


def _words(node: Node) -> list[str]:
    return [word for term in _whole(node) for _, word in query_words(term.text)[0] if not RUNS.match(word)]


def _nearest(searcher: tantivy.Searcher, word: str) -> str | None:
    found = Counter[str]()
    for field in WORDS:
        found.update(dict(searcher.terms_with_prefix(field, word[:1], limit=MOST_TERMS)))
    known = sorted(found, key=lambda term: -found[term])
    for distance in range(1, reach(word) + 1):
        if (better := next((term for term in known if near(word, term, distance)), None)) is not None:
            return better
    return None
