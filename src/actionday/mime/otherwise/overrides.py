"""Letters whose direction is overridden: shown the other way round than they are stored.

Source: Unicode Standard Annex 9, 2.2 (U+202D, U+202E and their end, U+202C).
"""

import re
import unicodedata
from collections.abc import Iterator

from actionday.mime.otherwise.spelling import Reading

LEFT, RIGHT = "\u202d", "\u202e"
RUN = re.compile("([\u202d\u202e])([^\u202a-\u202e\u2028\u2029\r\n]{2,2000})")
AGAINST = {LEFT: ("R", "AL"), RIGHT: ("L",)}


class Overrides:
    """Text that somebody wrote backwards and turned round."""

    def may_be_in(self, text: str) -> bool:
        """Say whether a text has the signs of it."""
        return RIGHT in text or LEFT in text

    def readings(self, text: str) -> Iterator[Reading]:
        """Yield each run whose letters go against its direction, as it is seen."""
        for found in RUN.finditer(text):
            letters = [unicodedata.bidirectional(letter) for letter in found[2] if letter.isalpha()]
            if 2 * sum(map(letters.count, AGAINST[found[1]])) > len(letters):
                yield Reading(found.start(), found.end(), found[2][::-1])


SPELLING = Overrides()
