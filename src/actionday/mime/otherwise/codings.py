"""Bytes of a text that stand in it as base64 or as hexadecimal figures, and are text themselves.

Source: RFC 4648, 4, 5 and 8. Both are looked for in one pass, and kept only where they surely are text.
"""

import re
from collections.abc import Iterable, Iterator

from actionday.mime.otherwise import hexadecimal, sixtyfour
from actionday.mime.otherwise.hexadecimal import said_in_figures
from actionday.mime.otherwise.signs import RUN, Seen
from actionday.mime.otherwise.sixtyfour import LOOKED_AT, said_in_letters
from actionday.mime.otherwise.spelling import Reading

HEXADECIMAL = "0123456789abcdefABCDEF"
WORTH = re.compile(r"[^0-9]*+[0-9]|(?>(?:[A-Za-f].{0,3}+)+)\Z")
"""What begins no word and no path, which most runs are: it has a figure, or each fourth letter is as of ASCII."""
Span = tuple[int, int]


class Codings:
    """Text that was written in letters and figures to pass through where text does not."""

    signs = (RUN, *hexadecimal.SIGNS, *sixtyfour.SIGNS)

    def readings(self, text: str, seen: Seen) -> Iterator[Reading]:
        """Yield what is text, in order; of two at one place the longer one."""
        figures, letters = _parted(text, seen.runs)
        done = 0
        read = (*said_in_figures(text, figures, seen), *said_in_letters(text, letters, seen))
        for each in sorted(read, key=lambda reading: (reading.start, -reading.end)):
            if each.start >= done and each.said.strip():
                yield each
                done = each.end


def _parted(text: str, found: Iterable[Span]) -> tuple[list[Span], list[Span]]:
    """Return the runs that are of figures alone, and the others; none that can be neither."""
    kinds: tuple[list[Span], list[Span]] = ([], [])
    for start, end in found:
        if WORTH.match(text, start, min(end, start + LOOKED_AT)):
            kinds[text[start:end].strip(HEXADECIMAL) != ""].append((start, end))
    return kinds


SPELLING = Codings()
