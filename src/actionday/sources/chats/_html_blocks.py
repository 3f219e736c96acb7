"""Messages of Telegram Desktop's pages: the element of each by its bytes, and what stands in it by its class.

Source: tdesktop, ``Telegram/SourceFiles/export/output/export_output_html.cpp`` (it escapes ``<`` and ``>`` in values).
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from actionday.mime.chat import Value
from actionday.model import Stream
from actionday.model.streams import read_at

CHUNK, LONGEST = 1 << 20, 16 << 20
START = re.compile(rb'<div class="message (?:default|service)[a-z ]{0,40}"')
TOKEN = re.compile(
    r"<(?P<end>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)(?P<values>[^<>]*)>|<!--.{0,1000}?-->", re.DOTALL
)
VALUE = re.compile(r'(?<![a-z-])([a-z-]++)="([^"]*)"')
VOID = frozenset({"br", "img", "source", "input", "meta", "link", "hr"})
SET = {"strong": "bold", "em": "italic", "u": "underline", "s": "strikethrough", "del": "strikethrough", "code": "code",
       "pre": "pre", "blockquote": "blockquote", "span": "spoiler"}  # fmt: skip
DEEPEST, MOST_CLASSES, LONGEST_PIECE = 40, 300, 10_000
"""Elements within one another; characters of their classes; characters of a piece that is told by itself."""


class Piece(NamedTuple):
    """A stretch of text: the classes of the elements around it, from the outermost, and what the innermost is."""

    classes: tuple[str, ...]
    text: str


class Block(NamedTuple):
    """What a message's element holds: texts by class, links, set pieces, values of elements by class."""

    pieces: list[Piece]
    links: list[dict[str, Value]]
    formats: list[dict[str, Value]]
    elements: list[tuple[tuple[str, ...], dict[str, str]]]

    def text(self, name: str, *, within: str = "", without: str = "") -> str | None:
        """Return the text in elements of class ``name``, None where there is none."""
        found = [
            each.text
            for each in self.pieces
            if name in each.classes
            and (not within or within in each.classes)
            and (not without or without not in each.classes)
        ]
        return "".join(found).strip("\n ") if found else None


def blocks(stream: Stream) -> Iterator[tuple[int, int]]:
    """Yield where each message's element begins and ends: at the next one, the last at the end of the page."""
    at, previous = 0, -1
    while at < stream.size:
        data = read_at(stream, at, CHUNK + 100)
        if not data:
            break
        for found in START.finditer(data):
            if found.start() >= CHUNK:
                break
            if previous >= 0:
                yield previous, at + found.start()
            previous = at + found.start()
        at += CHUNK
    if previous >= 0:
        yield previous, stream.size


def block_of(data: bytes) -> Block:
    """Return what stands in an element, up to the tag that ends it; a step for each tag."""
    page = data.decode("utf-8", "surrogateescape")
    found = Block([], [], [], [])
    stack: list[tuple[str, tuple[str, ...], int, dict[str, str]]] = []
    classes: tuple[str, ...] = ()
    at = 0
    for token in TOKEN.finditer(page):
        if token.start() > at:
            found.pieces.append(Piece(classes, _shown(page[at : token.start()])))
        at = token.end()
        tag = (token["tag"] or "").lower()
        if tag == "br":
            found.pieces.append(Piece(classes, "\n"))
        elif token["end"]:
            while stack:
                name, classes, begun, values = stack.pop()
                _ended(found, name, begun, values)
                if name == tag:
                    break
            if not stack:
                return found
        elif tag and tag not in VOID and len(stack) < DEEPEST:
            values = {name: unescape(value) for name, value in VALUE.findall(token["values"])}
            stack.append((tag, classes, len(found.pieces), values))
            own = tuple(values.get("class", "")[:MOST_CLASSES].split())
            classes = (*classes, *own)
            found.elements.append((own, values))
    if at < len(page):
        found.pieces.append(Piece(classes, _shown(page[at:])))
    return found


def _shown(text: str) -> str:
    """Return a text as it is shown: the line ends and blanks around a tag are the page's own."""
    text = unescape(text)
    return "" if text.isspace() and "\n" in text else text.strip("\n")


def _ended(found: Block, tag: str, begun: int, values: dict[str, str]) -> None:
    if tag == "a" or tag in SET:
        within = [
            each for each in found.pieces[begun:] if "text" in each.classes and "bold" not in each.classes
        ]
        short = sum(len(each.text) for each in within) < LONGEST_PIECE
        text = "".join(each.text for each in within) if short else ""
        if text or (tag == "a" and within):
            target = values.get("href") or values.get("onclick", "")
            if tag == "a":
                found.links.append(
                    {"kind": "link", "text": text, **({"target": target} if target != text else {})}
                )
            elif tag != "span":
                found.formats.append({"kind": SET[tag], "text": text})
