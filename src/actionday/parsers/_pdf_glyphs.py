"""Where the glyphs of a PDF page stand, as PDFium tells: turned so that every line runs to the right.

Source: PDF 1.7 (ISO 32000-1), 9.4.4 (text space); PDFium, ``fpdf_text.h`` (loose boxes, angles in radians, clockwise).
"""

import ctypes
from collections.abc import Collection, Iterator, Sequence
from math import cos, pi, sin
from typing import Any, NamedTuple

DIAGONAL = 0.2
"""Near the diagonal a turned box does not tell how wide what is in it was."""

Span = tuple[int, int]
"""The first and the last character of a line as PDFium reads it."""


class Box(NamedTuple):
    """Where a glyph stands, turned so that its line runs to the right; in points."""

    angle: int
    """Degrees, clockwise."""
    level: float
    begin: float
    end: float
    height: float
    at: int
    """Its place in the order of drawing."""
    to: int
    """The last that belongs to it."""


class Glyphs:
    """The glyphs of a text page of PDFium."""

    def __init__(self, page: Any, raw: Any, left_out: Collection[int] = ()) -> None:
        """``page`` is the handle, ``raw`` PDFium's C interface; what is ``left_out`` is no letter."""
        self._left_out = left_out
        self.count: int = raw.FPDFText_CountChars(page)
        self._page, self._raw, self._loose = page, raw, raw.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def levels(self, spans: Sequence[Span]) -> list[tuple[float, float, float, int]]:
        """Return of each line the angle, the middle of its first glyph, its height, and its number; sorted."""
        found, loose, page = list[tuple[float, float, float, int]](), self._loose, self._page
        box, angle = self._raw.FPDFText_GetLooseCharBox, self._raw.FPDFText_GetCharAngle
        for number, (first, _) in enumerate(spans):
            box(page, first, loose)
            turn = angle(page, first)
            if turn:
                it = self.box(first, exact=False)
                found.append((it.angle, it.level, it.height, number))
            else:
                found.append((0, (loose.bottom + loose.top) / 2, loose.top - loose.bottom, number))
        found.sort()
        return found

    def box(self, at: int, *, exact: bool) -> Box:
        """Return where a glyph stands; its level is that of its middle, or exactly of its baseline."""
        raw, loose = self._raw, self._loose
        raw.FPDFText_GetLooseCharBox(self._page, at, loose)
        turn = raw.FPDFText_GetCharAngle(self._page, at)
        x, y = (loose.left + loose.right) / 2, (loose.bottom + loose.top) / 2
        wide, high = loose.right - loose.left, loose.top - loose.bottom
        if exact:
            raw.FPDFText_GetCharOrigin(self._page, at, self._x, self._y)
        if not turn:
            return Box(0, self._y.value if exact else y, x - wide / 2, x + wide / 2, high or 1.0, at, at)
        c, s = cos(turn), sin(turn)
        wide, high = _unturned(wide, high, abs(c), abs(s))
        along = x * c - y * s
        up = self._x.value * s + self._y.value * c if exact else x * s + y * c
        return Box(round(turn * 180 / pi) % 360, up, along - wide / 2, along + wide / 2, high or 1.0, at, at)

    def letter(self, at: int) -> str:
        """Return a letter, "" for a blank, for what PDFium put in itself, and for what is none."""
        if at in self._left_out:
            return ""
        code: int = self._raw.FPDFText_GetUnicode(self._page, at)
        if code <= 0x20 or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF) or code > 0x10FFFF:
            return ""
        return "" if self._raw.FPDFText_IsGenerated(self._page, at) == 1 else chr(code).strip()

    def pieces(self, span: Span) -> list[tuple[float, float]]:
        """Return where what was shown by one operator each begins and ends, in a line that does not run to the right.

        PDFium puts the pieces of other lines in order.
        """
        raw, page = self._raw, self._page
        turn = raw.FPDFText_GetCharAngle(page, span[0])
        c, s = cos(turn), sin(turn)
        left, top, right, bottom = (ctypes.c_double() for _ in range(4))
        found: list[tuple[float, float]] = []
        for number in range(raw.FPDFText_CountRects(page, span[0], span[1] - span[0] + 1)):
            raw.FPDFText_GetRect(page, number, left, top, right, bottom)
            along = [x.value * c - y.value * s for x in (left, right) for y in (top, bottom)]
            found.append((min(along), max(along)))
        return found

    def spans(self) -> Iterator[Span]:
        """Yield the lines of a page that has other characters than its text."""
        code, page, first, last = self._raw.FPDFText_GetUnicode, self._page, -1, -1
        for at in range(self.count):
            now = code(page, at)
            if now > 0x20:
                first, last = first if first >= 0 else at, at
            elif now in (10, 13) and first >= 0:
                yield first, last
                first = -1
        if first >= 0:
            yield first, last


def _unturned(wide: float, high: float, c: float, s: float) -> tuple[float, float]:
    """Return advance and height of a glyph whose turned box is so wide and high; near the diagonal about that."""
    if abs(c * c - s * s) < DIAGONAL:
        both = (wide + high) / (c + s)
        return both * 0.35, both * 0.65
    return (wide * c - high * s) / (c * c - s * s), (high * c - wide * s) / (c * c - s * s)
