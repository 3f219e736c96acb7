"""What draws the pages of a PDF: content streams that no page names, and named ones that cannot be read.

Source: PDF 1.7 (ISO 32000-1), 7.7.3.3 (Contents of a page), 7.4 (filters), 7.8.2 (content streams), 9.4 (text
objects), 9.10.3 (ToUnicode).

One damaged byte in a dictionary costs a page, and PDFium says nothing. The document as PDFium writes it is looked at:
what a name leads to there is what a page is drawn with.
"""

import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from actionday.model import Loss, Note
from actionday.model.counted import counted
from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_drawn import Drawn
from actionday.parsers._pdf_filters import undone, undone_to
from actionday.parsers._pdf_loose import LITERAL, MOST_UNPACKED, has_none, words_in
from actionday.parsers._pdf_loose import MOST as MOST_OF_ONE
from actionday.parsers._pdf_rebuilt import STREAM, plain, unpacked
from actionday.parsers._pdf_stray import OF_THE_FILE, REFERENCE
from actionday.parsers._pdf_streams import SHOWN

MAP = re.compile(rb"/ToUnicode\s+(\d{1,8})\s+\d{1,5}\s+R\b")
CONTENT, ELSEWHERE = re.compile(rb"/Contents\b\s*"), re.compile(rb"/(?:JS|XFA|RC|RV|V|DV)\b\s*|/EF\s*(?=<<)")
"""Keys that lead to streams of text: programs, forms, embedded files."""
KIDS, PAGES = re.compile(rb"/Kids\b\s*"), re.compile(rb"/Pages\s+(\d{1,8})\s+\d{1,5}\s+R\b")
CATALOG, PAGE = re.compile(rb"/Type\s*/Catalog\b"), re.compile(rb"/Type\s*/Pages?\b")
FILTER = re.compile(rb"/Filter\b\s*")
ELSEWHERE_FILTERED = re.compile(rb"/Filter\s*\[?\s*\d")
"""The filter is an object of its own."""
NAME = re.compile(rb"/([^\s/<>\[\]()]+)")
CLOSES = ((b"[", b"]"), (b"<<", b">>"))
KNOWN = frozenset(
    (
        b"FlateDecode", b"Fl", b"LZWDecode", b"LZW", b"ASCII85Decode", b"A85", b"ASCIIHexDecode", b"AHx",
        b"RunLengthDecode", b"RL", b"CCITTFaxDecode", b"CCF", b"DCTDecode", b"DCT", b"JBIG2Decode", b"JPXDecode",
        b"Crypt",
    )
)  # fmt: skip
FLATE = frozenset((b"FlateDecode", b"Fl"))
TELLS = re.compile(rb"beginbf(?:char|range)\b\s*<|-UCS2\b|\busecmap\b")
"""Rows of a map, or the name of one that readers have."""
DRAWS = re.compile(rb"\bBT\b")
HEXADECIMAL = re.compile(rb"<([0-9A-Fa-f\s]+)>")
MOST = 1 << 20
"""Bytes of one stream that are looked at."""
BEGIN, ENOUGH = 4096, 64
"""Bytes by which a stream is judged: as many of each of its filters, and of what these give."""
LONGEST = 200
"""Bytes of a reference or a name."""
SEVERAL = 4
"""Different codes that a page shows; blanks alone are fewer."""


class Contents(NamedTuple):
    """What of a document is drawn, by the numbers of its objects."""

    named: frozenset[int]
    """What pages name as their content."""
    maps: frozenset[int]
    """What fonts name as their map to Unicode."""
    elsewhere: frozenset[int]
    streams: dict[int, bytes]
    """Each stream that may be one of these, with its dictionary."""
    others: dict[int, bytes]
    """The first byte of an object that is no stream; of an array, all."""
    tree: dict[int, bytes]
    """Pages, their tree, and the catalogue."""


def contents(copy: bytes) -> Contents:
    """Return what is drawn in a document as PDFium writes it; each byte is gone through once."""
    named, maps, elsewhere = set[int](), set[int](), set[int]()
    streams, others, tree = dict[int, bytes](), dict[int, bytes](), dict[int, bytes]()
    for number, body, _ in plain(copy):
        begin = STREAM.search(body)
        head = body[: begin.start()] if begin else body
        named.update(_referred(CONTENT, head))
        maps.update(int(each) for each in MAP.findall(head))
        elsewhere.update(_referred(ELSEWHERE, head))
        if begin:
            typed = b"/BBox" in head or OF_THE_FILE.search(head)
            streams[number] = b"" if typed and has_none(body) else body
        elif PAGE.search(head) or CATALOG.search(head):
            tree[number] = head
        else:
            start = head.lstrip()
            others[number] = start if start[:1] == b"[" else start[:2]
    for number in tuple(named):
        named.update(int(each) for each in REFERENCE.findall(others.get(number, b"")))
    return Contents(frozenset(named), frozenset(maps), frozenset(elsewhere), streams, others, tree)


def _values(key: re.Pattern[bytes], head: bytes) -> Iterator[bytes]:
    """Yield what stands behind a key: an array or a dictionary up to its end, or one value."""
    at = 0
    while found := key.search(head, at):
        at = found.end()
        closing = next((end for begin, end in CLOSES if head.startswith(begin, at)), b"")
        end = head.find(closing, at) if closing else at + LONGEST
        if end < 0:
            return  # nor does anything later end
        yield head[at:end]
        at = end if closing else at


