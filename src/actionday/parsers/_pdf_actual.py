"""What PDFium puts into the text of a page twice or in between: letters of a cluster again, blanks that part no words.

Source: PDF 1.7 (ISO 32000-1), 14.9.4 (ActualText: what the glyphs of a piece of content say together), 9.10 (extraction
of text); Unicode Standard Annex 14 (scripts without spaces). PDFium gives the ActualText of several glyphs with the
first of them as if this were all of it: what follows seems to stand apart, and where the line is put in the order of
places, one of the other glyphs gives the same text again. Browsers and office programs write so whatever has marks on
its letters: Thai, Khmer, all scripts of India, Latin letters with marks of their own.
"""

import ctypes
import re
from collections.abc import Iterator
from math import hypot
from typing import Any, NamedTuple

IDEOGRAPHS = (
    "\u2e80-\u2fdf\u3001-\u303f\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff9f"
)
ALPHABETS = "\u0e01-\u0e4e\u0e80-\u0edf\u1000-\u109f\u1780-\u17d3\u1950-\u19df\u1a20-\u1aaf\uaa60-\uaa7f"
"""Thai, Lao, Burmese, Khmer, Tai: between words there is nothing, a blank is between sentences."""
GLUED = re.compile(f"(?<=[{IDEOGRAPHS}{ALPHABETS}]) (?=[{IDEOGRAPHS}{ALPHABETS}])")
IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")
BLANK = 0.15
"""Part of the font size from which a gap between advances is a blank (a blank is 0.25 in most fonts)."""
SPACED = 0.3
"""The same where nothing is drawn in the gap."""
COLUMN = 1.0
"""The same between ideographs, which are set apart to fill a line."""
AROUND = "\u0900-\u109f\u1700-\u17ff\u1900-\u1aaf\u1b00-\u1bff\ua880-\ua95f\ua980-\uaadf\U00011000-\U000116ff"
MARKED = re.compile(f"[{AROUND}]")
"""Letters of scripts whose marks stand around them: of India, Tibet and South East Asia."""
CLUSTERED = re.compile(f"[{AROUND}\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
"""These, and marks that other scripts put on their letters: what several glyphs show together."""
DEEP = 8
"""Marks around a text that are asked for what it says."""
LONGEST = 4096
"""Bytes of an ActualText that is compared."""


class Run(NamedTuple):
    """Characters that PDFium gives for one object of a page."""

    shown: int
    """The address of the object."""
    mark: int
    """That of the mark that says the text of it and others, 0 for none."""
    first: int
    last: int


class Cluster(NamedTuple):
    """Objects that one mark is around: the first and the last as drawn, and their place on the page, in points."""

    first: int
    last: int
    left: float
    right: float


class Actual:
    """What of a text page is no text of its own, by the number of the character."""

    def __init__(self, page: Any, held: Any, raw: Any, text: str, *, tells: bool) -> None:
        """``tells`` says that the document may hold ActualText: the objects of a page with marks on its letters are
        asked then (2 to 4 µs each), and its characters (1 µs) where several objects have one text.
        """
        self.left_out: set[int] = set()
        self.spans: dict[int, tuple[float, float]] = {}
        """Where the whole cluster of a character begins and ends, in points."""
        self._held, self._raw = held, raw
        if tells and CLUSTERED.search(text):
            _Told(self, page, held, raw).look()
        for found in GLUED.finditer(text):
            at = raw.FPDFText_GetCharIndexFromTextIndex(held, found.start())
            self._glued(at, text[found.start() - 1], text[found.end()])

    def _glued(self, at: int, before: str, behind: str) -> None:
        """Leave out a blank which PDFium put between characters of a script without spaces that stand near."""
        raw, held = self._raw, self._held
        if at <= 0 or raw.FPDFText_IsGenerated(held, at) != 1:
            return
        loose = raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(held, at - 1, loose)
        end = loose.right
        raw.FPDFText_GetLooseCharBox(held, at + 1, loose)
        wide = width_between(before, behind)
        size = size_of(held, raw, at - 1)
        if -size < loose.left - end < wide * size and not raw.FPDFText_GetCharAngle(held, at - 1):
            self.left_out.add(at)

    def without(self, text: str) -> str:
        """Return PDFium's text without what is none."""
        if not self.left_out:
            return text
        index = self._raw.FPDFText_GetTextIndexFromCharIndex
        gone = sorted(at for each in self.left_out if (at := index(self._held, each)) >= 0)
        begins = [0, *(at + 1 for at in gone)]
        return "".join(text[begin:end] for begin, end in zip(begins, (*gone, len(text)), strict=True))


def width_between(before: str, behind: str) -> float:
    """Return the part of the font size from which a gap between two letters is a blank."""
    return COLUMN if IDEOGRAPH.match(before) and IDEOGRAPH.match(behind) else BLANK


def size_of(held: Any, raw: Any, at: int) -> float:
    """Return the size of a character's font on the page, in points."""
    matrix, shown = raw.FS_MATRIX(), raw.FPDFText_GetTextObject(held, at)
    known = shown and raw.FPDFPageObj_GetMatrix(shown, matrix)
    return (raw.FPDFText_GetFontSize(held, at) or 1.0) * (hypot(matrix.b, matrix.d) if known else 1.0)


class _Told:
    """Goes through the objects of a page once, and once through its characters."""

    def __init__(self, found: Actual, page: Any, held: Any, raw: Any) -> None:
        self._found, self._page, self._held, self._raw = found, page, held, raw
        self._order: dict[int, int] = {}
        self._marks: dict[int, int] = {}
        self._clusters: dict[int, Cluster] = {}
        self._objects: dict[int, Any] = {}
        self._tellers: dict[int, Any] = {}

    def look(self) -> None:
        """Find the marks that are around several objects; only of these is anything given twice or parted."""
        raw, page, address = self._raw, self._page, ctypes.addressof
        get, kind, count = raw.FPDFPage_GetObject, raw.FPDFPageObj_GetType, raw.FPDFPageObj_CountMarks
        around: dict[int, list[int]] = {}
        for at in range(raw.FPDFPage_CountObjects(page)):
            shown = get(page, at)
            if kind(shown) != raw.FPDF_PAGEOBJ_TEXT:
                continue
            key = address(shown.contents)
            self._order[key], self._objects[key] = at, shown
            if (marks := count(shown)) and (mark := self._mark(shown, marks)):
                around.setdefault(mark, []).append(key)
        for mark, keys in around.items():
            if len(keys) > 1:
                self._clusters[mark] = self._of(keys)
                self._marks.update((key, mark) for key in keys)
        if self._clusters:
            self._judge()

    def _of(self, keys: list[int]) -> Cluster:
        bounds = [self._bounds(self._objects[key]) for key in keys]
        left, right = min(each[0] for each in bounds), max(each[1] for each in bounds)
        return Cluster(self._order[keys[0]], self._order[keys[-1]], left, right)

    def _mark(self, shown: Any, count: int) -> int:
        """Return the address of the innermost mark that says the text of an object, 0 for none."""
        raw = self._raw
        for at in range(count - 1, max(-1, count - 1 - DEEP), -1):
            mark = raw.FPDFPageObj_GetMark(shown, at)
            if raw.FPDFPageObjMark_GetParamValueType(mark, b"ActualText") == raw.FPDF_OBJECT_STRING:
                key = ctypes.addressof(mark.contents)
                self._tellers[key] = mark
                return key
        return 0

    def _said(self, mark: Any) -> str:
        buffer, length = (ctypes.c_ubyte * LONGEST)(), ctypes.c_ulong()
        if not self._raw.FPDFPageObjMark_GetParamBlobValue(mark, b"ActualText", buffer, LONGEST, length):
            return ""
        value = bytes(buffer[: min(length.value, LONGEST)])
        return (
            value[2:].decode("utf-16-be", "replace") if value[:2] == b"\xfe\xff" else value.decode("latin-1")
        )

    def _bounds(self, shown: Any) -> tuple[float, float]:
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        self._raw.FPDFPageObj_GetBounds(shown, left, bottom, right, top)
        return left.value, right.value

    def _runs(self) -> Iterator[Run | list[int] | None]:
        """Yield what belongs to one object; the blanks that PDFium put in; None for the end of a line."""
        raw, held, found = self._raw, self._held, self._found
        now, first, blanks = 0, 0, list[int]()
        count = raw.FPDFText_CountChars(held)
        for at in range(count):
            shown = raw.FPDFText_GetTextObject(held, at)
            key = ctypes.addressof(shown.contents) if shown else 0
            if key != now:
                if now:
                    yield Run(now, self._marks.get(now, 0), first, at - 1)
                now, first = key, at
            if key:
                if blanks:
                    yield blanks
                    blanks = []
                mark = self._marks.get(key, 0)
                if mark:
                    cluster = self._clusters[mark]
                    found.spans[at] = (cluster.left, cluster.right)
            elif raw.FPDFText_GetUnicode(held, at) == ord(" "):
                if raw.FPDFText_IsGenerated(held, at) == 1:
                    blanks.append(at)
            else:
                yield None
                blanks = []
        if now:
            yield Run(now, self._marks.get(now, 0), first, count - 1)

    def _judge(self) -> None:
        before: Run | None = None
        blanks: list[int] = []
        given: dict[int, int] = {}
        again = False
        for each in self._runs():
            if each is None:
                before, blanks, again = None, [], False
            elif isinstance(each, list):
                blanks += each
            elif each.mark and given.get(each.mark, each.shown) != each.shown:
                self._found.left_out.update(range(each.first, each.last + 1))
                again = True
            else:
                if each.mark and self._text(each) == self._said(self._tellers[each.mark]):
                    given[each.mark] = each.shown
                if (
                    before
                    and blanks
                    and (again or before.mark or each.mark)
                    and not self._apart(before, each)
                ):
                    self._found.left_out.update(blanks)
                before, blanks, again = each, [], False

    def _text(self, run: Run) -> str:
        code = self._raw.FPDFText_GetUnicode
        return "".join(chr(code(self._held, at)) for at in range(run.first, run.last + 1))

    def _apart(self, before: Run, now: Run) -> bool:
        """Say whether two runs stand so far apart that a blank is between; one that is drawn may be narrow."""
        one, other = self._cluster(before), self._cluster(now)
        if not one or not other or self._raw.FPDFText_GetCharAngle(self._held, now.first):
            return True
        gap = other.left - one.right
        drawn = other.first != one.last + 1
        return gap > (BLANK if drawn else SPACED) * size_of(self._held, self._raw, now.first)

    def _cluster(self, run: Run) -> Cluster | None:
        if run.mark:
            return self._clusters[run.mark]
        at = self._order.get(run.shown)
        return None if at is None else Cluster(at, at, *self._bounds(self._objects[run.shown]))
