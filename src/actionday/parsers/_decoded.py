"""The text of some bytes, and what is to be said of how it came about."""

import msgspec

from actionday.mime.prose import MOST_ODD, is_prose
from actionday.model import Note
from actionday.model.counted import counted

UNSURE = 0.1
"""Confidence below which statistics found nothing that fits."""
MAINFRAME = "cp037"


class Decoded(msgspec.Struct):
    """The text of a content in pieces, and how it came about."""

    pieces: list[str] = []
    encoding: str = "utf-8"
    confidence: float = 1.0
    replaced: int = 0
    """Bytes or sequences that no character stands for (U+FFFD in the text)."""
    others: set[str] = msgspec.field(default_factory=set)
    """Further encodings in which some lines of the text are."""
    rubbish_from: int | None = None
    """First byte of what is no text."""
    false_mark: bool = False
    """A mark of UTF-16 stands before a text that is none."""
    in_pairs: int = 0
    """Passages of one byte a letter within UTF-16."""

    @property
    def lines_in(self) -> str:
        """The further encodings, by name."""
        return ", ".join(sorted(self.others))

    def meta(self) -> dict[str, object]:
        """Return what is kept with the content: its encoding and how sure it is."""
        facts: dict[str, object] = {"encoding": self.encoding, "encoding_confidence": self.confidence}
        return facts | ({"encoding_some_lines": self.lines_in} if self.lines_in else {})

    def notes(self) -> tuple[Note, ...]:
        """Return what could not be decoded, as lines for the issue log: of what is no writing, that it is none."""
        notes = []
        writing = self._is_writing()
        if not writing:
            notes.append(
                Note("not_text", f"hardly any of it is writing: read as {self.encoding} all the same")
            )
        elif self.replaced:
            places = counted(self.replaced, "place is", "places are")
            notes.append(Note("undecodable", f"{places} no {self.encoding}: shown as U+FFFD"))
        if self.confidence < UNSURE and writing:
            notes.append(
                Note("encoding_unsure", f"the encoding is a guess: {self.encoding} at {self.confidence:.2f}")
            )
        if self.encoding == MAINFRAME:
            notes.append(Note("encoding_unsure", "a mainframe's text (EBCDIC): read as code page 37"))
        if self.false_mark:
            notes.append(Note("false_mark", "begins with a mark of Unicode and is none: read without it"))
        if self.in_pairs:
            passages = counted(self.in_pairs, "passage")
            notes.append(Note("mixed_units", f"{passages} of ASCII within UTF-16: read as ASCII"))
        if self.rubbish_from is not None:
            notes.append(Note("not_text", f"no text from byte {self.rubbish_from}: printable runs only"))
        return tuple(notes)

    def _is_writing(self) -> bool:
        """Say whether there is an encoding to be told: sound and tables of bytes decode badly, and in none."""
        odd = self.replaced > MOST_ODD * sum(map(len, self.pieces))
        return not (odd or self.confidence < UNSURE) or is_prose(self.pieces)
