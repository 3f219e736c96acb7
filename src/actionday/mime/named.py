"""In which code page names are written that are no Unicode: by all names of one archive together.

Source: The Unicode Consortium, mappings of code pages (as Python's codecs have them); APPNOTE.TXT 6.3.10,
appendix D (names without the UTF-8 flag are in code page 437, and by practice in whatever the writer's system had).

Each page is tried on all names. A page gains by letters that its languages often use and loses by signs, by letters
of two scripts in one word, and by capitals within words; what gains most, and clearly more than the next that reads
otherwise, is it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from actionday.mime.named_letters import EASTERN, LETTERS, Alphabet

SAMPLE = 8 * 1024
"""Bytes of names that are looked at, each name once: 80 ms for all pages."""
LONGEST = 200
LEAST = 0.6
"""What a byte has to gain on average for a guess, of many bytes."""
CHANCE = 2.0
"""What they have to gain beside that all together: few bytes are letters of some page by chance."""
APART = 1.12
"""How much more than the next reading it gains, of many bytes."""
DOUBT = 1.0
"""How much more than that it gains of one byte; of several, its part."""
SIGN, MIXED, CAPITAL, LONE = -3.0, -2.0, -1.5, -1.0
FITTING = frozenset("«»–—’‘“”№°§…·\xa0、。「」・ー（）【】《》，：！？～－０１２３４５６７８９")
"""Signs that names have: they tell nothing."""


class Guess(NamedTuple):
    """A code page (a Python codec), and what a byte gained by it."""

    page: str
    gain: float


def page_of(names: Sequence[bytes]) -> Guess | None:
    """Return the code page of names of which some byte is no ASCII, None where no guess is better than the next."""
    sample = _sample(names)
    high = sum(each > 0x7F for name in sample for each in name)
    if not high:
        return None
    found = list[tuple[float, str, tuple[str, ...]]]()
    for page, alphabets in LETTERS.items():
        try:
            read = tuple(name.decode(page) for name in sample)
        except UnicodeDecodeError:
            continue
        gained = max(sum(_gain(text, page, alphabet) for text in read) for alphabet in alphabets)
        found.append((gained / high, page, read))
    found.sort(key=lambda each: -each[0])
    if not found or found[0][0] < LEAST + CHANCE / high:
        return None
    best, page, read = found[0]
    other = next((gain for gain, _, others in found[1:] if others != read), 0.0)
    apart = APART + DOUBT / high
    return Guess(page, best) if best > apart * max(other, 0) else None


def _sample(names: Sequence[bytes]) -> list[bytes]:
    sample, size = list[bytes](), 0
    for name in dict.fromkeys(each[:LONGEST] if len(each) <= LONGEST else b"" for each in names):
        if not name.isascii():
            sample.append(name)
            size += len(name)
            if size > SAMPLE:
                break
    return sample


def _gain(text: str, page: str, alphabet: Alphabet) -> float:
    """Return what a name gains, in bytes: a letter of two bytes counts for two."""
    gained, wide = 0.0, page in EASTERN
    for char in text:
        if char < "\x80" or char in FITTING:
            continue
        if (worth := alphabet.worth.get(char)) is None:
            worth = alphabet.other(char) if char.isalpha() else SIGN
        gained += worth * (2 if wide and not "\uff61" <= char <= "\uff9f" else 1)
    if not wide:
        gained += sum(_joint(first, second, alphabet) for first, second in pairwise(text))
        gained += _lone(text) if alphabet.latin else 0
    return gained


def _joint(first: str, second: str, alphabet: Alphabet) -> float:
    """Return what two letters side by side lose."""
    if not (first.isalpha() and second.isalpha()) or (first < "\x80" and second < "\x80"):
        return 0
    if not alphabet.latin and (first < "\x80") != (second < "\x80"):
        return MIXED
    return CAPITAL if first.islower() and second.isupper() else 0


def _lone(text: str) -> float:
    """Return what letters with accents lose that stand three in a row or more, as no Latin spelling has them."""
    lost, run = 0.0, 0
    for char in text:
        run = run + 1 if char >= "\x80" and char.isalpha() else 0
        lost += LONE * 2 if run > 2 else LONE * (run == 2)
    return lost
