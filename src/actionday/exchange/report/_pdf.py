"""A report as PDF/A-2a: tagged, its fonts within, its text in the order in which it is read.

Everything said goes to typst as data, never as markup. Source: ISO 19005-2 (PDF/A-2), 6.2.11.8: no character without a
glyph; one that no font of ours has is named (<U+4E2D>), the HTML has it as it is.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.resources import as_file, files
from typing import Any, Final
from unicodedata import bidirectional, category

from actionday.exchange.report._coverage import Coverage
from actionday.exchange.report._page import JOINERS, Block, Facts, Note, Report, Section, Table, Text, Value
from actionday.exchange.report._words import words

UNSHOWN = "Characters that no font of this PDF has stand as <U+…>; the report as HTML has them as they are."
STANDARD: Final = "a-2a"
UNBROKEN = 16
"""Characters of a word behind which it may be broken; a cell of the narrowest column has room for some ten."""
LONG = re.compile(rf"\S{{{UNBROKEN + 1},}}")
BEHIND = "/\\_-.:;,&=?"
"""Characters behind which a long word is broken first."""
FACTS = (2, 5)
LINE, ON_ONE_PAGE = 16, 400
"""Characters for which the narrowest column has a line, and those of it that surely stand on one page."""


class _Data:
    """Turns a report into what the template takes."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self.named = False
        """Whether a character was named because no font has it."""

    def section(self, each: Section) -> dict[str, Any]:
        blocks = [self._block(block) for block in each.blocks]
        return {"heading": self.line(each.heading), "level": each.level, "blocks": blocks}

    def _block(self, block: Block) -> dict[str, Any]:
        match block:
            case Note(text, grave):
                return {"type": "note", "parts": self._parts(text), "grave": grave}
            case Facts(rows):
                shown = [[self._cell((Text(label, "said"),)), self._cell(value)] for label, value in rows]
                return {"type": "table", "heads": [], "widths": FACTS, "rows": shown}
            case Table(heads, widths, rows):
                shown = [[self._cell(value) for value in row] for row in rows]
                return {"type": "table", "heads": [*heads], "widths": [*widths], "rows": shown}

    def _cell(self, value: Value) -> dict[str, Any]:
        filled = sum(max(LINE, len(each.text)) for each in value)
        return {"lines": [self.line(each) for each in value], "long": filled > ON_ONE_PAGE}

    def line(self, each: Text) -> dict[str, Any]:
        return {"kind": each.kind, "dir": _direction(each.text), "parts": self._parts(each.text)}

    def _parts(self, text: str) -> list[str]:
        shown = self._coverage.shown(text)
        self.named = self.named or shown != text
        return broken(shown)


def broken(text: str) -> list[str]:
    """Return a text in pieces between which a line may end, within words that are too long for one. Linear.

    No mark is parted from its letter: alone it has no glyph.
    """
    found, at = list[str](), 0
    for word in LONG.finditer(text):
        last = word.start()
        for place in range(word.start() + 1, word.end()):
            fits = text[place - 1] in BEHIND or place - last >= UNBROKEN
            if fits and text[place] not in JOINERS and not category(text[place]).startswith("M"):
                found.append(text[at:place])
                at = last = place
    return [*found, text[at:]]


def _direction(text: str) -> str:
    """Return the direction of the first letter that has one (UAX 9, P2)."""
    for character in text:
        kind = bidirectional(character)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def pieces(report: Report) -> Iterator[bytes]:
    """Yield the file, in one piece: its pages are laid out together."""
    import typst

    template = files(__package__).joinpath("report.typ").read_bytes()
    with as_file(files(__package__).joinpath("fonts")) as fonts:
        coverage = Coverage(fonts)
        own = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
        data = _whole(report, coverage, report.sections)
        yield typst.compile(
            template,
            format="pdf",
            pdf_standards=STANDARD,
            font_paths=own,
            sys_inputs={"data": json.dumps(data, ensure_ascii=True)},
            timestamp=0,
        )


def _whole(report: Report, coverage: Coverage, sections: Sequence[Section]) -> dict[str, Any]:
    say, turned = words(report.language), _Data(coverage)
    shown = [turned.section(each) for each in sections]
    if turned.named:
        shown[0]["blocks"].append(
            {
                "type": "note",
                "grave": False,
                "parts": [say(UNSHOWN)],
            }
        )
    made = datetime.fromisoformat(report.made)
    names = ("year", "month", "day", "hour", "minute", "second")
    return {
        "title": report.title,
        "case": coverage.shown(report.case),
        "called": turned.line(Text(report.case, "name")),
        "stamp": report.made,
        "made": {each: getattr(made, each) for each in names},
        "language": report.language,
        "direction": report.direction,
        "fonts": coverage.families,
        "sections": shown,
    }
