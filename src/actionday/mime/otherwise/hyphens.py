"""Words that a line end parts behind a hyphen, as books and hard-wrapped mail have them.

Source: Unicode 16.0, 6.2 (hyphens, U+00AD, U+2010). The text keeps both halves, so that "well-" and "known" stay found.
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.signs import FOREIGN, Seen, Sign
from actionday.mime.otherwise.spelling import Reading

QUICK = re.compile("-[ \t]?\r?\n")
"""Begins with a sign of its own, so that a text is searched for it at the speed of memory."""
OTHERS = "\u00ad\u2010"
QUICK_OTHERS = re.compile(f"[{OTHERS}][ \t]?\r?\n")
PARTED = re.compile(
    "[-\u00ad\u2010](?<=[^\\W\\d_]{2}.)[ \t]?\r?\n\f?[ \t]{0,40}"
    "(?:(?:[>|]|//|#|\\*|;|%)[ \t>|/#*;%]{0,40})?(?=[^\\W\\d_]{2})"
)
"""A blank behind the hyphen, a new page, and marks of quotations and of comments may stand between the halves."""

SIGN = Sign((f"A-Za-z{FOREIGN}", "-\xad", " \t\r\n"), beyond="\u2010")


class Hyphens:
    """Halves of a word at the end of a line and at the beginning of the next."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each hyphen with its line end; a capital begins another word, but among capitals."""
        if not QUICK.search(text) and not (
            any(hyphen in text for hyphen in OTHERS) and QUICK_OTHERS.search(text)
        ):
            return
        for found in PARTED.finditer(text):
            start, end = found.span()
            capitals = text[start - 2 : start].isupper() and text[end : end + 2].isupper()
            if capitals or not text[end].isupper():
                yield Reading(start, end, "")


SPELLING = Hyphens()
