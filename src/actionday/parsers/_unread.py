"""What looks like words in markup and is not in the text: collected beside it and put at its end.

Source: none. Text nodes are read by grammars and attributes by name; a grammar that does not know an element, or a
program that keeps words where the standard has numbers, must not cost a word. Values are looked at once each.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from actionday.model import Loss, Note, Parsed
from actionday.model.counted import counted
from actionday.parsers._small_codes import SmallCodes
from actionday.parsers._standing import missing

MARK = "\n— — —\n"
"""Stands before what is put at the end: a line that no search finds."""
WORDS = re.compile(r"[^\W\d_]{2}[,.;:!?)\"'’]{0,3}\s{1,9}[(\"'„“]{0,2}[^\W\d_]{2}|[^\W\d_\x00-\x7f\xb5]{2}")
"""Two words in a row, or letters that no identifier of a format has: what a value must hold to be prose."""
LEGIBLE = re.compile(r"[^\W\d_]{2}|[^\x00-\x7f\W]")
FIELD = re.compile(r"%\d")
"""The numbers within labels of lists."""
NAMES = re.compile(
    r"font|style|face$|panose|family|class|viewbox|transform|format|^id$|schemalocation|(?:^|:)(?:display-)?name$|:(?:ascii|hansi|cs|eastasia)$",
    re.IGNORECASE,
)
"""Attributes whose values name fonts, styles and the like, part of their name in any vocabulary."""
KEYS = re.compile(
    r"(?:^|[:_-])(?:u?uid|guid|ref|d|points|idref|encoding|version|lang|charset)$|(?<=[a-z])(?:Id|ID|Ref)$"
)
"""Attributes that identify or measure."""
CODED = re.compile(
    r"[#&]?[0-9A-Fa-f]{1,8}|\{?[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?|true|false|yes|no|none|auto|normal|left|right|center|top|bottom|middle|bold|italic|[\d.,\s]*(?:px|pt|em|mm|cm|in|%)?|\S{200,}"
)
"""Numbers, colours, identifiers of programs, encoded bytes."""
COUNTED = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){0,4} \d+")
"""Names that programs give to shapes: "Text Box 12"."""
MOST_SEEN = 50_000
"""Values remembered as seen; a workbook's cells have millions."""
MOST_KEPT = 1_000_000
"""Values kept, 100 MB; more are counted."""
NAMED = 5
"""Kinds of embedded content named in one note."""


class Beside:
    """Values of attributes and stray text that may have to stand at the end of a text."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._kept: dict[str, None] = {}
        self.left_out = 0
        """Values beyond ``MOST_KEPT``."""
        self.embedded: Counter[str] = Counter()
        """By kind, values that are content of their own (pictures, archives) and not read."""
        self.remarks: list[Note] = []
        """What else is to be said."""
        self.codes = SmallCodes()
        """Those of contents that stand within values."""

    def look(self, key: str, value: str) -> None:
        """Take a value nobody asked for, if it is prose."""
        if value in self._seen or NAMES.search(key):
            return  # a value that is a style's name here may be somebody's words elsewhere
        if not self.known(value) and len(value) > 3 and WORDS.search(value) and not COUNTED.fullmatch(value):
            self.keep(value)

    def word(self, key: str, value: str) -> None:
        """Take a value that holds a word: no number, identifier, colour, namespace."""
        if value in self._seen or not LEGIBLE.search(value):
            return
        if not (NAMES.search(key) or key.startswith("xmlns") or KEYS.search(key) or CODED.fullmatch(value)):
            self.known(value)
            self.keep(value)

    def known(self, value: str) -> bool:
        """Say whether a value was looked at before, and remember it."""
        if value in self._seen:
            return True
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        self._seen.add(value)
        return False

    def show(self, wanted: frozenset[str], attributes: Mapping[str, str]) -> None:
        """Take the wanted attributes (local names) of an element, where they hold letters."""
        for key, value in attributes.items():
            if key.rpartition(":")[2] in wanted and LEGIBLE.search(FIELD.sub("", value)):
                self.keep(value)

    def keep(self, value: str) -> None:
        """Take a value that people see."""
        value = value.replace("\0", " ").strip()
        if not value or value in self._kept:
            return
        if len(self._kept) < MOST_KEPT:
            self._kept[value] = None
        else:
            self.left_out += 1

    def line(self, value: str) -> None:
        """Take a line of a text that has been read another way, if it holds letters."""
        if LEGIBLE.search(value):
            self.keep(value)

    def lines(self, pieces: Iterable[str]) -> str:
        """Return, below a mark, the kept lines that do not stand in the text word for word; "" for none."""
        lines = [line for value in self._kept for line in map(squeezed, value.splitlines()) if line]
        if not lines:
            return ""
        rows = (squeezed(row) for piece in pieces for row in piece.splitlines())
        left = missing(lines, rows)
        return MARK + "".join(f"{line}\n" for line in left) if left else ""

    def notes(self) -> tuple[Note, ...]:
        """Return what is not in the text, as lines for the issue log."""
        found = [*dict.fromkeys(self.remarks), *self.codes.notes()]
        if self.left_out:
            more = f"words in {counted(self.left_out, 'more value')} of attributes: not in the text"
            found.append(Note(Loss.UNREAD_WORDS, more))
        if self.embedded:
            kinds = sorted(self.embedded.items(), key=lambda each: (-each[1], each[0]))
            named = ", ".join(f"{count} of {kind}" for kind, count in kinds[:NAMED])
            others = sum(count for _, count in kinds[NAMED:])
            named += f", {others} of other kinds" if others else ""
            found.append(Note("embedded_object", f"values that are content of their own, not text: {named}"))
        return tuple(found)


def squeezed(line: str) -> str:
    """Return a line with single blanks."""
    return " ".join(line.split())


def with_beside(parsed: Parsed, beside: Beside) -> Parsed:
    """Return a result with what stood beside its text, and its reason: the first note's, or that it holds nothing."""
    added = beside.lines(parsed.text)
    notes = parsed.notes + beside.notes()
    text = [*parsed.text, *([added] if added else [])]
    reason = notes[0].reason if notes else "" if text else "read, but no characters in the document"
    return Parsed(text=text, meta=parsed.meta, reason=reason, notes=notes)
