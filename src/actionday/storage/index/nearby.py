"""Which words are a few letters apart: of two words, and of very many with very many.

Source: optimal string alignment, which is how tantivy's automaton counts a swap as one; W. Garbe, SymSpell (2012), for
finding near words by what both become when letters are left out.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

SHORT = 16  # letters up to which leaving out two gives 137 words at most; longer ones are found by a piece
FARTHEST = 2  # letters that words may differ by
PIECES = 2 * FARTHEST + 1  # a swap may touch two of them: one is left as it was
REMEMBERED = 1 << 16  # words of the text: a block of it is asked again window by window


def near(left: str, right: str, most: int) -> bool:
    """Tell whether two words are at most so many insertions, deletions, changes or swaps of neighbours apart.

    Time: of the shorter word times ``most``.
    """
    if abs(len(left) - len(right)) > most or len(set(left) ^ set(right)) > 2 * most:
        return False
    far = most + 1
    older: list[int] = []
    before = [min(at, far) for at in range(len(right) + 1)]
    for i, letter in enumerate(left, 1):
        first, last = max(1, i - most), min(len(right), i + most)
        row = [far] * (len(right) + 1)
        row[0] = min(i, far)
        for j in range(first, last + 1):
            other = right[j - 1]
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row[j] = cost
        if min(row) > most and min(before) > most:
            return False
        older, before = before, row
    return before[-1] <= most


class Nearby:
    """Words of a query with how far each reaches, ``FARTHEST`` at most; asked with the words of a text."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._reach = dict(words)
        self._less: dict[str, list[str]] = {}
        self._pieces: dict[tuple[int, int, str], list[str]] = {}
        self._lengths = {len(word) for word in self._reach if len(word) > SHORT}
        self._shortest = min(map(len, self._reach), default=0)
        self._longest = max(map(len, self._reach), default=0)
        self._known: dict[str, frozenset[str]] = {}
        for word, reach in self._reach.items():
            if len(word) <= SHORT:
                for less in _left_out(word, reach):
                    self._less.setdefault(less, []).append(word)
            else:
                for number, (start, end) in enumerate(_pieces(len(word))):
                    self._pieces.setdefault((len(word), number, word[start:end]), []).append(word)

    def of(self, word: str) -> frozenset[str]:
        """Return the query's words that a word of the text is near to."""
        if not self._shortest - FARTHEST <= len(word) <= self._longest + FARTHEST:
            return frozenset()
        found = self._known.get(word)
        if found is None:
            found = frozenset(each for each in self._candidates(word) if near(word, each, self._reach[each]))
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[word] = found
        return found

    def among(self, words: Iterable[str]) -> frozenset[str]:
        """Return the query's words that any of the text's is near to."""
        return frozenset().union(*map(self.of, words))

    def _candidates(self, word: str) -> set[str]:
        found = set[str]()
        if len(word) <= SHORT + FARTHEST:
            for less in _left_out(word, FARTHEST):
                if less in self._less:
                    found.update(self._less[less])
        for length in range(len(word) - FARTHEST, len(word) + FARTHEST + 1):
            if length in self._lengths:
                found.update(self._with_a_piece(word, length))
        return found

    def _with_a_piece(self, word: str, length: int) -> Iterator[str]:
        for number, (start, end) in enumerate(_pieces(length)):
            for shift in range(-FARTHEST, FARTHEST + 1):
                piece = word[max(0, start + shift) : end + shift]
                yield from self._pieces.get((length, number, piece), ())


def _pieces(length: int) -> list[tuple[int, int]]:
    return [(length * at // PIECES, length * (at + 1) // PIECES) for at in range(PIECES)]


def _left_out(word: str, most: int) -> set[str]:
    """Return the word without each choice of up to so many letters."""
    return {
        "".join(letters)
        for count in range(min(most, len(word)) + 1)
        for letters in combinations(word, len(word) - count)
    }
