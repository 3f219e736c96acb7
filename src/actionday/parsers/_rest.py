"""What a document package holds besides the parts its grammar knows: every text in them is read all the same.

Source: ECMA-376 part 1 (which parts there are); part 2, 6.5; OpenDocument 1.3 part 2, 3.2 (manifest).

Style sheets, themes and settings hold no text that people read; whoever puts some there is read for it. Short
values of settings are left out. What a part is, its relationship says; the name counts where none leads to it.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import chain
from pyexpat import ExpatError
from typing import NamedTuple

from actionday.mime.expat import create, resumed
from actionday.model import Damaged, Note
from actionday.parsers._decode import decode
from actionday.parsers._package import Package
from actionday.parsers._unread import Beside

MARKUP = r"(?i).*\.(?:xml|vml|rdf|rels)"
RULES = ("[Content_Types].xml", ".rels")
"""What no relationship leads to, for it says what leads where."""
NOT_FOR_READING = re.compile(
    r"(?:.*/)?(?:settings|styles|styleswitheffects|fonttable|websettings|numbering|theme\d*|app|core|meta|manifest"
    r"|tablestyles|presprops|viewprops|calcchain|metadata|com\.apple\.[\w.-]+|\[content_types\]|current|container|manifest"
    r"|(?:slide|notes|handout)master\d*|slidelayout\d*|chart\d*|colors\d*|style\d*)\.(?:xml|rdf)",
    re.IGNORECASE,
)
"""Parts whose short text nodes are values and prompts of programs: only long ones with blanks are read."""
LISTS = re.compile(r"(?:.*/)?(?:\[content_types\]|manifest|container)\.(?:xml|rdf)", re.IGNORECASE)
"""Parts that list others: they hold no text, and whatever text is in one somebody put there."""
PROGRAM = frozenset(
    {"styles", "stylesWithEffects", "settings", "webSettings", "fontTable", "numbering", "theme", "themeOverride",
     "tableStyles", "presProps", "viewProps", "calcChain", "sheetMetadata", "extended-properties", "core-properties",
     "chartStyle", "chartColorStyle", "diagramColors", "diagramQuickStyle", "diagramStyle", "diagramLayout"}
)  # fmt: skip
"""Kinds of relationships that lead to such parts."""
LONG = 80
"""Characters from which a text node of such a part is prose."""
SKIPPED = frozenset({"ClientData", "binData", "Fallback"})
VALUES = frozenset({"v", "connection", "command", "sourceFile"})
"""Attributes that hold data of their own: cached tables that a sheet may no longer show, where data came from."""
VALUES_IN = re.compile(r"(?i)xl/(?:pivotcache/|connections)")
INLINE = frozenset({"t", "r", "rPr", "span", "font", "b", "i", "u"})
NAMED = 5
"""Parts named in one reason; the rest is counted."""


class Beyond(NamedTuple):
    """What the rest of a package is read with."""

    kinds: Mapping[str, str] = {}
    """The kind of the relationship that leads to a part."""
    shown: Mapping[str, frozenset[str]] = {}
    """Attributes that people see, by local names."""
    beside: Beside | None = None
    """Takes them, and values that are prose."""


ALONE = Beyond()


def rest(
    package: Package, read: Iterable[str], pattern: str = MARKUP, beyond: Beyond = ALONE
) -> tuple[list[str], list[Note]]:
    """Return the texts of all markup parts that are not in ``read``, and what was damaged in them.

    ``beyond.beside`` holds afterwards what their attributes say.
    """
    done, pieces, notes = set(read), [], []
    for name in package.names(pattern):
        if name in done or package.is_empty(name):
            continue
        text, why = part_text(package, name, beyond)
        if text:
            pieces.append(text)
        if why:
            notes.append(Note("part_damaged", f"{name}: {why}"))
    return pieces, notes


def of_a_program(name: str, kind: str) -> bool:
    """Say whether a part holds styles or settings: its relationship says so, or, where none leads to it, its name."""
    if kind:
        return kind in PROGRAM
    return NOT_FOR_READING.fullmatch(name) is not None and not LISTS.fullmatch(name)


def part_text(package: Package, name: str, beyond: Beyond = ALONE) -> tuple[str, str]:
    """Return the text of one part in reading order, and why it could not be read to its end, or ""."""
    long_only = of_a_program(name, beyond.kinds.get(name, ""))
    collector = _Collector(beyond, long_only=long_only, values=VALUES_IN.match(name) is not None)
    chunks, why, remains = package.chunks(name), "", ""
    try:
        start = next(chunks, b"")
    except Damaged as error:
        return "", str(error)
    expat = create(start)
    expat.buffer_text = True
    expat.StartElementHandler = collector.start
    expat.EndElementHandler = collector.end
    expat.CharacterDataHandler = collector.text
    expat.CommentHandler = collector.comment
    expat.ProcessingInstructionHandler = collector.instruction
    expat.EntityDeclHandler = collector.entity
    try:
        for chunk in chain((start,), chunks):
            expat.Parse(chunk, False)
        expat.Parse(b"", True)
    except ExpatError as error:
        remains, why = behind(package, name, f"XML not well-formed: {error}", expat.ErrorByteIndex)
    except _Refused as error:
        remains, why = behind(package, name, str(error), 0)
    except Damaged as error:
        why = str(error)
    expat.buffer_text = False  # hands over what it still holds
    text = "".join(collector.parts)
    if remains:
        text += f"\n{remains}"
    return ("" if text.isspace() else f"{text}\n" if text else ""), why


def behind(package: Package, name: str, why: str, at: int) -> tuple[str, str]:
    """Return as plain text what stands in a part from byte ``at`` on, and ``why`` it is no XML with that said."""
    whole, damage = package.salvaged(name)
    text = "".join(decode(memoryview(whole)[resumed(at) :]).pieces)
    said = f"{why}; the rest is read as plain text" if text.strip() else why
    return text, f"{said}; {damage}" if damage else said


def unlinked(names: Iterable[str], why: str) -> list[Note]:
    """Return the note that names parts nothing of the document leads to."""
    found = [name for name in names if not NOT_FOR_READING.fullmatch(name)]
    if not found:
        return []
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return [Note("unlinked_part", f"{why}: {', '.join(found[:NAMED])}{more}; their text is read too")]


class _Refused(Exception):
    """A construct that only hostile documents have."""


class _Collector:
    def __init__(self, beyond: Beyond, *, long_only: bool, values: bool) -> None:
        self._shown, self._beside = beyond.shown, beyond.beside or Beside()
        self.parts: list[str] = []
        self._long_only, self._values, self._hidden = long_only, values, 0
        self._second = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if attributes:
            self._look(local, attributes)
        if self._hidden or local in SKIPPED:
            self._second = local == "Fallback" or (self._second and self._hidden > 0)
            self._hidden += 1
        elif self._values:
            self.parts.extend(f"{attributes[key]}\n" for key in VALUES if key in attributes)
        if local not in INLINE:
            self._line()

    def _look(self, local: str, attributes: dict[str, str]) -> None:
        if local in self._shown:
            self._beside.show(self._shown[local], attributes)
        if not self._long_only and not self._hidden:
            for key, value in attributes.items():
                if key.rpartition(":")[2] == "author":
                    self._beside.line(value)
                else:
                    self._beside.look(key, value)

    def end(self, name: str) -> None:
        if self._hidden:
            self._hidden -= 1
        if name.rpartition(":")[2] not in INLINE:
            self._line()

    def text(self, value: str) -> None:
        if self._hidden:
            if self._second:
                self._beside.keep(value)
        elif value and not value.isspace() and (not self._long_only or _prose(value)):
            self.parts.append(value)

    def comment(self, value: str) -> None:
        if _prose(value):
            self.parts.append(f"\n{value}\n")
        else:
            self._beside.look("", value)

    def instruction(self, name: str, value: str) -> None:
        self.comment(value if "=" in value else f"{name} {value}")

    def entity(self, *_: object) -> None:
        raise _Refused("XML whose document type declares entities: office documents have none")

    def _line(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")


def _prose(value: str) -> bool:
    return len(value) >= LONG and (" " in value or not value.isascii())
