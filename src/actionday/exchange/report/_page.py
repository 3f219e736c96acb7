"""A report as both of its forms have it: sections of notes, facts and tables; and what of a text may be shown."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from actionday.model.counted import thin

JOINERS = "\u200c\u200d"
"""They stay: words of Persian and the scripts of India are spelt with them."""
LONGEST = 1200
"""Characters of one value; a path may be a hundred times as long."""
Kind = Literal["said", "name", "code"]
"""Our words in the language of the report; a name or text out of evidence or of a person; a hash, number or time."""


class Text(NamedTuple):
    """One line of a value."""

    text: str
    kind: Kind


Value = tuple[Text, ...]


class Note(NamedTuple):
    """A paragraph of ours; ``grave``: it says that something is not as it should be."""

    text: str
    grave: bool = False


class Facts(NamedTuple):
    """Names, each with its value."""

    rows: Sequence[tuple[str, Value]]


class Table(NamedTuple):
    """Rows under heads; ``widths`` are shares of the page."""

    heads: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[Value]]


Block = Note | Facts | Table


class Section(NamedTuple):
    """A heading of level 1 or 2 and what stands below it."""

    heading: Text
    level: int
    blocks: Sequence[Block]


class Report(NamedTuple):
    """A report; ``made`` in RFC 3339 UTC, ``language`` en or ar."""

    title: str
    case: str
    made: str
    language: str
    sections: Sequence[Section]

    @property
    def direction(self) -> str:
        """Which way its lines run."""
        return "rtl" if self.language == "ar" else "ltr"


def said(text: str) -> Value:
    """Return words of ours as a value."""
    return (Text(text, "said"),)


def code(*texts: str) -> Value:
    """Return hashes, numbers or times, a line each."""
    return tuple(Text(each, "code") for each in texts)


def name(text: object) -> Value:
    """Return what evidence or a person says as a value: visible, and not longer than ``LONGEST``."""
    return (Text(visible(str(text)), "name"),)


def visible(text: str) -> str:
    """Return a text in one line of which nothing moves, turns or hides what stands beside it; each such is named.

    Of one longer than ``LONGEST`` the beginning, and how many characters are left out.
    """
    kept = text[:LONGEST]
    figures = thin(kept)  # in a figure of ours a thin space hides nothing
    shown = "".join(
        c if c.isprintable() or c in JOINERS or at in figures else f"<U+{ord(c):04X}>"
        for at, c in enumerate(kept)
    )
    return f"{shown} … (+{len(text) - LONGEST})" if len(text) > LONGEST else shown
