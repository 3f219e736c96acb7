"""Pages that declare abbreviations of their own (entities): put where they are used, before a page is read.

Source: XML 1.0 (fifth edition), 2.8 (document type), 4.1 (references), 2.5 and 2.7 (where none stands); XHTML 1.1.

A reader of HTML ends a document type at the first ">", shows the rest of it and leaves each reference as it is written.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape
from pyexpat import ExpatError, ParserCreate, XMLParserType

from actionday.model import Note
from actionday.parsers._entities import NAMED, Entities
from actionday.parsers._unread import Beside

OPENING = re.compile(
    r"(?>(?:\s++|\ufeff|<\?[^>]*+>|<!--(?>(?:[^-]++|-(?!->))*)-->)*)(?P<type><!DOCTYPE\s[^\[>]{0,4000}\[)",
    re.IGNORECASE,
)
TOKEN = re.compile(rf"{NAMED.pattern}|<!--|<!\[CDATA\[|-->|\]\]>")
BEGUN = re.compile(r"(?:&[\w:.-]{0,64}|<|<![-\[CDAT]{0,7}|-{1,2}|\]{1,2})\Z")
"""What the end of a piece may be the beginning of."""
CLOSES = {"<!--": "-->", "<![CDATA[": "]]>"}
LONGEST = 66
AT_ONCE = 1 << 16


def expanded(pieces: list[str], beside: Beside) -> list[str]:
    """Return the pieces of a page with its own abbreviations as they read, without their declarations.

    What is declared and stands nowhere, what comments there say, and a remark on what stays go to ``beside``. A page
    that declares nothing is handed back as it is, after one look at its beginning.
    """
    opening = OPENING.match(pieces[0]) if pieces else None
    if not opening:
        return pieces
    entities = Entities(sum(map(len, pieces)))
    start = opening.start("type")
    page = [pieces[0][start:], *pieces[1:]]
    end, why = _declared(page, entities, beside)
    if why:
        why = f"the document type of the page is not well-formed: {why}; what follows there is read as text"
        beside.remarks.append(Note("not_expanded", why))
    head = pieces[0][: opening.end() - 1] + (">" if end else "[")
    made = list(_told(_behind(page, end or len(opening["type"])), entities))
    made[0] = head + made[0]
    for own in entities.left_over():
        beside.keep(own)
    beside.remarks += entities.notes("entities of the page")
    return made


def _declared(page: list[str], entities: Entities, beside: Beside) -> tuple[int, str]:
    """Return at which byte of UTF-8 the document type ends, 0 where it does not, and why."""
    expat = ParserCreate("utf-8")
    entities.listen(expat, (), beside.keep)
    expat.CommentHandler = beside.keep
    expat.ProcessingInstructionHandler = lambda _, said: beside.keep(said)
    expat.AttlistDeclHandler = lambda _, name, _type, value, _required: beside.word(name, value or "")
    expat.DefaultHandler = entities.passed_over
    expat.SkippedEntityHandler = lambda name, parameter: entities.missing(name) if parameter else None
    expat.EndDoctypeDeclHandler = _End(expat)
    try:
        for piece in page:
            for at in range(0, len(piece), AT_ONCE):
                expat.Parse(piece[at : at + AT_ONCE].encode("utf-8", "replace"), False)
        expat.Parse(b"", True)
    except _Ended as ended:
        return ended.at, ""
    except ExpatError as error:
        return 0, str(error)
    return 0, "it does not end"


class _Ended(Exception):
    """The document type ends."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at


class _End:
    def __init__(self, expat: XMLParserType) -> None:
        self._expat = expat

    def __call__(self) -> None:
        raise _Ended(self._expat.CurrentByteIndex + 1)


def _behind(page: Iterable[str], end: int) -> Iterator[str]:
    """Yield what stands behind a byte of UTF-8."""
    for piece in page:
        if end and len(piece) <= end and end >= (size := len(piece.encode("utf-8", "replace"))):
            end -= size
        else:
            yield piece.encode("utf-8", "replace")[end:].decode("utf-8") if end else piece
            end = 0


def _told(pieces: Iterable[str], entities: Entities) -> Iterator[str]:
    """Yield pieces with references as they read, but for comments and sections of plain characters."""
    closes = ""

    def read(found: re.Match[str]) -> str:
        nonlocal closes
        token, name = found[0], found[1]
        if closes:
            closes = "" if token == closes else closes
        elif token in CLOSES:
            closes = CLOSES[token]
        elif name and name in entities:
            text = entities.text(name)
            return token if text is None else escape(text)
        return token

    carried = ""
    for piece in pieces:
        text = carried + piece
        begun = BEGUN.search(text, max(0, len(text) - LONGEST))
        cut = begun.start() if begun else len(text)
        carried = text[cut:]
        yield TOKEN.sub(read, text[:cut])
    yield TOKEN.sub(read, carried)
