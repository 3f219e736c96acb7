"""The tables of letters: how a character folds, what it does to a word, which script it belongs to."""

from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

HAN_BEYOND = 0xFFFE  # stands for every Han character outside the Basic Multilingual Plane
ADLAM, LETTER_BEYOND, OTHER_BEYOND = 0xFFFD, 0xFFFC, 0xFFFB  # for its other planes' letters, and for the rest
_BEYOND = (
    (0x10280, 0x103FF, LETTER_BEYOND),
    (0x10400, 0x107BF, LETTER_BEYOND),
    (0x10800, 0x1CEFF, LETTER_BEYOND),
    (0x1E900, 0x1E94B, ADLAM),
    (0x20000, 0x323AF, HAN_BEYOND),
)


class Kind(IntFlag):
    """What a character does to the words around it."""

    LETTER = 1
    DROP = 2  # invisible or ornamental: taken out, the word goes on
    HARD = 4  # digits, ``@ / \\ _ =`` and the like: the whole token does not vote
    SOFT = 8  # ``. : (``: so too when it stands between two ASCII letters
    SPACE = 16
    END = 32  # may end a sentence
    APOSTROPHE = 64  # a letter between two letters
    SPACELESS = 128  # a letter of a script that puts no spaces between words


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Tables over the Basic Multilingual Plane, and how base letter and diacritic compose."""

    fold: NDArray[np.uint16]
    kind: NDArray[np.uint8]
    script: NDArray[np.uint8]  # index into ``scripts``; 0 = as its neighbours
    scripts: tuple[str, ...]
    pairs: NDArray[np.uint32]  # base << 16 | mark, sorted
    composed: NDArray[np.uint16]


def plane_zero(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the code points with those beyond 0xFFFF replaced by the few that stand for them."""
    beyond = np.flatnonzero(codes > 0xFFFF)
    if not len(beyond):
        return codes
    values, within = codes[beyond], codes.copy()
    stand = np.full(len(values), OTHER_BEYOND, np.uint32)
    for first, last, code in _BEYOND:
        stand[(values >= first) & (values <= last)] = code
    within[beyond] = stand
    return within
