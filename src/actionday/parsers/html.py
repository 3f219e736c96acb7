"""HTML and XHTML: the visible text, the title first, alternative texts and form fields included.

Source: HTML Living Standard, 13 (syntax) and 4.2.5.4 (where the encoding is declared); WHATWG Encoding Standard.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import structs

from actionday.model import Limits, Loss, Note, Parsed
from actionday.parsers._attributes import attribute_words, without_code
from actionday.parsers._code_words import code_words
from actionday.parsers._decode import decode
from actionday.parsers._joints import APART, parted, readings_of
from actionday.parsers._long_tags import shortened
from actionday.parsers._nesting import ATTRIBUTES, flat
from actionday.parsers._page_changes import wordings
from actionday.parsers._page_code import codes_of
from actionday.parsers._page_entities import expanded
from actionday.parsers._revealed import revealed
from actionday.parsers._said_in_code import BY_SCRIPT, says
from actionday.parsers._unread import Beside
from actionday.parsers.text import finished

DECLARED_WITHIN = 4096
"""Bytes in which a declaration is looked for; the standard asks for 1,024, old pages have it later."""
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
XML_ENCODING = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
META = re.compile(r"<meta\b([^>]{0,2000})>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
KEPT = {"author": "author", "description": "description", "keywords": "keywords", "generator": "producer"}
WINDOW = 1 << 20
"""Bytes of page parsed at once: the tree of a page takes thirty times its size."""
LONGEST_TAG = 16 * WINDOW
"""Characters of a tag that is read as one: pages saved with all they show hold pictures in their tags."""
BLOCK = re.compile(r"<(?:p|div|tr|td|li|h[1-6]|table|ul|ol|section|article|dt|dd|hr|br)[\s>/]", re.IGNORECASE)
FIGURES = re.compile(rf"<(?:img|input|embed|area)\b{ATTRIBUTES}", re.IGNORECASE)
"""Elements without an end tag whose alternative text or value stands for a picture or a field."""
LEFT_OUT = {
    "scripts": ("<script", "<SCRIPT"),
    "style sheets": ("<style", "<STYLE"),
    "comments": ("<!--",),
}
"""What is left out of the text but for its prose, and what it begins with as nearly all pages write it."""
UNSOUND = frozenset({"not_well_formed", Loss.BROKEN_OFF})
"""What is said of a content that is no XML."""
ELSEWHERE = re.compile(r"<script\b[^>]{0,1000}?\ssrc\s*=\s*[\"']?([^\s\"'>]{1,200})", re.IGNORECASE)
HIDING = re.compile(r"<(/?)(script|style|template|textarea|title)\b", re.IGNORECASE)


class Html:
    """Text of pages; a page of any size and any nesting is read in bounded memory."""

    name, version = "html", 1
    mimes = ("text/html", "application/xhtml+xml")
    samples = ("page.html", "page.xhtml")

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:  # noqa: ARG002
        """Return the title and the text, behind it what attributes say; ``meta`` has the page's own description.

        Of scripts, styles and comments what is prose stands at the end, and behind it, as ``code``, what their strings
        and remarks say besides. Names, numbers and rules of theirs are no text (they are in the bytes for the
        selectors): ``left_out`` names which of them there are, ``left_out_characters`` how long they are.
        """
        decoded = decode(data[: limits.text], declared_in(bytes(data[:DECLARED_WITHIN])), WINDOW)
        beside, words, aside = Beside(), Beside(), 0
        left_out: set[str] = set()
        source = expanded(decoded.pieces, beside)
        first = source[0] if source else ""
        title, pieces = "", []
        for number, part in enumerate(parts(source)):
            heading, text = _read(part, beside)
            if number == 0 and heading:
                title = heading
                pieces.append(f"{heading}\n\n")
            pieces.append(text)
            pieces += _within(attribute_words(part, beside), beside)
            code_words(part, words)
            left_out |= _left_out(part)
            aside += len(part) - len(without_code(part))
        shown = any(piece and not piece.isspace() for piece in pieces[bool(title) :])
        shows = shown or bool(title)
        scripts = _scripts_of(source) if not shown and "scripts" in left_out else []
        pieces += scripts
        pieces.append(beside.lines(pieces))
        decoded.pieces = pieces
        named = words.lines(decoded.pieces)
        parsed = finished(decoded, len(data), limits)
        if scripts:
            beside.remarks.append(BY_SCRIPT)
        elif (not parsed.text or (not shows and "comments" in left_out)) and (
            otherwise := _as_xml(data, limits)
        ):
            return otherwise
        described = described_in(first[: 64 * 1024]) | ({"title": title} if title else {})
        described |= {"left_out": sorted(left_out), "left_out_characters": aside} if left_out else {}
        alone = [named] if named and not parsed.text else []
        reason = "" if alone else _why(parsed, beside, source)
        return Parsed(text=parsed.text or alone, code="" if alone else named,
                      meta={**parsed.meta, **described}, reason=reason,
                      notes=parsed.notes + beside.notes() + words.notes())  # fmt: skip


def _as_xml(data: memoryview, limits: Limits) -> Parsed | None:
    """Return what a content says as XML that shows nothing as a page; data can have elements called as a page's."""
    from actionday.parsers.xml import PARSER as XML

    parsed = XML.parse(data, "application/xml", limits)
    if not parsed.text or any(note.code in UNSOUND for note in parsed.notes):
        return None
    note = Note("second_reader", "nothing is shown of it as a page: it is read as the XML that it is")
    return structs.replace(parsed, notes=(*parsed.notes, note), reason=parsed.reason or note.reason)


