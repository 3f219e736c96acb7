"""Words that a PDF breaks at the end of a line: whole in the text, with their hyphen at its end.

Source: PDF 1.7 (ISO 32000-1), 14.8.2.2.3 (hyphenation). A page does not say whether a hyphen at the end of a line is
the printer's ("broad-cast") or the writer's ("e-mail"): both readings of the word can be searched.
"""

import re
from itertools import pairwise

BROKEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010\ufffe\x02][ \t]*(?:\r\n|\n)[ \t]*(?=[^\W\d_])")
"""A hyphen between letters and the break of the line behind it."""
MARK = "\ufffe"
"""Stands, as PDFium writes it or its other mark, where a line broke behind a hyphen."""
WORD = re.compile(rf"(?<!\S)\S*{MARK}\S*")
ADDRESS = re.compile(r"[@/\\_=]|www\.|\w\.\w")
"""What a hyphen may well belong to."""
AT_THE_END = re.compile(r"(\S*[^\W\d_])[-\u00ad\u2010]\s*\Z")
GOES_ON = re.compile(r"\s*([^\W\d_A-Z]\S*)")
EDGES = ".,;:!?()[]{}\"'„“”«»"


def rejoined(text: str) -> tuple[str, list[str]]:
    """Return a page's text with broken words made whole, and the other reading of each of them."""
    text = BROKEN.sub(MARK, text.replace("\x02", MARK))
    if MARK not in text:
        return text, []
    others: list[str] = []

    def whole(found: re.Match[str]) -> str:
        parts = found[0].split(MARK)
        joined, hyphened = "".join(parts), "-".join(parts)
        keeps = ADDRESS.search(hyphened) or not _one_word(parts)
        others.append((joined if keeps else hyphened).strip(EDGES))
        return hyphened if keeps else joined

    return WORD.sub(whole, text), others


def over_the_page(before: str, now: str) -> list[str]:
    """Return the word that the end of one page and the begin of the next make together, if they do."""
    end = AT_THE_END.search(before[-200:])
    begin = GOES_ON.match(now[:200]) if end else None
    return [f"{end[1]}{begin[1]}".strip(EDGES)] if end and begin else []


def _one_word(parts: list[str]) -> bool:
    """Say whether the parts may be one word: letters on both sides, no capital in the middle of small ones."""
    for before, behind in pairwise(parts):
        if not before[-1:].isalpha() or not behind[:1].isalpha():
            return False
        if behind[0].isupper() and before[-1].islower():
            return False
    return True
