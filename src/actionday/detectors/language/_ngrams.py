"""The features of words: character n-grams within a word and its two borders, and the word itself, as hashes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actionday.detectors.language._letters import Index, Words

ORDERS = 5  # longest n-gram, borders included
SHORT_ORDERS = {"Hani": 3, "Hang": 4, "Thai": 4, "Laoo": 4, "Khmr": 4, "Mymr": 4, "Tibt": 4}
LOW_ORDERS = (
    3  # up to here n-grams are few and each speaks for many languages: they have a shelf of their own
)
PLENTY = (
    60  # letters of a unit from which on only every fourth n-gram of LOW_ORDERS is taken: enough are left
)
WHOLE_WORD = 4  # letters from which on the word itself is a feature; shorter ones are n-grams already
_BORDER = np.uint32(1)
_STEP, _FIRST, _SECOND = np.uint32(0x01000193), np.uint32(0x7FEB352D), np.uint32(0x846CA68B)
_WORD_STEP = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64


@dataclass(frozen=True, slots=True)
class Features:
    """Hashes of 32 bits, and for each the unit it was found in; the first ``low`` ones are of LOW_ORDERS.

    The lowest bit of a hash is 0 for those and 1 for the others.
    """

    hashes: NDArray[np.uint32]
    unit: NDArray[np.int32]
    low: int


def extract(
    words: Words, unit: NDArray[np.int32], limit: NDArray[np.uint8], plenty: int = PLENTY,
    whose: NDArray[np.integer] | None = None,
) -> Features:  # fmt: skip
    """Return the features of the words whose ``unit`` is not negative.

    ``limit`` is the longest n-gram for each word's script; ``whose`` is what each word belongs to (its unit, if
    not given): where that has more than ``plenty`` letters its features are thinned.
    """
    chosen = np.flatnonzero(unit >= 0)
    starts, ends, letters = words.starts[chosen], words.ends[chosen], words.letters
    before = (letters[starts - 1] == 0).astype(np.int64)
    after = letters[np.minimum(ends, len(letters) - 1)] == 0
    spans = ends - starts + before
    of_word = np.repeat(np.arange(len(chosen)), spans)
    places = np.arange(len(of_word)) - np.repeat(np.cumsum(spans) - spans - (starts - before), spans)
    room = np.minimum((ends + after)[of_word] - places, limit[chosen][of_word])
    units = unit[chosen][of_word]
    owner = (unit if whose is None else whose)[chosen]
    much = (np.bincount(owner, ends - starts, 1) > plenty)[owner][of_word]
    spared = much & ((places - starts[of_word] + words.first[chosen][of_word]) % 4 != 0)
    hashes, found = _orders(letters, places, room, units, spared)
    whole, whole_unit = _whole(letters, starts, ends, unit[chosen])
    low = sum(map(len, hashes[:LOW_ORDERS]))
    mixed = _mixed(np.concatenate([*hashes, whole]))
    mixed &= np.uint32(0xFFFFFFFE)
    mixed[low:] |= np.uint32(1)
    return Features(mixed, np.concatenate([*found, whole_unit]), low)


def _orders(
    letters: NDArray[np.uint16],
    places: Index,
    room: Index,
    units: NDArray[np.int32],
    spared: NDArray[np.bool_],
) -> tuple[list[NDArray[np.uint32]], list[NDArray[np.int32]]]:
    codes = np.where(letters == 0, _BORDER, letters.astype(np.uint32))
    rolling = codes * _FIRST
    hashes, found = [], []
    for order in range(1, ORDERS + 1):
        if order > 1:
            rolling = rolling[:-1] * _STEP
            rolling ^= codes[order - 1 :]
        wanted = room >= order if order > 1 else letters[places] != 0
        enough = np.flatnonzero(wanted & ~spared if order <= LOW_ORDERS else wanted)
        hashes.append(rolling[places[enough]] + np.uint32(order))
        found.append(units[enough])
    return hashes, found


def _whole(
    letters: NDArray[np.uint16], starts: Index, ends: Index, unit: NDArray[np.int32]
) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    long = np.flatnonzero((ends - starts >= WHOLE_WORD) & (ends - starts < 32))
    powers = np.full(len(letters), _WORD_STEP, np.uint64)
    powers[0] = 1
    powers = np.cumprod(powers)
    sums = np.append(np.uint64(0), np.cumsum(letters * powers))
    inverse = np.full(len(letters), pow(_WORD_STEP, -1, 2**64), np.uint64)
    inverse[0] = 1
    inverse = np.cumprod(inverse)
    word = (sums[ends[long]] - sums[starts[long]]) * inverse[starts[long]]
    return (word >> np.uint64(32)).astype(np.uint32) ^ word.astype(np.uint32), unit[long]


def _mixed(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    hashes ^= hashes >> np.uint32(16)
    hashes *= _FIRST
    hashes ^= hashes >> np.uint32(15)
    hashes *= _SECOND
    hashes ^= hashes >> np.uint32(16)
    return hashes
