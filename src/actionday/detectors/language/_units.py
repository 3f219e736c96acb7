"""Words into units: stretches of one sentence or line in one script, which are judged as wholes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actionday.detectors.language._letters import Index, Words

OWN_RUN = 20  # letters from which on a stretch in another script stands for itself; a shorter one is a name
OWN_RUN_DENSE = 8  # the same where a letter is a syllable or a word
LATIN_NAMES = (
    0.4  # what a Latin letter counts beside another script's: names and brands are written so everywhere
)
LONGEST_WORD = 40  # Latin letters; longer ones are encoded data
CASED = ("Latn", "Cyrl", "Grek", "Armn")
ENOUGH_WORDS = (
    4  # without a capital, from which on the capitalised ones are not needed (nor are a German's nouns)
)
SHORTEST_MEAN = 2.0  # letters a word: what has fewer in a sentence or line is no running text
DENSE = ("Hani", "Hang", "Ethi", "Yiii")


@dataclass(frozen=True, slots=True)
class Units:
    """The units in order; arrays run in parallel, one entry a unit. ``of_word`` is -1 where a word has no vote."""

    of_word: NDArray[np.int32]
    piece: Index
    script: NDArray[np.uint8]
    first: Index
    last: Index
    letters: Index


def divide(words: Words, scripts: tuple[str, ...], pieces: int) -> Units:
    """Return the units of the words; short stretches in a second script belong to the unit around them."""
    if not len(words.starts):
        empty = np.zeros(0, np.int64)
        return Units(np.zeros(0, np.int32), empty, np.zeros(0, np.uint8), empty, empty, empty)
    length = words.ends - words.starts
    script = _assigned(words, length, scripts, pieces)
    fresh = _changes(words.piece) | _changes(words.part) | _changes(script)
    begin = np.flatnonzero(fresh)
    number = (np.cumsum(fresh) - 1).astype(np.int32)
    voting = (words.script == script) & ((length <= LONGEST_WORD) | (script != scripts.index("Latn")))
    voting &= ~_symbols(words, length, number, voting, scripts)
    letters = np.bincount(number, length * voting, len(begin)).astype(np.int64)
    voting &= ~_names(words, fresh, number, voting, scripts)
    end = np.append(begin[1:], len(number)) - 1
    return Units(
        np.where(voting, number, np.int32(-1)), words.piece[begin], script[begin], words.first[begin],
        words.last[end], letters,
    )  # fmt: skip


def _symbols(
    words: Words,
    length: Index,
    number: NDArray[np.int32],
    voting: NDArray[np.bool_],
    scripts: tuple[str, ...],
) -> NDArray[np.bool_]:
    """Return which words are those of a unit of single letters: variables, drawing commands, initials."""
    count = np.bincount(number, voting)
    few = np.bincount(number, length * voting) < SHORTEST_MEAN * count
    found: NDArray[np.bool_] = few[number] & np.isin(scripts, CASED)[words.script]
    return found


def _names(
    words: Words,
    fresh: NDArray[np.bool_],
    number: NDArray[np.int32],
    voting: NDArray[np.bool_],
    scripts: tuple[str, ...],
) -> NDArray[np.bool_]:
    """Return which words are taken for names: capitalised within a unit that has enough words that are not."""
    capital = words.capital & np.isin(scripts, CASED)[words.script] & voting
    others = np.bincount(number, voting & ~capital)
    found: NDArray[np.bool_] = capital & ~fresh & (others[number] >= ENOUGH_WORDS)
    return found


def joined(parts: list[Units], pieces: list[int]) -> Units:
    """Return the units of several runs of pieces as those of all; ``pieces`` is how many each run has."""
    if len(parts) == 1:
        return parts[0]
    before = np.cumsum([0, *pieces[:-1]])
    counts = np.cumsum([0, *(len(part.piece) for part in parts[:-1])]).astype(np.int32)
    return Units(
        np.concatenate(
            [np.where(p.of_word < 0, np.int32(-1), p.of_word + n) for p, n in zip(parts, counts, strict=True)]
        ),
        np.concatenate([part.piece + first for part, first in zip(parts, before, strict=True)]),
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("script", "first", "last", "letters")
        ),
    )


def own_run(scripts: tuple[str, ...]) -> Index:
    """Return the letters from which on a stretch in each script stands for itself."""
    return np.where(np.isin(scripts, DENSE), OWN_RUN_DENSE, OWN_RUN)


def _changes(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    return np.append(True, values[1:] != values[:-1])


def _assigned(words: Words, length: Index, scripts: tuple[str, ...], pieces: int) -> NDArray[np.uint8]:
    """Return the script of the unit that each word belongs to."""
    kinds = len(scripts)
    counted = np.bincount(words.piece * kinds + words.script, length, pieces * kinds)
    tally = counted.reshape(pieces, kinds).astype(np.float64)
    tally[:, 0] = 0
    tally[:, scripts.index("Latn")] *= LATIN_NAMES
    most = tally.argmax(axis=1).astype(np.uint8)
    if (words.script == most[words.piece]).all():
        return words.script
    fresh = _changes(words.piece) | _changes(words.script)
    begin = np.flatnonzero(fresh)
    piece, script = words.piece[begin], words.script[begin]
    need = own_run(scripts)
    letters = np.add.reduceat(length, begin)
    own = (letters >= need[script]) | (script == most[piece])
    latest = np.maximum.accumulate(np.where(own, np.arange(len(begin)), -1))
    before = script[latest]
    script = np.where((latest >= 0) & (piece[latest] == piece), before, most[piece]).astype(np.uint8)
    return np.repeat(script, np.diff(np.append(begin, len(fresh))))
