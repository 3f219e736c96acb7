"""The shared strings of a workbook, and the characters that its strings write as codes.

Source: ECMA-376 part 1, 18.4.8 (si), 18.4.9 (sst), 18.4.6 (rPh), 22.9.2.19 (characters written as ``_xHHHH_``).
"""

import re

from actionday.parsers._around_cells import Collector

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
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
        local = name.rpartition(":")[2]
        if local == "si":
            self.finish()
        self._phonetic = self._phonetic or local == "rPh"
        self._inside = local == "t" and not self._phonetic

    def end(self, name: str, /) -> None:
        local = name.rpartition(":")[2]
        self._inside = False
        if local == "rPh":
            self._phonetic = False
        elif local == "si":
            self._strings.append(unescaped("".join(self._parts)))
            self._parts = []

    def text(self, value: str, /) -> None:
        if self._inside:
            self._parts.append(value)
        elif not self._phonetic and not value.isspace():
            self._around.look(value)

    def finish(self) -> None:
        """Hand over what belongs to no string: its number would be another's."""
        if self._parts:
            self._around.look("".join(self._parts))
            self._parts = []
