"""Words that a line end parts behind a hyphen, as books and hard-wrapped mail have them.

Source: Unicode 16.0, 6.2 (hyphens, U+00AD, U+2010). The text keeps both halves, so that "well-" and "known" stay found.
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.spelling import Reading

QUICK = re.compile("\n(?<=[-\u00ad\u2010]\n)")
"""Begins with the rarer of the two signs."""
PARTED = re.compile("[-\u00ad\u2010](?<=[^\\W\\d_]{2}.)\r?\n[ \t>|]{0,40}(?=[^\\W\\d_]{2})")


class Hyphens:
    """Halves of a word at the end of a line and at the beginning of the next."""

    def may_be_in(self, text: str) -> bool:
        """Say whether a text has the signs of it."""
        if QUICK.search(text):
            return True
        return "\r" in text and any(f"{hyphen}\r\n" in text for hyphen in "-\u00ad\u2010" if hyphen in text)

    def readings(self, text: str) -> Iterator[Reading]:
        """Yield each hyphen with its line end; behind a capital another word begins."""
        for found in PARTED.finditer(text):
            if not text[found.end()].isupper():
                yield Reading(found.start(), found.end(), "")


SPELLING = Hyphens()
