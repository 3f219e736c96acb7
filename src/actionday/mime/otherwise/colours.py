r"""Colours of terminals whose escape is written, or was lost: ``\u001b[31mword``, ``#033[31mword``, ``[31mword``.

Source: ECMA-48, 8.3.117 (SGR). Escapes themselves are undone by ``mime.terminal``.
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.signs import BEYOND_LATIN, Seen, Sign
from actionday.mime.otherwise.spelling import Reading

COLOUR = re.compile(r"\[(?:\d{1,3}(?:;\d{1,3}){0,8}|(?:(?<=1[bB]\[)|(?<=33\[)|(?<=\^\[\[)))m")

QUICK = re.compile(r"\[[0-9;]*+m")
WRITTEN = ("#033", "\\e", "^[", "␛")
"""The escape as rsyslog, shells and viewers write it; others are escapes of programs (``escapes``)."""

SIGN = Sign((f"bB\\[0-9;{BEYOND_LATIN}", f"\\[0-9;{BEYOND_LATIN}", "m"))
"""Figures of other scripts are figures, too."""


class Colours:
    """What colours the words behind it and sticks to them."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield the sequences without their escape; those tell that a word stands behind."""
        if not QUICK.search(text):
            return
        for found in COLOUR.finditer(text):
            before = next((len(each) for each in WRITTEN if text.endswith(each, 0, found.start())), 0)
            glued = text[found.end() : found.end() + 1].isalnum()
            yield Reading(found.start() - before, found.end(), "", glued)


SPELLING = Colours()
