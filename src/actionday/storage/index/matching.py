"""Which words of a text a query means: as the index would decide it, on tokens with their offsets."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from actionday.storage.index.aligned import Token
from actionday.storage.index.nearby import Nearby
from actionday.storage.index.node import Match, Node, Term, sought
from actionday.storage.index.query import is_prefix, query_words, reach
from actionday.storage.index.stretch import Glance, Row
from actionday.storage.index.unspaced import RUNS

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query. ``accepted`` as it stands; ``seconds``: second spellings count too."""

    accepted: frozenset[str]
    seconds: bool = False
    prefix: str | None = None
    fuzzy: str | None = None
    nearby: Nearby | None = None
    """Of a word that may differ by letters: all such words of the query, of which it is ``fuzzy``."""

    def meets(self, token: Token) -> bool:
        """Tell whether a token of the text is a hit."""
        if token.word in self.accepted or (
            self.seconds and not self.accepted.isdisjoint(token.alts + token.parts)
        ):
            return True
        if self.prefix is not None:
            return any(word.startswith(self.prefix) for word in (token.word, *token.alts, *token.parts))
        return self.nearby is not None and self.fuzzy in self.nearby.among(
            (token.word, *token.alts, *token.parts)
        )

    def places(self, row: Row) -> list[int]:
        """Return at which tokens of a text the hits are: those that ``meets`` tells."""
        found = row.words(self.accepted)
        if self.seconds:
            found |= row.seconds(self.accepted)
        if self.prefix is not None:
            found |= row.beginning(self.prefix)
        if self.nearby is not None and self.fuzzy is not None:
            found |= row.near(self.nearby, self.fuzzy)
        return sorted(found)

    def likely(self, glance: Glance) -> bool:
        """Tell, far faster than token by token, whether a text may have a hit."""
        if self.fuzzy in glance.near or (self.prefix is not None and glance.begins(self.prefix)):
            return True
        if any(map(glance.has, self.accepted)):
            return True
        return self.seconds and any(map(glance.has_second, self.accepted))


@dataclass(frozen=True, slots=True)
class Sought:
    """A word or phrase of a query: its words, and how far each stands behind the first."""

    term: Term
    words: tuple[Word, ...]
    shifts: tuple[int, ...]
    ends_inside: bool  # the last word is one character, found by the bigram that it begins
    needle: str | None  # what ``body`` holds wherever a phrase of words that follow each other is met

    def likely(self, glance: Glance) -> bool:
        """Tell whether a text may have a hit; see ``Word.likely``."""
        if self.needle is not None:
            return glance.goes(self.needle)
        return all(word.likely(glance) for word in self.words)

    def spans(self, row: Row) -> Iterator[Span]:
        """Yield where the hits lie, in order."""
        first, rest = self.words[0], list(zip(self.words[1:], self.shifts[1:], strict=True))
        tokens, end = row.tokens, len(row.tokens) - self.shifts[-1]
        for at in first.places(row):
            if at < end and all(word.meets(tokens[at + shift]) for word, shift in rest):
                last = tokens[at + self.shifts[-1]]
                short = self.ends_inside and len(last.word) == 2 and RUNS.match(last.word)
                yield tokens[at].start, last.start + 1 if short else last.end


def sought_words(node: Node, fields: Collection[str | None] = (None,)) -> list[Sought]:
    """Return what a query seeks in the text. Dear for many fuzzy words: made once for all texts that are looked at."""
    terms = sought(node, fields)
    fuzzy = [token.word for term in terms if term.match is Match.FUZZY for token in query_words(term.text)[1]]
    nearby = Nearby((word, reach(word)) for word in fuzzy) if fuzzy else None
    return [_sought(term, nearby) for term in terms]


def nearby_of(seeking: Sequence[Sought]) -> Nearby | None:
    """Return the words that may differ by letters, of which all such words know; None where there is none."""
    return next((word.nearby for each in seeking for word in each.words if word.nearby is not None), None)


def _sought(term: Term, nearby: Nearby | None) -> Sought:
    placed, found = query_words(term.text)
    places = [place for place, _ in placed]
    words = tuple(
        _word(term, found[place], place == places[-1], len(places) == 1, nearby) for place in places
    )
    shifts = tuple(place - places[0] for place in places)
    return Sought(term, words, shifts, is_prefix(placed[-1][1]), _needle(words, shifts))


def _needle(words: Sequence[Word], shifts: Sequence[int]) -> str | None:
    followed = shifts == tuple(range(len(words)))
    plain = all(word.prefix is None for word in words[:-1])
    if len(words) == 1 or not followed or not plain:
        return None
    last = words[-1]
    parts = [min(word.accepted) for word in words]
    return f" {' '.join(parts)}{' ' if last.prefix is None else ''}"


def _word(term: Term, token: Token, last: bool, alone: bool, nearby: Nearby | None) -> Word:
    own = frozenset({token.word})
    if is_prefix(token.word):
        return Word(own, prefix=token.word)
    begins = token.word if term.match is Match.PREFIX and last else None
    if RUNS.match(token.word) or not alone or term.match is Match.PHRASE:
        return Word(own, prefix=begins)
    fuzzy = token.word if term.match is Match.FUZZY else None
    return Word(own.union(token.alts), True, begins, fuzzy, nearby if fuzzy else None)
