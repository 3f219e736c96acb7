"""A PDF made anew from the objects that lie in its bytes, where its own tables do not lead to all of them.

Source: PDF 1.7 (ISO 32000-1), 7.3.8 (streams), 7.3.10 (indirect objects), 7.5.4 (cross-reference table), 7.5.7 (object
streams), 7.7.3 (page tree), 8.10 (form XObjects), 8.7.3 (tiling patterns).

PDFium refuses a file that was cut off before its table, and reads of any other the pages of the tree alone. Here each
object that is a page, or text drawn on one, becomes a page of a flat tree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from actionday.mime.inflated import inflated
from actionday.parsers._pdf_streams import SHOWN

OBJECT = re.compile(rb"(?<![\d.])(\d{1,8})[ \t\r\n]+(\d{1,5})[ \t\r\n]+obj\b")
STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
LENGTH = re.compile(rb"/Length\s+(\d{1,10})(?!\s+\d{1,5}\s+R)")
PACKED = re.compile(rb"/Type\s*/ObjStm\b")
FIRST = re.compile(rb"/First\s+(\d{1,9})")
PAGE = re.compile(rb"/Type\s*/(?:Page|Template)\b|/Contents\s*(?:\[|\d{1,8}\s+\d{1,5}\s+R\b)")
TYPED, CALLED = re.compile(rb"/Type\s*/(?:Page|Template)\b"), re.compile(rb"/Type\s*/[^\s/<>\[\]()]{1,40}")
"""What shows contents is a page, whatever damage calls it."""
DRAWN = re.compile(rb"/Subtype\s*/Form\b|/PatternType\s+1\b")
PATTERN = b"/PatternType 1", b"/Subtype/Form "
"""A pattern is read like a form; both take the same room."""
FLATE = re.compile(rb"/Filter\s*+(?:\[\s*+)?/(?:FlateDecode|Fl)\b\s*+(?:\]\s*+)?(?=[/>])")
FILTERED = re.compile(rb"/Filter\b")
MOST_UNPACKED = 64 << 20
"""Bytes of all object streams together."""
LARGEST = 200
"""Points on each side of a page that shows one form: text outside of it is read as well."""


@dataclass(slots=True)
class Objects:
    """The objects of a file by number, the last of each, and which of them are pages or drawn on pages."""

    bodies: dict[int, bytes] = field(default_factory=dict)
    """Each object between ``obj`` and ``endobj``."""
    unfinished: int = 0
    """Objects that break off."""

    def pages(self) -> list[int]:
        """Return the numbers of the pages, in the order of their objects in the file."""
        return [number for number, body in self.bodies.items() if PAGE.search(body[: _head(body)])]

    def drawn(self) -> list[int]:
        """Return the numbers of forms and patterns that show text."""
        found = []
        for number, body in self.bodies.items():
            head = _head(body)
            if head < len(body) and DRAWN.search(body[:head]) and SHOWN.search(unpacked(body)):
                found.append(number)
        return found


def objects(data: bytes) -> Objects:
    """Return the objects that lie in the bytes, also those that break off; never raises for damage."""
    found = Objects()
    left = MOST_UNPACKED
    for number, body, whole in plain(data):
        head = body[: _head(body)]
        found.unfinished += not whole
        if not PACKED.search(head):
            found.bodies.pop(number, None)
            found.bodies[number] = body
            continue
        inner = unpacked(body, left)
        left -= len(inner)
        for other, text in _within(inner, head):
            found.bodies.pop(other, None)
            found.bodies[other] = text
    return found


def plain(data: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """Yield number, body and wholeness of each object that stands in the file itself."""
    at = 0
    while begin := OBJECT.search(data, at):
        end, whole = _end(data, begin.end())
        body = data[begin.end() : end]
        if whole or STREAM.search(body):
            yield int(begin[1]), body if whole else body + b"\nendstream", whole
        at = max(end, begin.end())


def _end(data: bytes, at: int) -> tuple[int, bool]:
    """Return where the object that begins here ends."""
    end = data.find(b"endobj", at)
    stream = STREAM.search(data, at, end if end >= 0 else len(data))
    if not stream:
        again = OBJECT.search(data, at, end if end >= 0 else len(data))
        if again:  # its end mark is lost: the one found is another's
            return again.start(), True
        return (end, True) if end >= 0 else (len(data), False)
    length = LENGTH.search(data, at, stream.start())
    behind = stream.end() + int(length[1]) if length else -1
    if behind < 0 or data[behind : behind + 16].strip()[:9] != b"endstream":
        behind = data.find(b"endstream", stream.end())
    if behind < 0:
        return len(data), False
    return behind + data[behind : behind + 16].find(b"endstream") + 9, True


def _head(body: bytes) -> int:
    """Return the length of an object's dictionary: all there is, or up to its stream."""
    found = STREAM.search(body)
    return found.start() if found else len(body)


def unpacked(body: bytes, most: int = MOST_UNPACKED) -> bytes:
    """Return the bytes of an object's stream, up to a fault in it; empty for filters other than Flate."""
    begin = STREAM.search(body)
    if not begin:
        return b""
    head, stored = body[: begin.start()], body[begin.end() :]
    if not FILTERED.search(head):
        return stored[:most]
    if not FLATE.search(head):
        return b""
    return inflated(stored, most)


def _within(inner: bytes, head: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the objects of an object stream."""
    first = FIRST.search(head)
    begin = int(first[1]) if first else 0
    numbers = [int(each) for each in inner[:begin].split() if each.isdigit() and len(each) < 10]
    places = list(zip(numbers[::2], numbers[1::2], strict=False))
    for at, (number, place) in enumerate(places):
        end = places[at + 1][1] if at + 1 < len(places) else len(inner)
        yield number, inner[begin + place : begin + max(place, end)]


def document(found: Objects, pages: list[int], drawn: list[int]) -> bytes:
    """Return a PDF whose pages are these objects, and one more page for each of ``drawn``."""
    after = max(found.bodies, default=0) + 1
    catalog, tree, draws, free = after, after + 1, after + 2, after + 3
    out, places = [b"%PDF-1.7\n"], {}
    at = len(out[0])
    made = [_shows(tree, draws, number) for number in drawn]
    kids = [*pages, *range(free, free + len(made))]
    is_drawn, is_page = frozenset(drawn), frozenset(pages)
    for number, body in (
        *found.bodies.items(),
        (catalog, b"<</Type/Catalog/Pages %d 0 R>>" % tree),
        (
            tree,
            b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids)),
        ),
        (draws, b"<</Length 5>>\nstream\n/X Do\nendstream"),
        *enumerate(made, free),
    ):
        body = body.replace(*PATTERN, 1) if number in is_drawn else body
        body = (
            CALLED.sub(b"/Type/Page", body, count=1) if number in is_page and not TYPED.search(body) else body
        )
        piece = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        places[number] = at
        out.append(piece)
        at += len(piece)
    table = b"".join(b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in sorted(places.items()))
    end = b"xref\n0 1\n0000000000 65535 f \n%strailer<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return b"".join([*out, end % (table, max(places) + 1, catalog, at)])


def _shows(tree: int, draws: int, number: int) -> bytes:
    box = b"/MediaBox[-%d -%d 1000 1000]" % (LARGEST, LARGEST)
    return b"<</Type/Page/Parent %d 0 R%s/Contents %d 0 R/Resources<</XObject<</X %d 0 R>>>>>>" % (
        tree, box, draws, number)  # fmt: skip
