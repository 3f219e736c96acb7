"""Which words of a text a query means: as the index would decide it, on tokens with their offsets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actionday.storage.index.node import Match, Node, Term, sought
from actionday.storage.index.normalise import Terms, Token
from actionday.storage.index.query import is_prefix, query_words, reach
from actionday.storage.index.unspaced import RUNS

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query. ``accepted`` as it stands; ``seconds``: second spellings count too."""

    accepted: frozenset[str]
    seconds: bool = False
    prefix: str | None = None
    distance: int = 0

    def meets(self, token: Token) -> bool:
        """Tell whether a token of the text is a hit."""
        if token.word in self.accepted or (
            self.seconds and not self.accepted.isdisjoint(token.alts + token.parts)
        ):
            return True
        if self.prefix is not None:
            return any(word.startswith(self.prefix) for word in (token.word, *token.alts, *token.parts))
        return self.distance > 0 and any(near(token.word, word, self.distance) for word in self.accepted)

    def likely(self, terms: Terms) -> bool:
        """Tell, far faster than token by token, whether a text may have a hit; both parts padded by a space."""
        if self.distance:
            return any(
                near(word, own, self.distance) for own in self.accepted for word in set(terms.body.split())
            )
        if self.prefix is not None:
            return f" {self.prefix}" in terms.body or f" {self.prefix}" in terms.alt
        words = [f" {word} " for word in self.accepted]
        return any(word in terms.body or (self.seconds and word in terms.alt) for word in words)


@dataclass(frozen=True, slots=True)
class Sought:
    """A word or phrase of a query: its words, and how far each stands behind the first."""

    words: tuple[Word, ...]
    shifts: tuple[int, ...]
    ends_inside: bool  # the last word is one character, found by the bigram that it begins
    needle: str | None  # what ``body`` holds wherever a phrase of words that follow each other is met

    def likely(self, terms: Terms) -> bool:
        """Tell whether a text may have a hit; see ``Word.likely``. ``body`` has one space between words."""
        if self.needle is not None:
            return self.needle in terms.body
        return all(word.likely(terms) for word in self.words)

    def spans(self, row: Sequence[Token]) -> Iterator[Span]:
        """Yield where the hits lie, in order."""
        first, rest = self.words[0], list(zip(self.words[1:], self.shifts[1:], strict=True))
        for at in range(len(row) - self.shifts[-1]):
            if first.meets(row[at]) and all(word.meets(row[at + shift]) for word, shift in rest):
                last = row[at + self.shifts[-1]]
                short = self.ends_inside and len(last.word) == 2 and RUNS.match(last.word)
                yield row[at].start, last.start + 1 if short else last.end


def sought_words(node: Node) -> list[Sought]:
    """Return what a query seeks in the text."""
    return [_sought(term) for term in sought(node)]


def _sought(term: Term) -> Sought:
    placed, found = query_words(term.text)
    places = [place for place, _ in placed]
    words = tuple(_word(term, found[place], place == places[-1], len(places) == 1) for place in places)
    shifts = tuple(place - places[0] for place in places)
    return Sought(words, shifts, is_prefix(placed[-1][1]), _needle(words, shifts))


def _needle(words: Sequence[Word], shifts: Sequence[int]) -> str | None:
    followed = shifts == tuple(range(len(words)))
    plain = all(word.prefix is None for word in words[:-1])
    if len(words) == 1 or not followed or not plain:
        return None
    last = words[-1]
    parts = [min(word.accepted) for word in words]
    return f" {' '.join(parts)}{' ' if last.prefix is None else ''}"


def _word(term: Term, token: Token, last: bool, alone: bool) -> Word:
    own = frozenset({token.word})
    if is_prefix(token.word) or (term.match is Match.PREFIX and last):
        return Word(own, prefix=token.word)
    if RUNS.match(token.word):
        return Word(own)
    if term.match is Match.FUZZY:
        return Word(own, distance=reach(token.word))
    seconds = alone and term.match is Match.WORD
    return Word(own.union(token.alts), seconds=True) if seconds else Word(own)


def near(left: str, right: str, most: int) -> bool:
    """Tell whether two words are at most so many insertions, deletions, changes or swaps of neighbours apart.

    Source: optimal string alignment, which is how tantivy's automaton counts a swap as one.
    """
    if abs(len(left) - len(right)) > most or len(set(left) ^ set(right)) > 2 * most:
        return False
    older: list[int] = []
    before = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        row = [i]
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        older, before = before, row
    return before[-1] <= most
