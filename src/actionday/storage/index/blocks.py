"""A text in blocks of lines: those of ASCII, which fold at once, apart from the others."""

from collections.abc import Iterator
from itertools import groupby

SOME_LINES = 2048
"""Characters of which it is asked at once whether they are ASCII: parting all lines took two fifths of the time of
texts with few others."""


def blocks(text: str) -> Iterator[str]:
    """Yield the text, ASCII lines apart: sources and logs have few others, folded 10 times slower.

    Lines beyond ASCII that follow each other are one block, those of ASCII one or several.
    """
    kept: list[str] = []
    for some in _some_lines(text):
        if some.isascii():
            if kept:
                yield "\n".join(kept)
                kept = []
            yield some
            continue
        for plain, lines in groupby(some.split("\n"), str.isascii):
            if not plain:
                kept += lines
                continue
            if kept:
                yield "\n".join(kept)
                kept = []
            yield "\n".join(lines)
    if kept:
        yield "\n".join(kept)


def _some_lines(text: str) -> Iterator[str]:
    """Yield lines together, of ``SOME_LINES`` characters or more, without the feed behind the last one."""
    at = 0
    while at <= len(text):
        end = text.find("\n", at + SOME_LINES)
        end = len(text) if end < 0 else end
        yield text[at:end]
        at = end + 1
