r"""Tracked changes of a rich text file, and the file as it reads now.

Source: Rich Text Format 1.9.1, "Track Changes (Revision Marks)": ``\revised``, ``\deleted``, ``\revauth``,
``\revdttm``, ``\revtbl``; "Move Bookmarks and Marks": ``\mvf``, ``\mvt``.

The library that reads what a page shows knows none of these words: it is given the file without what was taken out.
"""

import re

from actionday.parsers._tracked import State

STATES: dict[bytes, State] = {b"revised": "new", b"mvt": "new", b"deleted": "old", b"mvf": "old"}
CHANGING = frozenset({*STATES, b"plain"})
TRACKED = re.compile(rb"\\(?:revised|deleted|mvf|mvt)(?![a-z])")
PART = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'[0-9a-fA-F]{2}|\\([^a-zA-Z])|([{}])|[\r\n]+|[^\\{}\r\n]+"
)
SHOWN = frozenset(
    b"u par line tab emdash endash lquote rquote ldblquote rdblquote bullet emspace enspace qmspace".split()
)
"""Words that stand for characters. Ends of cells and rows stay: a table without them is none."""


def changed(state: State, word: bytes, number: bytes | None) -> State:
    """Return the state behind one of the words ``CHANGING``; a 0 ends what the word began."""
    if word == b"plain":
        return ""
    own, on = STATES[word], number is None or int(number) != 0
    new = on if own == "new" else state in ("new", "passed")
    old = on if own == "old" else state in ("old", "passed")
    return "passed" if new and old else "new" if new else "old" if old else ""


def accepted(raw: bytes) -> bytes:
    """Return a file without the characters that were taken out; what was put in is left as any text."""
    if not TRACKED.search(raw):
        return raw
    kept: list[bytes] = []
    state: State = ""
    stack: list[State] = []
    at = 0
    for part in PART.finditer(raw):
        word, number, sign, brace = part.groups()
        if brace == b"{":
            stack.append(state)
        elif brace:
            state = stack.pop() if stack else state
        elif word in CHANGING:
            state = changed(state, word, number)
        elif state in ("old", "passed") and not (word and word not in SHOWN) and sign != b"*":
            kept.append(raw[at : part.start()])
            at = part.end()
    return b"".join((*kept, raw[at:]))
