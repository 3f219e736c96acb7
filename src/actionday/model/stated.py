"""What a person states for the record (a reason, the name of a case): one rule for all of it, wherever it is typed."""

import unicodedata
from enum import StrEnum

from actionday.model.errors import UsageError

LONGEST = 1000
"""Characters of a reason; a page's field takes as many."""
JOINERS = "\u200c\u200d"
"""Words of Persian and the scripts of India are spelt with them."""


class Lack(StrEnum):
    """Why something stated cannot stand in the record."""

    NOTHING = "nothing"
    NO_WORD = "no word"
    SIGN = "sign"
    LENGTH = "length"


class Unstated(UsageError):
    """What was typed states nothing, or not what a reader would see; ``sign`` names a character that is refused."""

    def __init__(self, lack: Lack, sentence: str, sign: str = "") -> None:
        super().__init__(sentence)
        self.lack, self.sign = lack, sign


def stated(what: str, words: str, longest: int = LONGEST) -> str:
    """Return ``words`` without blanks around them, their lines ended by one character. Raises Unstated.

    They have a letter or digit, at most ``longest`` characters, and none that is unseen or turns the direction in which
    others are read. Nothing is cut off: what stands in the record is what was typed.
    """
    said = words.replace("\r\n", "\n").strip()
    if not said:
        raise Unstated(Lack.NOTHING, f"{what}: is empty")
    for each in said:
        if not _seen(each):
            sign = f"U+{ord(each):04X}"
            raise Unstated(
                Lack.SIGN, f"{what}: holds {sign}, a character that is not seen or turns others", sign
            )
    if not any(each.isalnum() for each in said):
        raise Unstated(Lack.NO_WORD, f"{what}: {said!r:.40} has neither a letter nor a digit")
    if len(said) > longest:
        raise Unstated(Lack.LENGTH, f"{what}: has {len(said):,} characters, at most {longest:,} can be kept")
    return said


def _seen(each: str) -> bool:
    return each.isprintable() or each in "\n\t" or each in JOINERS or unicodedata.category(each) == "Zs"
