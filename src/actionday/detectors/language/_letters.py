"""Texts as letters: folded, invisible characters taken out, tokens that do not vote blanked, words marked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actionday.detectors.language._alphabet import Alphabet, Kind, plane_zero

Index = NDArray[np.int64]
_MARKS = (0x300, 0x36F)  # Combining Diacritical Marks
_MOST_MARKS = 3  # on one letter: Vietnamese has two, stacked ornaments are not worth more


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a batch of pieces; arrays run in parallel, one entry a word.

    ``letters`` holds all words folded, one 0 between any two that were apart; ``starts`` and ``ends`` index it.
    ``first`` and ``last`` are the word's characters in its piece (``last`` is exclusive). ``part`` grows by one
    or more wherever a sentence or a line ended before the word. ``capital`` is whether it began with a letter that
    was folded: a capital, where the script has them.
    """

    letters: NDArray[np.uint16]
    starts: Index
    ends: Index
    script: NDArray[np.uint8]
    capital: NDArray[np.bool_]
    piece: Index
    part: Index
    first: Index
    last: Index


def read(alphabet: Alphabet, pieces: Sequence[str]) -> Words:
    """Return the words of the pieces, in order."""
    lengths = np.fromiter(map(len, pieces), np.int64, len(pieces)) + 1
    begins = np.cumsum(lengths) - lengths + 1
    joined = "\n" + "\n".join(pieces) + "\n"
    codes = plane_zero(np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32))
    kinds, folded = alphabet.kind[codes], alphabet.fold[codes]
    parts = _parts(kinds)
    kept = np.flatnonzero((kinds & Kind.DROP) == 0)
    if len(kept) != len(codes):
        kinds, folded = kinds[kept], folded[kept]
    kept, kinds, folded = _compose(alphabet, kept, kinds, folded)
    voting = _voting(kinds, folded)
    return _words(alphabet, np.where(voting, folded, np.uint16(0)), codes, kept, parts, begins)


def _parts(kinds: NDArray[np.uint8]) -> Index:
    """Return for each character the number of sentence and line ends before it.

    An end counts when a space or the end of the line follows, or where the script has no spaces.
    """
    ends, spaces = (kinds & Kind.END) != 0, (kinds & Kind.SPACE) != 0
    closed = spaces.copy()
    closed[:-1] |= spaces[1:]
    closed[1:] |= (kinds[:-1] & Kind.SPACELESS) != 0
    counts: Index = np.cumsum(ends & closed)
    return counts


def _compose(
    alphabet: Alphabet, kept: Index, kinds: NDArray[np.uint8], folded: NDArray[np.uint16]
) -> tuple[Index, NDArray[np.uint8], NDArray[np.uint16]]:
    for _ in range(_MOST_MARKS):
        marks = np.flatnonzero((folded >= _MARKS[0]) & (folded <= _MARKS[1]))
        if not len(marks):
            break
        keys = folded[marks - 1].astype(np.uint32) << 16 | folded[marks]
        at = np.minimum(np.searchsorted(alphabet.pairs, keys), len(alphabet.pairs) - 1)
        hit = alphabet.pairs[at] == keys
        if not hit.any():
            break
        folded = folded.copy()
        folded[marks[hit] - 1] = alphabet.composed[at[hit]]
        rest = np.ones(len(folded), np.bool_)
        rest[marks[hit]] = False
        kept, kinds, folded = kept[rest], kinds[rest], folded[rest]
    return kept, kinds, folded


def _voting(kinds: NDArray[np.uint8], folded: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Return which characters are letters of a token that votes.

    Not so in URLs, addresses, handles, file names, numbers and mark-up: a token (what stands between spaces, or
    between letters of a script without them) with a HARD character anywhere, or a SOFT one inside ASCII.
    """
    letter: NDArray[np.bool_] = (kinds & Kind.LETTER) != 0
    between = np.zeros(len(kinds), np.bool_)
    between[1:-1] = letter[:-2] & letter[2:]
    letter |= ((kinds & Kind.APOSTROPHE) != 0) & between
    ascii_letter = ((kinds & Kind.LETTER) != 0) & (folded < 128)
    bad = (kinds & Kind.HARD) != 0
    bad[1:-1] |= ((kinds[1:-1] & Kind.SOFT) != 0) & ascii_letter[:-2] & ascii_letter[2:]
    apart = (kinds & (Kind.SPACE | Kind.SPACELESS)) != 0
    starts = np.flatnonzero(np.append(True, apart[1:] != apart[:-1]))
    spoilt = np.logical_or.reduceat(bad, starts)
    if spoilt.any():
        letter &= ~np.repeat(spoilt, np.diff(np.append(starts, len(kinds))))
    return letter


def _words(
    alphabet: Alphabet,
    letters: NDArray[np.uint16],
    codes: NDArray[np.uint32],
    kept: Index,
    parts: Index,
    begins: Index,
) -> Words:
    filled = letters != 0
    squeezed = np.flatnonzero(filled | np.append(True, filled[:-1]))
    letters, kept = letters[squeezed], kept[squeezed]
    script = alphabet.script[letters]
    spread = np.maximum.accumulate(np.where((script != 0) | (letters == 0), np.arange(len(letters)), 0))
    script = script[spread]  # what inherits takes the script of the letter before it
    edges = np.flatnonzero(script[1:] != script[:-1]) + 1
    starts = edges[letters[edges] != 0]
    ends = np.append(edges, len(letters))[1:][letters[edges] != 0]
    first, last = kept[starts], kept[ends - 1] + 1
    piece = np.searchsorted(begins, first, side="right") - 1
    return Words(
        letters,
        starts,
        ends,
        script[starts],
        codes[first] != letters[starts],
        piece,
        parts[first],
        first - begins[piece],
        last - begins[piece],
    )
