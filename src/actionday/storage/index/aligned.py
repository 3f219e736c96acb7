"""A piece of a text folded, in which each character knows where it came from: the words with their places.

What it folds to, and what becomes of scripts without spaces, stands in ``normalise``, which does the same in bulk.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from actionday.storage.index import arabic, hebrew
from actionday.storage.index.clusters import clusters
from actionday.storage.index.fold import Table, composed
from actionday.storage.index.seams import NON_JOINER
from actionday.storage.index.unspaced import RUNS

LONGEST = 200  # characters in a word; longer ones (base64, minified code) are cut into pieces of this length
ONE_SCRIPT = re.compile("[\u30a1-\u30fa\u30fc]+|[\u3400-\u9fff]+")  # Katakana, ideographs
IDEOGRAPHS = re.compile("[\u3400-\u9fff]{3,}")


class Token(NamedTuple):
    """A word of ``Terms.body`` with its second spellings, and ``text[start:end]`` it stands for."""

    start: int
    end: int
    word: str
    alts: tuple[str, ...]
    parts: tuple[str, ...] = ()
    """What is written together with a non-joiner (Persian plurals and prefixes): found by each, asks for none."""


class Aligned:
    """A folded chunk in which each character knows where it came from."""

    def __init__(self, fold: Table, spell_out: Table, chunk: str, offset: int) -> None:
        self._fold, self._spell_out = fold, spell_out
        self._letters: list[str] = []
        self.spelt: list[str] = []
        self.spans: list[tuple[int, int]] = []
        self.joins: list[int] = []
        at = 0
        for run in IDEOGRAPHS.finditer(chunk):
            same, last = run[0][:-1], run.end() - 1  # the last may have a mark behind it
            if same.translate(fold) == same == composed(same):
                self._take(chunk[at : run.start()], offset + at)
                self._letters += same
                self.spelt += same
                self.spans += pairwise(range(offset + run.start(), offset + last + 1))
                at = last
        self._take(chunk[at:], offset + at)
        self.folded = "".join(self._letters)
        runs = ONE_SCRIPT.finditer(self.folded)
        self.runs = {run.start(): run[0] for run in runs if 2 <= len(run[0]) <= 6}

    def _take(self, chunk: str, offset: int) -> None:
        fold, spell_out = self._fold, self._spell_out
        for start, end in clusters(chunk):
            for char in composed(chunk[start:end]):
                if char == NON_JOINER:
                    self.joins.append(len(self._letters))
                new, spelt = fold[ord(char)], spell_out[ord(char)]
                self._letters += new
                self.spelt += new if spelt == new else [spelt, *("" for _ in new[1:])]
                self.spans += [(offset + start, offset + end)] * len(new)

    def tokens(self) -> Iterator[Token]:
        """Yield its words in order."""
        for word in re.finditer("[^ ]+", self.folded):
            at = word.start()
            for run in RUNS.finditer(word[0]):
                yield from self.words(at, word.start() + run.start())
                yield from self.bigrams(word.start() + run.start(), word.start() + run.end())
                at = word.start() + run.end()
            yield from self.words(at, word.end())

    def words(self, start: int, end: int) -> Iterator[Token]:
        """Yield a word between spaces and runs, or nothing."""
        word = self.folded[start:end]
        spelt = "".join(self.spelt[start:end])
        alts = (spelt,) if spelt != word and len(spelt) <= LONGEST else ()
        for at in range(0, len(word), LONGEST):
            part = word[at : at + LONGEST]
            parts = self._parts(start, end) if len(word) <= LONGEST else ()
            yield Token(*self._span(start + at, start + at + len(part)), part, alts + _forms(part), parts)
            alts = ()

    def _parts(self, start: int, end: int) -> tuple[str, ...]:
        cuts = [start, *(at for at in self.joins if start < at < end), end]
        return tuple(self.folded[a:b] for a, b in pairwise(cuts) if a < b) if len(cuts) > 2 else ()

    def bigrams(self, start: int, end: int) -> Iterator[Token]:
        """Yield a run of a script without spaces."""
        for at in range(start, end):
            last = min(at + 2, end)
            alts = (self.runs[at],) if at in self.runs else ()
            yield Token(*self._span(at, last), self.folded[at:last], alts)

    def _span(self, start: int, end: int) -> tuple[int, int]:
        return self.spans[start][0], self.spans[end - 1][1]


def _forms(word: str) -> tuple[str, ...]:
    """Return the light forms of a word by its script."""
    if arabic.WORD.fullmatch(word):
        return arabic.forms(word)
    return hebrew.forms(word) if hebrew.WORD.fullmatch(word) else ()
