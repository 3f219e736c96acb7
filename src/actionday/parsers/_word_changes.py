"""Tracked changes of WordprocessingML: runs put in, taken out and moved, and ends of paragraphs; data of fields.

Source: ECMA-376 part 1, 17.13.5 (revisions): 17.13.5.14 (``del``), 17.13.5.15 (a deleted paragraph mark), 17.13.5.18
(``ins``), 17.13.5.20 (an inserted one), 17.13.5.22 (``moveFrom``), 17.13.5.25 (``moveTo``); 17.16.17 (``fldData``).
"""

import re

from actionday.parsers._embedded import from_base64
from actionday.parsers._events import Grammar, Handlers, Reader
from actionday.parsers._legible import passages
from actionday.parsers._tracked import State, both
from actionday.parsers._unread import Beside

CHANGED: dict[str, State] = {"ins": "new", "moveTo": "new", "del": "old", "moveFrom": "old"}
FIELD_DATA = "fldData"
TAGS = re.compile(rb"<(?:[^\s<>/:]{1,30}:)?(?:ins|del|moveTo|moveFrom|fldData)[\s/>]|:author|\0")
"""What a part has that holds changes; in UTF-16 nobody looks for it."""
MARK = ("pPr", "rPr")
"""Where a change stands that is one of the end of its paragraph."""
APART = frozenset({"tbl", "sectPr"})
"""What cannot be in one line with a paragraph, even where the end of that is gone."""


class WordReader(Reader):
    """Reads the parts of a Word document; other documents have no such elements."""

    tags = TAGS

    def __init__(self, grammar: Grammar, beside: Beside | None = None) -> None:
        super().__init__(grammar, beside)
        self._within: list[State] = []
        self._hiding = grammar.skipped | grammar.mute
        self._path: list[str] = []
        """The names of elements within one that holds properties."""
        self._data: list[str] = []
        """What a field keeps for its program, in base64."""

    def _handlers(self) -> Handlers:
        return (super()._start, super()._end, super()._text) if self.plain else super()._handlers()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._names.get(name) or self._local(name)
        if self._hidden or local in self._hiding:
            self._property(local, attributes)
        elif local in CHANGED:
            self._within.append(self._state)
            self._log(attributes)
            self.change(both(self._state, CHANGED[local]))
        elif local in APART and self._parts and not self._parts[-1].endswith(("\n", "\t")):
            self.put("\n", "")
        super()._start(name, attributes)

    def _property(self, local: str, attributes: dict[str, str]) -> None:
        if local in CHANGED and (*self._path,) == MARK:
            self._mark = both(self._mark, CHANGED[local])
        if attributes and "w:author" in attributes:
            self._log(attributes)
            self.person(attributes["w:author"])
        self._path.append(local)

    def _log(self, attributes: dict[str, str]) -> None:
        self.changes.add(attributes.get("w:author", ""), attributes.get("w:date", ""))

    def _end(self, name: str) -> None:
        if self._hidden:
            if self._path.pop() == FIELD_DATA:
                self._field_data()
        elif self._names[name] in CHANGED and self._within:
            self.change(self._within.pop())
        super()._end(name)

    def _text(self, text: str) -> None:
        if self._hidden and self._path[-1] == FIELD_DATA:
            self._data.append(text)
        else:
            super()._text(text)

    def _field_data(self) -> None:
        found = from_base64("".join(self._data))
        self._data = []
        readable = passages(memoryview(found), "") if found else None
        for line in "".join(readable.text).split("\n") if readable else ():
            self.beside.line(line)

    def _after(self, local: str, after: str) -> None:
        mark, self._mark = (self._mark, "") if local == "p" else ("", self._mark)
        if not mark:
            super()._after(local, after)
            return
        self.change(mark)
        self.put(after)
        self.change("")
