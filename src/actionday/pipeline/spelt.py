"""What a text hides or says otherwise, put at its end: the work of workers alone."""

from collections.abc import Sequence

from actionday.mime.otherwise.layer import MARK, beside
from actionday.mime.terminal import screen
from actionday.model import Note
from actionday.model.loss import NOT_UNDONE
from actionday.pipeline.extracted import Text, gather


def with_spellings(
    pieces: Sequence[str], code: str = "", *, by_chance: bool = False
) -> tuple[Text, tuple[Note, ...]]:
    """Return a text as a terminal shows it, with what it hides or says otherwise, and a note where that is cut.

    Of ``code``, which comes behind all that, its parser has told what it says otherwise.
    """
    seen = screen(pieces)
    found = beside(seen.pieces)
    lines = dict.fromkeys((*seen.hidden, *found.lines))
    added = (MARK, *(f"{line}\n" for line in lines)) if lines else ()
    notes = (Note(NOT_UNDONE, "more is written in escapes and codings than is undone: found as written"),)
    text = gather((*seen.pieces, "".join(added)), code, by_chance=by_chance)
    return text, notes if found.more else ()
