"""What a type offers that is looked for in space that belongs to no file."""

from typing import NamedTuple, Protocol

from actionday.model import Stream

LENGTH = "length"
"""What says where a file ends of which nothing but a number tells: what lies before may be another's."""


class Carved(NamedTuple):
    """A file that was found: how long it is, whether that is its own end, and what says so."""

    size: int
    whole: bool = True
    """Whether its end was found; else it is cut where its structure breaks off, or at the most it may have."""
    sure: str = "structure"
    """What was held against the bytes: ``checksums``, ``structure``, a ``length`` or ``words`` alone."""


class Carver(Protocol):
    """One type of file: how it begins, and where it ends."""

    name: str
    suffix: str
    """What the name of an item ends with, ``.jpg``; ``called`` may tell better."""
    marks: tuple[bytes, ...]
    """Bytes that it begins with, any of them; two at least of each."""
    aligned: bool
    """Whether it is looked for where sectors begin alone."""
    most: int
    """Bytes that are looked at from its beginning on."""

    def carve(self, stream: Stream) -> Carved | None:
        """Return what begins at byte 0 of ``stream``, of which ``most`` bytes are given, None where nothing does.

        Never raises for what the bytes are; a read may raise ``Spent`` or Damaged.
        """

    def called(self, stream: Stream, size: int) -> str:
        """Return the suffix of a file that was found."""
