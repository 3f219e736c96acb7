"""Encoded words of mail headers that stand in logs, lists and notes.

Source: RFC 2047, 2 and 6.2.
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.signs import Seen, Sign
from actionday.mime.otherwise.spelling import Reading
from actionday.mime.words import decode_words

WORD = r"=\?[!->@-~]{2,40}\?[bBqQ]\?[ ->@-~]{0,1000}\?="
SIGN = Sign(("=", "?", "!->@-~"), rare=True)
RUN = re.compile(rf"{WORD}(?>(?:\s{{0,4}}{WORD})*)")


class EncodedWords:
    """Words with their charset and coding around them."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield neighbouring words together: a character may be cut between them."""
        for found in RUN.finditer(text):
            raw = re.sub(r"\s+", " ", found[0]).encode()
            said = decode_words(raw)
            if said.encode() != raw:
                yield Reading(found.start(), found.end(), said)


SPELLING = EncodedWords()
