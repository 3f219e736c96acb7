"""Lines of a PDF page that holds right-to-left script or letters with marks, rebuilt from the places of its characters.

Source: PDF 1.7 (ISO 32000-1), 9.10 (extraction of text): a page stores places, not an order. PDFium's own order
turns some right-to-left words round and leaves others, and splits numbers off (seen with Skia and LibreOffice); it puts
marks that are drawn over their letter behind the next one, and blanks around them.
"""

import ctypes
from collections.abc import Sequence
from functools import partial
from typing import Any
from unicodedata import category

import msgspec

from actionday.parsers._bidi import RTL, kind, letters, logical
from actionday.parsers._pdf_actual import BLANK, Actual, size_of, width_between

SAME_LINE = 0.45
"""Part of the font size by which baselines of one line may differ: superscripts, mixed scripts."""
SAME_ORIGIN = 0.01
"""Part of the font size within which two origins are one."""
SAME_PLACE = 0.02
"""Points; characters of one ligature share their place exactly."""
SMALLEST = 2.0
"""Below this a font's size is a unit that the page enlarges (size 1, and the size in the text matrix)."""
MARKS = frozenset({"Mn", "Mc", "Me"})
ALEFS = "اأإآٱ"
ALLAH = ("لله", "الله")


class Glyph(msgspec.Struct):
    """A character or a ligature and where it stands, in points from the lower left corner."""

    text: str
    origin: float
    middle: float
    """Of its ink: two glyphs of one origin stand in the order of their ink."""
    left: float
    right: float
    """The place its advance takes: from glyph to glyph without a gap inside a word."""
    baseline: float
    size: float


def lines(page: Any, raw: Any, actual: Actual) -> str:
    """Return the text of a page line by line. ``page`` is a text page handle, ``raw`` PDFium's C interface."""
    glyphs = _glyphs(page, raw, actual)
    rows = _rows(glyphs)
    kinds = [kind(glyph.text) for row in rows for glyph in row]
    page_rtl = kinds.count("R") > kinds.count("L")
    return "\n".join(letters(logical(_spaced(row), page_rtl)).strip() for row in rows)


def _glyphs(page: Any, raw: Any, actual: Actual) -> list[Glyph]:
    """Return the glyphs in PDFium's order, ligatures whole; what PDFium itself put in (blanks) is left out."""
    found: list[Glyph] = []
    seen: list[list[str]] = []
    loose = raw.FS_RECTF()
    ink = [ctypes.c_double() for _ in range(4)]
    x, y = ctypes.c_double(), ctypes.c_double()
    for at in range(raw.FPDFText_CountChars(page)):
        letter = _letter(raw.FPDFText_GetUnicode(page, at))
        if not letter or at in actual.left_out or raw.FPDFText_IsGenerated(page, at) == 1:
            continue
        raw.FPDFText_GetCharOrigin(page, at, x, y)
        raw.FPDFText_GetCharBox(page, at, *ink)
        raw.FPDFText_GetLooseCharBox(page, at, loose)
        if letter.isspace() and loose.right - loose.left < SAME_PLACE:
            continue  # one more that PDFium put in, at no place of its own
        middle = (ink[0].value + ink[1].value) / 2
        size = raw.FPDFText_GetFontSize(page, at) or 1.0
        if size < SMALLEST:
            size = size_of(page, raw, at)
        left, right = actual.spans.get(at, (loose.left, loose.right))
        glyph = Glyph(letter, x.value, middle, left, right, y.value, size)
        if found and _goes_on(found[-1], glyph):
            last = found[-1]
            last.text += letter
            last.left, last.right = min(last.left, left), max(last.right, right)
            continue
        if found and _one_glyph(found[-1], glyph):
            seen[-1].append(letter)
            continue
        found.append(glyph)
        seen.append([letter])
    for number, parts in enumerate(seen):
        if len(parts) > 1:
            found[number].text = _ligature(parts, _backwards(found, number))
    return found


