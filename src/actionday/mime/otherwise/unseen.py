"""Letters that are blank, marks of order between joined files, blanks without width: the words as they are seen.

Source: Unicode 16.0, 5.21 (characters that are not displayed), 23.2 (U+200B, a boundary of words that is not seen) and
23.8 (U+FEFF within a text); Hangul fillers are letters, so that a word with one in it is another word, and two words
with one between them are one.
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.signs import Seen, Sign
from actionday.mime.otherwise.spelling import Reading

FILLERS = "\u115f\u1160\u3164\uffa0"
MARK = "\ufeff"
WORD = f"[^\\W{FILLERS}]"
RUN = re.compile(f"(?<!{WORD}){WORD}++(?>(?:[{FILLERS}]++{WORD}++)+)")
"""Begins where a word does, so that none is gone through twice."""
BETWEEN = re.compile(rf"(?<=\w){MARK}+(?=\w)")
THIN = "\u200b"
UNPARTED = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u1aaf\u3041-\u30ff\u3400-\u9fff\ua9e0-\ua9ff\uaa60-\uaadf"
    "\uac00-\ud7a3"
)
"""Scripts that have it between all words, and are found without any."""
SIGNS = "\u0300-\u036f\u064b-\u065f\u0900-\u0dff"
"""Vowels and accents, with which words end too."""
WIDTHLESS = re.compile(
    rf"{THIN}(?:(?<=[^\W{UNPARTED}]{THIN})|(?<=[{SIGNS}]{THIN})){THIN}*+(?=[^\W{UNPARTED}])"
)
"""Begins with a letter of its own, so that a text is searched for it at the speed of memory."""
FILLER = re.compile(f"[{FILLERS}]+")


class Fillers:
    """Hangul fillers, which look like nothing or like a blank."""

    signs = (Sign(beyond=FILLERS),)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield what they join, as one word and as several."""
        for found in RUN.finditer(text):
            words = FILLER.split(found[0])
            yield Reading(found.start(), found.end(), f"{''.join(words)} {' '.join(words)}")


class Marks:
    """A mark of order between two files that were joined, which no longer parts their words."""

    signs = (Sign(beyond=MARK),)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each between two words."""
        for found in BETWEEN.finditer(text):
            yield Reading(found.start(), found.end(), " ")


class Widthless:
    """A blank without width between two words, or where a long one may be broken: as it stands they are one."""

    signs = (Sign(beyond=THIN),)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each between two letters."""
        for found in WIDTHLESS.finditer(text):
            yield Reading(found.start(), found.end(), " ")


SPELLINGS = (Fillers(), Marks(), Widthless())