def _scripts_of(pieces: list[str]) -> list[str]:
    """Return the scripts of a page in which something is said."""
    scripts = (code["script"] for part in parts(pieces) for code in codes_of(part) if code["script"])
    return [f"{script}\n" for script in scripts if says(script)]


def _why(parsed: Parsed, beside: Beside, source: list[str]) -> str:
    """Return the reason of a page: where its text lies when it shows none."""
    if parsed.text:
        return next((note.reason for note in beside.remarks if note.code == BY_SCRIPT.code), parsed.reason)
    elsewhere = next((found[1] for part in source if (found := ELSEWHERE.search(part))), "")
    besides = f"; what scripts put there lies elsewhere: {elsewhere}" if elsewhere else ""
    return f"read, but the page shows no characters{besides}"


def declared_in(head: bytes) -> str | None:
    """Return the encoding a page declares in its XML prolog or a ``meta`` element, as it stands there."""
    found = XML_ENCODING.match(head) or CHARSET.search(head)
    return found[1].decode("ascii") if found else None


def described_in(start: str) -> dict[str, object]:
    """Return author, description, keywords and producer of a page, from its ``meta`` elements."""
    from html import unescape

    facts: dict[str, object] = {}
    for element in META.finditer(start):
        values = {
            name.lower(): one or two or three for name, one, two, three in ATTRIBUTE.findall(element[1])
        }
        key = KEPT.get((values.get("name") or values.get("property") or "").lower().removeprefix("og:"))
        if key and values.get("content"):
            facts.setdefault(key, unescape(values["content"])[:1000])
    return facts


class Seen(NamedTuple):
    """What a page shows, what is to be said of it, and what is no text of it (keys of ``LEFT_OUT``)."""

    text: str
    notes: tuple[Note, ...]
    left_out: frozenset[str]
    aside: int
    """Characters of that."""


def _left_out(page: str) -> frozenset[str]:
    return frozenset(name for name, marks in LEFT_OUT.items() if any(mark in page for mark in marks))


def visible(page: str) -> str:
    """Return the text of ``seen``."""
    return seen(page).text


