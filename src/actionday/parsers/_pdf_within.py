"""Words that stand bare within the objects of a PDF, and comments within its object streams.

Source: PDF 1.7 (ISO 32000-1), 7.3.10 (indirect objects), 7.5.7 (object streams, which hold nothing but objects).

Between ``obj`` and ``endobj`` stands one value, with a stream perhaps: readers pass over what else is there.
"""

from collections.abc import Iterable

from actionday.model import Loss, Note
from actionday.model.counted import counted
from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_filters import undone_to
from actionday.parsers._pdf_loose import PACKED
from actionday.parsers._pdf_operators import MAYBE, between, is_addressed
from actionday.parsers._pdf_parts import MOST

MOST_UNPACKED = 64 << 20
"""Bytes of all object streams together."""


class Within:
    """What was found."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.objects = self.comments = self.unread = 0
        """Objects with words between their values, comments in object streams, and object streams beyond the bound."""

    def notes(self) -> list[Note]:
        """Return what is to be said of it."""
        held = [f"words between the values of {counted(self.objects, 'object')}"] if self.objects else []
        held += [f"{counted(self.comments, 'comment')} in object streams"] if self.comments else []
        found = [Note("unlinked_part", f"PDF: {' and '.join(held)}, at the end")] if held else []
        if self.unread:
            streams = counted(self.unread, "object stream is", "object streams are")
            why = f"PDF: {streams} not looked through for comments, or not to the end, beyond {MOST_UNPACKED} bytes"
            why += f" or {MOST} comments"
            found.append(Note(Loss.PARTS_LIMIT, why))
        return found


def within(
    data: memoryview, code: Iterable[tuple[int, int]], objects: Iterable[tuple[int, int, int]], budget: Budget
) -> Within:
    """Return the words within the objects of a document that is not encrypted.

    ``code`` are the places of the objects without their streams, ``objects`` number, begin and end of each. Costs a
    pass over the code, of the object streams what they unpack.
    """
    found, left = Within(), MOST_UNPACKED
    for begin, end in code:
        piece = bytes(data[begin:end])
        if MAYBE.search(piece) or is_addressed(piece):
            words, *_ = between(piece, Budget(signs=len(piece)))  # its comments are those of the file
            found.objects += bool(words)
            found.texts += words
    for _, begin, end in objects:
        if not PACKED.search(data, begin, min(end, begin + 4096)):
            continue
        inner, cut, spent, _ = undone_to(bytes(data[begin:end]), max(left, 1), budget)
        left -= spent
        if not inner.lstrip()[:1].isdigit():
            continue  # a text, which is read as one
        words, comments, more = between(inner, budget)
        found.unread += cut or more
        found.objects += bool(words)
        found.comments += len(comments)
        found.texts += [*words, *comments]
    return found
