"""Running text out of evidence: its own direction, its joiners at work, its hidden characters counted.

Controls that could reorder what stands around them are shown as chips; ZWJ, ZWNJ and marks keep shaping letters.
"""

import re
from collections.abc import Iterable
from itertools import count

from markupsafe import Markup, escape

from actionday.app.web.showing.names import chip, label

SHAPING = "\u200c\u200d"
"""Joiner and non-joiner: without them Persian, Hindi and many pictures are not what was written."""
UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
STACKED = re.compile(
    "((?:[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]){4})([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+)"
)
HIDDEN = re.compile(f"{UNSEEN.pattern[:-1]}{SHAPING}]")


def hidden(text: str) -> int:
    """Return how many characters of a text are not seen, joiners included."""
    return len(HIDDEN.findall(text.replace("\r\n", "\n")))


def shown(text: str, everything: bool = False) -> Markup:
    """Return text for a page: escaped, unseen controls as chips, no more than four marks on a letter.

    ``everything``: joiners are shown as chips too, and then no longer join.
    """
    text = STACKED.sub(r"\1", text.replace("\r\n", "\n"))
    parts: list[Markup] = []
    at = 0
    for match in (HIDDEN if everything else UNSEEN).finditer(text):
        parts += [escape(text[at : match.start()]), chip(label(match[0]) or "?")]
        at = match.end()
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def marked(pieces: Iterable[tuple[str, bool]], everything: bool = False) -> Markup:
    """Return pieces of text, the marked ones as ``<mark>``, which changes neither joining nor order.

    They are called ``m1``, ``m2`` … so that a link can lead to them.
    """
    marks = count(1)
    return Markup("").join(
        Markup('<mark id="m{}">{}</mark>').format(next(marks), shown(text, everything))
        if hit
        else shown(text, everything)
        for text, hit in pieces
    )


def one_line(pieces: Iterable[tuple[str, bool]]) -> Markup:
    """Return a snippet on one line: white space collapsed, words marked."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(shown(line)) if hit else shown(line)
        for line, hit in ((re.sub(r"\s+", " ", text), hit) for text, hit in pieces)
    )
