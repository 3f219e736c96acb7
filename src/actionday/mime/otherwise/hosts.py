"""Names of hosts with letters beyond ASCII, as the domain name system has them: ``xn--…``.

Source: RFC 3492 (Punycode), RFC 5890, 2.3.2.1 (A-labels).
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.signs import Seen, Sign
from actionday.mime.otherwise.spelling import Reading

LABEL = re.compile(r"(?<![A-Za-z0-9])(?:xn|XN)--([A-Za-z0-9-]{1,59})(?![A-Za-z0-9-])")
"""At most 63 characters: the codec takes quadratic time."""

SIGN = Sign(("xX", "nN", "-"), rare=True)


class Hosts:
    """Labels of international host names."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each label that decodes to letters."""
        if "xn--" not in text and "XN--" not in text:
            return
        for found in LABEL.finditer(text):
            try:
                said = found[1].lower().encode("ascii").decode("punycode")
            except (UnicodeError, OverflowError, ValueError):
                continue
            if any(letter.isalpha() and letter > "\x7f" for letter in said) and said.isprintable():
                yield Reading(found.start(), found.end(), said)


SPELLING = Hosts()
