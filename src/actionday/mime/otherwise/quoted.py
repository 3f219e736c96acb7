"""Quoted-printable outside of mail: a copied source of a message, a part that was cut out, an export.

Source: RFC 2045, 6.7. One byte alone is more often an assignment of a program; of a letter two are asked.
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.bytewise import told, utf8
from actionday.mime.otherwise.spelling import MOST, Reading, in_a_word

RUN = re.compile(r"=[89A-F][0-9A-F](?:=\r?\n)?=[0-9A-F]{2}(?:=[0-9A-F]{2}|=\r?\n)*+")
QUICK = re.compile(r"=[89A-F][0-9A-F]=")
SOFT = re.compile(r"=\r?\n")
FEW = 4


class Quoted:
    """Letters as their bytes, each behind an equals sign."""

    def may_be_in(self, text: str) -> bool:
        """Say whether a text has the signs of it."""
        return QUICK.search(text) is not None

    def readings(self, text: str) -> Iterator[Reading]:
        """Yield each run of two bytes and more; those in a code that is guessed at the end."""
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


SPELLING = Quoted()
