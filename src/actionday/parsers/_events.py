"""From the parts of an office document to text: which elements hold text, which end a line or a cell.

One class for both office families; what differs is the table it is given.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pyexpat import ExpatError
from typing import ClassVar

import msgspec

from actionday.mime.expat import create
from actionday.parsers._tracked import LONGEST, Log, Run, State, keep, shown
from actionday.parsers._unread import Beside

PIECE = 1 << 20
"""Characters collected before a piece is closed."""

PEOPLE = 1000
"""Names of contributors among the properties of one document; those of more stand at the end of its text."""
Handlers = tuple[Callable[[str, dict[str, str]], None], Callable[[str], None], Callable[[str], None]]
"""What takes the beginning of an element, its end, and text."""


PLACE = re.compile(r"\\\\|:[\\/]|//")
"""What an instruction has that names a file or an address, in quotation marks or not."""
PICTOGRAMS = re.compile(r"dings|webding|marlett")
GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
"""The letters of the font Symbol at the places of A to z."""


class Grammar(msgspec.Struct, frozen=True):
    """What the elements of a family mean, by local name."""

    text: frozenset[str]
    """Elements whose characters are text, until they end."""
    ends: Mapping[str, str]
    """What an element puts after itself: a line end, a tab."""
    starts: Mapping[str, str]
    """What an element puts before itself: notes and boxes that stand in the middle of a word."""
    skipped: frozenset[str]
    """Elements whose characters are properties; words among them all the same stand at the end of the text."""
    read: frozenset[str]
    """Attributes whose value is text: alternative texts, targets of links."""
    people: frozenset[str] = frozenset()
    """Attributes that name who wrote a note or a change."""
    fields: frozenset[str] = frozenset()
    """Elements of ``text`` that are instructions: kept where they quote something, as links do."""
    mute: frozenset[str] = frozenset()
    """Elements whose characters are data: encoded bytes, references to cells."""
    second: frozenset[str] = frozenset()
    """Elements that repeat what stands elsewhere, in most documents: what stands nowhere else is put at the end."""
    shown: Mapping[str, frozenset[str]] = {}
    """Attributes that people see, by the local names of element and attribute: put at the end of the text."""
    glyphs: frozenset[str] = frozenset()
    """Elements that stand for one character, given as its number in ``char`` and a ``font``."""


class Reader:
    """Collects the text of parts in reading order, in pieces of about a million characters."""

    tags: ClassVar[re.Pattern[bytes] | None] = None
    """Where a part has none of these, ``plain`` may be set: it holds nothing that this kind of reader is for."""
    plain = False

    def __init__(self, grammar: Grammar, beside: Beside | None = None) -> None:
        self.pieces: list[str] = []
        self._grammar = grammar
        self._parts: list[str] = []
        self._deep = 0
        """How many open elements hold text."""
        self._hidden = 0
        self._field = False
        self.people: dict[str, None] = {}
        self.beside = Beside() if beside is None else beside
        self._mute = False
        self._second = 0
        self._main: list[str] = []
        self._names: dict[str, str] = {}
        self.changes = Log()
        self._state: State = ""
        """Of what is read now: tracked changes."""
        self._runs: list[Run] = []
        """Those of the paragraph since its first change; what stands before that is the first of them."""
        self.stopped = -1
        """Byte of the last part from which on it was not read, -1 where it was."""
        self._begin = 0
        """Where in ``_parts`` the paragraph begins."""
        self._held: tuple[int, list[Run]] = (0, [])
        self._mark: State = ""
        """Of the end of the paragraph, which can be put in or taken out as well."""

    def part(self, chunks: Iterable[bytes], encoding: str | None = None) -> str:
        """Read one XML part; returns "" or why it could not be read to its end. The text before stays.

        ``encoding`` overrides what the part declares (it was recoded).
        """
        rest = iter(chunks)
        first = next(rest, b"")
        expat = create(first, encoding)
        expat.buffer_text = True
        expat.StartElementHandler, expat.EndElementHandler, expat.CharacterDataHandler = self._handlers()
        expat.CommentHandler = self._remark
        expat.ProcessingInstructionHandler = lambda _, said: self._remark(said)
        expat.EntityDeclHandler = _refuse
        self._deep = self._hidden = self._second = 0
        self._state, self.stopped = "", -1
        why = ""
        try:
            for chunk in chain((first,), rest):
                expat.Parse(chunk, False)
            expat.Parse(b"", True)
        except ExpatError as error:
            why, self.stopped = f"XML not well-formed: {error}", expat.ErrorByteIndex
        except _Refused:
            self.stopped = 0  # the declarations of words are before everything else
            why = "XML whose document type declares entities: office documents have none"
        finally:
            expat.buffer_text = False  # hands over what it still holds, also where the part breaks off
            self.paragraph()
            self.add("\n")
            self.flush()
        return why

    def _handlers(self) -> Handlers:
        return self._start, self._end, self._text

    def _remark(self, said: str) -> None:
        self.beside.look("", said)

    def add(self, text: str) -> None:
        """Put text of our own between parts."""
        self._parts.append(text)

    def person(self, name: str) -> None:
        """Keep who wrote or changed something."""
        if len(self.people) < PEOPLE or name in self.people:
            self.people[name] = None
        else:
            self.beside.keep(name)

    def flush(self) -> None:
        """Close the piece that is being collected."""
        text = "".join(self._parts)
        if text and not text.isspace():
            self.pieces.append(text)
        self._parts = []
        self._begin = 0

    def change(self, state: State) -> None:
        """Go on in another state of tracked changes."""
        if state and not self._runs:
            self._runs = [Run("", "".join(self._parts[self._begin :]))]
        self._state = state

    def paragraph(self) -> None:
        """End a paragraph in all its wordings; the former ones stand beside the text."""
        if self._runs:
            keep(self._runs, self.beside)
            self._runs = [Run("", "")] if self._state else []
        self._begin = len(self._parts)

    def put(self, text: str, state: State | None = None) -> None:
        """Take text in a state, by default that of the place."""
        state = self._state if state is None else state
        if shown(state):
            self._parts.append(text)
        if self._runs:
            self._runs.append(Run(state, text))

    def _local(self, name: str) -> str:
        local = self._names[name] = name.rpartition(":")[2]
        return local

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._names.get(name) or self._local(name)
        grammar = self._grammar
        if attributes and local in grammar.shown:
            self.beside.show(grammar.shown[local], attributes)
        if self._hidden or local in grammar.skipped or local in grammar.mute:
            self._mute = local in grammar.mute or (self._mute and self._hidden > 0)
            self._hidden += 1
            return
        if self._second or local in grammar.second:
            self._aside()
        before = grammar.starts.get(local)
        if before:
            self.put(before)
        if local in grammar.text:
            self._deep += 1
            self._field = local in grammar.fields
        if attributes:
            self._attributes(attributes)
            if local in grammar.glyphs:
                self.put(glyph(attributes))

    def _aside(self) -> None:
        """Enter an element that repeats others: what it holds is collected apart."""
        if not self._second:
            self._main, self._parts = self._parts, []
            self._held, self._runs = (self._begin, self._runs), []
            self._begin = 0
        self._second += 1

    def _back(self) -> None:
        self._second -= 1
        if not self._second:
            self.paragraph()
            self.beside.keep("".join(self._parts))
            self._parts = self._main
            self._begin, self._runs = self._held

    def _attributes(self, attributes: dict[str, str]) -> None:
        grammar = self._grammar
        for key, value in attributes.items():
            if key in grammar.read and value and (":" in value or not key.endswith("href")):
                self.put(f"{value}\n")
            elif key in grammar.people:
                self.person(value)
            else:
                self.beside.look(key, value)

    def _end(self, name: str) -> None:
        if self._hidden:
            self._hidden -= 1
            return
        local = self._names[name]
        grammar = self._grammar
        if local in grammar.text:
            self._deep -= 1
            self._field = False
        after = grammar.ends.get(local)
        if after:
            if self._runs or self._mark:
                self._after(local, after)
            else:
                self._parts.append(after)
                self._begin = len(self._parts) if "\n" in after else self._begin
            if len(self._parts) > PIECE // 16 and not self._second:
                self.flush()
        if self._second:
            self._back()

    def _after(self, local: str, after: str) -> None:  # noqa: ARG002
        """Take what an element puts after itself."""
        self.put(after)
        if "\n" in after and (not self._state or len(self._runs) > LONGEST):
            self.paragraph()

    def _text(self, text: str) -> None:
        if self._hidden or not self._deep:
            if not self._mute and not text.isspace():
                self.beside.look("", text)
        elif self._field and '"' not in text and not PLACE.search(text):
            return
        elif self._runs:
            self.put(text)
        else:
            self._parts.append(text)  # as nearly all is: no call for it


def glyph(attributes: dict[str, str]) -> str:
    """Return the character that an element names by its number, "" for pictograms of symbol fonts.

    Symbol fonts have their characters in the private use area, from U+F000.
    """
    given = {key.rpartition(":")[2]: value for key, value in attributes.items()}
    try:
        number = int(given.get("char", ""), 16)
    except ValueError:
        return ""
    font = given.get("font", "").lower()
    if PICTOGRAMS.search(font):
        return ""
    number -= 0xF000 if 0xF020 <= number <= 0xF0FF else 0
    if font == "symbol" and 0x40 < number < 0x7B:
        return GREEK[number - 0x41]
    return chr(number) if 0x20 <= number < 0xD800 or 0xE000 <= number < 0x110000 else ""


class _Refused(Exception):
    """A construct that only hostile documents have."""


def _refuse(*_: object) -> None:
    raise _Refused
