"""UTF-7 within a text: ``+BicGRAYv-``.

Source: RFC 2152. The sign plus has other uses: only what is of one alphabet, and written as the standard asks
(unused bits are zero), is read.
"""

import re
from base64 import b64decode
from collections.abc import Iterator

from actionday.mime.otherwise.spelling import Reading

RUN = re.compile(r"\+([A-Za-z0-9+/]{3,}+)(-?)(?!=)")
"""Takes all that may be of it at once: what is coded otherwise is passed over in one step."""
FIRST = "ABCD"
"""Alphabets lie below U+1000: the first of the letters says so."""
LONGEST = 2000
LETTERS = 4
"""Letters of a run that is sure to be one, or of several together."""
WIDTH = 16


class Seven:
    """Letters of UTF-16 in base64, behind a sign plus."""

    def may_be_in(self, text: str) -> bool:
        """Say whether a text has the signs of it."""
        return "+" in text

    def readings(self, text: str) -> Iterator[Reading]:
        """Yield all runs, if together they have letters enough."""
        found = [
            Reading(each.start(), each.end(), said)
            for each in RUN.finditer(text)
            if (said := _said(each[1]))
            and (len(said) > 1 or (each[2] and text[each.start() - 1 : each.start()].isalpha()))
        ]
        if sum(map(len, (each.said for each in found))) >= LETTERS or (
            found and all(each.said < "\u0250" for each in found)
        ):
            yield from found


def _said(letters: str) -> str:
    if letters[0] not in FIRST or len(letters) > LONGEST:
        return ""
    unused = len(letters) * 6 % WIDTH
    if unused >= 6:
        return ""
    raw = b64decode(letters + "=" * (-len(letters) % 4)) if len(letters) % 4 != 1 else b""
    whole = len(letters) * 6 // WIDTH * 2
    if len(raw) < whole or any(raw[whole:]):
        return ""
    said = raw[:whole].decode("utf-16-be", "replace")
    own = [letter for letter in said if letter.isalpha()]
    if len(own) * 4 < len(said) * 3 or not own or min(own) < "\x80":
        return ""
    return said if len({ord(letter) >> 8 for letter in own}) == 1 and said.isprintable() else ""


SPELLING = Seven()
