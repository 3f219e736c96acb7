"""What the parts of an XML document say, collected while it is read: texts, values, entities, in their places."""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from actionday.parsers._embedded import embedded
from actionday.parsers._entities import TAG, Entities
from actionday.parsers._joints import Joint, readings
from actionday.parsers._said_in_code import SEEN, literals, otherwise, said
from actionday.parsers._unread import Beside
from actionday.parsers._vocabulary import CODE, INLINE, PARAGRAPHS, RUNS, Scope

PIECE = 1 << 20
"""Characters collected before a piece is closed."""
TITLES = frozenset({"title", "book-title", "article-title"})
TITLE_LENGTH = 1000
SAYING = re.compile(r"\w")
SHORT = 4096
"""Characters up to which a value is no content of its own, unless it says so."""
PLACED = frozenset({"y", "dy"})
"""Attributes by which a stretch of a drawing's text is a line of its own."""


class _Meaning(NamedTuple):
    """What an element of a name is where it stands."""

    inline: bool
    """Its name is one of elements within a line."""
    running: bool
    """Its vocabulary writes running text."""
    paragraph: bool
    layout: bool
    code: bool
    title: bool
    whole: bool
    """Its tags never part a word."""


class Collector:
    """Takes the events of the expat parser and keeps text in reading order."""

    def __init__(self, room: int, entities: Entities, *, words: bool) -> None:
        """``room`` are the characters of attributes that are kept: references in their values can make more.

        Of attributes of layout single words are kept where ``words``, else prose alone.
        """
        self.beside = Beside()
        self._beyond = self.beside.word if words else self.beside.look
        self.pieces: list[str] = []
        self.title = ""
        self._room = room
        self._parts: list[str] = []
        self._length = 0
        self._hidden = 0
        self._in_title = False
        self.entities = entities
        self.scripts: list[str] = []
        """Scripts, and what is run when something is done to an element."""
        self._script = False
        self._scope = Scope()
        self._meanings: dict[str, _Meaning] = {}
        self._are_text: dict[tuple[bool, bool, str], bool] = {}
        self._open: list[tuple[bool, bool, bool]] = []
        """Of each open element whether it ends a line, whether it is, or stands in, a paragraph, and whether its tags
        may part a word."""
        self._joints: list[tuple[int, str, bool]] = []
        """Before which part, within a line, tags stand that may part a word, the last two of them ("><": an element
        ends, and another begins beside it), and whether a blank was put there."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element: a line end unless it stands in a line, then the values of its attributes."""
        if not self._open:
            self._scope.root(name, attributes)
        if self._scope.enter(len(self._open), attributes):
            self._forget()
        meaning = self._meanings.get(name) or self._meaning(name)
        within = bool(self._open) and self._open[-1][1]
        block = not (meaning.inline and (meaning.running or within))
        joint = not block and not meaning.whole
        self._open.append((block, meaning.paragraph if block else within, joint))
        if block:
            self._line()
        elif joint:
            self._joint(begins=True, placed=not PLACED.isdisjoint(attributes))
        if meaning.code or self._hidden:
            self._hidden += 1
            if name.rpartition(":")[2] == "script":
                self._script = True
                self.scripts.append("\n")
        self._in_title = meaning.title and not self.title
        if attributes:
            self._values(attributes, meaning, block=block)

    def _values(self, attributes: dict[str, str], meaning: _Meaning, *, block: bool) -> None:
        """Put what attributes say in its place, one line an element; within a line of text at the end of all."""
        values = []
        for key, value in attributes.items():
            are_text = self._are_text.get((meaning.layout, meaning.running, key))
            if are_text is None:
                are_text = self._is_text(key, meaning)
            if are_text and value and not value.isspace():
                values.append(self._content(value) if len(value) > SHORT or value[:5] == "data:" else value)
            elif not are_text:
                self._beyond(key, value)
                if key[:2] == "on" and meaning.layout:
                    self.scripts.append(f"{value}\n")
                    for each in filter(SEEN.search, literals(value)):
                        self.beside.keep(each)
        values = [value for value in values if value]
        if not values:
            return
        if block:
            line = "\t".join(values) + "\n"
            self._room -= len(line)
            if self._room < 0:
                self.beside.left_out += len(values)
            else:
                self.add(line)
        else:
            for value in values:
                self.beside.keep(value)

    def _is_text(self, key: str, meaning: _Meaning) -> bool:
        layout, running = meaning.layout, meaning.running
        found = self._scope.is_text(key, layout=layout, running=running)
        self._are_text[layout, running, key] = found
        return found

    def _content(self, value: str) -> str:
        """Return the text that a value holds; other content is counted."""
        found = embedded(value, self.beside.codes)
        if found is None:
            return value
        if not (found.page or found.text):
            self.beside.embedded[found.kind] += 1
        return TAG.sub(" ", found.page) or found.text

    def default(self, _: str, name: str, _type: str, value: str | None, _required: bool) -> None:
        """Keep the value a document type gives to an attribute, once: elements that have it do not repeat it."""
        if value and not name.startswith("xmlns"):
            self.beside.word(name, value)

    def end(self, _: str) -> None:
        """Close an element."""
        if self._hidden:
            self._hidden -= 1
            self._script &= self._hidden > 0
        block, _within, joint = self._open.pop()
        if block:
            self._line()
        elif joint:
            self._joint()
        if self._in_title and self.title.strip():
            self._in_title = False
        if self._scope.leave(len(self._open)):
            self._forget()

    def _line(self) -> None:
        parts = self._parts
        if not parts or parts[-1][-1:] != "\n":
            parts.append("\n")

    def _joint(self, *, begins: bool = False, placed: bool = False) -> None:
        """Remember that a tag stands here, within a line; what is ``placed`` by itself stands apart."""
        parts = self._parts
        if not parts or parts[-1][-1:].isspace():
            return
        known = self._joints.pop() if self._joints and self._joints[-1][0] == len(parts) else (0, "", False)
        tags = f"{known[1]}{'<' if begins else '>'}"[-2:]
        self._joints.append((len(parts), known[1] if known[1] == "><" else tags, placed))
        if placed:
            parts.append(" ")

    def _forget(self) -> None:
        self._meanings, self._are_text = {}, {}

    def _meaning(self, name: str) -> _Meaning:
        local = name.rpartition(":")[2]
        running = self._scope.running(name)
        found = self._meanings[name] = _Meaning(
            inline=local in INLINE,
            running=running,
            paragraph=local in PARAGRAPHS,
            layout=self._scope.layout(name),
            code=running and local in CODE,
            title=local.lower() in TITLES,
            whole=local in RUNS,
        )
        return found

    def text(self, value: str) -> None:
        """Take characters between tags."""
        if self._hidden:
            if self._script:
                self.scripts.append(value)
            return
        if self._in_title and len(self.title) < TITLE_LENGTH:
            self.title = (self.title + value)[:TITLE_LENGTH]
        self.add(value)

    def add(self, value: str) -> None:
        """Keep characters."""
        self._parts.append(value)
        self._length += len(value)
        if self._length >= PIECE:
            self.flush()

    def other(self, markup: str) -> None:
        """Take what has no handler: references to entities are resolved, what comments say stands at the end."""
        if markup[:1] == "&" and markup[-1:] == ";":
            self.entity(markup[1:-1], False)
        elif markup[:4] == "<!--":
            self._remark(markup[4:-3])
        elif markup[:2] == "<?" and markup[2:6] not in ("xml ", "xml\n"):
            self._remark(markup[2:-2].partition(" ")[2])
        elif not self._open:
            self.entities.passed_over(markup)

    def _remark(self, said: str) -> None:
        if SAYING.search(said):
            self.beside.keep(said)

    def entity(self, name: str, parameter: bool) -> None:
        """Put the text of an entity, or its reference as it stands where nobody knows it or it grows too long."""
        if parameter:
            self.entities.missing(name)
            return
        text = self.entities.text(name)
        self.text(f"&{name};" if text is None else text)

    def left_over(self) -> None:
        """Put at the end what the document declares and nowhere says, and what its scripts say."""
        for own in self.entities.left_over():
            self.add(f"\n{own}")
        code = "".join(self.scripts)
        for line in (*said(code, of_a_program=True), *otherwise([code])) if code.strip() else ():
            self.beside.keep(line)

    def flush(self) -> None:
        """Close the piece that is being collected."""
        if self._parts:
            text = "".join(self._parts)
            self.pieces.append(text)
            for reading in readings(text, self._placed()) if self._joints else ():
                self.beside.keep(reading)
        self._parts, self._length, self._joints = [], 0, []

    def _placed(self) -> Iterator[Joint]:
        """Yield the joints by the character at which they stand."""
        starts = list(accumulate(map(len, self._parts), initial=0))
        for part, tags, apart in self._joints:
            yield Joint(starts[part], starts[part] + apart, apart, within=tags != "><")
