"""References to characters outside of markup: ``&#1575;``, ``&#x627;``, ``&uuml;``, escaped once or more often.

Source: HTML Living Standard, 13.5 (named references); XML 1.0, 4.1.
"""

import re
from collections.abc import Iterator
from html import unescape

from actionday.mime.otherwise.signs import Seen, Sign
from actionday.mime.otherwise.spelling import Reading, in_a_word

_ONE = (
    r"(?:amp;)*(?:#(?:[0-9]{2,7}|[xX][0-9A-Fa-f]{2,6});?"
    r"|(?!(?:amp|lt|gt|quot|nbsp|apos|[lr][ds]quo|[mn]dash|hellip);)[A-Za-z]{2,8}[0-9]{0,2};)"
)
RUN = re.compile(rf"&{_ONE}(?>(?:&{_ONE})*)")
SIGN = Sign(("&", "#", "0-9xX"), ("&", "A-Za-z", "A-Za-z0-9"))
HIDDEN = 3


class Entities:
    """Letters as references of HTML and XML."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each run of references that is one."""
        for found in RUN.finditer(text):
            start, end = found.span()
            said = unescape(found[0].replace("&amp;", "&").replace("amp;", ""))
            if said != found[0] and "\ufffd" not in said:
                hidden = said.isascii() and sum(map(str.isalpha, said)) >= HIDDEN
                yield Reading(start, end, said, hidden or in_a_word(text, start, end, said))


SPELLING = Entities()
