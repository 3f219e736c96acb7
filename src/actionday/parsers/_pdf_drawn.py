"""What is said of content streams that no page of a PDF names.

Source: PDF 1.7 (ISO 32000-1), 7.8.2 (content streams).
"""

from actionday.model import Loss, Note
from actionday.model.counted import counted
from actionday.parsers._pdf_budget import MOST_OF_IMAGES
from actionday.parsers._pdf_loose import MOST, MOST_UNPACKED, Words
from actionday.parsers._pdf_parts import MOST as MOST_PARTS
from actionday.parsers._pdf_parts import MOST_OF_IMAGE


class Drawn:
    """Content streams that no page names."""

    def __init__(self) -> None:
        self.count = self.mute = 0
        """How many there are, and of how many nobody can tell the letters."""
        self.first = 0
        self.texts: list[str] = []
        self.held = self.between = self.cut = 0
        """Streams of text that are none of a page's, those with words between operators, and those read in part."""

    def take(self, number: int, words: list[str]) -> None:
        """Take in one, by the number of its object, with the words that stand in it."""
        self.count += 1
        if not words:
            self.first = number if not self.mute else self.first
            self.mute += 1
        self.texts += words

    def hold(self, words: Words) -> None:
        """Take in a stream of text, or one with words between its operators."""
        self.held += not words.between
        self.between += words.between
        self.texts += words.lines

    def notes(self) -> list[Note]:
        """Return what is to be said of them."""
        held = f"PDF: {counted(self.held, 'stream')} of text that no page shows, with the words at the end"
        between = f"PDF: words between the operators of {counted(self.between, 'stream')}, at the end"
        cut = (
            f"PDF: {counted(self.cut, 'stream')} longer than what is read for words that no page shows,"
            f" which is {MOST} bytes of one and {MOST_UNPACKED} of all, of packed inline images {MOST_OF_IMAGE}"
            f" and {MOST_OF_IMAGES}, and {MOST_PARTS} comments and strings"
        )
        notes = [Note("unlinked_part", held)] if self.held else []
        notes += [Note("unlinked_part", between)] if self.between else []
        notes += [Note(Loss.PARTS_LIMIT, cut)] if self.cut else []
        return [*notes, self._note()] if self.count else notes

    def _note(self) -> Note:
        what = f"PDF: {counted(self.count, 'content stream')} that no page names"
        if not self.mute:
            return Note("unlinked_part", f"{what}, with the words at the end")
        which = f"{self.mute} of them" if self.count > self.mute else "them" if self.mute > 1 else "it"
        why = f"{what}; the letters of {which} cannot be told, words are missing (object {self.first})"
        return Note(Loss.PAGE_DAMAGED, why)