def _letter(code: int) -> str:
    if code < 0x20 or code in (0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return "-" if code in (2, 0xFFFE) else ""  # both mark a hyphen at the end of a line
    return chr(code)


def _goes_on(before: Glyph, now: Glyph) -> bool:
    """Say whether a mark or a part of a ligature goes behind the letter before it; of no right-to-left script."""
    if now.text.isascii() or RTL.search(now.text) or RTL.search(before.text) or before.text.isspace():
        return False
    level = abs(before.baseline - now.baseline) <= SAME_LINE * max(before.size, now.size)
    over = before.left <= now.middle <= before.right or _one_origin(before, now)
    beside = category(now.text) == "Mc" and now.middle >= before.left and now.left - before.right < now.size
    return level and (beside or (over and category(now.text) in MARKS) or _one_glyph(before, now))


def _one_glyph(before: Glyph, now: Glyph) -> bool:
    """Say whether two characters are the letters of one ligature: they share origin and ink."""
    same = abs(before.origin - now.origin) < SAME_PLACE and abs(before.middle - now.middle) < SAME_PLACE
    level = abs(before.baseline - now.baseline) < SAME_PLACE and abs(before.right - now.right) < SAME_PLACE
    return same and level and not now.text.isspace() and category(now.text) != "Mn"


def _backwards(glyphs: Sequence[Glyph], at: int) -> bool:
    """Say whether PDFium's order runs from right to left here: then it has turned ligatures round as well."""
    around = [glyph.origin for glyph in glyphs[max(0, at - 1) : at + 2]]
    return around[0] > around[-1]


def _ligature(parts: list[str], backwards: bool) -> str:
    """Return the letters of a ligature in reading order."""
    text, turned = "".join(parts), "".join(reversed(parts))
    if not RTL.search(text):
        return text
    if len(parts) == 2 and "ل" in parts and (parts[0] in ALEFS or parts[1] in ALEFS):
        return text if parts[0] == "ل" else turned
    if text in ALLAH or turned in ALLAH:
        return text if text in ALLAH else turned
    return turned if backwards else text


def _rows(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Return the glyphs of each line from left to right, marks behind the letter they stand on."""
    rows: list[list[Glyph]] = []
    for glyph in glyphs:
        near = rows and abs(rows[-1][0].baseline - glyph.baseline) <= SAME_LINE * max(
            rows[-1][0].size, glyph.size
        )
        if near:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [_with_marks(row) for row in rows]


def _with_marks(row: list[Glyph]) -> list[Glyph]:
    """Return the row from left to right, each mark behind its letter: that of its origin, else the nearest."""
    bearers = _from_left([glyph for glyph in row if category(glyph.text[0]) != "Mn"])
    inked = [glyph for glyph in bearers if not glyph.text.isspace()]
    for mark in (glyph for glyph in row if category(glyph.text[0]) == "Mn"):
        if not inked:
            bearers.append(mark)
            continue
        bearer = min(inked, key=partial(_distance, mark))
        bearer.text += mark.text
        if _one_origin(bearer, mark):  # one glyph whose width PDFium shared out
            bearer.left, bearer.right = min(bearer.left, mark.left), max(bearer.right, mark.right)
    return bearers


def _distance(mark: Glyph, letter: Glyph) -> tuple[bool, float]:
    """Return how far a mark stands from a letter; marks of left-to-right scripts have the origin of the next letter."""
    return RTL.search(mark.text) is not None and not _one_origin(letter, mark), abs(
        letter.middle - mark.middle
    )


def _one_origin(one: Glyph, other: Glyph) -> bool:
    return abs(one.origin - other.origin) < SAME_ORIGIN * max(one.size, other.size)


def _from_left(row: list[Glyph]) -> list[Glyph]:
    """Sort by origin, and by ink where two glyphs share one (lam and alef in some fonts)."""
    row.sort(key=lambda glyph: glyph.origin)
    for at in range(1, len(row)):
        before, now = row[at - 1], row[at]
        if _one_origin(before, now) and now.middle < before.middle:
            row[at - 1], row[at] = now, before
    return row


def _spaced(row: list[Glyph]) -> list[str]:
    """Return the texts of a row with a blank in each gap that is wide enough for one."""
    texts: list[str] = []
    for number, glyph in enumerate(row):
        wide = width_between(row[number - 1].text[-1], glyph.text[0]) if number else BLANK
        if number and glyph.left - row[number - 1].right > wide * glyph.size and not _blank(texts, glyph):
            texts.append(" ")
        if not (glyph.text.isspace() and texts and texts[-1].isspace()):
            texts.append(glyph.text)
    return texts


def _blank(texts: list[str], glyph: Glyph) -> bool:
    return glyph.text.isspace() or (bool(texts) and texts[-1].isspace())
