"""What a spelling is: marks that stand in every text which has it, and the readings it finds there.

Source: none.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from actionday.mime.otherwise.signs import Seen, Sign

MOST = 100_000
"""Readings of one spelling in one piece of 4 MiB: a second. Beyond, the text stands as it is written."""


class Reading(NamedTuple):
    """What ``text[start:end]`` says. ``tells``: without it a word of the text would be neither found nor read."""

    start: int
    end: int
    said: str
    tells: bool = True


class Spelling(Protocol):
    """One way to write letters by others. A function of the text alone, linear in its length."""

    @property
    def signs(self) -> tuple[Sign, ...]:
        """Signs of which one stands in every text that has the spelling."""

    def readings(self, text: str, seen: Seen, /) -> Iterator[Reading]:
        """Yield the readings in the order of the text; none overlaps another of the same spelling.

        ``seen`` has those of the ``signs`` that the text may have: it surely has none of the others.
        """


def in_a_word(text: str, start: int, end: int, said: str) -> bool:
    """Say whether what is read has a letter beyond ASCII that belongs to a word of two letters or more."""
    if said.isascii():
        return False
    letters = [letter for letter in said if letter.isalpha()]
    if not letters or all(letter.isascii() for letter in letters):
        return False
    return len(letters) > 1 or text[start - 1 : start].isalpha() or text[end : end + 1].isalpha()
