"""UTF-7 within a text: ``+BicGRAYv-``.

Source: RFC 2152. The sign plus has other uses: only what is of one alphabet, and written as the standard asks
(unused bits are zero), is read.
"""

import re
from base64 import b64decode
from collections.abc import Iterator

from actionday.mime.otherwise.signs import LETTERS, Seen, Sign
from actionday.mime.otherwise.spelling import Reading

RUN = re.compile(r"\+([A-Za-z0-9+/]{3,}+)([-=]?)")
"""Takes all that may be of it at once, with the filling of base64 behind it, which tells that it is none: were it not
taken, each sign plus of a long one would be begun with anew."""
SIGN = Sign(("+", LETTERS, LETTERS))
FIRST = "ABCD"
"""Alphabets lie below U+1000: the first of the letters says so."""
LONGEST = 2000
ENOUGH = 4
"""Letters of a run that is sure to be one, or of several together."""
EAST_ASIAN = 6
"""Characters of Chinese, Japanese or Korean in a row: of base64 behind a sign plus one run in a thousand is so."""
WIDTH = 16


class Seven:
    """Letters of UTF-16 in base64, behind a sign plus."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield all runs, if together they have letters enough."""
        found = [
            Reading(each.start(), each.end(), said)
            for each in RUN.finditer(text)
            if each[2] != "="
            and (said := _said(each[1]))
            and (len(said) > 1 or (each[2] and text[each.start() - 1 : each.start()].isalpha()))
        ]
        if sum(map(len, (each.said for each in found))) >= ENOUGH or (
            found and all(each.said < "\u0250" for each in found)
        ):
            yield from found


def _said(letters: str) -> str:
    if len(letters) > LONGEST or len(letters) * 6 % WIDTH >= 6 or len(letters) % 4 == 1:
        return ""
    raw = b64decode(letters + "=" * (-len(letters) % 4))
    whole = len(letters) * 6 // WIDTH * 2
    if len(raw) < whole or any(raw[whole:]):
        return ""
    said = raw[:whole].decode("utf-16-be", "replace")
    return said if said.isprintable() and (_is_alphabetic(letters, said) or _is_east_asian(said)) else ""


def _is_alphabetic(letters: str, said: str) -> bool:
    """Say whether it is of one alphabet: of ASCII alone, which need not be coded, more letters are asked for."""
    own = [letter for letter in said if letter.isalpha()]
    if letters[0] not in FIRST or (len(own) + said.count(" ")) * 4 < len(said) * 3 or not own:
        return False
    blocks = {ord(letter) >> 8 for letter in own if letter > "\x7f"}
    if not blocks:
        return len(own) >= ENOUGH
    return len(blocks) == 1 and (min(own) > "\x7f" or len(own) >= ENOUGH)


def _is_east_asian(said: str) -> bool:
    return len(said) >= EAST_ASIAN and all(
        "\u3000" <= letter <= "\u30ff" or "\u4e00" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7a3"
        for letter in said
    )


SPELLING = Seven()
