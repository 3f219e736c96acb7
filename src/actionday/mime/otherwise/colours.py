r"""Colours of terminals whose escape is written, or was lost: ``\u001b[31mword``, ``#033[31mword``, ``[31mword``.

Source: ECMA-48, 8.3.117 (SGR). Escapes themselves are undone by ``mime.terminal``.
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.spelling import Reading

COLOUR = re.compile(r"\[(?:\d{1,3}(?:;\d{1,3}){0,8}|(?:(?<=1[bB]\[)|(?<=33\[)|(?<=\^\[\[)))m")

QUICK = re.compile(r"\[[0-9;]*+m")
WRITTEN = ("#033", "\\e", "^[", "␛")
"""The escape as rsyslog, shells and viewers write it; others are escapes of programs (``escapes``)."""


class Colours:
    """What colours the words behind it and sticks to them."""

    def may_be_in(self, text: str) -> bool:
        """Say whether a text has the signs of it."""
        return QUICK.search(text) is not None

    def readings(self, text: str) -> Iterator[Reading]:
        """Yield the sequences without their escape; those tell that a word stands behind."""
        for found in COLOUR.finditer(text):
            before = next((len(each) for each in WRITTEN if text.endswith(each, 0, found.start())), 0)
            glued = text[found.end() : found.end() + 1].isalnum()
            yield Reading(found.start() - before, found.end(), "", glued)


SPELLING = Colours()
