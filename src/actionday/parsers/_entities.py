"""The abbreviations that a document declares (entities): what they stand for, and what is said of those that stay.

Source: XML 1.0 (fifth edition), 4.1 to 4.5 and 5.1; HTML Living Standard, 13.5 (named references).

One implementation for XML, pages and books. Short ones are put where they are used, and growth has an end: no bomb can
be built. What lies outside of the document is never fetched, and named where it is used.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape, unescape
from html.entities import html5
from pyexpat import XML_PARAM_ENTITY_PARSING_ALWAYS, XMLParserType

from actionday.model import Note
from actionday.model.counted import counted

REFERENCE = re.compile(r"&([^;&\s]{1,64});")
NAMED = re.compile(r"&([A-Za-z_:\x80-\uffff][\w:.-]{0,63});")
TAG = re.compile(r"<[^<>]{0,1000}>")
PLAIN_TAGS = re.compile(r"(?>(?:[^<]|</?[A-Za-z_][\w:.-]{0,63}\s?/?>)*)")
"""Markup in which nothing but text can be read."""
QUOTED = r"\"(?:[^\"]*+)(?:\"|\Z)|'(?:[^']*+)(?:'|\Z)"
MARKUP = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)|<!\[CDATA\[(?P<plain>.*?)(?:\]\]>|\Z)|<\?[^\s?>]*+(?P<order>.*?)(?:\?>|\Z)"
    rf"|</?[A-Za-z_:\x80-\U0010ffff](?P<tag>(?>(?:[^<>\"']++|{QUOTED})*))>",
    re.DOTALL,
)
"""Any markup in a declared text; one that does not end reaches to the end, so that each character is read once."""
VALUE = re.compile(QUOTED)
MOST_ENTITIES = 10_000
DEEPEST_ENTITY = 8
LONGEST_RESOLVED = 256
LONGEST_ENTITY = 64
"""Characters; a reference of four bytes can then grow sixteenfold at most."""
LEAST_ROOM = 64 * 1024
SPELT = 5
"""Names spelt out in a remark."""
OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
PASSED = re.compile(r"<!ENTITY\s+(?P<name>[^\s%\"'>]+)\s+([\"'])(?P<value>.*)\2\s*>", re.DOTALL)
BY_NUMBER = re.compile(r"&#(?:[0-9]{1,7}|x[0-9A-Fa-f]{1,6});")
STANDALONE = re.compile(r"\A([\ufeff\s]*<\?xml\s[^>]{0,200}?standalone\s*=\s*)([\"'])yes([\"'])")


class Entities:
    """What a document declares, and what became of it."""

    def __init__(self, size: int) -> None:
        """``size`` of the document in characters: by as much it may grow."""
        self._room = size + LEAST_ROOM
        self._declared: dict[str, str] = {}
        self._outside: dict[str, str] = {}
        """By name (of a parameter entity with its percent sign), where a text lies that is not in the document."""
        self._resolved_before: dict[tuple[str, int], str | None] = {}
        """By name and depth: empty ones within empty ones would else be gone through a thousand million times."""
        self._used: set[str] = set()
        self.unexpanded: dict[str, None] = {}
        """Declared, and their references stand in the text as they are."""
        self._elsewhere: dict[str, None] = {}
        """The same of those that lie outside of the document."""
        self._left_out = 0
        """Declarations beyond ``MOST_ENTITIES``."""
        self._own = True
        self._outer = False
        """A part of the document type lies outside."""
        self._passing: list[str] | None = None
        self._passed: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        """Say whether the document declares an entity."""
        return name in self._declared or name in self._outside

    def listen(self, expat: XMLParserType, unknown: Iterable[str], stays: Callable[[str], object]) -> None:
        """Have the declarations of a document told, those within its own parameter entities too.

        Of what lies outside nothing is read: ``stays`` is given the references to it. The names in ``unknown`` that
        nothing declares are as HTML has them or as they are written: a parser leaves them out of attributes.
        """

        def outside(context: str | None, _base: str | None, system: str | None, _public: str | None) -> int:
            if context is not None:
                name = context.rpartition("\f")[2]
                self._elsewhere.setdefault(name)
                stays(f"&{name};")
                return 1
            found = [name for name, place in self._outside.items() if name[0] == "%" and place == system]
            self._elsewhere.update(dict.fromkeys(found))
            self._outer |= system is not None
            # one that is not read at all would end the declarations (5.1)
            inner = expat.ExternalEntityParserCreate(None)
            self._own = False
            inner.Parse(b"" if found else self._table(unknown).encode(), True)
            self._own = True
            return 1

        expat.SetParamEntityParsing(XML_PARAM_ENTITY_PARSING_ALWAYS)
        expat.UseForeignDTD(True)  # an entity of an absent DTD is then skipped, not an error
        expat.EntityDeclHandler = self.declare
        expat.ExternalEntityRefHandler = outside

    def _table(self, unknown: Iterable[str]) -> str:
        """Return declarations of names; those that the parser passed over as they stand in the document."""
        return "".join(
            f'<!ENTITY {name} "{_literal(self._passed[name]) if name in self._passed else _replacement(name)}">'
            for name in unknown
        )

    def declare(
        self, name: str, parameter: bool, value: str | None, _: object, system: str | None, *_more: object
    ) -> None:
        """Keep a replacement text; what is declared twice counts the first time."""
        if not self._own:
            return
        if len(self._declared) + len(self._outside) >= MOST_ENTITIES:
            self._left_out += 1
            return
        if value is None:
            self._outside.setdefault(f"%{name}" if parameter else name, system or "")
        elif not parameter:
            self._declared.setdefault(name, value)

    def passed_over(self, markup: str) -> None:
        """Take a piece of markup that no handler has: behind a parameter entity that nothing declares, a parser passes
        over declarations."""
        if markup == "<!ENTITY":
            self._passing = []
        if self._passing is not None:
            self._passing.append(markup)
            if markup == ">":
                found, self._passing = PASSED.fullmatch("".join(self._passing)), None
                if found and found["name"] not in self._declared:
                    value = BY_NUMBER.sub(lambda code: unescape(code[0]), found["value"])
                    self._passed.setdefault(found["name"], value)
                    self.declare(found["name"], False, value, None, None)

    def missing(self, name: str) -> None:
        """Take the name of a parameter entity that nothing declares."""
        self._elsewhere.setdefault(f"%{name}")

    def text(self, name: str) -> str | None:
        """Return what a reference says; None where nobody knows, it grows too long, or lies outside."""
        if name not in self._declared:
            known = None if name in self._outside else of_html(name)
            if known is None and (name in self._outside or self._outer):
                self._elsewhere.setdefault(name)
            return known
        found = self._resolved(name, 0)
        if found is not None:
            self._room -= max(0, len(found) - len(name) - 2)
        if found is None or self._room < 0:
            self.unexpanded.setdefault(name)
            return None
        return found

    def _resolved(self, name: str, depth: int) -> str | None:
        """Return the text of a short entity, with short ones within it, None for any other."""
        key = name, depth
        if key not in self._resolved_before:
            self._resolved_before[key] = self._resolve(name, depth)
        return self._resolved_before[key]

    def _resolve(self, name: str, depth: int) -> str | None:
        value = self._declared.get(name)
        if (
            value is None
            or len(value) > LONGEST_ENTITY
            or depth > DEEPEST_ENTITY
            or "%" in value
            or not PLAIN_TAGS.fullmatch(value)
        ):
            return None
        parts: list[str] = []
        for at, part in enumerate(REFERENCE.split(TAG.sub(" ", value) if "<" in value else value)):
            found = self._within(part, depth + 1) if at % 2 else part
            if found is None or sum(map(len, parts)) > LONGEST_RESOLVED:
                return None
            parts.append(found)
        self._used.add(name)
        text = "".join(parts)
        return text if len(text) <= LONGEST_RESOLVED else None

    def left_over(self) -> Iterator[str]:
        """Yield once each the declared texts that stand nowhere (hidden, or refused where they belong), and where
        those lie that are not in the document."""
        used = frozenset(self._used)
        told: set[str] = set()
        for name, value in self._declared.items():
            for said in self._said(value) if name not in used or self.unexpanded else ():
                own = " ".join(said.split())
                if own and own not in told:
                    told.add(own)
                    yield own
        yield from filter(None, dict.fromkeys(self._outside.values()))

    def _said(self, value: str) -> Iterator[str]:
        """Yield the text of a declared one, then what stands within its markup: values of attributes, remarks."""
        if not REFERENCE.sub("", value).strip():
            return  # nothing of its own: what it refers to is told by itself
        if "<" not in value:
            yield REFERENCE.sub(self._read, value)
            return
        aside: list[str] = []

        def text_of(markup: re.Match[str]) -> str:
            if markup["tag"] is None:
                aside.append(markup["comment"] or markup["order"] or "")
                return escape(markup["plain"] or "")
            aside.extend(
                REFERENCE.sub(self._read, found[0].strip("\"'")) for found in VALUE.finditer(markup["tag"])
            )
            return " "

        yield REFERENCE.sub(self._read, MARKUP.sub(text_of, value))
        yield from aside

    def _read(self, reference: re.Match[str]) -> str:
        """Return how a reference in a declared text reads; a blank where that is told on a line of its own."""
        found = self._within(reference[1], 0)
        self._room -= len(found or "")
        return " " if found is None or self._room < 0 else found

    def _within(self, name: str, depth: int) -> str | None:
        found = self._resolved(name, depth)
        return of_html(name) if found is None else found

    def notes(self, what: str) -> tuple[Note, ...]:
        """Return the remark on references that stand as they are; ``what`` names them."""
        said = []
        if self.unexpanded:
            said.append(f"{_spelt(self.unexpanded)}; the declared texts stand at the end")
        if self._elsewhere:
            said.append(f"{_spelt(self._elsewhere)}; nothing that lies elsewhere is fetched")
        if self._left_out:
            said.append(f"{counted(self._left_out, 'more declaration')} than are kept")
        return (Note("not_expanded", f"{what} not expanded: {'; '.join(said)}"),) if said else ()


def of_html(name: str) -> str | None:
    """Return the text of a reference that HTML has, or of one by number."""
    return unescape(f"&{name};") if name[:1] == "#" else html5.get(f"{name};")


def unknown_in(pieces: Iterable[str]) -> list[str]:
    """Return the names of references in a document but for those of XML itself; of more than are kept the first."""
    found: dict[str, None] = {}
    for piece in pieces:
        found.update(dict.fromkeys(NAMED.findall(piece)))
        if len(found) >= MOST_ENTITIES:
            break
    return [name for name in list(found)[:MOST_ENTITIES] if name not in OWN]


def not_alone(start: str) -> str:
    """Return the start of a document that says it stands alone, of the same length, without its saying so: then its own
    parameter entities would declare nothing."""
    return STANDALONE.sub(r"\1\2no\3 ", start, count=1)


def _replacement(name: str) -> str:
    text = html5.get(f"{name};")
    return "".join(f"&#38;#{ord(letter)};" for letter in text) if text else f"&#38;#38;{name};"


def _literal(value: str) -> str:
    return value.replace("&#", "&#38;#").replace('"', "&#34;").replace("%", "&#37;")


def _spelt(names: Iterable[str]) -> str:
    return ", ".join(name + ";" if name[0] == "%" else f"&{name};" for name in list(names)[:SPELT])
