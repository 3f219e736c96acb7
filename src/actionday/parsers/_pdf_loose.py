"""What words a stream of a PDF holds, told by what its bytes are: text, a drawing with text, neither.

Source: PDF 1.7 (ISO 32000-1), 7.3.8 (streams), 7.5.7, 7.5.8 (streams of objects and tables), 7.8.2 (content streams),
9.6.5 (glyphs that are drawn), 9.9 (font programs).

What a dictionary calls its stream decides nothing: a picture, a font or a table whose bytes are text is text.
"""

import re
from typing import NamedTuple

from actionday.mime.prose import is_prose
from actionday.parsers._decode import CONTROLS, decode, unmarked
from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_called import called
from actionday.parsers._pdf_filters import STREAM, undone, undone_to
from actionday.parsers._pdf_names import ADDRESS
from actionday.parsers._pdf_objects import dictionaries
from actionday.parsers._pdf_operators import OF_FUNCTIONS, OF_MAPS, prose_to
from actionday.parsers._pdf_streams import SHOWN
from actionday.parsers._unread import LEGIBLE, WORDS

ELSEWHERE = re.compile(rb"/Type\s*/EmbeddedFile\b")
"""An item of its own."""
METADATA, PACKED = re.compile(rb"/Type\s*/Metadata\b"), re.compile(rb"/Type\s*/ObjStm\b")
FORM = re.compile(rb"/BBox\b|/PatternType\b")
"""Drawn as a page of its own (``_pdf_unlisted``)."""
FUNCTION = re.compile(rb"/FunctionType\s+4\b")
FONT_PROGRAM = re.compile(rb"%!(?:PS-Adobe|Font|PS-TrueType)[\s\S]{0,4000}?/FontName\b")
GLYPH = re.compile(rb"\s*[-+.\d\s]+\bd[01]\b")
"""A glyph of a font that is drawn, not a page."""
DRAWS = re.compile(rb"\bBT\b")
LITERAL = re.compile(rb"\(((?:[^()\\]|\\[\s\S])*)\)")
BEGIN = 4096
"""Bytes by which a text is told."""
MOST = 64 << 20
"""Bytes of one stream that are read."""
MOST_UNPACKED = 256 << 20
"""Bytes that all streams together may unpack to for their words."""
PRINTABLE = 0.95
OPERATOR = re.compile(
    rb"(?<![^\s\])>])(?:q|cm|BT|gs|BDC|BMC|BX|[rR]g|RG|[gG]|[wWmlcJjdi]|re|cs|CS|Do|Tf|Tj|TJ|begincmap)(?=[\s\[(<]|$)"
)
AHEAD = 64
NO_CONTROLS = bytes((*b"\t\n\r\f", *range(32, 127)))
SHORTEST = 12
"""Characters of a text in no Unicode; palettes of colours are shorter, or have no blanks."""
MARKS = (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")


class Words(NamedTuple):
    """What a stream holds."""

    lines: list[str]
    drawing: bool = False
    """Whether it is a content that shows text and is no form: its letters are told by fonts, if at all."""
    between: bool = False
    """Whether they stand between operators."""
    cut: bool = False
    """Whether it goes on behind what was read, or one of its inline images does."""
    size: int = 0
    """Bytes that were unpacked, by one filter behind the other."""


def words_in(body: bytes, budget: Budget, *, drawn: bool = False, most: int = MOST) -> Words:
    """Return the words of an object's stream of which no page's text has any.

    ``drawn`` says that it is drawn: then what it shows is read elsewhere. Costs what it unpacks, of what is no text
    ``BEGIN`` bytes.
    """
    begin = STREAM.search(body)
    head = body[: begin.start()] if begin else body
    start = undone(body, BEGIN)
    drawn = drawn or FORM.search(head) is not None or GLYPH.match(start) is not None
    if not begin or (not drawn and has_none(body)):
        return Words([])
    content, cut, spent, _ = undone_to(body, most, budget)
    words = _words(head, content, budget, drawn=drawn)
    return words._replace(cut=cut or words.cut, size=spent)


def has_none(body: bytes) -> bool:
    """Say whether a stream is read elsewhere, or is a font, a picture, a table by its first bytes."""
    begin = STREAM.search(body)
    head, start = body[: begin.start() if begin else 0], undone(body, BEGIN)
    if ELSEWHERE.search(head) or not start.strip() or FONT_PROGRAM.match(start):
        return True
    if PACKED.search(head) and start.lstrip()[:1].isdigit():
        return True
    if METADATA.search(head) and start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return True
    return not _may_show(start) and not _is_text(start)


def shows(content: bytes) -> bool:
    """Say whether a stream is a content that shows text."""
    return (
        DRAWS.search(content) is not None and SHOWN.search(content) is not None and not GLYPH.match(content)
    )


def _may_show(start: bytes) -> bool:
    """Say whether a content may begin so: in ASCII, as all operators are, and with one of them."""
    plain = start[:AHEAD].isascii() and not start[:AHEAD].translate(None, NO_CONTROLS)
    return plain and OPERATOR.search(start) is not None


def _words(head: bytes, content: bytes, budget: Budget, *, drawn: bool) -> Words:
    if b"begincmap" in content and b"endcmap" in content:
        return _between(content, budget, OF_MAPS)
    if FUNCTION.search(head):
        return _between(content, budget, OF_FUNCTIONS)
    if drawn and (SHOWN.search(content) or not _is_text(content[:BEGIN])):
        return _between(content, budget)
    if shows(content):
        shown = " ".join(part.decode("latin-1") for part in LITERAL.findall(content))
        found = _between(content, budget)
        lines = [*([shown] if WORDS.search(shown) else []), *found.lines]
        return Words(lines, drawing=True, cut=found.cut)
    if not _is_text(content[:BEGIN]):
        return Words([])
    text = "".join(decode(memoryview(content)).pieces)
    speaks = any(prose_to(content.replace(b"%", b" "), budget)) or any(
        WORDS.search(part.decode("latin-1")) for part in LITERAL.findall(content)
    )
    unlike = b"\0" in content or not content.isascii() or ADDRESS.search(text)
    return Words([text] if speaks or unlike else [])


def _between(content: bytes, budget: Budget, more: frozenset[bytes] = frozenset()) -> Words:
    lines, cut = prose_to(content, budget, more)
    return Words(lines, between=True, cut=cut)


def _is_text(start: bytes) -> bool:
    """Say whether bytes are text: Unicode without control characters, or prose in another code."""
    text = _unicode(start)
    if text is not None and "\0" not in text:
        good = sum(map(str.isprintable, text)) + sum(map(text.count, "\n\r\t\f"))
        return good >= PRINTABLE * len(text) and (WORDS.search(text) or ADDRESS.search(text)) is not None
    if len(start) != len(start.translate(None, CONTROLS)) and unmarked(start) is None:
        return False
    text = "".join(decode(memoryview(start)).pieces)
    return len(text) >= SHORTEST and WORDS.search(text) is not None and is_prose((text,))


def _unicode(start: bytes) -> str | None:
    if start.startswith(MARKS[1:]):
        return start[: len(start) // 2 * 2].decode("utf-16", "replace")
    try:
        return start.decode()
    except UnicodeDecodeError as error:
        return start[: error.start].decode() if error.start > len(start) - 4 and error.start > 0 else None


def strings(number: int, body: bytes) -> list[str]:
    """Return the strings of an object that are words, and its names that are prose."""
    held = list(dictionaries(b"%d 0 obj\n%s\nendobj\n" % (number, body), frozenset()))
    said = (value for each in held for _, value in each.strings)
    return [*(value for value in said if LEGIBLE.search(value) and value.isprintable()), *called(held, {})]
