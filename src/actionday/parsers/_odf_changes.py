"""Tracked changes of OpenDocument: what was taken out stands at the top, and a mark where it was.

Source: OpenDocument 1.3 part 3, 5.5.1 (``text:tracked-changes``), 5.5.4 (``text:deletion``), 5.5.7 (``text:change``,
``text:change-start``, ``text:change-end``); 9.9 (changes of tables, which have no marks).
"""

import re
from typing import NamedTuple

from actionday.parsers._events import Grammar, Handlers, Reader
from actionday.parsers._tracked import State, both
from actionday.parsers._unread import Beside

IDENTIFIERS = ("text:id", "xml:id")
NOTHING: State = ""
SAID = ("creator", "date")
TAGS = re.compile(rb"<(?:[^\s<>/:]{1,30}:)?change|tracked-changes|:formula|\0")
"""What a part has that holds changes, or formulas that nobody calculated; in UTF-16 nobody looks for it."""


class _Region(NamedTuple):
    state: State
    text: str


class ChangedReader(Reader):
    """Reads a document, former wordings beside it."""

    tags = TAGS

    def __init__(self, grammar: Grammar, beside: Beside | None = None) -> None:
        super().__init__(grammar, beside)
        self._regions: dict[str, _Region] = {}
        self._unused: dict[str, None] = {}
        """Regions no mark has led to yet."""
        self._listing = False
        self._region, self._kind = "", NOTHING
        self._outside: list[str] = []
        """The text, while changes are listed."""
        self._said = ""
        self._info: dict[str, str] = {}
        self._within: list[tuple[str, State]] = []

    def _handlers(self) -> Handlers:
        return (super()._start, super()._end, super()._text) if self.plain else super()._handlers()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._names.get(name) or self._local(name)
        if local == "tracked-changes" and not self._hidden and not self._listing:
            self._listing = True
            self._outside, self._parts = self._parts, []
        elif self._listing:
            self._listed(local, attributes)
        elif local.startswith("change") and not self._hidden:
            self._marked(local, attributes.get("text:change-id", ""))
        super()._start(name, attributes)
        if "table:formula" in attributes and "office:value-type" not in attributes and not self._hidden:
            self.put(attributes["table:formula"])  # nobody has calculated it yet

    def _listed(self, local: str, attributes: dict[str, str]) -> None:
        if local == "changed-region":
            self._region = next((attributes[key] for key in IDENTIFIERS if key in attributes), "")
            self._kind, self._parts = "", []
        elif local == "insertion":
            self._kind = both(self._kind, "new")
        elif local == "deletion":
            self._kind = both(self._kind, "old")
        elif local == "change-info":
            self._info = {}
        self._said = local if local in SAID else ""

    def _marked(self, local: str, region: str) -> None:
        """Take a mark in the text: what was taken out here, or where what was put in begins and ends."""
        found = self._regions.get(region)
        if local == "change" and found and found.text:
            state = self._state
            self.change(both(state, found.state if found.state == "passed" else "old"))
            self.put(found.text if self._deep else f"{found.text}\n")
            self.change(state)
            self._unused.pop(region, None)
            if not self._deep and not state:
                self.paragraph()
        elif local == "change-start" and found and found.state:
            self._within.append((region, self._state))
            self.change(both(self._state, found.state))
        elif local == "change-end" and any(region == each for each, _ in self._within):
            state = self._state
            while self._within:
                each, state = self._within.pop()
                if each == region:
                    break
            self.change(state)

    def _end(self, name: str) -> None:
        local = self._names[name]
        if self._listing and not self._hidden:
            if local == "change-info":
                self._informed()
            self._said = ""
        super()._end(name)
        if not self._listing or self._hidden:
            return
        if local == "changed-region":
            text = "".join(self._parts).strip("\n")
            self._regions[self._region] = _Region(self._kind, text)
            self._parts = []
            if text:
                self._unused[self._region] = None
        elif local == "tracked-changes":
            self.beside.keep("".join(self._parts))
            self._parts, self._listing = self._outside, False
            self._begin = len(self._parts)

    def _informed(self) -> None:
        author = self._info.get("creator", "")
        self.changes.add(author, self._info.get("date", ""))
        if author:
            self.person(author)

    def _text(self, text: str) -> None:
        if self._said:
            self._info[self._said] = self._info.get(self._said, "") + text
            return
        super()._text(text)

    def paragraph(self) -> None:
        """End a paragraph, but not within the list of changes."""
        if not self._listing:
            super().paragraph()

    def left(self) -> None:
        """Keep what was taken out of places that nothing marks."""
        for region in self._unused:
            self.beside.keep(self._regions[region].text)
        self._unused.clear()
