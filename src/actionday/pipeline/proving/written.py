"""Columns of JSON: do they hold what was recorded, and in one way to read it?

Of a name that stands twice one reader takes the first value and another the last; blanks, other escapes and other
spellings of a number hide bytes that nobody recorded. So a text is read only when it is what our own writer makes of
the value it holds.

Source: RFC 8259, sections 4 (names SHOULD be unique) and 6 (numbers).
"""

from typing import Any

import msgspec

from actionday.ledger.canonical import NotCanonical, canonical


def read(text: object) -> Any:
    """Return what a column of JSON holds; itself where it is none as we write it: then it equals nothing recorded."""
    if not isinstance(text, str):
        return text
    try:
        value = msgspec.json.decode(text)
        return value if msgspec.json.encode(value) == text.encode() else text
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return text


def same(held: Any, recorded: Any) -> bool:
    """Say whether two values are one in the ledger's JSON: 1 and 1.0 are, 1 and true are not."""
    try:
        return canonical(held) == canonical(recorded)
    except NotCanonical:
        return False
