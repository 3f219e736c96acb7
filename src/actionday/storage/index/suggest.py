"""Nothing found? For each word that the index does not hold, the nearest that it does."""

from collections import Counter
from collections.abc import Sequence

from actionday.storage.index.known import Known
from actionday.storage.index.nearby import FARTHEST, near
from actionday.storage.index.node import Match, Node, Term, sought
from actionday.storage.index.normalise import tokens
from actionday.storage.index.query import query_words, reach
from actionday.storage.index.unspaced import RUNS

MOST_TERMS = 5_000  # of those that begin with the same letter, the most frequent ones are looked at: 20 ms
MOST_OF_A_BEGINNING = 500  # of those that begin with three letters: 0.2 ms
BLOCK = 128  # characters of Unicode in which an alphabet lies
WORDS = ("body", "meta", "own")  # the fields that a word without a field is sought in
MOST_WORDS = 10  # of a query


def suggestions(known: Known, node: Node) -> list[tuple[str, str]]:
    """Return pairs of a missing word and the nearest word of what is known, the most frequent of equally near.

    Words are as ``normalise`` leaves them; a suggestion is as near as ``word~`` reaches. Where the first letter and
    another are wrong, the other one stands behind the third: all words of an index are too many to look at (2 s of
    a million). Words of scripts without spaces have none. Digits
    are no matter of spelling: a number has none, and those of a word stand in its suggestion too.
    """
    spelt = (word for word in dict.fromkeys(_words(node)) if not all(map(str.isdigit, word)))
    missing = [word for word in spelt if not _held(known, word)]
    pairs = ((word, _nearest(known, word)) for word in missing[:MOST_WORDS])
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


def _held(known: Known, word: str) -> int:
    return sum(known.frequency(field, word) for field in WORDS)


def _whole(node: Node) -> list[Term]:
    return [term for term in sought(node) if term.match in (Match.WORD, Match.PHRASE)]


def _words(node: Node) -> list[str]:
    return [word for term in _whole(node) for _, word in query_words(term.text)[0] if not RUNS.match(word)]


def _nearest(known: Known, word: str) -> str | None:
    found, listed = Counter[str](), known.searcher.terms_with_prefix
    for field in WORDS:
        found.update(dict(listed(field, word[:1], limit=MOST_TERMS)))
    for probe in _one_apart(word):
        found[probe] += sum(known.searcher.doc_freq(field, probe) for field in WORDS)
    if better := _most_frequent(known, found, word, 1):
        return better
    if reach(word) < FARTHEST:
        return None
    for begin in _beginnings(word):
        for field in WORDS:
            found.update(dict(listed(field, begin, limit=MOST_OF_A_BEGINNING)))
    return _most_frequent(known, found, word, FARTHEST)


def _most_frequent(known: Known, found: Counter[str], word: str, distance: int) -> str | None:
    digits = _digits(word)
    terms = sorted(
        (term for term in found if found[term] and _digits(term) == digits), key=lambda term: -found[term]
    )
    close = (term for term in terms if near(word, term, distance))
    if not known.later:
        return next(close, None)
    held = {term: count for term in close if (count := _held(known, term))}
    return max(held, key=lambda term: held[term], default=None)


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))


def _one_apart(word: str) -> set[str]:
    """Return what a word could be whose first letter alone is wrong: another, one too many, one left out, swapped."""
    found = {letter + rest for letter in _letters(word) for rest in (word[1:], word)}
    found.update((word[1:], word[1:2] + word[:1] + word[2:]))
    return {each for each in found if each and each[:1] != word[:1]}


def _beginnings(word: str) -> set[str]:
    """Return three letters that a word may begin with whose first letter is wrong and the two behind it are not."""
    found = {letter + rest for letter in _letters(word) for rest in (word[1:3], word[:2])}
    found.update((word[1:4], word[1:2] + word[:1] + word[2:3]))
    return {each for each in found if each[:1] != word[:1]}


def _letters(word: str) -> set[str]:
    """Return the letters and digits that stand in Unicode beside the first two of a word: mostly its alphabet."""
    starts = {ord(each) & -BLOCK for each in word[:2]}
    around = {chr(code) for start in starts for code in range(start, start + BLOCK)}
    return {each for each in around if each.isalnum() and each == each.lower()}