def _referred(key: re.Pattern[bytes], head: bytes) -> Iterator[int]:
    for value in _values(key, head):
        if value.startswith((b"[", b"<<")):
            yield from (int(each) for each in REFERENCE.findall(value))
        elif found := REFERENCE.match(value):
            yield int(found[1])


def unread(found: Contents, budget: Budget) -> list[Note]:
    """Return the note on contents and maps that cannot be read as what they are."""
    lost = [number for number in sorted(found.named) if _is_lost(found, number, there=False)]
    torn = [
        each
        for each in sorted(found.maps)
        if _is_lost(found, each, there=True) or _is_mute(found, each, budget)
    ]
    notes = []
    if lost:
        what = counted(len(lost), "content of a page", "contents of pages")
        why = f"PDF: {what} cannot be read, words may be missing: object {lost[0]} is damaged"
        notes.append(Note(Loss.PAGE_DAMAGED, why))
    if torn:
        what = counted(len(torn), "font has a map", "fonts have maps")
        why = f"PDF: {what} to letters that cannot be read, words may be missing: object {torn[0]} is damaged"
        notes.append(Note(Loss.PAGE_DAMAGED, why))
    return notes


def _is_lost(found: Contents, number: int, *, there: bool) -> bool:
    if number in found.streams:
        return bool(found.streams[number]) and _is_torn(found.streams[number])
    if number in found.others:
        return found.others[number] == b"<<"  # neither null, nor a string, nor an array
    return not there and number not in found.tree


def _is_mute(found: Contents, number: int, budget: Budget) -> bool:
    """Say whether a map has no row: not even an unused font comes with one, and PDFium then gives codes as letters."""
    body = found.streams.get(number, b"")
    if not body:
        return False
    content, cut, *_ = undone_to(body, MOST_OF_ONE, budget)
    return not cut and not TELLS.search(content)


def _is_torn(body: bytes) -> bool:
    """Say whether a stream's dictionary does not say how it is packed: its filter is unknown, or one is missing."""
    begin = STREAM.search(body)
    if not begin:
        return False
    head, start = body[: begin.start()], body[: begin.end() + BEGIN]
    names = {name for value in _values(FILTER, head) for name in _names(value)}
    if ELSEWHERE_FILTERED.search(head) or (names <= KNOWN and not names <= FLATE):
        return False
    return not names <= KNOWN or _is_packed(undone(start, BEGIN)[:ENOUGH])


def _names(value: bytes) -> list[bytes]:
    found = NAME.match(value)
    return NAME.findall(value) if value[:1] == b"[" else [found[1]] if found else []


def _is_packed(start: bytes) -> bool:
    """Say whether bytes begin as zlib's streams do (RFC 1950, 2.2)."""
    if len(start) < 2 or start[:1] != b"x" or int.from_bytes(start[:2], "big") % 31:
        return False
    try:
        zlib.decompressobj().decompress(start)
    except zlib.error:
        return False
    return True


def nameless(found: Contents, budget: Budget) -> Drawn:
    """Return the content streams that the document holds and no page names, and words of streams under any key."""
    drawn = Drawn()
    left = MOST_UNPACKED
    for number, body in found.streams.items():
        if not body or number in found.elsewhere:
            continue
        held = words_in(body, budget, drawn=number in found.named, most=min(left, MOST_OF_ONE))
        if held.drawing:
            drawn.take(number, held.lines)
        elif held.lines:
            drawn.hold(held)
        drawn.cut += held.cut
        left = max(left - held.size, BEGIN)
    return drawn


def silent(found: Contents, blank: Iterable[int], count: int) -> list[int]:
    """Return those of the ``blank`` pages (from 0, of ``count``) whose content shows text all the same."""
    numbers = list(blank)
    order = list(_order(found)) if numbers else []
    if len(order) != count:
        return []
    return [page for page in numbers if _speaks(found, found.tree[order[page]])]


def _speaks(found: Contents, page: bytes) -> bool:
    codes = set[int]()
    for number in _referred(CONTENT, page):
        parts = [int(each) for each in REFERENCE.findall(found.others.get(number, b""))] or [number]
        for body in filter(None, (found.streams.get(part) for part in parts)):
            content = unpacked(body, MOST)
            if DRAWS.search(content) and SHOWN.search(content):
                codes.update(b"".join(LITERAL.findall(content)))
                codes.update(b"".join(map(_bytes, HEXADECIMAL.findall(content))))
    return len(codes) >= SEVERAL


def _bytes(digits: bytes) -> bytes:
    plain_digits = b"".join(digits.split())
    return binascii.unhexlify(plain_digits + b"0" * (len(plain_digits) % 2))


def _order(found: Contents) -> Iterator[int]:
    """Yield the numbers of the pages in their order; nothing twice."""
    roots = [int(row) for head in found.tree.values() if CATALOG.search(head) for row in PAGES.findall(head)]
    waiting, seen = roots[:1], set[int]()
    while waiting:
        number = waiting.pop()
        head = found.tree.get(number)
        if head is None or number in seen:
            continue
        seen.add(number)
        if KIDS.search(head):
            waiting += reversed(list(_referred(KIDS, head)))
        else:
            yield number
