"""From the order in which glyphs stand on a line to the order in which the line is read.

Source: Unicode Standard Annex 9 (bidirectional algorithm), run backwards: 3.3.4 (numbers), 3.3.5 (neutrals),
3.4 (reordering and mirroring). The way back is not unique; what a reader would take first is taken.
"""

import re
from collections.abc import Sequence
from unicodedata import bidirectional, mirrored, normalize

RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Any letter, digit or sign of a script that is written from right to left."""
PRESENTATION = re.compile("[\ufb1d-\ufdfb\ufe70-\ufefc]+")
"""Shapes of Hebrew and Arabic letters and ligatures, each of which stands for letters."""
JOINERS = frozenset(".,/:\u066b\u066c\u060c\u00a0")
"""What stands inside a number, a time or a date without breaking it."""
OF_ADDRESSES = frozenset("?/&=#%-_+~@")
"""What ends a part of an address at the end of a line; sentences of right-to-left scripts do not begin so."""
MIRRORS = str.maketrans("()[]{}<>«»‹›≤≥", ")(][}{><»«›‹≥≤")
OPENING = "([{«‹"
CLOSING = ")]}»›"


def kind(text: str) -> str:
    """Return ``R`` or ``L`` (the way a glyph's text is written), ``N`` (number) or ``-`` (neutral)."""
    for letter in text:
        is_ = bidirectional(letter)
        if is_ in ("R", "AL"):
            return "R"
        if is_ == "L":
            return "L"
        if is_ in ("EN", "AN"):
            return "N"
    return "-"


def logical(glyphs: Sequence[str], page_rtl: bool = False) -> str:
    """Return a line as it is read. ``glyphs`` are the texts of its glyphs from left to right, blanks included;
    the text of one glyph (a ligature) is in reading order. ``page_rtl`` decides where the line itself does not.
    """
    kinds = _numbers([kind(glyph) for glyph in glyphs], glyphs)
    if "R" not in kinds:
        return "".join(glyphs)
    if _reads_from_right(kinds, page_rtl):
        return _mirrored_back(_from_right(glyphs, kinds))
    return "".join(_from_left(glyphs, kinds))


def letters(text: str) -> str:
    """Return text with presentation forms of Hebrew and Arabic as the letters they show; the rest untouched."""
    return PRESENTATION.sub(lambda shapes: normalize("NFKC", shapes[0]), text)


def _numbers(kinds: list[str], glyphs: Sequence[str]) -> list[str]:
    """Join the separators inside numbers to them; a hyphen too where no Arabic letter stands in the line."""
    arabic = any(bidirectional(letter) == "AL" for glyph in glyphs for letter in glyph)
    joiners = JOINERS if arabic else JOINERS | {"-", "+"}
    for at in range(1, len(kinds) - 1):
        if kinds[at] == "-" and glyphs[at] in joiners and kinds[at - 1] == "N" == kinds[at + 1]:
            kinds[at] = "N"
    return kinds


def _reads_from_right(kinds: list[str], page_rtl: bool) -> bool:
    strong = [each for each in kinds if each in "RL"]
    if strong[0] == strong[-1]:
        return strong[0] == "R"
    return page_rtl


def _runs(kinds: list[str], apart: str) -> list[tuple[int, int]]:
    """Return the stretches without ``apart``, and those of it, as ``(begin, end)`` from left to right."""
    runs, begin = [], 0
    for at in range(1, len(kinds) + 1):
        if at == len(kinds) or (kinds[at] == apart) != (kinds[begin] == apart):
            runs.append((begin, at))
            begin = at
    return runs


def _from_right(glyphs: Sequence[str], kinds: list[str]) -> str:
    """Read a line of a right-to-left paragraph: everything backwards but words of Latin and numbers."""
    read: list[str] = []
    for begin, end in reversed(_runs(kinds, "R")):
        if kinds[begin] == "R":
            read.extend(reversed(glyphs[begin:end]))
            continue
        first = next((at for at in range(begin, end) if kinds[at] == "L"), None)
        last = next((at for at in range(end - 1, begin - 1, -1) if kinds[at] in "LN"), None)
        if first is None or last is None or last < first:
            read.extend(_number_words(glyphs, kinds, begin, end))
            continue
        while last + 1 < end and glyphs[last + 1] in OF_ADDRESSES:
            last += 1
        read.extend(_number_words(glyphs, kinds, last + 1, end))
        read.extend(glyphs[first : last + 1])
        read.extend(_number_words(glyphs, kinds, begin, first))
    return "".join(read)


def _number_words(glyphs: Sequence[str], kinds: list[str], begin: int, end: int) -> list[str]:
    """Read backwards, each number forwards."""
    read: list[str] = []
    at = end
    while at > begin:
        start = at - 1
        if kinds[start] == "N":
            while start > begin and kinds[start - 1] == "N":
                start -= 1
        read.extend(glyphs[start:at])
        at = start
    return read


def _from_left(glyphs: Sequence[str], kinds: list[str]) -> list[str]:
    """Read a line of a left-to-right paragraph: from the first to the last right-to-left letter backwards."""
    read: list[str] = []
    for begin, end in _runs(kinds, "L"):
        places = [at for at in range(begin, end) if kinds[at] == "R"]
        if not places:
            read.extend(glyphs[begin:end])
            continue
        first, last = places[0], places[-1] + 1
        read.extend(glyphs[begin:first])
        read.append(_mirrored_back("".join(_number_words(glyphs, kinds, first, last))))
        read.extend(glyphs[last:end])
    return read


def _mirrored_back(text: str) -> str:
    """Turn brackets round where they close before they open: their glyphs were the mirrored ones."""
    first = next((letter for letter in text if letter in OPENING + CLOSING), "")
    return text.translate(MIRRORS) if first and first in CLOSING and mirrored(first) else text
