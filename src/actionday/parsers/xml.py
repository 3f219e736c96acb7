"""XML of any vocabulary, feeds, drawings, books: the text nodes, and attributes that people read.

Source: XML 1.0 (fifth edition); RSS 2.0; RFC 4287 (Atom); SVG 2; OPML 2.0. No entity
is expanded but the five of the standard, those of HTML and short ones without markup: no bomb can be built.
"""

import re
from html.entities import html5
from pyexpat import ExpatError, ParserCreate, XMLParserType

from actionday.model import Limits, Note, Parsed
from actionday.parsers._decode import decode
from actionday.parsers._unread import Beside
from actionday.parsers.html import XML_ENCODING
from actionday.parsers.text import finished

INLINE = {
    *(
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "bold",
        "cite",
        "code",
        "em",
        "emphasis",
        "ext-link",
        "font",
    ),
    *(
        "i",
        "ins",
        "italic",
        "kbd",
        "literal",
        "mark",
        "q",
        "r",
        "rPr",
        "run",
        "s",
        "small",
        "span",
        "strong",
        "style",
    ),
    *("sub", "sup", "t", "tspan", "tt", "u", "ulink", "underline", "var", "xref"),
}
"""Elements inside a line, by local name: their tags do not end a word."""
READ = {
    *(
        "alt",
        "caption",
        "content",
        "description",
        "desc",
        "href",
        "htmlUrl",
        "label",
        "name",
        "summary",
        "text",
    ),
    *("title", "url", "value", "xmlUrl", "_note"),
}
"""Attributes, by local name, whose value is read as text: outlines, maps and catalogues keep theirs there."""
OF_PROGRAMS = frozenset(
    {"image/svg+xml", "application/vnd.ms-excel-2003+xml", "application/vnd.ms-word-2003+xml"}
)
"""Kinds whose attributes are measures and names of styles: only prose in them is read."""
SKIPPED = frozenset({"binary", "binary-data", "binData", "script", "style-sheet"})
"""Elements whose text is no text: base64 of pictures, code."""
PIECE = 1 << 20
"""Characters collected before a piece is closed."""
TITLES = frozenset({"title", "book-title", "article-title"})
TITLE_LENGTH = 1000
REFERENCE = re.compile(r"&([^;&\s]{1,64});")
TAG = re.compile(r"<[^<>]{0,1000}>")
MOST_ENTITIES = 10_000
DEEPEST_ENTITY = 8
LONGEST_RESOLVED = 256
LONGEST_ENTITY = 64
"""Characters; a reference of four bytes can then grow sixteenfold at most."""


class Collector:
    """Takes the events of the expat parser and keeps text in reading order."""

    def __init__(self, *, words: bool = True) -> None:
        self.beside = Beside()
        self._words = words
        self.pieces: list[str] = []
        self.title = ""
        self._parts: list[str] = []
        self._length = 0
        self._hidden = 0
        self._in_title = False
        self._entities: dict[str, str] = {}
        self._used: set[str] = set()
        self.unexpanded: dict[str, None] = {}
        """Declared entities whose references stand in the text as they are."""
        self._meanings: dict[str, tuple[bool, bool, bool]] = {}
        """By name: whether the element ends a line, holds no text, is a title."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element: a line end unless it stands in a line, then what people read of its attributes."""
        block, skipped, title = self._meanings.get(name) or self._meaning(name)
        parts = self._parts
        if block and (not parts or parts[-1] != "\n"):
            parts.append("\n")
        if skipped or self._hidden:
            self._hidden += 1
        self._in_title = title and not self.title
        for key, value in attributes.items():
            if value and (key in READ or (":" in key and key.rpartition(":")[2] in READ)):
                self.add(value + "\n")
            elif self._words:
                self.beside.word(key, value)
            else:
                self.beside.look(key, value)

    def end(self, name: str) -> None:
        """Close an element."""
        if self._hidden:
            self._hidden -= 1
        parts = self._parts
        if self._meanings[name][0] and (not parts or parts[-1] != "\n"):
            parts.append("\n")
        if self._in_title and self.title.strip():
            self._in_title = False

    def _meaning(self, name: str) -> tuple[bool, bool, bool]:
        local = name.rpartition(":")[2]
        found = self._meanings[name] = local not in INLINE, local in SKIPPED, local.lower() in TITLES
        return found

    def text(self, value: str) -> None:
        """Take characters between tags."""
        if self._hidden:
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

    def declare(self, name: str, parameter: bool, value: str | None, *_: object) -> None:
        """Keep a replacement text; what is declared twice counts the first time."""
        if not parameter and value is not None and len(self._entities) < MOST_ENTITIES:
            self._entities.setdefault(name, value)

    def other(self, markup: str) -> None:
        """Take what has no handler: references to entities are resolved, what comments say stands at the end."""
        if markup[:1] == "&" and markup[-1:] == ";":
            self.entity(markup[1:-1], False)
        elif markup[:4] == "<!--":
            self.beside.word("", markup[4:-3])
        elif markup[:2] == "<?" and markup[2:5] != "xml":
            self.beside.word("", markup[2:-2].partition(" ")[2])

    def entity(self, name: str, parameter: bool) -> None:
        """Put the text of an entity, or its reference as it stands where nobody knows it or it grows too long."""
        if parameter:
            return
        resolved = self._resolved(name, 0)
        if resolved is None and name in self._entities:
            self.unexpanded.setdefault(name)
        self.text(resolved or html5.get(f"{name};") or f"&{name};")

    def _resolved(self, name: str, depth: int) -> str | None:
        """Return the text of a short entity, with short ones within it, None for any other."""
        value = self._entities.get(name)
        if (
            value is None
            or len(value) > LONGEST_ENTITY
            or depth > DEEPEST_ENTITY
            or "<" in value
            or "%" in value
        ):
            return None
        parts: list[str] = []
        for at, part in enumerate(REFERENCE.split(value)):
            found = self._resolved(part, depth + 1) or html5.get(f"{part};") if at % 2 else part
            if found is None or sum(map(len, parts)) > LONGEST_RESOLVED:
                return None
            parts.append(found)
        self._used.add(name)
        text = "".join(parts)
        return text if len(text) <= LONGEST_RESOLVED else None

    def left_over(self) -> None:
        """Put at the end, once each, the declared texts that stand nowhere: hidden, or refused where they belong."""
        for name, value in self._entities.items():
            own = " ".join(TAG.sub(" ", REFERENCE.sub(" ", value)).split())
            if own and (name not in self._used or self.unexpanded):
                self.add(f"\n{own}")

    def flush(self) -> None:
        """Close the piece that is being collected."""
        if self._parts:
            self.pieces.append("".join(self._parts))
        self._parts, self._length = [], 0


