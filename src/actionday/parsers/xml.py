"""XML of any vocabulary, feeds, drawings, books, backups: the text nodes, and the values of attributes in their places.

Source: XML 1.0 (fifth edition); RSS 2.0; RFC 4287 (Atom); SVG 2; OPML 2.0. No entity
is expanded but the five of the standard, those of HTML and short ones without markup: no bomb can be built.
"""

import re
from pyexpat import ExpatError, ParserCreate, XMLParserType, errors

from actionday.model import Limits, Loss, Note, Parsed
from actionday.parsers._code_words import script_words
from actionday.parsers._decode import decode
from actionday.parsers._entities import Entities, not_alone, unknown_in
from actionday.parsers._said_in_code import BY_SCRIPT, says
from actionday.parsers._svg_placed import MOST, Placed
from actionday.parsers._unread import MARK, Beside
from actionday.parsers._xml_text import PIECE, Collector
from actionday.parsers.html import XML_ENCODING
from actionday.parsers.text import finished

DRAWING = "image/svg+xml"
OF_PROGRAMS = frozenset({DRAWING, "application/vnd.ms-excel-2003+xml", "application/vnd.ms-word-2003+xml"})
"""Kinds in which attributes of layout are read where they are prose, in others where they hold a word."""
ROOM = 64 * 1024
ROOT = re.compile(r"<([A-Za-z_][\w.:-]{0,200})[^<>]{0,100000}?(/?)>")
"""The first tag of a text, and whether it closes itself."""
ENDS_EARLY = frozenset(
    errors.codes[each]
    for each in (errors.XML_ERROR_NO_ELEMENTS, errors.XML_ERROR_UNCLOSED_TOKEN, errors.XML_ERROR_PARTIAL_CHAR,
                 errors.XML_ERROR_UNCLOSED_CDATA_SECTION)
)  # fmt: skip
"""What the library says where the bytes end within an element, a tag, a comment or a section."""

NO_TEXT = "read, but no characters: the XML holds no text"


class Xml:
    """Text of XML; what is not well-formed is read as plain text from there on, and said; one cut off is a loss."""

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
        entities = Entities(len(data))
        collector = Collector(2 * len(data) + ROOM, entities, words=mime not in OF_PROGRAMS)
        placed = Placed() if mime == DRAWING else None
        decoded.pieces, broken = read(decoded.pieces, collector, placed)
        code = "".join(collector.scripts)
        by_script = not any(piece.partition(MARK)[0].strip() for piece in decoded.pieces) and says(code)
        decoded.pieces = [code, *decoded.pieces] if by_script else decoded.pieces
        words = Beside()
        script_words("" if by_script else code, words)
        parsed = finished(decoded, len(data), limits)
        notes = parsed.notes + ((BY_SCRIPT,) if by_script else ()) + broken
        unexpanded = entities.notes("XML entities")
        notes += unexpanded + collector.beside.notes() + words.notes()
        if placed and placed.more:
            reason = f"SVG: of more than {MOST} placed pieces: not all read in the order in which they stand"
            notes += (Note("order_unsure", reason),)
        title = " ".join(collector.title.split())
        named: dict[str, object] = {"title": title} if title else {}
        if code and not by_script:
            named |= {"left_out": ["scripts"], "left_out_characters": len(code)}
        reason = (
            (broken[0].reason if broken else "")
            or (BY_SCRIPT.reason if by_script else "")
            or (unexpanded[0].reason if unexpanded else "")
            or parsed.reason
        )
        spoken = words.lines(decoded.pieces)
        alone = [spoken] if spoken and not parsed.text else []
        if not parsed.text:
            reason = notes[0].reason if alone and notes else "" if alone else NO_TEXT
        return Parsed(
            text=parsed.text or alone, code="" if alone else spoken, meta={**parsed.meta, **named},
            reason=reason, notes=notes,
        )  # fmt: skip


def read(
    pieces: list[str], collector: Collector, placed: Placed | None = None
) -> tuple[list[str], tuple[Note, ...]]:
    """Return text pieces, and where the XML is broken (() when it is well-formed): one that ends early is a loss.

    Of a drawing ``placed`` takes where its letters stand.
    Comments, and attributes that stand within a line of text, come last.
    """
    expat = _parser(collector)
    unknown = unknown_in(pieces)
    if unknown or any("<!DOCTYPE" in piece for piece in pieces):  # a tenth of the time of a small drawing
        collector.entities.listen(expat, unknown, collector.text)
    if placed:
        _placing(expat, collector, placed)
    fed = 0
    for number, piece in enumerate(pieces):
        encoded = (not_alone(piece.lstrip("\ufeff \r\n\t")) if number == 0 else piece).encode(
            "utf-8", "replace"
        )
        try:
            expat.Parse(encoded, number == len(pieces) - 1)
        except ExpatError as error:
            broken = _broken(error, pieces)
            rest = encoded[max(0, expat.ErrorByteIndex - fed) :].decode("utf-8", "replace")
            expat.buffer_text = False  # hands over what it still holds
            collector.left_over()
            collector.flush()
            _seen(collector, placed)
            read_to_end = [*collector.pieces, rest, *pieces[number + 1 :]]
            return [*read_to_end, collector.beside.lines(read_to_end)], broken
        fed += len(encoded)
    collector.left_over()
    collector.flush()
    _seen(collector, placed)
    return [*collector.pieces, collector.beside.lines(collector.pieces)], ()


def _broken(error: ExpatError, pieces: list[str]) -> tuple[Note, ...]:
    """Return what is to be said of a fault; behind one the end of the root is looked for as it is written."""
    if error.code in ENDS_EARLY:
        why = f"XML: it breaks off: an element, a tag or a comment is open at its end ({error})"
        return (Note(Loss.BROKEN_OFF, why),)
    fault = Note("not_well_formed", f"XML not well-formed: {error}; the rest is read as plain text")
    root = ROOT.search(_without_comments(pieces[0][:ROOM]))
    end = f"</{root[1]}" if root and not root[2] else ""
    if not end or any(end in piece for piece in pieces):
        return (fault,)
    return fault, Note(Loss.BROKEN_OFF, f"XML: it breaks off: {end}> is not there")


def _without_comments(text: str) -> str:
    """Return a text without comments, and without what follows one that is not closed."""
    first, *others = text.split("<!--")
    return first + "".join(each.partition("-->")[2] for each in others)


def _parser(collector: Collector) -> XMLParserType:
    expat = ParserCreate("utf-8")
    expat.buffer_text = True
    expat.specified_attributes = True
    expat.AttlistDeclHandler = collector.default
    expat.StartElementHandler = collector.start
    expat.EndElementHandler = collector.end
    expat.CharacterDataHandler = collector.text
    expat.DefaultHandler = collector.other  # its presence keeps expat from expanding entities itself
    expat.SkippedEntityHandler = collector.entity
    return expat


def _placing(expat: XMLParserType, collector: Collector, placed: Placed) -> None:
    """Have both take the events of a drawing."""

    def start(name: str, attributes: dict[str, str]) -> None:
        collector.start(name, attributes)
        placed.start(name, attributes)

    def end(name: str) -> None:
        collector.end(name)
        placed.end()

    def text(value: str) -> None:
        collector.text(value)
        placed.text(value)

    expat.StartElementHandler, expat.EndElementHandler, expat.CharacterDataHandler = start, end, text


def _seen(collector: Collector, placed: Placed | None) -> None:
    known = frozenset(word for piece in collector.pieces for word in piece.split()) if placed else frozenset()
    for line in placed.lines(known) if placed else ():
        collector.beside.keep(line)


PARSER = Xml()
