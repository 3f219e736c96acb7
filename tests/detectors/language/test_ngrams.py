"""Features: the fast hashing against a slow reference written from the description."""

import numpy as np
from hypothesis import given, settings
from hypothesis.strategies import lists, sampled_from, text

from actionday.detectors.language import _model
from actionday.detectors.language._letters import read
from actionday.detectors.language._ngrams import LOW_ORDERS, ORDERS, WHOLE_WORD, extract

ALPHABET = _model.load().alphabet
WORD = text(sampled_from("abcdeжзиقلم"), min_size=1, max_size=9)
LIMIT = np.full(len(ALPHABET.scripts), ORDERS, np.uint8)


def mixed(value: int) -> int:
    value ^= value >> 16
    value = value * 0x7FEB352D % 2**32
    value ^= value >> 15
    value = value * 0x846CA68B % 2**32
    return value ^ value >> 16


def ngram(codes: list[int]) -> int:
    rolling = codes[0] * 0x7FEB352D % 2**32
    for code in codes[1:]:
        rolling = rolling * 0x01000193 % 2**32 ^ code
    return mixed((rolling + len(codes)) % 2**32) & ~1 | (len(codes) > LOW_ORDERS)


def word_hash(codes: list[int]) -> int:
    step, total = 0x9E3779B97F4A7C15, 0
    for place, code in enumerate(codes):
        total = (total + code * pow(step, place, 2**64)) % 2**64
    return mixed((total >> 32) ^ (total % 2**32)) | 1


def reference(word: str) -> list[int]:
    """All n-grams of the word between its borders but a border alone, and the whole word if long enough."""
    codes = [1, *map(ord, word), 1]
    found = [
        ngram(codes[at : at + order])
        for order in range(1, ORDERS + 1)
        for at in range(len(codes) - order + 1)
        if order > 1 or codes[at] != 1
    ]
    return found + ([word_hash(codes[1:-1])] if len(word) >= WHOLE_WORD else [])


@settings(max_examples=80, deadline=None)
@given(lists(text(sampled_from("abcdez"), min_size=1, max_size=9), min_size=1, max_size=5))
def test_features_are_those_of_the_slow_reference(words: list[str]) -> None:
    read_words = read(ALPHABET, [" ".join(words)])
    found = extract(read_words, np.zeros(len(words), np.int32), LIMIT[read_words.script])
    assert sorted(found.hashes.tolist()) == sorted(value for word in words for value in reference(word))
    assert (found.hashes[: found.low] % 2 == 0).all()
    assert (found.hashes[found.low :] % 2 == 1).all()


@settings(max_examples=80, deadline=None)
@given(lists(WORD, min_size=2, max_size=6))
def test_a_word_without_vote_leaves_no_feature(words: list[str]) -> None:
    read_words = read(ALPHABET, [" ".join(words)])
    unit = np.arange(len(read_words.starts), dtype=np.int32)
    whole = extract(read_words, unit, LIMIT[read_words.script])
    part = extract(read_words, np.where(unit == 1, -1, unit).astype(np.int32), LIMIT[read_words.script])
    assert sorted(part.hashes.tolist()) == sorted(whole.hashes[whole.unit != 1].tolist())


def test_scripts_without_spaces_have_shorter_ngrams() -> None:
    words = read(ALPHABET, ["東京都庁舎前"])
    long = extract(words, np.zeros(1, np.int32), np.array([5], np.uint8))
    short = extract(words, np.zeros(1, np.int32), np.array([2], np.uint8))
    assert len(long.hashes) == 6 + 7 + 6 + 5 + 4 + 1
    assert len(short.hashes) == 6 + 7 + 1
