"""What the elements of a workbook's parts say: its shared strings by number, and the cells of a sheet row by row.

Source: ECMA-376 part 1, 18.3.1.4 (cells), 18.4.8 (shared strings), 22.9.2.19 (characters written as ``_xHHHH_``).

Both are told of each element as it begins, of its text and of its end; ``_cells`` reads the parts.
"""

import re

from actionday.parsers._around_cells import Collector
from actionday.parsers._serial import Formats

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
BOOLEANS = {"0": "FALSE", "1": "TRUE"}


def _unescaped(text: str) -> str:
    """Undo ``_xHHHH_``."""
    return ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code < 0xE000 or code == 0 else chr(code)


class SharedStrings:
    """The shared strings by number; phonetic readings are left out, what stands outside of strings is collected."""

    def __init__(self, strings: list[str], around: Collector) -> None:
        self._strings, self._around = strings, around
        self._parts: list[str] = []
        self._inside = False
        self._phonetic = False

    def start(self, name: str, _: dict[str, str], /) -> None:
        """Take an element as it begins."""
        local = name.rpartition(":")[2]
        if local == "si":
            self.finish()
        self._phonetic = self._phonetic or local == "rPh"
        self._inside = local == "t" and not self._phonetic

    def end(self, name: str, /) -> None:
        """Take its end: of a string, keep it."""
        local = name.rpartition(":")[2]
        self._inside = False
        if local == "rPh":
            self._phonetic = False
        elif local == "si":
            self._strings.append(_unescaped("".join(self._parts)))
            self._parts = []

    def text(self, value: str, /) -> None:
        """Take text: that of a string, not of how it is spoken; the collector gets what stands in none."""
        if self._inside:
            self._parts.append(value)
        elif not self._phonetic and not value.isspace():
            self._around.look(value)

    def finish(self) -> None:
        """Hand over what belongs to no string: its number would be another's."""
        if self._parts:
            self._around.look("".join(self._parts))
            self._parts = []


class SheetRows:
    """The rows of one sheet; what stands around its cells goes to the collector."""

    def __init__(
        self, shared: list[str], used: bytearray, formats: Formats, around: Collector, room: int
    ) -> None:
        self._shared, self._used, self._formats, self._around = shared, used, formats, around
        self._row: list[str] = []
        self._rows: list[str] = []
        self._local: dict[str, str] = {}
        self._kind = self._style = ""
        self._value: list[str] = []
        self._formula: list[str] = []
        self._inside = self._within = self._phonetic = self._in_formula = False
        self._room = room
        """Characters that may still come: a chunk can name one long string ten thousand times."""
        self.length = 0
        self.unknown = 0
        """Cells that name a shared string which is not there."""

    def taken(self, *, all_of_it: bool = False) -> str:
        """Return the rows since the last time, and ``all_of_it`` what is open where the sheet ends."""
        if all_of_it:
            self._cell()
            if self._row:
                self._line()
        text, self._rows, self.length = "".join(self._rows), [], 0
        return text

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """Take an element as it begins."""
        local = self._local.get(name) or self._local.setdefault(name, name.rpartition(":")[2])
        if local == "c":
            self._kind, self._style = attributes.get("t", ""), attributes.get("s", "")
            self._value, self._formula = [], []
        elif local in ("v", "t"):
            self._inside = self._within and not self._phonetic
        elif local == "sheetData":
            self._within = True
        elif local == "rPh":
            self._phonetic = True
        elif local == "f":
            self._in_formula = self._within
            self._formula = []
        if not self._within:
            self._around.start(name, attributes)

    def end(self, name: str, /) -> None:
        """Take its end: of a cell its value, of a row its line."""
        local = self._local[name]
        self._inside = False
        if not self._within:
            self._around.end(name)
        elif local == "c":
            self._cell()
        elif local == "row":
            if self._row:
                self._line()
        elif local == "f":
            self._in_formula = False
            self._around.formula("".join(self._formula))
        elif local == "sheetData":
            self._within = False
        if local == "rPh":
            self._phonetic = False

    def text(self, value: str, /) -> None:
        """Take text: of a value, a formula, or around the cells."""
        if self._inside:
            self._value.append(value)
        elif not self._within:
            self._around.text(value)
        elif self._in_formula:
            self._formula.append(value)
        elif not value.isspace() and not self._phonetic:
            self._around.look(value)

    def _line(self) -> None:
        line = "\t".join(self._row) + "\n"
        self._rows.append(line)
        self.length += len(line)
        self._row = []

    def _cell(self) -> None:
        if not self._value and not self._formula:
            return
        value = "".join(self._value)
        formula, self._value, self._formula = "".join(self._formula), [], []
        if not value:  # nobody has calculated it yet
            value = f"={formula}" if formula else ""
        elif self._kind == "s":
            value = self._by_number(value)
        elif self._kind in ("", "n"):
            value = self._formats.shown(value, self._style)
        elif self._kind == "b":
            value = BOOLEANS.get(value.strip(), value)
        else:
            value = _unescaped(value)
        if self._room >= 0:
            self._room -= len(value) + 1
            self._row.append(value)

    def _by_number(self, value: str) -> str:
        number = value.strip()
        if not number:
            return ""
        if number.isascii() and number.isdigit() and int(number[:9]) < len(self._shared):
            self._used[int(number[:9])] = 1
            return self._shared[int(number[:9])]
        self.unknown += 1
        return value
