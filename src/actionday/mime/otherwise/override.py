"""Letters whose order is overridden: they are seen from the other end than they are stored.

Source: Unicode Standard Annex 9, 2.2 (explicit directional overrides: U+202E, U+202D, ended by U+202C).
"""

import re
from collections.abc import Iterator
from unicodedata import bidirectional

from actionday.mime.otherwise.signs import Seen, Sign
from actionday.mime.otherwise.spelling import Reading

LEFTWARDS, RIGHTWARDS, END = "\u202e", "\u202d", "\u202c"
RUN = re.compile(
    f"([{LEFTWARDS}{RIGHTWARDS}])([^{LEFTWARDS}{RIGHTWARDS}{END}\r\n\u2028\u2029]{{2,10000}}+){END}?"
)
SIGN = Sign(beyond=f"{LEFTWARDS}{RIGHTWARDS}")


class Override:
    """Letters behind the marks that turn a run of them round."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each run whose letters go the other way by themselves, as it is seen."""
        for found in RUN.finditer(text):
            if seen := _turned(found[2], leftwards=found[1] == LEFTWARDS):
                yield Reading(found.start(), found.end(), seen)


def _turned(text: str, *, leftwards: bool) -> str:
    """Return what is seen of a text that is written leftwards or rightwards whatever it holds, "" for what it is."""
    kinds = [bidirectional(letter) for letter in text if letter.isalpha()]
    against = sum(kind == "L" if leftwards else kind in ("R", "AL") for kind in kinds)
    return text[::-1] if against > 1 and against * 2 > len(kinds) else ""


SPELLING = Override()