def seen(page: str, words: Beside | None = None) -> Seen:
    """Return the text that an HTML page shows, its title at the end (what a message's HTML part needs).

    Targets of links are left out: a message lists those of all its parts. ``words`` takes those out of code.
    """
    pieces = [page[at : at + WINDOW] for at in range(0, len(page), WINDOW)]
    beside = Beside()
    pieces = expanded(pieces, beside)
    texts = []
    for part in parts(pieces):
        title, text = _read(part, beside)
        beside.keep(title)
        texts += [text, *_within(attribute_words(part, beside, "none"), beside)]
    left_out = _left_out(page)
    aside = len(page) - len(without_code(page)) if left_out else 0
    if words is not None and left_out:
        for part in parts(pieces):
            code_words(part, words)
    return Seen("".join((*texts, beside.lines(texts))), beside.notes(), left_out, aside)


def _within(pages: list[str], beside: Beside) -> list[str]:
    """Return the texts of pages that stand within attributes of a page."""
    return [_read("".join(expanded([page], beside)), beside)[1] for page in pages]


def _read(part: str, beside: Beside) -> tuple[str, str]:
    """Return title and text of a part of a page; how it read before goes beside it."""
    return _shown(former(part, beside))


def former(part: str, beside: Beside) -> str:
    """Put beside a part of a page how it read before, and what its words are otherwise; return how it reads now."""
    now, before = wordings(revealed(shortened(part)))
    for line in _shown(before)[1].splitlines() if before else ():
        beside.line(line)
    for reading in readings_of(without_code(now)):
        beside.keep(reading)
    return now


def _shown(page: str) -> tuple[str, str]:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(APART.sub(" <", FIGURES.sub(r" \g<0> ", parted(flat(page)))))
    title = (tree.title or "").strip()
    text = extract_plain_text(
        tree, main_content=False, alt_texts=True, noscript=True, form_fields=True, list_bullets=False
    )
    return title, f"{text}\n" if text and not text.isspace() else ""


def page_text(pieces: list[str], beside: Beside) -> Iterator[str]:
    """Yield the text of a page given in decoded pieces; what is to be said of it is in ``beside``, a new one."""
    texts = []
    for part in parts(expanded(pieces, beside)):
        texts.append(_read(part, beside)[1])
        yield texts[-1]
        yield from _within(attribute_words(part, beside, "outer"), beside)
    yield beside.lines(texts)


def parts(pieces: list[str]) -> Iterator[str]:
    """Yield a page in parts that can be read one by one: cut before a block, never inside a script."""
    carried = ""
    for number, piece in enumerate(pieces):
        carried += piece
        if number == len(pieces) - 1:
            break
        cut = _cut(carried)
        if cut:
            yield carried[:cut]
            carried = carried[cut:]
    if carried:
        yield carried


def _cut(text: str) -> int:
    """Return where to cut, 0 to carry all on (a script longer than 8 windows is cut all the same)."""
    last = None
    for last in BLOCK.finditer(text, max(0, len(text) - 64 * 1024)):  # noqa: B007
        pass
    opened = text.rfind("<")
    if not last and opened == 0 and ">" not in text and len(text) <= LONGEST_TAG:
        return 0
    cut = last.start() if last else opened if opened > 0 else len(text)
    opening = _open_at(text, cut)
    if opening is not None:
        return opening if opening else (cut if len(text) > 8 * WINDOW else 0)
    return cut


def _open_at(text: str, cut: int) -> int | None:
    """Return where a comment or an element that hides its text begins that is still open at ``cut``, else None."""
    comment = text.rfind("<!--", 0, cut)
    if comment > text.rfind("-->", 0, cut):
        return comment
    plain = text.rfind("<![CDATA[", 0, cut)
    section = plain > text.rfind("]]>", 0, cut)
    kind, opened = "", 0
    for tag in HIDING.finditer(text, 0, plain if section else cut):
        if not kind and not tag[1]:
            kind, opened = tag[2].lower(), tag.start()
        elif tag[1] and tag[2].lower() == kind:
            kind = ""
    return opened if kind else plain if section else None


PARSER = Html()
