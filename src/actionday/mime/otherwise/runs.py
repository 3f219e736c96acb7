"""Long runs of letters and figures, in which a text may have bytes: found at the speed of memory, most have none.

Source: RFC 4648, 4 (base64); what is hexadecimal is of its alphabet, too.
"""

from collections.abc import Iterator

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
LEAST = 28
"""Characters of a run before which nothing says what it is: fourteen bytes of figures, 21 of base64."""
MARKS = bytes(0x78 if byte in ALPHABET else 0x20 for byte in range(256))
SOUGHT = b"x" * LEAST


def runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the runs begin and end. All letters of the alphabet are one, which is looked for as a word is."""
    marks = text.encode("latin-1", "replace").translate(MARKS)
    at = marks.find(SOUGHT)
    while at >= 0:
        end = marks.find(b" ", at)
        end = end if end >= 0 else len(marks)
        yield at, end
        at = marks.find(SOUGHT, end)
