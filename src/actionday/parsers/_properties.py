"""Title, author, times and company of a document, under the same names for every format.

Source: ECMA-376 part 2, 11 (core properties) and part 1, 22.2 (extended); OpenDocument 1.3 part 3, 4.3 (metadata).
"""

import re
from collections.abc import Mapping
from pyexpat import ExpatError

from actionday.mime.expat import create
from actionday.model import Loss, Note
from actionday.model.counted import counted

NAMES = {
    "title": "title",
    "subject": "subject",
    "description": "description",
    "creator": "author",
    "initial-creator": "author",
    "lastModifiedBy": "last_author",
    "printed-by": "printed_by",
    "created": "created",
    "creation-date": "created",
    "modified": "modified",
    "date": "modified",
    "lastPrinted": "printed",
    "print-date": "printed",
    "keywords": "keywords",
    "keyword": "keywords",
    "category": "category",
    "language": "language",
    "revision": "revision",
    "editing-cycles": "revision",
    "Company": "company",
    "Manager": "manager",
    "Application": "producer",
    "generator": "producer",
    "Template": "template",
    "HyperlinkBase": "link_base",
    "contributor": "contributors",
    "publisher": "company",
    "rights": "copyright",
    "contentStatus": "status",
    "identifier": "identifier",
    "version": "version",
}
ALTOGETHER = 4 << 20
"""Characters of the names and values of one metadata part: as many as a header of mail can have."""
CUT = "properties_cut"
"""Characters of properties that are beyond."""
BLANK = re.compile(r"\W+")


def properties(xml: bytes, *, opendocument: bool = False) -> dict[str, object]:
    """Return the properties in a metadata part; what is not well-formed gives those before the fault.

    In OpenDocument ``dc:creator`` is who saved last, and ``meta:initial-creator`` the author.
    """
    kept = Kept()
    stack: list[str] = []
    own: list[str] = []
    fresh = [False]
    damaged = False
    names = NAMES | ({"creator": "last_author"} if opendocument else {})

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        stack.append(local)
        fresh[0] = True
        given = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if local in ("user-defined", "property") and "name" in given:
            own.append(own_name(given["name"]))
            kept.named(given["name"])
        elif local == "template" and opendocument:
            kept.add("template", "; ".join(filter(None, (given.get("title"), given.get("href")))))

    def end(_: str) -> None:
        if stack.pop() in ("user-defined", "property") and own:
            own.pop()

    def text(value: str) -> None:
        key = (own[-1] if own else names.get(stack[-1])) if stack else None
        if key and value.strip():
            kept.add(key, value, "; " if fresh[0] else "")
            fresh[0] = False

    expat = create(xml)
    expat.buffer_text = True
    expat.StartElementHandler = start
    expat.EndElementHandler = end
    expat.CharacterDataHandler = text
    expat.EntityDeclHandler = _refuse
    try:
        expat.Parse(xml, True)
    except (ExpatError, ValueError):
        damaged = True
    return kept.facts() | ({"properties_damaged": True} if damaged else {})


class Kept:
    """Names and values, each whole, ``ALTOGETHER`` characters of them; what is beyond is counted."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}
        self._names: dict[str, None] = {}
        self._room, self._cut = ALTOGETHER, 0

    def named(self, name: str) -> None:
        """Take the name that somebody gave a property as it is written: a key is a spelling of it, and not searched."""
        if name in self._names or not name.strip():
            return
        if len(name) > self._room:
            self._cut += len(name)
            return
        self._room -= len(name)
        self._names[name] = None

    def add(self, key: str, value: str, between: str = "") -> None:
        """Take a value, behind ``between`` where the name has one already."""
        again = key in self._found
        size = len(value) + (len(between) if again else len(key))
        if size > self._room:
            self._cut += len(value)
            return
        self._room -= size
        self._found.setdefault(key, []).extend((between, value) if again else (value,))

    def facts(self) -> dict[str, object]:
        """Return them, and the characters that are not kept as ``CUT``."""
        facts: dict[str, object] = {key: "".join(values) for key, values in self._found.items()}
        facts |= {"custom_names": list(self._names)} if self._names else {}
        return facts | ({CUT: self._cut} if self._cut else {})


def cut_of(facts: Mapping[str, object]) -> tuple[Note, ...]:
    """Return the note on properties that are not kept."""
    many = facts.get(CUT)
    if not isinstance(many, int):
        return ()
    are = counted(many, "character of properties is", "characters of properties are")
    return (Note(Loss.TEXT_CUT, f"{are} not kept: more than {ALTOGETHER}"),)


def own_name(name: str) -> str:
    """Return the key of a property that somebody named."""
    return "custom_" + BLANK.sub("_", name.strip().lower()).strip("_")[:60]


def _refuse(*_: object) -> None:
    raise ValueError("a document type with entities in a metadata part")
