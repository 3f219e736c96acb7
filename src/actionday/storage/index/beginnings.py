"""The words of the index that begin with a word, as regular expressions of which none stands for too many.

tantivy refuses a phrase with a word that stands for more than 16,384 others in a segment, and cannot be told to take
more; the union of several phrases is exact.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

import tantivy
from tantivy import Query

MOST_WORDS = 15_000  # that one expression stands for: the other words of a phrase count too
WEIGHED = 20_000  # words of one beginning whose texts are counted, the most frequent ones: 20 ms
NO_WORD = "-"
REFUSED = "exceeded max expansions"  # what tantivy says then


class Beginnings:
    """The beginnings that were asked for on one snapshot, so that a page, its counts and facets list them once."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema = schema
        self._searcher = searcher
        self._known: dict[tuple[str, str], list[str]] = {}
        self._weighed: dict[tuple[str, str], tuple[int, int]] = {}

    def of(self, field: str, beginning: str) -> list[str]:
        """Return expressions that together are met by each word that begins so, by one each.

        Time and memory: 5 ms where one is enough, otherwise 4 s and 200 MB for a million such words.
        """
        key = (field, beginning)
        if key not in self._known:
            whole = f"{beginning}.*"
            self._known[key] = [whole] if self._takes(field, whole) else self._listed(field, beginning)
        return self._known[key]

    def weighed(self, field: str, beginning: str) -> tuple[int, int]:
        """Return how many words begin so, and how many texts they have, each word for itself; ``WEIGHED`` at most."""
        key = (field, beginning)
        if key not in self._weighed:
            found = self._searcher.terms_with_prefix(field, beginning, limit=WEIGHED)
            self._weighed[key] = len(found), sum(count for _, count in found)
        return self._weighed[key]

    def _takes(self, field: str, expression: str) -> bool:
        """Tell whether tantivy takes it, beside a word that no text has: then there is nothing to go through."""
        phrase = Query.regex_phrase_query(self._schema, field, [(0, expression), (1, NO_WORD)])
        try:
            self._searcher.search(phrase, 1, count=False)
        except ValueError as error:
            if REFUSED not in str(error):
                raise
            return False
        return True

    def _listed(self, field: str, beginning: str) -> list[str]:
        words = sorted(word for word, _ in self._searcher.terms_with_prefix(field, beginning))
        return list(parted(words, beginning, MOST_WORDS))


def parted(words: Sequence[str], beginning: str, most: int) -> Iterator[str]:
    """Yield expressions for sorted words that all begin so: each word meets one, each meets ``most`` at most."""
    if len(words) <= most:
        yield f"{beginning}.*"
        return
    if words[0] == beginning:
        yield beginning
        words = words[1:]
    letters, held = "", 0
    for letter, group in groupby(words, lambda word: word[len(beginning)]):
        own = list(group)
        if letters and held + len(own) > most:
            yield f"{beginning}[{letters[0]}-{letters[-1]}].*"
            letters, held = "", 0
        if len(own) > most:
            yield from parted(own, beginning + letter, most)
        else:
            letters, held = letters + letter, held + len(own)
    if letters:
        yield f"{beginning}[{letters[0]}-{letters[-1]}].*"
