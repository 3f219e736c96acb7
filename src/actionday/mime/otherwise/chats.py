r"""Colours and forms of chats: ``\x034word``, ``\x02bold\x02``, ``\x04ff8800word``, as IRC clients log them.

Source: "IRC Formatting" (modern.ircdocs.horse/formatting), the characters of mIRC and those that came after it.
Logs keep them: a figure sticks to the word behind it, and what is bold within a word parts it.
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise import mojibake
from actionday.mime.otherwise.signs import ANY, BEYOND_LATIN, FIGURE, Seen, Sign
from actionday.mime.otherwise.spelling import Reading

FORMS = "\x02\x0f\x11\x16\x1d\x1e\x1f"
"""Bold, plain, of one width, reversed, italic, struck, underlined."""
_COLOUR = r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?"
_ONE = rf"(?:[{FORMS}]|{_COLOUR})"
RUN = re.compile(rf"(?>{_ONE}+)")
GLUED = re.compile(r"[0-9A-Fa-f]\Z")
_WITHIN = r"[^\0-\x1f]{1,400}[\x02\x1d]"
TOLD = re.compile(rf"\x03\d|\x04[0-9A-Fa-f]{{6}}|\x0f|\x02{_WITHIN}|\x1d{_WITHIN}")
"""What no text has that parts its records or subfields with control characters; begins with signs of its own."""
SIGN = Sign(
    ("\x02\x1d", "^\\0-\x1f", ANY),
    ("\x03", f"0-9{BEYOND_LATIN}", ANY),
    ("\x04", FIGURE, FIGURE),
    ("\x0f", ANY, ANY),
    like=mojibake.SIGN,
)


class Chats:
    """What colours letters in a chat."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each run; it tells where its figure sticks to a word, or where it stands within one."""
        if not TOLD.search(text):
            return
        for found in RUN.finditer(text):
            start, end = found.span()
            behind = text[end : end + 1].isalnum()
            within = behind and text[start - 1 : start].isalnum()
            yield Reading(start, end, "", within or (behind and GLUED.search(found[0]) is not None))


SPELLING = Chats()
