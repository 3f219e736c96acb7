"""The pages of a book that its reading order leaves out: a table of contents, notes, whatever was put beside it.

Source: EPUB 3.3, 5.6 (manifest), 5.7 (spine); OCF 3.3, 4.2.6.3.1 (``container.xml``).
"""

import posixpath
import re
from html import unescape
from urllib.parse import unquote

from actionday.model import Note
from actionday.parsers._attributes import attribute_words
from actionday.parsers._book_changes import is_given
from actionday.parsers._decode import decode
from actionday.parsers._package import Package
from actionday.parsers._page_entities import expanded
from actionday.parsers._properties import properties
from actionday.parsers._rest import Beyond, part_text, rest, unlinked
from actionday.parsers._unread import Beside
from actionday.parsers.html import former, page_text, parts

PAGES = r"(?i).*\.x?html?"
OTHERS = r"(?i).*\.xml"
DOCUMENTS = r"(?i).*\.opf"
CONTENTS = r"(?i).*\.ncx"
"""Tables of contents of older books: their lines are headings, or what somebody put there."""
ITEM = re.compile(rb"<(?:\w+:)?item\b[^>]{0,4000}>")
SPINE = re.compile(rb"<(?:\w+:)?itemref\b[^>]{0,1000}?\bidref\s*=\s*[\"']([^\"']{1,1000})")
LOST = "pages that the book does not list"
ATTRIBUTE = re.compile(rb"\b(id|href)\s*=\s*[\"']([^\"']{1,4000})[\"']")

METADATA = re.compile(rb"<(?:\w+:)?metadata\b[^>]{0,4000}>.{0,1000000}?</(?:\w+:)?metadata>", re.DOTALL)


def described_book(package: Package) -> dict[str, object]:
    """Return the properties of a book, from its package documents."""
    found: dict[str, object] = {}
    for name in package.names(DOCUMENTS):
        held = METADATA.search(package.salvaged(name)[0])
        for key, value in properties(b"<package>" + held[0] + b"</package>").items() if held else ():
            found.setdefault("keywords" if key == "subject" else key, value)
    found.pop("properties_damaged", None)
    return found


def beside_the_spine(package: Package, read: str) -> tuple[list[str], list[Note]]:
    """Return the lines that the reading order leaves out and ``read`` does not hold, and notes on unlisted pages.

    A table of contents repeats headings: what the text has is not read twice. Pages within the order are read where
    they are damaged, for the library leaves them out; of whole ones, what attributes say.
    """
    known = set(map(str.strip, read.split("\n")))
    listed: dict[str, str] = {}
    spine: set[str] = set()
    for name in package.names(DOCUMENTS):
        opf = package.salvaged(name)[0]
        listed |= _manifest(opf, name.rpartition("/")[0])
        spine |= {unescape(each.decode("utf-8", "replace")) for each in SPINE.findall(opf)}
    shown = {path for path, identifier in listed.items() if identifier in spine and read and is_given(path)}
    pages = package.names(PAGES)
    beside = Beside()
    pieces, notes = rest(package, (), OTHERS, Beyond(beside=beside))
    contents, damaged = rest(package, (), CONTENTS, Beyond(beside=beside))
    pieces += _new("".join(contents), known)
    told, broken = _told(package, beside)
    pieces += _new(told, known)
    notes += damaged + broken
    for name in pages:
        raw, why = package.salvaged(name)
        if why:
            notes.append(Note("part_damaged", f"{name}: {why}"))
        decoded = decode(memoryview(raw)).pieces
        if name in shown and not why:
            for part in parts(expanded(decoded, beside)):
                attribute_words(part, beside, "outer")
                former(part, beside)
        else:
            own = Beside()
            text = "".join(page_text(decoded, own))
            pieces += _new(text, known)
            notes += own.notes()
    lost = unlinked([name for name in pages if name not in shown and name not in listed], LOST)
    pieces.append(beside.lines([read, *pieces]))
    notes += beside.notes()
    pieces = [piece for piece in pieces if piece and not piece.isspace()]
    if pieces and read and not read.endswith("\n"):
        pieces[0] = f"\n{pieces[0]}"
    return pieces, notes + (lost if listed else [])


def _told(package: Package, beside: Beside) -> tuple[str, list[Note]]:
    """Return the text of package documents that are none, and what is damaged; of others ``beside`` takes the prose.

    What a package document says of the book is among its properties (``described_book``).
    """
    texts: list[str] = []
    notes: list[Note] = []
    for name in package.names(DOCUMENTS):
        text, why = part_text(package, name, Beyond(beside=beside))
        if METADATA.search(package.salvaged(name)[0]):
            for line in text.split("\n"):
                beside.look("", line.strip())
        else:
            texts.append(text)
        if why:
            notes.append(Note("part_damaged", f"{name}: {why}"))
    return "".join(texts), notes


def _new(text: str, known: set[str]) -> list[str]:
    """Return the lines that are not known yet, as one piece."""
    return ["".join(f"{line}\n" for line in text.split("\n") if line.strip() not in known)]


def _manifest(opf: bytes, folder: str) -> dict[str, str]:
    """Return the identifier of each part that a package document lists."""
    found: dict[str, str] = {}
    for element in ITEM.findall(opf):
        values = {
            key: unescape(value.decode("utf-8", "replace")) for key, value in ATTRIBUTE.findall(element)
        }
        if b"href" in values:
            found[posixpath.normpath(posixpath.join(folder, unquote(values[b"href"])))] = values.get(
                b"id", ""
            )
    return found
