"""What stands in the midst of a word and is no part of it: a line break, the marks of a Hebrew abbreviation.

They become characters that folding drops, one for one, so that every place in the text stays what it was.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from actionday.storage.index.fold import Table
from actionday.storage.index.unspaced import RUNS

NOTHING = "\u200b"  # dropped by folding; composes with nothing
NON_JOINER = "\u200c"  # dropped too, and what stands on its sides is found by itself as well
DROPPED = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
BREAK = re.compile(
    rf"[\n\r\x0b\x0c\x85\u2028](?:(?<=\r)\n)?[ \t\xa0\u3000{DROPPED}>]*+(?=[\u0e00-\U0010ffff])"
)  # with the indent or the marks of a quotation before what follows; no second break: that ends a paragraph
BLANKS = frozenset(" \t\xa0\u3000")
MOST_BLANKS = 256  # behind a line, and what folding drops: a page is narrower

LETTER = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u05d0-\u05ea\u05ef-\u05f2\ufb1d-\ufb4f"
DOUBLE = '"\u05f4“”„‟″'  # gershayim as it is typed
SINGLE = "'\u05f3‘’‚‛′`´ʹʼ"  # geresh; two of them are gershayim too
SIDES = "\u200e\u200f"  # written around them to hold the direction
_SIGNS = f"[{DOUBLE}{SINGLE}{SIDES}]"
MARK = re.compile(
    f"{_SIGNS}{_SIGNS}*+(?=[{LETTER}])"
)  # a class in front is searched for much faster than its repeat
INNER = re.compile(f"[{DOUBLE}]|[{SINGLE}]{{1,2}}")
HEBREW = re.compile(f"[{LETTER}]")


def sewn(text: str, fold: Table) -> str:
    """Return a text of the same length in which nothing parts a word that is one; only folding it makes sense."""
    return sewn_lines(sewn_marks(text), fold)


def may_hold_hebrew(encoded: bytes) -> bool:
    """Tell at once whether a text, in UTF-8, may hold Hebrew; no only where it holds none."""
    return (
        b"\xd7" in encoded or b"\xef\xac" in encoded or b"\xef\xad" in encoded
    )  # letters; presentation forms


def sewn_marks(text: str) -> str:
    """Return the text with geresh and gershayim in the midst of Hebrew words as non-joiners."""
    return MARK.sub(_sewn_mark, text)


def sewn_lines(text: str, fold: Table) -> str:
    """Return the text without line breaks in the midst of runs of unspaced scripts.

    A single line break between two such characters parts nothing; an empty line does.
    """
    parts, at = list[str](), 0
    for start, end in _breaks(text, fold):
        parts += [text[at:start], NOTHING * (end - start)]
        at = end
    return "".join((*parts, text[at:])) if parts else text


def inside(text: str, at: int, fold: Table) -> bool:
    """Tell whether a cut before ``text[at]`` would lie where a line break parts nothing."""
    low = max(0, at - 2 * MOST_BLANKS)
    stretch = text[low : at + 2 * MOST_BLANKS]
    return any(start < at - low <= end for start, end in _breaks(stretch, fold))


def _sewn_mark(found: re.Match[str]) -> str:
    start = found.start()
    inside = start > 0 and HEBREW.match(found.string, start - 1) and INNER.fullmatch(found[0].strip(SIDES))
    return NON_JOINER * len(found[0]) if inside else found[0]


def _breaks(text: str, fold: Table) -> Iterator[tuple[int, int]]:
    """Yield where the line breaks lie, with the blanks around them, that stand inside a run of such a script."""
    for found in BREAK.finditer(text):
        start = found.start()
        low = max(0, start - MOST_BLANKS)
        while start > low and (text[start - 1] in BLANKS or not fold[ord(text[start - 1])]):
            start -= 1
        before = fold[ord(text[start - 1])] if start else ""
        if _unspaced(before[-1:]) and _unspaced(fold[ord(text[found.end()])][:1]):
            yield start, found.end()


@lru_cache(maxsize=1 << 13)  # characters: the usual ones of a language stand at each end of its lines
def _unspaced(char: str) -> bool:
    return RUNS.match(char) is not None
