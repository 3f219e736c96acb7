"""Names in which unseen characters turn the direction of others: they are found as stored and as they are seen.

Source: Unicode Standard Annex 9, 2.1 to 2.6 (explicit directional formatting); implicit marks part words here as well.
"""

import re

TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
FORCED = re.compile("\u202e([^\u202c\u2066-\u2069\u202a-\u202e]+)")
"""What an override shows from its end to its beginning."""


def turned(name: str) -> tuple[str, ...]:
    """Return what else a name reads as: its parts between the marks, and with forced runs as they are shown.

    () for one without such marks, as nearly every name is. ``inv`` + U+202E + ``gpj.exe`` is shown as ``invexe.jpg``.
    """
    if not TURNS.search(name):
        return ()
    shown = FORCED.sub(lambda found: "\u202e" + found[1][::-1], name)
    return tuple(dict.fromkeys((TURNS.sub(" ", name), TURNS.sub(" ", shown), TURNS.sub("", shown))))
