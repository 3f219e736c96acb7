"""A stretch of a text as many words of a query ask for it: looked up, not gone through once for each of them."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from actionday.storage.index.aligned import Token
from actionday.storage.index.nearby import Nearby
from actionday.storage.index.normalise import Terms

FEW = (
    16  # words of a query up to which a stretch is searched for each of them: making a set of it takes longer
)


class Glance:
    """What a normalised stretch may hold: its words without their places."""

    def __init__(self, terms: Terms, asked: int, nearby: Nearby | None) -> None:
        self._terms = terms
        self._few = asked <= FEW
        self.near = nearby.among(self._words | self._seconds) if nearby else frozenset[str]()
        """The words of the query that may differ by letters and have one nearby here, or a second form of one."""

    def has(self, word: str) -> bool:
        """Tell whether the word is here."""
        return f" {word} " in self._body if self._few else word in self._words

    def has_second(self, word: str) -> bool:
        """Tell whether the word is here as a second form of one."""
        return f" {word} " in self._alt if self._few else word in self._seconds

    def begins(self, beginning: str) -> bool:
        """Tell whether a word or second form begins so."""
        if self._few:
            return f" {beginning}" in self._body or f" {beginning}" in self._alt
        return next(_beginning(self._sorted, beginning), None) is not None

    def goes(self, needle: str) -> bool:
        """Tell whether words stand here in a row, with one space before each."""
        return all(map(self.has, needle.split()[:-1])) and needle in self._line

    @cached_property
    def _body(self) -> str:
        return f" {self._terms.body} "

    @cached_property
    def _alt(self) -> str:
        return f" {self._terms.alt} "

    @cached_property
    def _line(self) -> str:
        return f" {' '.join(self._terms.body.split())} "

    @cached_property
    def _words(self) -> set[str]:
        return set(self._terms.body.split())

    @cached_property
    def _seconds(self) -> set[str]:
        return set(self._terms.alt.split())

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._words | self._seconds)


class Row:
    """The tokens of a stretch, and where each word stands among them."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self.tokens = list(tokens)

    def words(self, words: Collection[str]) -> set[int]:
        """Return where the words stand."""
        return {at for word in words for at in self._words.get(word, ())}

    def seconds(self, words: Collection[str]) -> set[int]:
        """Return where the words are second forms."""
        return {at for word in words for at in self._seconds.get(word, ())}

    def beginning(self, beginning: str) -> set[int]:
        """Return where a word or second form begins so."""
        begun = [*_beginning(self._sorted, beginning)]
        return self.words(begun) | self.seconds(begun)

    def near(self, nearby: Nearby, word: str) -> set[int]:
        """Return where words near to one of ``nearby`` stand, or such that have a second form near to it."""
        own = self.words([each for each in self._words if word in nearby.of(each)])
        return own | self.seconds([each for each in self._seconds if word in nearby.of(each)])

    @cached_property
    def _words(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, token in enumerate(self.tokens):
            found.setdefault(token.word, []).append(at)
        return found

    @cached_property
    def _seconds(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, token in enumerate(self.tokens):
            for form in (*token.alts, *token.parts):
                found.setdefault(form, []).append(at)
        return found

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted({*self._words, *self._seconds})


def _beginning(words: list[str], beginning: str) -> Iterator[str]:
    at = bisect_left(words, beginning)
    while at < len(words) and words[at].startswith(beginning):
        yield words[at]
        at += 1
