"""Values of directories: base64 behind two colons, and lines that are folded within words.

Source: RFC 2849, notes 2 and 8.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator

from actionday.mime.otherwise.signs import Seen, Sign
from actionday.mime.otherwise.spelling import Reading

VALUE = re.compile(r":: {0,4}([A-Za-z0-9+/=]{4,}+(?>(?:\r?\n [A-Za-z0-9+/=]{1,}+)*))(?=\s|\Z)")
FOLD = re.compile(r"(?<=\S)\r?\n (?=\S)")
BEGINNING = 1 << 16
"""Characters in which the first entry begins: before it stand remarks."""
ENTRY = re.compile(r"^dn::? ", re.MULTILINE)

SIGN = Sign(("d", "n", ":"), rare=True)


class Directory:
    """LDIF: what a directory of people is exported as."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield the values in base64 that are text, and the folds."""
        if not (text.startswith("dn:") or "\ndn:" in text[:BEGINNING]) or not ENTRY.search(text):
            return
        for found in VALUE.finditer(text):
            said = _said("".join(found[1].split()))
            if said:
                yield Reading(found.start() + 2, found.end(), f" {said}")
        for found in FOLD.finditer(text):
            yield Reading(found.start(), found.end(), "")


def _said(written: str) -> str:
    try:
        said = b64decode(written, validate=True).decode("utf-8")
    except (Error, ValueError):
        return ""
    return said if all(letter >= " " or letter in "\t\r\n" for letter in said) else ""


SPELLING = Directory()
