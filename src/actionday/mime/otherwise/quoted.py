"""Quoted-printable outside of mail: a copied source of a message, a part that was cut out, an export.

Source: RFC 2045, 6.7. One byte alone is more often an assignment of a program; of a letter two are asked.
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.bytewise import told, utf8
from actionday.mime.otherwise.signs import Seen, Sign
from actionday.mime.otherwise.spelling import MOST, Reading, in_a_word

RUN = re.compile(r"=[89A-F][0-9A-F](?:=\r?\n)?=[0-9A-F]{2}(?>(?:=[0-9A-F]{2}|=\r?\n)*)")
QUICK = re.compile(r"=[89A-F][0-9A-F]=")
ASCII = re.compile(r"(?>(?:=(?:0[9ADad]|2[0-9A-F]|3[A-F]|[57][B-F]))+)")
"""Blanks, line ends and signs, in a text that surely has them so: else they stick to the word behind."""
SURELY = ("=0D=0A", "=20=\n", "=20=\r\n", '=3D"')
SIGN = Sign(("=", "89A-F", "0-9A-F"), ("=", "0", "D"), ("=", "2", "0"), ("=", "3", "D"))
SOFT = re.compile(r"=\r?\n")
FEW = 4


class Quoted:
    """Letters as their bytes, each behind an equals sign."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each run of two bytes and more; those in a code that is guessed at the end."""
        if any(sign in text for sign in SURELY):
            yield from _ascii(text)
        others: list[tuple[re.Match[str], bytes]] = []
        for found in RUN.finditer(text):
            raw = bytes.fromhex(SOFT.sub("", found[0]).replace("=", ""))
            said = utf8(raw)
            if said is not None:
                yield Reading(found.start(), found.end(), said, in_a_word(text, *found.span(), said))
            elif len(raw) >= FEW and len(others) <= MOST:
                others.append((found, raw))
        for (found, _), guessed in zip(others, told([raw for _, raw in others]), strict=True):
            if guessed:
                yield Reading(found.start(), found.end(), guessed, in_a_word(text, *found.span(), guessed))


def _ascii(text: str) -> Iterator[Reading]:
    for found in ASCII.finditer(text):
        start, end = found.span()
        said = bytes.fromhex(found[0].replace("=", "")).decode("ascii")
        yield Reading(start, end, said, text[end : end + 1].isalnum())


SPELLING = Quoted()