class Xml:
    """Text of XML; what is not well-formed is read as plain text from where it breaks, and said."""

    name, version = "xml", 1
    mimes = (
        "application/atom+xml",
        "application/docbook+xml",
        "application/gpx+xml",
        "application/rss+xml",
        "application/tei+xml",
        "application/vnd.google-earth.kml+xml",
        "application/vnd.ms-excel-2003+xml",
        "application/vnd.ms-word-2003+xml",
        "application/x-fictionbook+xml",
        "application/x-jats+xml",
        "application/x-mediawiki+xml",
        "application/x-plist",
        "application/xliff+xml",
        "application/xml",
        "image/svg+xml",
        "text/x-opml",
    )
    samples = ("feed.rss", "feed.atom", "drawing.svg", "book.fb2", "book.dbk", "outline.opml")

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:
        """Return the text nodes, a line end between blocks; ``meta`` has title and encoding."""
        prolog = XML_ENCODING.match(bytes(data[:256]).lstrip(b"\xef\xbb\xbf \t\r\n"))
        decoded = decode(data[: limits.text], prolog[1].decode("ascii") if prolog else None, PIECE)
        decoded.pieces, title, broken = read(decoded.pieces, words=mime not in OF_PROGRAMS)
        parsed = finished(decoded, len(data), limits)
        notes = parsed.notes + (
            (Note("not_expanded" if "entities" in broken[:12] else "not_well_formed", broken),)
            if broken
            else ()
        )
        named = {"title": " ".join(title.split())} if title.strip() else {}
        reason = (
            "read, but no characters: the XML holds no text" if not parsed.text else broken or parsed.reason
        )
        return Parsed(text=parsed.text, meta={**parsed.meta, **named}, reason=reason, notes=notes)


def read(pieces: list[str], *, words: bool = True) -> tuple[list[str], str, str]:
    """Return text pieces, title, and where the XML is broken or not expanded ("" when it is well-formed).

    Attributes and comments come last: where ``words``, single words too, else prose alone.
    """
    collector, broken = Collector(words=words), ""
    expat = _parser(collector)
    fed = 0
    for number, piece in enumerate(pieces):
        encoded = (piece.lstrip("\ufeff \r\n\t") if number == 0 else piece).encode("utf-8", "replace")
        try:
            expat.Parse(encoded, number == len(pieces) - 1)
        except ExpatError as error:
            broken = f"XML not well-formed: {error}; the rest is read as plain text"
            rest = encoded[max(0, expat.ErrorByteIndex - fed) :].decode("utf-8", "replace")
            expat.buffer_text = False  # hands over what it still holds
            collector.left_over()
            collector.flush()
            read_to_end = [*collector.pieces, rest, *pieces[number + 1 :]]
            return [*read_to_end, collector.beside.lines(read_to_end)], collector.title, broken
        fed += len(encoded)
    collector.left_over()
    collector.flush()
    if collector.unexpanded:
        names = ", ".join(f"&{name};" for name in list(collector.unexpanded)[:5])
        broken = f"XML entities not expanded: {names}; the declared texts stand at the end"
    return [*collector.pieces, collector.beside.lines(collector.pieces)], collector.title, broken


def _parser(collector: Collector) -> XMLParserType:
    expat = ParserCreate("utf-8")
    expat.buffer_text = True
    expat.StartElementHandler = collector.start
    expat.EndElementHandler = collector.end
    expat.CharacterDataHandler = collector.text
    expat.EntityDeclHandler = collector.declare
    expat.DefaultHandler = collector.other  # its presence keeps expat from expanding entities itself
    expat.SkippedEntityHandler = collector.entity
    expat.UseForeignDTD(True)  # an entity of an absent DTD is then skipped, not an error
    return expat


PARSER = Xml()
