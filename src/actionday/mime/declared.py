"""The code that a program, a script of Vim or a catalogue of messages says it is written in.

Source: Python Language Reference, 2.1.4 (PEP 263: in the first two lines, as Emacs and Vim write it); Vim's
``:scriptencoding``; GNU gettext, "Header Entry" (``charset=`` behind an empty ``msgid``).
"""

import re

LOOKED_AT = 4096
LABEL = rb"([A-Za-z][A-Za-z0-9._-]{2,39})"
FIRST_LINES = re.compile(rb"(?:[^\n]*\n)?[^\n]*coding[:=][ \t]*" + LABEL)
SCRIPT = re.compile(rb"^scriptencoding[ \t]+" + LABEL, re.MULTILINE)
HEADER = re.compile(rb"^msgid \"\"\s*msgstr(?s:.*?)\bcharset=" + LABEL, re.MULTILINE)


def declared(start: bytes) -> str | None:
    """Return the label in the first bytes of a text, None where it has none."""
    start = start[:LOOKED_AT]
    found = None
    if b"coding" in start:
        found = FIRST_LINES.match(start) or SCRIPT.search(start)
    elif b"charset=" in start:
        found = HEADER.search(start)
    return found[1].decode("ascii") if found else None
